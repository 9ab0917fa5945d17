"""Questions about registrations and applications; what a grade may choose from; progress in counts only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from time import monotonic

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import holidays_within, parameters_on
from kehou.chapters.enrolment.models import Agreement, Application, ChangeWindow, Enrolment, Registration, Wish
from kehou.chapters.people.models import Pupil
from kehou.chapters.programme.models import Slot, TablePublication
from kehou.chapters.programme.queries import sellable_tiers
from kehou.chapters.programme.queries import slots_of as slots_offered
from kehou.chapters.schools.models import Homeroom, School
from kehou.lib.prepared import Prepared
from kehou.rules.choice import Choice, Offer, Place, Terms
from kehou.rules.parameters.groups import Elig

# Every page of a guardian asks these (ADR 0014).
_REGISTRATION = Prepared(
    lambda school, on: registrations().filter(school=school, term__until_on__gt=on).order_by("-opens_at")[:1],
    school=int,
    on=date,
)
_APPLICATION = Prepared(
    lambda pupil, registration: (
        Application.objects.filter(pupil=pupil, registration=registration)
        .select_related("current", "registration__term", "current__review")
        .order_by("pk")[:1]
    ),
    pupil=int,
    registration=int,
)
_ENROLMENT = Prepared(
    lambda pupil, on: (
        Enrolment.objects.filter(pupil=pupil, until_on__gt=on)
        .select_related("term", "school", "application__registration", "agreement")
        .order_by("from_on")[:1]
    ),
    pupil=int,
    on=date,
)


def registration_of(school: School, *, on: date) -> Registration | None:
    """Return the school's registration whose term is not over on a day, the latest if there are two."""
    return _REGISTRATION.first(school=school.pk, on=on)


def registrations() -> QuerySet[Registration]:
    """Return registrations with what every page about them needs; the long rows of the published table stay away."""
    return Registration.objects.select_related("term", "school", "table").defer("table__rows")


def application_of(pupil: Pupil, registration: Registration) -> Application | None:
    """Return the child's application with its current version, or None while the family is silent."""
    return _APPLICATION.first(pupil=pupil.pk, registration=registration.pk)


# --- What may be chosen -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a school offers in a term: every place, and the most class hours that end in time by (grade, weekday)."""

    places: Mapping[int, Place]
    fits: Mapping[tuple[int, int], int]
    terms: Terms
    elig: Elig

    def offer(self, grade: int) -> Offer:
        """Return what one grade may choose from. A day reaches as far as there is a place to be in."""
        open_to = {place.id: place for place in self.places.values() if grade in place.grades}
        most: dict[int, int] = {}
        for place in open_to.values():
            if place.last <= self.fits.get((grade, place.weekday), 0):
                most[place.weekday] = max(most.get(place.weekday, 0), place.last)
        return Offer(grade, dict(sorted(most.items())), open_to)


_REMEMBERED_SECONDS = 30.0
_sheets: dict[int, tuple[float, Sheet, dict[int, Offer]]] = {}


def terms_of(registration: Registration) -> Terms:
    """Return the numbers that bound a choice: those of the day on which the registration opened."""
    return _remembered(registration)[0].terms


def elig_of(registration: Registration) -> Elig:
    """Return whom the service was for on the day on which the registration opened."""
    return _remembered(registration)[0].elig


def offer_for(registration: Registration, grade: int) -> Offer:
    """Return what a grade may choose from in a registration.

    Remembered in the process for half a minute: a school's families do not read the same table a thousand times.
    """
    sheet, offers = _remembered(registration)
    if grade not in offers:
        offers[grade] = sheet.offer(grade)
    return offers[grade]


def _remembered(registration: Registration) -> tuple[Sheet, dict[int, Offer]]:
    found = _sheets.get(registration.pk)
    if found is None or monotonic() - found[0] > _REMEMBERED_SECONDS:
        found = _sheets[registration.pk] = (monotonic(), sheet_of(registration), {})
    return found[1], found[2]


