"""全区一屏: how far each school has come in the term, and what is going on there today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Case, Count, Exists, Max, Min, OuterRef, Q, When

from kehou.chapters.allocation.models import Draw
from kehou.chapters.attendance.models import Mark, Release
from kehou.chapters.attendance.queries import seated
from kehou.chapters.basis.models import Term
from kehou.chapters.enrolment.models import Application, Enrolment, Registration
from kehou.chapters.filing.models import Filing
from kehou.chapters.people.models import Pupil
from kehou.chapters.planning.models import Clearance
from kehou.chapters.programme.models import ActivityTable
from kehou.chapters.schools.models import School
from kehou.chapters.timetable.models import Session
from kehou.rules.states import FILING

STAGES = (
    ("preparing", "筹备"),
    ("filing", "备案中"),
    ("filed", "已备案"),
    ("registering", "报名中"),
    ("registered", "报名已截止"),
    ("drawn", "已公布统筹结果"),
    ("serving", "服务中"),
    ("over", "服务结束"),
)
_COUNTED_IN = ("present", "late")


@dataclass(frozen=True, slots=True)
class Position:
    """One school in a term, and on a day. Counts are zero where there is nothing yet."""

    school: School
    filing: str  # a state of FILING, or empty
    filing_number: str
    table_published_at: datetime | None
    opens_at: datetime | None
    closes_at: datetime | None
    pupils: int
    applications: int
    joining: int
    draw: str
    enrolled: int
    sessions: int
    registers_opened: int
    registers_closed: int
    counted_in: int
    on_site: int
    stage: str

    @property
    def filing_title(self) -> str:
        """Return the filing's state in words."""
        return FILING.labels.get(self.filing, "未报送")

    @property
    def stage_title(self) -> str:
        """Return how far the school has come, in words."""
        return dict(STAGES)[self.stage]

    @property
    def stage_order(self) -> int:
        """Return how far the school has come, as a number to sort by."""
        return [key for key, _ in STAGES].index(self.stage)


def positions(term: Term, *, at: datetime, text: str = "") -> list[Position]:
    """Return where every school stands, by code: eleven queries, however many schools and children."""
    schools = School.objects.order_by("code")
    if text:
        schools = schools.filter(Q(name__icontains=text) | Q(code__startswith=text) | Q(town__icontains=text))
    on = at.date()
    before, today = _before_service(term), _today(on)
    return [_position(school, before, today, at=at, term=term) for school in schools]


