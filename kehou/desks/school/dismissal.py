"""放学时间: seasons, dismissal by grade and weekday, and what can be sold because of it."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on, service_days
from kehou.chapters.people.models import Pupil
from kehou.chapters.people.queries import Seat
from kehou.chapters.programme.queries import refusals_of_tiers, sellable_tiers
from kehou.chapters.programme.queries.table import service_span
from kehou.chapters.schools import actions as schools
from kehou.chapters.schools.models import SchoolTerm, Season
from kehou.chapters.schools.queries import SeasonTimes, end_exceptions, grades_taught, seasons_within
from kehou.chapters.timetable import actions as timetable
from kehou.desks.school.forms import SeasonForm, TermFactsForm
from kehou.desks.school.gate import at_school
from kehou.desks.school.term import this_term
from kehou.lib import clock
from kehou.lib.templatetags.words import weekday as weekday_in_words
from kehou.rules.parameters import Parameters
from kehou.rules.permissions import Permission
from kehou.rules.schools import grades_of, warning_of_dark_season
from kehou.rules.spans import DAY, Span
from kehou.rules.timetable import class_hours, latest_dismissal, warning_of_early_end
from kehou.rules.verdicts import Refusal, Refused

WEEKDAYS = range(1, 6)
_LEAD = "课后服务从正常放学后开始，{limit:%H:%M}前结束。各年级、各季节的放学时间决定能开几课时。"


@at_school(Permission.DISMISSAL_EDIT)
def dismissal(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the seasons of the term with their matrix and the tiers that follow."""
    return _page(request, seat, this_term(request))


def _page(
    request: HttpRequest,
    seat: Seat,
    term: Term,
    *,
    season_form: SeasonForm | None = None,
    facts_form: TermFactsForm | None = None,
    typed: tuple[int, dict[str, str]] | None = None,
    no: Refused | None = None,
    wrong: tuple[str, ...] = (),
) -> HttpResponse:
    grades = grades_taught(seat.school, school_year=term.school_year) or list(grades_of(seat.school.kind))
    seasons = seasons_within(seat.school, Span(term.from_on, term.until_on))
    parameters = parameters_on(term.service_from_on)
    start = {"name": "夏季作息", "from_on": term.from_on, "last_on": term.until_on - DAY}
    covered = bool(seasons) and (seasons[-1].span.end or term.until_on) >= term.until_on
    if seasons:
        start = {} if covered else {**start, "name": "冬季作息", "from_on": seasons[-1].span.end}
    return render(
        request,
        "school/dismissal/dismissal.html",
        {
            "term": term,
            "lead": _LEAD.format(limit=parameters.time.max_end),
            "grades": grades,
            "weekdays": WEEKDAYS,
            "seasons": [(one, _rows(one, grades, typed), one.season.until_on - DAY) for one in seasons],
            "covered": covered,
            "season_form": season_form or SeasonForm(initial=start),
            "facts_form": facts_form or TermFactsForm(initial=_facts(seat, term)),
            "tiers": _tiers(seat, term, grades),
            "latest": [(hours, latest_dismissal(hours, parameters)) for hours in (1, 2, 3)],
            "warnings": [*_early(seasons, grades, parameters), *_dark(seat, term, seasons, parameters)],
            "exceptions": end_exceptions(seat.school, service_span(term)),
            "refusals": no.refusals if no else (),
            "wrong": wrong,
        },
        status=409 if no or wrong else 200,
    )


def _facts(seat: Seat, term: Term) -> dict[str, Any]:
    """Return what the school has said for the term; before it has, what it said for the last one."""
    said = SchoolTerm.objects.filter(school=seat.school, term__from_on__lte=term.from_on).order_by("-term__from_on")
    found = said.first()
    names = ("complaint_phone", "inspector", "inspector_phone", "latest_pick_up")
    return {name: getattr(found, name) for name in names} if found else {}


