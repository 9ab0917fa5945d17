"""A school's filings for a term: the first one and its amendments, each with the packs that were signed."""

from __future__ import annotations

from django.db import models

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.lib.constraints import together
from kehou.rules.filing import PARTS
from kehou.rules.states import FILING

UNDER_WAY = ("draft", "signed", "submitted", "received", "returned")


class Filing(models.Model):
    """One filing of a school in a term: the first, an amendment, or one of an earlier time (`past`).

    `state` moves along `kehou.rules.states.FILING`. At most one is under way, and at most one is in force: an amendment
    leaves what it amends in force until it is accepted itself. `pack` is what was signed last.
    """

    FIRST, AMENDMENT, PAST = "first", "amendment", "past"
    KINDS = {FIRST: "首次备案", AMENDMENT: "变更备案", PAST: "往期补录"}

    school = models.ForeignKey(School, models.PROTECT, related_name="filings")
    term = models.ForeignKey(Term, models.PROTECT, related_name="filings")
    order = models.PositiveSmallIntegerField(default=1)  # among the school's filings of the term
    kind = models.CharField(max_length=10, default=FIRST)
    state = models.CharField(max_length=16, default="draft", db_index=True)
    number = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    pack = models.ForeignKey("Pack", models.PROTECT, null=True, related_name="+")
    prepared_by = models.CharField(max_length=80, blank=True)
    submitted_by = models.CharField(max_length=80, blank=True)
    submitted_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)  # why it was accepted despite a red check, or has lapsed
    told_on = models.DateField(null=True)  # that its clock has run out, for where it stands now

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "term", "order"], name="filing_order_once_a_term"),
            models.UniqueConstraint(
                fields=["school", "term"], condition=models.Q(state__in=UNDER_WAY), name="one_filing_under_way_a_term"
            ),
            models.UniqueConstraint(
                fields=["school", "term"], condition=models.Q(state="accepted"), name="one_filing_in_force_a_term"
            ),
            models.UniqueConstraint(fields=["number"], condition=~models.Q(number=""), name="a_number_is_given_once"),
            together("decided_by", "decided_at", name="filing_decision_has_who_and_when"),
        ]
        indexes = [models.Index(fields=["term", "state"], name="filing_of_a_term")]

    class Secrecy:
        open = {
            "school", "term", "order", "kind", "state", "number", "pack", "submitted_at", "received_at", "returned_at",
            "decided_at", "told_on",
        }  # fmt: skip
        masked = {"note": "", "reason": "", "prepared_by": "某人", "submitted_by": "某人", "decided_by": "某人"}

    def __str__(self) -> str:
        return f"{self.school.name}{self.term.name}{self.kind_title}"

    @property
    def kind_title(self) -> str:
        """Return 首次备案, 变更备案 or 往期补录."""
        return self.KINDS[self.kind]

    @property
    def state_title(self) -> str:
        """Return the state in words."""
        return FILING.labels[self.state]

    @property
    def is_writable(self) -> bool:
        """Return whether it lies at the school and may be changed."""
        return self.state in ("draft", "returned")

    @property
    def with_district(self) -> bool:
        """Return whether the district has to answer."""
        return self.state in ("submitted", "received")


class Pack(models.Model):
    """Everything a principal signed, frozen: written once, whatever happens to its sources later.

    `manifest` is what `digest` is made of: whose it is, the note, the hash of each part. `ink` says how it was signed.
    """

    FINGER, PASSWORD, COPY = "finger", "password", "copy"
    INKS = {FINGER: "手写签名", PASSWORD: "本人密码确认", COPY: "补录件"}

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="packs")
    turn = models.PositiveSmallIntegerField()  # how often this filing has been signed
    manifest = models.JSONField()
    digest = models.CharField(max_length=64, db_index=True)
    red = models.PositiveSmallIntegerField(default=0)  # red checks on the day of the signature
    remarks = models.PositiveSmallIntegerField(default=0)
    ink = models.CharField(max_length=10)
    picture = models.FileField(upload_to="filings/", null=True)
    signed_by = models.CharField(max_length=80)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["filing", "turn"], name="pack_turn_once_a_filing")]

    class Secrecy:
        open = {"filing", "turn", "digest", "red", "remarks", "ink", "signed_at"}
        masked = {"manifest": {}, "picture": None, "signed_by": "某人"}

    def __str__(self) -> str:
        return f"第{self.turn}稿"

    @property
    def ink_title(self) -> str:
        """Return how it was signed, in words."""
        return self.INKS[self.ink]


class PackPart(models.Model):
    """One paper of a pack, as it was on the day of the signature, with its hash."""

    pack = models.ForeignKey(Pack, models.PROTECT, related_name="parts")
    code = models.CharField(max_length=2)
    content = models.JSONField()
    digest = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack", "code"], name="a_part_once_a_pack")]

    class Secrecy:
        open = {"pack", "code", "digest"}
        masked = {"content": {}}  # names of those who serve

    def __str__(self) -> str:
        return f"{self.code} {PARTS[self.code].title}"


class Archive(models.Model):
    """The chain of a whole term as it was when the school closed it: every step with its evidence. Written once."""

    school = models.ForeignKey(School, models.PROTECT, related_name="archives")
    term = models.ForeignKey(Term, models.PROTECT, related_name="archives")
    content = models.JSONField()
    digest = models.CharField(max_length=64, db_index=True)
    archived_by = models.CharField(max_length=80)
    archived_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "term"], name="one_archive_a_term")]

    class Secrecy:
        open = {"school", "term", "digest", "archived_at"}
        masked = {"content": {}, "archived_by": "某人"}

    def __str__(self) -> str:
        return f"{self.school.name}{self.term.name}归档"


class ReturnedItem(models.Model):
    """One part that came back with a reason; the school answers it before it signs again."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="items")
    pack = models.ForeignKey(Pack, models.PROTECT, related_name="items")
    part = models.CharField(max_length=2)
    reason = models.TextField()
    returned_by = models.CharField(max_length=80)
    returned_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=80, null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pack", "part"], name="a_part_returned_once_a_pack"),
            together("answered_by", "answered_at", name="an_answer_has_who_and_when"),
        ]

    class Secrecy:
        open = {"filing", "pack", "part", "returned_at", "answered_at"}
        masked = {"reason": "", "returned_by": "某人", "answer": "", "answered_by": "某人"}

    def __str__(self) -> str:
        return f"{self.part} {PARTS[self.part].title}"

    @property
    def title(self) -> str:
        """Return which part it is."""
        return str(self)
