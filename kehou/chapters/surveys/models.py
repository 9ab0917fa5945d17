"""Questionnaires of demand: items, the families invited, the tickets they answer with, the sheets that came back.

In a survey without names no row leads from a family to a sheet. A ticket then has no family; that a family has had one
is kept as a yes, without which and without when; tickets are made at the opening in one go and given out in no order; a
sheet knows its day and not its hour. `tests/chapters/surveys/test_anonymity.py` holds us to it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models

from kehou.chapters.basis.models import Term
from kehou.chapters.people.models import Account, Pupil
from kehou.chapters.schools.models import Homeroom, School
from kehou.lib import chance
from kehou.lib.constraints import before, together, within
from kehou.rules.surveys import SHEETS, Kind


class Survey(models.Model):
    """One questionnaire of a school in a term, with its window. Opened and closed by somebody, never reopened."""

    school = models.ForeignKey(School, models.PROTECT, related_name="surveys")
    term = models.ForeignKey(Term, models.PROTECT, related_name="surveys")
    title = models.CharField(max_length=80)
    anonymous = models.BooleanField()
    words = models.TextField(max_length=500)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80, null=True)
    opened_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, null=True)
    closed_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)

    class Meta:
        constraints = [
            before("opens_at", "closes_at", name="survey_closes_after_it_opens"),
            together("opened_by", "opened_at", name="survey_opening_has_who_and_when"),
            together("closed_by", "closed_at", name="survey_closing_has_who_and_when"),
        ]

    class Secrecy:
        open = {
            "school", "term", "title", "anonymous", "words", "opens_at", "closes_at", "made_at", "opened_at",
            "closed_at", "reminded_on",
        }  # fmt: skip
        masked = {"made_by": "某人", "opened_by": "某人", "closed_by": "某人"}

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        """Return whether its items may still be changed."""
        return self.opened_at is None

    def is_over(self, at: datetime) -> bool:
        """Return whether nobody can answer any more."""
        return self.closed_at is not None or (self.opened_at is not None and at >= self.closes_at)


class Question(models.Model):
    """An item of a questionnaire, in its place; the district's core items are the same everywhere."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions")
    place = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=Kind.choices())
    text = models.CharField(max_length=120)
    options = models.JSONField(default=list)
    most = models.PositiveSmallIntegerField(default=1)
    is_core = models.BooleanField(default=False)
    required = models.BooleanField(default=False)
    if_needed = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "code"], name="question_once_a_survey")]

    class Secrecy:
        open = {
            "survey", "place", "code", "kind", "text", "options", "most", "is_core", "required", "if_needed",
        }  # fmt: skip
        masked: dict[str, object] = {}

    def __str__(self) -> str:
        return self.text


class Family(models.Model):
    """A household that is invited: the children of one main guardian at this school.

    `homeroom` is the eldest child's, where a slip is handed over. `reached` says how it was invited.
    """

    LETTER, SLIP = "letter", "slip"

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="families")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    homeroom = models.ForeignKey(Homeroom, models.PROTECT, related_name="+")
    pupils = models.ManyToManyField(Pupil, related_name="+")
    reached = models.CharField(max_length=10, blank=True)
    has_ticket = models.BooleanField(default=False)
    chased_on = models.DateField(null=True)  # on paper: every family of the class alike, never only the silent

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "account"], name="family_once_a_survey")]
        indexes = [models.Index(fields=["survey", "homeroom"], name="surveys_family_by_class")]

    class Secrecy:
        open = {"survey", "reached", "chased_on"}
        masked = {"account": None, "homeroom": None, "pupils": None, "has_ticket": False}

    def __str__(self) -> str:
        return f"{self.homeroom}的一户"


class Ticket(models.Model):
    """What a family answers with: a random secret. With names it belongs to a family, without to nobody."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="tickets")
    secret = models.CharField(max_length=16, unique=True)
    is_out = models.BooleanField(default=False)
    family = models.OneToOneField(Family, models.CASCADE, null=True, related_name="ticket")

    class Meta:
        indexes = [models.Index(fields=["survey", "is_out"], name="surveys_ticket_to_give")]

    class Secrecy:
        open = {"survey", "is_out"}
        masked = {"secret": "", "family": None}

    def __str__(self) -> str:
        return "填写码"


class Sheet(models.Model):
    """What was answered for one child: the option's number by item. The last version counts.

    Its key is random: keys in a row would tell in which order the families of a day answered.
    """

    id = models.UUIDField(primary_key=True, default=chance.uuid, editable=False)
    PHONE, PAPER = "phone", "paper"

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="sheets")
    number = models.PositiveSmallIntegerField()
    grade = models.PositiveSmallIntegerField()
    answers = models.JSONField()
    channel = models.CharField(max_length=10, default=PHONE)
    answered_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "number"], name="sheet_once_a_child"),
            within("number", 1, SHEETS, name="sheet_within_the_children_of_a_ticket"),
        ]

    class Secrecy:
        open = {"number", "grade", "channel", "answered_on"}
        masked = {"ticket": None, "answers": {}}


class Pile(models.Model):
    """Papers that came back together: counted by hand first, typed one by one, then closed (2.7.1-e).

    Which sheet came from which pile is kept nowhere: a pile is often a class, and answers bear no name.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="piles")
    counted = models.PositiveSmallIntegerField()
    typed = models.PositiveSmallIntegerField(default=0)
    scan = models.FileField(upload_to="piles/%Y/%m/", blank=True)
    note = models.CharField(max_length=120, blank=True)
    begun_by = models.CharField(max_length=80)
    begun_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Secrecy:
        open = {"survey", "counted", "typed", "note", "begun_at", "closed_at"}
        masked = {"scan": "", "begun_by": "某人"}

    def __str__(self) -> str:
        return f"一摞{self.counted}份"
