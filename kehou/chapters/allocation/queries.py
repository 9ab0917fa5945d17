"""Questions about a draw and its seats: who sits where, who waits in which order, what a family is told."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from kehou.chapters.allocation.models import Draw, Offer, Placement, Unplaced, WaitingPlace, Witness
from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import holidays_within, parameters_on
from kehou.chapters.enrolment.models import Application, Registration
from kehou.chapters.enrolment.queries import interest, slots_of
from kehou.chapters.enrolment.wording import Served
from kehou.chapters.programme.models import Slot
from kehou.chapters.programme.queries import place_of
from kehou.chapters.schools.models import School
from kehou.rules.refilling import STANDING

OFFER_HOUR = time(18, 0)


def draw_of(registration: Registration) -> Draw | None:
    """Return the draw of a registration that stands, or None; never a refill round after it."""
    return (
        registration.draws.filter(base=None)
        .exclude(state="void")
        .select_related("registration__school", "registration__term")
        .order_by("-number")
        .first()
    )


def published_draw_of(registration: Registration) -> Draw | None:
    """Return the draw whose result families may see, or None."""
    draw = draw_of(registration)
    return draw if draw is not None and draw.state == "published" else None


def witnesses_waiting(registration: Registration) -> list[Witness]:
    """Return who has sealed a word and is not named yet, in the order in which they came."""
    return list(Witness.objects.filter(registration=registration, draw=None).order_by("pk"))


def witnesses_of(draw: Draw) -> list[Witness]:
    """Return the witnesses of a draw in the order in which its randomness names them."""
    return list(draw.witnesses.order_by("pk"))


def may_name_again(registration: Registration) -> bool:
    """Return whether a draw was taken back because a witness hid the word: then nobody could know its result.

    Only then may randomness be named after the deadline, over choices that stay frozen (R-ALLOC-02).
    """
    hidden = registration.draws.filter(state="void", drawn_at=None, committed_at__isnull=False, witnesses__word="")
    return hidden.exists()


# --- Seats ------------------------------------------------------------------------------------------------------------


def standing(application: Application) -> QuerySet[Placement]:
    """Return the seats a child holds."""
    return Placement.objects.filter(application=application, ended_at=None)


def taken_by_slot(slots: Collection[int]) -> dict[int, int]:
    """Return how many seats of each slot are held."""
    rows = Placement.objects.filter(slot__in=slots, ended_at=None).values_list("slot").annotate(n=Count("pk"))
    return dict(rows)


def taken_in(slot: Slot, *, but: Offer | None = None) -> int:
    """Return how many seats of a slot are held or promised; call it with the slot locked."""
    promised = Offer.objects.filter(slot=slot, state=Offer.OPEN)
    if but is not None:
        promised = promised.exclude(pk=but.pk)
    return Placement.objects.filter(slot=slot, ended_at=None).count() + promised.count()


def queue(slot: Slot) -> list[WaitingPlace]:
    """Return who waits for a slot and has no open offer there, in the order of the draw.

    While a refill round is not public yet nobody is asked: its seats are given in the round.
    """
    asked = Offer.objects.filter(slot=slot, state=Offer.OPEN).values("application")
    return list(
        WaitingPlace.objects.filter(slot=slot, ended_at=None, draw__state="published")
        .exclude(application__in=asked)
        .exclude(application__state="ended")
        .exclude(draw__refills__state__in=STANDING)
        .select_related("application__pupil__homeroom", "application__pupil__school")
        .select_related("application__registration__school", "application__registration__term", "draw")
        .order_by("position")
    )


def offer_deadline(at: datetime) -> datetime:
    """Return until when an offer holds: 18:00 of the working day that the district has set, the second as shipped."""
    today = at.date()
    days = parameters_on(today).alloc.offer_working_days
    day = holidays_within(today, today + timedelta(days=60)).working_day_after(today, days)
    return datetime.combine(day, OFFER_HOUR, at.tzinfo)


def hours_of(slot: Slot) -> frozenset[int]:
    """Return the class hours a slot fills."""
    return frozenset(range(slot.first_hour, slot.first_hour + slot.activity.class_hours))


def overlap(one: Slot, other: Slot) -> bool:
    """Return whether two slots of one weekday share a class hour."""
    return one.weekday == other.weekday and bool(hours_of(one) & hours_of(other))


def served(registration: Registration, applications: Collection[int]) -> dict[int, list[Served]]:
    """Return each application's weekdays with the hours in which it is looked after and where: two statements."""
    seats = Placement.objects.filter(application__in=applications, ended_at=None)
    rows = seats.order_by("weekday", "slot__first_hour").values_list("application_id", "weekday", "slot_id")
    slots = Slot.objects.filter(placements__in=seats).select_related("activity__room", "activity__homeroom")
    known = {slot.pk: slot for slot in slots.distinct()}
    by_day: dict[int, dict[int, list[Slot]]] = defaultdict(lambda: defaultdict(list))
    for application, weekday, slot in rows:
        by_day[application][weekday].append(known[slot])
    return {
        application: [_served(weekday, there) for weekday, there in sorted(days.items())]
        for application, days in by_day.items()
    }


