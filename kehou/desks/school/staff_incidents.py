"""投诉、事故与处分 in somebody's file: recorded, concluded, put right."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from kehou.chapters.people.queries import Seat
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.models import StaffIncident, StaffMember
from kehou.chapters.timetable import actions as timetable
from kehou.desks.school.forms_staff import ConclusionForm, IncidentForm, ReasonForm
from kehou.desks.school.gate import at_school
from kehou.desks.school.one_form import one_form
from kehou.lib import clock
from kehou.rules.permissions import Permission
from kehou.rules.staffing.incidents import IncidentKind, IncidentResult

BACK = ("人员看板", "school:staff")


def _member(seat: Seat, member_id: int) -> StaffMember:
    return get_object_or_404(StaffMember.objects.filter(school=seat.school).select_related("school"), pk=member_id)


def _incident(seat: Seat, member_id: int, incident_id: int) -> StaffIncident:
    return get_object_or_404(_member(seat, member_id).incidents, pk=incident_id)


@require_http_methods(["GET", "POST"])
@at_school(Permission.STAFF_EDIT)
def recording(request: HttpRequest, seat: Seat, member_id: int) -> HttpResponse:
    """Keep a complaint, an accident or a penalty."""
    member = _member(seat, member_id)

    def keep(typed: dict[str, Any]) -> str:
        facts = {"kind": IncidentKind(typed["kind"]), "on": typed["on"], "what": typed["what"]}
        staffing.record_incident(member, **facts, by=seat.by, at=clock.now())
        return "已登记，本人会收到通知。"

    form = IncidentForm(request.POST if request.method == "POST" else None, initial={"on": clock.today()})
    return one_form(
        request, seat, form, keep, title=f"{member.name}：登记投诉、事故或处分", back=BACK, button="登记",
        lead="只写事实；本人看得到，可以写说明。", to=("school:staff_file", member.pk),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@at_school(Permission.STAFF_EDIT)
def concluding(request: HttpRequest, seat: Seat, member_id: int, incident_id: int) -> HttpResponse:
    """Say what was found."""
    found = _incident(seat, member_id, incident_id)

    def keep(typed: dict[str, Any]) -> str:
        result = IncidentResult(typed["result"])
        timetable.conclude_incident(found, result=result, outcome=typed["outcome"], by=seat.by, at=clock.now())
        return "结论已登记。"

    form = ConclusionForm(request.POST if request.method == "POST" else None)
    return one_form(
        request, seat, form, keep, title=f"{found}：写结论", back=BACK, button="登记结论", lead=found.what,
        to=("school:staff_file", member_id),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@at_school(Permission.STAFF_EDIT)
def striking(request: HttpRequest, seat: Seat, member_id: int, incident_id: int) -> HttpResponse:
    """Put right what was entered by mistake."""
    found = _incident(seat, member_id, incident_id)

    def keep(typed: dict[str, Any]) -> str:
        staffing.strike_incident(found, reason=typed["reason"], by=seat.by, at=clock.now())
        return "已更正，原来的登记还看得到。"

    form = ReasonForm(request.POST if request.method == "POST" else None)
    return one_form(
        request, seat, form, keep, title=f"{found}：更正登记", back=BACK, button="更正", lead=found.what,
        to=("school:staff_file", member_id),
    )  # fmt: skip
