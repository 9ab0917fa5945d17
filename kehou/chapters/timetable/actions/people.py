"""Who may not serve any more leaves the sessions ahead; who may again gets them back (P8-1, R-FILE-01, P6-1, P6-2).

The use cases of the personnel file that touch sessions live here: suspended, gone, put on the district's list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from kehou.chapters.basis.models import Term
from kehou.chapters.journal import actions as journal
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.models import ActivityTable
from kehou.chapters.schools.models import School
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.actions.proofs import id_hash_of
from kehou.chapters.staffing.models import EntryCheck, Restriction, StaffIncident, StaffMember
from kehou.chapters.staffing.queries import refusals_to_schedule
from kehou.chapters.timetable.actions.lifting import end_duties, lift_duties, listed, tell
from kehou.chapters.timetable.actions.making import said
from kehou.chapters.timetable.models import Duty, Session, SessionChange
from kehou.lib import jobs
from kehou.lib.actors import SYSTEM, Actor
from kehou.rules.calendar import day_name
from kehou.rules.sentences import say
from kehou.rules.staffing.incidents import IncidentResult, takes_off_duty
from kehou.rules.states import PersonState
from kehou.rules.verdicts import Refusal


@jobs.task(retries=1, every=timedelta(days=1), title="提醒证明到期，停止到期人员的排班")
def keep_people_fit(report: jobs.Progress) -> dict[str, int]:
    """Warn of what ends soon, take who is no longer fit off the sessions ahead, give back who is fit again."""
    at, found = report.at, {"warned": 0, "vacated": 0, "lifted": 0, "returned": 0}
    terms = list(Term.objects.filter(until_on__gt=at.date()))
    schools = list(School.objects.order_by("pk"))
    for number, school in enumerate(schools, 1):
        report.step(number, len(schools), "核对人员证明")
        found["warned"] += staffing.warn_of_ends(school, by=SYSTEM, at=at)
        for term in terms:
            done = follow_files(school, term, by=SYSTEM, at=at)
            for what, count in asdict(done).items():
                found[what] += count
    return found


@dataclass(frozen=True, slots=True)
class Followed:
    """What changed: sessions that lost their leader, duties lifted, sessions given back."""

    vacated: int
    lifted: int
    returned: int


@transaction.atomic
def follow_files(school: School, term: Term, *, by: Actor, at: datetime) -> Followed:
    """Bring the sessions and duties ahead in line with the files.

    Done twice it changes nothing more. The office and the person are told; families are told by the substitution.
    """
    _hold([school.pk], at)
    planned = Session.objects.filter(school=school, term=term, state=Session.PLANNED, on__gte=at.date())
    leaders = StaffMember.objects.filter(pk__in=planned.values("leader")).select_related("school")
    unfit = refusals_to_schedule(list(leaders), term, on=at.date())
    touched = list(_ahead(planned.filter(Q(leader=None) | Q(leader__in=unfit)), at))
    vacated = [one for one in touched if one.leader_id in unfit]
    waiting = [one for one in touched if one.leader_id is None]
    _vacate(school, vacated, unfit, by=by, at=at)
    returned = _give_back(school, term, waiting + vacated, by=by, at=at)
    return Followed(len(vacated), lift_duties(school, term, by=by, at=at), returned)


def _hold(schools: Iterable[int], at: datetime) -> None:
    """Hold the activity tables of schools, then the schools, before anybody's file is held.

    Whoever changes sessions holds the table, whoever gives duties the school. Otherwise a substitute entered at this
    instant would be written over, a duty given past us, or two would wait for each other.
    """
    here = list(schools)
    tables = ActivityTable.objects.filter(school__in=here, term__until_on__gt=at.date())
    list(tables.select_for_update(of=("self",), no_key=True).order_by("pk"))
    list(School.objects.select_for_update(no_key=True).filter(pk__in=here).order_by("pk"))


def _ahead(planned: QuerySet[Session], at: datetime) -> Iterable[Session]:
    rows = planned.select_related("slot__activity", "leader__school").order_by("on", "starts_at", "pk")
    return (one for one in rows if (one.on, one.starts_at) > (at.date(), at.time()))


def _vacate(
    school: School, sessions: Sequence[Session], unfit: Mapping[int, Refusal], *, by: Actor, at: datetime
) -> None:
    """Take the leaders off these sessions, keep why, tell the person and the office."""
    changes, lines = [], defaultdict(list)
    for one in sessions:
        leader, why, was = one.leader, say(unfit[one.leader_id]), said(one)  # type: ignore[index]
        one.leader = None
        changes.append(_change(one, "vacated", why[:200], was, by, at))
        lines[leader, why].append(f"{day_name(one.on)}{one.starts_at:%H:%M}“{one.slot.activity.name}”")
    Session.objects.bulk_update(sessions, ["leader"], batch_size=500)
    _keep(school, changes, "timetable.session_vacated", by=by, at=at)
    for (leader, why), said_of in lines.items():
        body = f"{why}\n以下课次要另找带组人：\n" + listed(said_of, "见课次页")
        title = f"{leader.name if leader else ''}停止带组，{len(said_of)}次课要找代课"
        tell(school, leader, title=title, mine="您的课次已暂停安排", body=body, page="sessions", at=at)


def _give_back(school: School, term: Term, sessions: Sequence[Session], *, by: Actor, at: datetime) -> int:
    """Give sessions without a leader back to who was taken off them and is fit again; return how many."""
    rows = SessionChange.objects.filter(session__in=[one.pk for one in sessions]).order_by("pk")
    last = {change.session_id: change for change in rows}
    before = {pk: change.was["leader"] for pk, change in last.items() if change.kind == "vacated"}
    people = {one.pk: one for one in school.staff.filter(pk__in=set(before.values())).select_related("school")}
    unfit = refusals_to_schedule(list(people.values()), term, on=at.date())
    back, changes = [], []
    for one in sessions:
        leader = people.get(before.get(one.pk, 0))
        if leader is None or leader.pk in unfit:
            continue
        was = said(one)
        one.leader = leader
        back.append(one)
        changes.append(_change(one, "returned", f"{leader.name}的档案已补齐", was, by, at))
    Session.objects.bulk_update(back, ["leader"], batch_size=500)
    _keep(school, changes, "timetable.sessions_returned", by=by, at=at)
    return len(back)


def _change(one: Session, kind: str, reason: str, was: dict[str, object], by: Actor, at: datetime) -> SessionChange:
    return SessionChange(
        session=one, kind=kind, reason=reason, was=was, becomes=said(one), changed_by=str(by), changed_at=at
    )


def _keep(school: School, changes: list[SessionChange], verb: str, *, by: Actor, at: datetime) -> None:
    SessionChange.objects.bulk_create(changes, batch_size=500)
    entries = [(verb, one.session, {"reason": one.reason, "was": one.was, "becomes": one.becomes}) for one in changes]
    journal.write_many(entries, by=by, at=at, school_code=school.code)


# --- What happens to a person -----------------------------------------------------------------------------------------


@transaction.atomic
def suspend(member: StaffMember, *, reason: str, by: Actor, at: datetime, conduct: bool = False) -> int:
    """Stop somebody's service for a while, from this instant; return how many sessions look for a substitute.

    A substantiated complaint of conduct calls this with `conduct=True` (P6-2). :raises Refused: as `staffing.suspend`
    """
    _hold([member.school_id], at)
    staffing.suspend(member, reason=reason, by=by, at=at, conduct=conduct)
    return _follow(member.school, by=by, at=at)


@transaction.atomic
def conclude_incident(
    incident: StaffIncident, *, result: IncidentResult, outcome: str, by: Actor, at: datetime
) -> StaffIncident:
    """Say what was found of something in a file; a true complaint about conduct suspends whoever serves (P6-2).

    :raises Refused: as `staffing.conclude_incident`
    """
    row = staffing.conclude_incident(incident, result=result, outcome=outcome, by=by, at=at)
    member = StaffMember.objects.select_related("school").get(pk=row.member_id)
    if takes_off_duty(row.kind, row.result) and member.state == PersonState.IN_USE:
        suspend(member, reason=f"师德投诉{result.label}，等待区教委复核", conduct=True, by=by, at=at)
    return row


@transaction.atomic
def resume(member: StaffMember, *, by: Actor, at: datetime) -> StaffMember:
    """Let somebody serve again; sessions nobody took meanwhile are theirs. :raises Refused: as `staffing.resume`"""
    _hold([member.school_id], at)
    staffing.resume(member, by=by, at=at)
    _follow(member.school, by=by, at=at)
    return member


@transaction.atomic
def let_go(member: StaffMember, *, on: date, reason: str, by: Actor, at: datetime) -> int:
    """End somebody's service; return how many sessions look for a substitute. Their duties ahead end.

    :raises Refused: R-STAF-01 while the table names them, R-EXT-04 without a reason
    """
    _hold([member.school_id], at)
    programme.let_go(member, on=on, reason=reason, by=by, at=at)
    end_duties(member.school, list(Duty.objects.filter(staff=member, on__gte=on).order_by("pk")), by=by, at=at)
    return _follow(member.school, by=by, at=at)


@transaction.atomic
def answer_check(check: EntryCheck, result: str, *, reference: str, by: Actor, at: datetime) -> EntryCheck:
    """Note the police's answer; who failed leaves their sessions at once. :raises Refused: as `answer_checks`"""
    _hold([check.member.school_id], at)
    done = staffing.answer_check(check, result, reference=reference, by=by, at=at)
    _follow(done.school, by=by, at=at)
    return done


@transaction.atomic
def restrict(facts: staffing.RestrictionFacts, *, until_on: date | None, by: Actor, at: datetime) -> Restriction:
    """Put somebody on the district's list; wherever they serve they are suspended and leave their sessions at once.

    :raises Refused: as `staffing.restrict`
    """
    number = facts.id_number.strip().upper()
    schools = School.objects.filter(staff__id_hash=id_hash_of(number)) if number else School.objects.none()
    _hold(schools.values_list("pk", flat=True), at)
    kept = staffing.restrict(facts, until_on=until_on, by=by, at=at)
    if kept.from_on <= at.date():
        for member in StaffMember.objects.filter(id_hash=kept.id_hash, state="in_use").select_related("school"):
            suspend(member, reason=f"列入师德与从业限制名单：{kept.basis}", conduct=True, by=by, at=at)
    return kept


def _follow(school: School, *, by: Actor, at: datetime) -> int:
    terms = Term.objects.filter(until_on__gt=at.date())
    return sum(follow_files(school, term, by=by, at=at).vacated for term in terms)
