"""入职查询: the consent first, then the school asks, the police answer with a result only (2.4-j2, P7-1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.actions.files import refresh
from kehou.chapters.staffing.models import EntryCheck, StaffMember
from kehou.chapters.staffing.queries import files_of
from kehou.lib.actors import Actor
from kehou.lib.statements import insert_objects, update_objects
from kehou.rules.staffing.files import File
from kehou.rules.verdicts import Refusal, Refused, insist, refuse


@transaction.atomic
def ask_checks(school: School, members: Iterable[StaffMember], *, by: Actor, at: datetime) -> list[EntryCheck]:
    """Ask for the entry check of people of one school, all or none; renewed every year the same way.

    :raises Refused: R-FILE-03 without consent or identity, or while one is under way; R-STAF-01 for nobody
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)  # two offices asking for the same person
    people = list(school.staff.filter(pk__in=[one.pk for one in members]).exclude(state="left"))
    insist(None if people else refuse("R-STAF-01", "nobody_chosen"))
    files = files_of(people, on=at.date())
    insist(*(_refusal_to_ask(files[one.pk]) for one in people))
    asked = [EntryCheck(member=one, school=school, asked_by=str(by), asked_at=at) for one in people]
    insert_objects(asked)
    journal.write_many([("staffing.check_asked", one, {}) for one in asked], by=by, at=at, school_code=school.code)
    return asked


def _refusal_to_ask(file: File) -> Refusal | None:
    if file.asked:
        return refuse("R-FILE-03", "asked_already", name=file.name)
    if "identity" not in file.proofs:
        return refuse("R-FILE-03", "identity_first", name=file.name)
    return None if file.consented else refuse("R-FILE-03", "consent_absent", name=file.name)


def answer_check(check: EntryCheck, result: str, *, reference: str, by: Actor, at: datetime) -> EntryCheck:
    """Note the police's answer to one request. :raises Refused: as `answer_checks`"""
    return answer_checks([(check, result, reference)], by=by, at=at)[0]


@transaction.atomic
def answer_checks(
    rows: Sequence[tuple[EntryCheck, str, str]], *, by: Actor, at: datetime
) -> list[EntryCheck]:  # fmt: skip
    """Note the answers (request, passed or failed, reference): the result only, never what was found.

    Whoever fails can no longer be scheduled from this instant; who serves already is taken off by the timetable's own
    action. :raises Refused: R-FILE-03 without result or reference, or when somebody has answered meanwhile
    """
    insist(*dict.fromkeys(no for _, result, reference in rows for no in _refusals(result, reference)))
    keys = [check.pk for check, _, _ in rows]
    locked = {
        one.pk: one
        for one in EntryCheck.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=keys)
        .select_related("member", "school")
    }
    if answered := [one for one in locked.values() if one.state != EntryCheck.ASKED]:
        raise Refused(refuse("R-FILE-03", "answered_already", by=answered[0].answered_by))
    done = []
    for check, result, reference in rows:
        one = locked[check.pk]
        one.state, one.reference, one.answered_on = result, reference.strip(), at.date()
        one.answered_by, one.answered_at = str(by), at
        done.append(one)
    names = ["state", "reference", "answered_on", "answered_by", "answered_at"]
    update_objects(done, *names)
    for school in {one.school for one in done}:
        here = [one for one in done if one.school_id == school.pk]
        entries = [("staffing.check_answered", one, {"passed": one.state == EntryCheck.PASSED}) for one in here]
        journal.write_many(entries, by=by, at=at, school_code=school.code)
    refresh([one.member for one in done], by=by, at=at)
    return done


def _refusals(result: str, reference: str) -> Iterable[Refusal]:
    if result not in (EntryCheck.PASSED, EntryCheck.FAILED):
        yield refuse("R-FILE-03", "answer_unknown")
    if not reference.strip():
        yield refuse("R-FILE-03", "reference_missing")
