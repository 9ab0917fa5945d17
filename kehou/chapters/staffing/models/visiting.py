"""走教: what a school lacks, who of another school would come, and the three who agree to it."""

from __future__ import annotations

from django.db import models

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models.member import StaffMember
from kehou.lib.constraints import before, together, within


class VisitNeed(models.Model):
    """A school says what it lacks, on which weekdays."""

    school = models.ForeignKey(School, models.PROTECT, related_name="visit_needs")
    term = models.ForeignKey(Term, models.PROTECT, related_name="visit_needs")
    area = models.CharField(max_length=12)
    what = models.CharField(max_length=120)
    weekdays = models.JSONField(default=list)
    hours = models.PositiveSmallIntegerField()  # class hours an afternoon
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    withdrawn_by = models.CharField(max_length=80, null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            together("withdrawn_by", "withdrawn_at", name="visit_need_withdrawn_by_somebody"),
            within("hours", 1, 3, name="visit_need_has_one_to_three_hours"),
        ]

    class Secrecy:
        open = {"school", "term", "area", "what", "weekdays", "hours", "made_at", "withdrawn_at"}
        masked = {"made_by": "某人", "withdrawn_by": "某人"}

    def __str__(self) -> str:
        return self.what


class Visit(models.Model):
    """Somebody of one school serves at another at a time of the week. They stay one person of their own school.

    In force when all three have agreed and nobody has ended it.
    """

    member = models.ForeignKey(StaffMember, models.PROTECT, related_name="visits")
    host = models.ForeignKey(School, models.PROTECT, related_name="visits")
    term = models.ForeignKey(Term, models.PROTECT, related_name="visits")
    need = models.ForeignKey(VisitNeed, models.PROTECT, null=True, related_name="visits")
    what = models.CharField(max_length=120)
    weekday = models.PositiveSmallIntegerField()
    starts_at = models.TimeField()
    ends_at = models.TimeField()
    proposed_by = models.CharField(max_length=80)
    proposed_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)  # when the last of the three had agreed
    ended_by = models.CharField(max_length=80, null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            before("starts_at", "ends_at", name="visit_has_minutes"),
            within("weekday", 1, 5, name="visit_on_a_school_weekday"),
            together("ended_by", "ended_at", name="visit_ended_by_somebody"),
        ]

    class Secrecy:
        open = {
            "host", "term", "need", "what", "weekday", "starts_at", "ends_at", "proposed_at", "agreed_at", "ended_at",
        }  # fmt: skip
        masked = {"member": None, "proposed_by": "某人", "ended_by": "某人", "ended_because": ""}

    def __str__(self) -> str:
        return "走教约定"


class Agreeing(models.Model):
    """One of the three has agreed: `party` is home, host or teacher."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="agreeings")
    party = models.CharField(max_length=8)
    agreed_by = models.CharField(max_length=80)
    agreed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "party"], name="a_party_agrees_once")]

    class Secrecy:
        open = {"visit", "party", "agreed_at"}
        masked = {"agreed_by": "某人"}

    def __str__(self) -> str:
        return "同意走教"
