"""A school on the district's list, its terms and its homerooms."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.actions.words import plain
from kehou.chapters.schools.models import Homeroom, School, SchoolTerm
from kehou.lib.actors import Actor
from kehou.rules import schools as rules
from kehou.rules.verdicts import Refused, insist, refuse


@transaction.atomic
def add_school(
    code: str,
    *,
    name: str,
    kind: str,
    town: str,
    by: Actor,
    at: datetime,
    address: str = "",
    phone: str = "",
    is_private: bool = False,
    has_boarders: bool = False,
    charges_fee: bool = True,
    opened_on: date | None = None,
) -> School:
    """Put a school on the district's list. :raises Refused: R-ORG-01 for a code or name that is taken or malformed"""
    insist(
        refuse("R-ORG-01", "school_code_malformed", given=code) if not (len(code) == 10 and code.isdecimal()) else None,
        refuse("R-ORG-01", "school_kind_unknown") if kind not in rules.KINDS else None,
        refuse("R-ORG-01", "school_code_taken", given=code) if School.objects.filter(code=code).exists() else None,
        refuse("R-ORG-01", "school_name_taken", name=name) if School.objects.filter(name=name).exists() else None,
    )
    school = School.objects.create(
        code=code,
        name=name,
        kind=kind,
        town=town,
        address=address,
        phone=phone,
        is_private=is_private,
        has_boarders=has_boarders,
        charges_fee=charges_fee,
        opened_on=opened_on,
    )
    journal.write("schools.school_added", about=school, by=by, at=at, school_code=code, kind=kind)
    return school


@transaction.atomic
def change_school(school: School, *, by: Actor, at: datetime, **columns: Any) -> School:
    """Correct a school's entry on the district's list; its code stays. :raises Refused: R-ORG-01 for a name taken"""
    name = columns.get("name", school.name)
    taken = School.objects.filter(name=name).exclude(pk=school.pk).exists()
    insist(refuse("R-ORG-01", "school_name_taken", name=name) if taken else None)
    was = {key: plain(getattr(school, key)) for key, value in columns.items() if getattr(school, key) != value}
    if was:
        for key in was:
            setattr(school, key, columns[key])
        school.save(update_fields=list(was))
        journal.write("schools.school_changed", about=school, by=by, at=at, school_code=school.code, was=was)
    return school


@transaction.atomic
def begin_term(
    school: School,
    term: Term,
    *,
    by: Actor,
    at: datetime,
    complaint_phone: str = "",
    inspector: str = "",
    inspector_phone: str = "",
    latest_pick_up: time | None = None,
) -> SchoolTerm:
    """Note what belongs to a school and a term; doing it again corrects it."""
    said = {
        "complaint_phone": complaint_phone, "inspector": inspector.strip(), "inspector_phone": inspector_phone,
        "latest_pick_up": latest_pick_up,
    }  # fmt: skip
    row, _ = SchoolTerm.objects.update_or_create(school=school, term=term, defaults=said)
    journal.write("schools.term_begun", about=row, by=by, at=at, school_code=school.code)
    return row


@transaction.atomic
def add_homeroom(
    school: School, *, school_year: int, grade: int, number: int, by: Actor, at: datetime, site: str = ""
) -> Homeroom:
    """Add an administrative class. :raises Refused: R-ELIG-01 for a grade the school has not, or a class it has"""
    insist(rules.refusal_of_grade(school.kind, grade))
    homeroom, made = Homeroom.objects.get_or_create(
        school=school, school_year=school_year, grade=grade, number=number, defaults={"site": site}
    )
    if not made:
        raise Refused(refuse("R-ELIG-01", "homeroom_twice", grade=grade, number=number))
    journal.write("schools.homeroom_added", about=homeroom, by=by, at=at, school_code=school.code)
    return homeroom
