"""What a first draft is made from: a closed survey, the ledger on a day, and what is fixed elsewhere."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.people.models import Pupil
from kehou.chapters.schools.models import School
from kehou.chapters.schools.queries import (
    grades_taught,
    homerooms_of,
    latest_closing,
    rooms_of,
    school_term,
    seasons_within,
)
from kehou.chapters.staffing.queries import offers_to_lead, staff_of
from kehou.chapters.surveys.models import Survey
from kehou.chapters.surveys.queries import results_of
from kehou.lib.templatetags.words import grades
from kehou.rules.choice import digest
from kehou.rules.planning import Demand, Ledger, Terms
from kehou.rules.policy_documents import in_words
from kehou.rules.resources import refusal_before_census
from kehou.rules.spans import DAY, Span
from kehou.rules.surveys import NEED, WANTED, Kind
from kehou.rules.verdicts import Refusal
from kehou.rules.wall import on_the_wall

_TOLD = (Kind.SINGLE, Kind.MULTI)
_QUESTIONS = 5
DAY_ONE = 1


def demand_of(survey: Survey, at: datetime) -> Demand:
    """Return what a survey may tell: small groups stay hidden as everywhere (three queries)."""
    results = results_of(survey)
    told = [
        [one.item.code, [[line.option, line.count] for line in one.lines], one.mean] for one in results.items
    ]  # fmt: skip
    most = []
    needs = None
    for one in results.items:
        lines = [line for line in one.lines if line.percent is not None and line.option in one.item.options]
        if one.item.code == NEED:
            wanted = one.item.options[WANTED] if one.item.options else ""
            needs = next((line.percent for line in lines if line.option == wanted), None)
        elif one.item.kind in _TOLD and lines and len(most) < _QUESTIONS:
            best = max(lines, key=lambda line: line.percent or 0)
            most.append((one.item.text, best.option, best.percent or 0))
    return Demand(
        survey.title, in_words(on_the_wall(survey.closed_at or survey.closes_at).date()), results.sheets,
        digest({"survey": survey.pk, "sheets": results.sheets, "told": told}), needs, tuple(most), survey.is_over(at),
    )  # fmt: skip


def ledger_of(school: School, on: date) -> Ledger:
    """Return the resource ledger as it stands on a day: rooms, seats, people, what they offered (three queries)."""
    rooms = list(rooms_of(school, on=on).values_list("code", "name", "kind", "capacity"))
    staff = list(staff_of(school).values_list("pk", "kind"))
    offers = offers_to_lead(school, on=on)
    counted = {"rooms": [list(row) for row in rooms], "staff": sorted(list(row) for row in staff)}
    return Ledger(
        as_of=in_words(on),
        rooms=len(rooms),
        seats=sum(row[3] for row in rooms),
        grounds=sum(row[2] == "ground" for row in rooms),
        staff=len(staff),
        outside=sum(kind != "in_service" for _, kind in staff),
        digest=digest(counted | ({"offers": list(offers)} if offers else {})),
        offers=offers,
    )


def refusal_before_plan(school: School, term: Term) -> Refusal | None:
    """Return R-RES-01 while the term's census of the ledger was never closed (2.7.1-a): one query.

    A census that is opened again holds nothing back: its closed version stays what the plan cites.
    """
    closing = latest_closing(school, term)
    closed_on = timezone.localtime(closing.closed_at).date() if closing else None
    return refusal_before_census(closed_on, term=term.name)


def terms_of(school: School, term: Term, on: date) -> Terms:
    """Return what the calendar, the timetable and the tariff say of a school's term."""
    parameters = parameters_on(term.service_from_on)
    extra = school_term(school, term)
    taught = grades_taught(school, school_year=term.school_year)
    return Terms(
        school=school.name,
        term=term.name,
        pupils=Pupil.objects.filter(school=school, state=Pupil.IN_SCHOOL).count(),
        classes=homerooms_of(school, school_year=term.school_year).count(),
        grades=grades(taught),
        service=f"{in_words(term.service_from_on)}至{in_words(term.service_until_on - DAY)}",
        dismissals=_dismissals(school, term),
        latest_end=f"{parameters.time.max_end:%H:%M}",
        class_hour_minutes=parameters.slot.class_hour_minutes,
        tariff={str(hours): int(fen) for hours, fen in parameters.fee.tariff.items()},
        charges_fee=school.charges_fee,
        tariff_basis=f"区课后延时服务费标准（{in_words(term.service_from_on)}起适用）",
        complaint_phone=extra.complaint_phone if extra else "",
    )


def _dismissals(school: School, term: Term) -> str:
    """Return when the grades are dismissed, season by season, in one line."""
    said = []
    for season in seasons_within(school, Span(term.service_from_on, term.service_until_on)):
        by_time: dict[str, list[int]] = {}
        for (grade, weekday), at in sorted(season.dismissals.items()):
            if weekday == DAY_ONE:
                by_time.setdefault(f"{at:%H:%M}", []).append(grade)
        said.append(season.season.name + "，".join(f"{grades(own)}{at}" for at, own in by_time.items()))
    return "；".join(said) or "以学校作息时间表为准"
