"""The leading group: who held which post when; the principal's letter of the term and the monthly confirmation."""

from __future__ import annotations

from django.db import models

from kehou.chapters.basis.models import Term
from kehou.chapters.people.models import Account
from kehou.chapters.schools.models import School
from kehou.lib.constraints import together
from kehou.rules.organisation import BY_CODE, GroupPost


class GroupSeat(models.Model):
    """Somebody in a post of the leading group from a day on; `until_on` is the first day without the post."""

    school = models.ForeignKey(School, models.PROTECT, related_name="group_seats")
    post = models.CharField(max_length=12)
    is_deputy = models.BooleanField(default=False)
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="group_seats")
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=20, blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    appointed_by = models.CharField(max_length=80)
    appointed_at = models.DateTimeField()
    ended_by = models.CharField(max_length=80, null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "post", "is_deputy"],
                condition=models.Q(ended_at__isnull=True),
                name="one_holder_a_group_post",
            ),
            together("until_on", "ended_by", "ended_at", name="group_seat_ended_by_whom_and_when"),
        ]

    class Secrecy:
        open = {"school", "post", "is_deputy", "from_on", "until_on", "appointed_at", "ended_at"}
        masked = {"account": None, "name": "某人", "phone": "", "appointed_by": "某人", "ended_by": "某人"}

    def __str__(self) -> str:
        return f"{self.kind.title}{'（备岗）' if self.is_deputy else ''} {self.name}"

    @property
    def kind(self) -> GroupPost:
        """Return which post it is."""
        return BY_CODE[self.post]


class ResponsibilityLetter(models.Model):
    """The letter by which a principal takes the first responsibility for a term (3.2-g). Written once."""

    school = models.ForeignKey(School, models.PROTECT, related_name="responsibility_letters")
    term = models.ForeignKey(Term, models.PROTECT, related_name="responsibility_letters")
    text = models.TextField()
    digest = models.CharField(max_length=64)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    signed_by = models.CharField(max_length=80)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "term", "account"], name="one_letter_a_principal_and_term")
        ]

    class Secrecy:
        open = {"school", "term", "digest", "signed_at"}
        masked = {"text": "", "account": None, "signed_by": "某人"}


class SafetyConfirmation(models.Model):
    """The principal's monthly look at safety (3.2-g): what was looked at, what is to be mended."""

    school = models.ForeignKey(School, models.PROTECT, related_name="safety_confirmations")
    term = models.ForeignKey(Term, models.PROTECT, related_name="safety_confirmations")
    month_on = models.DateField()  # its first day
    note = models.CharField(max_length=300, blank=True)
    confirmed_by = models.CharField(max_length=80)
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "month_on"], name="safety_confirmed_once_a_month")]

    class Secrecy:
        open = {"school", "term", "month_on", "confirmed_at"}
        masked = {"note": "", "confirmed_by": "某人"}
