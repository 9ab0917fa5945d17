"""What a family says about a child: whom to call, who may fetch it, what it agrees to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Consent, Contact, PickupPerson, Pupil
from kehou.lib.actors import Actor
from kehou.lib.prepared import Prepared
from kehou.lib.statements import insert_into
from kehou.rules.verdicts import Refused, refuse

_ANSWERED = Prepared(lambda pupil: Consent.objects.filter(pupil=pupil).order_by("answered_at", "pk"), pupil=int)


@dataclass(frozen=True, slots=True)
class Reach:
    """A person with the telephone that reaches them."""

    name: str
    relation: str
    phone: str


@transaction.atomic
def set_contacts(pupil: Pupil, contacts: Sequence[Reach], *, by: Actor, at: datetime) -> list[Contact]:
    """Replace the emergency contacts, in the order in which they are called (R-SAFE-02).

    :raises Refused: with fewer than two different telephones
    """
    if len({contact.phone for contact in contacts}) < 2:
        raise Refused(refuse("R-SAFE-02", "two_contacts", given=len(contacts)))
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)  # both parents may be at it: the later list stands
    standing = [(row.name, row.relation, row.phone) for row in pupil.contacts.order_by("turn")]
    if standing == [(contact.name, contact.relation, contact.phone) for contact in contacts]:
        return list(pupil.contacts.order_by("turn"))
    verified = {row.phone: row.verified_on for row in pupil.contacts.all()}
    pupil.contacts.all().delete()
    rows = Contact.objects.bulk_create(
        Contact(
            pupil=pupil,
            turn=turn,
            name=contact.name,
            relation=contact.relation,
            phone=contact.phone,
            verified_on=verified.get(contact.phone),
        )
        for turn, contact in enumerate(contacts, start=1)
    )
    journal.write("people.contacts_set", about=pupil, by=by, at=at, school_code=pupil.school.code, contacts=len(rows))
    return rows


@transaction.atomic
def verify_contacts(pupil: Pupil, *, on: date, by: Actor, at: datetime) -> int:
    """Note that all contacts of a child were reached; return how many.

    :raises Refused: R-SAFE-02 with fewer than two different telephones
    """
    known = len(set(pupil.contacts.values_list("phone", flat=True)))
    if known < 2:
        raise Refused(refuse("R-SAFE-02", "two_contacts", given=known))
    verified = pupil.contacts.update(verified_on=on)
    journal.write("people.contacts_verified", about=pupil, by=by, at=at, school_code=pupil.school.code)
    return verified


@transaction.atomic
def name_pickup_person(
    pupil: Pupil, person: Reach, *, by: Actor, at: datetime, only_on: date | None = None
) -> PickupPerson:
    """Name somebody to whom the child may be handed over, for good or for one day (3.2-n)."""
    standing = pupil.pickup_persons.filter(
        name=person.name, phone=person.phone, only_on=only_on, ended_at__isnull=True
    ).first()
    if standing:
        return standing
    row = PickupPerson.objects.create(
        pupil=pupil,
        name=person.name,
        relation=person.relation,
        phone=person.phone,
        only_on=only_on,
        named_at=at,
        named_by=str(by),
    )
    journal.write("people.pickup_person_named", about=row, by=by, at=at, school_code=pupil.school.code, pupil=pupil.pk)
    return row


@transaction.atomic
def end_pickup_person(person: PickupPerson, *, by: Actor, at: datetime) -> None:
    """Take back a pick-up person from now on; doing it twice changes nothing."""
    if PickupPerson.objects.filter(pk=person.pk, ended_at__isnull=True).update(ended_at=at):
        code = person.pupil.school.code
        journal.write("people.pickup_person_ended", about=person, by=by, at=at, school_code=code, pupil=person.pupil_id)


@transaction.atomic
def answer_consents(
    pupil: Pupil, answers: Mapping[str, bool], *, text_version: str, by: Actor, at: datetime
) -> dict[str, bool]:
    """Note the answer to each purpose and return what has changed; refusing closes nothing but that purpose.

    Every family answers within one week, so the rows go past the ORM (ADR 0014).
    """
    latest = {consent.purpose: consent.given for consent in _ANSWERED.rows(pupil=pupil.pk)}
    changed = {purpose: given for purpose, given in answers.items() if latest.get(purpose) is not given}
    if changed:
        insert = insert_into(
            Consent, "pupil_id", "purpose", "given", "text_version", "answered_at", "answered_by", connection=connection
        )
        said = [(pupil.pk, purpose, given, text_version, at, str(by)) for purpose, given in changed.items()]
        insert.run(connection, said).close()
        journal.write(
            "people.consents_answered", about=pupil, by=by, at=at, school_code=pupil.school.code, answers=changed
        )
    return changed
