"""制度架: the 22 policy documents of the school; drafted from templates, signed by the principal, taken away as one."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kehou.chapters.people.queries import Seat
from kehou.chapters.planning import actions, queries
from kehou.chapters.planning.papers_shelf import catalogue_paper
from kehou.desks.school.gate import at_school
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets, typed
from kehou.lib.paper import Paper
from kehou.rules.permissions import Permission as P
from kehou.rules.policy_documents import blocks
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused


def pdf(made: Paper, name: str) -> HttpResponse:
    """Return a paper to be read or printed."""
    answer = HttpResponse(made.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


def told(request: HttpRequest, no: Refused) -> None:
    """Say on the next page why nothing was done."""
    messages.error(request, "".join(say(refusal) for refusal in no.refusals))


@require_safe
@at_school(P.ORG_SEE)
def shelf(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the 22 places with what lies there and what is missing; give the list as a spreadsheet."""
    places = queries.places_of(seat.school, on=clock.today())
    if request.GET.get("as") == "sheet":
        return _sheet(seat, places)
    text = request.GET.get("q", "").strip()
    shown = [one for one in places if text in one.kind.title]
    problems = [one for one in places if one.problem]
    context = {
        "required": [one for one in shown if one.kind.required],
        "advised": [one for one in shown if not one.kind.required],
        "missing": [one for one in problems if blocks(one.problem)],
        "overdue": [one for one in problems if one.problem.why == "review_overdue"],
        "bare": sum(one.standing is None and one.draft is None for one in places),
        "drafts": sum(one.draft is not None for one in places),
        "in_force": sum(one.standing is not None for one in places),
        "today": clock.today(),
    }
    return render(request, "school/shelf/shelf.html", context)


def _sheet(seat: Seat, places: list[queries.Place]) -> HttpResponseBase:
    columns = [
        sheets.Column("序号", "whole"), sheets.Column("制度"), sheets.Column("类别"), sheets.Column("版本"),
        sheets.Column("批准日", "moment"), sheets.Column("批准人"), sheets.Column("执行日", "day"),
        sheets.Column("负责人"),
        sheets.Column("下次复审", "day"), sheets.Column("草稿", "yes"), sheets.Column("问题"), sheets.Column("摘要"),
    ]  # fmt: skip
    rows = (
        (
            one.kind.number, one.kind.title, "必备" if one.kind.required else "建议", _version(one),
            one.standing and one.standing.approved_at, one.standing and one.standing.approved_by,
            one.standing and one.standing.in_force_from, one.standing and one.standing.responsible,
            one.standing and one.standing.review_by, one.draft is not None, say(one.problem) if one.problem else "",
            one.standing and one.standing.digest,
        )
        for one in places
    )  # fmt: skip
    return sheets.download(f"制度目录-{seat.school.name}.xlsx", columns, rows)  # type: ignore[union-attr]


def _version(place: queries.Place) -> str:
    return f"第{place.standing.version}版" if place.standing else ""


@require_safe
@at_school(P.ORG_SEE)
def catalogue(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Give the catalogue and all texts in force as one paper."""
    versions = queries.standing_policies(seat.school)
    made = catalogue_paper(seat.school, this_term(request), versions, at=clock.now())
    return pdf(made, f"policies-{seat.school.code}")  # type: ignore[union-attr]


@require_POST
@at_school(P.ORG_EDIT)
def drafts(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Draft everything that is missing from the templates."""
    count = actions.draft_missing(seat.school, this_term(request), by=seat.by, at=clock.now())
    messages.success(request, f"已用模板起草{count}项，填进了本校的岗位、电话和标准。请逐项看过再请校长签发。")
    return redirect("school:shelf", seat.school.code)  # type: ignore[union-attr]


@require_POST
@at_school(P.ORG_SIGN)
def signatures(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Sign every draft that nothing is missing of."""
    try:
        signed = actions.sign_policies(
            seat.school, in_force_from=day_of(request, "in_force_from"), by=seat.by, at=clock.now()
        )
        messages.success(request, f"已签发{len(signed)}项制度。")
    except Refused as no:
        told(request, no)
    return redirect("school:shelf", seat.school.code)  # type: ignore[union-attr]


def day_of(request: HttpRequest, name: str) -> date:
    """Return the day that was typed, today where it is none."""
    return typed.day(request.POST.get(name)) or clock.today()
