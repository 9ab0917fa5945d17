"""Complaints, accidents and penalties in somebody's file (2.4-i)."""

from __future__ import annotations

from django.db import models

from kehou.chapters.staffing.models.member import StaffMember
from kehou.lib.constraints import together
from kehou.rules.staffing.incidents import IncidentKind, IncidentResult


class StaffIncident(models.Model):
    """One thing that went wrong: what and when, what the person says to it, how it was concluded.

    Written once; what was entered by mistake is struck with a reason and stays readable.
    """

    member = models.ForeignKey(StaffMember, models.PROTECT, related_name="incidents")
    kind = models.CharField(max_length=10, choices=IncidentKind.choices())
    on = models.DateField()
    what = models.CharField(max_length=300)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    statement = models.CharField(max_length=500, blank=True)
    stated_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=10, blank=True)
    outcome = models.CharField(max_length=300, blank=True)
    concluded_by = models.CharField(max_length=80, null=True)
    concluded_at = models.DateTimeField(null=True)
    struck_because = models.CharField(max_length=200, blank=True)
    struck_by = models.CharField(max_length=80, null=True)
    struck_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            together("concluded_by", "concluded_at", name="an_incident_is_concluded_by_somebody"),
            together("struck_by", "struck_at", name="an_incident_is_struck_by_somebody"),
        ]

    class Secrecy:
        open = {"member", "kind", "on", "recorded_at", "stated_at", "result", "concluded_at", "struck_at"}
        masked = {
            "what": "", "statement": "", "outcome": "", "struck_because": "", "recorded_by": "某人",
            "concluded_by": None, "struck_by": None,
        }  # fmt: skip

    def __str__(self) -> str:
        return IncidentKind(self.kind).label

    @property
    def state(self) -> tuple[str, str]:
        """Return (kind, words) of where it stands."""
        if self.struck_at:
            return "plain", "已更正"
        if self.concluded_at:
            return "done", IncidentResult(self.result).label
        return "wait", "核查中"
