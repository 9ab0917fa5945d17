"""意向调查: built, previewed, opened, followed and closed by the office. How many answered, never who."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.basis.queries import current_term, parameters_on
from kehou.chapters.people.queries import Seat
from kehou.chapters.surveys import actions, queries
from kehou.chapters.surveys.form import asked
from kehou.chapters.surveys.models import Survey
from kehou.desks.school.forms_survey import ItemForm, SurveyForm, WordsForm
from kehou.desks.school.gate import at_school
from kehou.lib import clock, sheets
from kehou.rules.permissions import Permission
from kehou.rules.sentences import say
from kehou.rules.surveys import core_items, refusals_to_open
from kehou.rules.verdicts import Refusal, Refused, refuse

ROWS = 30
KINDS = {"draft": "plain", "coming": "wait", "open": "live", "over": "done"}


def survey_here(seat: Seat, survey_id: int) -> Survey:
    """Return a survey of the seat's school. :raises Http404:"""
    return get_object_or_404(queries.surveys_of(seat.school).select_related("school"), pk=survey_id)  # type: ignore[arg-type]


def frame(survey: Survey) -> dict[str, Any]:
    """Return what the head of every page about a survey shows."""
    state = queries.state_of(survey, clock.now())
    return {"survey": survey, "state": state, "state_title": queries.STATES[state], "state_kind": KINDS[state]}


