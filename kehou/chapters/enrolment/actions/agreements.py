"""服务协议: drawn up from what was placed, signed by the family, sealed by the school; then the child is enrolled.

No service and no bill without it (R-AGR-01): `Enrolment` exists only here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, prefetch_related_objects

from kehou.chapters.basis.queries import calendar_of, holidays_within, parameters_on
from kehou.chapters.enrolment.actions.signing import signature
from kehou.chapters.enrolment.models import (
    Agreement,
    Application,
    EnrolledDay,
    Enrolment,
    Registration,
)
from kehou.chapters.enrolment.papers import agreement_digest
from kehou.chapters.enrolment.wording import Served, Wording
from kehou.chapters.journal import actions as journal
from kehou.lib.actors import Actor
from kehou.lib.masked import keyed_hash
from kehou.lib.statements import insert_objects, update_objects
from kehou.rules import enrolling
from kehou.rules.choice import Choice, digest
from kehou.rules.labels import term_mark
from kehou.rules.verdicts import Refused, insist, refuse


@transaction.atomic
def draw_up_agreements(
    registration: Registration, served: Mapping[int, Sequence[Served]], *, by: Actor, at: datetime
) -> list[Agreement]:
    """Draw up the agreement of every placed application (`served`: application id → its weekdays), to be signed.

    Statements do not grow with the number of children. :raises Refused: R-AGR-02 when a mandatory part is missing
    """
    applications = list(
        registration.applications.filter(pk__in=list(served), state="allocated")
        .exclude(agreements__state__in=("to_sign", "guardian_signed", "in_force"))
        .select_related("pupil__homeroom", "current")
        .annotate(last=Max("agreements__version", default=0))  # an earlier one may have lost what it was about
    )
    wording = Wording.of(
        registration.school,
        registration.term,
        [application.pupil_id for application in applications],
        on=at.date(),
        # Who joins after a change of the price signs the price that holds then, not the one of the first day.
        parameters=parameters_on(max(registration.term.service_from_on, at.date())),
    )
    sign_by = _sign_by(at.date())
    drawn_up = []
    for application in applications:
        assert application.current is not None
        content = wording.content(application, Choice.read(application.current.choice), served[application.pk])
        insist(enrolling.refusal_of_content(content))
        drawn_up.append(_to_sign(registration, application, content, at=at, sign_by=sign_by))
    made = insert_objects(drawn_up)
    journal.write_many(
        [("enrolment.agreement_drawn_up", agreement, {"digest": agreement.digest}) for agreement in made],
        by=by,
        at=at,
        school_code=registration.school.code,
    )
    return made


def _to_sign(
    registration: Registration, application: Application, content: Mapping[str, object], *, at: datetime, sign_by: date
) -> Agreement:
    version: int = application.last + 1  # type: ignore[attr-defined]
    number = f"XY-{term_mark(registration.term.code)}-{registration.school.code}-{application.pk:07d}"
    number += f"-{version}" if version > 1 else ""
    return Agreement(
        application=application,
        number=number,
        version=version,
        content=content,
        digest=digest(content),
        check_code=keyed_hash(number, purpose="agreement")[:16],
        drawn_up_at=at,
        sign_by_on=sign_by,
    )


def _sign_by(on: date) -> date:
    """Return the last day for signing: so many working days after the result (agreement.sign_working_days)."""
    days = parameters_on(on).agreement.sign_working_days
    return holidays_within(on, on + timedelta(days=60)).working_day_after(on, days)


# --- Sealing ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def seal(agreements: Iterable[Agreement], *, by: Actor, at: datetime) -> list[Enrolment]:
    """Put the school's seal under agreements the family has signed: they come into force, the children are enrolled.

    Those that have moved since the page was drawn are left out. :raises Refused: R-AGR-01 when none is left
    """
    wanted = [agreement.pk for agreement in agreements]
    waiting = Agreement.objects.select_for_update(no_key=True).filter(pk__in=wanted, state="guardian_signed")
    related = ("application__registration__term", "application__registration__school")
    signed = list(waiting.select_related(*related))
    if not signed:
        raise Refused(refuse("R-AGR-01", "nothing_to_seal"))
    insert_objects(
        [signature(one, "school", "seal", one.application.registration.school.name, by=by, at=at) for one in signed]
    )
    prefetch_related_objects(signed, "signatures")
    pks = [agreement.pk for agreement in signed]
    for agreement in signed:
        agreement.state = "in_force"
        agreement.pdf_digest = agreement_digest(agreement)  # what stands on its pages from now on
    update_objects(signed, "state", "pdf_digest")
    Application.objects.filter(agreements__in=pks, state="agreed").update(state="in_force")
    enrolments = _enrol(signed, at)
    journal.write_many(
        [("enrolment.agreement_in_force", agreement, {"digest": agreement.digest}) for agreement in signed],
        by=by,
        at=at,
        school_code=signed[0].application.registration.school.code,
    )
    return enrolments


def _enrol(agreements: Sequence[Agreement], at: datetime) -> list[Enrolment]:
    """Write what is served and billed: from the next service day, or from the first of the term."""
    registration = agreements[0].application.registration
    from_on = next_service_day(registration, after=at.date())
    if from_on is None:
        raise Refused(refuse("R-ENR-01", "no_service_day_left"))
    until_on = registration.term.service_until_on
    made = insert_objects(
        Enrolment(
            application=agreement.application,
            pupil_id=agreement.application.pupil_id,
            school_id=registration.school_id,
            term_id=registration.term_id,
            agreement=agreement,
            from_on=from_on,
            until_on=until_on,
        )
        for agreement in agreements
    )
    insert_objects(
        EnrolledDay(enrolment=enrolment, weekday=int(weekday), hours=hours, from_on=from_on, until_on=until_on)
        for enrolment, agreement in zip(made, agreements, strict=True)
        for weekday, hours in agreement.content["days"].items()
    )
    return made


def next_service_day(registration: Registration, *, after: date) -> date | None:
    """Return the first service day of the school after a day, None if there is none left in the term."""
    days = calendar_of(registration.term).service_days(school=registration.school.code)
    return next((day for day in days if day > after), None)
