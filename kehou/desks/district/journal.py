"""Reading and verifying the journal, for the audit administrator."""

from __future__ import annotations

from datetime import datetime, time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from kehou.chapters.journal import actions, queries
from kehou.chapters.journal.models import Entry
from kehou.chapters.people.queries import Seat
from kehou.chapters.schools.models import School
from kehou.desks.district.gate import in_district
from kehou.desks.district.lists import page_of, sheet, sheet_url, wanted
from kehou.lib import clock, jobs, sheets, typed
from kehou.lib.models import JobReport
from kehou.rules import chain
from kehou.rules.permissions import Permission as P
from kehou.rules.verb_words import FAMILIES
from kehou.rules.verbs import facts_in_words, title_of

_KEY = "verify the journal"
UNMASKED = "people.id_number_unmasked"
_COLUMNS = [
    sheets.Column("序号", "whole"), sheets.Column("时间", "moment"),
    *map(sheets.Column, ("事项", "对象", "经办人", "岗位", "学校", "内容")),
]  # fmt: skip


def _instant(text: str) -> datetime | None:
    on = typed.day(text)
    return timezone.make_aware(datetime.combine(on, time())) if on else None


def _about(entry: Entry) -> str:
    """Return what an entry is about. The three officers see no child: a pupil is a number here."""
    if entry.about_kind == "people.Pupil" or not entry.about_label:
        return f"编号{entry.about_id}"
    return entry.about_label


def _whose(entry: Entry) -> str:
    """Return whose ID number was looked at, by number: a child's or somebody's of the staff."""
    return f"{'学生' if entry.about_kind == 'people.Pupil' else '服务人员'} 编号{entry.about_id}"


def _schools() -> dict[str, str]:
    """Return the names of all schools by their codes; an entry keeps the code only."""
    return dict(School.objects.values_list("code", "name"))


def _cells(rows: object, schools: dict[str, str]) -> object:
    return (
        (
            row.pk, row.at, title_of(row.verb), _about(row), row.actor_name, row.actor_post,
            schools.get(row.school_code, row.school_code), facts_in_words(row.facts, row.verb),
        )
        for row in rows  # type: ignore[attr-defined]
    )  # fmt: skip


@in_district(P.JOURNAL_READ)
def journal(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show what happened, newest first; search by words, kind, school and day."""
    return _page(request)


def _page(request: HttpRequest, *, noted: str = "", wrong: bool = False) -> HttpResponse:
    """Return the page; `noted` is the seal as typed, `wrong` when it cannot be read."""
    family, since, until = (request.GET.get(name, "") for name in ("family", "since", "until"))
    schools = _schools()
    rows = queries.entries(
        text=wanted(request), verb=family if family in FAMILIES else "", school_code=request.GET.get("school", ""),
        since=_instant(since), until=_instant(until),
    )  # fmt: skip
    if answer := sheet(
        request, f"操作日志-{clock.today():%Y%m%d}", _COLUMNS, _cells(rows.iterator(chunk_size=2000), schools)
    ):
        return answer
    page = page_of(request, rows)
    context = {
        "page": page,
        "rows": [(row, title_of(row.verb), _about(row), facts_in_words(row.facts, row.verb)) for row in page],
        "families": FAMILIES.items(),
        "schools": schools,
        "family": family,
        "head": queries.head(),
        "unsealed": queries.unsealed(),
        "verification": JobReport.objects.filter(key=_KEY).first(),
        "sheet_url": sheet_url(request),
        "noted": noted,
        "wrong": wrong,
    }
    return render(request, "district/journal.html", context, status=409 if wrong else 200)


@require_POST
@in_district(P.JOURNAL_READ)
def verification(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Ask for the whole chain to be read again, and held against a seal that was noted down outside this system."""
    head = request.POST.get("head", "").strip()[:200]
    try:
        head and chain.noted(head)
    except ValueError:
        return _page(request, noted=head, wrong=True)
    report = JobReport.objects.filter(key=_KEY).first()
    by, at = seat.by, clock.now()
    if report is None:
        jobs.ask(actions.verify, key=_KEY, title="核验操作日志", by=by, at=at, head=head)
    elif not jobs.again(report, by=by, at=at, arguments={"head": head}):
        messages.info(request, "核验正在进行。")
        return redirect("district:journal")
    messages.success(request, "核验已经开始，结果会出现在这一页。")
    return redirect("district:journal")


@in_district(P.JOURNAL_READ)
def unmaskings(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show who looked at whose ID number and why. The child's name is not among it."""
    rows, schools = queries.entries(text=wanted(request), verb=UNMASKED), _schools()
    columns = [sheets.Column("时间", "moment"), *map(sheets.Column, ("查看人", "岗位", "学校", "谁的号码", "理由"))]
    cells = (
        (
            row.at, row.actor_name, row.actor_post, schools.get(row.school_code, row.school_code), _whose(row),
            row.facts.get("reason", ""),
        )
        for row in rows
    )  # fmt: skip
    if answer := sheet(request, "证件查看记录", columns, cells):
        return answer
    page = page_of(request, rows)
    context = {
        "page": page,
        "rows": [(row, _whose(row), row.facts.get("reason", "")) for row in page],
        "schools": schools,
        "sheet_url": sheet_url(request),
    }
    return render(request, "district/unmaskings.html", context)
