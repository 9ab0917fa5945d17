"""第三方机构 at the district: a call, who applied, what was enquired and scored, publicity, list, review, exit.

A candidacy walks `states.PROVIDER` from 需求 to 入名单; each use by a school (models.uses) walks on from there.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kehou.lib.constraints import before, together, within
from kehou.rules.states import ProviderState


class ProviderCall(models.Model):
    """需求: what the district looks for, published with its criteria and the last day to apply."""

    number = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=80)
    areas = models.JSONField(default=list)
    words = models.TextField(max_length=1000)
    closes_on = models.DateField()
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Secrecy:
        open = {"number", "title", "areas", "words", "closes_on", "made_at"}
        masked = {"made_by": "某人"}

    def __str__(self) -> str:
        return self.title


class Provider(models.Model):
    """An organisation, known by its unified social credit code."""

    credit_code = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=80)
    legal_person = models.CharField(max_length=40)
    licence_number = models.CharField(max_length=40)
    licence_until_on = models.DateField(null=True)  # null: without an end
    founded_on = models.DateField()
    scope = models.TextField(max_length=600)
    address = models.CharField(max_length=120)
    teaching_address = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=20)

    class Secrecy:
        open = {
            "credit_code", "name", "licence_number", "licence_until_on", "founded_on", "scope", "address",
            "teaching_address",
        }  # fmt: skip
        masked = {"legal_person": "某人", "phone": ""}

    def __str__(self) -> str:
        return self.name


class Candidacy(models.Model):
    """An organisation in one call, from what it handed in to the list and off it."""

    call = models.ForeignKey(ProviderCall, models.PROTECT, related_name="candidacies")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="candidacies")
    state = models.CharField(max_length=10, default=ProviderState.NEEDED.value)
    area = models.CharField(max_length=12)
    offer = models.TextField(max_length=600)  # what it would do, with people and prices
    hour_fen = models.PositiveIntegerField()  # for one class hour, paid by the school's fund
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    selected_at = models.DateTimeField(null=True)
    shown_from_on = models.DateField(null=True)
    shown_until_on = models.DateField(null=True)  # the last day of the publicity
    listed_on = models.DateField(null=True)
    listed_until_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "provider"], name="provider_applies_once_a_call"),
            models.UniqueConstraint(
                fields=["provider", "area"], condition=Q(state="listed"), name="provider_listed_once_an_area"
            ),
            together("shown_from_on", "shown_until_on", name="publicity_has_first_and_last_day"),
            together("listed_on", "listed_until_on", name="listing_has_an_end"),
            before("listed_on", "listed_until_on", name="listing_ends_after_it_begins"),
        ]
        indexes = [models.Index(fields=["state", "shown_until_on"], name="staffing_candidacy_state")]

    class Secrecy:
        open = {
            "call", "provider", "state", "area", "offer", "hour_fen", "made_at", "applied_at", "selected_at",
            "shown_from_on", "shown_until_on", "listed_on", "listed_until_on",
        }  # fmt: skip
        masked = {"made_by": "某人"}

    def __str__(self) -> str:
        return "机构申报"


class StatusCheck(models.Model):
    """One enquiry about an organisation; the newest of its kind counts."""

    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="checks")
    kind = models.CharField(max_length=12)
    clean = models.BooleanField()
    reference = models.CharField(max_length=120)
    found_on = models.DateField(null=True)
    checked_by = models.CharField(max_length=80)
    checked_at = models.DateTimeField()

    class Secrecy:
        open = {"candidacy", "kind", "clean", "reference", "found_on", "checked_at"}
        masked = {"checked_by": "某人"}

    def __str__(self) -> str:
        return "状态查询"


class PanelScore(models.Model):
    """The sheet of one member of the selection panel."""

    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="scores")
    panellist = models.CharField(max_length=40)
    office = models.CharField(max_length=40)
    points = models.JSONField()
    total = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=200, blank=True)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["candidacy", "panellist", "office"], name="panellist_scores_once"),
            within("total", 0, 100, name="score_of_a_hundred"),
        ]

    class Secrecy:
        open = {"candidacy", "office", "points", "total", "recorded_at"}
        masked = {"panellist": "某人", "note": "", "recorded_by": "某人"}

    def __str__(self) -> str:
        return "遴选打分"


class Objection(models.Model):
    """What somebody said against an organisation during its publicity, with or without a name, and the answer."""

    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="objections")
    text = models.TextField(max_length=1000)
    contact = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()
    upheld = models.BooleanField(null=True)
    answer = models.CharField(max_length=400, blank=True)
    answered_by = models.CharField(max_length=80, null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [together("upheld", "answered_by", "answered_at", name="objection_is_answered_by_somebody")]

    class Secrecy:
        open = {"candidacy", "made_at", "upheld", "answered_at"}
        masked = {"text": "", "contact": "", "answer": "", "answered_by": "某人"}

    def __str__(self) -> str:
        return "公示异议"


class ListReview(models.Model):
    """The yearly look at an organisation on the list: the mean of what the schools said, and whether it stays."""

    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="reviews")
    mean = models.PositiveSmallIntegerField(null=True)  # null: no school used it
    keeps = models.BooleanField()
    note = models.CharField(max_length=200, blank=True)
    until_on = models.DateField()
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Secrecy:
        open = {"candidacy", "mean", "keeps", "until_on", "made_at"}
        masked = {"note": "", "made_by": "某人"}

    def __str__(self) -> str:
        return "年度评估"


class ProviderExit(models.Model):
    """An organisation off the list, or out of a call: how and why; kept for good (R-EXT-04)."""

    candidacy = models.OneToOneField(Candidacy, models.PROTECT, related_name="exit")
    kind = models.CharField(max_length=10)
    reason = models.CharField(max_length=400)
    left_on = models.DateField()
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Secrecy:
        open = {"candidacy", "kind", "reason", "left_on", "made_at"}
        masked = {"made_by": "某人"}

    def __str__(self) -> str:
        return "退出名单"


class Readmission(models.Model):
    """The district lets an organisation that has left apply once more (R-EXT-04)."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="readmissions")
    reason = models.CharField(max_length=400)
    granted_by = models.CharField(max_length=80)
    granted_at = models.DateTimeField()

    class Secrecy:
        open = {"provider", "granted_at"}
        masked = {"reason": "", "granted_by": "某人"}

    def __str__(self) -> str:
        return "准许重新申报"
