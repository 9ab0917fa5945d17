"""A school's filing for a term: thin in the spine, nine papers later."""

from __future__ import annotations

from django.db import models

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.lib.constraints import together


class Filing(models.Model):
    """The filing of a school in a term. `state` moves along `kehou.rules.states`."""

    school = models.ForeignKey(School, models.PROTECT, related_name="filings")
    term = models.ForeignKey(Term, models.PROTECT, related_name="filings")
    state = models.CharField(max_length=16, default="draft", db_index=True)
    rounds = models.PositiveSmallIntegerField(default=0)  # how often it was accepted: the end of its number
    number = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    prepared_by = models.CharField(max_length=80, blank=True)
    signed_by = models.CharField(max_length=80, blank=True)
    signed_at = models.DateTimeField(null=True)
    submitted_by = models.CharField(max_length=80, blank=True)
    submitted_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, null=True)
    decided_at = models.DateTimeField(null=True)
    return_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "term"], name="one_filing_a_term"),
            together("decided_by", "decided_at", name="filing_decision_has_who_and_when"),
        ]

    class Secrecy:
        open = {
            "school", "term", "state", "rounds", "number", "note", "signed_at", "submitted_at", "received_at",
            "decided_at", "return_reason",
        }  # fmt: skip
        masked = {"prepared_by": "某人", "signed_by": "某人", "submitted_by": "某人", "decided_by": "某人"}

    def __str__(self) -> str:
        return f"{self.school.name}{self.term.name}备案"
