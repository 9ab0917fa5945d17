"""Who of the school answers to the families of a class in a term (家校安全联系责任制, 3.1-k)."""

from __future__ import annotations

from django.db import models

from kehou.chapters.basis.models import Term
from kehou.chapters.people.models import Account
from kehou.chapters.schools.models import Homeroom


class ClassContact(models.Model):
    """The safety contact of a class with a deputy; `acknowledged_at` is when the contact took the duties on."""

    homeroom = models.ForeignKey(Homeroom, models.PROTECT, related_name="safety_contacts")
    term = models.ForeignKey(Term, models.PROTECT, related_name="safety_contacts")
    account = models.ForeignKey(Account, models.PROTECT, related_name="contact_of_classes")
    deputy = models.ForeignKey(Account, models.PROTECT, null=True, related_name="deputy_of_classes")
    named_by = models.CharField(max_length=80)
    named_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["homeroom", "term"], name="one_safety_contact_a_class_and_term")]

    class Secrecy:
        open = {"homeroom", "term", "account", "deputy", "named_at", "acknowledged_at"}
        masked = {"named_by": "某人"}

    def __str__(self) -> str:
        return f"{self.homeroom}的安全联系人"
