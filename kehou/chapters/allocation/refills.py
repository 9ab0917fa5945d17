"""Refill rounds: which stands, who may ask for what on which weekday, who has asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from kehou.chapters.allocation.models import Draw, Offer, Placement, RefillWish, WaitingPlace
from kehou.chapters.allocation.queries import hours_of
from kehou.chapters.enrolment.models import Application, DayChoice, EnrolledDay, Registration, Wish
from kehou.chapters.enrolment.queries import slots_of
from kehou.chapters.programme.models import Slot
from kehou.lib.prepared import Prepared
from kehou.rules.refilling import STANDING, fits

MAY_ASK = ("reviewed", "waiting", "allocated", "agreed", "in_force")
UNSIGNED = ("allocated", "agreed")  # the paper names the days: others wait until it is in force


def refill_round_of(draw: Draw) -> Draw | None:
    """Return the refill round of a draw that stands, or the last one; a voided one is none."""
    return (
        draw.refills.exclude(state="void")
        .select_related("registration__school", "registration__term", "base")
        .order_by("-number")
        .first()
    )


def open_refill_of(draw: Draw, at: datetime) -> Draw | None:
    """Return the refill round of a draw in which families may ask at this moment, or None."""
    return draw.refills.filter(state="planned", closes_at__gt=at).first()


_OFFERS = Prepared(
    lambda application, at: (
        Offer.objects.filter(application=application, state=Offer.OPEN, expires_at__gt=at)
        .select_related("slot__activity")
        .order_by("expires_at")
    ),
    application=int,
    at=datetime,
)


def offers_open_to(application: Application, at: datetime) -> list[Offer]:
    """Return the free seats that are offered to a family at this moment, the first to expire first."""
    return _OFFERS.rows(application=application.pk, at=at)


_OPEN_TO = Prepared(
    lambda application, registration, at: (
        Draw.objects.filter(registration=registration, base__isnull=False, state="planned", closes_at__gt=at)
        .exclude(pk__in=RefillWish.objects.filter(application=application, withdrawn_at=None).values("refill"))
        .order_by("pk")[:1]
    ),
    application=int,
    registration=int,
    at=datetime,
)


def open_refill_for(application: Application, at: datetime) -> Draw | None:
    """Return the refill round in which this family may still ask and has not yet, or None: one statement."""
    if not application.joins or application.state not in MAY_ASK:
        return None
    return _OPEN_TO.first(application=application.pk, registration=application.registration_id, at=at)


def standing_refill(registration: Registration) -> Draw | None:
    """Return the refill round of a registration that is not public yet, or None."""
    return Draw.objects.filter(registration=registration, base__isnull=False, state__in=STANDING).first()


def sealed_words(refill: Draw) -> list[tuple[str, str]]:
    """Return (seal, word) of each witness whom a refill round names, in order; words are empty until it is drawn."""
    seals = [part.partition(":")[2] for part in refill.randomness.split(",") if part.startswith("ceremony:")]
    entry = refill.beacon_entries.order_by("pk").first() if seals and refill.drawn_at else None
    words = entry.reveals if entry else [""] * len(seals)
    return list(zip(seals, words, strict=True))


def mask_of(slot: Slot) -> int:
    """Return the class hours of a slot as a mask, bit h−1 for class hour h."""
    return sum(1 << (hour - 1) for hour in hours_of(slot))


@dataclass(frozen=True, slots=True)
class ChildDay:
    """A weekday of a child: the hours it stays (a mask), its seats, of which `main` may be given for another group."""

    weekday: int
    hours: int
    seats: tuple[Placement, ...] = ()

    @property
    def main(self) -> Placement | None:
        """Return the first group that is neither base care nor a team: a team stays what it is."""
        activities = ((seat, seat.slot.activity) for seat in self.seats)
        return next((seat for seat, one in activities if not one.is_base_care and not one.one_team), None)

    def options(self, grade: int, slots: Iterable[Slot]) -> list[Slot]:
        """Return the groups the child may ask for."""
        main = self.main
        own, others = mask_of(main.slot) if main else 0, [mask_of(s.slot) for s in self.seats if s is not main]
        held = {seat.slot_id for seat in self.seats}
        return [
            slot
            for slot in slots
            if slot.weekday == self.weekday
            and slot.pk not in held
            and not slot.activity.is_base_care
            and grade in slot.activity.grades
            and fits(mask_of(slot), day=self.hours, main=own, others=others)
        ]


def days_of(applications: Iterable[Application], on: date) -> dict[int, dict[int, ChildDay]]:
    """Return application id → weekday → the child's day, for the days it may ask for: three statements.

    These are the days it takes part in and, once its agreement is in force or while it waits, those it asked for.
    """
    asking = {one.pk: one for one in applications if one.state in MAY_ASK}
    hours: dict[int, dict[int, int]] = defaultdict(dict)
    currents = {one.current_id: one.pk for one in asking.values()}
    for submission, weekday, count in DayChoice.objects.filter(submission__in=list(currents)).values_list(
        "submission", "weekday", "hours"
    ):
        hours[currents[submission]][weekday] = (1 << count) - 1
    enrolled = EnrolledDay.objects.filter(enrolment__application__in=list(asking), until_on__gt=on)
    for application, weekday, count in enrolled.values_list("enrolment__application", "weekday", "hours"):
        hours[application][weekday] = (1 << count) - 1
    seats: dict[tuple[int, int], list[Placement]] = defaultdict(list)
    held = Placement.objects.filter(application__in=list(asking), ended_at=None).select_related("slot__activity")
    for seat in held.order_by("slot__first_hour", "pk"):
        seats[seat.application_id, seat.weekday].append(seat)
    return {
        pk: {
            weekday: ChildDay(weekday, mask, tuple(seats[pk, weekday]))
            for weekday, mask in sorted(hours[pk].items())
            if seats[pk, weekday] or one.state not in UNSIGNED
        }
        for pk, one in asking.items()
    }


def offered_groups(draw: Draw) -> list[Slot]:
    """Return the groups one may ask for after a draw: all but teams and those closed for want of pupils."""
    closed = set(draw.stats.get("closed_slots", ()))
    found = slots_of(draw.registration).exclude(activity__one_team=True)
    return list(found.exclude(pk__in=closed, placements__isnull=True).distinct())


def waits_for(application: Application) -> Mapping[int, list[int]]:
    """Return weekday → the slots a child waits for, best wish first: what the form is filled with to begin."""
    rows = WaitingPlace.objects.filter(application=application, ended_at=None)
    rank = dict(Wish.objects.filter(submission=application.current_id).values_list("slot", "tier"))
    found: dict[int, list[int]] = defaultdict(list)
    for slot, weekday in sorted(
        rows.values_list("slot", "slot__weekday"), key=lambda row: (rank.get(row[0], 99), row[0])
    ):
        found[weekday].append(slot)
    return found


def wishes_of(refill: Draw, *, text: str = "") -> QuerySet[RefillWish]:
    """Return the wishes that stand, of families that have not left, by weekday and name."""
    found = (
        refill.refill_wishes.filter(withdrawn_at=None)
        .exclude(application__state="ended", outcome="")
        .select_related("held__activity", "application__pupil__homeroom", "application__pupil__school")
        .order_by("weekday", "application__pupil__name_sort", "pk")
    )
    if text:
        name = "application__pupil__name"
        found = found.filter(Q(**{f"{name}__icontains": text}) | Q(**{f"{name}_sort__icontains": text}))
    return found
