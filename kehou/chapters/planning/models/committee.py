"""The family committee: its meetings with votes and signatures, and what its members say beside a plan."""

from __future__ import annotations

from django.db import models

from kehou.chapters.people.models import Account
from kehou.chapters.planning.models.plan import Plan, PlanVersion
from kehou.lib.constraints import together


class CommitteeMeeting(models.Model):
    """A meeting about a version of the plan (document 21). Closed minutes are not changed."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="meetings")
    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="meetings")
    held_on = models.DateField()
    place = models.CharField(max_length=60)
    chair = models.CharField(max_length=60, blank=True)
    members = models.PositiveSmallIntegerField()  # how many the committee had that day
    scan = models.FileField(upload_to="minutes/%Y/%m/", blank=True)
    noted_by = models.CharField(max_length=80)
    noted_at = models.DateTimeField()
    digest = models.CharField(max_length=64, blank=True)
    closed_by = models.CharField(max_length=80, null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [together("closed_by", "closed_at", name="minutes_closed_by_whom_and_when")]

    class Secrecy:
        open = {"plan", "version", "held_on", "place", "members", "noted_at", "digest", "closed_at"}
        masked = {"chair": "", "scan": "", "noted_by": "某人", "closed_by": "某人"}

    def __str__(self) -> str:
        return f"{self.held_on:%-m月%-d日}家委会研讨"


class Attendee(models.Model):
    """A member who came, and the signature under the minutes."""

    meeting = models.ForeignKey(CommitteeMeeting, models.CASCADE, related_name="attendees")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    signature = models.FileField(upload_to="minutes/%Y/%m/", blank=True)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "account"], name="attendee_once_a_meeting")]

    class Secrecy:
        open = {"meeting", "signed_at"}
        masked = {"account": None, "name": "某委员", "signature": ""}

    def __str__(self) -> str:
        return self.name


class MeetingItem(models.Model):
    """One item: what the members said, how they voted, what the school answered."""

    meeting = models.ForeignKey(CommitteeMeeting, models.CASCADE, related_name="items")
    title = models.CharField(max_length=80)
    opinion = models.TextField(max_length=1000, blank=True)
    in_favour = models.PositiveSmallIntegerField(default=0)
    against = models.PositiveSmallIntegerField(default=0)
    abstained = models.PositiveSmallIntegerField(default=0)
    answer = models.TextField(max_length=1000, blank=True)

    class Secrecy:
        open = {"meeting", "title", "opinion", "in_favour", "against", "abstained", "answer"}
        masked: dict[str, object] = {}

    def __str__(self) -> str:
        return self.title


class CommitteeComment(models.Model):
    """What a member says beside a section of the plan, before or after the meeting."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="comments")
    section = models.CharField(max_length=14, blank=True)
    words = models.TextField(max_length=500)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    said_by = models.CharField(max_length=80)
    said_at = models.DateTimeField()

    class Secrecy:
        open = {"plan", "section", "said_at"}
        masked = {"words": "", "account": None, "said_by": "某委员"}
