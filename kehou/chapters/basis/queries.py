"""Which numbers hold on a day, which term it lies in, which days are school days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from kehou.chapters.basis.models import ActivityTemplate, CalendarDay, Closure, Instrument, ParameterVersion, Term
from kehou.lib.prepared import Prepared
from kehou.rules import calendar as rules
from kehou.rules.activity_templates import template_of
from kehou.rules.forty import FORTY, Template
from kehou.rules.parameters import REGISTRY, TITLES, Parameter, Parameters
from kehou.rules.spans import Span

# --- Parameters -------------------------------------------------------------------------------------------------------


def parameters_on(on: date) -> Parameters:
    """Return the parameters in force on a day. One small query, whatever has been decided; two after a decision.

    Calling it with the day of an old bill gives the numbers of that day (clause 0-c).
    """
    stamp = _stamp()
    return _parameters(stamp, _step(stamp, on)) if stamp else _DEFAULTS


def was_ever_decided(group: str) -> bool:
    """Return whether the district has ever put a parameter of a group in force; else the shipped ones hold always."""
    stamp = _stamp()
    return stamp is not None and any(key.startswith(f"{group}.") for _, key, _ in _versions(stamp))


_DEFAULTS = Parameters()


_LATEST = Prepared(lambda: ParameterVersion.objects.filter(decision__isnull=False).order_by("-decision")[:1])


def _stamp() -> UUID | None:
    """Return the mark of the latest decision: what a process remembers holds as long as it is the same."""
    latest = _LATEST.first()
    return latest.stamp if latest else None


@lru_cache(maxsize=4)
def _versions(stamp: UUID) -> tuple[tuple[date, str, Any], ...]:
    rows = ParameterVersion.objects.filter(state=ParameterVersion.IN_FORCE).order_by("from_on", "key")
    # A parameter that a later program no longer knows is kept in the history and left out of the rules.
    return tuple(row for row in rows.values_list("from_on", "key", "value") if row[1] in REGISTRY)


def _step(stamp: UUID, on: date) -> int:
    """Return how many versions are in force on a day: the days between two changes share their parameters."""
    return sum(from_on <= on for from_on, _, _ in _versions(stamp))


@lru_cache(maxsize=64)
def _parameters(stamp: UUID, step: int) -> Parameters:
    return Parameters.of({key: value for _, key, value in _versions(stamp)[:step]})


@dataclass(frozen=True, slots=True)
class Standing:
    """One parameter as the district's page shows it."""

    parameter: Parameter
    value: str
    version: ParameterVersion | None  # None: the default that we ship
    proposed: tuple[ParameterVersion, ...]
    coming: tuple[ParameterVersion, ...]
    on: date

    @property
    def ground_ended(self) -> bool:
        """Return whether the instrument of the value in force holds no more: it needs another one (R-BASIS-01)."""
        ground = self.version.instrument if self.version else None
        return ground is not None and self.on not in Span(ground.valid_from_on, ground.valid_until_on)

    @property
    def is_default(self) -> bool:
        """Return whether nobody has decided anything else."""
        return self.version is None


def standing_parameters(on: date, *, text: str = "", group: str = "") -> list[tuple[str, list[Standing]]]:
    """Return every parameter by group title with its value on a day, who proposed what, and what comes: one query."""
    versions: dict[str, list[ParameterVersion]] = {}
    for version in ParameterVersion.objects.select_related("instrument").order_by("from_on", "pk"):
        versions.setdefault(version.key, []).append(version)
    shelves: dict[str, list[Standing]] = {}
    for key, parameter in REGISTRY.items():
        about = f"{key} {parameter.label} {parameter.why} {TITLES[parameter.group]}"
        if (group and group != parameter.group) or text.casefold() not in about.casefold():
            continue
        shelves.setdefault(TITLES[parameter.group], []).append(_standing(parameter, versions.get(key, []), on))
    return list(shelves.items())


def _standing(parameter: Parameter, versions: Iterable[ParameterVersion], on: date) -> Standing:
    versions = list(versions)
    decided = [version for version in versions if version.state == ParameterVersion.IN_FORCE]
    now = next((version for version in reversed(decided) if version.from_on <= on), None)
    value = parameter.default if now is None else parameter.load(now.value)
    return Standing(
        parameter=parameter,
        value=parameter.show(value),
        version=now,
        proposed=tuple(version for version in versions if version.state == ParameterVersion.PROPOSED),
        coming=tuple(version for version in decided if version.from_on > on),
        on=on,
    )


def history_of(key: str) -> list[tuple[ParameterVersion, str]]:
    """Return every version of a parameter with its value in words, newest first."""
    rows = ParameterVersion.objects.filter(key=key).select_related("instrument").order_by("-from_on", "-pk")
    return [(row, say(row)) for row in rows]


def decided_of(key: str) -> list[ParameterVersion]:
    """Return the versions of a parameter that were put in force, those to come too, newest first."""
    decided = ParameterVersion.objects.filter(key=key, state=ParameterVersion.IN_FORCE)
    return list(decided.select_related("instrument").order_by("-from_on"))


