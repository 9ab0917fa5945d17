"""Rounds of opinions, and what came back. Who is asked is counted; an unsigned form leads to nobody.

That a family has answered is kept as a yes (`Asked`), without which form; a form knows its day and not its hour, its
key is random, and a slip's code is not kept beside it. See `tests/chapters/planning/test_rounds.py`.
"""

from __future__ import annotations

from django.db import models

from kehou.chapters.people.models import Account, Pupil
from kehou.chapters.planning.models.plan import Plan, PlanVersion
from kehou.chapters.schools.models import Homeroom
from kehou.lib import chance
from kehou.lib.constraints import before, within
from kehou.rules.planning import Decision, Party, Section, Stance, Topic


class OpinionRound(models.Model):
    """A round: the version it is about, its window. It ends by itself; only its end can move, and only later.

    `families` is how many households were asked; `secret` opens the community's form of the second round.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="rounds")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    families = models.PositiveIntegerField(default=0)
    secret = models.CharField(max_length=16, unique=True)
    opened_by = models.CharField(max_length=80)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="opinion_round_once_a_plan"),
            within("number", 1, 2, name="opinion_round_is_first_or_second"),
            before("opens_at", "closes_at", name="opinion_round_closes_after_it_opens"),
        ]

    class Secrecy:
        open = {"plan", "number", "version", "opens_at", "closes_at", "families", "opened_at"}
        masked = {"secret": "", "opened_by": "某人"}

    def __str__(self) -> str:
        return f"第{'一二'[self.number - 1]}轮征求意见"


class OpinionSlip(models.Model):
    """A paper form with a code, for a household without an account: used once."""

    round = models.ForeignKey(OpinionRound, models.CASCADE, related_name="slips")
    homeroom = models.ForeignKey(Homeroom, models.PROTECT, related_name="+")
    secret = models.CharField(max_length=16, unique=True)
    printed_at = models.DateTimeField(null=True)
    is_used = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["round", "homeroom"], name="planning_slip_by_class")]

    class Secrecy:
        open = {"round", "printed_at"}
        masked = {"homeroom": None, "secret": "", "is_used": False}


class Asked(models.Model):
    """Somebody who is asked: a guardian for a household, a teacher, a child, a member. That they answered, not what.

    The rows are made when the round is opened, all at once, so that their order says nothing about who came when.
    """

    round = models.ForeignKey(OpinionRound, models.CASCADE, related_name="asked")
    party = models.CharField(max_length=10, choices=Party.choices())
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    pupil = models.ForeignKey(Pupil, models.PROTECT, null=True, related_name="+")
    has_answered = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "party", "account"],
                condition=models.Q(pupil__isnull=True),
                name="party_asked_once_a_round",
            ),
            models.UniqueConstraint(
                fields=["round", "pupil"], condition=models.Q(pupil__isnull=False), name="pupil_asked_once_a_round"
            ),
        ]

    class Secrecy:
        open = {"round", "party"}
        masked = {"account": None, "pupil": None, "has_answered": False}


class OpinionSheet(models.Model):
    """A form that came back. `signed` is the name somebody chose to write, often nothing.

    `nonce` came with the empty form: the same form sent twice is one.
    """

    PHONE, PAPER, LINK = "phone", "paper", "link"

    id = models.UUIDField(primary_key=True, default=chance.uuid, editable=False)
    round = models.ForeignKey(OpinionRound, models.PROTECT, related_name="sheets")
    party = models.CharField(max_length=10, choices=Party.choices())
    channel = models.CharField(max_length=6, default=PHONE)
    signed = models.CharField(max_length=40, blank=True)
    nonce = models.CharField(max_length=40, unique=True, null=True)
    received_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["round", "party"], name="planning_sheet_by_party")]

    class Secrecy:
        open = {"round", "party", "channel", "received_on"}
        masked = {"signed": "", "nonce": None}


class OpinionGroup(models.Model):
    """Opinions that say the same, with the school's answer (你提我改): whether adopted, why, and where it shows."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="groups")
    topic = models.CharField(max_length=8, choices=Topic.choices())
    title = models.CharField(max_length=120)
    decision = models.CharField(max_length=8, blank=True, choices=Decision.choices())
    reason = models.TextField(max_length=500, blank=True)
    section = models.CharField(max_length=14, blank=True, choices=Section.choices())
    revision = models.PositiveIntegerField(default=1)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Secrecy:
        open = {"plan", "topic", "title", "decision", "reason", "section", "revision", "decided_at"}
        masked = {"decided_by": "某人"}

    def __str__(self) -> str:
        return self.title


class Opinion(models.Model):
    """What one form says to one topic. Whatever is not plain consent belongs to a group before the plan is final."""

    id = models.UUIDField(primary_key=True, default=chance.uuid, editable=False)
    sheet = models.ForeignKey(OpinionSheet, models.CASCADE, related_name="opinions")
    topic = models.CharField(max_length=8, choices=Topic.choices())
    stance = models.CharField(max_length=8, choices=Stance.choices())
    words = models.TextField(max_length=500, blank=True)
    group = models.ForeignKey(OpinionGroup, models.PROTECT, null=True, related_name="opinions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "topic"], name="opinion_once_a_topic")]
        indexes = [models.Index(fields=["stance", "group"], name="planning_opinion_to_group")]

    class Secrecy:
        open = {"topic", "stance", "group"}
        masked = {"sheet": None, "words": ""}


class AdoptionTable(models.Model):
    """The adoption table as it was published to everybody who was asked; the groups do not change afterwards."""

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="adoption")
    content = models.JSONField()
    digest = models.CharField(max_length=64, db_index=True)
    published_by = models.CharField(max_length=80)
    published_at = models.DateTimeField()

    class Secrecy:
        open = {"plan", "content", "digest", "published_at"}
        masked = {"published_by": "某人"}

    def __str__(self) -> str:
        return f"{self.plan.school.name}意见采纳情况表"
