"""What the teachers offered, what binds them otherwise; counts for the principal, names only for who plans seats."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.schools.models import School
from kehou.chapters.schools.queries import seasons_within
from kehou.chapters.staffing.models import Commitment, SignUp, SignUpChange, SignUpWindow, StaffMember, Visit
from kehou.rules.calendar import weekday_name
from kehou.rules.signing_up import Busy, StaffOffer, Willing, refusals_of_clash
from kehou.rules.spans import ClockSpan, Span
from kehou.rules.timetable.hours import class_hours
from kehou.rules.verdicts import Refusal
from kehou.rules.visiting import on_the_way

Afternoons = Mapping[int, tuple[ClockSpan, ...]]


def window_of(school: School, term: Term) -> SignUpWindow | None:
    """Return when the teachers of a school are asked for a term, or None: nobody has asked them."""
    return SignUpWindow.objects.filter(school=school, term=term).select_related("school", "term").first()


def current_sign_ups(window: SignUpWindow) -> QuerySet[SignUp]:
    """Return the answers that count, each with its member."""
    return window.sign_ups.filter(is_current=True).select_related("member")


def answer_of(window: SignUpWindow, member: StaffMember) -> SignUp | None:
    """Return the answer of somebody that counts, or None while they are silent."""
    return current_sign_ups(window).filter(member=member).first()


def offer_of(answer: SignUp) -> StaffOffer:
    """Return an answer in the form that the rules read."""
    return StaffOffer(
        joins=answer.joins,
        days={int(day): hours for day, hours in answer.days.items()},
        weekly_cap=answer.weekly_cap or None,
        skills=tuple(answer.skills),
        wishes=answer.wishes,
        leads=answer.leads,
    )


def wanted_offer(change: SignUpChange) -> StaffOffer:
    """Return what a request asks for, in the form that the rules read."""
    wanted = change.wanted
    days = {int(day): hours for day, hours in wanted["days"].items()}
    return StaffOffer(
        wanted["joins"], days, wanted["weekly_cap"] or None, tuple(wanted["skills"]), wanted["wishes"], wanted["leads"]
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were asked, how many said yes, and what they offered; no is silence and 不参加 together."""

    asked: int
    joins: int
    by_weekday: Mapping[int, int]
    hours: int

    @property
    def others(self) -> int:
        """Return how many do not take part: who said no and who said nothing are not told apart."""
        return self.asked - self.joins


def offers_to_lead(school: School, *, on: date) -> tuple[str, ...]:
    """Return what teachers offered to lead in the term that a day lies in or that comes next, each once, no names."""
    rows = SignUp.objects.filter(window__school=school, window__term__until_on__gt=on, is_current=True, joins=True)
    return tuple(sorted(set(rows.exclude(leads="").values_list("leads", flat=True))))


def in_service(school: School) -> QuerySet[StaffMember]:
    """Return whom a school asks: its own staff in service."""
    return school.staff.filter(kind="in_service", state="in_use").select_related("account").order_by("name", "pk")


def counts_of(window: SignUpWindow) -> Counts:
    """Return the counts of a window: two queries."""
    yes = [
        (one.days, one.weekly_cap)
        for one in current_sign_ups(window).filter(joins=True, member__state="in_use", member__kind="in_service")
    ]
    by_weekday = {day: sum(str(day) in days for days, _ in yes) for day in range(1, 6)}
    return Counts(in_service(window.school).count(), len(yes), by_weekday, sum(cap for _, cap in yes))


def lines_of(window: SignUpWindow, *, text: str = "", weekday: int | None = None) -> list[SignUp]:
    """Return who offered, by name, for those who plan: nobody who did not offer stands on it, nor is one counted."""
    rows = current_sign_ups(window).filter(joins=True, member__state="in_use").order_by("member__name", "member_id")
    if text:
        rows = rows.filter(
            Q(member__name__icontains=text) | Q(member__skills__icontains=text) | Q(leads__icontains=text)
        )
    return [one for one in rows if weekday is None or str(weekday) in one.days]


# --- What binds somebody ----------------------------------------------------------------------------------------------


