"""A family's answer becomes a version that is never overwritten.

This is the one hot path of the house: the evening when a district chooses. What the policy asks is checked on values;
the write is one short transaction of constantly few statements without the ORM's work for each row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import connection, transaction

from kehou.chapters.enrolment.models import Application, DayChoice, Registration, Submission, Wish
from kehou.chapters.enrolment.queries import elig_of, offer_for, terms_of
from kehou.chapters.journal.models import Entry
from kehou.chapters.people import actions as people
from kehou.chapters.people.actions.family import Reach
from kehou.chapters.people.models import Pupil
from kehou.lib.actors import Actor
from kehou.lib.statements import insert_into
from kehou.lib.uploads import Upload
from kehou.rules import eligibility, enrolling
from kehou.rules.choice import CONSENT_TEXT, Choice, Person, digest, refusals
from kehou.rules.verdicts import Refusal, Refused, insist, refuse

ONLINE, PAPER = "online", "paper"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the family keeps: which version, its hash, when. `again` says that the same choice stood already."""

    application_id: int
    submission_id: int
    version: int
    digest: str
    at: datetime
    again: bool = False


def submit(
    registration: Registration,
    pupil: Pupil,
    choice: Choice,
    *,
    by: Actor,
    at: datetime,
    channel: str = ONLINE,
    scan: Upload | None = None,
) -> Receipt:
    """Write the family's answer as the next version; sending the same choice again changes nothing (R-VOL-01).

    `by` is the guardian, or for `channel` "paper" the office with the signed form as `scan`.

    :raises Refused: with everything that is wrong at once; nothing has been written then
    """
    _insist_on_moment(registration, pupil, at)
    insist(
        _refusal_of_pupil(registration, pupil),
        None if channel == ONLINE or scan is not None else refuse("R-VOL-01", "staff_needs_scan"),
        None if not by.school_code or channel == PAPER else refuse("R-VOL-01", "staff_needs_scan"),
        *refusals(choice, offer_for(registration, pupil.homeroom.grade), terms_of(registration)),
    )
    canonical = choice.canonical(
        school=registration.school.code, term=registration.term.code, pupil=pupil.pk, grade=pupil.homeroom.grade
    )
    with transaction.atomic():
        if at >= registration.closes_at:  # an application that was sent back, in the minute in which the office freezes
            registration.frozen_at = (
                Registration.objects.select_for_update(no_key=True).get(pk=registration.pk).frozen_at
            )
            _insist_on_moment(registration, pupil, at)
        receipt = _write(registration, pupil, choice, canonical, by=by, at=at, channel=channel)
        if not receipt.again:
            _keep_card(pupil, choice, by=by, at=at)
            if scan is not None:
                _keep_scan(receipt, scan)
    return receipt


def _refusal_of_pupil(registration: Registration, pupil: Pupil) -> Refusal | None:
    """Return why the service is not for this pupil, by the parameters of the day the registration opened."""
    return eligibility.refusal_to_apply(
        in_school=pupil.school_id == registration.school_id and pupil.state == Pupil.IN_SCHOOL,
        grade=pupil.homeroom.grade,
        boards=pupil.boards,
        private=registration.school.is_private,
        rules=elig_of(registration),
    )


def _insist_on_moment(registration: Registration, pupil: Pupil, at: datetime) -> None:
    """Raise if the family cannot write now. Only outside the window the application must be asked for."""

    def refusal(*, returned: bool, late_until: datetime | None = None) -> Refusal | None:
        return enrolling.refusal_of_time(
            opens_at=registration.opens_at,
            closes_at=registration.closes_at,
            frozen_at=registration.frozen_at,
            at=at,
            returned=returned,
            late_until=late_until,
        )

    if refusal(returned=False) is not None:
        mine = (
            Application.objects.filter(registration=registration, pupil=pupil).values_list("state", flat=True).first()
        )
        late_until = registration.late_until_at if mine is None or mine in enrolling.OPEN_STATES else None
        insist(refusal(returned=mine == "returned", late_until=late_until))


# --- The hot path -----------------------------------------------------------------------------------------------------

_UPSERT = (
    " ON CONFLICT (registration_id, pupil_id) DO UPDATE SET version = enrolment_application.version + 1,"
    " joins = excluded.joins, state = excluded.state, digest = excluded.digest"
    " WHERE enrolment_application.digest <> excluded.digest AND enrolment_application.state IN"
    f" ({', '.join(repr(state) for state in enrolling.OPEN_STATES)}) RETURNING id, version"
)


def _write(
    registration: Registration,
    pupil: Pupil,
    choice: Choice,
    canonical: dict[str, Any],
    *,
    by: Actor,
    at: datetime,
    channel: str,
) -> Receipt:
    """Write application, submission, days, wishes and the journal: six statements, one more for a first choice."""
    hashed = digest(canonical)
    state = "submitted" if choice.joins else "declined"
    row = _insert(
        Application,
        ("registration_id", "pupil_id", "state", "joins", "version", "digest"),
        [(registration.pk, pupil.pk, state, choice.joins, 1, hashed)],
        tail=_UPSERT,
    ).fetchone()
    if row is None:  # the unique line between two taps: the same choice, or a choice that is settled
        return _standing(registration, pupil, hashed)
    application_id, version = row
    submission_id = _write_submission(application_id, version, choice, canonical, hashed, by=by, at=at, channel=channel)
    connection.cursor().execute(
        "UPDATE enrolment_application SET current_id = %s WHERE id = %s", (submission_id, application_id)
    )
    _insert(
        Entry,
        (
            "at", "verb", "about_kind", "about_id", "about_label", "actor_id", "actor_name", "actor_post",
            "school_code", "facts",
        ),
        [(
            at, "enrolment.submitted", "enrolment.Application", str(application_id), pupil.name, by.account_id, by.name,
            by.post, registration.school.code, {"version": version, "digest": hashed, "channel": channel},
        )],
    )  # fmt: skip
    return Receipt(application_id, submission_id, version, hashed, at)


