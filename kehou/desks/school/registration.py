"""开放报名 and its progress in counts; who takes part; who left. Who refused is in no list (domain/09 row 1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from kehou.chapters.allocation.queries import draw_of, taken_by_slot
from kehou.chapters.basis.queries import current_term, parameters_on
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment import queries
from kehou.chapters.enrolment.models import Application, Enrolment, Exit, Registration
from kehou.chapters.people.queries import Seat
from kehou.desks.school.gate import at_school
from kehou.lib import clock, sheets
from kehou.rules import sentences
from kehou.rules.calendar import weekday_name
from kehou.rules.choice import Choice
from kehou.rules.choice_words import summary, way_home
from kehou.rules.enrolling import APPLICATION_TITLES, METHODS, refusal_to_extend
from kehou.rules.fees import hours_in_words
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refused

ROWS = 50
_LOCAL = "%Y-%m-%dT%H:%M"


def _moment(label: str, **more: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_LOCAL)
    return forms.DateTimeField(label=label, widget=widget, input_formats=[_LOCAL], **more)


class OpeningForm(forms.Form):
    """When families choose, and by which method the seats will be given."""

    opens_at = _moment("开始")
    closes_at = _moment("截止", help_text="项目表公布满五天后才能截止。")
    method = forms.ChoiceField(label="统筹办法", choices=list(METHODS.items()), widget=forms.RadioSelect)


class ExtensionForm(forms.Form):
    """A later deadline and why."""

    until = _moment("延到")
    reason = forms.CharField(label="原因", max_length=120, help_text="写给自己人看，也留在日志里。")


class WindowForm(forms.Form):
    """A span in which enrolled families may take more days."""

    name = forms.CharField(label="名称", max_length=40, initial="试听与变更周")
    from_on = forms.DateField(label="从", widget=forms.DateInput(attrs={"type": "date"}))
    until_on = forms.DateField(label="到（这一天不算）", widget=forms.DateInput(attrs={"type": "date"}))


def registration_here(seat: Seat) -> Registration | None:
    """Return the registration the office works on."""
    assert seat.school is not None
    return queries.registration_of(seat.school, on=clock.today())


@at_school(Permission.REGISTRATION_SEE)
def registration(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the window, progress by class and grade, interest against seats; or the form that opens it."""
    found = registration_here(seat)
    if found is None:
        return _opening(request, seat, OpeningForm(initial={"method": parameters_on(clock.today()).alloc.method}))
    return _progress(request, seat, found)


