"""The fund-management plan of a school in a term, by version (2.6.2-f)."""

from __future__ import annotations

from django.db import models

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.lib.constraints import together
from kehou.rules.fund_plan import FundPlan


class FundPlanVersion(models.Model):
    """One version: the draft while nobody has signed; `content` is `rules.fund_plan.FundPlan` in its plain form."""

    school = models.ForeignKey(School, models.PROTECT, related_name="fund_plans")
    term = models.ForeignKey(Term, models.PROTECT, related_name="fund_plans")
    version = models.PositiveSmallIntegerField()
    content = models.JSONField()
    reason = models.CharField(max_length=200, blank=True)  # why the version before was amended
    edition = models.PositiveIntegerField(default=1)
    prepared_by = models.CharField(max_length=80)
    prepared_at = models.DateTimeField()
    digest = models.CharField(max_length=64, blank=True)
    approved_on = models.DateField(null=True)  # by the leading group
    signed_by = models.CharField(max_length=80, null=True)
    signed_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "term", "version"], name="fund_plan_version_once"),
            models.UniqueConstraint(
                fields=["school", "term"], condition=models.Q(signed_at__isnull=True), name="one_draft_of_a_fund_plan"
            ),
            models.UniqueConstraint(
                fields=["school", "term"],
                condition=models.Q(signed_at__isnull=False, superseded_at__isnull=True),
                name="one_standing_fund_plan",
            ),
            together("approved_on", "signed_by", "signed_at", name="fund_plan_signed_by_whom_and_when"),
        ]

    class Secrecy:
        open = {
            "school", "term", "version", "content", "reason", "edition", "prepared_at", "digest", "approved_on",
            "signed_at", "superseded_at",
        }  # fmt: skip
        masked = {"prepared_by": "某人", "signed_by": "某人"}

    def __str__(self) -> str:
        return f"经费管理方案第{self.version}版"

    @property
    def plan(self) -> FundPlan:
        """Return the plan as the rules read it."""
        return FundPlan.of(self.content)

    @property
    def is_draft(self) -> bool:
        """Return whether nobody has signed it yet."""
        return self.signed_at is None

    @property
    def code(self) -> str:
        """Return the number on the paper: JF-2150990001-2026-autumn-1."""
        return f"JF-{self.school.code}-{self.term.code}-{self.version}"