def _served(weekday: int, slots: list[Slot]) -> Served:
    hours: set[int] = set()
    rows = []
    for slot in slots:
        hours |= hours_of(slot)
        rows.append(
            (f"{slot.starts_at:%H:%M}–{slot.ends_at:%H:%M}", slot.activity.name, place_of(slot.activity) or "待定")
        )
    return Served(weekday, len(hours), tuple(rows))


# --- Results, for the office ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GroupResult:
    """One slot after the draw. `renewed` of its seats were kept by their members before it."""

    slot: Slot
    seats: int
    first: int
    wished: int
    taken: int
    waiting: int
    closed_at: int | None
    too_few: bool
    renewed: int = 0

    @property
    def free(self) -> int:
        """Return the seats that are left."""
        return self.seats - self.taken


def results(draw: Draw) -> list[GroupResult]:
    """Return every group with wishes, seats and closing position, in four statements."""
    slots = list(slots_of(draw.registration))
    taken = taken_by_slot([slot.pk for slot in slots])
    wishes = interest(draw.registration)
    rows = draw.waiting_places.filter(ended_at=None).values_list("slot").annotate(n=Count("pk"))
    waiting = dict(rows)
    renewed = draw.stats.get("renewed", {})
    cutoffs, closed = draw.stats.get("cutoffs", {}), set(draw.stats.get("closed_slots", ()))
    return [
        GroupResult(
            slot=slot,
            seats=slot.activity.capacity,
            first=wishes.get(slot.pk, (0, 0))[0],
            wished=wishes.get(slot.pk, (0, 0))[1],
            taken=taken.get(slot.pk, 0),
            waiting=waiting.get(slot.pk, 0),
            closed_at=cutoffs.get(str(slot.pk)),
            too_few=slot.pk in closed,
            renewed=renewed.get(str(slot.pk), 0),
        )
        for slot in slots
    ]


def placements_of(draw: Draw, *, text: str = "", slot: int | None = None) -> QuerySet[Placement]:
    """Return the seats of a registration that stand, by class and name."""
    found = (
        Placement.objects.filter(application__registration=draw.registration_id, ended_at=None)
        .select_related("application__pupil__homeroom", "slot__activity")
        .order_by(
            "application__pupil__homeroom__grade",
            "application__pupil__homeroom__number",
            "application__pupil__name_sort",
            "weekday",
            "slot__first_hour",
        )
    )
    if text:
        found = found.filter(
            Q(application__pupil__name__icontains=text) | Q(application__pupil__name_sort__icontains=text)
        )
    return found.filter(slot=slot) if slot else found


def waiting_of(draw: Draw, *, text: str = "", slot: int | None = None) -> QuerySet[WaitingPlace]:
    """Return the queues, slot by slot in their order."""
    found = (
        draw.waiting_places.filter(ended_at=None)
        .select_related("application__pupil__homeroom", "slot__activity")
        .order_by("slot__weekday", "slot__activity__name", "slot", "position")
    )
    if text:
        found = found.filter(
            Q(application__pupil__name__icontains=text) | Q(application__pupil__name_sort__icontains=text)
        )
    return found.filter(slot=slot) if slot else found


# --- For the district -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RoundOf:
    """A school's round of a term: its registration, the standing draw, changes by hand, draws taken back, refills."""

    registration: Registration
    draw: Draw | None
    by_hand: int
    voided: int
    refills: tuple[Draw, ...] = ()

    @property
    def school(self) -> School:
        """Return whose round it is."""
        return self.registration.school


def rounds_in(term: Term, *, text: str = "") -> list[RoundOf]:
    """Return the round of every school that has opened registration in a term, by code: two statements."""
    registrations = Registration.objects.filter(term=term).select_related("school", "term").order_by("school__code")
    if text:
        registrations = registrations.filter(Q(school__name__icontains=text) | Q(school__code__startswith=text))
    draws: dict[int, list[Draw]] = defaultdict(list)
    refills: dict[int, list[Draw]] = defaultdict(list)
    by_hand = Count("changes", filter=Q(changes__kind="hand"))
    for draw in Draw.objects.filter(registration__term=term).annotate(by_hand=by_hand).order_by("number"):
        if draw.base_id is None:
            draws[draw.registration_id].append(draw)
        elif draw.state != "void":
            refills[draw.registration_id].append(draw)
    found = []
    for registration in registrations:
        mine = draws[registration.pk]
        standing = next((one for one in reversed(mine) if one.state != "void"), None)
        voided = sum(one.state == "void" for one in mine)
        by_hand_here = standing.by_hand if standing else 0  # type: ignore[attr-defined]
        found.append(RoundOf(registration, standing, by_hand_here, voided, tuple(refills[registration.pk])))
    return found


