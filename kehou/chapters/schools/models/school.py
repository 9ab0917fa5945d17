"""Schools, their homerooms and when they dismiss."""

from __future__ import annotations

from django.db import models

from kehou.chapters.basis.models import Term
from kehou.lib.constraints import before, within


class School(models.Model):
    """A tenant. `code` is the ten-digit school identifier."""

    PRIMARY, JUNIOR, NINE_YEAR, SPECIAL = "primary", "junior", "nine_year", "special"

    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=12)
    town = models.CharField(max_length=30)
    address = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    is_private = models.BooleanField(default=False)
    has_boarders = models.BooleanField(default=False)
    charges_fee = models.BooleanField(
        default=True
    )  # elig.private: a private school files its plan, this fee item is off
    opened_on = models.DateField(null=True, blank=True)

    class Secrecy:
        open = {
            "code",
            "name",
            "kind",
            "town",
            "address",
            "phone",
            "is_private",
            "has_boarders",
            "charges_fee",
            "opened_on",
        }
        masked: dict[str, object] = {}

    def __str__(self) -> str:
        return self.name


class Homeroom(models.Model):
    """An administrative class in one school year."""

    school = models.ForeignKey(School, models.PROTECT, related_name="homerooms")
    school_year = models.PositiveSmallIntegerField()
    grade = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    site = models.CharField(max_length=30, blank=True)  # a village teaching point under a centre school

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "school_year", "grade", "number"], name="homeroom_once_a_year"),
            within("grade", 1, 9, name="homeroom_grade_is_compulsory_stage"),
        ]

    class Secrecy:
        open = {"school", "school_year", "grade", "number", "site"}
        masked: dict[str, object] = {}

    def __str__(self) -> str:
        return f"{'一二三四五六七八九'[self.grade - 1]}年级{self.number}班"


class Season(models.Model):
    """A summer or winter timetable; exactly one holds on a day (R-TIME-05)."""

    school = models.ForeignKey(School, models.PROTECT, related_name="seasons")
    name = models.CharField(max_length=20)
    from_on = models.DateField()
    until_on = models.DateField()

    class Meta:
        constraints = [before("from_on", "until_on", name="season_ends_after_it_begins")]

    class Secrecy:
        open = {"school", "name", "from_on", "until_on"}
        masked: dict[str, object] = {}

    def __str__(self) -> str:
        return self.name


class DismissalTime(models.Model):
    """When a grade is dismissed on a weekday of a season: before this no service (R-TIME-02)."""

    season = models.ForeignKey(Season, models.CASCADE, related_name="dismissals")
    grade = models.PositiveSmallIntegerField()
    weekday = models.PositiveSmallIntegerField()  # ISO: 1 Monday … 7 Sunday, as everywhere in the house
    at = models.TimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["season", "grade", "weekday"], name="dismissal_once_a_weekday"),
            within("grade", 1, 9, name="dismissal_grade_is_compulsory_stage"),
            within("weekday", 1, 7, name="dismissal_weekday_is_a_weekday"),
        ]

    class Secrecy:
        open = {"season", "grade", "weekday", "at"}
        masked: dict[str, object] = {}

    def __str__(self) -> str:
        return f"{self.grade}年级{self.at:%H:%M}放学"


class EndException(models.Model):
    """A later end than 18:30: reasoned, approved by the district, with an end date (clause 2.2-c)."""

    school = models.ForeignKey(School, models.PROTECT, related_name="end_exceptions")
    latest_end = models.TimeField()
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.CharField(max_length=200)
    approval_reference = models.CharField(max_length=120)
    approved_by = models.CharField(max_length=80)
    approved_at = models.DateTimeField()

    class Meta:
        constraints = [before("from_on", "until_on", name="end_exception_ends_after_it_begins")]

    class Secrecy:
        open = {"school", "latest_end", "from_on", "until_on", "reason", "approval_reference", "approved_at"}
        masked = {"approved_by": "某人"}

    def __str__(self) -> str:
        return f"可到{self.latest_end:%H:%M}（{self.approval_reference}）"


class SchoolTerm(models.Model):
    """One school in one term: what belongs to both."""

    school = models.ForeignKey(School, models.PROTECT, related_name="terms")
    term = models.ForeignKey(Term, models.PROTECT, related_name="schools")
    complaint_phone = models.CharField(max_length=20, blank=True)
    inspector = models.CharField(max_length=40, blank=True)  # the inspector responsible for the school (责任督学)
    inspector_phone = models.CharField(max_length=20, blank=True)
    latest_pick_up = models.TimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "term"], name="school_once_a_term")]

    class Secrecy:
        open = {"school", "term", "complaint_phone", "inspector_phone", "latest_pick_up"}
        masked = {"inspector": "某人"}

    def __str__(self) -> str:
        return f"{self.school.name} {self.term.name}"