@require_POST
@at_school(Permission.DISMISSAL_EDIT)
def term_facts(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Say for the term whom families call to complain and until when children are fetched."""
    form, term = TermFactsForm(request.POST), this_term(request)
    if not form.is_valid():
        return _page(request, seat, term, facts_form=form, wrong=("电话或时间没有保存，请看下面填的内容。",))
    schools.begin_term(seat.school, term, **form.cleaned_data, by=seat.by, at=clock.now())
    messages.success(request, "投诉电话和最晚接走时间已保存，本学期的告知书和协议都用它。")
    return redirect("school:dismissal", seat.school.code)


def _rows(one: SeasonTimes, grades: list[int], typed: tuple[int, dict[str, str]] | None) -> list[tuple[int, list[Any]]]:
    """Return the inputs of a season: (grade, [(weekday, name, value, label)])."""
    given = typed[1] if typed and typed[0] == one.season.pk else None
    rows = []
    for grade in grades:
        cells = []
        for day in WEEKDAYS:
            name, at = f"at_{grade}_{day}", one.dismissals.get((grade, day))
            value = given.get(name, "") if given is not None else (f"{at:%H:%M}" if at else "")
            cells.append((day, name, value, f"{grade}年级{weekday_in_words(day)}放学"))
        rows.append((grade, cells))
    return rows


def _tiers(seat: Seat, term: Term, grades: list[int]) -> list[tuple[int, list[tuple[int, tuple[int, ...], Any]]]]:
    """Return by grade and weekday what can be chosen, and why the next tier cannot."""
    tiers = sellable_tiers(seat.school, term, grades=grades)
    why = refusals_of_tiers(seat.school, term, grades=grades)
    return [
        (
            grade,
            [
                (day, tiers[grade, day], why.get((grade, day, max(tiers[grade, day], default=0) + 1)))
                for day in WEEKDAYS
            ],
        )
        for grade in grades
    ]


def _dark(seat: Seat, term: Term, seasons: list[SeasonTimes], parameters: Parameters) -> list[Refusal]:
    """Return for each season whether children with a far way home would walk in the dark (2.2-d)."""
    far = seat.school.pupils.filter(state=Pupil.IN_SCHOOL, commute="far").count()
    days = service_days(term, school_code=seat.school.code) if far else ()
    found = []
    for one in seasons:
        ends = [
            hour.span.end for (grade, _), at in one.dismissals.items() for hour in class_hours(at, parameters, grade)
        ]
        inside = [day for day in days if day in one.span]
        found.append(warning_of_dark_season(one.season.name, inside, max(ends), far=far) if ends else None)
    return [warning for warning in found if warning is not None]


def _early(seasons: list[SeasonTimes], grades: list[int], parameters: Parameters) -> list[Refusal]:
    """Return for each grade whether its last class hour, in whichever season, ends before parents come from work."""
    found = []
    for grade in grades:
        lasts = [
            max(hour.span.end for hour in hours)
            for one in seasons
            for (of, _), at in one.dismissals.items()
            if of == grade and (hours := class_hours(at, parameters, grade))
        ]
        found.append(warning_of_early_end(min(lasts), parameters, grade=grade) if lasts else None)
    return [warning for warning in found if warning is not None]


def _season(seat: Seat, season_id: int) -> Season:
    return get_object_or_404(Season.objects.select_related("school"), pk=season_id, school=seat.school)


@require_POST
@at_school(Permission.DISMISSAL_EDIT)
def seasons(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Add a season."""
    form = SeasonForm(request.POST)
    return _keep_season(request, seat, form, None)


@require_POST
@at_school(Permission.DISMISSAL_EDIT)
def season(request: HttpRequest, seat: Seat, season_id: int) -> HttpResponse:
    """Correct a season's name and days."""
    return _keep_season(request, seat, SeasonForm(request.POST), _season(seat, season_id))


def _keep_season(request: HttpRequest, seat: Seat, form: SeasonForm, standing: Season | None) -> HttpResponse:
    term = this_term(request)
    if not form.is_valid():
        return _page(request, seat, term, season_form=form, wrong=("作息没有保存，请看下面填的内容。",))
    typed = form.cleaned_data
    facts = {"name": typed["name"], "from_on": typed["from_on"], "until_on": typed["last_on"] + timedelta(days=1)}
    try:
        if standing is None:
            schools.add_season(seat.school, **facts, by=seat.by, at=clock.now())
        else:
            schools.change_season(standing, **facts, by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, seat, term, season_form=None if standing else form, no=no)
    messages.success(request, f"“{typed['name']}”已保存。")
    return redirect("school:dismissal", seat.school.code)


@require_POST
@at_school(Permission.DISMISSAL_EDIT)
def dismissals(request: HttpRequest, seat: Seat, season_id: int) -> HttpResponse:
    """Replace a season's matrix; the slots of the activity table move along."""
    standing, term = _season(seat, season_id), this_term(request)
    times, wrong = _typed(request, seat)
    typed = (standing.pk, {key: str(value) for key, value in request.POST.items()})
    if wrong:
        return _page(request, seat, term, typed=typed, wrong=tuple(wrong))
    try:
        moved = timetable.change_dismissals(standing, times, by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, seat, term, typed=typed, no=no)
    messages.success(request, f"放学时间已保存{f'，项目表有{moved}处时间跟着调整' if moved else ''}。")
    return redirect("school:dismissal", seat.school.code)


def _typed(request: HttpRequest, seat: Seat) -> tuple[dict[tuple[int, int], time], list[str]]:
    """Return the times as typed; 每天 fills the days of a grade that are empty."""
    times: dict[tuple[int, int], time] = {}
    wrong = []
    for grade in grades_of(seat.school.kind):
        every = request.POST.get(f"every_{grade}", "").strip()
        for day in WEEKDAYS:
            text = request.POST.get(f"at_{grade}_{day}", "").strip() or every
            try:
                if text:
                    times[grade, day] = time.fromisoformat(text.replace("：", ":"))
            except ValueError:
                wrong.append(f"{grade}年级{weekday_in_words(day)}的“{text[:12]}”不是时间，请写成15:50的样子。")
    return times, wrong