def say(version: ParameterVersion) -> str:
    """Return the value of a version in words."""
    parameter = REGISTRY[version.key]
    return parameter.show(parameter.load(version.value))


def proposals() -> QuerySet[ParameterVersion]:
    """Return what waits for an approval, oldest first."""
    return (
        ParameterVersion.objects.filter(state=ParameterVersion.PROPOSED)
        .select_related("instrument")
        .order_by("proposed_at", "pk")
    )


# --- Instruments ------------------------------------------------------------------------------------------------------


def instruments(*, on: date | None = None, text: str = "") -> QuerySet[Instrument]:
    """Return the legal instruments, newest first; those that hold on a day; those in which a text occurs."""
    found = Instrument.objects.order_by("-issued_on", "number")
    if on:
        found = found.filter(Q(valid_until_on__isnull=True) | Q(valid_until_on__gt=on), valid_from_on__lte=on)
    if text:
        found = found.filter(Q(title__icontains=text) | Q(number__icontains=text) | Q(issuer__icontains=text))
    return found


# --- Terms and days ---------------------------------------------------------------------------------------------------


def current_term(on: date) -> Term | None:
    """Return the term of a day; in the holidays the next one, after the last the last. None if there are no terms."""
    return Term.objects.filter(until_on__gt=on).order_by("from_on").first() or Term.objects.order_by("-from_on").first()


def terms() -> QuerySet[Term]:
    """Return all terms, newest first."""
    return Term.objects.order_by("-from_on")


def holidays_within(from_on: date, until_on: date) -> rules.Holidays:
    """Return the holidays and worked weekend days of a span of days: what deadlines in working days count by."""
    rows = CalendarDay.objects.filter(on__gte=from_on, on__lt=until_on).values_list("on", "kind")
    return _holidays(rows)


def _holidays(rows: Iterable[tuple[date, str]]) -> rules.Holidays:
    rows = list(rows)
    return rules.Holidays(
        off=frozenset(on for on, kind in rows if kind == CalendarDay.OFF),
        worked=frozenset(on for on, kind in rows if kind != CalendarDay.OFF),
    )


_CALENDAR_DAYS = Prepared(
    lambda from_on, until_on: CalendarDay.objects.filter(on__gte=from_on, on__lt=until_on), from_on=date, until_on=date
)
_CLOSURES = Prepared(
    lambda from_on, until_on: closures_within(from_on, until_on).filter(lifted_at__isnull=True),
    from_on=date,
    until_on=date,
)


def calendar_of(term: Term) -> rules.Calendar:
    """Return the calendar of a term with the closures of all schools: two queries.

    Ask it with a school's code: `calendar_of(term).service_days(school=school.code)`.
    """
    margin = timedelta(days=60)  # deadlines before the term are counted on it too
    rows = _CALENDAR_DAYS.rows(from_on=term.from_on - margin, until_on=term.until_on + margin)
    days = [(row.on, row.kind, row.follows_weekday) for row in rows]
    return rules.Calendar(
        name=term.name,
        teaching=Span(term.from_on, term.until_on),
        service=Span(term.service_from_on, term.service_until_on),
        holidays=_holidays((on, kind) for on, kind, _ in days),
        swap_days={on: follows for on, kind, follows in days if kind == CalendarDay.SCHOOL and follows},
        closures=tuple(
            rules.Closure(
                span=Span(closure.from_on, closure.until_on),
                reason=closure.reason,
                schools=frozenset({closure.school_code}) if closure.school_code else None,
            )
            for closure in _CLOSURES.rows(from_on=term.from_on, until_on=term.until_on)
        ),
    )


def service_days(term: Term, *, school_code: str | None = None, within: Span | None = None) -> tuple[date, ...]:
    """Return the days on which a school (None: the district) may hold the service, closures taken out."""
    return calendar_of(term).service_days(within, school=school_code)


def closures_within(from_on: date, until_on: date) -> QuerySet[Closure]:
    """Return the closures that touch a span of days, lifted ones included, by their first day."""
    return Closure.objects.filter(from_on__lt=until_on, until_on__gt=from_on).order_by("from_on", "pk")


# --- The district's library of activities -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TemplateVersion:
    """One version of a template: what it says, who made it and why. The first forty are shipped: nobody made them."""

    template: Template
    version: int = 1
    retired: bool = False
    reason: str = ""
    made_by: str = ""
    made_at: datetime | None = None


def template_versions(number: int | None = None) -> dict[int, list[TemplateVersion]]:
    """Return the versions of every template (or of one) by its number, oldest first: one query."""
    found = {one.number: [TemplateVersion(one)] for one in FORTY if number in (None, one.number)}
    rows = ActivityTemplate.objects.order_by("number", "version")
    for row in rows if number is None else rows.filter(number=number):
        one = TemplateVersion(
            template_of(row.number, row.content), row.version, row.retired, row.reason, row.made_by, row.made_at
        )
        found.setdefault(row.number, []).append(one)
    return found


def templates_now() -> tuple[Template, ...]:
    """Return the templates from which a school may begin now, by number: one query."""
    newest = [versions[-1] for _, versions in sorted(template_versions().items())]
    return tuple(one.template for one in newest if not one.retired)
