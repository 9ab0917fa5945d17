"""Tables for everybody (2.5-s): counts and money as CSV that spreadsheets and programs read. No row is a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import current_term, parameters_on
from kehou.chapters.enrolment.models import Enrolment
from kehou.chapters.money.queries import public_accounts
from kehou.chapters.programme.models import Activity
from kehou.desks.public.accounts import WAIVERS_NOT_TOLD
from kehou.desks.public.gate import published
from kehou.lib import clock, sheets
from kehou.rules.fund import USES
from kehou.rules.small_cells import parts

Rows = list[list[Any]]
NOT_SHOWN = "不公布"


@dataclass(frozen=True, slots=True)
class Download:
    """One table: its title, what a row is, its columns and where they come from."""

    title: str
    row: str
    columns: tuple[sheets.Column, ...]
    rows: Callable[[Term, int], Rows]


def _participation(term: Term, least: int) -> Rows:
    """Return the counts by school and grade; what would follow from the whole, on the school's page, is hidden too."""
    found = (
        Enrolment.objects.filter(term=term)
        .values_list("school__code", "school__name", "pupil__homeroom__grade")
        .annotate(n=Count("pk"))
        .order_by("school__code", "pupil__homeroom__grade")
    )
    rows: Rows = []
    for school, of_school in groupby(found, key=lambda row: row[:2]):
        grades = [(grade, n) for *_, grade, n in of_school]
        shown = parts([n for _, n in grades], least=least)
        rows += [
            [*school, grade, NOT_SHOWN if n is None else str(n)] for (grade, _), n in zip(grades, shown, strict=True)
        ]
    return rows


def _activities(term: Term, least: int) -> Rows:
    rows = Activity.objects.filter(table__term=term, table__state="published", withdrawn_at=None)
    found = rows.values_list("table__school__code", "table__school__name", "category", "kind").annotate(n=Count("pk"))
    return [list(row) for row in found.order_by("table__school__code", "category", "kind")]


def _money(term: Term, least: int) -> Rows:
    return [
        [school.code, school.name, account.gross_fen, account.waived_fen, account.collected_fen,
         account.refunded_fen, account.appropriated_fen, account.compensated_fen,
         *(one.fen for one in account.spending), account.balance_fen, "" if account.tells_waivers else WAIVERS_NOT_TOLD]
        for school, account in public_accounts(term, least=least).rows
    ]  # fmt: skip


_SCHOOL = (sheets.Column("学校标识码"), sheets.Column("学校"))
DOWNLOADS = {
    "participation": Download(
        "参加人数", "一所学校的一个年级", (*_SCHOOL, sheets.Column("年级", "whole"), sheets.Column("人数")),
        _participation,
    ),
    "activities": Download(
        "活动数", "一所学校的一类活动",
        (*_SCHOOL, sheets.Column("类别"), sheets.Column("基础或特色"), sheets.Column("项数", "whole")), _activities,
    ),
    "money": Download(
        "收支", "一所学校",
        (
            *_SCHOOL,
            *(sheets.Column(f"{name}（元）", "fen") for name in ("应收", "减免", "实收", "退费", "拨付", "减免补偿")),
            *(sheets.Column(f"{use}{title}（元）", "fen") for use, (title, _) in USES.items()),
            sheets.Column("结余（元）", "fen"),
            sheets.Column("说明"),
        ),
        _money,
    ),
}  # fmt: skip


@published
def downloads(request: HttpRequest) -> HttpResponse:
    """Show what can be downloaded and what a row of it is."""
    on = clock.today()
    values = {"downloads": DOWNLOADS, "term": current_term(on), "least": parameters_on(on).survey.min_cell}
    return render(request, "public/downloads.html", values)


@published
def download(request: HttpRequest, name: str) -> HttpResponseBase:
    """Return one table of the present term as CSV."""
    on = clock.today()
    term = current_term(on)
    if name not in DOWNLOADS or term is None:
        raise Http404
    one = DOWNLOADS[name]
    rows = one.rows(term, parameters_on(on).survey.min_cell)
    return sheets.download(f"{name}-{term.code}.csv", one.columns, rows)
