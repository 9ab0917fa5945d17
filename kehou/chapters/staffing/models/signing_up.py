"""自愿报名 of the teachers: the window of a term, each answer as it was given, and what binds somebody otherwise."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models.member import StaffMember
from kehou.lib.constraints import before, together, within


class SignUpWindow(models.Model):
    """When the teachers of a school are asked for a term."""

    school = models.ForeignKey(School, models.PROTECT, related_name="sign_up_windows")
    term = models.ForeignKey(Term, models.PROTECT, related_name="sign_up_windows")
    words = models.CharField(max_length=400, blank=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    opened_at = models.DateTimeField()
    closed_by = models.CharField(max_length=80, null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "term"], name="sign_up_window_once_a_term"),
            before("opens_at", "closes_at", name="sign_up_closes_after_it_opens"),
            together("closed_by", "closed_at", name="sign_up_closing_has_who_and_when"),
        ]

    class Secrecy:
        open = {"school", "term", "words", "opens_at", "closes_at", "opened_at", "closed_at"}
        masked = {"opened_by": "某人", "closed_by": "某人"}

    def __str__(self) -> str:
        return "教师自愿报名"

    def is_over(self, at: datetime) -> bool:
        """Return whether answers are only changed on request."""
        return self.closed_at is not None or at >= self.closes_at


class SignUp(models.Model):
    """One answer of somebody, kept as it was given; the current one counts. Whoever gave none has said no.

    `days` gives ISO weekdays (as text, JSON has no other keys) the class hours of that afternoon.
    """

    PHONE, PAPER, REQUEST = "phone", "paper", "request"

    window = models.ForeignKey(SignUpWindow, models.PROTECT, related_name="sign_ups")
    member = models.ForeignKey(StaffMember, models.PROTECT, related_name="sign_ups")
    version = models.PositiveSmallIntegerField()
    is_current = models.BooleanField(default=True)
    joins = models.BooleanField()
    days = models.JSONField(default=dict)
    weekly_cap = models.PositiveSmallIntegerField(default=0)
    skills = models.JSONField(default=list)
    wishes = models.CharField(max_length=200, blank=True)
    leads = models.CharField(max_length=80, blank=True)
    channel = models.CharField(max_length=10, default=PHONE)
    given_by = models.CharField(max_length=80)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["window", "member", "version"], name="sign_up_version_once"),
            models.UniqueConstraint(
                fields=["window", "member"], condition=Q(is_current=True), name="one_sign_up_counts"
            ),
        ]

    class Secrecy:
        open = {"window", "version", "is_current", "days", "weekly_cap", "channel", "given_at"}
        masked = {
            "member": None, "joins": None, "skills": [], "wishes": "", "leads": "", "given_by": "某人",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"自愿报名第{self.version}版"


class SignUpChange(models.Model):
    """A wish to change an answer after the window: what is wanted, why, and what the school said."""

    window = models.ForeignKey(SignUpWindow, models.PROTECT, related_name="changes")
    member = models.ForeignKey(StaffMember, models.PROTECT, related_name="sign_up_changes")
    wanted = models.JSONField()
    reason = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    granted = models.BooleanField(null=True)
    note = models.CharField(max_length=200, blank=True)
    decided_by = models.CharField(max_length=80, null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            together("granted", "decided_by", "decided_at", name="sign_up_change_is_decided_by_somebody"),
            models.UniqueConstraint(
                fields=["window", "member"], condition=Q(decided_at__isnull=True), name="one_sign_up_change_waits"
            ),
        ]

    class Secrecy:
        open = {"window", "asked_at", "granted", "decided_at"}
        masked = {"member": None, "wanted": {}, "reason": "", "note": "", "decided_by": "某人"}

    def __str__(self) -> str:
        return "报名变更申请"


class Commitment(models.Model):
    """What binds somebody outside the service: a lesson or a duty every week, or a leave of some days (2.4-c)."""

    LESSON, DUTY, LEAVE = "lesson", "duty", "leave"

    member = models.ForeignKey(StaffMember, models.CASCADE, related_name="commitments")
    kind = models.CharField(max_length=8)
    what = models.CharField(max_length=60)
    weekday = models.PositiveSmallIntegerField(null=True)
    starts_at = models.TimeField(null=True)
    ends_at = models.TimeField(null=True)
    from_on = models.DateField()
    until_on = models.DateField()
    imported = models.BooleanField(default=False)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            before("from_on", "until_on", name="commitment_ends_after_it_begins"),
            before("starts_at", "ends_at", name="commitment_has_minutes"),
            together("weekday", "starts_at", "ends_at", name="commitment_is_weekly_or_a_leave"),
            within("weekday", 1, 7, name="commitment_weekday_is_a_weekday"),
        ]
        indexes = [models.Index(fields=["member", "until_on"], name="staffing_commitments")]

    class Secrecy:
        open = {"kind", "weekday", "starts_at", "ends_at", "from_on", "until_on", "imported", "made_at"}
        masked = {"member": None, "what": "", "made_by": "某人"}

    def __str__(self) -> str:
        return self.what
