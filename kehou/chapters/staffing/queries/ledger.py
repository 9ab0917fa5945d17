"""The people of a school as the fourth part of its resource ledger (师资)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kehou.chapters.staffing.models import StaffMember


def people_in_words(members: Iterable[StaffMember]) -> dict[int, tuple[Any, ...]]:
    """Return each person as the ledger prints them, by id: name, subject, skills, days offered, hours, certificates."""
    return {
        one.pk: (one.name, one.subject, one.skills, _days(one.weekdays), one.weekly_cap, skill_certificates(one))
        for one in members
    }


def skill_certificates(member: StaffMember) -> str:
    """Return the certificates that somebody named among their skills (书法二级, 裁判证), in words."""
    named = [part.strip() for part in member.skills.replace("，", "、").replace(",", "、").split("、")]
    return "、".join(part for part in named if part.endswith(("证", "证书", "级")))


def _days(weekdays: Iterable[int]) -> str:
    days = sorted(weekdays)
    return "周" + "".join("一二三四五六日"[day - 1] for day in days) if days else "还没问"
