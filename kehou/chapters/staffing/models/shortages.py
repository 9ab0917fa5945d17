"""师资不足说明: stated by the school for an area and a term before anybody is asked in from outside (2.4-e)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models.member import StaffMember
from kehou.lib.constraints import together


class ShortageStatement(models.Model):
    """What a school needs in one area, whom of its own it counted, and why they do not suffice."""

    school = models.ForeignKey(School, models.PROTECT, related_name="shortages")
    term = models.ForeignKey(Term, models.PROTECT, related_name="shortages")
    area = models.CharField(max_length=12)
    need = models.CharField(max_length=200)
    hours = models.PositiveSmallIntegerField()  # class hours a week that are missing
    own_people = models.PositiveSmallIntegerField()  # in-service staff with the skill, as counted when it was made
    own_hours = models.PositiveSmallIntegerField()  # what they offered, class hours a week
    reason = models.CharField(max_length=400)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    signed_by = models.CharField(max_length=80, null=True)
    signed_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "term", "area"], condition=Q(withdrawn_at__isnull=True), name="one_shortage_an_area"
            ),
            together("signed_by", "signed_at", name="shortage_signature_has_who_and_when"),
            together("withdrawn_by", "withdrawn_at", name="shortage_withdrawal_has_who_and_when"),
        ]

    class Secrecy:
        open = {
            "school", "term", "area", "need", "hours", "own_people", "own_hours", "reason", "made_at", "signed_at",
            "withdrawn_at",
        }  # fmt: skip
        masked = {"made_by": "某人", "signed_by": "某人", "withdrawn_by": "某人"}

    def __str__(self) -> str:
        return "师资不足说明"

    @property
    def stands(self) -> bool:
        """Return whether outsiders may be asked in on its ground."""
        return self.signed_at is not None and self.withdrawn_at is None


class Engagement(models.Model):
    """Somebody from outside asked in on the ground of a statement: for nothing, or for pay by agreement."""

    statement = models.ForeignKey(ShortageStatement, models.PROTECT, related_name="engagements")
    member = models.ForeignKey(StaffMember, models.PROTECT, related_name="engagements")
    paid = models.BooleanField(default=False)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "member"], name="engaged_once_a_statement")]

    class Secrecy:
        open = {"statement", "paid", "made_at"}
        masked = {"member": None, "made_by": "某人"}

    def __str__(self) -> str:
        return "有偿" if self.paid else "志愿"
