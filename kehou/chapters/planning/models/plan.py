"""The service plan of a school in a term: sections, sources, the versions that others have read, attachments."""

from __future__ import annotations

from django.db import models

from kehou.chapters.basis.models import Term
from kehou.chapters.people.models import Account
from kehou.chapters.schools.models import School
from kehou.lib.constraints import together
from kehou.rules.planning import Section, SourceKind


class Plan(models.Model):
    """One plan a school and term. `state` moves along `kehou.rules.states.PLAN`."""

    school = models.ForeignKey(School, models.PROTECT, related_name="plans")
    term = models.ForeignKey(Term, models.PROTECT, related_name="plans")
    state = models.CharField(max_length=12, default="drafting")
    started_by = models.CharField(max_length=80)
    started_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "term"], name="one_plan_a_term")]

    class Secrecy:
        open = {"school", "term", "state", "started_at"}
        masked = {"started_by": "某人"}

    def __str__(self) -> str:
        return f"{self.school.name}{self.term.name}课后服务实施方案"


class PlanSection(models.Model):
    """A section as it stands. `revision` counts the savings: who saves over a newer one is shown it first."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="sections")
    key = models.CharField(max_length=14, choices=Section.choices())
    body = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    edited_by = models.CharField(max_length=80)
    edited_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="plan_section_once")]

    class Secrecy:
        open = {"plan", "key", "body", "revision", "edited_at"}
        masked = {"edited_by": "某人"}

    def __str__(self) -> str:
        return self.get_key_display()  # type: ignore[attr-defined, no-any-return]


class PlanSource(models.Model):
    """What statements cite as 〔注n〕. `survey` is kept as its number: the survey's own row says whether it is over."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="sources")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=SourceKind.choices())
    label = models.CharField(max_length=160)
    digest = models.CharField(max_length=64, blank=True)
    survey = models.ForeignKey("surveys.Survey", models.PROTECT, null=True, related_name="+")
    cited_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_source_number_once")]

    class Secrecy:
        open = {"plan", "number", "kind", "label", "digest", "survey", "cited_at"}
        masked: dict[str, object] = {}

    def __str__(self) -> str:
        return f"〔注{self.number}〕{self.label}"


class PlanVersion(models.Model):
    """The plan as somebody has read it: never changed afterwards. `content` is what the digest is made of."""

    DRAFT, FIRST, SECOND, FINAL, AMENDED = "draft", "first", "second", "final", "amended"
    STAGES = {DRAFT: "初稿", FIRST: "第一轮征求意见稿", SECOND: "第二轮征求意见稿", FINAL: "定稿", AMENDED: "调整稿"}

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()  # v0 is the first draft
    stage = models.CharField(max_length=8, choices=list(STAGES.items()))
    content = models.JSONField()
    digest = models.CharField(max_length=64, db_index=True)
    note = models.CharField(max_length=200, blank=True)
    made_by = models.CharField(max_length=80)
    made_by_account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    signed_by = models.CharField(max_length=80, null=True)
    signed_at = models.DateTimeField(null=True)
    returned_because = models.CharField(max_length=200, blank=True)
    returned_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_number_once"),
            together("signed_by", "signed_at", name="plan_signature_has_who_and_when"),
        ]

    class Secrecy:
        open = {
            "plan", "number", "stage", "content", "digest", "note", "made_at", "signed_at", "returned_because",
            "returned_at",
        }  # fmt: skip
        masked = {"made_by": "某人", "made_by_account": None, "signed_by": "某人"}

    def __str__(self) -> str:
        return f"第{self.number}版 {self.STAGES[self.stage]}"

    @property
    def bodies(self) -> dict[str, str]:
        """Return the text of each section."""
        return {key: body for key, _, body in self.content["sections"]}


class PlanAttachment(models.Model):
    """A paper that belongs to the plan; taken out it stays in the versions that had it."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="attachments")
    title = models.CharField(max_length=80)
    file = models.FileField(upload_to="plans/%Y/%m/")
    digest = models.CharField(max_length=64)
    added_by = models.CharField(max_length=80)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Secrecy:
        open = {"plan", "title", "digest", "added_at", "removed_at"}
        masked = {"file": "", "added_by": "某人"}

    def __str__(self) -> str:
        return self.title
