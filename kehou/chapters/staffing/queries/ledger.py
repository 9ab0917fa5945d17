"""The people of a school as the fourth part of its resource ledger (师资)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kehou.chapters.staffing.models import StaffMember
from kehou.rules.staffing.kinds import KINDS


def people_in_words(members: Iterable[StaffMember]) -> dict[int, tuple[Any, ...]]:
    """Return each person as the ledger prints them, by id: name, subject, skills, days offered, hours, certificates."""
    return {
        one.pk: (one.name, one.subject, one.skills, _days(one.weekdays), one.weekly_cap, skill_certificates(one))
        for one in members
    }


def ledger_code(member: StaffMember) -> str:
    """Return the number under which the ledger names a person: two of one name are told apart by it."""
    return f"S-{member.pk}"


def person_in_sheet(member: StaffMember) -> tuple[Any, ...]:
    """Return a person as the ledger's sheet says them, which can be brought in again: number, name, kind, the rest."""
    name, *rest = people_in_words([member])[member.pk]
    return (ledger_code(member), name, KINDS[member.kind], *rest)


def skill_certificates(member: StaffMember) -> str:
    """Return the certificates that somebody named among their skills (书法二级, 裁判证), in words."""
    named = [part.strip() for part in member.skills.replace("，", "、").replace(",", "、").split("、")]
    return "、".join(part for part in named if part.endswith(("证", "证书", "级")))


def _days(weekdays: Iterable[int]) -> str:
    days = sorted(weekdays)
    return "周" + "".join("一二三四五六日"[day - 1] for day in days) if days else "还没问"
