"""Sessions: an activity on a day. Made from table and calendar, changed with reasons."""

from __future__ import annotations

from django.db import models

from kehou.chapters.basis.models import Term
from kehou.chapters.programme.models import Slot
from kehou.chapters.schools.models import Room, School
from kehou.chapters.staffing.models import StaffMember


class Session(models.Model):
    """One meeting of a slot. `state`: planned, cancelled. What happens in it belongs to attendance.

    `planned_on` is the day the table and the calendar gave it, `on` the day it is held: they differ when it was moved.
    `cause` says who cancelled it: closure, table, hand. What a hand has changed, a new run over the table leaves alone.
    """

    PLANNED, CANCELLED = "planned", "cancelled"

    school = models.ForeignKey(School, models.PROTECT, related_name="sessions")
    term = models.ForeignKey(Term, models.PROTECT, related_name="sessions", db_index=False)  # begins an index below
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="sessions", db_index=False)  # begins two indexes below
    planned_on = models.DateField()
    on = models.DateField(db_index=True)
    starts_at = models.TimeField()
    ends_at = models.TimeField()
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="sessions")
    leader = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="sessions")
    state = models.CharField(max_length=12, default=PLANNED)
    cause = models.CharField(max_length=10, blank=True)
    changed_by_hand = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slot", "planned_on"], name="a_slot_is_planned_once_a_day"),
            models.UniqueConstraint(
                fields=["slot", "on"], condition=models.Q(state="planned"), name="a_slot_meets_once_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(starts_at__lt=models.F("ends_at")), name="session_ends_after_it_starts"
            ),
        ]
        indexes = [
            models.Index(fields=["school", "on"], name="timetable_session_day"),
            models.Index(fields=["leader", "on"], name="timetable_session_leader"),
            models.Index(fields=["slot", "on"], name="timetable_session_slot"),
            models.Index(fields=["term", "school", "state"], name="timetable_session_count"),
        ]

    class Secrecy:
        open = {
            "school", "term", "slot", "planned_on", "on", "starts_at", "ends_at", "room", "leader", "state", "cause",
            "changed_by_hand",
        }  # fmt: skip
        masked: dict[str, object] = {}

    def __str__(self) -> str:
        return f"{self.on.month}月{self.on.day}日{self.starts_at:%H:%M}的课次"  # no query: the journal writes many


class SessionChange(models.Model):
    """A session moved, given to somebody else, or cancelled: why, by whom, from what to what."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=12)  # cancelled, moved, substituted, restored
    reason = models.CharField(max_length=200)
    was = models.JSONField()
    becomes = models.JSONField()
    changed_by = models.CharField(max_length=80)
    changed_at = models.DateTimeField()

    class Secrecy:
        open = {"session", "kind", "reason", "was", "becomes", "changed_at"}
        masked = {"changed_by": "某人"}

    def __str__(self) -> str:
        return f"{self.kind} {self.changed_at:%Y-%m-%d}"


class Duty(models.Model):
    """Who is duty leader, at the gate, on patrol, medical contact on a service day (3.2-c)."""

    school = models.ForeignKey(School, models.PROTECT, related_name="duties")
    on = models.DateField()
    kind = models.CharField(max_length=12)  # leader, gate, patrol, medical
    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="duties")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "on", "kind", "staff"], name="duty_once_a_day")]

    class Secrecy:
        open = {"school", "on", "kind", "staff"}
        masked: dict[str, object] = {}

    def __str__(self) -> str:
        return f"{self.on.month}月{self.on.day}日值班"
