"""志愿服务: the ledger of unpaid hours and the certificates made from it (2.4-g)."""

from __future__ import annotations

from django.db import models

from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models.member import StaffMember
from kehou.lib.constraints import before, together, within


class VolunteerHours(models.Model):
    """One service of a volunteer. From a session it is sure at once; typed in, somebody else confirms it."""

    member = models.ForeignKey(StaffMember, models.PROTECT, related_name="volunteer_hours")
    school = models.ForeignKey(School, models.PROTECT, related_name="volunteer_hours")
    on = models.DateField()
    what = models.CharField(max_length=80)
    minutes = models.PositiveSmallIntegerField()
    session = models.PositiveBigIntegerField(null=True)  # the timetable's own key; it delivers and owns it
    entered_by = models.CharField(max_length=80)
    entered_account = models.BigIntegerField(null=True)
    entered_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=80, null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "session"], name="a_session_is_credited_once"),
            together("confirmed_by", "confirmed_at", name="hours_are_confirmed_by_somebody"),
            within("minutes", 1, 480, name="hours_of_one_day"),
        ]
        indexes = [models.Index(fields=["school", "on"], name="staffing_volunteer_days")]

    class Secrecy:
        open = {"school", "on", "what", "minutes", "session", "entered_at", "confirmed_at"}
        masked = {"member": None, "entered_by": "某人", "entered_account": None, "confirmed_by": "某人"}

    def __str__(self) -> str:
        return "志愿时数"


class Certificate(models.Model):
    """志愿服务证明: what was confirmed by the day it was issued, kept as it was; `code` proves it to anybody."""

    member = models.ForeignKey(StaffMember, models.PROTECT, related_name="certificates")
    school = models.ForeignKey(School, models.PROTECT, related_name="certificates")
    number = models.CharField(max_length=40, unique=True)
    code = models.CharField(max_length=24, unique=True)
    from_on = models.DateField()
    until_on = models.DateField()
    minutes = models.PositiveIntegerField()
    lines = models.JSONField()
    issued_by = models.CharField(max_length=80)
    issued_at = models.DateTimeField()
    revoked_because = models.CharField(max_length=200, blank=True)
    revoked_by = models.CharField(max_length=80, null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            before("from_on", "until_on", name="certificate_covers_some_days"),
            together("revoked_by", "revoked_at", name="certificate_revoked_by_somebody"),
        ]

    class Secrecy:
        open = {"school", "number", "from_on", "until_on", "minutes", "issued_at", "revoked_at"}
        masked = {
            "member": None, "code": "", "lines": [], "issued_by": "某人", "revoked_because": "", "revoked_by": "某人",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"志愿服务证明{self.number}"
