"""Safety checks of places and equipment, and repairs: an overdue check or a grave fault closes a room (R-SAFE-05)."""

from __future__ import annotations

from django.db import models

from kehou.chapters.schools.models.ledger import Equipment, Room
from kehou.chapters.schools.models.school import School
from kehou.lib.constraints import together
from kehou.rules.resources import Gravity

ONE_OF_TWO = models.Q(room__isnull=True) ^ models.Q(equipment__isnull=True)


class SafetyCheck(models.Model):
    """One look at a room or at equipment: by whom, on which day, what was found. Never changed."""

    school = models.ForeignKey(School, models.PROTECT, related_name="safety_checks")
    room = models.ForeignKey(Room, models.PROTECT, null=True, related_name="checks")
    equipment = models.ForeignKey(Equipment, models.PROTECT, null=True, related_name="checks")
    checked_on = models.DateField()
    checker = models.CharField(max_length=40)
    found = models.CharField(max_length=200, blank=True)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=ONE_OF_TWO, name="check_is_of_a_room_or_of_equipment")]
        indexes = [models.Index(fields=["school", "-checked_on"], name="schools_checks_by_day")]

    class Secrecy:
        open = {"school", "room", "equipment", "checked_on", "found", "recorded_at"}
        masked = {"checker": "某人", "recorded_by": "某人"}

    def __str__(self) -> str:
        return f"{self.checked_on.month}月{self.checked_on.day}日检查"


class Repair(models.Model):
    """A fault and its mending. A `red` one closes the room until it is mended."""

    school = models.ForeignKey(School, models.PROTECT, related_name="repairs")
    room = models.ForeignKey(Room, models.PROTECT, null=True, related_name="repairs")
    equipment = models.ForeignKey(Equipment, models.PROTECT, null=True, related_name="repairs")
    fault = models.CharField(max_length=200)
    gravity = models.CharField(max_length=8, choices=Gravity.choices())
    opened_by = models.CharField(max_length=80)
    opened_at = models.DateTimeField()
    outcome = models.CharField(max_length=200, blank=True)
    closed_by = models.CharField(max_length=80, null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ONE_OF_TWO, name="repair_is_of_a_room_or_of_equipment"),
            together("closed_by", "closed_at", name="repair_end_has_who_and_when"),
        ]
        indexes = [models.Index(fields=["school", "closed_at"], name="schools_repairs_open")]

    class Secrecy:
        open = {"school", "room", "equipment", "fault", "gravity", "opened_at", "outcome", "closed_at"}
        masked = {"opened_by": "某人", "closed_by": "某人"}

    def __str__(self) -> str:
        return self.fault
