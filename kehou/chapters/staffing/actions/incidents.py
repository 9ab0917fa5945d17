"""Complaints, accidents and penalties of a person: kept, answered by the person, concluded, struck (2.4-i)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.staffing.models import StaffIncident, StaffMember
from kehou.lib.actors import Actor
from kehou.rules.staffing.incidents import IncidentKind, IncidentResult, refusal_to_conclude, refusals_to_record
from kehou.rules.verdicts import Refused, insist, refuse


@transaction.atomic
def record_incident(
    member: StaffMember, *, kind: IncidentKind, on: date, what: str, by: Actor, at: datetime
) -> StaffIncident:
    """Keep what went wrong, and tell the person, who may say something to it.

    :raises Refused: R-FILE-01 without words, or of a day that has not come
    """
    insist(*refusals_to_record(what, on, today=at.date()))
    made = StaffIncident.objects.create(
        member=member, kind=kind.value, on=on, what=what.strip(), recorded_by=str(by), recorded_at=at
    )
    journal.write(
        "staffing.incident_recorded", about=member, by=by, at=at, school_code=member.school.code, kind=kind.value
    )
    _tell(made, "您的档案里登记了一件事", "可以在“我的档案”里写下您的说明。", at=at)
    return made


@transaction.atomic
def state_to_incident(incident: StaffIncident, words: str, *, by: Actor, at: datetime) -> StaffIncident:
    """Keep what the person says to it. :raises Refused: R-FILE-01 without words, or once it is concluded"""
    row = _locked(incident)
    insist(refusal_to_conclude(words, concluded=row.concluded_at is not None, struck=row.struck_at is not None))
    row.statement, row.stated_at = words.strip()[:500], at
    row.save(update_fields=["statement", "stated_at"])
    journal.write("staffing.incident_stated", about=row.member, by=by, at=at, school_code=row.member.school.code)
    return row


@transaction.atomic
def conclude_incident(
    incident: StaffIncident, *, result: IncidentResult, outcome: str, by: Actor, at: datetime
) -> StaffIncident:
    """Say what was found. Ask `timetable.actions.conclude_incident`, which takes somebody off their sessions (P6-2).

    :raises Refused: R-FILE-01 without words, or when it is over
    """
    row = _locked(incident)
    insist(refusal_to_conclude(outcome, concluded=row.concluded_at is not None, struck=row.struck_at is not None))
    row.result, row.outcome, row.concluded_by, row.concluded_at = result.value, outcome.strip()[:300], str(by), at
    row.save(update_fields=["result", "outcome", "concluded_by", "concluded_at"])
    code = row.member.school.code
    journal.write("staffing.incident_concluded", about=row.member, by=by, at=at, school_code=code, result=result.value)
    _tell(row, f"核查结论：{result.label}", row.outcome, at=at)
    return row


@transaction.atomic
def strike_incident(incident: StaffIncident, *, reason: str, by: Actor, at: datetime) -> StaffIncident:
    """Strike what was entered by mistake; it stays readable. :raises Refused: R-EXT-04 without a reason, R-FILE-01"""
    row = _locked(incident)
    insist(None if reason.strip() else refuse("R-EXT-04", "say_why"))
    if row.struck_at:
        raise Refused(refuse("R-FILE-01", "incident_is_over"))
    row.struck_because, row.struck_by, row.struck_at = reason.strip()[:200], str(by), at
    row.save(update_fields=["struck_because", "struck_by", "struck_at"])
    code = row.member.school.code
    journal.write("staffing.incident_struck", about=row.member, by=by, at=at, school_code=code, reason=reason.strip())
    _tell(row, "档案里的一件事已更正", row.struck_because, at=at)
    return row


def _locked(incident: StaffIncident) -> StaffIncident:
    rows = StaffIncident.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("member__school").get(pk=incident.pk)


def _tell(row: StaffIncident, title: str, body: str, *, at: datetime) -> None:
    if row.member.account_id:
        code = row.member.school.code
        journal.send(
            row.member.account_id, kind="staff.standing", title=title, body=f"{row}：{body}", at=at,
            link=f"/teacher/{code}/file/", school_code=code,
        )  # fmt: skip
