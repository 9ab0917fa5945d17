"""续报优先: groups that go on, who is asked, who stays; over before anybody chooses; paper answers are typed in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation.models import Renewal, RenewalWindow
from kehou.chapters.allocation.renewals import going_on, opens_at, refusal_now, renewals_in, table_to_renew, window_of
from kehou.chapters.people.queries import Seat
from kehou.chapters.programme.models import ActivityTable
from kehou.desks.school.forms_survey import moment_field
from kehou.desks.school.gate import at_school
from kehou.lib import clock, sheets
from kehou.lib.uploads import CONTENT_TYPES, kind_of, taken
from kehou.rules.calendar import weekday_name
from kehou.rules.permissions import Permission
from kehou.rules.renewing import ANSWERS, refusals_to_open
from kehou.rules.verdicts import Refusal, Refused

ROWS = 60


class RenewalForm(forms.Form):
    """Until when families may answer."""

    closes_at = moment_field("答复截止", help_text="在开放报名之前；建议至少三天。")


@require_GET
@at_school(Permission.DRAW_SEE)
def renewals(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show who was asked and what they answered, or the groups that can be chosen."""
    table = _table(seat)
    window = window_of(table.school, table.term) if table else None
    if window is not None:
        return _asked(request, window)
    return _choosing(request, table, RenewalForm())


def _table(seat: Seat) -> ActivityTable | None:
    assert seat.school is not None
    return table_to_renew(seat.school, on=clock.today())


def _choosing(
    request: HttpRequest, table: ActivityTable | None, form: RenewalForm, wrong: tuple[Refusal, ...] = ()
) -> HttpResponse:
    groups = going_on(table) if table else []
    now = clock.now()
    able = [one for one in groups if one.refusal is None]
    refusals = (
        refusals_to_open(
            [one.facts for one in able],
            closes_at=now.max.replace(tzinfo=now.tzinfo),
            at=now,
            opens_at=opens_at(table.school, table.term),
            standing=False,
        )
        if table
        else []
    )
    context: dict[str, Any] = {
        "table": table,
        "form": form,
        "rows": [(one, "、".join(weekday_name(slot.weekday) for slot in one.slots)) for one in groups if one.members],
        "wrong": wrong,
        "ticked": request.POST.getlist("activity"),
        "series": request.POST.getlist("series"),
        # Any hour is fine for the question whether the button can be pressed at all.
        "refusal": next((no for no in refusals if no.why != "renewal_closes_too_late"), None),
    }
    status = 422 if wrong or form.errors else 200
    return render(request, "school/draw/renewals_opening.html", context, status=status)


def _asked(request: HttpRequest, window: RenewalWindow, wrong: tuple[Refusal, ...] = ()) -> HttpResponseBase:
    rows = renewals_in(window, text=request.GET.get("q", "").strip())
    if request.GET.get("as") == "sheet":
        columns = [sheets.Column(name) for name in ("活动", "星期", "班级", "姓名", "答复", "谁答复")]
        lines = (
            [
                one.activity.name, _days(one), str(one.pupil.homeroom), one.pupil.name,
                ANSWERS.get(one.answer, "没有答复"), one.answered_by or "",
            ]
            for one in rows
        )  # fmt: skip
        return sheets.download("续报.xlsx", columns, lines)
    every = list(window.renewals.values_list("answer", flat=True))
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "window": window,
        "page": page,
        "lines": [(one, _days(one), ANSWERS.get(one.answer, "没有答复")) for one in page],
        "asked": len(every),
        "kept": every.count("keep"),
        "silent": every.count(""),
        "refusal": refusal_now(window, clock.now()),
        "wrong": wrong,
    }
    return render(request, "school/draw/renewals.html", context, status=422 if wrong else 200)


def _days(one: Renewal) -> str:
    return "、".join(weekday_name(day) for day in one.weekdays)


@require_POST
@at_school(Permission.DRAW_RUN)
def opening(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Ask the members of the ticked groups."""
    table, form = _table(seat), RenewalForm(request.POST)
    if table is None:
        raise Http404
    if not form.is_valid():
        return _choosing(request, table, form)
    series = set(request.POST.getlist("series"))
    chosen = {int(key): key in series for key in request.POST.getlist("activity") if key.isascii() and key.isdigit()}
    try:
        window = allocation.open_renewals(
            table, chosen, closes_at=form.cleaned_data["closes_at"], by=seat.by, at=clock.now()
        )
    except Refused as no:
        return _choosing(request, table, form, no.refusals)
    messages.success(request, f"已问{window.renewals.count()}人次，家长都收到了来信。")
    return redirect("school:renewals", table.school.code)


@require_http_methods(["GET", "POST"])
@at_school(Permission.PAPER_ENTER)
def answering(request: HttpRequest, seat: Seat, renewal_id: int) -> HttpResponseBase:
    """Type a family's answer from its signed paper."""
    mine = Renewal.objects.select_related("window__school", "window__term", "activity", "pupil__homeroom")
    one = get_object_or_404(mine, pk=renewal_id, window__school=seat.school)
    wrong: tuple[Refusal, ...] = ()
    if request.method == "POST":
        try:
            scan = taken(request.FILES.get("scan"))
            allocation.answer_renewal(one, request.POST.get("answer", ""), by=seat.by, at=clock.now(), scan=scan)
        except Refused as no:
            wrong = no.refusals
        else:
            messages.success(request, f"已录入{one.pupil.name}：{ANSWERS[one.answer]}。")
            return redirect("school:renewals", one.window.school.code)
    context = {
        "one": one,
        "days": _days(one),
        "answers": list(ANSWERS.items()),
        "typed": request.POST.get("answer", ""),
        "refusal": refusal_now(one.window, clock.now()),
        "wrong": wrong,
    }
    return render(request, "school/draw/renewal.html", context, status=422 if wrong else 200)


@require_GET
@at_school(Permission.PAPER_ENTER)
def scan(request: HttpRequest, seat: Seat, renewal_id: int) -> HttpResponseBase:
    """Return the signed paper, as a download that no browser runs."""
    one = get_object_or_404(Renewal, pk=renewal_id, window__school=seat.school)
    if not one.scan:
        raise Http404
    file = one.scan.open("rb")
    kind = kind_of(file.read(16)) or "pdf"
    file.seek(0)
    name = f"renewal-{one.pk}.{kind}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])
