"""Children on the register, and who answers for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.people.actions.accounts import make_account
from kehou.chapters.people.models import Account, Guardianship, Pupil
from kehou.chapters.schools.models import Homeroom, School
from kehou.lib.actors import Actor
from kehou.lib.masked import keyed_hash
from kehou.lib.pinyin import sort_key
from kehou.lib.statements import insert_objects
from kehou.rules.schools import COMMUTES
from kehou.rules.verdicts import Refused, refuse


@dataclass(frozen=True, slots=True)
class NewPupil:
    """What the register says of a child. `id_number` is the plain 18 characters, or None (passport, not yet issued)."""

    name: str
    sex: str
    born_on: date
    homeroom: Homeroom
    id_number: str | None = None
    student_no: str | None = None
    boards: bool = False
    commute: str = ""


def id_hash(id_number: str) -> str:
    """Return the keyed hash under which an ID number is found."""
    return keyed_hash(id_number, purpose="id_number")


def _row(school: School, new: NewPupil, on: date) -> Pupil:
    return Pupil(
        school=school,
        homeroom=new.homeroom,
        name=new.name,
        name_sort=sort_key(new.name),
        sex=new.sex,
        born_on=new.born_on,
        id_number=new.id_number,
        id_hash=id_hash(new.id_number) if new.id_number else None,
        student_no=new.student_no,
        student_no_hash=keyed_hash(new.student_no, purpose="student_no") if new.student_no else None,
        boards=new.boards,
        commute=new.commute,
        entered_on=on,
    )


@transaction.atomic
def register_pupils(school: School, rows: Iterable[NewPupil], *, by: Actor, at: datetime) -> list[Pupil]:
    """Put many children on the register in a few statements; the caller has checked for doubles."""
    pupils = insert_objects([_row(school, new, at.date()) for new in rows])
    journal.write_many(
        [("people.pupil_registered", pupil, {}) for pupil in pupils], by=by, at=at, school_code=school.code
    )
    return pupils


@transaction.atomic
def link_guardian(
    pupil: Pupil, account: Account, *, relation: str, by: Actor, at: datetime, is_main: bool = False
) -> Guardianship:
    """Make an account answer for a child; linking twice is the same link."""
    guardianship, made = Guardianship.objects.get_or_create(
        pupil=pupil,
        account=account,
        until_on=None,
        defaults={"relation": relation, "is_main": is_main, "from_on": at.date()},
    )
    if made:
        journal.write(
            "people.guardian_linked", about=guardianship, by=by, at=at, school_code=pupil.school.code, pupil=pupil.pk
        )
    return guardianship


@transaction.atomic
def add_guardian(
    pupil: Pupil, phone: str, *, name: str, relation: str, by: Actor, at: datetime, is_main: bool = False
) -> Guardianship:
    """Make whoever owns a mobile number answer for a child; the account is made with it if it is new."""
    account = make_account(phone, name=name, by=by, at=at)
    return link_guardian(pupil, account, relation=relation, by=by, at=at, is_main=is_main)


@transaction.atomic
def end_guardianship(guardianship: Guardianship, *, by: Actor, at: datetime) -> None:
    """End a link from today on; the person sees nothing of the child any more. Doing it twice changes nothing.

    :raises Refused: R-SAFE-02 when nobody else would answer for the child
    """
    # The child is held, not the link: of two links ended at once, the second must see that it is the last.
    pupil = (
        Pupil.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school")
        .get(pk=guardianship.pupil_id)
    )
    standing = set(pupil.guardianships.filter(until_on__isnull=True).values_list("pk", flat=True))
    if guardianship.pk not in standing:
        return
    if standing == {guardianship.pk}:
        raise Refused(refuse("R-SAFE-02", "last_guardian", name=pupil.name))
    guardianship.until_on = at.date()
    guardianship.save(update_fields=["until_on"])
    journal.write(
        "people.guardianship_ended", about=guardianship, by=by, at=at, school_code=pupil.school.code, pupil=pupil.pk
    )


@transaction.atomic
def note_commute(pupil: Pupil, band: str, *, by: Actor, at: datetime) -> None:
    """Note how far a child lives (2.2-d); the same again changes nothing. :raises Refused: R-TIME-04"""
    if band not in COMMUTES:
        raise Refused(refuse("R-TIME-04", "commute_unknown"))
    if Pupil.objects.filter(pk=pupil.pk).exclude(commute=band).update(commute=band):
        journal.write("people.commute_noted", about=pupil, by=by, at=at, school_code=pupil.school.code)
        pupil.commute = band


@transaction.atomic
def mark_left(pupil: Pupil, *, on: date, by: Actor, at: datetime) -> None:
    """Note that a child has left the school; nothing is deleted (retention: enrolment + 3 years).

    Ask `money.leave_school`, which ends the child's service too.

    :raises Refused: R-ELIG-01 when it has left already, or for a day that has not come
    """
    if on > at.date():
        raise Refused(refuse("R-ELIG-01", "leaves_in_the_future", name=pupil.name))
    if not Pupil.objects.filter(pk=pupil.pk, state=Pupil.IN_SCHOOL).update(state=Pupil.LEFT, left_on=on):
        raise Refused(refuse("R-ELIG-01", "has_left_already", name=pupil.name))
    journal.write("people.pupil_left", about=pupil, by=by, at=at, school_code=pupil.school.code, left_on=on.isoformat())
    pupil.refresh_from_db()


@transaction.atomic
def mark_left_many(pupils: Iterable[Pupil], *, on: date, by: Actor, at: datetime) -> int:
    """Note that several children have left the school, those who have left already excepted; return how many.

    Ask `money.leave_school`, which ends their service too. :raises Refused: as `mark_left`
    """
    standing = [pupil for pupil in pupils if pupil.state == Pupil.IN_SCHOOL]
    for pupil in standing:
        mark_left(pupil, on=on, by=by, at=at)
    return len(standing)


@transaction.atomic
def unmask_id_number(pupil: Pupil, *, reason: str, by: Actor, at: datetime) -> str:
    """Return a child's ID number to somebody who says why; the reading is journalled.

    :raises Refused: R-PRIV-01 without a reason of at least four characters, or when none is kept
    """
    if len(reason.strip()) < 4:
        raise Refused(refuse("R-PRIV-01", "say_why"))
    if not pupil.id_number:
        raise Refused(refuse("R-PRIV-01", "none_kept", name=pupil.name))
    journal.write(
        "people.id_number_unmasked", about=pupil, by=by, at=at, school_code=pupil.school.code, reason=reason.strip()
    )
    return str(pupil.id_number)
