"""资助与保障名单: for the aid officer and the cashier only; one by one or as a list, tried dry first."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.money import actions as money
from kehou.chapters.money.actions import Ground
from kehou.chapters.people.models import CareRecord, Pupil
from kehou.chapters.people.queries import Seat
from kehou.desks.school.forms_money import EndForm, GroundForm
from kehou.desks.school.gate import at_school
from kehou.lib import clock, sheets, typed
from kehou.lib.sheets.reading import open_sheets
from kehou.rules.aid_list import AidList, Listed, read_aid_list
from kehou.rules.care import CATEGORIES, added_categories, title_of, waiver_percent
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refused, refuse

ROWS = 50
SALT = "aid-list"
KEPT_SECONDS = 3600


def _found(request: HttpRequest, seat: Seat) -> Any:
    found = (
        CareRecord.objects.filter(pupil__school=seat.school)
        .select_related("pupil__homeroom")
        .order_by("ended_at", "pupil__homeroom__grade", "pupil__homeroom__number", "pupil__name_sort", "-pk")
    )
    text, category = request.GET.get("q", "").strip(), request.GET.get("category", "")
    if text:
        found = found.filter(Q(pupil__name__icontains=text) | Q(pupil__name_sort__icontains=text))
    return found.filter(category=category) if category in dict(_categories()) else found


def _categories() -> list[tuple[str, str]]:
    """Return the categories of today's list, what the district added after those that we know (2.1-j)."""
    added = added_categories(parameters_on(clock.today()).prio.categories)
    return [*((key, one.title) for key, one in CATEGORIES.items()), *((title, title) for title in added)]


