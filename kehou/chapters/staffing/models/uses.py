"""One school uses an organisation of the list: chosen, bound by an agreement, serving, reviewed, over."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models.member import StaffMember
from kehou.chapters.staffing.models.providers import Candidacy
from kehou.chapters.staffing.models.shortages import ShortageStatement
from kehou.lib.constraints import before, together, within
from kehou.rules.states import ProviderState


class ProviderUse(models.Model):
    """选用: a school and an organisation in one term, on the ground of a stated shortage."""

    school = models.ForeignKey(School, models.PROTECT, related_name="provider_uses")
    term = models.ForeignKey(Term, models.PROTECT, related_name="provider_uses")
    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="uses")
    statement = models.ForeignKey(ShortageStatement, models.PROTECT, related_name="uses")
    state = models.CharField(max_length=10, default=ProviderState.CHOSEN.value)
    what = models.CharField(max_length=200)
    chosen_by = models.CharField(max_length=80)
    chosen_at = models.DateTimeField()
    agreement_number = models.CharField(max_length=40, blank=True)
    agreement = models.FileField(upload_to="providers/", null=True, blank=True)
    signed_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    left_because = models.CharField(max_length=400, blank=True)
    left_by = models.CharField(max_length=80, null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "term", "candidacy"],
                condition=~Q(state__in=("left", "listed")),
                name="provider_used_once_a_term",
            ),
            together("signed_on", "until_on", name="provider_agreement_has_a_term"),
            before("signed_on", "until_on", name="provider_agreement_ends_after_it_begins"),
            together("left_by", "left_at", name="provider_use_ended_by_somebody"),
        ]

    class Secrecy:
        open = {
            "school", "term", "candidacy", "statement", "state", "what", "chosen_at", "agreement_number", "signed_on",
            "until_on", "left_at",
        }  # fmt: skip
        masked = {"chosen_by": "某人", "agreement": None, "left_because": "", "left_by": "某人"}

    def __str__(self) -> str:
        return "机构选用"


class ProviderPerson(models.Model):
    """Who an organisation sends: somebody on the school's own list, with a file and checks like everybody else."""

    use = models.ForeignKey(ProviderUse, models.CASCADE, related_name="people")
    member = models.ForeignKey(StaffMember, models.PROTECT, related_name="sent_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["use", "member"], name="provider_sends_somebody_once")]

    class Secrecy:
        open = {"use"}
        masked = {"member": None}

    def __str__(self) -> str:
        return "派驻人员"


class UseReview(models.Model):
    """What a school says of an organisation at the end: five items of twenty points."""

    use = models.OneToOneField(ProviderUse, models.PROTECT, related_name="review")
    points = models.JSONField()
    total = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=200, blank=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [within("total", 0, 100, name="review_of_a_hundred")]

    class Secrecy:
        open = {"use", "points", "total", "made_at"}
        masked = {"note": "", "made_by": "某人"}

    def __str__(self) -> str:
        return "学校评估"