def forget_offers() -> None:
    """Forget what is remembered: for tests, where one process sees many databases."""
    _sheets.clear()
    _windows.clear()


_WINDOW_SECONDS = 2.0
_windows: dict[tuple[int, date], tuple[float, Registration]] = {}


def registration_to_write(school: School, *, on: date) -> Registration | None:
    """Return what `registration_of` returns, remembered for two seconds: for the one page that thousands send at once.

    A longer deadline is seen two seconds later. The freeze comes a minute after the deadline, so that nobody slips in.
    """
    found = _windows.get((school.pk, on))
    if found is not None and monotonic() - found[0] <= _WINDOW_SECONDS:
        return found[1]
    registration = registration_of(school, on=on)
    if registration is not None:
        _windows[school.pk, on] = (monotonic(), registration)
    return registration


def sheet_of(registration: Registration) -> Sheet:
    """Return what a school offers in a registration, read from the table and the dismissal times."""
    places = {
        slot.pk: Place(
            id=slot.pk,
            weekday=slot.weekday,
            name=slot.activity.name,
            first=slot.first_hour,
            hours=slot.activity.class_hours,
            grades=frozenset(slot.activity.grades),
            care=slot.activity.is_base_care,
            team=slot.activity_id if slot.activity.one_team else None,
        )
        for slot in slots_of(registration)
    }
    school, term = registration.school, registration.term
    grades = sorted({grade for place in places.values() for grade in place.grades})
    tiers = sellable_tiers(school, term, grades=grades)
    parameters = parameters_on(timezone.localtime(registration.opens_at).date())
    return Sheet(
        places,
        {key: max(hours, default=0) for key, hours in tiers.items()},
        Terms(
            min_contacts=parameters.enrol.min_contacts,
            alone_from_grade=parameters.enrol.alone_from_grade,
            mixed_hours=parameters.fee.mixed_hours,
        ),
        parameters.elig,
    )


def review_due(registration: Registration) -> date:
    """Return the last day of the class review: so many working days after the deadline (enrol.review_working_days)."""
    closes_on = timezone.localtime(registration.closes_at).date()
    days = parameters_on(closes_on).enrol.review_working_days
    return holidays_within(closes_on, closes_on + timedelta(days=120)).working_day_after(closes_on, days)


def slots_of(registration: Registration) -> QuerySet[Slot]:
    """Return the slots families may wish for: weekly ones of the published table.

    A lecture once a month is not chosen by itself; it takes the place of what the child does that day.
    """
    return slots_offered(registration.school, registration.term).filter(activity__week_of_month=None)


# --- Progress, in counts ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one class is: counts only, so that nobody learns who refused (domain/09 row 1)."""

    homeroom: Homeroom
    pupils: int
    joins: int
    declines: int
    reviewed: int
    returned: int

    @property
    def answered(self) -> int:
        """Return how many families answered, either way."""
        return self.joins + self.declines

    @property
    def silent(self) -> int:
        """Return how many have not answered."""
        return self.pupils - self.answered


def progress(registration: Registration) -> list[Progress]:
    """Return the progress of each class, in three statements whatever the size."""
    homerooms = registration.school.homerooms.filter(school_year=registration.term.school_year)
    pupils = Counter(
        dict(
            Pupil.objects.filter(school=registration.school, state=Pupil.IN_SCHOOL)
            .values_list("homeroom")
            .annotate(n=Count("pk"))
        )
    )
    states: dict[int, Counter[str]] = defaultdict(Counter)
    rows = registration.applications.values_list("pupil__homeroom", "state", "joins").annotate(n=Count("pk"))
    for homeroom_id, state, joins, count in rows:
        states[homeroom_id][state if joins else "declined"] += count
    found = []
    for homeroom in homerooms.order_by("grade", "number"):
        there = states[homeroom.pk]
        declines = there.pop("declined", 0)
        open_ = there["submitted"] + there["returned"]
        joins = sum(there.values())
        found.append(Progress(homeroom, pupils[homeroom.pk], joins, declines, joins - open_, there["returned"]))
    return found


