"""The paper twin: questionnaires with a code for each family without a phone, and typing in what comes back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.people.queries import Seat
from kehou.chapters.schools.queries import grades_taught
from kehou.chapters.surveys import actions, queries
from kehou.chapters.surveys.actions.answering import AnswersRefused
from kehou.chapters.surveys.form import asked
from kehou.chapters.surveys.models import Survey, Ticket
from kehou.chapters.surveys.papers import chase_paper, in_fours, survey_paper
from kehou.desks.school.gate import at_school
from kehou.desks.school.surveys import frame, survey_here
from kehou.lib import clock, typed
from kehou.lib.paper import Paper
from kehou.rules.permissions import Permission
from kehou.rules.sentences import say
from kehou.rules.surveys import SHEETS
from kehou.rules.verdicts import Refused, refuse


def _pdf(made: Paper, name: str) -> HttpResponse:
    answer = HttpResponse(made.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
@at_school(Permission.SURVEY_SEE)
def blank(request: HttpRequest, seat: Seat, survey_id: int) -> HttpResponse:
    """Return the questionnaire on paper without a code: to read, or to hang up."""
    survey = survey_here(seat, survey_id)
    made = survey_paper(survey, (), address=request.build_absolute_uri("/"), at=clock.now())
    return _pdf(made, f"survey-{survey.pk}")


@require_POST
@at_school(Permission.SURVEY_EDIT)
def slips(request: HttpRequest, seat: Seat, survey_id: int, homeroom_id: int) -> HttpResponseBase:
    """Print one questionnaire with a code for each family of a class that no letter reaches; once."""
    survey = survey_here(seat, survey_id)
    homeroom = get_object_or_404(survey.school.homerooms, pk=homeroom_id)
    try:
        tickets = actions.hand_out_slips(survey, homeroom, by=seat.by, at=clock.now())
    except Refused as no:
        messages.error(request, say(no.refusal))
        return redirect("school:survey", seat.school.code, survey.pk)  # type: ignore[union-attr]
    made = survey_paper(survey, tickets, address=request.build_absolute_uri("/"), at=clock.now())
    return _pdf(made, f"survey-{survey.pk}-{homeroom.pk}")


@require_POST
@at_school(Permission.SURVEY_EDIT)
def chase(request: HttpRequest, seat: Seat, survey_id: int, homeroom_id: int) -> HttpResponseBase:
    """Print what chases the families of a class without a phone: a list of whom to hand a folded sheet, all alike."""
    survey = survey_here(seat, survey_id)
    homeroom = get_object_or_404(survey.school.homerooms, pk=homeroom_id)
    try:
        sheets = actions.chase_on_paper(survey, homeroom, by=seat.by, at=clock.now())
    except Refused as no:
        messages.error(request, say(no.refusal))
        return redirect("school:survey", seat.school.code, survey.pk)  # type: ignore[union-attr]
    made = chase_paper(survey, str(homeroom), sheets, address=request.build_absolute_uri("/"), at=clock.now())
    return _pdf(made, f"survey-{survey.pk}-{homeroom.pk}-again")


@require_GET
@at_school(Permission.SURVEY_EDIT)
def paper(request: HttpRequest, seat: Seat, survey_id: int) -> HttpResponse:
    """Ask for the code of the paper that lies on the desk: typed, or read by a scanner."""
    survey = survey_here(seat, survey_id)
    code = request.GET.get("code", "").strip()
    wrong = None
    if code:
        # A scanner types the whole address of the QR code.
        ticket = queries.ticket_of(code.rstrip("/").rsplit("/", 1)[-1])
        if ticket is not None and ticket.survey_id == survey.pk:
            return redirect("school:survey_entry", seat.school.code, survey.pk, ticket.secret)  # type: ignore[union-attr]
        wrong = refuse("R-SURV-01", "no_such_ticket")
    context = {**frame(survey), "code": code, "wrong": wrong, "reach": queries.reach_of(survey)}
    return render(request, "school/surveys/paper.html", context, status=409 if wrong else 200)


def _ticket(survey: Survey, secret: str) -> Ticket:
    ticket = queries.ticket_of(secret)
    if ticket is None or ticket.survey_id != survey.pk:
        raise Http404
    return ticket


@require_http_methods(["GET", "POST"])
@at_school(Permission.SURVEY_EDIT)
def entry(request: HttpRequest, seat: Seat, survey_id: int, secret: str) -> HttpResponse:
    """Type one paper in. What was typed before is not shown again: nobody leafs through answers."""
    survey = survey_here(seat, survey_id)
    ticket = _ticket(survey, secret)
    items, number = queries.items_of(survey), _number(request)
    wrong, grade = {}, typed.whole(request.POST.get("grade"), most=99)
    if request.method == "POST":
        try:
            actions.answer(ticket, dict(request.POST.lists()), grade=grade, number=number, by=seat.by, at=clock.now())
            messages.success(request, f"{in_fours(secret)} 已录入。")
            return redirect("school:survey_paper", seat.school.code, survey.pk)  # type: ignore[union-attr]
        except AnswersRefused as no:
            wrong = no.wrong
        except Refused as no:
            messages.error(request, say(no.refusal))
    context = {
        **frame(survey),
        "code": in_fours(secret),
        "asked": asked(items, dict(request.POST.lists()), wrong),
        "grades": grades_taught(survey.school, school_year=survey.term.school_year),
        "grade": grade,
        "grade_wrong": wrong.get("grade"),
        "number": number,
        "numbers": range(1, SHEETS + 1),
    }
    return render(request, "school/surveys/entry.html", context, status=422 if request.method == "POST" else 200)


def _number(request: HttpRequest) -> int:
    return typed.whole(request.POST.get("number", request.GET.get("number")), most=SHEETS) or 1
