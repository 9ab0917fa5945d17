"""请假, and who may fetch the child: for good, and for today only."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from kehou.chapters.attendance import actions as attendance
from kehou.chapters.attendance.models import Leave
from kehou.chapters.basis.queries import calendar_of, parameters_on
from kehou.chapters.enrolment import queries
from kehou.chapters.enrolment.models import Enrolment
from kehou.chapters.money import actions as money
from kehou.chapters.people import actions as people
from kehou.chapters.people.actions.family import Reach
from kehou.chapters.people.queries import Parenthood
from kehou.desks.guardian.gate import beside_child
from kehou.desks.guardian.page import said, show
from kehou.lib import clock
from kehou.lib import typed as typed_in
from kehou.lib.uploads import taken
from kehou.rules.calendar import day_name
from kehou.rules.identity import refusal_of_mobile
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refused, refuse

KINDS = {"sick": "病假", "errand": "事假"}
DAYS_AHEAD = 10


@require_http_methods(["GET", "POST"])
@beside_child(Permission.CHILD_CHOOSE)
def leave(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Say that the child does not come on a day; show what was filed."""
    typed = request.POST
    wrong: tuple[object, ...] = ()
    if request.method == "POST":
        try:
            filed = attendance.file_leave(
                beside.pupil,
                _day(typed.get("on")),
                kind=typed.get("kind") if typed.get("kind") in KINDS else "errand",
                reason=typed.get("reason", "")[:120],
                by=beside.by,
                at=clock.now(),
            )
        except Refused as no:
            wrong = no.refusals
        else:
            money = "这天不计费" if filed.refunds else _late(filed)
            messages.success(request, f"{day_name(filed.on)}已请假，老师已收到。{money}。")
            return redirect("guardian:leave", beside.pupil.pk)
    found = queries.enrolment_on(beside.pupil, clock.today())
    filed_before = Leave.objects.filter(pupil=beside.pupil, withdrawn_at__isnull=True).order_by("-on")[:20]
    return show(
        request,
        beside,
        "guardian/leave.html",
        {
            "enrolment": found,
            "coming": [] if found is None else _coming(found, clock.today()),
            "kinds": list(KINDS.items()),
            "leaves": [(one, one.may_be_proved(clock.today())) for one in filed_before],
            "policy": parameters_on(clock.today()).fee.leave_policy,
            "today": clock.today(),
            "wrong": wrong,
            "typed": typed,
        },
        status=422 if wrong else 200,
    )


def _coming(enrolment: Enrolment, today: date) -> list[date]:
    """Return the next days on which the child is expected."""
    calendar = calendar_of(enrolment.term)
    weekdays = set(enrolment.days.filter(until_on__gt=today).values_list("weekday", flat=True))
    from_on = max(today, enrolment.from_on)
    return [
        day
        for day in calendar.service_days(school=enrolment.school.code)
        if from_on <= day < enrolment.until_on and calendar.weekday_followed(day) in weekdays
    ][:DAYS_AHEAD]


def _late(filed: Leave) -> str:
    if filed.proof_due_on is not None:
        return f"{day_name(filed.proof_due_on)}前补交病历就不计费"
    return "已过当天不计费的时间，这天照常计费"


def _day(text: str | None) -> date:
    if (day := typed_in.day(text)) is None:  # nothing was ticked
        raise Refused(refuse("R-ATT-01", "leave_without_day"))
    return day


@require_POST
@beside_child(Permission.CHILD_CHOOSE)
def leave_removal(request: HttpRequest, beside: Parenthood, leave_id: int) -> HttpResponse:
    """Take a leave back."""
    filed = get_object_or_404(Leave, pk=leave_id, pupil=beside.pupil)
    try:
        attendance.withdraw_leave(filed, by=beside.by, at=clock.now())
    except Refused as no:
        messages.error(request, said(no))
    else:
        messages.success(request, f"{day_name(filed.on)}的请假已撤回，孩子照常参加。")
    return redirect("guardian:leave", beside.pupil.pk)


@require_POST
@beside_child(Permission.CHILD_CHOOSE)
def leave_proof(request: HttpRequest, beside: Parenthood, leave_id: int) -> HttpResponse:
    """Hand in the sick note of a leave; what was billed for the day goes back."""
    filed = get_object_or_404(Leave, pk=leave_id, pupil=beside.pupil)
    try:
        note = taken(request.FILES.get("proof"))
        if note is None:
            raise Refused(refuse("R-ATT-01", "proof_missing"))
        money.prove_leave(filed, note, by=beside.by, at=clock.now())
    except Refused as no:
        messages.error(request, said(no))
    else:
        messages.success(request, f"病历已收到，{day_name(filed.on)}不计费；已交的钱会退回。")
    return redirect("guardian:leave", beside.pupil.pk)


@require_http_methods(["GET", "POST"])
@beside_child(Permission.CHILD_CHOOSE)
def pickup(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Show who may fetch the child; name somebody for today, or for good."""
    wrong: dict[str, str] = {}
    if request.method == "POST":
        wrong = _name(request, beside)
        if not wrong:
            return redirect("guardian:pickup", beside.pupil.pk)
    persons = beside.pupil.pickup_persons.filter(ended_at__isnull=True).order_by("only_on", "pk")
    today = clock.today()
    return show(
        request,
        beside,
        "guardian/pickup.html",
        {
            "always": [one for one in persons if one.only_on is None],
            "today_only": [one for one in persons if one.only_on == today],
            "wrong": wrong,
            "typed": request.POST,
        },
        status=422 if wrong else 200,
    )


def _name(request: HttpRequest, beside: Parenthood) -> dict[str, str]:
    """Name the person that was typed; return what is wrong by field, or nothing."""
    name, phone = request.POST.get("name", "").strip(), request.POST.get("phone", "").strip()
    wrong = {} if name else {"name": "请写上来接的人的姓名。"}
    if refusal_of_mobile(phone):
        wrong["phone"] = f"电话“{phone}”不是11位手机号，请核对。"
    if wrong:
        return wrong
    today_only = request.POST.get("for") != "always"
    people.name_pickup_person(
        beside.pupil,
        Reach(name[:60], request.POST.get("relation", "").strip()[:20], phone),
        by=beside.by,
        at=clock.now(),
        only_on=clock.today() if today_only else None,
    )
    until = "今天" if today_only else "以后"
    messages.success(request, f"{until}可以由{name}来接，老师和门卫已能看到。")
    return {}


@require_POST
@beside_child(Permission.CHILD_CHOOSE)
def pickup_removal(request: HttpRequest, beside: Parenthood, person_id: int) -> HttpResponse:
    """Take a person back."""
    person = get_object_or_404(beside.pupil.pickup_persons, pk=person_id)
    people.end_pickup_person(person, by=beside.by, at=clock.now())
    messages.success(request, f"{person.name}以后不能再来接。")
    return redirect("guardian:pickup", beside.pupil.pk)