@require_POST
@at_school(Permission.REGISTRATION_OPEN)
def opening(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Open the registration of the term."""
    assert seat.school is not None
    form = OpeningForm(request.POST)
    term = current_term(clock.today())
    if term is not None and form.is_valid():
        try:
            enrolment.open_registration(seat.school, term, **form.cleaned_data, by=seat.by, at=clock.now())
        except Refused as no:
            for refusal in no.refusals:
                form.add_error(None, sentences.say(refusal))
        else:
            messages.success(request, "报名已开放。请在截止前到“统筹”写明用哪一期公开结果摇号。")
            return redirect("school:registration", seat.school.code)
    return _opening(request, seat, form, status=422)


def _opening(request: HttpRequest, seat: Seat, form: OpeningForm, *, status: int = 200) -> HttpResponse:
    assert seat.school is not None
    term, now = current_term(clock.today()), clock.now()
    refusals = []
    if term is not None:
        # What stands in the way whatever is typed: the gate and the table.
        far = timezone.localtime(now) + timedelta(days=365)
        every = enrolment.refusals_to_open(seat.school, term, opens_at=now, closes_at=far, method="gsd", at=now)
        refusals = [refusal for refusal in every if refusal.code != "R-ENR-01"]
    context = {"form": form, "term": term, "refusals": refusals, "refusal": refusals[0] if refusals else None}
    return render(request, "school/registration/opening.html", context, status=status)


def _progress(
    request: HttpRequest,
    seat: Seat,
    found: Registration,
    *,
    extension: ExtensionForm | None = None,
    window: WindowForm | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = queries.progress(found)
    now = clock.now()
    return render(
        request,
        "school/registration/progress.html",
        {
            "registration": found,
            "method": METHODS[found.method],
            "rows": rows,
            "sums": {
                name: sum(getattr(row, name) for row in rows)
                for name in ("pupils", "answered", "joins", "declines", "silent", "reviewed", "returned")
            },
            "to_review": sum(row.joins - row.reviewed - row.returned for row in rows),
            "review_due": queries.review_due(found),
            "review_late": queries.review_due(found) < clock.today(),
            "interest": _interest(found),
            "draw": draw_of(found),
            "extension": extension or ExtensionForm(),
            "extension_refusal": refusal_to_extend(
                closes_at=found.closes_at,
                until=max(found.closes_at, now) + timedelta(days=1),
                frozen_at=found.frozen_at,
                at=now,
            ),
            "window_form": window or WindowForm(),
            "windows": found.change_windows.order_by("from_on"),
            "open_now": found.opens_at <= now < found.closes_at,
        },
        status=status,
    )


def _interest(found: Registration) -> list[dict[str, Any]]:
    """Return wishes against seats for each group, the scarcest first: what the office can still mend."""
    wishes = queries.interest(found)
    slots = list(queries.slots_of(found))
    taken = taken_by_slot([slot.pk for slot in slots])
    rows = [
        {
            "slot": slot,
            "day": weekday_name(slot.weekday),
            "seats": slot.activity.capacity,
            "first": wishes.get(slot.pk, (0, 0))[0],
            "all": wishes.get(slot.pk, (0, 0))[1],
            "taken": taken.get(slot.pk, 0),
        }
        for slot in slots
        if not slot.activity.is_base_care
    ]
    return sorted(rows, key=lambda row: -row["first"] / max(row["seats"], 1))


@require_POST
@at_school(Permission.REGISTRATION_OPEN)
def extension(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Move the deadline later."""
    found = registration_here(seat)
    form = ExtensionForm(request.POST)
    if found is None:
        return redirect("school:registration", seat.school.code)  # type: ignore[union-attr]
    if form.is_valid():
        try:
            enrolment.extend_registration(found, **form.cleaned_data, by=seat.by, at=clock.now())
        except Refused as no:
            form.add_error(None, sentences.say(no.refusal))
        else:
            messages.success(request, "截止时间已延后。")
            return redirect("school:registration", seat.school.code)  # type: ignore[union-attr]
    return _progress(request, seat, found, extension=form, status=422)


@require_POST
@at_school(Permission.REGISTRATION_OPEN)
def change_window(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Open a span in which families may take more days."""
    found = registration_here(seat)
    form = WindowForm(request.POST)
    if found is None:
        return redirect("school:registration", seat.school.code)  # type: ignore[union-attr]
    if form.is_valid():
        try:
            enrolment.open_change_window(found, **form.cleaned_data, by=seat.by, at=clock.now())
        except Refused as no:
            form.add_error(None, sentences.say(no.refusal))
        else:
            messages.success(request, "变更期已开放，家长可以在手机上改星期和课时。")
            return redirect("school:registration", seat.school.code)  # type: ignore[union-attr]
    return _progress(request, seat, found, window=form, status=422)


# --- Lists ------------------------------------------------------------------------------------------------------------


@at_school(Permission.REGISTRATION_SEE)
def applications(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """List the applications that take part, for seat planning; searched, paged, as a spreadsheet."""
    found = registration_here(seat)
    rows = queries.joined(found, text=request.GET.get("q", "").strip()) if found else Application.objects.none()
    state = request.GET.get("state", "")
    if state in APPLICATION_TITLES:
        rows = rows.filter(state=state)
    if request.GET.get("as") == "sheet":
        return _sheet(seat, rows)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    lines = [(one, _words(one), APPLICATION_TITLES[one.state]) for one in page]
    context = {"page": page, "lines": lines, "registration": found, "states": APPLICATION_TITLES, "state": state}
    return render(request, "school/registration/applications.html", context)


def _words(application: Application) -> tuple[str, str]:
    choice = Choice.read(application.current.choice)  # type: ignore[union-attr]
    return summary(choice), way_home(choice)


def _sheet(seat: Seat, rows: Any) -> HttpResponseBase:
    columns = [sheets.Column(name) for name in ("年级", "班级", "姓名", "星期和课时", "离校方式", "状态", "来源")]
    columns += [sheets.Column("版本", "whole"), sheets.Column("提交时间", "moment")]

    def lines() -> Iterator[list[Any]]:
        for one in rows.iterator(chunk_size=500):
            words, home = _words(one)
            yield [
                one.pupil.homeroom.grade, str(one.pupil.homeroom), one.pupil.name, words, home,
                APPLICATION_TITLES[one.state], "纸质" if one.current.channel == "paper" else "线上",
                one.version, one.current.submitted_at,
            ]  # fmt: skip

    assert seat.school is not None
    return sheets.download(f"参加申请-{seat.school.name}.xlsx", columns, lines())


@at_school(Permission.REGISTRATION_SEE)
def enrolments(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """List the children whose agreement is in force, and those who left."""
    today, left_only = clock.today(), request.GET.get("left") == "1"
    rows = (
        Enrolment.objects.filter(school=seat.school, term__until_on__gt=today)
        .select_related("pupil__homeroom", "agreement", "exit")
        .prefetch_related("days")
        .order_by("pupil__homeroom__grade", "pupil__homeroom__number", "pupil__name_sort", "pk")
    )
    rows = rows.filter(exit__isnull=not left_only)
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(pupil__name__icontains=text) | rows.filter(pupil__name_sort__icontains=text)
    if request.GET.get("as") == "sheet":
        names = ("年级", "班级", "姓名", "星期和课时", "协议编号")
        columns = [*map(sheets.Column, names), sheets.Column("从", "day"), sheets.Column("到", "day")]
        lines = (
            [
                one.pupil.homeroom.grade, str(one.pupil.homeroom), one.pupil.name, _hours(one), one.agreement.number,
                one.from_on, one.until_on,
            ]
            for one in rows.iterator(chunk_size=500)
        )  # fmt: skip
        return sheets.download(f"参加名单-{seat.school.name}.xlsx", columns, lines)  # type: ignore[union-attr]
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [(one, _hours(one)) for one in page],
        "left_only": left_only,
        "exits": Exit.objects.filter(enrolment__school=seat.school, enrolment__term__until_on__gt=today).count(),
    }
    return render(request, "school/registration/enrolments.html", context)


def _hours(one: Enrolment) -> str:
    """Return the hours that hold to the end, in the words of the application: `每周一三各2课时`."""
    latest = {day.weekday: day.hours for day in one.days.all() if day.until_on == one.until_on}
    return hours_in_words(latest) if latest else ""
