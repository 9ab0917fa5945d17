"""One filing under review: the checklist, side by side with what it is compared with, returned by item, accepted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from kehou.chapters.filing import actions, queries
from kehou.chapters.filing.models import Filing
from kehou.chapters.filing.papers import pack_paper, receipt_paper
from kehou.chapters.journal.queries import history_of
from kehou.chapters.people.queries import Seat
from kehou.desks.district.filings import KINDS
from kehou.desks.district.gate import in_district
from kehou.lib import clock
from kehou.rules.filing import PARTS, differences
from kehou.rules.permissions import Permission as P
from kehou.rules.states import FILING, refusal_to_move
from kehou.rules.verbs import title_of
from kehou.rules.verdicts import Refusal, Refused

_WAITING = {
    "submitted": "区教委受理",
    "received": "区教委答复",
    "returned": "学校补正",
    "signed": "学校报送",
    "draft": "学校",
}


def _filing(filing_id: int) -> Filing:
    return get_object_or_404(Filing.objects.select_related("school", "term", "pack"), pk=filing_id)


@in_district(P.FILING_SEE)
def filing(request: HttpRequest, seat: Seat, filing_id: int) -> HttpResponse:
    """Show one filing with its checks, its differences, its history, and decide it."""
    return _page(request, seat, _filing(filing_id))


def _page(
    request: HttpRequest, seat: Seat, one: Filing, refusals: tuple[Refusal, ...] = (), status: int = 200
) -> HttpResponse:
    today = clock.today()
    contents = queries.contents_of(one.pack) if one.pack else {}
    checks = queries.checks_of_pack(one.pack, contents, on=today) if one.pack else ()
    before = queries.before(one)
    old = queries.contents_of(before.pack) if before and before.pack else {}
    due = queries.due_on(one, one.term, on=today)
    context = {
        "one": one,
        "kind": KINDS[one.state],
        "waiting": _WAITING.get(one.state, ""),
        "due": due,
        "late": bool(due and due < today),
        "may": P.FILING_DECIDE in seat.permissions,
        "cannot_accept": None if one.state == "submitted" else refusal_to_move(FILING, one.state, "accepted"),
        "cannot_return": refusal_to_move(FILING, one.state, "returned"),
        "cannot_lapse": refusal_to_move(FILING, one.state, "lapsed"),
        "before": before,
        "parts": _parts(contents, old, checks, request.POST),
        "checks": checks,
        "red": [check for check in checks if check.state == "red"],
        "items": queries.open_items(one),
        "others": queries.filings_of(one.school, one.term).exclude(pk=one.pk).exclude(state="given_up"),
        "events": [
            {
                "what": title_of(entry.verb), "who": f"{entry.actor_name}（{entry.actor_post}）", "at": entry.at,
                "note": entry.facts.get("reason") or entry.facts.get("despite") or entry.facts.get("number", ""),
            }
            for entry in history_of(one)[:30]
        ],
        "typed": request.POST,
        "refusals": refusals,
        "crumbs": [("备案", f"/district/filings/?term={one.term.code}")],
    }  # fmt: skip
    return render(request, "district/filing/review.html", context, status=status)


def _parts(contents: Any, old: Any, checks: Any, typed: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "title": kind.title,
            "content": contents[code],
            "checks": [check for check in checks if check.part == code],
            "differences": differences(old.get(code), contents[code]) if old and code != "F9" else (),
            "typed": typed.get(f"reason_{code}", ""),
        }
        for code, kind in PARTS.items()
        if code in contents
    ]


@require_POST
@in_district(P.FILING_DECIDE)
def decision(request: HttpRequest, seat: Seat, filing_id: int) -> HttpResponse:
    """Receive, accept, return by item, or declare lapsed."""
    one, wish = _filing(filing_id), request.POST.get("decision")
    decide = {"receive": _receive, "accept": _accept, "return": _return, "lapse": _lapse}.get(wish or "")
    if decide is None:
        raise Http404
    try:
        said = decide(request, seat, one)
    except Refused as no:
        return _page(request, seat, _filing(filing_id), no.refusals, 409)
    messages.success(request, said)
    return redirect("district:filing", one.pk)


def _receive(request: HttpRequest, seat: Seat, one: Filing) -> str:
    actions.receive(one, by=seat.by, at=clock.now())
    return f"{one.school.name}的备案已受理。"


def _accept(request: HttpRequest, seat: Seat, one: Filing) -> str:
    done = actions.accept(one, despite=request.POST.get("despite", ""), by=seat.by, at=clock.now())
    return f"{one.school.name}备案通过，编号{done.number}。"


def _return(request: HttpRequest, seat: Seat, one: Filing) -> str:
    reasons = {code: request.POST.get(f"reason_{code}", "") for code in PARTS}
    ticked = request.POST.getlist("item")
    items = {code: reasons.get(code, "") for code in [*PARTS, *ticked] if code in ticked or reasons[code].strip()}
    actions.send_back(one, items=items, by=seat.by, at=clock.now())
    return f"已退回{one.school.name}补正{len(items)}项。"


def _lapse(request: HttpRequest, seat: Seat, one: Filing) -> str:
    actions.lapse(one, reason=request.POST.get("reason", ""), by=seat.by, at=clock.now())
    return f"{one.school.name}的备案已失效。"


# --- Taken away -------------------------------------------------------------------------------------------------------


def _signed(filing_id: int) -> Filing:
    one = _filing(filing_id)
    if one.pack is None:
        raise Http404
    return one


def _name(one: Filing, kind: str) -> str:
    return f"{kind}-{one.school.code}-{one.term.code}-{one.order}"


def _file(content: bytes | str, kind: str, name: str, *, way: str = "inline") -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'{way}; filename="{name}"'
    return answer


@require_safe
@in_district(P.FILING_SEE)
def pack_pdf(request: HttpRequest, seat: Seat, filing_id: int) -> HttpResponse:
    """Hand out the whole pack on paper."""
    one = _signed(filing_id)
    made = pack_paper(one.pack, address=request.build_absolute_uri("/"))  # type: ignore[arg-type]
    return _file(made.pdf, "application/pdf", f"{_name(one, 'filing')}.pdf")


@require_safe
@in_district(P.FILING_SEE)
def pack_json(request: HttpRequest, seat: Seat, filing_id: int) -> HttpResponse:
    """Hand out the whole pack as one file, from which anybody can compute the hashes again."""
    one = _signed(filing_id)
    document = queries.pack_document(one.pack)  # type: ignore[arg-type]
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1)
    return _file(text, "application/json; charset=utf-8", f"{_name(one, 'filing')}.json", way="attachment")


@require_safe
@in_district(P.FILING_SEE)
def receipt(request: HttpRequest, seat: Seat, filing_id: int) -> HttpResponse:
    """Hand out the receipt of an accepted filing."""
    one = _filing(filing_id)
    try:
        made = receipt_paper(one, address=request.build_absolute_uri("/"))
    except LookupError:
        raise Http404 from None
    return _file(made.pdf, "application/pdf", f"{_name(one, 'receipt')}.pdf")
