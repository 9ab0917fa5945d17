"""The public record of a draw (`sunlot-record-1`) or refill (`sunlot-refill-1`): all that repeating it needs.

In the record are pseudonyms, wishes, numbers and results. Names, groups and guarantees are not, nor anything else that
marks a child; under the guarantee "flagged" the results would betray who is protected, so the public record withholds
them and only the bureau's has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from kehou.rules.allocation.changes import Change, with_changes
from kehou.rules.allocation.commitment import commit, priority_rows, pupil_rows, section_row, standing_rows
from kehou.rules.allocation.lottery import seed as seed_of

if TYPE_CHECKING:
    from kehou.rules.allocation.model import Round
    from kehou.rules.allocation.outcome import Outcome

RECORD, REFILL = "sunlot-record-1", "sunlot-refill-1"


def public_record(
    outcome: Outcome,
    *,
    beacon: bytes | None = None,
    reveals: Sequence[bytes] = (),
    seed: bytes | None = None,
    changes: Iterable[Change] = (),
    for_bureau: bool = False,
) -> dict[str, Any]:
    """Return the record as lists and texts, ready for JSON.

    Give `beacon` (and `reveals`) as they went into the seed, or the bare `seed` of a rehearsal. `changes` are
    those made since. :raises ValueError: if neither beacon nor seed is given
    """
    if beacon is None and seed is None:
        raise ValueError("a record needs the beacon of the draw, or the seed of a rehearsal")
    round, commitment = outcome.round, commit(outcome.round)
    if beacon is not None:
        seed = seed_of(round.id, commitment.root, beacon, reveals)
    withheld = round.guarantee == "flagged" and not for_bureau
    record: dict[str, Any] = {
        "format": REFILL if round.rules.lottery == "reversed" else RECORD,
        "head": commitment.head,
        "root": commitment.root,
        "leaves": commitment.leaves,
        "randomness": None if beacon is None else {"beacon": beacon.decode(), "reveals": [r.decode() for r in reveals]},
        "seed": seed.hex() if seed else None,
        "sections": [section_row(s) for s in round.section.values()],
        "pupils": list(pupil_rows(round).values()),
        "days": None if withheld else {str(day): _day(outcome, day) for day in outcome.days},
        "changes": [],
        "changes_seal": None,
    }
    record |= _rights(round)
    if for_bureau:
        flags = sorted(round.students, key=lambda s: s.pid)
        record["sealed"] = {"salt": round.salt, "flags": [[s.pid, s.guaranteed, s.groups] for s in flags]}
    return with_changes(record, changes)


def _rights(round: Round) -> dict[str, Any]:
    """Return what stands behind the classes of deferred acceptance: seats held, or priorities; else nothing."""
    if round.rules.lottery == "reversed":
        return {"before": standing_rows(round)}
    return {"priorities": priority_rows(round)} if round.rules.mechanism == "da" else {}


def _day(outcome: Outcome, day: int) -> dict[str, Any]:
    there, number = outcome.days[day], outcome.numbers.value.get(day, {})
    run = there.run
    return {
        "closed": list(there.closed),
        "spared": list(there.spared),
        "cut": sorted(map(list, run.cut.items())),
        "prices": sorted(map(list, run.prices.items())),
        "turns": [
            [p, str(number[p]), run.seat.get(p), run.tier.get(p), list(there.care.get(p, ()))] for p in run.order
        ],
    }
