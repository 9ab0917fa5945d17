"""各校经费方案: what each school means to take in and spend this term, and which of it finance would ask about."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import terms
from kehou.chapters.people.queries import Seat
from kehou.chapters.planning import queries
from kehou.chapters.planning.models import FundPlanVersion
from kehou.chapters.planning.papers_fund import fund_plan_paper
from kehou.chapters.schools.models import School
from kehou.desks.district.gate import in_district
from kehou.desks.district.lists import page_of, sheet, sheet_url, term_of, wanted
from kehou.lib import clock, sheets
from kehou.rules.fund_plan import Check, Sums, sums_of
from kehou.rules.permissions import Permission as P

COLUMNS = (
    "学校", "状态", "签发", "预计收入（元）", "预算支出（元）", "预计结余（元）", "其中管理岗位（元）", "红", "黄",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A school with its signed plan in figures, or without one."""

    school: School
    plan: FundPlanVersion | None
    has_draft: bool
    sums: Sums | None = None
    checks: tuple[Check, ...] = ()

    @property
    def state(self) -> str:
        """Return how far the school is."""
        return "已签发" if self.plan else "草稿" if self.has_draft else "还没有"

    @property
    def red(self) -> int:
        """Return how many checks stop it."""
        return sum(one.colour == "stop" for one in self.checks)

    @property
    def yellow(self) -> int:
        """Return how many checks have to be explained."""
        return sum(one.colour == "wait" for one in self.checks)


@require_safe
@in_district(P.MONEY_TOTALS)
def fund_plans(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show every school's plan of the term; nothing of whose fee is waived."""
    term = term_of(request)
    if term is None:
        return render(request, "district/fund_plans.html", {"term": None})
    schools = School.objects.order_by("code")
    if text := wanted(request):
        schools = schools.filter(Q(name__icontains=text) | Q(code__startswith=text) | Q(town__icontains=text))
    if request.GET.get("as") == "sheet":
        columns = [sheets.Column(one) for one in COLUMNS[:3]]
        columns += [sheets.Column(one, "money") for one in COLUMNS[3:7]]
        columns += [sheets.Column(one, "whole") for one in COLUMNS[7:]]
        rows = (_cells(row) for row in _rows(list(schools), term))
        if answer := sheet(request, f"各校经费方案-{term.code}", columns, rows):
            return answer
    page = page_of(request, schools)
    context = {
        "term": term,
        "terms": terms(),
        "page": page,
        "rows": _rows(list(page), term),
        "sheet_url": sheet_url(request),
    }
    return render(request, "district/fund_plans.html", context)


def _rows(schools: list[School], term: Term) -> list[Row]:
    """Return the rows of some schools: two statements, whatever their number."""
    versions = list(FundPlanVersion.objects.filter(school__in=schools, term=term).select_related("term", "school"))
    drafts = {one.school_id for one in versions if one.signed_at is None}
    signed = {one.school_id: one for one in versions if one.signed_at and one.superseded_at is None}
    tariff = queries.parameters_of_term(term).fee.tariff
    return [_row(school, signed.get(school.pk), school.pk in drafts, tariff) for school in schools]


def _row(school: School, plan: FundPlanVersion | None, has_draft: bool, tariff: dict[int, int]) -> Row:
    if plan is None:
        return Row(school, None, has_draft)
    return Row(school, plan, has_draft, sums_of(plan.plan, tariff), queries.checks_of(plan))


def _cells(row: Row) -> list[object]:
    money = (row.sums.income, row.sums.spent, row.sums.balance, row.sums.management) if row.sums else (None,) * 4
    signed = f"{row.plan.signed_by} {row.plan.approved_on}" if row.plan else ""
    return [row.school.name, row.state, signed, *money, row.red, row.yellow]


@require_safe
@in_district(P.MONEY_TOTALS)
def fund_plan_pdf(request: HttpRequest, seat: Seat, code: str) -> HttpResponse:
    """Give the plan of a school that stands as a paper."""
    term = term_of(request)
    found = queries.standing_fund_plan(get_object_or_404(School, code=code), term) if term else None
    if found is None:
        raise Http404
    made = fund_plan_paper(found, address=request.build_absolute_uri("/"), at=clock.now())
    answer = HttpResponse(made.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.code}.pdf"'
    return answer
