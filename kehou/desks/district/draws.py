"""全区摇号: every school's round, what was named before whom, and how it came out in counts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kehou.chapters.allocation.models import Draw
from kehou.chapters.allocation.queries import RoundOf, rounds_in
from kehou.chapters.basis.queries import parameters_on, terms
from kehou.chapters.people.queries import Seat
from kehou.desks.district.gate import in_district
from kehou.desks.district.lists import in_order, page_of, sheet, sheet_url, term_of, wanted
from kehou.lib import clock, sheets
from kehou.rules.allocation_words import say_randomness
from kehou.rules.draw_groups import by_group
from kehou.rules.drawing import warnings_of_round
from kehou.rules.permissions import Permission as P
from kehou.rules.sentences import say
from kehou.rules.states import DRAW

FLAGGED = "flagged"
_KIND = {"published": "done", "drawn": "live", "committed": "live", "planned": "wait", "": "wait"}


@require_GET
@in_district(P.DRAW_TOTALS)
def draws(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the round of every school that has opened registration: rule, randomness, outcome, what is to be asked."""
    term = term_of(request)
    if term is None:
        return render(request, "district/draws.html", {"term": None})
    least = parameters_on(clock.today()).survey.min_cell
    rows = [_row(one, least=least) for one in rounds_in(term, text=wanted(request))]
    view = request.GET.get("view", "")
    shown = [row for row in rows if view != FLAGGED or row["warnings"]]
    shown = in_order(
        request, shown, {"school": lambda row: row["round"].school.code, "first": lambda row: row["first"]}
    )
    columns = [
        *map(sheets.Column, ("学校标识码", "学校", "状态", "随机数")), sheets.Column("申请", "whole"),
        sheets.Column("第一志愿（%）", "whole"), sheets.Column("有位置（%）", "whole"),
        sheets.Column("优先保障有位置（%）", "whole"), sheets.Column("手工调整", "whole"),
        sheets.Column("作废", "whole"), sheets.Column("补选"), sheets.Column("要问的"),
    ]  # fmt: skip
    if answer := sheet(request, f"摇号-{term.code}", columns, map(_cells, shown)):
        return answer
    context = {
        "term": term,
        "terms": terms(),
        "page": page_of(request, shown),
        "flagged": sum(bool(row["warnings"]) for row in rows),
        "view": view,
        "least": least,
        "groups": by_group([row["draw"].stats for row in rows if row["draw"]]),
        "sheet_url": sheet_url(request),
    }
    return render(request, "district/draws.html", context)


def _row(one: RoundOf, *, least: int) -> dict[str, Any]:
    """Return one school's line; shares of fewer than `least` children are not told."""
    draw, stats = one.draw, one.draw.stats if one.draw else {}
    every, protected = stats.get("all", {}), stats.get("guaranteed", {})
    return {
        "round": one,
        "draw": draw,
        "state": DRAW.labels[draw.state] if draw else "还没有定办法",
        "kind": _KIND[draw.state if draw else ""],
        "randomness": say_randomness(draw.randomness) if draw and draw.randomness else "",
        "refills": [(refill, DRAW.labels[refill.state], _told(refill, least)) for refill in one.refills],
        "asked": every.get("requests", 0),
        "first": _share(every, "first", least),
        "placed": _share(every, "placed", least),
        "protected": _share(protected, "placed", least),
        "warnings": warnings_of_round(
            opens_at=one.registration.opens_at,
            closes_at=one.registration.closes_at,
            named_at=draw.named_at if draw else None,
            drawn=bool(draw and draw.drawn_at),
            at=clock.now(),
        ),
    }


def _told(refill: Draw, least: int) -> dict[str, int] | None:
    """Return a public refill round in counts, or None for one too small to be told."""
    counts: dict[str, int] = refill.stats.get("refilled", {})
    return counts if refill.state == "published" and counts.get("asked", 0) >= least else None


def _share(counts: dict[str, int], what: str, least: int) -> int | None:
    """Return a share in percent, rounded down, or None for a group too small to be told."""
    asked = counts.get("requests", 0)
    return counts.get(what, 0) * 100 // asked if asked >= least else None


def _cells(row: dict[str, Any]) -> tuple[Any, ...]:
    one = row["round"]
    return (
        one.school.code, one.school.name, row["state"], row["randomness"], row["asked"], row["first"], row["placed"],
        row["protected"], one.by_hand, one.voided,
        "；".join(f"{one.named_at:%Y-%m-%d}{state}" for one, state, _ in row["refills"]),
        "".join(say(no) for no in row["warnings"]),
    )  # fmt: skip
