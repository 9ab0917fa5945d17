"""The papers between a school and a person: their words, who signed, and that both hold a copy."""

from __future__ import annotations

from django.db import models

from kehou.chapters.basis.models import Term
from kehou.chapters.staffing.models.member import StaffMember


class PaperText(models.Model):
    """The words of a paper in one version, kept for as long as somebody has signed them."""

    kind = models.CharField(max_length=20)
    role = models.CharField(max_length=20, blank=True)
    version = models.CharField(max_length=20)
    content = models.JSONField()
    digest = models.CharField(max_length=64, unique=True)

    class Secrecy:
        open = {"kind", "role", "version", "content", "digest"}
        masked: dict[str, object] = {}

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class SignedPaper(models.Model):
    """A paper of one person: consent, requirement sheet, agreement, safety letter (2.4-k, 2.4-l, 2.4-m, 2.4-o).

    `state`: to_sign, signed (by the person), in_force, superseded. `facts` fill the words; `digest` covers both.
    """

    TO_SIGN, SIGNED, IN_FORCE, SUPERSEDED = "to_sign", "signed", "in_force", "superseded"

    member = models.ForeignKey(StaffMember, models.PROTECT, related_name="papers")
    term = models.ForeignKey(Term, models.PROTECT, null=True, blank=True, related_name="staff_papers")
    kind = models.CharField(max_length=20)
    text = models.ForeignKey(PaperText, models.PROTECT, related_name="papers")
    facts = models.JSONField(default=dict)
    number = models.CharField(max_length=60, unique=True)
    digest = models.CharField(max_length=64)
    check_code = models.CharField(max_length=16, unique=True)
    state = models.CharField(max_length=12, default=TO_SIGN)
    drawn_up_at = models.DateTimeField()
    delivered_how = models.CharField(max_length=10, blank=True)  # inbox, paper: the person's own copy (R-FILE-09)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind", "term"],
                condition=~models.Q(state="superseded"),
                name="one_standing_paper_of_a_kind_and_term",
            )
        ]
        indexes = [models.Index(fields=["state", "kind"], name="staffing_paper_waits")]

    class Secrecy:
        open = {"term", "kind", "text", "number", "digest", "state", "drawn_up_at", "delivered_how", "delivered_at"}
        masked = {"member": None, "facts": {}, "check_code": ""}

    def __str__(self) -> str:
        return self.number


class PaperSignature(models.Model):
    """One party's signature under a paper: by finger, on paper with its scan, or the school's by its principal."""

    paper = models.ForeignKey(SignedPaper, models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=10)  # person, school
    method = models.CharField(max_length=10)  # finger, paper, seal
    signed_name = models.CharField(max_length=60)
    image = models.FileField(upload_to="staff-signatures/", null=True, blank=True)
    content_digest = models.CharField(max_length=64)
    signed_by = models.CharField(max_length=80)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "party"], name="a_party_signs_a_paper_once")]

    class Secrecy:
        open = {"paper", "party", "method", "content_digest", "signed_at"}
        masked = {"signed_name": "某人", "image": None, "signed_by": "某人"}

    def __str__(self) -> str:
        return f"{self.party} {self.method}"
