"""闸门链: the term of the school from its basics to the archive; each step with its evidence and what blocks it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kehou.chapters.basis.queries import terms
from kehou.chapters.filing.actions import archive as archive_term
from kehou.chapters.filing.chain_papers import chain_paper
from kehou.chapters.filing.queries.chain import Chain, chain_of
from kehou.chapters.people.queries import Seat
from kehou.desks.school.gate import at_school
from kehou.desks.school.term import this_term
from kehou.lib import clock
from kehou.rules.permissions import Permission as P
from kehou.rules.steps import StepState
from kehou.rules.verdicts import Refusal, Refused

# Where each step is worked at, what the button says, who may.
PAGES: dict[str, tuple[str, str, P]] = {
    "basics": ("school:dismissal", "填写放学时间", P.DISMISSAL_EDIT),
    "ledger": ("school:resources", "调查摸底", P.ROOMS_SEE),
    "survey": ("school:surveys", "组织意向调查", P.SURVEY_SEE),
    "draft": ("school:plan", "起草方案", P.FILING_PREPARE),
    "meeting": ("school:committee", "记研讨纪要", P.FILING_PREPARE),
    "round1": ("school:consultation", "征求意见", P.FILING_PREPARE),
    "notice": ("school:notice", "发告知书", P.FILING_PREPARE),
    "round2": ("school:consultation", "再次征求意见", P.FILING_PREPARE),
    "final": ("school:plan", "方案定稿", P.FILING_PREPARE),
    "readiness": ("school:staff", "登记人员", P.STAFF_EDIT),
    "table": ("school:table", "编项目表", P.TABLE_SEE),
    "filing": ("school:filing", "准备备案", P.FILING_PREPARE),
    "registration": ("school:registration", "报名", P.REGISTRATION_SEE),
    "draw": ("school:draw", "统筹分配", P.DRAW_SEE),
    "agreements": ("school:agreements", "协议签署", P.AGREEMENT_SEE),
    "service": ("school:sessions", "课次", P.SESSION_SEE),
    "settlement": ("school:account", "结算与公示", P.ACCOUNT_SEE),
}


@at_school(P.SCHOOL_SEE)
def home(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show how far the term has come; the next act is a button."""
    if not terms().exists():
        return render(request, "school/home.html", {"term": None})
    return _page(request, seat)


def _page(request: HttpRequest, seat: Seat, refusals: tuple[Refusal, ...] = (), status: int = 200) -> HttpResponse:
    term = this_term(request)
    chain = chain_of(seat.school, term, at=clock.now())
    context = {
        "term": term,
        "steps": [_shown(step, seat) for step in chain.steps],
        "done": chain.done,
        "all": len(chain.steps),
        "late": chain.late,
        "may_archive": _may_archive(chain, seat),
        "refusals": refusals,
    }
    return render(request, "school/home.html", context, status=status)


def _may_archive(chain: Chain, seat: Seat) -> bool:
    return P.FILING_SIGN in seat.permissions and chain.now is not None and chain.now.kind.key == "archive"


def _shown(step: StepState, seat: Seat) -> dict[str, Any]:
    """Return a step as the chain prints it: done, now, waiting for somebody, late, or locked by what comes first."""
    url, label = _page_of(step.kind.key, seat)
    first = not step.blocked_by
    shown: dict[str, Any] = {
        "name": step.kind.title,
        "facts": step.facts.words,
        "digest": step.facts.digest,
        "done_by": step.facts.who,
        "url": url,
        "label": label,
    }
    if step.state == "done":
        return shown | {"kind": "done"}
    shown |= {"deadline": step.due_on, "late": step.is_late, "refusal": step.facts.refusal if first else None}
    if not first:
        return shown | {"kind": "locked", "state": "进行中" if step.facts.begun else f"先要{step.blocked_by}"}
    mine = bool(url) and not step.facts.owes
    return shown | {"kind": "now" if mine else "wait", "who": step.owes, "state": "已超期" if step.is_late else ""}


def _page_of(key: str, seat: Seat) -> tuple[str, str]:
    """Return the address of a step's page and its button, both empty where the reader has none."""
    page, label, needs = PAGES.get(key, ("", "", P.SCHOOL_SEE))
    if not page or needs not in seat.permissions:
        return "", ""
    return reverse(page, args=[seat.school.code]), label


@require_safe
@at_school(P.SCHOOL_SEE)
def chain_pdf(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Hand out the chain on paper, for an auditor."""
    chain = chain_of(seat.school, this_term(request), at=clock.now())
    made = chain_paper(chain, address=request.build_absolute_uri("/"), at=clock.now())
    answer = HttpResponse(made.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="chain-{seat.school.code}-{chain.term.code}.pdf"'
    return answer


@require_POST
@at_school(P.FILING_SIGN)
def archive(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Close the term: the chain is kept as it is, with its hash."""
    try:
        archive_term(seat.school, this_term(request), by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, seat, no.refusals, 409)
    messages.success(request, "本学期已归档。")
    return redirect(f"{reverse('school:home', args=[seat.school.code])}?term={this_term(request).code}")
