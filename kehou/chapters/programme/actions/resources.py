"""Rooms and people may go only when no activity needs them any more."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from kehou.chapters.programme.models import Activity
from kehou.chapters.schools import actions as schools
from kehou.chapters.schools.models import Room
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.models import StaffMember
from kehou.lib.actors import Actor
from kehou.rules.verdicts import Refused, refuse


def _running(on: date) -> Q:
    """Return the condition that an activity still stands in a term that has not ended."""
    return Q(withdrawn_at=None, table__term__until_on__gt=on)


def _named(names: list[str]) -> str:
    shown = "、".join(f"“{name}”" for name in names[:3])
    return shown if len(names) <= 3 else f"{shown}等{len(names)}项活动"


@transaction.atomic
def retire_room(room: Room, *, on: date, by: Actor, at: datetime) -> None:
    """Take a room out of use from a day on. :raises Refused: R-RES-02 while an activity meets there"""
    names = list(room.activities.filter(_running(on)).values_list("name", flat=True).order_by("pk"))
    if names:
        raise Refused(refuse("R-RES-02", "room_in_use", name=room.name, activities=_named(names)))
    schools.retire_room(room, on=on, by=by, at=at)


@transaction.atomic
def let_go(member: StaffMember, *, on: date, reason: str, by: Actor, at: datetime) -> None:
    """End somebody's service from a day on. :raises Refused: R-STAF-01 while they lead or help an activity, R-EXT-04"""
    led = Activity.objects.filter(_running(on)).filter(Q(leader=member) | Q(helpers=member)).distinct()
    names = list(led.order_by("pk").values_list("name", flat=True))
    if names:
        raise Refused(refuse("R-STAF-01", "still_leads", name=member.name, activities=_named(names)))
    staffing.leave(member, on=on, reason=reason, by=by, at=at)
