"""Children counted in and handed over. Nobody is absent by default: without a mark a child is unknown."""

from __future__ import annotations

from datetime import date

from django.db import models

from kehou.chapters.people.models import Pupil
from kehou.chapters.schools.models import Homeroom, School
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.timetable.models import Session
from kehou.lib.constraints import together
from kehou.rules.attendance import MarkState


class Register(models.Model):
    """The roll of one session, opened by the first mark, closed by the leader, sealed with a hash."""

    session = models.OneToOneField(Session, models.PROTECT, related_name="register")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    log_kind = models.CharField(max_length=20, blank=True)
    log_line = models.CharField(max_length=120, blank=True)

    class Secrecy:
        open = {"session", "opened_at", "closed_at", "digest", "log_kind", "log_line"}
        masked = {"opened_by": "某人", "closed_by": "某人"}


class Mark(models.Model):
    """Where a child is: present, late, leave, absent. The absence of a mark means unknown.

    `event` is the device's own id of the tap, so that a tap sent twice counts once.
    """

    register = models.ForeignKey(Register, models.CASCADE, related_name="marks")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="marks")
    state = models.CharField(max_length=10)
    marked_at = models.DateTimeField()
    marked_by = models.CharField(max_length=80)
    event = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["register", "pupil"], name="one_mark_a_child")]
        # Who is here is counted for the whole district, in the index alone.
        indexes = [models.Index(fields=["register", "state", "pupil"], name="attendance_mark_counts")]

    class Secrecy:
        open = {"register", "state", "marked_at", "event"}
        masked = {"pupil": None, "marked_by": "某人"}


class Alarm(models.Model):
    """A child not found ten minutes after the start, or (no pupil) a whole roll that nobody has begun.

    Who was called is in the letters, when it was found is here.
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="alarms")
    pupil = models.ForeignKey(Pupil, models.PROTECT, null=True, related_name="alarms")
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "pupil"], name="one_alarm_a_child"),
            models.UniqueConstraint(
                fields=["session"], condition=models.Q(pupil__isnull=True), name="one_alarm_a_roll_not_begun"
            ),
        ]

    class Secrecy:
        open = {"session", "raised_at", "cleared_at"}
        masked = {"pupil": None}


class Correction(models.Model):
    """A mark of a closed register that somebody wants changed; another person decides; both stay visible."""

    register = models.ForeignKey(Register, models.PROTECT, related_name="corrections")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="corrections")
    was = models.CharField(max_length=10)
    becomes = models.CharField(max_length=10)
    reason = models.CharField(max_length=120)
    asked_by = models.CharField(max_length=80)
    asked_by_account = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="asked")  # asked, approved, refused
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Secrecy:
        open = {"register", "was", "becomes", "reason", "asked_at", "state", "decided_at"}
        masked = {"pupil": None, "asked_by": "某人", "asked_by_account": None, "decided_by": "某人"}

    @property
    def change(self) -> str:
        """Return what becomes of what, in words: 缺勤 → 到."""
        return f"{MarkState(self.was).label} → {MarkState(self.becomes).label}"


class Leave(models.Model):
    """The child does not come on a day. Filed in time it is not billed (fee.leave_policy)."""

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="leaves")
    on = models.DateField()
    kind = models.CharField(max_length=10)  # sick, errand
    reason = models.CharField(max_length=120, blank=True)
    filed_by = models.CharField(max_length=80)
    filed_at = models.DateTimeField()
    proof_due_on = models.DateField(null=True)
    proof = models.FileField(upload_to="leaves/", null=True, blank=True)
    proved_at = models.DateTimeField(null=True)
    refunds = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "on"], condition=models.Q(withdrawn_at__isnull=True), name="one_leave_a_day"
            )
        ]

    class Secrecy:
        open = {"on", "filed_at", "proof_due_on", "proved_at", "refunds", "withdrawn_at"}
        masked = {"pupil": None, "kind": "", "reason": "", "filed_by": "某人", "proof": None}

    def may_be_proved(self, today: date) -> bool:
        """Return whether a sick note still makes the day unbilled."""
        due = self.proof_due_on is not None and today <= self.proof_due_on
        return due and not self.refunds and self.withdrawn_at is None


class Release(models.Model):
    """Handed over: to whom, how it was checked, at what minute, by whom (3.2-n)."""

    school = models.ForeignKey(School, models.PROTECT, related_name="releases")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="releases")
    on = models.DateField()
    way = models.CharField(max_length=12)  # guardian, delegate, alone, bus, duty_leader
    to_name = models.CharField(max_length=60, blank=True)
    checked_by = models.CharField(max_length=12)  # list, code, telephone, signature
    released_at = models.DateTimeField()
    released_by = models.CharField(max_length=80)
    event = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pupil", "on"], name="released_once_a_day")]
        indexes = [models.Index(fields=["school", "on"], name="attendance_release_day")]

    class Secrecy:
        open = {"school", "on", "way", "checked_by", "released_at", "event"}
        masked = {"pupil": None, "to_name": "某人", "released_by": "某人"}


class DayClosing(models.Model):
    """The school's zero count: nobody who was counted in is still on site."""

    school = models.ForeignKey(School, models.PROTECT, related_name="day_closings")
    on = models.DateField()
    present = models.PositiveIntegerField()
    released = models.PositiveIntegerField()
    closed_by = models.CharField(max_length=80)
    closed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "on"], name="day_closed_once"),
            models.CheckConstraint(condition=models.Q(present=models.F("released")), name="day_closes_with_zero_left"),
        ]

    class Secrecy:
        open = {"school", "on", "present", "released", "closed_at"}
        masked = {"closed_by": "某人"}


