"""The fourth part of the ledger (师资) brought in line with a sheet: who is known is corrected, nobody doubled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from kehou.chapters.schools.actions import SheetRefused
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.actions.members import StaffFacts, add_staff, change_staff
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.staffing.queries import ledger_code, staff_of
from kehou.lib.actors import Actor
from kehou.rules.ledger import RoomRow
from kehou.rules.verdicts import Refusal, Refused, insist, refuse


@transaction.atomic
def take_people(
    school: School, rows: Iterable[RoomRow], *, by: Actor, at: datetime, only_try: bool = False
) -> tuple[int, int]:
    """Bring the people in line with a sheet, whole or not at all; return how many were new and how many changed.

    Known is whoever has the number of the row, without one whoever has its name; what a cell does not say stays. With
    `only_try` nothing is kept.

    :raises SheetRefused: with every row that cannot be: R-STAF-01, R-STAF-04, R-EXT-01 for an outsider nobody asked for
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)  # two sheets of one office, one after the other
    people = list(staff_of(school))
    seen: dict[int | str, int] = {}
    problems: list[tuple[int, Refusal]] = []
    made = changed = 0
    for row in rows:
        try:
            known = _known(people, row)
            _insist_on_once(known, row, seen)
            was = _facts(known) if known else StaffFacts(name="")
            typed = {"kind" if key == "staff_kind" else key: value for key, value in row.facts.items() if key != "code"}
            facts = replace(was, **typed)
            if known is None:
                add_staff(school, facts, by=by, at=at)
                made += 1
            elif facts != was:
                change_staff(known, facts, by=by, at=at)
                changed += 1
        except Refused as no:
            problems += [(row.row, refusal) for refusal in no.refusals]
    if problems:
        raise SheetRefused(problems)
    if only_try:
        transaction.set_rollback(True)
    return made, changed


def _known(people: list[StaffMember], row: RoomRow) -> StaffMember | None:
    """Return who a row speaks of, None for somebody new. :raises Refused: R-STAF-01 when that cannot be told"""
    code, name = row.facts.get("code", ""), row.facts.get("name", "")
    if code:
        found = [one for one in people if ledger_code(one) == code.upper()]
        insist(None if found else refuse("R-STAF-01", "number_unknown", given=code))
    else:
        found = [one for one in people if one.name == name]
        insist(refuse("R-STAF-01", "several_of_the_name", name=name) if len(found) > 1 else None)
    return found[0] if found else None


def _insist_on_once(known: StaffMember | None, row: RoomRow, seen: dict[int | str, int]) -> None:
    key: int | str = known.pk if known else row.facts.get("name", "")
    if key in seen:
        raise Refused(refuse("R-STAF-01", "twice_in_sheet", name=row.facts.get("name", ""), row=seen[key]))
    seen[key] = row.row


def _facts(member: StaffMember) -> StaffFacts:
    return StaffFacts(
        name=member.name, kind=member.kind, subject=member.subject, skills=member.skills,
        weekdays=tuple(member.weekdays), weekly_cap=member.weekly_cap, unpaid=member.unpaid,
    )  # fmt: skip
