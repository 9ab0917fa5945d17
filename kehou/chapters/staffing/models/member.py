"""The adults of the service: who they are, what they offered. Files and checks come before the gate, later."""

from __future__ import annotations

from django.db import models

from kehou.chapters.people.models import Account
from kehou.chapters.schools.models import School


class StaffMember(models.Model):
    """An adult who may lead a group at a school: in-service teacher or one of the external kinds (2.4-a, 2.4-f)."""

    school = models.ForeignKey(School, models.PROTECT, related_name="staff")
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="staff_records")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, default="in_service")
    subject = models.CharField(max_length=20, blank=True)
    skills = models.CharField(max_length=200, blank=True)
    weekdays = models.JSONField(default=list)  # ISO weekdays they offered to serve; empty: not said
    weekly_cap = models.PositiveSmallIntegerField(default=10)  # class hours
    state = models.CharField(max_length=20, default="in_use")  # in_use, left
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["school", "state", "name"], name="staffing_staff_list")]

    class Secrecy:
        open = {"school", "kind", "subject", "weekdays", "weekly_cap", "state", "joined_on", "left_on"}
        masked = {"account": None, "name": "某老师", "skills": ""}

    def __str__(self) -> str:
        return self.name
