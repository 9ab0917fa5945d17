"""走教 at a school: what it lacks, whom it sends, who comes; the principals agree here, the teacher on the phone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.people.queries import Seat
from kehou.chapters.programme import actions as programme
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing import queries
from kehou.chapters.staffing.models import Visit
from kehou.desks.school.forms_outside import NeedForm, OfferForm
from kehou.desks.school.gate import at_school
from kehou.desks.school.one_form import one_form, then
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets
from kehou.rules.outsiders import AREA_TITLES
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refusal
from kehou.rules.visiting import VisitFacts, missing_parties, refusal_to_agree

BACK = ("走教", "school:visits")


def party_of(visit: Visit, seat: Seat) -> str:
    """Return for which side this school speaks."""
    return "host" if seat.school and visit.host_id == seat.school.pk else "home"


def _agreeing(visit: Visit, seat: Seat) -> Refusal | None:
    agreed = [row.party for row in visit.agreeings.all()]
    return refusal_to_agree(party_of(visit, seat), agreed=agreed, ended=visit.ended_at is not None)


@require_GET
@at_school(Permission.OUTSIDERS_SEE)
def visits(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the school's own needs, its agreements, and what other schools lack."""
    term = this_term(request)
    found = queries.visits_about(term, school=seat.school)
    if request.GET.get("as") == "sheet":
        columns = [
            *map(sheets.Column, ("姓名", "派出", "接收", "活动", "星期")), sheets.Column("开始", "clock"),
            sheets.Column("结束", "clock"), sheets.Column("约定", "moment"), sheets.Column("结束", "moment"),
        ]  # fmt: skip
        cells = (
            (
                one.member.name, one.member.school.name, one.host.name, one.what, one.weekday, one.starts_at,
                one.ends_at, one.agreed_at, one.ended_at,
            )
            for one in found
        )  # fmt: skip
        return sheets.download(f"走教-{seat.school.name}.xlsx", columns, cells)  # type: ignore[union-attr]
    needs = queries.needs_of(term, text=request.GET.get("q", "").strip())
    context = {
        "term": term,
        "rows": [
            (one, missing_parties(row.party for row in one.agreeings.all()), _agreeing(one, seat)) for one in found[:60]
        ],
        "own": [(one, AREA_TITLES[one.area]) for one in needs.filter(school=seat.school)[:30]],
        "others": [
            (one, AREA_TITLES[one.area]) for one in needs.filter(withdrawn_at=None).exclude(school=seat.school)[:60]
        ],
    }
    return render(request, "school/outside/visits.html", context)


@require_http_methods(["GET", "POST"])
@at_school(Permission.OUTSIDERS_EDIT)
def new_need(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Say what the school lacks."""
    term = this_term(request)

    def act(said: dict[str, Any]) -> str:
        staffing.state_need(seat.school, term, **said, by=seat.by, at=clock.now())  # type: ignore[arg-type]
        return "需求已发布，别的学校和区教委都看得到。"

    return one_form(request, seat, NeedForm(request.POST or None), act, title="发布走教需求", back=BACK, button="发布")


@require_POST
@at_school(Permission.OUTSIDERS_EDIT)
def need_withdrawal(request: HttpRequest, seat: Seat, need_id: int) -> HttpResponse:
    """Take a need off the board."""
    need = get_object_or_404(queries.needs_of(this_term(request), school=seat.school), pk=need_id)
    return then(
        request, seat, lambda: staffing.withdraw_need(need, by=seat.by, at=clock.now()), "已撤回。", "school:visits"
    )


@require_http_methods(["GET", "POST"])
@at_school(Permission.OUTSIDERS_EDIT)
def offer(request: HttpRequest, seat: Seat, need_id: int) -> HttpResponse:
    """Offer one of the school's own teachers; they and both principals still have to agree."""
    term = this_term(request)
    need = get_object_or_404(queries.needs_of(term).filter(withdrawn_at=None), pk=need_id)

    def act(said: dict[str, Any]) -> str:
        when = VisitFacts(said["weekday"], said["starts_at"], said["ends_at"])
        proposal = staffing.Proposal(said["member"], need.school, term, said["what"], when, need)
        programme.propose_visit(proposal, by=seat.by, at=clock.now())
        return "已提出，等老师本人和两校校长同意。"

    form = OfferForm(seat.school, request.POST or None, initial={"what": need.what})  # type: ignore[arg-type]
    return one_form(
        request, seat, form, act, title=f"派老师到{need.school.name}", back=BACK, button="提出",
        lead=f"{AREA_TITLES[need.area]}：{need.what}",
    )  # fmt: skip


def _visit(request: HttpRequest, seat: Seat, visit_id: int) -> Visit:
    return get_object_or_404(queries.visits_about(this_term(request), school=seat.school), pk=visit_id)


@require_POST
@at_school(Permission.VISIT_AGREE)
def agreement(request: HttpRequest, seat: Seat, visit_id: int) -> HttpResponse:
    """Agree for the school."""
    visit = _visit(request, seat, visit_id)
    return then(
        request, seat,
        lambda: programme.agree_to_visit(visit, party_of(visit, seat), by=seat.by, at=clock.now()),
        "已同意。", "school:visits",
    )  # fmt: skip


@require_POST
@at_school(Permission.VISIT_AGREE)
def ending(request: HttpRequest, seat: Seat, visit_id: int) -> HttpResponse:
    """Decline, or end what was agreed; with a reason."""
    visit, reason = _visit(request, seat, visit_id), request.POST.get("reason", "")
    return then(
        request, seat, lambda: programme.end_visit(visit, reason=reason, by=seat.by, at=clock.now()), "已结束。",
        "school:visits",
    )  # fmt: skip
