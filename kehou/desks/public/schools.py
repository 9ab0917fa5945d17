"""The schools: found by name or town; each with times, price, counts, telephone and filing number."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import current_term, parameters_on
from kehou.chapters.disclosure import queries as disclosure
from kehou.chapters.enrolment.models import Enrolment
from kehou.chapters.money.queries import payee_of
from kehou.chapters.planning.models import Clearance
from kehou.chapters.planning.queries import adoption_of, latest_notice, plan_of, signed_version
from kehou.chapters.programme.models import Slot
from kehou.chapters.programme.queries import published_table
from kehou.chapters.schools.models import School
from kehou.chapters.schools.queries import school_term, season_on
from kehou.desks.public.gate import published
from kehou.lib import clock, sheets
from kehou.rules.publication import KINDS, is_countable
from kehou.rules.small_cells import parts

ROWS = 40
KINDS_OF_SCHOOL = {"primary": "小学", "junior": "初中", "nine_year": "九年一贯制", "special": "特殊教育"}


def _found(request: HttpRequest) -> QuerySet[School]:
    text = request.GET.get("q", "").strip()
    schools = School.objects.order_by("code")
    if text:
        schools = schools.filter(Q(name__icontains=text) | Q(town__icontains=text) | Q(code__startswith=text))
    return schools


def counts_of(term: Term | None, schools: list[School], *, least: int) -> dict[int, int | None]:
    """Return how many take part in each school, None below the least cell: one query."""
    rows = Enrolment.objects.filter(term=term, school__in=schools, until_on__gt=clock.today()).values_list("school")
    found = dict(rows.annotate(n=Count("pk")))
    return {
        one.pk: found.get(one.pk, 0) if is_countable(found.get(one.pk, 0), least=least) else None for one in schools
    }


@published
def schools(request: HttpRequest) -> HttpResponseBase:
    """Show the schools, or give them away as a spreadsheet."""
    on = clock.today()
    term, least = current_term(on), parameters_on(on).survey.min_cell
    found = _found(request)
    cleared = dict(Clearance.objects.filter(term=term, withdrawn_at=None).values_list("school", "receipt_number"))
    if request.GET.get("as") == "sheet":
        return _sheet(list(found), term, least, cleared)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    counts = counts_of(term, list(page), least=least)
    rows = [(one, KINDS_OF_SCHOOL[one.kind], cleared.get(one.pk, ""), counts[one.pk]) for one in page]
    return render(request, "public/schools.html", {"page": page, "rows": rows, "term": term, "least": least})


def _sheet(found: list[School], term: Term | None, least: int, cleared: dict[int, str]) -> HttpResponseBase:
    columns = [
        sheets.Column("学校标识码"), sheets.Column("学校"), sheets.Column("类型"), sheets.Column("街镇"),
        sheets.Column("收费"), sheets.Column("备案编号"), sheets.Column("参加人数"),
    ]  # fmt: skip
    counts = counts_of(term, found, least=least)
    rows = [
        [
            one.code, one.name, KINDS_OF_SCHOOL[one.kind], one.town, "收" if one.charges_fee else "不收",
            cleared.get(one.pk, ""), f"少于{least}" if counts[one.pk] is None else str(counts[one.pk]),
        ]
        for one in found
    ]  # fmt: skip
    return sheets.download("课后服务学校.xlsx", columns, rows)


@published
def school(request: HttpRequest, code: str) -> HttpResponse:
    """Show one school: times, activities, price, counts, telephones, filing, what it has published."""
    on = clock.today()
    here = get_object_or_404(School, code=code)
    term, parameters = current_term(on), parameters_on(on)
    values: dict[str, Any] = {
        "here": here,
        "kind": KINDS_OF_SCHOOL[here.kind],
        "term": term,
        "fee": parameters.fee,
        "least": parameters.survey.min_cell,
        "payee": payee_of(here),
        "publications": disclosure.standing(school=here)[:20],
        "kinds": KINDS,
    }
    if term:
        clearance = Clearance.objects.filter(school=here, term=term, withdrawn_at=None).first()
        values |= {
            "extra": school_term(here, term),
            "owed": [(one, one.is_late(on)) for one in disclosure.dues_by_school([here], term, on=on)[here.pk]],
            "plan": signed_version(planned := plan_of(here, term)),
            "adoption": adoption_of(planned) if planned else None,
            "notice": latest_notice(here, term),
            "clearance": clearance,
            "table": published_table(here, term),
            **_counts(here, term, parameters.survey.min_cell),
            "dismissals": _dismissals(here, on),
            "last_end": _last_end(here, term),
        }
    return render(request, "public/school.html", values)


def _counts(here: School, term: Term, least: int) -> dict[str, Any]:
    """Return how many take part, in all and by grade: one query.

    None where it cannot be shown: below the least cell, and where the whole less the others would tell it.
    """
    rows = Enrolment.objects.filter(term=term, school=here, until_on__gt=clock.today())
    found = rows.values_list("pupil__homeroom__grade").annotate(n=Count("pk")).order_by("pupil__homeroom__grade")
    by_grade = dict(found)
    whole = sum(by_grade.values())
    return {
        "count": whole if is_countable(whole, least=least) else None,
        "grades": list(zip(by_grade, parts(list(by_grade.values()), least=least), strict=True)),
    }


def _dismissals(here: School, on: Any) -> list[tuple[int, Any]]:
    """Return each grade's usual dismissal in the season of the day."""
    season = season_on(here, on)
    rows = season.dismissals.filter(weekday=1).order_by("grade") if season else ()
    return [(one.grade, one.at) for one in rows]


def _last_end(here: School, term: Term) -> Any:
    slots = Slot.objects.filter(activity__table__school=here, activity__table__term=term, withdrawn_at=None)
    return slots.order_by("-ends_at").values_list("ends_at", flat=True).first()
