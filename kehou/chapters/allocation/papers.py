"""The results for the notice board, of a draw and of a refill round: pseudonyms, closing positions; no names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from kehou.chapters.allocation.models import Draw
from kehou.chapters.allocation.queries import results
from kehou.chapters.allocation.records import public_record
from kehou.chapters.allocation.rounds import pseudonym
from kehou.lib.paper import Paper
from kehou.lib.paper.register import issue
from kehou.rules.allocation import CARE
from kehou.rules.allocation_words import REFILL_METHOD, say_beacon
from kehou.rules.calendar import weekday_name
from kehou.rules.enrolling import METHODS, draws_teams_first
from kehou.rules.labels import term_mark

_TEAM = {True: "（几天同一个队，先摇）", False: "（几天同一个队，每天分开安排）"}  # by whether teams are drawn first
LEFT_OVER = "空出来的位置按候补顺序问；只有摇号后剩下、没有人候补的空位才先到先得，每一次都写进公开记录。"


def result_paper(draw: Draw, *, address: str, a3: bool = False) -> Paper:
    """Return the notice of a published draw, for the wall with `a3`. Base care, which nobody draws for, is left out.

    It shows what was drawn. Who took a seat that was kept in confidence stands on no list (2.1-k).
    """
    registration, refill = draw.registration, draw.base_id is not None
    mark = "BX" if refill else "YH"
    return issue(
        "draw-result",
        {
            "drawn_at": draw.drawn_at,
            "participants": draw.requests,
            "seed": draw.seed,
            "seed_source": say_beacon(draw.beacon),
            "list_digest": draw.root,
            "witnesses": list(draw.beacon_entries.order_by("typed_at").values_list("typed_by", flat=True)),
            "how": f"{REFILL_METHOD if refill else METHODS[registration.method]}。",
            "activities": groups_of(draw),
            **({"refill": True} if refill else {}),
            "left_over": LEFT_OVER,
            **({"poster": True} if a3 else {}),
        },
        title="课后服务补选结果公示" if refill else "课后服务摇号结果公示",
        number=f"{mark}-{term_mark(registration.term.code)}-{registration.school.code}-{draw.number}",
        school=registration.school.name,
        term=registration.term.name,
        version=str(draw.number),
        basis="《关于梁平区中小学生课后服务工作的实施意见（试行）》二（七）3",
        issued_at=draw.published_at or draw.drawn_at,  # type: ignore[arg-type]
        verify_url=f"{address.rstrip('/')}/draws/{draw.pk}/",
        code=draw.record_digest[:24],
    )


def groups_of(draw: Draw) -> list[dict[str, Any]]:
    """Return seats, applicants, closing position and codes of each group, of a draw or a refill round."""
    return _activities(draw) if draw.base_id is None else refilled_activities(public_record(draw))


def _activities(draw: Draw) -> list[dict[str, Any]]:
    """Return one entry an activity: seats, applicants, who was admitted and who waits, by pseudonym."""
    team = _TEAM[draws_teams_first(draw.registration.method)]
    admitted, waiting = defaultdict(list), defaultdict(list)
    for slot, application in draw.placements.filter(source="draw").values_list("slot", "application"):
        admitted[slot].append(pseudonym(draw, application))
    for slot, application in draw.waiting_places.order_by("position").values_list("slot", "application"):
        waiting[slot].append(pseudonym(draw, application))
    return [
        {
            "name": f"{weekday_name(group.slot.weekday)} {group.slot.activity.name}"
            + (team if group.slot.activity.one_team else ""),
            "seats": group.seats,
            "renewed": group.renewed,
            "too_few": group.too_few,
            "applicants": group.wished,
            "admitted": sorted(admitted[group.slot.pk]),
            "waiting": waiting[group.slot.pk],
            "last_number": (group.closed_at or 0) - 1 if group.closed_at else "",
        }
        for group in results(draw)
        if not group.slot.activity.is_base_care
    ]


def refilled_activities(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return one entry a group that somebody asked for in a refill round: who came in, and who asked in vain.

    Everything is read from the public record, so that the sheet says no more than anybody can recompute.
    """
    held = {(pid, day): seat for pid, day, seat, _, _ in record["before"]}
    lists = {
        (pupil[0], wish[0]): [s for tier in wish[1] for s in tier] for pupil in record["pupils"] for wish in pupil[4]
    }
    asked, came, stayed = defaultdict(list), defaultdict(list), defaultdict(list)
    for day, there in record["days"].items():
        for pid, _, seat, _, _ in there["turns"]:
            wanted = lists[pid, int(day)]
            came_with = held[pid, int(day)]
            above = wanted[: wanted.index(came_with)] if came_with in wanted else wanted
            for section in above:
                asked[section].append(pid)
            if seat in above:
                came[seat].append(pid)
                above = above[: above.index(seat)]
            for section in above:
                stayed[section].append(pid)
    closed_at = {section: turn for there in record["days"].values() for section, turn in there["cut"]}
    return [
        {
            "name": row[0].partition("-")[2],
            "seats": row[2],
            "applicants": len(asked[row[0]]),
            "admitted": sorted(came[row[0]]),
            "waiting": stayed[row[0]],
            "last_number": closed_at[row[0]] - 1 if row[0] in closed_at else "",
        }
        for row in record["sections"]
        if asked[row[0]] and row[7] != CARE
    ]
