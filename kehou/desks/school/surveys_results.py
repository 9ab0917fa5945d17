"""What a survey says, and what it proposes: after its end, without small cells."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from kehou.chapters.people.queries import Seat
from kehou.chapters.programme import actions as programme
from kehou.chapters.surveys import queries
from kehou.chapters.surveys.models import Survey
from kehou.chapters.surveys.queries import Results
from kehou.desks.school.gate import at_school
from kehou.desks.school.surveys import frame, survey_here
from kehou.lib import clock, sheets
from kehou.rules.demand import SILENT_CHOICES, SIZES, UNDECIDED_CHOICES, Assumptions
from kehou.rules.permissions import Permission
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused, refuse

HIDDEN = "人数少，不公布"


def _over(survey: Survey) -> None:
    """Refuse to tell before the end: from one hour to the next one could see who answered."""
    if not survey.is_over(clock.now()):
        raise Refused(refuse("R-SURV-01", "results_after_close"))


@require_GET
@at_school(Permission.SURVEY_SEE)
def results(request: HttpRequest, seat: Seat, survey_id: int) -> HttpResponseBase:
    """Show the results by option."""
    survey = survey_here(seat, survey_id)
    _over(survey)
    found = queries.results_of(survey)
    if request.GET.get("as") == "sheet":
        return _sheet(survey, found)
    context = {**frame(survey), "results": found, "reach": queries.reach_of(survey)}
    return render(request, "school/surveys/results.html", context)


def _sheet(survey: Survey, found: Results) -> HttpResponseBase:
    columns = [sheets.Column("题目"), sheets.Column("选项"), sheets.Column("人数"), sheets.Column("占比")]
    rows: list[tuple[str, str, str, str]] = []
    for result in found.items:
        for line in result.lines:
            told = line.count is not None
            rows.append(
                (result.item.text, line.option, str(line.count) if told else HIDDEN, f"{line.percent}%" if told else "")
            )
        rows += [(result.item.text, "", remark, "") for remark in result.remarks]
        if result.mean is not None:
            rows.append((result.item.text, "平均", str(result.mean), ""))
    return sheets.download(f"意向调查结果-{survey.school.name}.xlsx", columns, rows)


@require_GET
@at_school(Permission.SURVEY_SEE)
def proposal(request: HttpRequest, seat: Seat, survey_id: int) -> HttpResponseBase:
    """Show the seats, groups and activities that the answers propose, under assumptions that can be changed."""
    survey = survey_here(seat, survey_id)
    _over(survey)
    wanted = (request.GET.get(name, "") for name in ("undecided", "silent", "size"))
    with_ = Assumptions.of(*wanted)
    found = queries.proposal_of(survey, with_)
    if request.GET.get("as") == "sheet":
        columns = [sheets.Column("年级"), *(sheets.Column(f"周{day}名额") for day in "一二三四五")]
        grades = ("、".join(map(str, band.grades)) for band in found.bands)
        seats = (
            ["人数少，不列" if seat is None else str(seat) for seat in band.seats_by_weekday] for band in found.bands
        )
        rows = ((grade, *own) for grade, own in zip(grades, seats, strict=True))
        return sheets.download(f"名额测算-{survey.school.name}.xlsx", columns, rows)
    context = {
        **frame(survey),
        "proposal": found,
        "bands": [
            (band, list(zip(range(1, 6), band.seats_by_weekday, band.groups_by_weekday, strict=True)))
            for band in found.bands
        ],
        "choices": [
            (
                "undecided",
                "还没想好的，按多少计入",
                [(one, f"{one}%") for one in UNDECIDED_CHOICES],
                with_.undecided_percent,
            ),
            (
                "silent",
                "没有答复的，按已答复的多少计入",
                [(one, f"{one}%") for one in SILENT_CHOICES],
                with_.silent_percent,
            ),
            ("size", "每组人数", [(one, f"{one}人") for one in SIZES], with_.group_size),
        ],
    }
    return render(request, "school/surveys/proposal.html", context)


@require_POST
@at_school(Permission.TABLE_EDIT)
def takeover(request: HttpRequest, seat: Seat, survey_id: int) -> HttpResponse:
    """Make draft rows of the table out of the proposal, under the assumptions that the page showed."""
    assert seat.school is not None
    survey, at = survey_here(seat, survey_id), clock.now()
    _over(survey)
    with_ = Assumptions.of(*(request.POST.get(f"with_{name}", "") for name in ("undecided", "silent", "size")))
    try:
        made = programme.start_from_proposal(seat.school, survey, with_, by=seat.by, at=at)
    except Refused as no:
        messages.error(request, "；".join(dict.fromkeys(map(say, no.refusals))))
        return redirect("school:survey_proposal", seat.school.code, survey.pk)
    messages.success(
        request, f"已按测算拟出{len(made)}项草案，请逐项定地点和带组人；人数按一名成人能带的人数，可以再改。"
    )
    return redirect("school:table", seat.school.code)
