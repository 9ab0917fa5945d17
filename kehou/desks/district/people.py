"""The people of all schools: counts and lists, the list of who may not serve, who asks to serve again, entry checks."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.people.queries import Seat
from kehou.chapters.schools.models import School
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.models import EntryCheck, Restriction, ReturnRequest
from kehou.chapters.staffing.queries import staff_of
from kehou.chapters.timetable import actions as timetable
from kehou.desks.district.forms_people import RestrictionForm
from kehou.desks.district.gate import in_district
from kehou.desks.district.lists import page_of, sheet, sheet_url, wanted
from kehou.desks.district.telling import status_of, tell
from kehou.lib import clock, sheets
from kehou.rules.permissions import Permission as P
from kehou.rules.sentences import say
from kehou.rules.staffing.kinds import KINDS
from kehou.rules.states import PersonState
from kehou.rules.verdicts import Refused


@in_district(P.STAFF_DISTRICT)
def people(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show how many people of each school are where, and which schools have something ended."""
    ended = Q(staff__fit_until_on=None) | Q(staff__fit_until_on__lte=clock.today())
    using = Q(staff__state="in_use")
    rows = School.objects.filter(name__icontains=wanted(request)).order_by("code")
    rows = rows.annotate(
        in_use=Count("staff", using),
        outside=Count("staff", using & ~Q(staff__kind__in=("in_service", "gatekeeper"))),
        way=Count("staff", Q(staff__state__in=("proposed", "papers", "checked", "bound", "trained"))),
        suspended=Count("staff", Q(staff__state="suspended")),
        unfit=Count("staff", using & ended),
    )
    numbers = ("在用", "其中校外", "办理中", "暂停", "证明到期")
    columns = [sheets.Column("学校"), *(sheets.Column(name, "whole") for name in numbers)]
    cells = rows.values_list("name", "in_use", "outside", "way", "suspended", "unfit")
    if answer := sheet(request, "服务人员", columns, cells):
        return answer  # type: ignore[return-value]
    requests = ReturnRequest.objects.filter(state=ReturnRequest.ASKED).select_related("member__school")
    context = {
        "page": page_of(request, rows),
        "sheet_url": sheet_url(request),
        "returns": requests.order_by("asked_at"),
        "may_decide": P.CONDUCT_EDIT in seat.permissions,
    }
    return render(request, "district/people.html", context)


@in_district(P.STAFF_DISTRICT)
def people_of(request: HttpRequest, seat: Seat, code: str) -> HttpResponse:
    """Show who serves at one school and where they are on the path."""
    school = get_object_or_404(School, code=code)
    rows = staff_of(school, text=wanted(request), with_left=True)
    columns = [*map(sheets.Column, ("姓名", "类型", "状态")), sheets.Column("有效到（不含）", "day")]
    cells = ((one.name, KINDS.get(one.kind, ""), PersonState(one.state).label, one.fit_until_on) for one in rows)
    if answer := sheet(request, f"服务人员-{school.name}", columns, cells):
        return answer  # type: ignore[return-value]
    page = page_of(request, rows)
    lines = [(one, KINDS.get(one.kind, ""), PersonState(one.state).label) for one in page]
    context = {"school": school, "page": page, "lines": lines, "sheet_url": sheet_url(request), "today": clock.today()}
    return render(request, "district/people_of.html", context)


@require_POST
@in_district(P.CONDUCT_EDIT)
def return_decision(request: HttpRequest, seat: Seat, request_id: int) -> HttpResponse:
    """Agree, or not, that somebody serves again."""
    asked = get_object_or_404(ReturnRequest, pk=request_id)
    agree, answer = request.POST.get("agree") == "1", request.POST.get("answer", "")[:200]
    try:
        staffing.decide_return(asked, agree=agree, answer=answer, by=seat.by, at=clock.now())
        messages.success(request, "已答复学校。")
    except Refused as no:
        messages.error(request, say(no.refusal))
    return redirect("district:people")


# --- Who may not serve ------------------------------------------------------------------------------------------------


