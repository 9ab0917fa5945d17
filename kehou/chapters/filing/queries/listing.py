"""How far each school's filing has come, and who is waiting for whom until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import holidays_within, parameters_on
from kehou.chapters.filing.models import UNDER_WAY, Filing
from kehou.chapters.schools.models import School
from kehou.rules import filing as rules
from kehou.rules.calendar import Holidays
from kehou.rules.parameters import Parameters
from kehou.rules.states import FILING

_NOT_YET = "none"


@dataclass(frozen=True, slots=True)
class SchoolFiling:
    """One row of the district's list: a school, what it has under way or in force, and until when who has to act."""

    school: School
    filing: Filing | None  # what is under way, else the latest
    standing: Filing | None  # what is in force
    due_on: date | None
    late: bool

    @property
    def state(self) -> str:
        """Return the state; `none` where nothing has been begun."""
        return self.filing.state if self.filing else _NOT_YET

    @property
    def state_title(self) -> str:
        """Return the state in words."""
        return FILING.labels[self.state] if self.filing else "未报送"

    @property
    def owes(self) -> str:
        """Return who has to act, or nothing."""
        if self.filing is None or self.filing.is_writable or self.filing.state == "signed":
            return "学校"
        return "区教委" if self.filing.with_district else ""


def filing_of(school: School, term: Term) -> Filing | None:
    """Return the school's filing of a term that is under way, else its latest that was not given up, or None."""
    rows = Filing.objects.filter(school=school, term=term).exclude(state="given_up")
    return rows.select_related("school", "term", "pack").order_by("-order").first()


def filings_of(school: School, term: Term) -> QuerySet[Filing]:
    """Return all filings of a school in a term, newest first."""
    return Filing.objects.filter(school=school, term=term).select_related("pack").order_by("-order")


def in_force(school: School, term: Term) -> Filing | None:
    """Return the filing of a school that holds in a term, or None."""
    rows = Filing.objects.filter(school=school, term=term, state="accepted")
    return rows.select_related("school", "term", "pack").first()


def in_force_of_term(term: Term) -> QuerySet[Filing]:
    """Return what holds in a term, by school."""
    rows = Filing.objects.filter(term=term, state="accepted").select_related("school", "term", "pack")
    return rows.defer("pack__manifest", "note").order_by("school__code")


def filings_by_school(term: Term, *, on: date, text: str = "", state: str = "") -> list[SchoolFiling]:
    """Return every school with its filing; late ones first, then by who waits longest: four queries."""
    found: dict[int, Filing] = {}
    standing: dict[int, Filing] = {}
    rows = Filing.objects.filter(term=term).exclude(state="given_up").select_related("pack")
    for one in rows.defer("note", "reason", "pack__manifest").order_by("order"):
        found[one.school_id] = one
        if one.state == "accepted":
            standing[one.school_id] = one
    schools = School.objects.order_by("code")
    if text:
        schools = schools.filter(name__icontains=text) | schools.filter(code__startswith=text)
    clock = Clock.of(term, on)
    listed = [_row(school, found.get(school.pk), standing.get(school.pk), clock) for school in schools]
    if state:
        listed = [row for row in listed if (row.late if state == "late" else row.state == state)]
    return sorted(listed, key=lambda row: (not row.late, row.due_on is None, row.due_on or on, row.school.code))


def _row(school: School, filing: Filing | None, standing: Filing | None, clock: Clock) -> SchoolFiling:
    due = clock.due_on(filing)
    return SchoolFiling(school, filing, standing, due, late=bool(due and due < clock.today))


@dataclass(frozen=True, slots=True)
class Clock:
    """What is needed to say until when a filing has to be answered or mended: asked once for a list."""

    term: Term
    today: date
    holidays: Holidays
    parameters: Parameters

    @classmethod
    def of(cls, term: Term, today: date) -> Clock:
        """Return the clock of a term on a day."""
        holidays = holidays_within(term.from_on - timedelta(days=150), term.until_on + timedelta(days=90))
        return cls(term, today, holidays, parameters_on(today))

    @property
    def report_due_on(self) -> date:
        """Return the last day for reporting the term's filing."""
        days = self.parameters.filing.deadlines.before_service
        return rules.report_due_on(self.term.service_from_on, working_days=days, holidays=self.holidays)

    def difference_due_on(self, since: datetime) -> date:
        """Return the last day on which a change is reported in time: as long as a correction may take."""
        days = self.parameters.filing.deadlines.correction
        return rules.correction_due_on(timezone.localtime(since), working_days=days, holidays=self.holidays)

    def due_on(self, filing: Filing | None) -> date | None:
        """Return the day until which somebody has to act: report, answer or mend; None where nobody has to."""
        deadlines = self.parameters.filing.deadlines
        if filing is None or (filing.state in ("draft", "signed") and filing.kind == Filing.FIRST):
            return self.report_due_on
        if filing.with_district and filing.submitted_at:
            at = timezone.localtime(filing.submitted_at)
            return rules.answer_due_on(at, working_days=deadlines.answer, holidays=self.holidays)
        if filing.state == "returned" and filing.returned_at:
            at = timezone.localtime(filing.returned_at)
            return rules.correction_due_on(at, working_days=deadlines.correction, holidays=self.holidays)
        return None


def due_on(filing: Filing | None, term: Term, *, on: date) -> date | None:
    """Return the day until which somebody has to act on one filing."""
    return Clock.of(term, on).due_on(filing)


def report_due_of(term: Term, *, on: date) -> date:
    """Return the last day for reporting the term's filing."""
    return Clock.of(term, on).report_due_on


def late_filings(term: Term, *, on: date) -> list[tuple[Filing, date]]:
    """Return the filings whose clock has run out and of which nobody was told yet, each with the day it was due."""
    clock = Clock.of(term, on)
    rows = Filing.objects.filter(term=term, state__in=UNDER_WAY, told_on=None).select_related("school", "term")
    dated = [(filing, clock.due_on(filing)) for filing in rows.order_by("pk")]
    return [(filing, due) for filing, due in dated if due is not None and due < on]


def unreported_schools(term: Term, *, on: date) -> list[School]:
    """Return the schools that have begun no filing although the last day for reporting is over."""
    if on <= report_due_of(term, on=on):
        return []
    return list(School.objects.exclude(filings__term=term).order_by("code"))


def counts_by_state(rows: list[SchoolFiling]) -> dict[str, int]:
    """Return how many schools stand in each state, and how many are late."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.state] = counts.get(row.state, 0) + 1
        if row.late:
            counts["late"] = counts.get("late", 0) + 1
    return counts