def interest(registration: Registration) -> dict[int, tuple[int, int]]:
    """Return (families that wish for it first, that wish for it at all) by slot."""
    rows = (
        Wish.objects.filter(submission__application__registration=registration, submission__application__joins=True)
        .filter(submission__application__current=F("submission"))
        .values_list("slot")
        .annotate(first=Count("pk", filter=Q(tier=1)), all=Count("pk"))
    )
    return {slot: (first, every) for slot, first, every in rows}


# --- Lists ------------------------------------------------------------------------------------------------------------


def joined(registration: Registration, *, text: str = "") -> QuerySet[Application]:
    """Return the applications that take part, by class and name. Who refused is never in a list."""
    found = (
        registration.applications.filter(joins=True)
        .select_related("pupil__homeroom", "current")
        .order_by("pupil__homeroom__grade", "pupil__homeroom__number", "pupil__name_sort", "pk")
    )
    if text:
        found = found.filter(Q(pupil__name__icontains=text) | Q(pupil__name_sort__icontains=text))
    return found


def to_review(homeroom_ids: list[int], registration: Registration) -> QuerySet[Application]:
    """Return what a class teacher sees: those of their classes who applied 参加, unreviewed first."""
    return (
        registration.applications.filter(joins=True, pupil__homeroom__in=homeroom_ids)
        .select_related("pupil__homeroom", "current", "current__review")
        .order_by("pupil__homeroom__grade", "pupil__homeroom__number", "pupil__name_sort", "pk")
    )


def waiting_for_review(homeroom_ids: list[int], registration: Registration) -> int:
    """Return how many applications of these classes wait for their class teacher."""
    return to_review(homeroom_ids, registration).filter(state="submitted").count()


def reviews_open(registration: Registration) -> dict[str, int]:
    """Return how many applications stand between the families and the draw: submitted, returned."""
    rows = registration.applications.filter(joins=True, state__in=("submitted", "returned"))
    return dict(rows.values_list("state").annotate(n=Count("pk")))


def change_window_on(registration: Registration, on: date) -> ChangeWindow | None:
    """Return the change window that is open on a day, or None."""
    return registration.change_windows.filter(from_on__lte=on, until_on__gt=on).first()


def agreement_of(application: Application) -> Agreement | None:
    """Return the latest version of a child's agreement with its signatures, or None."""
    return application.agreements.prefetch_related("signatures").order_by("-version").first()


def agreement_by_check_code(code: str) -> Agreement | None:
    """Return the agreement behind a verification QR, for the public page that says only whether it is genuine."""
    return Agreement.objects.filter(check_code=code).select_related("application__registration__school").first()


def enrolment_on(pupil: Pupil, on: date) -> Enrolment | None:
    """Return the enrolment of a child that is in force or still to begin on a day, or None."""
    return _ENROLMENT.first(pupil=pupil.pk, on=on)


def choice_of(application: Application) -> Choice:
    """Return the current choice."""
    assert application.current is not None
    return Choice.read(application.current.choice)


def publication_of(school: School, term: Term) -> TablePublication | None:
    """Return the latest published version of a school's activity table, or None."""
    return (
        TablePublication.objects.filter(table__school=school, table__term=term, table__state="published")
        .order_by("-version")
        .first()
    )


def pupils_in_service(school: School, term: Term, *, on: date) -> QuerySet[Pupil]:
    """Return the children of a school whose enrolment of a term has not ended on a day."""
    enrolled = Enrolment.objects.filter(term=term, until_on__gt=on).values("pupil")
    return Pupil.objects.filter(school=school, state=Pupil.IN_SCHOOL, pk__in=enrolled)
