"""What a rule would do, before anything is frozen: rehearsals with throw-away seeds, told in medians and ranges."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from kehou.chapters.allocation.models import Draw
from kehou.chapters.allocation.rounds import freeze_round
from kehou.lib import jobs
from kehou.rules import sentences
from kehou.rules.allocation import Rules
from kehou.rules.allocation.preview import Comparison, preview
from kehou.rules.draw_groups import ORDER

DRAWS = 50
LEAST_PUPILS = 10  # smaller sets are not shown: a count of three children is a list of them (2.1-k)


@jobs.task(retries=1)
def rehearse(report: jobs.Progress, *, draw: int, draws: int = DRAWS) -> dict[str, Any]:
    """Rehearse a planned draw with what families have chosen so far; nothing is written but the comparison.

    Side by side: the rule that was published, and the same with one number for the whole week.
    """
    row = Draw.objects.select_related("registration__school", "registration__term").get(pk=draw)
    round = freeze_round(row, states=("submitted", "reviewed")).round
    if problems := round.check():
        raise jobs.GivenUp("".join(sentences.say(problem) for problem in problems[:5]))
    own = Rules(**row.rules)

    def on_draw(done: int, of: int) -> None:
        report.step(done, of, "试摇")

    found = preview(round, own, replace(own, lottery="single"), draws, on_draw=on_draw)
    report.link(f"/school/{row.registration.school.code}/draw/rehearsal/")
    return {"requests": len(round.requests), "pupils": len(round.students), **_plain(found)}


def _plain(found: Comparison) -> dict[str, Any]:
    """Return the comparison as JSON without the sets that are too small to show."""
    kept = {name for name in found.a if found.pupils[name] >= LEAST_PUPILS}
    for one, other in [("guaranteed", "others"), *((f"group:{bit}", f"beside:{bit}") for bit in range(len(ORDER)))]:
        if not {one, other} <= kept:  # one of the two and the sum would tell the other
            kept -= {one, other}
    grades = sorted((name for name in found.a if name.startswith("grade:")), key=lambda name: found.pupils[name])
    if sum(name not in kept for name in grades) == 1:  # so would a single small grade
        kept -= set(grades[:2])
    tables = {"own": found.a, "single": found.b or {}}
    return {
        "draws": found.draws,
        "rules": {
            rule: {
                name: {count: asdict(spread) for count, spread in table[name].items()} for name in kept if name in table
            }
            for rule, table in tables.items()
        },
    }
