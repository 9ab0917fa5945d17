"""The activity table (学生课后服务内容项目表): what is offered, when, where, by whom, to which grades."""

from __future__ import annotations

from django.db import models

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import Homeroom, Room, School
from kehou.chapters.staffing.models import StaffMember
from kehou.lib.constraints import within


class ActivityTable(models.Model):
    """The table of one school in one term. Its published versions are kept as they were."""

    school = models.ForeignKey(School, models.PROTECT, related_name="activity_tables")
    term = models.ForeignKey(Term, models.PROTECT, related_name="activity_tables")
    state = models.CharField(max_length=12, default="draft")  # draft, published, reopened
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "term"], name="one_activity_table_a_term")]

    class Secrecy:
        open = {"school", "term", "state", "made_at"}
        masked: dict[str, object] = {}

    def __str__(self) -> str:
        return f"{self.school.name}{self.term.name}内容项目表"


class TablePublication(models.Model):
    """A version of the table as it was published, with its hash (2.3-h)."""

    table = models.ForeignKey(ActivityTable, models.PROTECT, related_name="publications")
    version = models.PositiveSmallIntegerField()
    rows = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "version"], name="table_version_once")]

    class Secrecy:
        open = {"table", "version", "rows", "digest", "published_at"}
        masked = {"published_by": "某人"}

    def __str__(self) -> str:
        return f"项目表第{self.version}版"


class AcceptedTable(models.Model):
    """The version of a table that the district accepted with a filing; the newest is in force (4-c). Written once."""

    publication = models.ForeignKey(TablePublication, models.PROTECT, related_name="acceptances")
    receipt_number = models.CharField(max_length=40)
    accepted_by = models.CharField(max_length=80)
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["receipt_number"], name="a_receipt_accepts_one_table")]

    class Secrecy:
        open = {"publication", "receipt_number", "accepted_at"}
        masked = {"accepted_by": "某人"}

    def __str__(self) -> str:
        return f"{self.receipt_number} {self.publication}"


class Activity(models.Model):
    """One row of the table (2.3-i). `grades` and `domains` are lists in order; `aim` uses the policy's four words."""

    table = models.ForeignKey(ActivityTable, models.PROTECT, related_name="activities")
    name = models.CharField(max_length=40)
    category = models.CharField(max_length=20)
    category_reason = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=10)  # basic, featured
    domains = models.JSONField(default=list)  # moral, intellectual, physical, aesthetic, labour
    aim = models.CharField(max_length=200)
    grades = models.JSONField(default=list)
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="activities")
    in_homeroom = models.BooleanField(default=False)  # meets in classrooms: each child's own, or that of `homeroom`
    homeroom = models.ForeignKey(Homeroom, models.PROTECT, null=True, blank=True, related_name="activities")
    leader = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="activities")
    helpers = models.ManyToManyField(StaffMember, blank=True, related_name="helped_activities")  # R-SAFE-04
    class_hours = models.PositiveSmallIntegerField(default=1)
    capacity = models.PositiveSmallIntegerField()
    minimum = models.PositiveSmallIntegerField(default=15)
    risk_class = models.CharField(max_length=1, default="A")
    kit = models.CharField(max_length=120, blank=True)
    week_of_month = models.PositiveSmallIntegerField(null=True, blank=True)  # 1: first such weekday of a month
    one_team = models.BooleanField(default=False)  # the same children on all its weekdays: drawn whole, before the rest
    is_base_care = models.BooleanField(default=False)  # homework and reading: fills free hours, holds the guarantee
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["table", "name"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="activity_name_once_a_table",
            ),
            within("class_hours", 1, 3, name="activity_has_one_to_three_class_hours"),
            models.CheckConstraint(condition=models.Q(capacity__gte=1), name="activity_has_a_seat"),
        ]

    class Secrecy:
        open = {
            "table", "name", "category", "category_reason", "kind", "domains", "aim", "grades", "room", "in_homeroom",
            "homeroom", "leader", "helpers", "class_hours", "capacity", "minimum", "risk_class", "kit", "week_of_month",
            "one_team", "is_base_care", "withdrawn_at",
        }  # fmt: skip
        masked: dict[str, object] = {}

    def __str__(self) -> str:
        return self.name


class Slot(models.Model):
    """An activity on one weekday: what a family can wish for, and a section of the draw.

    `weekday` is ISO (1 Monday). `first_hour` is the class hour it begins in (1…3); the clock times are those of its
    latest-dismissed grade in the season in which the service of the term begins (other seasons: `queries.times_of`).
    A slot taken out of the table keeps its row: wishes and sessions of the past point to it.
    """

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="slots")
    weekday = models.PositiveSmallIntegerField()
    first_hour = models.PositiveSmallIntegerField(default=1)
    starts_at = models.TimeField()
    ends_at = models.TimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "weekday"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="activity_once_a_weekday",
            ),
            within("weekday", 1, 7, name="slot_weekday_is_a_weekday"),
            within("first_hour", 1, 3, name="slot_begins_in_hour_one_to_three"),
            models.CheckConstraint(
                condition=models.Q(starts_at__lt=models.F("ends_at")), name="slot_ends_after_it_starts"
            ),
        ]

    class Secrecy:
        open = {"activity", "weekday", "first_hour", "starts_at", "ends_at", "withdrawn_at"}
        masked: dict[str, object] = {}

    def __str__(self) -> str:
        return f"周{'一二三四五六日'[self.weekday - 1]}{self.starts_at:%H:%M}"


class Permit(models.Model):
    """What a school asks the district to allow in a term: a blocked wording (P2-1), an activity off campus (2.3-k).

    It keeps the activity as it was asked for: `name`, `aim`, `terms` (what the lint found) and `sent` (the row as it
    was typed) of a wording; `room`, `weekdays`, `grades`, `pupils`, `escorts`, `route`, `safety_plan` and `consent` of
    a trip.
    """

    school = models.ForeignKey(School, models.PROTECT, related_name="permits")
    term = models.ForeignKey(Term, models.PROTECT, related_name="permits")
    kind = models.CharField(max_length=12)  # wording, off_campus
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, blank=True, related_name="permits")
    name = models.CharField(max_length=40)
    aim = models.CharField(max_length=200, blank=True)
    terms = models.JSONField(default=list)
    sent = models.JSONField(default=dict)
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="permits")
    weekdays = models.JSONField(default=list)
    grades = models.JSONField(default=list)
    pupils = models.PositiveSmallIntegerField(default=0)
    escorts = models.JSONField(default=list)
    route = models.CharField(max_length=300, blank=True)
    safety_plan = models.CharField(max_length=1000, blank=True)
    consent = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=12, default="asked")  # asked, granted, refused, withdrawn, revoked
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decision_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["term", "state"], name="permits_that_wait")]

    class Secrecy:
        open = {
            "school", "term", "kind", "activity", "name", "aim", "terms", "room", "weekdays", "grades", "pupils",
            "route", "safety_plan", "consent", "reason", "state", "asked_at", "decided_at", "decision_reason",
        }  # fmt: skip
        masked = {"sent": {}, "escorts": [], "asked_by": "某人", "decided_by": "某人"}

    def __str__(self) -> str:
        return f"{self.school.name}“{self.name}”的申请"
