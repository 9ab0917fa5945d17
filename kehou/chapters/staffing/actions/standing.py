"""Admitted, suspended, resumed, gone, back again: who decided and why stays in the file (2.5-g, R-EXT-04, P6-4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.schools import actions as schools
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.actions.files import refresh, tell_moves
from kehou.chapters.staffing.models import Departure, ReturnRequest, StaffMember, Suspension
from kehou.chapters.staffing.queries import file_of, files_of, terms_of_files
from kehou.lib.actors import Actor
from kehou.rules.resources import ItemState
from kehou.rules.staffing.files import missing
from kehou.rules.states import PERSON, PersonState, refusal_of_lost_race
from kehou.rules.verdicts import Refused, insist, refuse

CONDUCT, PLAIN = "conduct", "plain"


@transaction.atomic
def admit(school: School, members: Iterable[StaffMember], *, by: Actor, at: datetime) -> list[StaffMember]:
    """Take people into use whose files lack nothing, all or none: the principal's decision at the end of the path.

    :raises Refused: with everything that a file lacks (R-FILE-01…09, R-EXT-02, R-EXT-04), or a step not reached yet;
        R-STAF-01 for nobody
    """
    rows = school.staff.filter(pk__in=[one.pk for one in members]).select_related("school")
    people = list(rows.select_for_update(of=("self",), no_key=True))
    insist(None if people else refuse("R-STAF-01", "nobody_chosen"))
    files, terms = files_of(people, on=at.date()), terms_of_files(at.date())
    insist(*(no for one in people for no in missing(files[one.pk], terms, at.date())))
    _insist_on(people, PersonState.TRAINED)
    keys = [one.pk for one in people]
    moved = StaffMember.objects.filter(pk__in=keys, state=PersonState.TRAINED).update(state=PersonState.IN_USE)
    if moved != len(people):
        raise Refused(refusal_of_lost_race(PERSON))
    for one in people:
        one.state = PersonState.IN_USE
    journal.write_many([("staffing.admitted", one, {}) for one in people], by=by, at=at, school_code=school.code)
    tell_moves(people, PersonState.TRAINED, PersonState.IN_USE, by=by, at=at)
    refresh(people, by=by, at=at)
    _tell(people, "您已获准参加课后服务", "校长已批准您准入。名单备案通过后就可以排班。", at=at)
    return people


def _insist_on(people: Iterable[StaffMember], state: PersonState) -> None:
    insist(
        *(
            refuse("R-FILE-01", "not_trained_yet", name=one.name, state=PersonState(one.state).label)
            for one in people
            if one.state != state
        )
    )


@transaction.atomic
def suspend(
    member: StaffMember, *, reason: str, by: Actor, at: datetime, conduct: bool = False
) -> Suspension:  # fmt: skip
    """Stop somebody's service for a while; for their conduct only the district lets them serve again (P6-2, P6-4).

    Ask `timetable.actions.suspend`, which takes them off their sessions as well. :raises Refused: R-EXT-04, R-FLOW-01
    """
    insist(None if reason.strip() else refuse("R-EXT-04", "say_why"))
    _move(member, PersonState.SUSPENDED, by=by, at=at)
    kept = Suspension.objects.create(
        member=member, kind=CONDUCT if conduct else PLAIN, reason=reason.strip(), begun_by=str(by), begun_at=at
    )
    code = member.school.code
    journal.write(
        "staffing.suspended", about=member, by=by, at=at, school_code=code, kind=kept.kind, reason=kept.reason
    )
    _tell([member], "您的课后服务已暂停", f"原因：{kept.reason}。暂停期间不安排课次，有疑问请联系学校办公室。", at=at)
    return kept


@transaction.atomic
def resume(member: StaffMember, *, by: Actor, at: datetime) -> StaffMember:
    """Let somebody serve again whose file lacks nothing now.

    :raises Refused: R-EXT-04 after a conduct suspension without the district, what the file lacks, R-FLOW-01
    """
    standing = Suspension.objects.select_for_update(no_key=True).filter(member=member, ended_at=None).first()
    agreed = ReturnRequest.objects.filter(member=member, kind="resume", state=ReturnRequest.AGREED)
    if standing and standing.kind == CONDUCT and not agreed.filter(asked_at__gte=standing.begun_at).exists():
        raise Refused(refuse("R-EXT-04", "district_decides", name=member.name))
    insist(*missing(file_of(member, on=at.date()), terms_of_files(at.date()), at.date()))
    _move(member, PersonState.IN_USE, by=by, at=at, only_from=PersonState.SUSPENDED)
    if standing:
        standing.ended_by, standing.ended_at = str(by), at
        standing.save(update_fields=["ended_by", "ended_at"])
    journal.write("staffing.resumed", about=member, by=by, at=at, school_code=member.school.code)
    refresh([member], by=by, at=at)
    _tell([member], "您的课后服务已恢复", "学校可以重新给您安排课次。", at=at)
    return member


@transaction.atomic
def leave(member: StaffMember, *, on: date, reason: str, by: Actor, at: datetime) -> None:
    """End somebody's service from a day on; record and reason stay (2.5-g, R-EXT-04).

    Ask `timetable.actions.let_go`, which knows what they still lead.

    :raises Refused: R-EXT-04 without a reason, R-STAF-01 when they have left already
    """
    insist(None if reason.strip() else refuse("R-EXT-04", "say_why"))
    here = StaffMember.objects.select_for_update(no_key=True).get(pk=member.pk)
    if here.state == PersonState.LEFT:
        raise Refused(refuse("R-STAF-01", "has_left", name=member.name))
    StaffMember.objects.filter(pk=member.pk).update(state=PersonState.LEFT, left_on=on)
    member.state, member.left_on = PersonState.LEFT, on
    Departure.objects.create(member=member, on=on, reason=reason.strip(), recorded_by=str(by), recorded_at=at)
    Suspension.objects.filter(member=member, ended_at=None).update(ended_by=str(by), ended_at=at)
    schools.mark_person(member.school_id, f"staff:{member.pk}", member.name, ItemState.STRUCK, by=by, at=at)
    facts = {"on": on.isoformat(), "reason": reason.strip(), "was": here.state}
    journal.write("staffing.member_left", about=member, by=by, at=at, school_code=member.school.code, **facts)


def _move(
    member: StaffMember, to: PersonState, *, by: Actor, at: datetime, only_from: PersonState | None = None
) -> None:
    here = StaffMember.objects.select_for_update(no_key=True).get(pk=member.pk).state
    allowed = PERSON.sources(to) if only_from is None else (only_from.value,)
    if not StaffMember.objects.filter(pk=member.pk, state__in=allowed).update(state=to):
        raise Refused(refusal_of_lost_race(PERSON))
    member.state = to
    tell_moves([member], here, to, by=by, at=at)


# --- The district agrees ----------------------------------------------------------------------------------------------


@transaction.atomic
def ask_return(member: StaffMember, *, reason: str, by: Actor, at: datetime) -> ReturnRequest:
    """Ask the district to agree that somebody serves again: who came back after leaving, or a conduct suspension.

    :raises Refused: R-EXT-04 without a reason, while one is asked, or where nothing needs the district
    """
    member = StaffMember.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=member.pk)
    suspended = member.suspensions.filter(ended_at=None, kind=CONDUCT).exists()
    back = file_of(member, on=at.date()).needs_district
    waits = member.return_requests.filter(state=ReturnRequest.ASKED).exists()
    insist(
        None if reason.strip() else refuse("R-EXT-04", "say_why"),
        refuse("R-EXT-04", "asked_already", name=member.name) if waits else None,
        None if suspended or back else refuse("R-EXT-04", "nothing_to_ask", name=member.name),
    )
    kind = "resume" if suspended else "reentry"
    asked = ReturnRequest.objects.create(
        member=member, kind=kind, reason=reason.strip(), asked_by=str(by), asked_at=at
    )  # fmt: skip
    journal.write("staffing.return_asked", about=asked, by=by, at=at, school_code=member.school.code, kind=kind)
    return asked


@transaction.atomic
def decide_return(request: ReturnRequest, *, agree: bool, answer: str, by: Actor, at: datetime) -> ReturnRequest:
    """Answer a school's request for the district. :raises Refused: R-EXT-04 without words or when decided already"""
    insist(None if answer.strip() else refuse("R-EXT-04", "say_why"))
    request = (
        ReturnRequest.objects.select_for_update(of=("self",), no_key=True)
        .select_related("member__school")
        .get(pk=request.pk)
    )
    if request.state != ReturnRequest.ASKED:
        raise Refused(refuse("R-EXT-04", "decided_already", by=request.decided_by))
    request.state = ReturnRequest.AGREED if agree else ReturnRequest.DECLINED
    request.answer, request.decided_by, request.decided_at = answer.strip(), str(by), at
    request.save()
    member = request.member
    journal.write("staffing.return_decided", about=request, by=by, at=at, school_code=member.school.code, agreed=agree)
    refresh([member], by=by, at=at)
    return request


def _tell(members: Iterable[StaffMember], title: str, body: str, *, at: datetime) -> None:
    by_school: dict[str, list[int]] = {}
    for one in members:
        if one.account_id:
            by_school.setdefault(one.school.code, []).append(one.account_id)
    for code, accounts in by_school.items():
        link = f"/teacher/{code}/file/"
        journal.send_many(accounts, kind="staff.standing", title=title, body=body, link=link, at=at, school_code=code)