@require_http_methods(["GET"])
@at_school(Permission.SURVEY_SEE)
def surveys(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the school's surveys."""
    found = queries.surveys_of(seat.school, text=request.GET.get("q", "").strip())  # type: ignore[arg-type]
    if request.GET.get("as") == "sheet":
        return _list_sheet(seat, found)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    rates = queries.rates_of(page.object_list)
    rows = [frame(survey) | {"families": rates[survey.pk][0], "answered": rates[survey.pk][1]} for survey in page]
    return render(request, "school/surveys/surveys.html", {"page": page, "rows": rows})


def _list_sheet(seat: Seat, found: Any) -> HttpResponseBase:
    columns = [
        sheets.Column("调查"), sheets.Column("学期"), sheets.Column("记名"), sheets.Column("开始", "moment"),
        sheets.Column("截止", "moment"), sheets.Column("状态"), sheets.Column("邀请户数", "whole"),
        sheets.Column("答复户数", "whole"),
    ]  # fmt: skip
    rates = queries.rates_of(found)
    rows = (
        (
            one.title, one.term.name, "不记名" if one.anonymous else "记名", one.opens_at, one.closes_at,
            queries.STATES[queries.state_of(one, clock.now())], *rates[one.pk],
        )
        for one in found
    )  # fmt: skip
    return sheets.download(f"意向调查-{seat.school.name}.xlsx", columns, rows)  # type: ignore[union-attr]


@require_http_methods(["GET", "POST"])
@at_school(Permission.SURVEY_EDIT)
def new_survey(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Begin a questionnaire: its items are there at once."""
    term = current_term(clock.today())
    if term is None:
        return render(request, "school/surveys/no_term.html")
    form = SurveyForm(request.POST or None, initial=_window())
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.start_survey(seat.school, term, **form.facts(), by=seat.by, at=clock.now())  # type: ignore[arg-type]
        except Refused as no:
            return _form(request, form, None, no)
        return redirect("school:survey_items", seat.school.code, made.pk)  # type: ignore[union-attr]
    return _form(request, form, None)


def _window() -> dict[str, datetime]:
    """Return the usual window: from tomorrow morning for eight days, or as many as the district asks for."""
    morning = timezone.make_aware(datetime.combine(clock.today() + timedelta(days=1), time(8)))
    days = max(8, parameters_on(clock.today()).survey.window_days)
    return {"opens_at": morning, "closes_at": morning + timedelta(days=days, hours=10)}


def _form(
    request: HttpRequest, form: forms.Form, survey: Survey | None, no: Refused | None = None
) -> HttpResponse:  # fmt: skip
    for refusal in no.refusals if no else ():
        form.add_error("closes_at" if refusal.why == "window_too_short" else None, say(refusal))
    status = 409 if no else 422 if form.is_bound and form.errors else 200
    return render(request, "school/surveys/form.html", {"form": form, "survey": survey}, status=status)


@require_GET
@at_school(Permission.SURVEY_SEE)
def survey(request: HttpRequest, seat: Seat, survey_id: int) -> HttpResponse:
    """Show where a survey stands: who was reached, how many answered, what is to be done."""
    found = survey_here(seat, survey_id)
    reach = queries.reach_of(found)
    classes = [] if found.is_draft else queries.reach_by_class(found)
    today = found.reminded_on == clock.today()
    context = {
        **frame(found),
        "reach": reach,
        "warnings": _warnings(found, reach),
        "classes": classes,
        "newcomers": 0 if found.is_draft else reach.children - reach.covered,
        "no_reminder": queries.refusal_to_answer(found, clock.now())
        or (refuse("R-SURV-01", "reminded_today") if today else None),
        "no_results": _no_results(found),
        "least": parameters_on(found.opens_at.date()).survey.min_response,
    }
    return render(request, "school/surveys/survey.html", context)


def _warnings(found: Survey, reach: queries.Reach) -> list[Refusal]:
    """Return what is to be looked at now: few answers only towards the end."""
    days = parameters_on(found.opens_at.date()).survey.warn_days
    late = clock.now() >= found.closes_at - timedelta(days=days)
    return [no for no in reach.warnings if late or no.why != "too_few_answers"]


def _no_results(found: Survey) -> Any:
    return None if found.is_over(clock.now()) else refuse("R-SURV-01", "results_after_close")


# --- Items ------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@at_school(Permission.SURVEY_EDIT)
def settings(request: HttpRequest, seat: Seat, survey_id: int) -> HttpResponse:
    """Change title, words, names and window of what is not open yet."""
    found = survey_here(seat, survey_id)
    initial = {name: getattr(found, name) for name in ("title", "words", "opens_at", "closes_at")}
    form = WordsForm(request.POST or None, initial={**initial, "anonymous": "yes" if found.anonymous else "no"})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_survey(found, **form.facts(), by=seat.by, at=clock.now())
        except Refused as no:
            return _form(request, form, found, no)
        messages.success(request, "已保存。")
        return redirect("school:survey", seat.school.code, found.pk)  # type: ignore[union-attr]
    return _form(request, form, found)


@require_http_methods(["GET", "POST"])
@at_school(Permission.SURVEY_EDIT)
def items(request: HttpRequest, seat: Seat, survey_id: int) -> HttpResponse:
    """Show the items in their order; add one of the school's own."""
    found = survey_here(seat, survey_id)
    form = ItemForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.add_item(found, form.item(), by=seat.by, at=clock.now())
                messages.success(request, "已加到最后。")
                return redirect("school:survey_items", seat.school.code, found.pk)  # type: ignore[union-attr]
            except Refused as no:
                status = 409
                for refusal in no.refusals:
                    form.add_error(_field(refusal.why), say(refusal))
    context = {**frame(found), "questions": queries.questions_of(found), "form": form}
    return render(request, "school/surveys/items.html", context, status=status)


def _field(why: str) -> str | None:
    fields = {"item_without_words": "text", "too_few_options": "options", "option_twice": "options"}
    return fields.get(why, {"four_pictures": "options", "picks_beyond_options": "most"}.get(why))


@require_POST
@at_school(Permission.SURVEY_EDIT)
def item_place(request: HttpRequest, seat: Seat, survey_id: int, item_id: int) -> HttpResponse:
    """Move an item up or down."""
    found = survey_here(seat, survey_id)
    question = get_object_or_404(found.questions, pk=item_id)
    return _then(
        request, seat, found, lambda: actions.move_item(
            question, up=request.POST.get("to") == "up", by=seat.by, at=clock.now()
        )
    )  # fmt: skip


@require_POST
@at_school(Permission.SURVEY_EDIT)
def item_removal(request: HttpRequest, seat: Seat, survey_id: int, item_id: int) -> HttpResponse:
    """Take an item of the school's own out."""
    found = survey_here(seat, survey_id)
    question = get_object_or_404(found.questions, pk=item_id)
    return _then(request, seat, found, lambda: actions.remove_item(question, by=seat.by, at=clock.now()))


def _then(request: HttpRequest, seat: Seat, found: Survey, act: Any, to: str = "school:survey_items") -> HttpResponse:
    """Do it, say why not, and go back."""
    try:
        act()
    except Refused as no:
        messages.error(request, "".join(say(refusal) for refusal in no.refusals))
    return redirect(to, seat.school.code, found.pk)  # type: ignore[union-attr]


@require_GET
@at_school(Permission.SURVEY_SEE)
def preview(request: HttpRequest, seat: Seat, survey_id: int) -> HttpResponse:
    """Show the questionnaire as families see it."""
    found = survey_here(seat, survey_id)
    context = {**frame(found), "asked": asked(queries.items_of(found), {})}
    return render(request, "school/surveys/preview.html", context)


# --- Opening, following, closing --------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@at_school(Permission.SURVEY_EDIT)
def opening(request: HttpRequest, seat: Seat, survey_id: int) -> HttpResponse:
    """Show what opening will do; open."""
    found, now = survey_here(seat, survey_id), clock.now()
    wrong: tuple[Any, ...] = ()
    if request.method == "POST":
        try:
            actions.open_survey(found, by=seat.by, at=now)
            messages.success(request, "调查已开放，有手机账号的家庭都收到了通知。")
            return redirect("school:survey", seat.school.code, found.pk)  # type: ignore[union-attr]
        except Refused as no:
            wrong = no.refusals
    else:
        rules = parameters_on(now.date()).survey
        wrong = refusals_to_open(
            queries.items_of(found), core_items(rules.core_items), opens_at=found.opens_at, closes_at=found.closes_at,
            least_days=rules.window_days, at=now,
        )  # fmt: skip
    children = queries.uninvited(found)
    context = {
        **frame(found),
        "wrong": wrong,
        "children": children.count(),
        "items": found.questions.count(),
        "desk_base": "school/base.html",
    }
    return render(request, "school/surveys/opening.html", context, status=409 if request.method == "POST" else 200)


@require_POST
@at_school(Permission.SURVEY_EDIT)
def closing(request: HttpRequest, seat: Seat, survey_id: int) -> HttpResponse:
    """Close the survey now."""
    found = survey_here(seat, survey_id)
    return _then(
        request, seat, found, lambda: actions.close_survey(found, by=seat.by, at=clock.now()), "school:survey"
    )  # fmt: skip


@require_POST
@at_school(Permission.SURVEY_EDIT)
def reminder(request: HttpRequest, seat: Seat, survey_id: int) -> HttpResponse:
    """Let the system remind; to whom is told to nobody."""
    found = survey_here(seat, survey_id)

    def act() -> None:
        actions.remind(found, by=seat.by, at=clock.now())
        messages.success(request, "提醒已发出。发给了谁，这里不显示。")

    return _then(request, seat, found, act, "school:survey")


@require_POST
@at_school(Permission.SURVEY_EDIT)
def newcomers(request: HttpRequest, seat: Seat, survey_id: int) -> HttpResponse:
    """Invite the families of children who came after the opening."""
    found = survey_here(seat, survey_id)
    return _then(
        request, seat, found, lambda: actions.invite_newcomers(found, by=seat.by, at=clock.now()), "school:survey"
    )  # fmt: skip
