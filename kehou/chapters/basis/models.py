"""Why a rule holds, what its numbers are on a given day, and which days are school days."""

from __future__ import annotations

from django.db import models

from kehou.lib.constraints import before, together
from kehou.rules.parameters import REGISTRY


class Instrument(models.Model):
    """A legal instrument: what a parameter, a rule or a page rests on (clause 0-a)."""

    number = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    issuer = models.CharField(max_length=120)
    issued_on = models.DateField()
    valid_from_on = models.DateField()
    valid_until_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [before("valid_from_on", "valid_until_on", name="instrument_ends_after_it_begins")]

    class Secrecy:
        open = {"number", "title", "issuer", "issued_on", "valid_from_on", "valid_until_on", "note"}
        masked: dict[str, object] = {}

    def __str__(self) -> str:
        return f"{self.title}（{self.number}）"


class ParameterVersion(models.Model):
    """A value of one parameter from a day on, with its basis and approval (clauses 0-b, 0-c).

    The version in force on a day is the latest in_force one whose `from_on` is not after it; there is no gap because
    the shipped default stands before the first. `decision` numbers everything that changed what is in force, and
    `stamp` is drawn anew for it, so that a process can see by one row whether what it remembers still holds.
    """

    PROPOSED, IN_FORCE, REJECTED, WITHDRAWN = "proposed", "in_force", "rejected", "withdrawn"

    key = models.CharField(max_length=60, db_index=True)
    value = models.JSONField()
    from_on = models.DateField()
    instrument = models.ForeignKey(Instrument, models.PROTECT, null=True, blank=True)
    approval_reference = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, default=PROPOSED, db_index=True)
    proposed_by = models.CharField(max_length=80)
    proposed_by_account = models.BigIntegerField(null=True)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80, blank=True)
    decided_by_account = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=200, blank=True)
    decision = models.PositiveBigIntegerField(null=True, unique=True)
    stamp = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "from_on"],
                condition=models.Q(state="in_force"),
                name="parameter_has_one_value_from_a_day_on",
            )
        ]

    class Secrecy:
        open = {
            "key",
            "value",
            "from_on",
            "instrument",
            "approval_reference",
            "reason",
            "state",
            "proposed_at",
            "decided_at",
            "decision_reason",
            "decision",
            "stamp",
        }
        masked = {
            "proposed_by": "某人",
            "proposed_by_account": None,
            "decided_by": "某人",
            "decided_by_account": None,
        }

    def __str__(self) -> str:
        label = REGISTRY[self.key].label if self.key in REGISTRY else self.key
        return f"{label}（{self.from_on}起）"


class Term(models.Model):
    """A semester, and inside it the window of the service. Ends are the first day outside."""

    code = models.CharField(max_length=12, unique=True)  # 2026-autumn
    name = models.CharField(max_length=40)
    school_year = models.PositiveSmallIntegerField()
    from_on = models.DateField()
    until_on = models.DateField()
    service_from_on = models.DateField()
    service_until_on = models.DateField()

    class Meta:
        constraints = [
            before("from_on", "until_on", name="term_ends_after_it_begins"),
            before("service_from_on", "service_until_on", name="service_ends_after_it_begins"),
            models.CheckConstraint(
                condition=models.Q(
                    service_from_on__gte=models.F("from_on"), service_until_on__lte=models.F("until_on")
                ),
                name="service_lies_within_the_term",
            ),
        ]

    class Secrecy:
        open = {"code", "name", "school_year", "from_on", "until_on", "service_from_on", "service_until_on"}
        masked: dict[str, object] = {}

    def __str__(self) -> str:
        return self.name


class CalendarDay(models.Model):
    """A day that is not what its weekday says (clause 2.2-a).

    `off` is a holiday, `school` a weekend day taught after the timetable of a stated weekday (调休), `worked` a weekend
    day on which offices work and schools do not: it counts for deadlines in working days.
    """

    OFF, SCHOOL, WORKED = "off", "school", "worked"

    on = models.DateField(unique=True)
    kind = models.CharField(max_length=10)
    follows_weekday = models.PositiveSmallIntegerField(null=True, blank=True)  # ISO: 1 Monday … 7 Sunday
    name = models.CharField(max_length=60)
    instrument = models.ForeignKey(Instrument, models.PROTECT, null=True, blank=True)
    provisional = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["off", "worked"], follows_weekday__isnull=True)
                | models.Q(kind="school", follows_weekday__gte=1, follows_weekday__lte=5),
                name="a_swap_day_follows_a_weekday_others_none",
            )
        ]

    class Secrecy:
        open = {"on", "kind", "follows_weekday", "name", "instrument", "provisional"}
        masked: dict[str, object] = {}

    def __str__(self) -> str:
        return f"{self.on} {self.name}"


class Closure(models.Model):
    """Service days lost to flood, heat, snow, epidemic or an examination: of one school, or of all."""

    school_code = models.CharField(max_length=10, blank=True, db_index=True)  # empty: every school
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.CharField(max_length=200)
    approved_by = models.CharField(max_length=80)
    approved_at = models.DateTimeField()
    lifted_by = models.CharField(max_length=80, blank=True, null=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            before("from_on", "until_on", name="closure_ends_after_it_begins"),
            together("lifted_by", "lifted_at", name="closure_lifting_has_who_and_when"),
        ]

    class Secrecy:
        open = {"school_code", "from_on", "until_on", "reason", "approved_at", "lifted_at"}
        masked = {"approved_by": "某人", "lifted_by": None}

    def __str__(self) -> str:
        return f"{self.from_on} {self.reason}"[:120]


class ActivityTemplate(models.Model):
    """One version of an activity of the district's library, from which schools begin their own (2.3-d).

    `number` stays through all versions; the newest holds. The forty that are shipped (`rules.forty`) have no row until
    the district changes them: their first version is the code's. A copy at a school is the school's and never follows.
    """

    number = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    content = models.JSONField()  # rules.activity_templates.plain_template
    retired = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number", "version"], name="template_version_is_its_own")]

    class Secrecy:
        open = {"number", "version", "content", "retired", "reason", "made_by", "made_at"}
        masked: dict[str, object] = {}

    def __str__(self) -> str:
        return f"{self.content['name']}（第{self.version}版）"
