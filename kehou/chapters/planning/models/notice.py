"""The notice to guardians: its versions, and who has it in hand."""

from __future__ import annotations

from django.db import models

from kehou.chapters.people.models import Account, Pupil
from kehou.chapters.planning.models.plan import Plan, PlanVersion


class Notice(models.Model):
    """A version of the notice letter (document 3), never changed after it is issued."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="notices")
    version = models.PositiveSmallIntegerField()
    plan_version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="+")
    content = models.JSONField()
    digest = models.CharField(max_length=64, db_index=True)
    issued_by = models.CharField(max_length=80)
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "version"], name="notice_version_once")]

    class Secrecy:
        open = {"plan", "version", "plan_version", "content", "digest", "issued_at"}
        masked = {"issued_by": "某人"}

    def __str__(self) -> str:
        return f"告知书第{self.version}版"


class NoticeReceipt(models.Model):
    """That a child's family has a notice in hand: a guardian opened and confirmed it, or signed the paper list."""

    ONLINE, PAPER = "online", "paper"

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="receipts")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="notice_receipts")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    method = models.CharField(max_length=6)
    scan = models.FileField(upload_to="notices/%Y/%m/", blank=True)
    received_at = models.DateTimeField()
    noted_by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "pupil"], name="notice_received_once")]

    class Secrecy:
        open = {"notice", "method", "received_at"}
        masked = {"pupil": None, "account": None, "scan": "", "noted_by": "某人"}
