"""Safety as it is planned: duty matrix, emergency cards, drills, liaison and traffic (3.1-j, 3.2)."""

from __future__ import annotations

from django.db import models

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import StaffMember
from kehou.lib.constraints import together


class DutyPoint(models.Model):
    """A place of the matrix that is no room: a gate, a wave of release, the medical room, a staircase (3.1-j)."""

    school = models.ForeignKey(School, models.PROTECT, related_name="duty_points")
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=40)
    hours = models.JSONField(default=list)  # class hours in which it needs somebody
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "name"], condition=models.Q(removed_at__isnull=True), name="duty_point_once_a_school"
            )
        ]

    class Secrecy:
        open = {"school", "kind", "name", "hours", "added_at", "removed_at"}
        masked: dict[str, object] = {}

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """Return the name under which cells know it."""
        return f"point:{self.pk}"


class DutyCell(models.Model):
    """Who answers for a place in a class hour of a weekday of a term (R-SAFE-01). `place` is a key of the matrix."""

    school = models.ForeignKey(School, models.PROTECT, related_name="duty_cells")
    term = models.ForeignKey(Term, models.PROTECT, related_name="duty_cells")
    place = models.CharField(max_length=30)
    weekday = models.PositiveSmallIntegerField()
    hour = models.PositiveSmallIntegerField()
    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="duty_cells")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "term", "place", "weekday", "hour"], name="one_duty_a_cell"),
            models.UniqueConstraint(
                fields=["school", "term", "staff", "weekday", "hour"], name="nobody_at_two_places_at_once"
            ),
        ]

    class Secrecy:
        open = {"school", "term", "place", "weekday", "hour"}
        masked = {"staff": None}


class EmergencyFacts(models.Model):
    """What the ten cards need to know of a school besides its posts."""

    school = models.OneToOneField(School, models.PROTECT, related_name="emergency_facts")
    assembly = models.CharField(max_length=60, blank=True)
    wait = models.CharField(max_length=60, blank=True)
    gate_place = models.CharField(max_length=60, blank=True)
    hospital = models.CharField(max_length=60, blank=True)
    hospital_phone = models.CharField(max_length=20, blank=True)
    police = models.CharField(max_length=60, blank=True)
    police_phone = models.CharField(max_length=20, blank=True)
    night = models.CharField(max_length=60, blank=True)
    set_by = models.CharField(max_length=80)
    set_at = models.DateTimeField()

    class Secrecy:
        open = {
            "school", "assembly", "wait", "gate_place", "hospital", "hospital_phone", "police", "police_phone",
            "set_at",
        }  # fmt: skip
        masked = {"night": "", "set_by": "某人"}


class Drill(models.Model):
    """A drill: planned, and recorded once it was held (R-SAFE-07)."""

    school = models.ForeignKey(School, models.PROTECT, related_name="drills")
    term = models.ForeignKey(Term, models.PROTECT, related_name="drills")
    scenario = models.CharField(max_length=12)
    planned_on = models.DateField()
    place = models.CharField(max_length=60)
    leader = models.CharField(max_length=60)
    plan = models.TextField(max_length=1000, blank=True)
    planned_by = models.CharField(max_length=80)
    planned_at = models.DateTimeField()
    held_on = models.DateField(null=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    people = models.PositiveSmallIntegerField(null=True)
    findings = models.TextField(max_length=1000, blank=True)
    measures = models.TextField(max_length=1000, blank=True)
    recorded_by = models.CharField(max_length=80, null=True)
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            together("held_on", "minutes", "people", "recorded_by", "recorded_at", name="drill_record_is_whole")
        ]

    class Secrecy:
        open = {
            "school", "term", "scenario", "planned_on", "place", "plan", "planned_at", "held_on", "minutes", "people",
            "findings", "measures", "recorded_at",
        }  # fmt: skip
        masked = {"leader": "某人", "planned_by": "某人", "recorded_by": "某人"}


class SafetyRecord(models.Model):
    """A small record of a term: liaison with the police, traffic-risk assessment, publicity. Struck, never deleted."""

    LIAISON, TRAFFIC, PUBLICITY = "liaison", "traffic", "publicity"
    KINDS = {LIAISON: "与派出所联系", TRAFFIC: "交通安全研判", PUBLICITY: "宣传"}

    school = models.ForeignKey(School, models.PROTECT, related_name="safety_records")
    term = models.ForeignKey(Term, models.PROTECT, related_name="safety_records")
    kind = models.CharField(max_length=10, choices=list(KINDS.items()))
    held_on = models.DateField()
    partner = models.CharField(max_length=80, blank=True)  # with whom, or the channel
    words = models.TextField(max_length=1000)  # what was agreed, the risks found, what was told
    measures = models.TextField(max_length=1000, blank=True)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    struck_because = models.CharField(max_length=120, blank=True)
    struck_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["school", "term", "kind"], name="planning_safety_records")]

    class Secrecy:
        open = {"school", "term", "kind", "held_on", "words", "measures", "recorded_at", "struck_because", "struck_at"}
        masked = {"partner": "", "recorded_by": "某人"}

    def __str__(self) -> str:
        return self.get_kind_display()  # type: ignore[attr-defined, no-any-return]
