"""The result for the notice board: pseudonyms, closing positions, queues; no names."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from kehou.chapters.allocation.models import Draw
from kehou.chapters.allocation.queries import results
from kehou.chapters.allocation.rounds import pseudonym
from kehou.lib.paper import Paper
from kehou.lib.paper.register import issue
from kehou.rules.allocation_words import say_randomness
from kehou.rules.calendar import weekday_name
from kehou.rules.enrolling import METHODS

LEFT_OVER = "空出来的位置按候补顺序问；只有摇号后剩下、没有人候补的空位才先到先得，每一次都写进公开记录。"


def result_paper(draw: Draw, *, address: str, a3: bool = False) -> Paper:
    """Return the notice of a published draw, for the wall with `a3`. Base care, which nobody draws for, is left out.

    It shows what was drawn. Who took a seat that was kept in confidence stands on no list (2.1-k).
    """
    registration = draw.registration
    return issue(
        "draw-result",
        {
            "drawn_at": draw.drawn_at,
            "participants": draw.requests,
            "seed": draw.seed,
            "seed_source": f"{say_randomness(draw.randomness)}：{draw.beacon}",
            "list_digest": draw.root,
            "witnesses": list(draw.beacon_entries.order_by("typed_at").values_list("typed_by", flat=True)),
            "how": f"{METHODS[registration.method]}。",
            "activities": _activities(draw),
            "left_over": LEFT_OVER,
            **({"poster": True} if a3 else {}),
        },
        title="课后服务摇号结果公示",
        number=f"YH-{registration.term.code}-{registration.school.code}-{draw.number}",
        school=registration.school.name,
        term=registration.term.name,
        version=str(draw.number),
        basis="《关于梁平区中小学生课后服务工作的实施意见（试行）》二（七）3",
        issued_at=draw.published_at or draw.drawn_at,  # type: ignore[arg-type]
        verify_url=f"{address.rstrip('/')}/draws/{draw.pk}/",
        code=draw.record_digest[:24],
    )


def _activities(draw: Draw) -> list[dict[str, Any]]:
    """Return one entry an activity: seats, applicants, who was admitted and who waits, by pseudonym."""
    admitted, waiting = defaultdict(list), defaultdict(list)
    for slot, application in draw.placements.filter(source="draw").values_list("slot", "application"):
        admitted[slot].append(pseudonym(draw, application))
    for slot, application in draw.waiting_places.order_by("position").values_list("slot", "application"):
        waiting[slot].append(pseudonym(draw, application))
    return [
        {
            "name": f"{weekday_name(group.slot.weekday)} {group.slot.activity.name}"
            + ("（几天同一个队，先摇）" if group.slot.activity.one_team else ""),
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
