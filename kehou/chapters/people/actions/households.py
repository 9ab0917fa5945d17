"""Many families at once: for a roster and for the seeds, in a few statements whatever their number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.people.actions.family import Reach
from kehou.chapters.people.models import Account, Contact, Guardianship, Pupil
from kehou.chapters.schools.models import School
from kehou.lib.actors import Actor
from kehou.lib.statements import insert_objects


@dataclass(frozen=True, slots=True)
class Household:
    """A guardian by telephone number, and the children they answer for."""

    phone: str
    name: str
    relation: str
    pupils: Sequence[Pupil]
    is_main: bool = True


@transaction.atomic
def make_accounts(people: Mapping[str, str], *, by: Actor, at: datetime) -> dict[str, Account]:
    """Return the account of every telephone number (phone → name), making those that are new."""
    standing = {account.phone: account for account in Account.objects.filter(phone__in=list(people))}
    fresh = insert_objects(
        (
            Account(phone=phone, name=name, password="!", made_at=at)
            for phone, name in people.items()
            if phone not in standing
        ),
    )
    journal.write_many([("people.account_made", account, {}) for account in fresh], by=by, at=at)
    return standing | {account.phone: account for account in fresh}


@transaction.atomic
def link_households(school: School, households: Sequence[Household], *, by: Actor, at: datetime) -> dict[str, Account]:
    """Make each household's guardian answer for its children; links that stand already are left as they are.

    Return the accounts by telephone number.
    """
    accounts = make_accounts({one.phone: one.name for one in households}, by=by, at=at)
    wanted = {(pupil.pk, accounts[one.phone].pk): one for one in households for pupil in one.pupils}
    standing = set(
        Guardianship.objects.filter(pupil__school=school, until_on__isnull=True).values_list("pupil_id", "account_id")
    )
    links = insert_objects(
        (
            Guardianship(
                pupil_id=pupil, account_id=account, relation=one.relation, is_main=one.is_main, from_on=at.date()
            )
            for (pupil, account), one in wanted.items()
            if (pupil, account) not in standing
        ),
    )
    journal.write_many(
        [("people.guardian_linked", link, {"pupil": link.pupil_id}) for link in links],
        by=by,
        at=at,
        school_code=school.code,
    )
    return accounts


@transaction.atomic
def set_first_contacts(school: School, contacts: Mapping[int, Sequence[Reach]], *, by: Actor, at: datetime) -> int:
    """Note the contacts of children who have none yet (pupil id → in the order of calling); return of how many."""
    having = set(Contact.objects.filter(pupil__school=school).values_list("pupil_id", flat=True))
    fresh = {pupil: reaches for pupil, reaches in contacts.items() if pupil not in having and reaches}
    insert_objects(
        (
            Contact(pupil_id=pupil, turn=turn, name=reach.name, relation=reach.relation, phone=reach.phone)
            for pupil, reaches in fresh.items()
            for turn, reach in enumerate(reaches, start=1)
        ),
    )
    if fresh:
        journal.write("people.contacts_noted", about=school, by=by, at=at, school_code=school.code, children=len(fresh))
    return len(fresh)
