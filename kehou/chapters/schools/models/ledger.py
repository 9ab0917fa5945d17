"""The resource ledger (工作台账): the places and the equipment of a school, and the census of each term."""

from __future__ import annotations

from django.db import models

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models.school import School
from kehou.lib.constraints import together
from kehou.rules.resources import ItemState, Part


class Room(models.Model):
    """A function room, a ground or a practice base of the resource ledger (clause 2.7.1-b)."""

    school = models.ForeignKey(School, models.PROTECT, related_name="rooms")
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=40)
    building = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=12, default="room")  # room, ground, homeroom, off_campus
    area_m2 = models.PositiveSmallIntegerField(null=True, blank=True)
    seats = models.PositiveSmallIntegerField(null=True, blank=True)
    capacity = models.PositiveSmallIntegerField()  # pupils at most during the service (R-GRP-01)
    exits = models.PositiveSmallIntegerField(default=1)
    risk_class = models.CharField(max_length=1, default="A")
    kit = models.CharField(max_length=200, blank=True)  # what stands in it and may be used
    keeper = models.CharField(max_length=40, blank=True)
    rain_room = models.ForeignKey("self", models.SET_NULL, null=True, blank=True)
    approval_reference = models.CharField(max_length=120, blank=True)  # off-campus places need one (R-VEN-01)
    checked_on = models.DateField(null=True, blank=True)
    retired_on = models.DateField(null=True, blank=True)
    weekdays = models.JSONField(default=list)  # ISO weekdays on which it may be used; empty: all
    # a ground
    surface = models.CharField(max_length=40, blank=True)
    extent = models.CharField(max_length=40, blank=True)
    by_sport = models.CharField(max_length=120, blank=True)  # how many, sport by sport
    has_light = models.BooleanField(default=True)  # without, nothing is held there after sunset
    rain_rule = models.CharField(max_length=120, blank=True)
    # a practice base outside
    owner = models.CharField(max_length=80, blank=True)
    distance_m = models.PositiveIntegerField(null=True, blank=True)
    offers = models.CharField(max_length=200, blank=True)
    agreement_until = models.DateField(null=True, blank=True)  # its last day
    transport = models.CharField(max_length=80, blank=True)
    season = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "code"], name="room_code_once_a_school")]

    class Secrecy:
        open = {
            "school", "code", "name", "building", "kind", "area_m2", "seats", "capacity", "exits", "risk_class",
            "kit", "rain_room", "approval_reference", "checked_on", "retired_on", "weekdays", "surface", "extent",
            "by_sport", "has_light", "rain_rule", "owner", "distance_m", "offers", "agreement_until", "transport",
            "season",
        }  # fmt: skip
        masked = {"keeper": ""}

    def __str__(self) -> str:
        return self.name


class Equipment(models.Model):
    """Equipment of the ledger: how many there are, how many of them are fit, where they stand."""

    school = models.ForeignKey(School, models.PROTECT, related_name="equipment")
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=40)
    model = models.CharField(max_length=40, blank=True)
    quantity = models.PositiveIntegerField()
    good = models.PositiveIntegerField()
    room = models.ForeignKey(Room, models.SET_NULL, null=True, blank=True, related_name="equipment")
    place = models.CharField(max_length=40, blank=True)  # where it is kept when that is no room of the ledger
    from_fund = models.BooleanField(default=False)  # bought from the fund of the service (2.6.3-g)
    asset_number = models.CharField(max_length=40, blank=True)
    keeper = models.CharField(max_length=40, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "code"], name="equipment_code_once_a_school"),
            models.CheckConstraint(
                condition=models.Q(good__lte=models.F("quantity")), name="equipment_fit_are_some_of_all"
            ),
        ]

    class Secrecy:
        open = {
            "school", "code", "name", "model", "quantity", "good", "room", "place", "from_fund", "asset_number",
            "checked_on", "retired_on",
        }  # fmt: skip
        masked = {"keeper": ""}

    def __str__(self) -> str:
        return self.name


class Census(models.Model):
    """The census of a school in a term (调查摸底, 2.7.1-a): every row of the ledger is looked at by somebody."""

    school = models.ForeignKey(School, models.PROTECT, related_name="censuses")
    term = models.ForeignKey(Term, models.PROTECT, related_name="censuses")
    state = models.CharField(max_length=10, default="open")
    opened_by = models.CharField(max_length=80)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "term"], name="census_once_a_term")]

    class Secrecy:
        open = {"school", "term", "state", "opened_at"}
        masked = {"opened_by": "某人"}

    def __str__(self) -> str:
        return f"{self.term.name}资源调查"


class CensusItem(models.Model):
    """A row of the ledger in a census: carried over, then confirmed, changed or struck off by somebody, once.

    `key` names the row (`room:12`, `equipment:3`, `staff:40`): people belong to a later chapter.
    """

    census = models.ForeignKey(Census, models.CASCADE, related_name="items")
    part = models.CharField(max_length=10, choices=Part.choices())
    key = models.CharField(max_length=24)
    code = models.CharField(max_length=12, blank=True)
    name = models.CharField(max_length=60)
    location = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=ItemState.choices(), default=ItemState.PENDING.value)
    verified_by = models.CharField(max_length=80, null=True)
    verified_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["census", "key"], name="census_item_once"),
            together("verified_by", "verified_at", name="census_item_has_who_and_when"),
        ]
        indexes = [models.Index(fields=["census", "part", "state"], name="schools_census_part")]

    class Secrecy:
        open = {"census", "part", "key", "code", "location", "state", "verified_at"}
        masked = {"name": "", "verified_by": "某人"}

    def __str__(self) -> str:
        return self.name


class CensusNone(models.Model):
    """The statement that a school has nothing of a part (R-RES-02: “无” is said, not left blank)."""

    census = models.ForeignKey(Census, models.CASCADE, related_name="nones")
    part = models.CharField(max_length=10, choices=Part.choices())
    stated_by = models.CharField(max_length=80)
    stated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["census", "part"], name="none_is_stated_once_a_part")]

    class Secrecy:
        open = {"census", "part", "stated_at"}
        masked = {"stated_by": "某人"}

    def __str__(self) -> str:
        return f"{Part(self.part).label}：无"


class CensusClosing(models.Model):
    """The ledger as a census has stated it: five parts in words, with their hash. A later closing is a new version."""

    census = models.ForeignKey(Census, models.PROTECT, related_name="closings")
    version = models.PositiveSmallIntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    closed_by = models.CharField(max_length=80)
    closed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["census", "version"], name="census_version_once")]

    class Secrecy:
        open = {"census", "version", "digest", "closed_at"}
        masked = {"document": {}, "closed_by": "某人"}

    def __str__(self) -> str:
        return f"第{self.version}版"