@in_district(P.CONDUCT_EDIT)
def restrictions(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the list: basis, span, who proposed a release and who approved it."""
    rows = Restriction.objects.order_by("-listed_at", "-pk")
    if text := wanted(request):
        rows = rows.filter(Q(name__icontains=text) | Q(basis__icontains=text))
    page = page_of(request, rows)
    lines = [(one, staffing.RESTRICTIONS[one.kind], one.until_on and one.until_on - timedelta(days=1)) for one in page]
    context = {"page": page, "lines": lines, "me": seat.by.account_id, "today": clock.today()}
    return render(request, "district/restrictions.html", context)


@in_district(P.CONDUCT_EDIT)
def new_restriction(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Put somebody on the list; wherever they serve they are taken off at once."""
    form = RestrictionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        facts, until = form.facts()
        try:
            timetable.restrict(facts, until_on=until, by=seat.by, at=clock.now())
            messages.success(request, f"{facts.name}已列入名单；正在服务的已停止排班。")
            return redirect("district:restrictions")
        except Refused as no:
            tell(form, no, listed_already="id_number", basis_missing="basis", span_backwards="last_on")
    crumbs = [("师德与从业限制名单", "/district/restrictions/")]
    context = {"form": form, "title": "列入名单", "crumbs": crumbs, "button": "列入"}
    return render(request, "district/form.html", context, status=status_of(form))


@require_POST
@in_district(P.CONDUCT_EDIT)
def release(request: HttpRequest, seat: Seat, restriction_id: int) -> HttpResponse:
    """Propose a release with a reason, or approve the one somebody else proposed."""
    kept = get_object_or_404(Restriction, pk=restriction_id)
    try:
        if request.POST.get("approve") == "1":
            staffing.release(kept, by=seat.by, at=clock.now())
            messages.success(request, f"已批准解除{kept.name}的限制。")
        else:
            staffing.propose_release(kept, reason=request.POST.get("reason", "")[:200], by=seat.by, at=clock.now())
            messages.success(request, "已提出解除，请另一个人批准。")
    except Refused as no:
        messages.error(request, say(no.refusal))
    return redirect("district:restrictions")


# --- The police -------------------------------------------------------------------------------------------------------


@in_district(P.CHECK_ANSWER)
def checks(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the requests for an entry check: who, from which school; nothing about any pupil (R-PRIV-03)."""
    return _checks(request)


def _checks(request: HttpRequest, *, about: int = 0, number: str = "", no: Refused | None = None) -> HttpResponse:
    """Return the page; with the number of one person on it, or why it is not shown beside the reason as typed."""
    waits = request.GET.get("state", "asked") != "answered"
    rows = EntryCheck.objects.select_related("member", "school")
    asked, answered = rows.filter(state="asked"), rows.exclude(state="asked")
    rows = asked.order_by("asked_at", "pk") if waits else answered.order_by("-answered_at", "-pk")
    if text := wanted(request):
        rows = rows.filter(Q(member__name__icontains=text) | Q(school__name__icontains=text) | Q(reference=text))
    context = {"page": page_of(request, rows), "waits": waits, "about": about, "number": number}
    context |= {"refusals": no.refusals if no else (), "reason": request.POST.get("reason", "")}
    return render(request, "district/checks.html", context, status=409 if no else 200)


@require_POST
@in_district(P.CHECK_ANSWER)
def check_answer(request: HttpRequest, seat: Seat, check_id: int) -> HttpResponse:
    """Note the result of one request: passed or not, with its reference."""
    one = get_object_or_404(EntryCheck, pk=check_id)
    result, reference = request.POST.get("result", ""), request.POST.get("reference", "")[:60]
    try:
        timetable.answer_check(one, result, reference=reference, by=seat.by, at=clock.now())
        messages.success(request, "结果已登记，学校只看到通过与否。")
    except Refused as no:
        for refusal in no.refusals:
            messages.error(request, say(refusal))
    return redirect("district:checks")


@require_POST
@in_district(P.CHECK_ANSWER)
def check_number(request: HttpRequest, seat: Seat, check_id: int) -> HttpResponse:
    """Show the ID number of who is to be checked to whoever says why; the reading is kept in the journal.

    The number stands on this one page: a message would carry it in a cookie.
    """
    one = get_object_or_404(EntryCheck.objects.select_related("member__school"), pk=check_id, state="asked")
    reason = request.POST.get("reason", "")[:120]
    try:
        number = staffing.unmask_id_number(one.member, reason=reason, by=seat.by, at=clock.now())
    except Refused as no:
        return _checks(request, about=one.pk, no=no)
    return _checks(request, about=one.pk, number=number)