def _write_submission(
    application_id: int,
    version: int,
    choice: Choice,
    canonical: dict[str, Any],
    hashed: str,
    *,
    by: Actor,
    at: datetime,
    channel: str,
) -> int:
    """Write one version with its days and wishes; return its id."""
    (submission_id,) = _insert(
        Submission,
        (
            "application_id", "version", "joins", "channel", "going_home", "health_note", "signed_by", "choice",
            "digest", "submitted_by", "submitted_by_account", "submitted_at",
        ),
        [(
            application_id, version, choice.joins, channel, canonical.get("going_home", ""),
            canonical.get("health_note", ""), canonical["signed_by"], canonical, hashed, str(by), by.account_id, at,
        )],
        tail=" RETURNING id",
    ).fetchone()  # fmt: skip
    if choice.joins:
        _write_days(submission_id, choice)
    return int(submission_id)


def _write_days(submission_id: int, choice: Choice) -> None:
    _insert(
        DayChoice,
        ("submission_id", "weekday", "hours", "any_place"),
        [(submission_id, day.weekday, day.hours, day.any_place) for day in choice.days],
    )
    wishes = [
        (submission_id, day.weekday, tier, slot)
        for day in choice.days
        for tier, slots in enumerate(day.tiers, start=1)
        for slot in slots
    ]
    if wishes:
        _insert(Wish, ("submission_id", "weekday", "tier", "slot_id"), wishes)


def _insert(model: Any, names: tuple[str, ...], rows: Sequence[Sequence[Any]], *, tail: str = "") -> Any:
    return insert_into(model, *names, connection=connection).run(connection, rows, tail=tail)


def _standing(registration: Registration, pupil: Pupil, hashed: str) -> Receipt:
    """Return the version that stands, if it is this very choice. :raises Refused: if the choice is settled"""
    application = Application.objects.select_related("current").get(registration=registration, pupil=pupil)
    if application.digest != hashed or application.current is None:
        raise Refused(refuse("R-VOL-01", "choice_is_settled"))
    current = application.current
    return Receipt(application.pk, current.pk, current.version, hashed, current.submitted_at, again=True)


# --- What the family says beside the choice ---------------------------------------------------------------------------


def _keep_card(pupil: Pupil, choice: Choice, *, by: Actor, at: datetime) -> None:
    """Carry contacts, pick-up persons and consents over to the child's card, where the afternoon looks them up.

    One statement says what stands there; only what differs is written, by the chapter that owns it.
    """
    if not choice.joins:
        return
    contacts, pickup, consents = _card(pupil.pk)
    if contacts != list(choice.contacts):
        people.set_contacts(pupil, [_reach(person) for person in choice.contacts], by=by, at=at)
    for person in choice.pickup:
        if person not in pickup:
            people.name_pickup_person(pupil, _reach(person), by=by, at=at)
    for person, row in pickup.items():
        if person not in choice.pickup:
            people.end_pickup_person(pupil.pickup_persons.get(pk=row), by=by, at=at)
    given = dict(choice.canonical()["consents"])
    if any(consents.get(purpose) is not answer for purpose, answer in given.items()):
        people.answer_consents(pupil, given, text_version=CONSENT_TEXT, by=by, at=at)


_CARD = """
    SELECT 1, turn, name, relation, phone FROM people_contact WHERE pupil_id = %s
    UNION ALL SELECT 2, id, name, relation, phone FROM people_pickupperson
        WHERE pupil_id = %s AND ended_at IS NULL AND only_on IS NULL
    UNION ALL SELECT 3, id, purpose, CASE WHEN given THEN 'yes' ELSE 'no' END, ''
        FROM people_consent WHERE pupil_id = %s
    ORDER BY 1, 2
"""


def _card(pupil_id: int) -> tuple[list[Person], dict[Person, int], dict[str, bool]]:
    cursor = connection.cursor()
    cursor.execute(_CARD, (pupil_id, pupil_id, pupil_id))
    contacts, pickup, consents = [], {}, {}
    for kind, number, first, second, phone in cursor.fetchall():
        if kind == 1:
            contacts.append(Person(first, second, phone))
        elif kind == 2:
            pickup[Person(first, second, phone)] = number
        else:
            consents[first] = second == "yes"
    return contacts, pickup, consents


def _reach(person: Person) -> Reach:
    return Reach(person.name, person.relation, person.phone)


def _keep_scan(receipt: Receipt, scan: Upload) -> None:
    """Put the signed paper beside the version that was typed from it."""
    submission = Submission.objects.get(pk=receipt.submission_id)
    submission.scan.save(scan.file_name(f"{receipt.application_id}-{receipt.version}"), ContentFile(scan.content))
    Submission.objects.filter(pk=submission.pk).update(scan=submission.scan.name)
