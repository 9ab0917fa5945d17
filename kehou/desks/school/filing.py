"""备案 at school: the pack assembles itself, the principal signs, it is sent; what came back is mended item by item."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kehou.chapters.filing import actions, queries
from kehou.chapters.filing.actions.signing import refusals_to_sign
from kehou.chapters.filing.models import Filing, ReturnedItem
from kehou.chapters.journal.queries import history_of
from kehou.chapters.people.queries import Seat
from kehou.desks.school.gate import at_school
from kehou.desks.school.term import this_term
from kehou.lib import clock
from kehou.lib.paper import NotASignature, png_of
from kehou.rules.filing import PARTS
from kehou.rules.permissions import Permission as P
from kehou.rules.verbs import title_of
from kehou.rules.verdicts import Refusal, Refused, refuse

KINDS = {
    "draft": "plain", "signed": "live", "submitted": "wait", "received": "wait", "returned": "refused",
    "accepted": "done", "amended": "plain", "lapsed": "refused", "given_up": "plain",
}  # fmt: skip
WAITING = {
    "draft": "校长签发", "signed": "校长报送", "submitted": "区教委受理", "received": "区教委答复",
    "returned": "学校补正",
}  # fmt: skip
# Where each part is made: the page's name, and what the link says.
PAGES = {
    "F1": ("school:plan", "编实施方案"),
    "F2": ("school:fund_plan", "编经费管理方案"),
    "F3": ("school:staff", "登记服务人员"),
    "F4": ("school:table", "编项目表"),
    "F5": ("school:shelf", "上架管理制度"),
    "F6": ("school:emergency", "编应急和交通疏导"),
    "F7": ("school:registration", "看告知书与协议"),
    "F8": ("school:providers", "登记第三方"),
}
_MOVES = {
    "unsign": (actions.unsign, "签发已撤回，材料可以再改。"),
    "submit": (actions.submit, "已报送区教委，答复会送到来信。"),
    "withdraw": (actions.withdraw, "已撤回，区教委不再办理这一份。"),
    "give_up": (actions.give_up, "这份备案已撤销，生效中的备案不变。"),
}


@at_school(P.FILING_PREPARE)
def filing(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the term's pack with its checks and what may be done now; save the note."""
    if request.method != "POST":
        return _page(request, seat)
    note = request.POST.get("note", "")
    try:
        actions.prepare(seat.school, this_term(request), note=note, by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, seat, note, no.refusals, 409)
    messages.success(request, "报送说明已保存。")
    return _back(request, seat)


def _page(
    request: HttpRequest, seat: Seat, typed: str | None = None, refusals: tuple[Refusal, ...] = (), status: int = 200
) -> HttpResponse:
    term, today = this_term(request), clock.today()
    one = queries.filing_of(seat.school, term)
    working = one is None or one.is_writable or one.state == "signed"
    draft = queries.draft_of(seat.school, term, on=today, filing=one) if working or one is None else None
    pack = one.pack if one else None
    contents = draft.contents if draft else queries.contents_of(pack) if pack else {}
    checks = draft.checks if draft else queries.checks_of_pack(pack, contents, on=today) if pack else ()
    due = queries.due_on(one, term, on=today)
    context = {
        "term": term,
        "one": one,
        "pack": pack,
        "standing": queries.in_force(seat.school, term),
        "unfiled": queries.unfiled_of(seat.school, term),
        "kind": KINDS.get(one.state, "plain") if one else "plain",
        "waiting": WAITING.get(one.state, "") if one else "填写报送说明",
        "due": due,
        "late": bool(due and due < today),
        "typed": typed if typed is not None else (one.note if one else ""),
        "parts": _parts(seat, contents, checks, _changed(seat, pack, today)),
        "red": sum(check.state == "red" for check in checks),
        "items": queries.open_items(one) if one else (),
        "cannot_sign": refusals_to_sign(one, draft) if one and draft and one.is_writable else [],
        "may_sign": P.FILING_SIGN in seat.permissions,
        "others": [other for other in queries.filings_of(seat.school, term) if one is None or other.pk != one.pk],
        "packs": queries.packs_of(one).defer("manifest") if one else (),
        "events": events_of(one) if one else [],
        "refusals": refusals,
    }
    return render(request, "school/filing/filing.html", context, status=status)


def _changed(seat: Seat, pack: Any, today: Any) -> frozenset[str]:
    """Return the parts whose sources say something else than what was signed."""
    if pack is None:
        return frozenset()
    signed = {one["code"]: one["digest"] for one in pack.manifest["parts"]}
    now = queries.draft_of(seat.school, pack.filing.term, on=today).digests()
    return frozenset(code for code, digest in now.items() if signed.get(code, digest) != digest)


