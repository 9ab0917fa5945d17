"""The questionnaire itself, reached by its code alone: no account is asked for and none is looked at."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods

from kehou.chapters.schools.queries import grades_taught
from kehou.chapters.surveys import actions, queries
from kehou.chapters.surveys.actions.answering import AnswersRefused
from kehou.chapters.surveys.form import asked
from kehou.chapters.surveys.models import Ticket
from kehou.chapters.surveys.papers import in_fours
from kehou.lib import clock, typed
from kehou.lib.gates import View, open_to_all
from kehou.rules.surveys import SHEETS, Item, Kind
from kehou.rules.verdicts import Refused, refuse


def by_code(view: View) -> View:
    """Return a page that looks at nobody's account, is kept by no cache and tells its address to no other page."""

    @wraps(view)
    def shown(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        request.user = AnonymousUser()
        answer = view(request, **kwargs)
        patch_cache_control(answer, no_store=True, private=True)
        answer["Referrer-Policy"] = "same-origin"
        answer["X-Robots-Tag"] = "noindex"
        return answer

    return open_to_all(shown)


@by_code
@require_http_methods(["GET"])
def survey_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code that stands on a slip."""
    code = request.GET.get("code", "").strip()
    ticket = queries.ticket_of(code) if code else None
    if ticket is not None:
        return redirect("public:survey", ticket.secret)
    wrong = refuse("R-SURV-01", "no_such_ticket") if code else None
    return render(request, "public/surveys/code.html", {"code": code, "wrong": wrong}, status=409 if wrong else 200)


@by_code
@require_http_methods(["GET", "POST"])
def survey(request: HttpRequest, secret: str) -> HttpResponse:
    """Show the questionnaire, empty also the second time; keep what is sent.

    What was answered is shown to nobody who holds the code: it has been through the hands that gave out the slips.
    """
    ticket = queries.ticket_of(secret)
    if ticket is None:
        raise Http404
    no = queries.refusal_to_answer(ticket.survey, clock.now())
    if no:
        return _page(request, ticket, {"closed": no}, status=409 if request.method == "POST" else 200)
    if request.method == "POST":
        return _keep(request, ticket)
    again = ticket.sheets.filter(number=_number(request)).exists()
    return _page(request, ticket, _form(ticket, {}, {}, None) | {"again": again})


def _keep(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    written = dict(request.POST.lists())
    grade = typed.whole(request.POST.get("grade"), most=99)
    number = _number(request)
    try:
        actions.answer(ticket, written, grade=grade, number=number, by=None, at=clock.now())
    except AnswersRefused as no:
        form = _form(ticket, written, no.wrong, grade)
        return _page(request, ticket, form, status=422)
    except Refused as no:
        return _page(request, ticket, {"closed": no.refusal}, status=409)
    return redirect("public:survey_thanks", ticket.secret)


@by_code
@require_http_methods(["GET"])
def survey_thanks(request: HttpRequest, secret: str) -> HttpResponse:
    """Thank the family; offer the child's page and another sheet."""
    ticket = queries.ticket_of(secret)
    if ticket is None:
        raise Http404
    used = ticket.sheets.count()
    if not used:
        return redirect("public:survey", secret)
    context = {"survey": ticket.survey, "code": in_fours(secret), "secret": secret, "used": used}
    context["next"] = used + 1 if used < SHEETS else None
    return render(request, "public/surveys/thanks.html", context)


def _number(request: HttpRequest) -> int:
    return typed.whole(request.POST.get("number", request.GET.get("number")), most=SHEETS) or 1


def _form(ticket: Ticket, typed: dict[str, list[str]], wrong: dict[str, Any], grade: int | None) -> dict[str, Any]:
    items: list[Item] = queries.items_of(ticket.survey)
    # The child's pictures come first: it answers on its own, then hands the phone over.
    ordered = [one for one in asked(items, typed, wrong) if one.item.kind is not Kind.PICTURE]
    pictures = [one for one in asked(items, typed, wrong) if one.item.kind is Kind.PICTURE]
    return {
        "asked": ordered,
        "pictures": pictures,
        "wrong": list(wrong.values()),
        "grades": grades_taught(ticket.survey.school, school_year=ticket.survey.term.school_year),
        "grade": grade,
        "grade_wrong": wrong.get("grade"),
    }


def _page(request: HttpRequest, ticket: Ticket, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    about = {
        "survey": ticket.survey, "code": in_fours(ticket.secret), "secret": ticket.secret, "number": _number(request),
    }  # fmt: skip
    return render(request, "public/surveys/survey.html", about | context, status=status)
