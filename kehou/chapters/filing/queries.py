"""How far each school's filing has come, and who is waiting for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import holidays_within, parameters_on
from kehou.chapters.filing.models import Filing
from kehou.chapters.schools.models import School
from kehou.rules import filing as rules
from kehou.rules.states import FILING, FilingState

_ZONE = ZoneInfo("Asia/Shanghai")
OPEN = (FilingState.SUBMITTED, FilingState.RECEIVED)


@dataclass(frozen=True, slots=True)
class SchoolFiling:
    """One row of the district's list: a school, its filing if there is one, and until when the answer is due."""

    school: School
    filing: Filing | None
    due_on: date | None
    late: bool

    @property
    def state(self) -> str:
        """Return the state, `draft` where nothing has been begun."""
        return self.filing.state if self.filing else FILING.start

    @property
    def state_title(self) -> str:
        """Return the state in words."""
        return FILING.labels[self.state] if self.filing else "未报送"


def filing_of(school: School, term: Term) -> Filing | None:
    """Return a school's filing of a term, or None while nothing has been prepared."""
    return Filing.objects.filter(school=school, term=term).select_related("school", "term").first()


def filings_by_school(term: Term, *, on: date, text: str = "", state: str = "") -> list[SchoolFiling]:
    """Return every school with its filing, those that wait for the district first: four queries."""
    filings = {one.school_id: one for one in Filing.objects.filter(term=term).select_related("term")}
    schools = School.objects.order_by("code")
    if text:
        schools = schools.filter(name__icontains=text) | schools.filter(code__startswith=text)
    days = parameters_on(on).filing.deadlines.answer
    holidays = holidays_within(term.from_on - timedelta(days=90), term.until_on + timedelta(days=30))
    rows = []
    for school in schools:
        filing = filings.get(school.pk)
        due = None
        if filing and filing.state in OPEN and filing.submitted_at:
            submitted: datetime = filing.submitted_at.astimezone(_ZONE)
            due = rules.answer_due_on(submitted, working_days=days, holidays=holidays)
        row = SchoolFiling(school, filing, due, late=bool(due and due < on))
        if state in ("", row.state):
            rows.append(row)
    return sorted(rows, key=lambda row: (row.due_on is None, row.due_on or on, row.school.code))


def counts_by_state(term: Term) -> dict[str, int]:
    """Return how many filings of a term stand in each state."""
    counts: dict[str, int] = {}
    for state in Filing.objects.filter(term=term).values_list("state", flat=True):
        counts[state] = counts.get(state, 0) + 1
    return counts
