"""The filing desk: every school's filing of the term, accepted with a number or sent back with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.basis.queries import terms
from kehou.chapters.filing import actions as filing_actions
from kehou.chapters.filing import queries
from kehou.chapters.filing.models import Filing
from kehou.chapters.journal.queries import history_of
from kehou.chapters.people.queries import Seat
from kehou.desks.district.gate import in_district
from kehou.desks.district.lists import page_of, sheet, sheet_url, term_of, wanted
from kehou.lib import clock, sheets
from kehou.rules.permissions import Permission as P
from kehou.rules.states import FILING, refusal_to_move
from kehou.rules.verbs import title_of
from kehou.rules.verdicts import Refusal, Refused

KINDS = {
    "draft": "plain", "signed": "plain", "submitted": "wait", "received": "wait", "returned": "refused",
    "accepted": "done", "amending": "wait", "lapsed": "refused",
}  # fmt: skip


@in_district(P.FILING_SEE)
def filings(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show every school's filing, those that wait for an answer first."""
    term = term_of(request)
    if term is None:
        return render(request, "district/filings.html", {"term": None})
    state = request.GET.get("state", "")
    rows = queries.filings_by_school(term, on=clock.today(), text=wanted(request), state=state)
    columns = [
        *map(sheets.Column, ("学校标识码", "学校", "状态", "编号")), sheets.Column("报送", "moment"),
        sheets.Column("应答复", "day"), sheets.Column("决定", "moment"), sheets.Column("退回原因"),
    ]  # fmt: skip
    cells = (
        (
            row.school.code, row.school.name, row.state_title, row.filing.number if row.filing else "",
            row.filing and row.filing.submitted_at, row.due_on, row.filing and row.filing.decided_at,
            row.filing.return_reason if row.filing else "",
        )
        for row in rows
    )  # fmt: skip
    if answer := sheet(request, f"备案-{term.code}", columns, cells):
        return answer
    context = {
        "term": term,
        "terms": terms(),
        "page": page_of(request, rows),
        "kinds": KINDS,
        "counts": [(key, FILING.labels[key], n) for key, n in queries.counts_by_state(term).items()],
        "state": state,
        "sheet_url": sheet_url(request),
    }
    return render(request, "district/filings.html", context)


@in_district(P.FILING_SEE)
def filing(request: HttpRequest, seat: Seat, filing_id: int) -> HttpResponse:
    """Show one filing with its history, and decide it."""
    return _page(request, seat, get_object_or_404(Filing.objects.select_related("school", "term"), pk=filing_id))


def _page(
    request: HttpRequest, seat: Seat, one: Filing, refusals: tuple[Refusal, ...] = (), status: int = 200
) -> HttpResponse:
    before = Filing.objects.filter(school=one.school, term__from_on__lt=one.term.from_on).order_by("-term__from_on")
    context = {
        "one": one,
        "state": FILING.labels[one.state],
        "kind": KINDS[one.state],
        "may": P.FILING_DECIDE in seat.permissions,
        "cannot_accept": None if one.state == "submitted" else refusal_to_move(FILING, one.state, "accepted"),
        "cannot_return": refusal_to_move(FILING, one.state, "returned"),
        "cannot_lapse": refusal_to_move(FILING, one.state, "lapsed"),
        "before": before.select_related("term").first(),
        "events": [
            {
                "what": title_of(entry.verb), "who": f"{entry.actor_name}（{entry.actor_post}）", "at": entry.at,
                "note": entry.facts.get("reason") or entry.facts.get("number", ""),
            }
            for entry in history_of(one)[:30]
        ],
        "typed": request.POST.get("reason", ""),
        "refusals": refusals,
        "crumbs": [("备案", "/district/filings/")],
    }  # fmt: skip
    return render(request, "district/filing.html", context, status=status)


@require_POST
@in_district(P.FILING_DECIDE)
def decision(request: HttpRequest, seat: Seat, filing_id: int) -> HttpResponse:
    """Receive, accept, return or take back."""
    one = get_object_or_404(Filing.objects.select_related("school", "term"), pk=filing_id)
    wish, reason, who = request.POST.get("decision"), request.POST.get("reason", ""), {"by": seat.by, "at": clock.now()}
    try:
        if wish == "receive":
            filing_actions.receive(one, **who)
        elif wish == "accept":
            one = filing_actions.accept(one, **who)
            messages.success(request, f"{one.school.name}备案通过，编号{one.number}。")
        elif wish == "return":
            filing_actions.send_back(one, reason=reason, **who)
            messages.success(request, f"已退回{one.school.name}补正。")
        elif wish == "lapse":
            filing_actions.lapse(one, reason=reason, **who)
            messages.success(request, f"{one.school.name}的备案已失效。")
        else:
            raise Http404
    except Refused as no:
        return _page(request, seat, Filing.objects.select_related("school", "term").get(pk=one.pk), no.refusals, 409)
    return redirect("district:filing", one.pk)
