"""全区意向调查: the core items that all schools ask, who asks, how many answer, what they say together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kehou.chapters.basis.queries import parameters_on, terms
from kehou.chapters.people.queries import Seat
from kehou.chapters.schools.models import School
from kehou.chapters.surveys import queries
from kehou.chapters.surveys.form import asked
from kehou.chapters.surveys.models import Survey
from kehou.desks.district.gate import in_district
from kehou.desks.district.lists import page_of, sheet, sheet_url, term_of, wanted
from kehou.lib import clock, sheets
from kehou.rules.permissions import Permission as P
from kehou.rules.surveys import core_items


@require_GET
@in_district(P.SURVEY_TOTALS)
def surveys(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show every school's survey of a term with its response rate."""
    term = term_of(request)
    if term is None:
        return render(request, "district/surveys.html", {"term": None})
    now, least = clock.now(), parameters_on(clock.today()).survey.min_response
    pairs = queries.surveys_in(term, text=wanted(request))
    rates = queries.rates_of(survey for _, survey in pairs if survey)
    rows = [
        _row(school, survey, rates.get(survey.pk, (0, 0)) if survey else (0, 0), now=now, least=least)
        for school, survey in pairs
    ]
    columns = [
        *map(sheets.Column, ("学校标识码", "学校", "状态")), sheets.Column("邀请户数", "whole"),
        sheets.Column("答复户数", "whole"), sheets.Column("答复率（%）", "whole"),
    ]  # fmt: skip
    cells = (
        (row["school"].code, row["school"].name, row["state"], row["families"], row["answered"], row["percent"])
        for row in rows
    )
    if answer := sheet(request, f"意向调查-{term.code}", columns, cells):
        return answer
    context = {
        "term": term,
        "terms": terms(),
        "page": page_of(request, rows),
        "asking": sum(row["survey"] is not None for row in rows),
        "least": least,
        "sheet_url": sheet_url(request),
    }
    return render(request, "district/surveys.html", context)


def _row(school: School, survey: Survey | None, rate: tuple[int, int], *, now: datetime, least: int) -> dict[str, Any]:
    """Return one school's line. `rate`: families invited and families that answered; `least` in percent."""
    families, answered = rate
    percent = answered * 100 // families if families else 0
    state = queries.state_of(survey, now) if survey else ""
    return {
        "school": school,
        "survey": survey,
        "state": queries.STATES.get(state, "还没有调查"),
        "kind": {"open": "live", "over": "done", "coming": "wait"}.get(state, "plain"),
        "families": families,
        "answered": answered,
        "percent": percent,
        "low": state == "over" and percent < least,
    }


@require_GET
@in_district(P.SURVEY_TOTALS)
def survey_results(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the core items over all schools whose survey is over."""
    term = term_of(request)
    if term is None:
        return render(request, "district/surveys.html", {"term": None})
    survey_rules = parameters_on(clock.today()).survey
    own = [survey for _, survey in queries.surveys_in(term) if survey]
    results, need = queries.core_results(
        own, core_items(survey_rules.core_items), least=survey_rules.min_cell, at=clock.now()
    )
    columns = [*map(sheets.Column, ("题目", "选项", "人数"))]
    cells = (
        (result.item.text, line.option, "人数少，不公布" if line.count is None else str(line.count))
        for result in results.items
        for line in result.lines
    )
    if answer := sheet(request, f"意向调查汇总-{term.code}", columns, cells):
        return answer
    context = {
        "term": term,
        "results": results,
        "need": need,
        "listed": sorted(need.listed.items()),
        "over": sum(survey.is_over(clock.now()) for survey in own),
    }
    return render(request, "district/survey_results.html", context)


@require_GET
@in_district(P.SURVEY_TOTALS)
def survey_core(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the core items as families will see them; they are changed as a parameter, by two."""
    items = core_items(parameters_on(clock.today()).survey.core_items)
    return render(request, "district/survey_core.html", {"asked": asked(items, {})})
