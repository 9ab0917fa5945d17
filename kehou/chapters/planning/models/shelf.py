"""The shelf of policy documents: every version that was signed, and the draft beside it (2.5, 3.1, 3.2)."""

from __future__ import annotations

from django.db import models

from kehou.chapters.schools.models import School
from kehou.lib.constraints import together, within
from kehou.rules.policy_documents import BY_NUMBER, Chapter, PolicyKind


class PolicyVersion(models.Model):
    """One version of one document of a school. Without a signature it is the draft; `superseded_at` ends it.

    `chapters` are [title, body] pairs, one article a line; `edition` counts the savings of a draft, so that the
    principal signs what was read. With a scan the school's own paper is the text.
    """

    school = models.ForeignKey(School, models.PROTECT, related_name="policy_versions")
    number = models.PositiveSmallIntegerField()  # its place on the shelf, 1…22
    version = models.PositiveSmallIntegerField()
    chapters = models.JSONField(default=list)
    scan = models.FileField(upload_to="policies/%Y/%m/", blank=True)
    scan_digest = models.CharField(max_length=64, blank=True)
    responsible = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=200, blank=True)  # what changed against the version before
    edition = models.PositiveIntegerField(default=1)
    prepared_by = models.CharField(max_length=80)
    prepared_at = models.DateTimeField()
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    approved_by = models.CharField(max_length=80, null=True)
    approved_at = models.DateTimeField(null=True)
    in_force_from = models.DateField(null=True)
    review_by = models.DateField(null=True)
    reminded_for = models.DateField(null=True)  # the review date that a letter was about
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            within("number", 1, 22, name="policy_is_one_of_the_shelf"),
            models.UniqueConstraint(fields=["school", "number", "version"], name="policy_version_once"),
            models.UniqueConstraint(
                fields=["school", "number"], condition=models.Q(approved_at__isnull=True), name="one_draft_a_policy"
            ),
            models.UniqueConstraint(
                fields=["school", "number"],
                condition=models.Q(approved_at__isnull=False, superseded_at__isnull=True),
                name="one_standing_version_a_policy",
            ),
            together("approved_by", "approved_at", "in_force_from", "review_by", name="policy_signed_by_whom_and_when"),
        ]

    class Secrecy:
        open = {
            "school", "number", "version", "chapters", "scan_digest", "note", "edition", "prepared_at", "digest",
            "approved_at", "in_force_from", "review_by", "reminded_for", "superseded_at",
        }  # fmt: skip
        masked = {"scan": "", "responsible": "某人", "prepared_by": "某人", "approved_by": "某人"}

    def __str__(self) -> str:
        return f"{self.kind.title}第{self.version}版"

    @property
    def kind(self) -> PolicyKind:
        """Return which document of the shelf it is."""
        return BY_NUMBER[self.number]

    @property
    def text(self) -> list[Chapter]:
        """Return its chapters as the rules read them."""
        return [Chapter(title, body) for title, body in self.chapters]

    @property
    def is_draft(self) -> bool:
        """Return whether nobody has signed it yet."""
        return self.approved_at is None

    @property
    def code(self) -> str:
        """Return the number on the paper: ZD-2150990001-03-2."""
        return f"ZD-{self.school.code}-{self.number:02d}-{self.version}"


class PolicyReview(models.Model):
    """A review that left a version as it is: who read it, what was found, when it is to be read again."""

    version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="reviews")
    finding = models.CharField(max_length=200)
    next_on = models.DateField()
    reviewed_by = models.CharField(max_length=80)
    reviewed_at = models.DateTimeField()

    class Secrecy:
        open = {"version", "finding", "next_on", "reviewed_at"}
        masked = {"reviewed_by": "某人"}
