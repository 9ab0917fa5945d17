"""自愿报名 as a form: the same questions on the teacher's phone and for the office that types from paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.staffing.models import SignUpWindow, StaffMember
from kehou.chapters.staffing.queries import clashes_of
from kehou.lib import typed
from kehou.rules.calendar import weekday_name
from kehou.rules.signing_up import ANSWERS, SCHOOL_WEEK, SKILLS, StaffOffer
from kehou.rules.verdicts import Refusal


def offer_from(sent: QueryDict) -> StaffOffer:
    """Return what was filled in, as it was: what is missing or too much is said by the rules."""
    joins = {"yes": True, "no": False}.get(sent.get("joins", ""))
    days = {day: hours for day in SCHOOL_WEEK if (hours := typed.whole(sent.get(f"hours_{day}"), most=9))}
    own = sent.get("other_skills", "").replace("，", "、").replace(",", "、").split("、")
    skills = [*(one for one in sent.getlist("skill") if one in SKILLS), *(word.strip()[:12] for word in own)]
    return StaffOffer(
        joins=joins,
        days=days,
        weekly_cap=typed.whole(sent.get("weekly_cap"), most=99),
        skills=tuple(dict.fromkeys(word for word in skills if word)),
        wishes=sent.get("wishes", "")[:200],
        leads=sent.get("leads", "")[:80],
    )


def page_of(window: SignUpWindow, member: StaffMember, offer: StaffOffer) -> dict[str, Any]:
    """Return what components/sign_up.html needs; class hours that one's own work takes cannot be tapped and say why."""
    rules = parameters_on(window.term.service_from_on).staff
    taken = clashes_of(member, window.term, dict.fromkeys(SCHOOL_WEEK, rules.daily_hours))
    by_day: Mapping[str, Refusal] = {no.fact("weekday"): no for no in taken}
    labels = ["不", *(f"{hours}课时" for hours in range(1, rules.daily_hours + 1))]
    return {
        "answers": list(ANSWERS.items()),
        "joins": {True: "yes", False: "no"}.get(offer.joins, "") if offer.joins is not None else "",
        "columns": [{"hours": hours, "label": label} for hours, label in enumerate(labels)],
        "rows": [_row(day, rules.daily_hours, offer, by_day.get(weekday_name(day))) for day in SCHOOL_WEEK],
        "refusals": list(taken),
        "skills": [(word, word in offer.skills) for word in SKILLS],
        "other_skills": "、".join(word for word in offer.skills if word not in SKILLS),
        "offer": offer,
        "weekly_most": rules.weekly_hours,
    }


def _row(day: int, most: int, offer: StaffOffer, clash: Refusal | None) -> dict[str, Any]:
    chosen = offer.days.get(day, 0) if offer.joins else None
    free = clash.fact("free") if clash else most
    cells = [
        {"hours": hours, "checked": hours == chosen, "refusal": clash if hours > free else None}
        for hours in range(most + 1)
    ]
    return {"weekday": day, "name": weekday_name(day), "cells": cells}
