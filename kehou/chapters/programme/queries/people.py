"""Who may lead, when each is bound elsewhere, who fits; what each leads in the whole district."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Q

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.programme.models import Activity, Slot
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import StaffMember, Visit
from kehou.chapters.staffing.queries import busy_of, engaged_in, unwilling_in, visitors_at, volunteers_among
from kehou.rules.outsiders import Mix, mix_of, refusal_without_statement
from kehou.rules.signing_up import Busy, refusal_to_plan
from kehou.rules.spans import ClockSpan
from kehou.rules.timetable import Booking, Problem
from kehou.rules.verdicts import Refusal, refuse
from kehou.rules.visiting import VisitFacts, refusal_outside_visit, widened


@dataclass(frozen=True)
class Serving:
    """What the people of one school may be given in a term; loaded once for all rows of a table."""

    school: School
    term: Term
    unwilling: frozenset[int]
    engaged: frozenset[int]
    visits: Mapping[int, list[Visit]]
    bookings: tuple[Booking, ...] = field(default=())

    def unfit(self, person: StaffMember) -> Refusal | None:
        """Return why somebody may not lead here at all: not ours, gone, not willing, no ground to ask them in."""
        if person.school_id != self.school.pk and person.pk not in self.visits:
            return refuse("R-STAF-03", "leader_of_another_school")
        if person.state == "left":
            return refuse("R-STAF-03", "leader_has_left", name=person.name)
        if person.pk in self.visits:
            return None
        return refusal_to_plan(
            person.name, window=person.pk in self.unwilling, joins=False
        ) or refusal_without_statement(person.name, kind=person.kind, stated=person.pk in self.engaged)

    def outside_visits(self, people: Iterable[StaffMember], weekday: int, span: ClockSpan) -> Iterable[Problem]:
        """Yield a problem for each visitor who would lead outside the times that were agreed."""
        for person in people:
            if visits := self.visits.get(person.pk):
                agreed = [VisitFacts(one.weekday, one.starts_at, one.ends_at) for one in visits]
                if no := refusal_outside_visit(person.name, weekday, span, agreed):
                    yield Problem("leaders", no)


def serving(school: School, term: Term) -> Serving:
    """Load what people may be given: some seven queries, whatever the size of school and table."""
    visits = visitors_at(school, term)
    travel = parameters_on(term.service_from_on).visiting.travel_minutes
    own = list(school.staff.filter(state="in_use"))
    visiting = [one[0].member for one in visits.values()]
    bound: dict[int, list[Busy]] = busy_of([*own, *visiting], term, travel=travel, but=school)
    for person in visiting:  # what they have at home is as far away as the school itself
        bound[person.pk] = [widened(one, travel) for one in bound.get(person.pk, ())]
    for pk, led in led_elsewhere([one.pk for one in visiting], term, but=school).items():
        bound.setdefault(pk, []).extend(widened(one, travel) for one in led)
    bookings = tuple(
        Booking(one.what, one.weekday, one.span, None, frozenset({str(pk)}))
        for pk, own_ in bound.items()
        for one in own_
    )
    return Serving(school, term, unwilling_in(school, term), engaged_in(school, term), visits, bookings)


def led_elsewhere(members: list[int], term: Term, *, but: School | None = None) -> dict[int, list[Busy]]:
    """Return what people lead or help in the tables of a term, by member; `but` leaves out one school's table."""
    if not members:
        return {}
    slots = Slot.objects.filter(activity__table__term=term, withdrawn_at=None, activity__withdrawn_at=None)
    if but:
        slots = slots.exclude(activity__table__school=but)
    found: dict[int, list[Busy]] = {}
    for path in ("activity__leader", "activity__helpers"):
        rows = slots.filter(**{f"{path}__in": members}).values_list(
            f"{path}_id" if path.endswith("leader") else path, "weekday", "starts_at", "ends_at", "activity__name"
        )
        for member, weekday, starts, ends, name in rows:
            found.setdefault(member, []).append(Busy(weekday, ClockSpan(starts, ends), name))
    return found


@dataclass(slots=True)
class Load:
    """Class hours a week of somebody: all, those of featured activities, and by school."""

    hours: int = 0
    featured: int = 0
    by_school: dict[int, int] = field(default_factory=dict)


def loads_of(term: Term, *, school: School | None = None) -> dict[int, Load]:
    """Return what each person leads or helps every week in a term, by member: two queries for the whole district."""
    rows = Activity.objects.filter(table__term=term, withdrawn_at=None, week_of_month=None)
    if school:
        rows = rows.filter(table__school=school)
    found: dict[int, Load] = {}
    standing = Count("slots", filter=Q(slots__withdrawn_at=None), distinct=True)
    for path in ("leader", "helpers"):
        counted = rows.filter(**{f"{path}__isnull": False}).annotate(n=standing)
        for member, kind, hours, where, n in counted.values_list(path, "kind", "class_hours", "table__school", "n"):
            load = found.setdefault(member, Load())
            load.hours += hours * n
            load.featured += hours * n if kind == "featured" else 0
            load.by_school[where] = load.by_school.get(where, 0) + hours * n
    return found


def featured_hours(term: Term, *, school: School) -> int:
    """Return the class hours a week of a school's featured activities: what shares of organisations are taken of."""
    rows = Activity.objects.filter(
        table__term=term, table__school=school, withdrawn_at=None, week_of_month=None, kind="featured"
    ).annotate(n=Count("slots", filter=Q(slots__withdrawn_at=None)))
    return sum(hours * n for hours, n in rows.values_list("class_hours", "n"))


def mix_at(school: School, term: Term) -> Mix:
    """Return who gives the class hours of a week at a school, visitors with it (2.4-h); four queries."""
    loads = loads_of(term, school=school)
    people = dict(
        StaffMember.objects.filter(Q(school=school, state="in_use") | Q(pk__in=loads)).values_list("pk", "kind")
    )
    unpaid = volunteers_among(people, on=term.from_on)
    return mix_of((kind, loads[pk].hours if pk in loads else 0, pk in unpaid) for pk, kind in people.items())


def mix_of_district(term: Term) -> list[tuple[School, Mix]]:
    """Return the mix of every school by its code: five queries, however many schools."""
    loads = loads_of(term)
    rows = StaffMember.objects.filter(Q(state="in_use") | Q(pk__in=loads)).values_list("pk", "kind", "school")
    unpaid = volunteers_among([pk for pk, _, _ in rows], on=term.from_on)
    by_school: dict[int, list[tuple[str, int, bool]]] = {}
    for pk, kind, home in rows:
        hours = loads[pk].by_school if pk in loads else {}
        for school in {home, *hours}:
            by_school.setdefault(school, []).append((kind, hours.get(school, 0), pk in unpaid))
    return [(one, mix_of(by_school.get(one.pk, ()))) for one in School.objects.order_by("code")]
