"""What is shown to everybody: a snapshot with its hash, from a day until a day."""

from __future__ import annotations

from django.db import models

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.lib.constraints import together


class Publication(models.Model):
    """One published object as it was: prices, counts, income account, a notice. Withdrawn, never edited.

    `period` is what it is about inside the term (2026-11, or empty for the whole). `school` None is the district's.
    """

    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="publications")
    term = models.ForeignKey(Term, models.PROTECT, null=True, blank=True, related_name="publications")
    kind = models.CharField(max_length=20)
    period = models.CharField(max_length=10, blank=True)
    number = models.CharField(max_length=40, unique=True)
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=120)
    content = models.JSONField()
    digest = models.CharField(max_length=64, db_index=True)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=80)
    shown_until_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, null=True)
    withdrawn_because = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "term", "kind", "period"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_publication_stands",
            ),
            together("withdrawn_at", "withdrawn_by", name="withdrawal_has_who_and_when"),
        ]
        indexes = [models.Index(fields=["kind", "-published_at"], name="disclosure_publication_list")]

    class Secrecy:
        open = {
            "school", "term", "kind", "period", "number", "version", "title", "content", "digest", "published_at",
            "shown_until_on", "withdrawn_at", "withdrawn_because",
        }  # fmt: skip
        masked = {"published_by": "某人", "withdrawn_by": "某人"}

    def __str__(self) -> str:
        return self.title


class Posting(models.Model):
    """A publication that hangs on a notice board of the school (公示栏): where, since when, who looked (2.5-k)."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="postings")
    place = models.CharField(max_length=40)
    posted_on = models.DateField()
    confirmed_by = models.CharField(max_length=80)
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publication", "place"], name="a_paper_hangs_once_at_a_place")]

    class Secrecy:
        open = {"publication", "place", "posted_on", "confirmed_at"}
        masked = {"confirmed_by": "某人"}