def _parts(seat: Seat, contents: Any, checks: Any, changed: frozenset[str]) -> list[dict[str, Any]]:
    rows = []
    for code, kind in PARTS.items():
        content = contents.get(code)
        if content is None:
            continue
        mine = [check for check in checks if check.part == code]
        page, label = PAGES.get(code, ("", ""))
        rows.append(
            {
                "code": code,
                "title": kind.title,
                "required": kind.required,
                "content": content,
                "checks": mine,
                "wrong": [check for check in mine if check.state != "green"],
                "changed": code in changed,
                "page": _url(page, seat),
                "label": label,
            }
        )
    return rows


def _url(page: str, seat: Seat) -> str:
    return reverse(page, args=[seat.school.code]) if page else ""


def events_of(one: Filing) -> list[dict[str, Any]]:
    """Return the history of a filing as the trail prints it."""
    return [
        {
            "what": title_of(entry.verb),
            "who": f"{entry.actor_name}（{entry.actor_post}）",
            "at": entry.at,
            "note": entry.facts.get("reason") or entry.facts.get("despite") or entry.facts.get("number", ""),
        }
        for entry in history_of(one)[:30]
    ]


@require_safe
@at_school(P.FILING_PREPARE)
def part(request: HttpRequest, seat: Seat, code: str) -> HttpResponse:
    """Show one part as the sources say it now."""
    if code not in PARTS:
        raise Http404
    term = this_term(request)
    one = queries.filing_of(seat.school, term)
    draft = queries.draft_of(seat.school, term, on=clock.today(), filing=one)
    if code not in draft.contents:
        raise Http404
    page, label = PAGES.get(code, ("", ""))
    context = {
        "term": term,
        "code": code,
        "kind": PARTS[code],
        "content": draft.contents[code],
        "checks": [check for check in draft.checks if check.part == code],
        "page_url": _url(page, seat),
        "label": label,
        "crumbs": [("备案", f"{reverse('school:filing', args=[seat.school.code])}?term={term.code}")],
    }
    return render(request, "school/filing/part.html", context)


# --- What is done -----------------------------------------------------------------------------------------------------


@require_POST
@at_school(P.FILING_SIGN)
def filing_move(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Sign, take the signature back, send it to the district, take it back from there, drop it."""
    one = queries.filing_of(seat.school, this_term(request))
    wish = request.POST.get("move", "")
    if one is None or wish not in ("sign", *_MOVES):
        raise Http404
    try:
        if wish == "sign":
            actions.sign(one, ink=_ink(request, seat), by=seat.by, at=clock.now())
            said = "已签发，材料已固定。"
        else:
            act, said = _MOVES[wish]
            act(one, by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, seat, refusals=no.refusals, status=409)
    messages.success(request, said)
    return _back(request, seat)


def _ink(request: HttpRequest, seat: Seat) -> actions.Ink:
    """Return the line drawn by hand, or the own password confirmed. :raises Refused: R-ACC-01, R-FILING-03"""
    drawn = request.POST.get("signature", "")
    try:
        picture = png_of(drawn) if drawn else None
    except NotASignature:
        raise Refused(refuse("R-FILING-03", "without_ink")) from None
    return actions.ink_of(
        seat.account,
        picture=picture,
        password=request.POST.get("password", ""),
        address=request.META.get("REMOTE_ADDR", ""),
        at=clock.now(),
    )


@require_POST
@at_school(P.FILING_PREPARE)
def amendment(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Begin an amendment of what is in force."""
    reason = request.POST.get("reason", "")
    try:
        actions.begin_amendment(seat.school, this_term(request), reason=reason, by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, seat, refusals=no.refusals, status=409)
    messages.success(request, "变更备案已开始；通过以前，原来的备案继续有效。")
    return _back(request, seat)


@require_POST
@at_school(P.FILING_PREPARE)
def item_answer(request: HttpRequest, seat: Seat, item_id: int) -> HttpResponse:
    """Say how one returned item was mended."""
    item = get_object_or_404(ReturnedItem, pk=item_id, filing__school=seat.school)
    try:
        actions.answer_item(item, answer=request.POST.get("answer", ""), by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, seat, refusals=no.refusals, status=409)
    messages.success(request, f"{item.title}已答复。")
    return _back(request, seat)


def _back(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Return to the filing of the same term."""
    return redirect(f"{reverse('school:filing', args=[seat.school.code])}?term={this_term(request).code}")
