"""师资不足说明: written by the office, signed by the principal, with the people asked in on its ground."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.people.queries import Seat
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing import queries
from kehou.chapters.staffing.models import ShortageStatement
from kehou.chapters.staffing.papers import shortage_paper
from kehou.desks.school.forms_outside import EngageForm, ShortageForm
from kehou.desks.school.gate import at_school
from kehou.desks.school.one_form import one_form, then
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets
from kehou.rules.outsiders import AREA_TITLES
from kehou.rules.permissions import Permission


def _here(seat: Seat, statement_id: int) -> ShortageStatement:
    rows = ShortageStatement.objects.select_related("school", "term")
    return get_object_or_404(rows, pk=statement_id, school=seat.school)


def state_of(one: ShortageStatement) -> tuple[str, str]:
    """Return where a statement stands: kind of badge and words."""
    if one.withdrawn_at:
        return "plain", "已撤回"
    return ("done", "已签署") if one.signed_at else ("wait", "等校长签署")


@require_GET
@at_school(Permission.OUTSIDERS_SEE)
def shortages(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show what the school stated this term."""
    term = this_term(request)
    rows = queries.statements_of(seat.school, term)  # type: ignore[arg-type]
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(need__icontains=text)
    if request.GET.get("as") == "sheet":
        columns = [
            sheets.Column("类别"), sheets.Column("需要"), sheets.Column("每周缺课时", "whole"),
            sheets.Column("本校人数", "whole"), sheets.Column("本校可承担课时", "whole"), sheets.Column("原因"),
            sheets.Column("签署", "moment"), sheets.Column("撤回", "moment"),
        ]  # fmt: skip
        cells = (
            (
                AREA_TITLES[one.area], one.need, one.hours, one.own_people, one.own_hours, one.reason, one.signed_at,
                one.withdrawn_at,
            )
            for one in rows
        )  # fmt: skip
        return sheets.download(f"师资不足说明-{seat.school.name}.xlsx", columns, cells)  # type: ignore[union-attr]
    context = {"term": term, "rows": [(one, AREA_TITLES[one.area], *state_of(one)) for one in rows]}
    return render(request, "school/outside/shortages.html", context)


@require_http_methods(["GET", "POST"])
@at_school(Permission.OUTSIDERS_EDIT)
def new_shortage(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Write a statement; own staff are counted when it is kept."""
    term = this_term(request)

    def act(said: dict[str, Any]) -> str:
        staffing.state_shortage(seat.school, term, **said, by=seat.by, at=clock.now())  # type: ignore[arg-type]
        return "说明已保存，等校长签署。"

    return one_form(
        request, seat, ShortageForm(request.POST or None), act, title="写师资不足说明",
        back=("师资不足说明", "school:shortages"), lead="先说明校内为什么不够，校长签署以后，才能请校外人员和机构。",
    )  # fmt: skip


@require_GET
@at_school(Permission.OUTSIDERS_SEE)
def shortage(request: HttpRequest, seat: Seat, statement_id: int) -> HttpResponse:
    """Show one statement with who serves on its ground."""
    one = _here(seat, statement_id)
    kind, state = state_of(one)
    context = {
        "one": one,
        "area": AREA_TITLES[one.area],
        "kind": kind,
        "state": state,
        "people": one.engagements.select_related("member").order_by("member__name"),
        "uses": one.uses.select_related("candidacy__provider"),
        "form": EngageForm(seat.school, initial={"paid": "no"}),  # type: ignore[arg-type]
    }
    return render(request, "school/outside/shortage.html", context)


@require_http_methods(["GET", "POST"])
@at_school(Permission.OUTSIDERS_EDIT)
def shortage_edit(request: HttpRequest, seat: Seat, statement_id: int) -> HttpResponse:
    """Change what is not signed yet."""
    one = _here(seat, statement_id)

    def act(said: dict[str, Any]) -> str:
        said.pop("area")
        staffing.change_shortage(one, **said, by=seat.by, at=clock.now())
        return "说明已保存。"

    initial = {key: getattr(one, key) for key in ("area", "need", "hours", "reason")}
    return one_form(
        request, seat, ShortageForm(request.POST or None, initial=initial), act, title="修改师资不足说明",
        back=("师资不足说明", "school:shortages"), to=("school:shortage", one.pk),
    )  # fmt: skip


@require_POST
@at_school(Permission.SHORTAGE_SIGN)
def signing(request: HttpRequest, seat: Seat, statement_id: int) -> HttpResponse:
    """Stand for it as the principal."""
    one = _here(seat, statement_id)
    return then(
        request, seat, lambda: staffing.sign_shortage(one, by=seat.by, at=clock.now()), "已签署。",
        "school:shortage", one.pk,
    )  # fmt: skip


@require_POST
@at_school(Permission.OUTSIDERS_EDIT)
def withdrawal(request: HttpRequest, seat: Seat, statement_id: int) -> HttpResponse:
    """Take it back."""
    one = _here(seat, statement_id)
    return then(
        request, seat, lambda: staffing.withdraw_shortage(one, by=seat.by, at=clock.now()), "已撤回。",
        "school:shortage", one.pk,
    )  # fmt: skip


@require_POST
@at_school(Permission.OUTSIDERS_EDIT)
def engagement(request: HttpRequest, seat: Seat, statement_id: int) -> HttpResponse:
    """Ask somebody of the list in on this ground, for pay or not."""
    one = _here(seat, statement_id)
    form = EngageForm(seat.school, request.POST)  # type: ignore[arg-type]

    if not form.is_valid():
        messages.error(request, "请选人员，并选是志愿还是付酬。")
        return redirect("school:shortage", seat.school.code, one.pk)  # type: ignore[union-attr]
    member, paid = form.cleaned_data["member"], form.cleaned_data["paid"] == "yes"

    def act() -> None:
        staffing.engage(one, member, paid=paid, by=seat.by, at=clock.now())

    return then(request, seat, act, "已登记。", "school:shortage", one.pk)


@require_GET
@at_school(Permission.OUTSIDERS_SEE)
def paper(request: HttpRequest, seat: Seat, statement_id: int) -> HttpResponse:
    """Return it on paper."""
    made = shortage_paper(_here(seat, statement_id), at=clock.now())
    return HttpResponse(made.pdf, content_type="application/pdf")