def _by_school(rows: Iterable[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    return {row["school"]: row for row in rows}


def _filings(term: Term) -> Any:
    """Return each school's filings so that the one in force comes last, else the latest."""
    holds = Case(When(state="accepted", then=1), default=0)
    rows = Filing.objects.filter(term=term).exclude(state="given_up").order_by(holds, "order")
    return rows.values("school", "state", "number")


def _before_service(term: Term) -> dict[str, dict[int, dict[str, Any]]]:
    """Return what each school has done before its first service day, by school."""
    registrations = list(Registration.objects.filter(term=term).values("pk", "school", "opens_at", "closes_at"))
    school_of = {row["pk"]: row["school"] for row in registrations}
    # Grouped by what stands in the row itself: sixty thousand rows are then counted in an index, without a join.
    applied = Application.objects.filter(registration__in=school_of).values("registration").order_by()
    return {
        "filing": _by_school(_filings(term)),
        "clearance": _by_school(
            Clearance.objects.filter(term=term, withdrawn_at=None).values("school", "receipt_number")
        ),
        "table": _by_school(
            ActivityTable.objects.filter(term=term).values("school").annotate(at=Min("publications__published_at"))
        ),
        "registration": _by_school(registrations),
        "pupils": _by_school(
            Pupil.objects.filter(state=Pupil.IN_SCHOOL).values("school").annotate(count=Count("*")).order_by()
        ),
        "applications": {
            school_of[row["registration"]]: row
            for row in applied.annotate(count=Count("*"), joining=Count("pk", filter=Q(joins=True)))
        },
        "draw": {
            row["registration__school"]: row
            for row in Draw.objects.filter(registration__term=term, base=None)
            .exclude(state="void")
            .order_by("number")
            .values("registration__school", "state")
        },
        "enrolled": _by_school(
            Enrolment.objects.filter(term=term).values("school").annotate(count=Count("*")).order_by()
        ),
    }


def _today(on: date) -> dict[str, dict[int, dict[str, Any]]]:
    """Return what goes on at each school on a day, by school."""
    held = Session.objects.filter(on=on, state=Session.PLANNED).values("school").order_by()
    gone = Release.objects.filter(pupil=OuterRef("pupil"), on=on)
    here = (
        Mark.objects.filter(register__session__on=on, state__in=_COUNTED_IN)
        .values("register__session__school")
        .order_by()
        .annotate(counted_in=Count("pupil", distinct=True), on_site=Count("pupil", distinct=True, filter=~Exists(gone)))
    )
    return {
        "sessions": _by_school(
            held.annotate(
                count=Count("pk"),
                opened=Count("register"),
                closed=Count("register", filter=Q(register__closed_at__isnull=False)),
            )
        ),
        "children": {row["register__session__school"]: row for row in here},
    }


def _position(
    school: School,
    before: dict[str, dict[int, dict[str, Any]]],
    today: dict[str, dict[int, dict[str, Any]]],
    *,
    at: datetime,
    term: Term,
) -> Position:
    def read(shelf: dict[str, dict[int, dict[str, Any]]], name: str, key: str = "count", blank: Any = 0) -> Any:
        return shelf[name].get(school.pk, {}).get(key, blank)

    facts: dict[str, Any] = {
        # Who was cleared before this system kept the filings stands as accepted.
        "filing": read(before, "filing", "state", "accepted" if school.pk in before["clearance"] else ""),
        "filing_number": read(before, "filing", "number", "") or read(before, "clearance", "receipt_number", ""),
        "table_published_at": read(before, "table", "at", None),
        "opens_at": read(before, "registration", "opens_at", None),
        "closes_at": read(before, "registration", "closes_at", None),
        "pupils": read(before, "pupils"),
        "applications": read(before, "applications"),
        "joining": read(before, "applications", "joining"),
        "draw": read(before, "draw", "state", ""),
        "enrolled": read(before, "enrolled"),
        "sessions": read(today, "sessions"),
        "registers_opened": read(today, "sessions", "opened"),
        "registers_closed": read(today, "sessions", "closed"),
        "counted_in": read(today, "children", "counted_in"),
        "on_site": read(today, "children", "on_site"),
    }
    return Position(school=school, stage=_stage(facts, at=at, term=term), **facts)


def _stage(facts: dict[str, Any], *, at: datetime, term: Term) -> str:
    """Return the furthest step that a school has taken."""
    if facts["enrolled"]:
        if at.date() >= term.service_until_on:
            return "over"
        if at.date() >= term.service_from_on:
            return "serving"
    if facts["draw"] == "published":
        return "drawn"
    if facts["opens_at"] and facts["opens_at"] <= at:
        return "registering" if at < facts["closes_at"] else "registered"
    if facts["filing"] == "accepted":
        return "filed"
    return "filing" if facts["filing"] and facts["filing"] != "draft" else "preparing"


# --- Dismissal waves --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wave:
    """How many children leave a school at a time of day: no names, for those who keep the streets safe (3.2-k)."""

    school: School
    at: time
    children: int


def waves(on: date) -> list[Wave]:
    """Return when and how many children leave each school on a day, by school and time: two queries."""
    rows = (
        seated(on)
        .filter(slot__sessions__on=on, slot__sessions__state=Session.PLANNED)
        .values("application__pupil", "application__pupil__school")
        .annotate(last=Max("slot__sessions__ends_at", filter=Q(slot__sessions__on=on)))
        .order_by()
        .values_list("application__pupil__school", "last")
    )
    counts: dict[tuple[int, time], int] = {}
    for school, last in rows.iterator(chunk_size=5000):
        counts[school, last] = counts.get((school, last), 0) + 1
    schools = {school.pk: school for school in School.objects.all()}
    found = [Wave(schools[school], last, number) for (school, last), number in counts.items()]
    return sorted(found, key=lambda wave: (wave.school.code, wave.at))
