"""The fact that a school may begin: delivered by the filing chapter, asked by everything behind the gate."""

from __future__ import annotations

from django.db import models

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School


class Clearance(models.Model):
    """The district has accepted the school's filing for this term (clause 4-c, R-GATE-00)."""

    school = models.ForeignKey(School, models.PROTECT, related_name="clearances")
    term = models.ForeignKey(Term, models.PROTECT, related_name="clearances")
    receipt_number = models.CharField(max_length=40)
    cleared_by = models.CharField(max_length=80)
    cleared_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "term"], condition=models.Q(withdrawn_at__isnull=True), name="one_clearance_a_term"
            )
        ]

    class Secrecy:
        open = {"school", "term", "receipt_number", "cleared_at", "withdrawn_at"}
        masked = {"cleared_by": "某人"}

    def __str__(self) -> str:
        return self.receipt_number
