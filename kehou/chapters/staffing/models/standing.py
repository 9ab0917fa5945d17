"""Why somebody may not serve now: suspended, left, on the district's list; and the roster the district accepted."""

from __future__ import annotations

from django.db import models

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models.member import StaffMember
from kehou.lib.constraints import together
from kehou.lib.masked import MaskedTextField


class Suspension(models.Model):
    """Somebody does not serve for a while: why, from when, until when. `kind` conduct ends only with the district."""

    member = models.ForeignKey(StaffMember, models.PROTECT, related_name="suspensions")
    kind = models.CharField(max_length=10)  # plain, conduct
    reason = models.CharField(max_length=200)
    begun_by = models.CharField(max_length=80)
    begun_at = models.DateTimeField()
    ended_by = models.CharField(max_length=80, null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=models.Q(ended_at=None), name="suspended_once"),
            together("ended_by", "ended_at", name="a_suspension_is_ended_by_somebody"),
        ]

    class Secrecy:
        open = {"member", "kind", "begun_at", "ended_at"}
        masked = {"reason": "", "begun_by": "某人", "ended_by": None}

    def __str__(self) -> str:
        return "暂停"


class Departure(models.Model):
    """Somebody left the service of a school; the reason is kept (2.5-g, R-EXT-04)."""

    member = models.OneToOneField(StaffMember, models.PROTECT, related_name="departure")
    on = models.DateField()
    reason = models.CharField(max_length=200)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Secrecy:
        open = {"member", "on", "recorded_at"}
        masked = {"reason": "", "recorded_by": "某人"}

    def __str__(self) -> str:
        return "退出"


class ReturnRequest(models.Model):
    """A school asks the district to agree that somebody serves again: after leaving or a conduct suspension (P6-4)."""

    ASKED, AGREED, DECLINED = "asked", "agreed", "declined"

    member = models.ForeignKey(StaffMember, models.PROTECT, related_name="return_requests")
    kind = models.CharField(max_length=10)  # reentry, resume
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default=ASKED)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=200, blank=True)
    decided_by = models.CharField(max_length=80, null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=models.Q(state="asked"), name="one_return_is_asked_at_a_time"
            ),
            together("decided_by", "decided_at", name="a_return_is_decided_by_somebody"),
        ]

    class Secrecy:
        open = {"member", "kind", "state", "asked_at", "decided_at"}
        masked = {"reason": "", "asked_by": "某人", "answer": "", "decided_by": None}

    def __str__(self) -> str:
        return "再次参加"


class Restriction(models.Model):
    """The district's list: who may not serve, on which basis, from when to when (P6-1). Two persons release (P6-4)."""

    name = models.CharField(max_length=60)
    id_hash = models.CharField(max_length=64, db_index=True)
    id_number = MaskedTextField()
    kind = models.CharField(max_length=10)  # ban (从业禁止), conduct (师德限制)
    basis = models.CharField(max_length=120)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    listed_by = models.CharField(max_length=80)
    listed_at = models.DateTimeField()
    release_reason = models.CharField(max_length=200, blank=True)
    release_proposed_by = models.CharField(max_length=80, null=True)
    release_proposer = models.BigIntegerField(null=True)
    release_proposed_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=80, null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["id_hash"], condition=models.Q(released_at=None, until_on=None), name="listed_once_without_end"
            ),
            together("released_by", "released_at", name="a_release_is_approved_by_somebody"),
        ]

    class Secrecy:
        open = {"kind", "from_on", "until_on", "listed_at", "release_proposed_at", "released_at"}
        masked = {
            "name": "某人", "id_hash": "", "id_number": None, "basis": "", "listed_by": "某人", "release_reason": "",
            "release_proposed_by": None, "release_proposer": None, "released_by": None,
        }  # fmt: skip

    def __str__(self) -> str:
        return "限制名单"


class AcceptedRoster(models.Model):
    """The list of people the district accepted for a school and term; the newest version is in force (2.4-p)."""

    school = models.ForeignKey(School, models.PROTECT, related_name="accepted_rosters")
    term = models.ForeignKey(Term, models.PROTECT, related_name="accepted_rosters")
    version = models.PositiveSmallIntegerField()
    receipt_number = models.CharField(max_length=60)
    members = models.ManyToManyField(StaffMember, related_name="rosters")
    accepted_by = models.CharField(max_length=80)
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "term", "version"], name="a_roster_has_one_version"),
        ]

    class Secrecy:
        open = {"school", "term", "version", "receipt_number", "members", "accepted_at"}
        masked = {"accepted_by": "某人"}

    def __str__(self) -> str:
        return f"{self.receipt_number} 第{self.version}版"


class StaffList(models.Model):
    """A spreadsheet of people: read first, taken whole or not at all. The rows hold ID numbers and are sealed."""

    school = models.ForeignKey(School, models.PROTECT, related_name="staff_lists")
    file_name = models.CharField(max_length=120)
    rows = MaskedTextField(null=True)
    people = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    state = models.CharField(max_length=10, default="read")  # rules.states.RosterImportState
    read_by = models.CharField(max_length=80)
    read_at = models.DateTimeField()

    class Secrecy:
        open = {"school", "people", "state", "read_at"}
        masked = {"file_name": "名单.xlsx", "rows": None, "problems": [], "read_by": "某人"}

    def __str__(self) -> str:
        return "人员名单"