class GateEntry(models.Model):
    """门卫登记: somebody from outside came in: on today's list (`session`), or accompanied by `escort` (3.2-e)."""

    school = models.ForeignKey(School, models.PROTECT, related_name="gate_entries")
    on = models.DateField()
    name = models.CharField(max_length=60)
    tail = models.CharField(max_length=4)  # the last four signs of the card that was looked at
    member = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="gate_entries")
    session = models.ForeignKey(Session, models.PROTECT, null=True, related_name="gate_entries")
    purpose = models.CharField(max_length=60, blank=True)
    host = models.CharField(max_length=60, blank=True)
    escort = models.CharField(max_length=60, blank=True)
    in_at = models.DateTimeField()
    let_in_by = models.CharField(max_length=80)
    out_at = models.DateTimeField(null=True)
    let_out_by = models.CharField(max_length=80, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "name", "tail"], condition=models.Q(out_at__isnull=True), name="inside_once"
            ),
            together("out_at", "let_out_by", name="let_out_by_whom_and_when"),
        ]
        indexes = [models.Index(fields=["school", "on"], name="attendance_gate_day")]

    class Secrecy:
        open = {"school", "on", "session", "in_at", "out_at"}
        masked = {
            "name": "某人", "tail": "0000", "member": None, "purpose": "", "host": "", "escort": "",
            "let_in_by": "某人", "let_out_by": None,
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.on:%m-%d} {self.name}"


class HomeworkNote(models.Model):
    """What a class takes home in writing on a day, as its teacher declared it: minutes, 0 for nothing (2.3-p)."""

    homeroom = models.ForeignKey(Homeroom, models.PROTECT, related_name="homework")
    on = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=100, blank=True)
    declared_by = models.CharField(max_length=80)
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["homeroom", "on"], name="homework_once_a_class_and_day")]

    class Secrecy:
        open = {"homeroom", "on", "minutes", "reason", "declared_at"}
        masked = {"declared_by": "某人"}

    def __str__(self) -> str:
        return f"{self.homeroom}{self.on:%m-%d}书面作业"


class HomeworkReport(models.Model):
    """A family says that there was written homework at home; the school sees how many of a class, never who (2.3-p)."""

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="homework_reports")
    homeroom = models.ForeignKey(Homeroom, models.PROTECT, related_name="homework_reports")
    on = models.DateField()
    reported_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pupil", "on"], name="homework_reported_once_a_day")]
        indexes = [models.Index(fields=["homeroom", "on"], name="attendance_homework_day")]

    class Secrecy:
        open = {"homeroom", "on", "reported_at"}
        masked = {"pupil": None}

    def __str__(self) -> str:
        return "回家还有书面作业"
