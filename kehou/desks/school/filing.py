"""备案 at school: the note is prepared, the principal signs, it is sent to the district; what came back is mended."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.filing import actions, queries
from kehou.chapters.filing.models import Filing
from kehou.chapters.journal.queries import history_of
from kehou.chapters.people.queries import Seat
from kehou.desks.school.gate import at_school
from kehou.desks.school.term import this_term
from kehou.lib import clock
from kehou.rules.permissions import Permission as P
from kehou.rules.states import FILING, FilingState, refusal_to_move
from kehou.rules.verbs import title_of
from kehou.rules.verdicts import Refusal, Refused

_KINDS = {"returned": "refused", "lapsed": "refused", "accepted": "done", "submitted": "wait", "received": "wait"}
_WAITING = {
    "draft": "校长签发",
    "signed": "报送区教委",
    "submitted": "区教委受理",
    "received": "区教委答复",
    "returned": "学校补正",
}


@at_school(P.FILING_PREPARE)
def filing(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the term's filing and what may be done to it now; save its note."""
    if request.method != "POST":
        return _page(request, seat)
    note = request.POST.get("note", "")
    try:
        actions.prepare(seat.school, this_term(request), note=note, by=seat.by, at=clock.now())  # type: ignore[arg-type]
    except Refused as no:
        return _page(request, seat, note, no.refusals, 409)
    messages.success(request, "报送说明已保存。")
    return _back(request, seat)


def _page(
    request: HttpRequest, seat: Seat, typed: str | None = None, refusals: tuple[Refusal, ...] = (), status: int = 200
) -> HttpResponse:
    term = this_term(request)
    one = queries.filing_of(seat.school, term)  # type: ignore[arg-type]
    state = one.state if one else FILING.start

    def cannot(to: FilingState) -> Refusal | None:
        return refusal_to_move(FILING, state, to)

    context = {
        "term": term,
        "one": one,
        "state": FILING.labels[state] if one else "还没有准备",
        "kind": _KINDS.get(state, "plain"),
        "waiting": _WAITING.get(state, "") if one else "填写报送说明",
        "typed": typed if typed is not None else (one.note if one else ""),
        "writable": state in ("draft", "returned", "amending"),
        "cannot_sign": cannot(FilingState.SIGNED),
        "cannot_submit": cannot(FilingState.SUBMITTED),
        "may_unsign": state == "signed",
        "may_sign": P.FILING_SIGN in seat.permissions,
        "events": [
            {
                "what": title_of(entry.verb),
                "who": f"{entry.actor_name}（{entry.actor_post}）",
                "at": entry.at,
                "note": entry.facts.get("reason") or entry.facts.get("number", ""),
            }
            for entry in (history_of(one)[:30] if one else ())
        ],
        "refusals": refusals,
    }
    return render(request, "school/filing.html", context, status=status)


@require_POST
@at_school(P.FILING_PREPARE)
def filing_move(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Sign, take the signature back, or send it to the district."""
    one = queries.filing_of(seat.school, this_term(request))  # type: ignore[arg-type]
    wish = request.POST.get("move", "")
    if one is None or wish not in _MOVES:
        raise Http404
    if P.FILING_SIGN not in seat.permissions:
        raise PermissionDenied(P.FILING_SIGN)
    try:
        _move(one, wish, seat)
    except Refused as no:
        return _page(request, seat, refusals=no.refusals, status=409)
    messages.success(request, _MOVES[wish])
    return _back(request, seat)


def _back(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Return to the filing of the same term."""
    return redirect(f"/school/{seat.school.code}/filing/?term={this_term(request).code}")  # type: ignore[union-attr]


_MOVES = {"sign": "已签发。", "unsign": "签发已撤回。", "submit": "已报送区教委，答复会送到来信。"}


def _move(one: Filing, wish: str, seat: Seat) -> None:
    act = {"sign": actions.sign, "unsign": actions.unsign, "submit": actions.submit}[wish]
    act(one, by=seat.by, at=clock.now())
