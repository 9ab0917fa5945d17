"""Everything that is wrong with a row, or with the table, each problem beside the field that mends it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property

from kehou.chapters.programme.models import Activity, ActivityTable
from kehou.chapters.programme.queries.as_it_stands import Standing, standing_of
from kehou.chapters.programme.queries.facts import ActivityFacts, drafts_of, room_key, trip_of, weekly, whole
from kehou.chapters.programme.queries.offer import limit_in
from kehou.chapters.programme.queries.people import Serving, serving
from kehou.chapters.programme.queries.table import service_span
from kehou.chapters.schools.models import EndException, Homeroom
from kehou.chapters.schools.queries import (
    Fitness,
    end_exceptions,
    fitness_of,
)
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.staffing.queries import refusals_to_schedule, willing_in
from kehou.rules.calendar import weekday_name
from kehou.rules.lint import commerce, content
from kehou.rules.programme import AIM_WORDS, classroom_holds, refusals_of_offer, warning_of_class_pattern
from kehou.rules.schools import grades_of, refusal_of_missing_season, warning_of_dark_ground
from kehou.rules.signing_up import Match, suggestions
from kehou.rules.spans import ClockSpan, Span
from kehou.rules.staffing import warning_of_day, warning_of_load
from kehou.rules.timetable import (
    Booking,
    Context,
    Place,
    Problem,
    bookings_of,
    missing_in,
    refusals_to_plan_activity,
    span_of,
    warning_of_small_group,
)
from kehou.rules.verdicts import Refusal, refuse

# What cannot be left open even in a draft: without these a row has no seats and no times.
NEEDED_AT_ONCE = frozenset(
    {"name", "category", "kind", "grades", "weekdays", "hours", "capacity", "minimum", "first_hour"}
)
# An activity off campus is kept as a draft: the request to the district describes what stands there (R-VEN-01).
ASKED_LATER = "R-VEN-01:off_campus_not_approved"
FORM_FIELDS = {
    "leaders": "leader", "hours": "class_hours", "ends": "class_hours", "starts": "first_hour", "risk": "risk_class",
    "adults": "helpers", "off_campus": "room",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Checking(Standing):
    """A table loaded once, against which any number of rows can be checked without asking the database again."""

    on: date
    service: Span
    exceptions: list[EndException]
    homerooms: list[Homeroom]
    serving: Serving
    unfit: Mapping[int, Refusal]  # who of the school may not be scheduled, and why (P8-1)
    fitness: Fitness

    def may_serve(self, person: StaffMember) -> bool:
        """Return whether somebody may be named in a row (P8-1): no more than that, a clash is another matter."""
        return self._unfit(person) is None and person.state != "left"

    def with_rows(self, becoming: Sequence[tuple[Activity, ActivityFacts]]) -> Checking:
        """Return the checking of the table as it would stand with these rows, those not kept yet among them.

        A row that is not kept yet has any id of its own. Each of them is held against all others as they become.
        """
        known = {one.pk for one in self.activities}
        more = [activity for activity, _ in becoming if activity.pk not in known]
        instead = {activity.pk: facts for activity, facts in becoming}
        return replace(self, activities=[*self.activities, *more], instead={**self.instead, **instead})

    def problems(self, facts: ActivityFacts, *, activity: Activity | None = None) -> list[Problem]:
        """Return every problem of a row as far as it is typed; `activity` is the row that it would replace."""
        return self._named([*self._own(facts, activity), *self._by_season(facts, activity)])

    def open_columns(self, facts: ActivityFacts) -> list[Problem]:
        """Return what must still be filled in before the row can be published (R-CONT-06)."""
        return [one for one in self._named(self._missing(facts)) if one.refusal.code == "R-CONT-06"]

    def draft_problems(self, facts: ActivityFacts, *, activity: Activity | None = None) -> list[Problem]:
        """Return every reason why the row cannot even be kept: its problems, and what it cannot be without."""
        missing = [problem for problem in self._missing(facts) if problem.field in NEEDED_AT_ONCE]
        every = self._named(missing) + self.problems(facts, activity=activity)
        return [problem for problem in every if problem.refusal.key != ASKED_LATER]

    def blocked_words(self, facts: ActivityFacts) -> tuple[str, ...]:
        """Return the words that the lint blocks and the district has not released: what a release can be asked for."""
        if self.granted.releases(facts.name, facts.aim):
            return ()
        return content.read(facts.name, facts.aim, facts.grades).terms

    def is_approved(self, facts: ActivityFacts) -> bool:
        """Return whether the district approved the row as the trip that it is (2.3-k)."""
        trip = trip_of(facts)
        return trip is not None and self.granted.approves(trip)

    def publication_problems(self) -> list[tuple[Activity | None, Problem]]:
        """Return everything that keeps the table from being published, row by row, then the table's own problems."""
        found: list[tuple[Activity | None, Problem]] = []
        for activity in self.activities:
            facts = self.facts(activity)
            every = self._named(self._missing(facts)) + self.problems(facts, activity=activity)
            found += [(activity, problem) for problem in every]
        rows = self.rows()
        gap = refusal_of_missing_season(self.service, [season.span for season in self.seasons])
        whole = (*refusals_of_offer(rows, self.grades), *([gap] if gap else []))
        return found + [(None, Problem("", no)) for no in whole]

    def warnings(self, facts: ActivityFacts, *, activity: Activity | None = None) -> list[Refusal]:
        """Return what is allowed in a row but worth a second look."""
        found = [warning_of_small_group(facts.capacity, self.parameters)] if facts.capacity else []
        if facts.aim.strip() and not any(word in facts.aim for word in AIM_WORDS):
            found.append(refuse("R-CONT-03", "aim_without_the_words"))
        found += [*self._dark(facts), pattern_of(facts)]
        hours = self.weekly_hours(without=activity)
        for person in facts.people:
            own = hours.get(person.pk, 0) + weekly(facts)
            found.append(warning_of_load(person.name, hours=own, cap=person.weekly_cap))
            found += [
                warning_of_day(person.name, weekday=weekday_name(day), offered=day in person.weekdays)
                for day in sorted(facts.slots)
                if person.weekdays
            ]
        return [one for one in found if one is not None]

    def suggested(self, facts: ActivityFacts, *, activity: Activity | None = None) -> tuple[Match, ...]:
        """Return who offered these days and has a skill that the row speaks of (R-STAF-06), whatever they teach."""
        if not facts.name.strip() or facts.leader is not None:
            return ()
        people = willing_in(self.table.school, self.table.term, self.weekly_hours(without=activity))
        words = f"{facts.name} {facts.aim} {facts.kit}"
        return suggestions(people, words=words, weekdays=facts.slots, hours=facts.class_hours or 1)

    def _dark(self, facts: ActivityFacts) -> list[Refusal | None]:
        """Return the warning of each season in which a ground without light is used after the first sunset."""
        if facts.room is None or facts.room.has_light:
            return []
        found = []
        for season, (bare, _) in zip(self.seasons, self._afternoons, strict=False):
            spans = [span_of(draft, day, bare) for draft in drafts_of(facts) for day in draft.weekdays]
            last = max((span.end for span in spans if span), default=None)
            days = [day for day in self.service.days() if day in season.span]
            found.append(warning_of_dark_ground(facts.room.name, season.season.name, days, last))
        return found

    def weekly_hours(self, *, without: Activity | None = None) -> dict[int, int]:
        """Return the class hours a week by staff id, leading and helping; monthly activities do not count."""
        hours: dict[int, int] = {}
        for one in self.activities:
            if one != without:
                facts = self.facts(one)
                for person in facts.people:
                    hours[person.pk] = hours.get(person.pk, 0) + weekly(facts)
        return hours

    def take(self, activity: Activity, facts: ActivityFacts) -> None:
        """Count a row that is about to be kept among those that the next ones are held against."""
        for bare, bookings in self._afternoons:
            bookings.setdefault(0, []).extend(one for draft in drafts_of(facts) for one in bookings_of(draft, bare))
        self.activities.append(activity)

    def span(self, facts: ActivityFacts, weekday: int) -> ClockSpan:
        """Return the minutes of a row on one of its weekdays, in the season in which the service begins."""
        draft = next(one for one in drafts_of(facts) if weekday in one.weekdays)
        span = span_of(draft, weekday, self._afternoons[0][0])
        assert span is not None, "a row without times has a problem and is not kept"
        return span

    # --- One by one ---------------------------------------------------------------------------------------------------

    def _own(self, facts: ActivityFacts, activity: Activity | None) -> list[Problem]:
        """Return the problems that have nothing to do with the clock."""
        found = []
        name, allowed = facts.name.strip(), grades_of(self.table.school.kind)
        if name and any(other.name == name for other in self.activities if other != activity):
            found.append(Problem("name", refuse("R-CONT-06", "name_twice", name=name)))
        for grade in facts.grades:
            if grade not in allowed:
                found.append(Problem("grades", refuse("R-CONT-06", "grade_not_taught", grade=grade)))
        if facts.room and facts.room.school_id != self.table.school_id:
            found.append(Problem("room", refuse("R-VEN-02", "room_of_another_school")))
        elif facts.room and facts.room.retired_on is not None:
            found.append(Problem("room", refuse("R-VEN-02", "room_retired", room=facts.room.name)))
        if facts.in_homeroom and not facts.room and facts.grades and not self._classes(facts):
            found.append(Problem("room", refuse("R-VEN-02", "classroom_without_class")))
        return found + _worded(facts, released=self.granted.releases(facts.name, facts.aim))

    def _missing(self, facts: ActivityFacts) -> Iterable[Problem]:
        return missing_in(whole(facts))

    def _by_season(self, facts: ActivityFacts, activity: Activity | None) -> list[Problem]:
        """Return the problems of each season and each class hour of beginning, those that repeat only once."""
        found: list[Problem] = []
        approved = self.is_approved(facts)
        for context in self._contexts(facts, activity):
            for draft in drafts_of(facts, approved=approved):
                found += [one for one in refusals_to_plan_activity(draft, context) if one not in found]
                for booking in bookings_of(draft, context) if self.serving.visits else ():
                    outside = self.serving.outside_visits(facts.people, booking.weekday, booking.span)
                    found += [one for one in outside if one not in found]
        return found

    def _contexts(self, facts: ActivityFacts, activity: Activity | None) -> Iterable[Context]:
        people = facts.people
        for bare, bookings in self._afternoons:
            yield replace(
                bare,
                rooms=self._places(facts),
                bookings=[
                    *(one for pk, own in bookings.items() if activity is None or pk != activity.pk for one in own),
                    *self.serving.bookings,
                ],
                leader_names={str(one.pk): one.name for one in people},
                unfit={str(one.pk): no for one in people if (no := self._unfit(one))},
            )

    @cached_property
    def _afternoons(self) -> list[tuple[Context, dict[int, list[Booking]]]]:
        """Return for each season its dismissals and limit, and the bookings of every standing activity."""
        found = []
        rows = {one.pk: drafts_of(self.facts(one)) for one in self.activities}
        for season in self.seasons:
            limit = limit_in(season, self.service, self.exceptions, self.parameters.time.max_end)
            bare = Context(self.parameters, dismissals=season.dismissals, end_limit=limit)
            bookings = {
                pk: [one for draft in drafts for one in bookings_of(draft, bare)] for pk, drafts in rows.items()
            }
            found.append((bare, bookings))
        return found or [(Context(self.parameters), {})]

    def _places(self, facts: ActivityFacts) -> dict[str, Place]:
        key = room_key(facts)
        if facts.room is not None:
            room = facts.room
            closed = self.fitness.refusal(room)
            days = frozenset(room.weekdays)
            return {key: Place(key, room.name, room.capacity, closed=closed, weekdays=days)} if key else {}
        if facts.homeroom is not None and key:
            return {key: Place(key, f"{facts.homeroom}教室", classroom_holds(facts.homeroom.grade))}
        holds = sum(classroom_holds(homeroom.grade) for homeroom in self._classes(facts))
        return {key: Place(key, "本班教室", holds, shared=True)} if key and holds else {}

    def _classes(self, facts: ActivityFacts) -> list[Homeroom]:
        if facts.homeroom is not None:
            return [facts.homeroom]
        return [homeroom for homeroom in self.homerooms if homeroom.grade in facts.grades]

    def _unfit(self, person: StaffMember) -> Refusal | None:
        no = self.serving.unfit(person)
        return no if no is not None or person.school_id != self.table.school_id else self.unfit.get(person.pk)

    def _named(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return the problems under the names of the form's fields."""
        return [Problem(FORM_FIELDS.get(one.field, one.field), one.refusal) for one in problems]


def _worded(facts: ActivityFacts, *, released: bool) -> list[Problem]:
    """Return what the words of a row may not say: teaching by another name (P2-1), a second charge, a seller.

    What the district released is not teaching; a charge and a seller are never released.
    """
    reading = content.Reading() if released else content.read(facts.name, facts.aim, facts.grades)
    trade = commerce.read(name=facts.name, aim=facts.aim, kit=facts.kit)
    found = [*content.refusals(reading), *commerce.refusals(trade)]
    return [Problem("aim" if field == "description" else field, refusal) for field, refusal in found]


def pattern_of(facts: ActivityFacts) -> Refusal | None:
    """Return the warning that a row has the shape of a lesson (P2-2), None when it has not or nobody leads it yet."""
    if facts.leader is None or facts.week_of_month is not None:
        return None
    return warning_of_class_pattern(
        facts.name, own_classroom=facts.in_homeroom, leader=facts.leader.name, subject=facts.leader.subject,
        days=len(facts.slots),
    )  # fmt: skip


def checking(table: ActivityTable, *, on: date) -> Checking:
    """Load everything that a table is checked against: some twenty queries, whatever its size."""
    school, term = table.school, table.term
    stands = standing_of(table)
    service, parameters = service_span(term), stands.parameters
    return Checking(
        **{one.name: getattr(stands, one.name) for one in fields(stands)},
        on=on,
        service=service,
        exceptions=list(end_exceptions(school, service)),
        homerooms=list(school.homerooms.filter(school_year=term.school_year)),
        serving=serving(school, term),
        unfit=refusals_to_schedule(
            school.staff.select_related("school"), term, on=max(on, term.service_from_on), planning=True
        ),
        fitness=fitness_of(school, term, on=on, safety=parameters.safety),
    )
