"""Changes of a plan in force: why, what, whom they touch, and what each family answered."""

from __future__ import annotations

from django.db import models

from kehou.chapters.people.models import Account, Pupil
from kehou.chapters.planning.models.plan import Plan, PlanVersion
from kehou.lib.constraints import together


class Amendment(models.Model):
    """One amendment. Told, then answered, then signed by the principal and handed to the filing; or withdrawn.

    `scope` is what it was told about: {"activities": [numbers], "weekdays": [1-7]}, empty lists narrow nothing.
    What the numbers stand for is known to later chapters.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField()
    reason = models.TextField(max_length=500)
    changes = models.JSONField()  # [{kind, what, was, becomes}]
    scope = models.JSONField(default=dict)
    from_on = models.DateField()
    answer_by = models.DateTimeField(null=True)
    is_material = models.BooleanField()
    before = models.ForeignKey(PlanVersion, models.PROTECT, related_name="+")
    after = models.OneToOneField(PlanVersion, models.PROTECT, null=True, related_name="amendment")
    proposed_by = models.CharField(max_length=80)
    proposed_at = models.DateTimeField()
    told_by = models.CharField(max_length=80, null=True)
    told_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)  # the district has accepted it: delivered by the filing
    withdrawn_because = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="amendment_number_once"),
            together("told_by", "told_at", name="amendment_told_by_whom_and_when"),
        ]

    class Secrecy:
        open = {
            "plan", "number", "reason", "changes", "scope", "from_on", "answer_by", "is_material", "before", "after",
            "proposed_at", "told_at", "accepted_at", "withdrawn_because", "withdrawn_at",
        }  # fmt: skip
        masked = {"proposed_by": "某人", "told_by": "某人"}

    def __str__(self) -> str:
        return f"第{self.number}次调整"


class AmendmentConsent(models.Model):
    """An affected child: its family agrees, leaves without cost, or says nothing and keeps the old arrangement."""

    WAITING, AGREED, LEFT = "waiting", "agreed", "left"
    TITLES = {WAITING: "还没有答复，按原安排", AGREED: "同意", LEFT: "不同意，退出"}

    amendment = models.ForeignKey(Amendment, models.PROTECT, related_name="consents")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="amendment_consents")
    touched = models.CharField(max_length=200, blank=True)  # what of it concerns this child, in words
    answer = models.CharField(max_length=8, default=WAITING)
    answered_by = models.CharField(max_length=80, null=True)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    scan = models.FileField(upload_to="amendments/%Y/%m/", blank=True)  # signed on paper

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["amendment", "pupil"], name="consent_once_a_pupil"),
            together("answered_by", "answered_at", name="consent_has_who_and_when"),
        ]
        indexes = [models.Index(fields=["amendment", "answer"], name="planning_consent_by_answer")]

    class Secrecy:
        open = {"amendment", "answer", "answered_at"}
        masked = {"pupil": None, "touched": "", "answered_by": "某人", "account": None, "scan": ""}