# --- A family's result ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Passed:
    """A wish the child did not get: how it went there."""

    slot: Slot
    seats: int
    closed_at: int | None
    too_few: bool
    waiting: int | None


@dataclass(frozen=True)
class DayResult:
    """What a child got on one weekday, and why."""

    weekday: int
    position: int | None
    of: int | None
    tier: int | None
    seats: list[Placement] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    by_hand: str = ""
    teams: list[Passed] = field(default_factory=list)  # teams it asked for and did not get, closed by `team_position`
    team_position: int | None = None
    in_team: Slot | None = None  # the team it won, which meets on this day
    left_over: bool = False  # a seat of the day was left after the round and went to who came first

    @property
    def placed(self) -> bool:
        """Return whether there is a place that day."""
        return bool(self.seats)


def result_for(application: Application) -> list[DayResult]:
    """Return what a child got, weekday by weekday, with the reason: five statements."""
    seats = (
        standing(application)
        .select_related("slot__activity__room", "slot__activity__homeroom", "slot__activity__leader")
        .order_by("weekday", "slot__first_hour")
    )
    by_day: dict[int, list[Placement]] = defaultdict(list)
    for seat in seats:
        by_day[seat.weekday].append(seat)
    reasons = dict(Unplaced.objects.filter(application=application).values_list("weekday", "reason"))
    for day, there in by_day.items():
        reasons[day] = next((one.reason for one in there if "position" in one.reason), reasons.get(day, {}))
    told = {day: reason.get("team", {}) for day, reason in reasons.items()}
    wanted = {row["slot"] for why in (*reasons.values(), *told.values()) for row in why.get("passed", ())}
    wanted |= {team["won"] for team in told.values() if team.get("won")}
    slots = {slot.pk: slot for slot in Slot.objects.filter(pk__in=wanted).select_related("activity")}
    places = _live_waiting(application)
    offers = defaultdict(list)
    for offer in application.offers.filter(state=Offer.OPEN).select_related("slot__activity"):
        offers[offer.slot.weekday].append(offer)
    return [
        DayResult(
            weekday=day,
            position=reasons[day].get("position"),
            of=reasons[day].get("of"),
            tier=reasons[day].get("tier"),
            seats=by_day.get(day, []),
            passed=_passed(reasons[day], slots, places),
            teams=_passed(told[day], slots, {}),
            team_position=told[day].get("position"),
            in_team=slots.get(told[day].get("won") or 0),
            offers=offers[day],
            left_over=any(seat.reason.get("left_over") for seat in by_day.get(day, ())),
            by_hand=next((seat.reason["by_hand"] for seat in by_day.get(day, ()) if "by_hand" in seat.reason), ""),
        )
        for day in sorted(reasons)
    ]


def _passed(why: Mapping[str, Any], slots: Mapping[int, Slot], places: Mapping[int, int]) -> list[Passed]:
    return [
        Passed(slots[row["slot"]], row["seats"], row["closed_at"], row["too_few"], places.get(row["slot"]))
        for row in why.get("passed", ())
        if row["slot"] in slots
    ]


def _live_waiting(application: Application) -> Mapping[int, int]:
    """Return the child's place in each queue as it stands now: how many are still before it, plus one."""
    mine = dict(WaitingPlace.objects.filter(application=application, ended_at=None).values_list("slot", "position"))
    if not mine:
        return {}
    before: Counter[int] = Counter()
    rows = WaitingPlace.objects.filter(slot__in=list(mine), ended_at=None).values_list("slot", "position")
    for slot, position in rows:
        before[slot] += position <= mine[slot]
    return before


def seated_in(
    school: School, term: Term, *, on: date, activities: Collection[int] = (), weekdays: Collection[int] = ()
) -> dict[int, str]:
    """Return whom a change of activities or weekdays touches from a day on: pupil id → what of theirs, in words.

    Empty collections narrow nothing: without any, everybody with a seat. One query.
    """
    seats = Placement.objects.filter(
        application__registration__school=school, application__registration__term=term, until_on__gt=on, ended_at=None
    )
    if activities:
        seats = seats.filter(slot__activity__in=activities)
    if weekdays:
        seats = seats.filter(weekday__in=weekdays)
    touched: dict[int, list[str]] = {}
    for pupil, weekday, name in seats.order_by("weekday", "pk").values_list(
        "application__pupil", "weekday", "slot__activity__name"
    ):
        touched.setdefault(pupil, []).append(f"周{'一二三四五六日'[weekday - 1]}{name}")
    return {pupil: "、".join(dict.fromkeys(words)) for pupil, words in touched.items()}