def busy_of(
    members: Iterable[StaffMember], term: Term, *, travel: int = 0, but: School | None = None
) -> dict[int, list[Busy]]:
    """Return what binds people every week of a term: lessons, duties, visits elsewhere with the way; two queries.

    `but` is the school that asks: a visit to it does not bind against it.
    """
    ids = [one.pk for one in members]
    found: dict[int, list[Busy]] = defaultdict(list)
    weekly = Commitment.objects.filter(
        member__in=ids, weekday__isnull=False, from_on__lt=term.until_on, until_on__gt=term.from_on
    ).order_by("weekday", "starts_at", "pk")
    for one in weekly:
        found[one.member_id].append(Busy(one.weekday, ClockSpan(one.starts_at, one.ends_at), one.what))  # type: ignore[arg-type]
    visits = Visit.objects.filter(member__in=ids, term=term, agreed_at__isnull=False, ended_at=None)
    for visit in visits.select_related("host").order_by("weekday", "starts_at", "pk"):
        if visit.host_id != (but.pk if but else None):
            span = on_the_way(ClockSpan(visit.starts_at, visit.ends_at), travel)
            found[visit.member_id].append(Busy(visit.weekday, span, f"到{visit.host.name}走教"))
    return dict(found)


def leaves_of(
    members: Iterable[StaffMember | int], *, from_on: date, until_on: date
) -> dict[int, list[tuple[date, date]]]:
    """Return the leaves that touch some days, by member: (first day, first day after it)."""
    ids = [one if isinstance(one, int) else one.pk for one in members]
    rows = Commitment.objects.filter(member__in=ids, kind=Commitment.LEAVE, from_on__lt=until_on, until_on__gt=from_on)
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for member, start, end in rows.values_list("member_id", "from_on", "until_on"):
        found[member].append((start, end))
    return dict(found)


def afternoons_of(school: School, term: Term) -> list[Afternoons]:
    """Return for each season of the service the class hours of every weekday, after the first dismissal of the day."""
    parameters = parameters_on(term.service_from_on)
    seasons = []
    for season in seasons_within(school, Span(term.service_from_on, term.service_until_on)):
        first = {}
        for (_, weekday), at in season.dismissals.items():
            first[weekday] = min(at, first.get(weekday, at))
        hours = {day: tuple(one.span for one in class_hours(at, parameters)) for day, at in first.items()}
        seasons.append(hours)
    return seasons


def clashes_of(member: StaffMember, term: Term, days: Mapping[int, int]) -> tuple[Refusal, ...]:
    """Return why class hours that somebody offers cannot be given, one reason a weekday (R-STAF-03)."""
    travel = parameters_on(term.service_from_on).visiting.travel_minutes
    bound = busy_of([member], term, travel=travel).get(member.pk, [])
    found: dict[str, Refusal] = {}
    for afternoons in afternoons_of(member.school, term) if bound else ():
        for no in refusals_of_clash(days, afternoons, bound):
            found.setdefault(no.fact("weekday"), no)
    order = [weekday_name(day) for day in range(1, 8)]
    return tuple(sorted(found.values(), key=lambda no: order.index(no.fact("weekday"))))


# --- For the planner --------------------------------------------------------------------------------------------------


def unwilling_in(school: School, term: Term) -> frozenset[int]:
    """Return the in-service members who may not be planned: asked, and no yes of theirs counts. Two queries.

    Empty where nobody was asked. For the planner's checks only; no page lists them.
    """
    window = window_of(school, term)
    if window is None:
        return frozenset()
    yes = current_sign_ups(window).filter(joins=True).values("member_id")
    return frozenset(in_service(school).exclude(pk__in=yes).values_list("pk", flat=True))


def willing_in(school: School, term: Term, hours: Mapping[int, int]) -> list[Willing]:
    """Return who offered, with the class hours of a week that each has still to give; `hours` are those planned."""
    window = window_of(school, term)
    if window is None:
        return []
    return [
        Willing(
            one.member_id,
            one.member.name,
            {int(day): number for day, number in one.days.items()},
            tuple(dict.fromkeys([*one.skills, *(word for word in one.member.skills.split("、") if word)])),
            one.leads,
            one.weekly_cap - hours.get(one.member_id, 0),
        )
        for one in lines_of(window)
    ]
