"""What a file holds as evidence: proofs with an end, entry checks, trainings, attempts at the quiz."""

from __future__ import annotations

from django.db import models

from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models.member import StaffMember
from kehou.lib.constraints import together


class Proof(models.Model):
    """One proof as it was seen; the newest of a kind counts. Health keeps its last day only, never a picture."""

    member = models.ForeignKey(StaffMember, models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=20)  # rules.staffing.kinds.PROOFS
    reference = models.CharField(max_length=60, blank=True)
    valid_until_on = models.DateField(null=True, blank=True)  # the first day on which it no longer holds
    original_seen = models.BooleanField(default=False)
    scan = models.FileField(upload_to="staff-proofs/", null=True, blank=True)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["member", "kind"], name="staffing_proof_of")]

    class Secrecy:
        open = {"member", "kind", "valid_until_on", "original_seen", "recorded_at"}
        masked = {"reference": "", "scan": None, "recorded_by": "某人"}

    def __str__(self) -> str:
        return f"证明 {self.kind}"


class EntryCheck(models.Model):
    """入职查询: asked for by a school, answered by the police: passed or not, reference, day. Never what was found."""

    ASKED, PASSED, FAILED = "asked", "passed", "failed"

    member = models.ForeignKey(StaffMember, models.PROTECT, related_name="checks")
    school = models.ForeignKey(School, models.PROTECT, related_name="entry_checks")
    state = models.CharField(max_length=10, default=ASKED)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    answered_on = models.DateField(null=True)
    reference = models.CharField(max_length=60, blank=True)
    answered_by = models.CharField(max_length=80, null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=models.Q(state="asked"), name="one_check_is_under_way_at_a_time"
            ),
            together("answered_on", "answered_by", "answered_at", name="a_check_is_answered_whole"),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="staffing_check_waits")]

    class Secrecy:
        open = {"school", "state", "asked_at", "answered_on", "answered_at"}
        masked = {"member": None, "asked_by": "某人", "reference": "", "answered_by": "某人"}

    def __str__(self) -> str:
        return "入职查询"


class Training(models.Model):
    """A training that was passed, by quiz or in a room; its certificate can be checked by anybody (2.4-n)."""

    member = models.ForeignKey(StaffMember, models.PROTECT, related_name="trainings")
    number = models.CharField(max_length=60, unique=True)
    check_code = models.CharField(max_length=16, unique=True)
    topics = models.JSONField()
    how = models.CharField(max_length=10)  # quiz, class
    lecturer = models.CharField(max_length=60, blank=True)
    minutes = models.PositiveSmallIntegerField(default=0)
    score = models.PositiveSmallIntegerField()  # percent
    trained_on = models.DateField()
    valid_until_on = models.DateField()
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Secrecy:
        open = {
            "member", "number", "topics", "how", "minutes", "score", "trained_on", "valid_until_on", "recorded_at",
        }  # fmt: skip
        masked = {"check_code": "", "lecturer": "", "recorded_by": "某人"}

    def __str__(self) -> str:
        return self.number


class QuizAttempt(models.Model):
    """One attempt at the training quiz: which questions, what was answered, how much was right."""

    member = models.ForeignKey(StaffMember, models.PROTECT, related_name="attempts")
    questions = models.JSONField()
    answers = models.JSONField(default=dict)
    score = models.PositiveSmallIntegerField(null=True)
    passed = models.BooleanField(default=False)
    begun_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [together("score", "handed_in_at", name="an_attempt_is_handed_in_with_a_score")]

    class Secrecy:
        open = {"questions", "score", "passed", "begun_at", "handed_in_at"}
        masked = {"member": None, "answers": {}}

    def __str__(self) -> str:
        return "培训测验"
