"""What is shown to everybody: a snapshot with its hash, from a day until a day."""

from __future__ import annotations

from django.db import models

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School


class Publication(models.Model):
    """One published object as it was: activity table, prices, draw, income account. Withdrawn, never edited."""

    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="publications")
    term = models.ForeignKey(Term, models.PROTECT, null=True, blank=True, related_name="publications")
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    content = models.JSONField()
    digest = models.CharField(max_length=64, db_index=True)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=80)
    shown_until_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["school", "term", "kind"], name="disclosure_publication_list")]

    class Secrecy:
        open = {
            "school", "term", "kind", "title", "content", "digest", "published_at", "shown_until_on", "withdrawn_at",
        }  # fmt: skip
        masked = {"published_by": "某人"}
