"""The filing desk's list: every school, those that are late first; several green ones accepted at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kehou.chapters.basis.queries import terms
from kehou.chapters.filing import actions, queries
from kehou.chapters.filing.models import Filing
from kehou.chapters.people.queries import Seat
from kehou.desks.district.gate import in_district
from kehou.desks.district.lists import page_of, sheet, sheet_url, term_of, wanted
from kehou.lib import clock, sheets
from kehou.rules.calendar import day_name
from kehou.rules.permissions import Permission as P
from kehou.rules.sentences import say
from kehou.rules.states import FILING

KINDS = {
    "none": "plain", "draft": "plain", "signed": "plain", "submitted": "wait", "received": "wait",
    "returned": "refused", "accepted": "done", "amended": "plain", "lapsed": "refused", "given_up": "plain",
}  # fmt: skip
TITLES = {"late": "已超期", "none": "未报送", **FILING.labels}
_COLUMNS = [
    *map(sheets.Column, ("学校标识码", "学校", "种类", "状态", "在等", "生效中的编号")),
    sheets.Column("报送", "moment"),
    sheets.Column("期限", "day"), sheets.Column("超期"), sheets.Column("红色检查项", "whole"),
    sheets.Column("决定", "moment"),
]  # fmt: skip


@in_district(P.FILING_SEE)
def filings(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show every school's filing: late ones first, then those that wait for an answer."""
    term = term_of(request)
    if term is None:
        return render(request, "district/filing/list.html", {"term": None})
    state = request.GET.get("state", "")
    everything = queries.filings_by_school(term, on=clock.today(), text=wanted(request))
    rows = [row for row in everything if (row.late if state == "late" else row.state == state)] if state else everything
    cells = (
        (
            row.school.code, row.school.name, row.filing.kind_title if row.filing else "", row.state_title, row.owes,
            row.standing.number if row.standing else "", row.filing and row.filing.submitted_at, row.due_on,
            "是" if row.late else "", row.filing.pack.red if row.filing and row.filing.pack else None,
            row.filing and row.filing.decided_at,
        )
        for row in rows
    )  # fmt: skip
    if answer := sheet(request, f"备案-{term.code}", _COLUMNS, cells):
        return answer
    counts = queries.counts_by_state(everything)
    context = {
        "term": term,
        "terms": terms(),
        "page": page_of(request, rows),
        "kinds": KINDS,
        "counts": [(key, title, counts[key]) for key, title in TITLES.items() if key in counts],
        "state": state,
        "may": P.FILING_DECIDE in seat.permissions,
        "lead": f"{term.name}，应在{day_name(queries.report_due_of(term, on=clock.today()))}前报送",
        "sheet_url": sheet_url(request),
    }
    return render(request, "district/filing/list.html", context)


@require_POST
@in_district(P.FILING_DECIDE)
def acceptance(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Accept the filings ticked, each for itself; one with a red check is refused and named."""
    wanted_ones = [int(key) for key in request.POST.getlist("filing") if key.isdecimal() and len(key) < 19]
    related = ("school", "term", "pack")
    chosen = Filing.objects.filter(pk__in=wanted_ones).select_related(*related).order_by("school__code")
    answers = actions.accept_many(chosen, by=seat.by, at=clock.now())
    if not answers:
        messages.error(request, "还没有勾选学校。")
    accepted = [one for one in answers if not one.refusals]
    if accepted:
        names = "、".join(f"{one.filing.school.name}（{one.filing.number}）" for one in accepted)
        messages.success(request, f"{len(accepted)}所学校备案通过：{names}。")
    for one in answers:
        for refusal in one.refusals:
            messages.error(request, f"{one.filing.school.name}没有通过：{say(refusal)}")
    term = request.POST.get("term", "")
    return redirect(f"{reverse('district:filings')}?term={term}" if term.isascii() else reverse("district:filings"))