@at_school(Permission.CARE_SEE)
def care(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show who is on the list and until when, or take it away for the aid office."""
    found = _found(request, seat)
    if request.GET.get("as") == "sheet":
        return _sheet(found)
    return _page(request, seat)


def _page(
    request: HttpRequest,
    seat: Seat,
    form: GroundForm | None = None,
    end_form: EndForm | None = None,
    reading: AidList | None = None,
    **more: Any,
) -> HttpResponse:
    page = Paginator(_found(request, seat), ROWS).get_page(request.GET.get("page"))
    waiver = parameters_on(clock.today()).waiver
    table = waiver.table
    refused = bool((form and form.errors) or (end_form and end_form.errors) or (reading and reading.problems))
    return render(
        request,
        "school/money/care.html",
        {
            "page": page,
            "rows": [(one, title_of(one.category), _percent(one, table)) for one in page],
            "categories": _categories(),
            "by_list": waiver.source == "aid_list",
            "form": form or GroundForm(initial={"from_on": clock.today()}),
            "end_form": end_form or EndForm(initial={"on": clock.today()}),
            "reading": reading,
            **more,
        },
        status=409 if refused else 200,
    )


def _percent(record: CareRecord, table: Any) -> int:
    return waiver_percent([record.category], table)


def _sheet(found: Any) -> HttpResponseBase:
    columns = [
        sheets.Column("姓名"), sheets.Column("班级"), sheets.Column("类别"), sheets.Column("名单来源"),
        sheets.Column("起始日期", "day"), sheets.Column("结束日期", "day"),
    ]  # fmt: skip
    rows = (
        [
            one.pupil.name, str(one.pupil.homeroom), title_of(one.category), one.source, one.from_on,
            one.until_on,
        ]
        for one in found.iterator(chunk_size=500)
    )  # fmt: skip
    return sheets.download("资助与保障名单.xlsx", columns, rows)


@require_POST
@at_school(Permission.CARE_EDIT)
def adding(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Add one child; bills since the first day follow at once."""
    form = GroundForm(request.POST)
    if not form.is_valid():
        return _page(request, seat, form)
    pupils = _named(seat, form.cleaned_data.pop("pupil"))
    if len(pupils) != 1:
        said = (
            "名册里没有这名学生。"
            if not pupils
            else "有同名的学生，请写编号：" + "，".join(f"{one.name} {one.homeroom} 编号{one.pk}" for one in pupils[:8])
        )
        form.add_error("pupil", said)
        return _page(request, seat, form)
    try:
        money.recognise(Ground(pupils[0], **form.cleaned_data), by=seat.by, at=clock.now())
    except Refused as no:
        form.refuse(no)
        return _page(request, seat, form)
    messages.success(request, f"{pupils[0].name}已写入名单；以前多缴的会自动退。")
    return redirect("school:care", seat.school.code)  # type: ignore[union-attr]


def _named(seat: Seat, text: str) -> list[Pupil]:
    pupils = seat.school.pupils.filter(state=Pupil.IN_SCHOOL).select_related("homeroom")  # type: ignore[union-attr]
    text = text.strip()
    number = typed.whole(text)
    return list(pupils.filter(name=text) if number is None else pupils.filter(pk=number))


@require_POST
@at_school(Permission.CARE_EDIT)
def ending(request: HttpRequest, seat: Seat, record_id: int) -> HttpResponse:
    """End one record from a day on; bills follow."""
    record = get_object_or_404(
        CareRecord.objects.select_related("pupil__school"), pk=record_id, pupil__school=seat.school
    )
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            money.end_recognition(record, on=form.cleaned_data["on"], by=seat.by, at=clock.now())
        except Refused as no:
            form.refuse(no)
        else:
            messages.success(request, f"{record.pupil.name}的这一条已终止。")
            return redirect("school:care", seat.school.code)  # type: ignore[union-attr]
    return _page(request, seat, end_form=form)


@require_POST
@at_school(Permission.CARE_EDIT)
def trial(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Read a list dry: who fits, what does not; nothing is written."""
    upload, source = request.FILES.get("file"), request.POST.get("source", "").strip()
    if upload is None or not source:
        return _page(request, seat, reading=AidList(problems=[(0, refuse("R-WAIV-02", "no_source"))]))
    register = [
        Listed(*row)
        for row in seat.school.pupils.filter(state=Pupil.IN_SCHOOL).values_list(  # type: ignore[union-attr]
            "pk", "name", "homeroom__grade", "homeroom__number"
        )
    ]
    try:
        grid = next(iter(open_sheets(upload.file).grids), None)  # type: ignore[arg-type]
        reading = read_aid_list(grid, register, source=source) if grid else AidList()
    except Refused as no:
        reading = AidList(problems=[(0, one) for one in no.refusals])
    kept = [
        (one.pupil_id, one.category, one.source, one.from_on.isoformat(), one.until_on and one.until_on.isoformat())
        for one in reading.rows
    ]
    shown = [(one, title_of(one.category)) for one in reading.rows]
    ready = bool(kept) and not reading.problems
    token = signing.dumps({"school": seat.school.code, "rows": kept}, salt=SALT, compress=True) if ready else ""  # type: ignore[union-attr]
    return _page(request, seat, reading=reading, shown=shown, token=token)


@require_POST
@at_school(Permission.CARE_EDIT)
def taking(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Write the list that was just read, whole or not at all."""
    try:
        kept = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return _page(request, seat, reading=AidList(problems=[(0, refuse("R-WAIV-01", "nobody_chosen"))]))
    wanted = {row[0] for row in kept["rows"]}
    pupils = seat.school.pupils.filter(state=Pupil.IN_SCHOOL).in_bulk(wanted)  # type: ignore[union-attr]
    if gone := len(wanted - pupils.keys()):
        return _page(request, seat, reading=AidList(problems=[(0, refuse("R-WAIV-01", "child_gone", count=gone))]))
    grounds = [
        Ground(pupils[pk], category, source, date.fromisoformat(start), date.fromisoformat(end) if end else None)
        for pk, category, source, start, end in kept["rows"]
    ]
    try:
        records, bills = money.recognise_many(grounds, by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, seat, reading=AidList(problems=[(0, one) for one in no.refusals]))
    messages.success(request, f"已写入{len(records)}人，{len(bills)}张缴费单随之重算。")
    return redirect("school:care", seat.school.code)  # type: ignore[union-attr]
