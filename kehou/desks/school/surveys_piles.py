"""成摞录入: count the pile, scan a code, type a line of figures, Enter; no mouse is needed from paper to paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.people.queries import Seat
from kehou.chapters.schools.queries import grades_taught
from kehou.chapters.surveys import actions, queries
from kehou.chapters.surveys.actions.answering import AnswersRefused
from kehou.chapters.surveys.models import Pile
from kehou.chapters.surveys.papers import in_fours
from kehou.desks.school.gate import at_school
from kehou.desks.school.plan import download
from kehou.desks.school.surveys import frame, survey_here
from kehou.lib import clock, typed
from kehou.lib.uploads import taken_from
from kehou.rules.paper_line import items_of_line
from kehou.rules.permissions import Permission
from kehou.rules.sentences import say
from kehou.rules.surveys import SHEETS, Kind
from kehou.rules.verdicts import Refusal, Refused, refuse

SHOWN = 50


@require_http_methods(["GET", "POST"])
@at_school(Permission.SURVEY_EDIT)
def piles(request: HttpRequest, seat: Seat, survey_id: int) -> HttpResponse:
    """Show the piles of a survey; begin one with the number that was counted."""
    survey, refused = survey_here(seat, survey_id), ()
    if request.method == "POST":
        try:
            counted = typed.whole(request.POST.get("counted"), most=2000)
            made = actions.begin_pile(survey, counted, by=seat.by, at=clock.now())
            return redirect("school:survey_pile", seat.school.code, survey.pk, made.pk)  # type: ignore[union-attr]
        except Refused as no:
            refused = no.refusals
    context = {
        **frame(survey),
        "rows": survey.piles.order_by("-begun_at")[:SHOWN],
        "refused": refused,
        "counted": request.POST.get("counted", ""),
    }
    return render(request, "school/surveys/piles.html", context, status=409 if refused else 200)


def _pile(seat: Seat, survey_id: int, pile_id: int) -> Pile:
    survey = survey_here(seat, survey_id)
    return get_object_or_404(Pile.objects.select_related("survey__school", "survey__term"), pk=pile_id, survey=survey)


@require_http_methods(["GET", "POST"])
@at_school(Permission.SURVEY_EDIT)
def pile(request: HttpRequest, seat: Seat, survey_id: int, pile_id: int) -> HttpResponse:
    """Type the next paper; what was typed stays on the page until it is right."""
    found = _pile(seat, survey_id, pile_id)
    if request.method == "GET":
        return _page(request, found)
    code = request.POST.get("code", "").strip().rstrip("/").rsplit("/", 1)[-1]  # a scanner types the whole address
    ticket = queries.ticket_of(code)
    if ticket is None or ticket.survey_id != found.survey_id:
        return _page(request, found, (refuse("R-SURV-01", "no_such_ticket"),))
    text = next((item.code for item in queries.items_of(found.survey) if item.kind is Kind.TEXT), "")
    grade = typed.whole(request.POST.get("grade"), most=99)
    try:
        actions.type_in(
            found, ticket, request.POST.get("line", ""), grade=grade,
            number=typed.whole(request.POST.get("number"), most=SHEETS) or 1,
            remark=(text, request.POST.get("remark", "")), replaces="replaces" in request.POST, by=seat.by,
            at=clock.now(),
        )  # fmt: skip
    except AnswersRefused as no:
        return _page(request, found, tuple(no.wrong.values()))
    except Refused as no:
        return _page(request, found, no.refusals)
    messages.success(request, f"{in_fours(ticket.secret)} 已录入。")
    kept = f"?grade={grade}"  # papers of a pile are mostly of one grade
    answer = redirect("school:survey_pile", found.survey.school.code, found.survey_id, found.pk)
    answer["Location"] += kept
    return answer


def _page(request: HttpRequest, found: Pile, refused: tuple[Refusal, ...] = ()) -> HttpResponse:
    items = queries.items_of(found.survey)
    said: dict[str, Any] = {key: request.POST.get(key, "") for key in ("code", "line", "remark", "number", "note")}
    context = {
        **frame(found.survey),
        "pile": found,
        "refused": refused,
        "said": said,
        "numbers": range(1, SHEETS + 1),
        "grade": typed.whole(request.POST.get("grade") or request.GET.get("grade"), most=99),
        "grades": grades_taught(found.survey.school, school_year=found.survey.term.school_year),
        "legend": [(item, list(enumerate(item.options, 1))) for item in items_of_line(items)],
        "has_text": any(item.kind is Kind.TEXT for item in items),
    }
    return render(request, "school/surveys/pile.html", context, status=422 if refused else 200)


@require_POST
@at_school(Permission.SURVEY_EDIT)
def closing(request: HttpRequest, seat: Seat, survey_id: int, pile_id: int) -> HttpResponse:
    """Close the pile; a difference is written down."""
    found = _pile(seat, survey_id, pile_id)
    try:
        actions.close_pile(found, note=request.POST.get("note", ""), by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, found, no.refusals)
    messages.success(request, "这一摞已录完。")
    return redirect("school:survey_piles", found.survey.school.code, found.survey_id)


@require_POST
@at_school(Permission.SURVEY_EDIT)
def scan(request: HttpRequest, seat: Seat, survey_id: int, pile_id: int) -> HttpResponse:
    """Keep the scan of the whole pile."""
    found = _pile(seat, survey_id, pile_id)
    try:
        upload = taken_from(request.FILES)
        if upload is None:
            messages.error(request, "请选择扫描件。")
        else:
            actions.scan_pile(found, upload, by=seat.by, at=clock.now())
            messages.success(request, f"扫描件已上传，{upload.size}。")
    except Refused as no:
        messages.error(request, say(no.refusal))
    return redirect("school:survey_pile", found.survey.school.code, found.survey_id, found.pk)


@require_GET
@at_school(Permission.SURVEY_EDIT)
def scan_file(request: HttpRequest, seat: Seat, survey_id: int, pile_id: int) -> HttpResponseBase:
    """Return the scan."""
    found = _pile(seat, survey_id, pile_id)
    return download(found.scan, f"pile-{found.pk}")
