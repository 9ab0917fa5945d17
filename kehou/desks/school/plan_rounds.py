"""征求意见: both rounds, opened and followed in counts; paper forms printed and typed in. Never who is silent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.people.queries import Seat
from kehou.chapters.planning import actions, queries
from kehou.chapters.planning.models import OpinionRound, Plan
from kehou.chapters.planning.opinions import asked_of, page_of
from kehou.chapters.planning.plan_papers import opinion_paper
from kehou.desks.school.forms_plan import RoundForm
from kehou.desks.school.gate import at_school
from kehou.desks.school.plan import frame, no_plan, pdf, plan_here, said
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets
from kehou.rules.permissions import Permission
from kehou.rules.planning import Party, Topic, closing_of, refusals_to_open_round
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refusal, Refused, refuse

NUMBERS = (1, 2)
KINDS = {"coming": "wait", "open": "live", "over": "done"}


def round_here(request: HttpRequest, seat: Seat, number: int) -> OpinionRound:
    """Return a round of the school's plan. :raises Http404:"""
    rows = plan_here(request, seat).rounds.select_related("plan__school", "plan__term", "version")
    return get_object_or_404(rows, number=number)


@require_GET
@at_school(Permission.PLAN_SEE)
def consultation(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show both rounds, how many answered, and how far the answers to them have come."""
    if queries.plan_of(seat.school, this_term(request)) is None:  # type: ignore[arg-type]
        return no_plan(request, seat, "征求意见")
    found, now = plan_here(request, seat), clock.now()
    rounds = []
    for number in NUMBERS:
        one = queries.round_of(found, number)
        state = queries.state_of(one, now) if one else ""
        rounds.append(
            {
                "number": number,
                "round": one,
                "state": queries.STATES.get(state, "还没有开"),
                "kind": KINDS.get(state, "plain"),
                "parties": queries.counts_by_party(one) if one else [],
                "topics": queries.counts_by_topic(one) if one and state == "over" else [],
            }
        )
    groups = queries.groups_of(found)
    context = {
        **frame(found),
        "rounds": rounds,
        "loose": queries.ungrouped(found).count(),
        "groups": len(groups),
        "answered": sum(bool(one.decision) for one in groups),
        "adoption": queries.adoption_of(found),
    }
    return render(request, "school/plan/consultation.html", context)


def _refusals(plan: Plan, number: int, *, opens_at: datetime, closes_at: datetime) -> list[Refusal]:
    """Return why a round cannot be opened now, asked before anything is typed."""
    first = queries.round_of(plan, 1)
    return refusals_to_open_round(
        number,
        opens_at=opens_at,
        closes_at=closes_at,
        first_closes_at=first.closes_at if first else None,
        notice_issued=plan.notices.exists(),
        committee_met=queries.committee_has_met(plan),
        parameters=parameters_on(opens_at.date()),
    )


@require_http_methods(["GET", "POST"])
@at_school(Permission.PLAN_EDIT)
def round_opening(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """Show what opening will do; open."""
    found, now = plan_here(request, seat), clock.now()
    if number not in NUMBERS or queries.round_of(found, number):
        return redirect("school:consultation", seat.school.code)  # type: ignore[union-attr]
    parameters = parameters_on(now.date())
    earliest = timezone.localtime(closing_of(now, number, parameters))
    usual = earliest.replace(hour=20, minute=0) if earliest.hour < 20 else earliest
    form = RoundForm(request.POST or None, initial={"closes_at": usual}, earliest=earliest)
    wrong: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_round(found, number, closes_at=form.cleaned_data["closes_at"], by=seat.by, at=now)
            messages.success(request, "已经开始征求意见，通知都发出去了。")
            return redirect("school:round", seat.school.code, number)  # type: ignore[union-attr]
        except Refused as no:
            wrong = list(no.refusals)
            for refusal in no.refusals:
                if refusal.why.endswith("too_short"):
                    form.add_error("closes_at", say(refusal))
    elif request.method == "GET":
        wrong = queries.draft_refusals(found, now) + _refusals(found, number, opens_at=now, closes_at=usual)
    context = {
        **frame(found),
        "form": form,
        "wrong": wrong,
        "number": number,
        "households": queries.households_of(found.school, now.date()),
        "desk_base": "school/base.html",
        "topics": list(Topic),
    }
    return render(request, "school/plan/round_opening.html", context, status=409 if request.method == "POST" else 200)


@require_GET
@at_school(Permission.PLAN_SEE)
def round_page(request: HttpRequest, seat: Seat, number: int) -> HttpResponseBase:
    """Show how a round goes: counts by party, by topic once it is over; what is to print and to type in."""
    found, now = round_here(request, seat, number), clock.now()
    state = queries.state_of(found, now)
    if request.GET.get("as") == "sheet":
        return _sheet(found)
    context = {
        **frame(found.plan),
        "round": found,
        "state": queries.STATES[state],
        "kind": KINDS[state],
        "over": state == "over",
        "parties": queries.counts_by_party(found),
        "topics": queries.counts_by_topic(found) if state == "over" else [],
        "slips": queries.slips_by_class(found),
        "link": request.build_absolute_uri(f"/o/all/{found.secret}/") if number == 2 else "",
        "form": RoundForm(initial={"closes_at": timezone.localtime(found.closes_at)}),
        "no_results": None
        if state == "over"
        else refuse("R-GATE-03", "round_not_over", closes=f"{timezone.localtime(found.closes_at):%-m月%-d日 %H:%M}"),
    }
    return render(request, "school/plan/round.html", context)


def _sheet(found: OpinionRound) -> HttpResponseBase:
    """Return the counts by topic of a round that is over; before its end a sheet without rows."""
    columns = [sheets.Column(name) for name in ("事项", "同意", "不同意", "建议")]
    over = queries.state_of(found, clock.now()) == "over"
    rows = (
        [[one.topic.label, one.agree, one.disagree, one.suggest] for one in queries.counts_by_topic(found)]
        if over
        else []
    )
    return sheets.download(f"{found}-{found.plan.school.name}.xlsx", columns, rows)


@require_POST
@at_school(Permission.PLAN_EDIT)
def round_extension(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """Let a round last longer."""
    found = round_here(request, seat, number)
    form = RoundForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请填写新的截止时间。")
        return redirect("school:round", seat.school.code, number)  # type: ignore[union-attr]
    try:
        actions.extend_round(found, until=form.cleaned_data["closes_at"], by=seat.by, at=clock.now())
        messages.success(request, "已延长。")
    except Refused as no:
        messages.error(request, said(no))
    return redirect("school:round", seat.school.code, number)  # type: ignore[union-attr]


@require_POST
@at_school(Permission.PLAN_EDIT)
def round_slips(request: HttpRequest, seat: Seat, number: int, homeroom_id: int) -> HttpResponse:
    """Print one form with a code for each household of a class without a phone; once."""
    found = round_here(request, seat, number)
    homeroom = get_object_or_404(found.plan.school.homerooms, pk=homeroom_id)
    try:
        slips = actions.print_slips(found, homeroom, by=seat.by, at=clock.now())
    except Refused as no:
        messages.error(request, said(no))
        return redirect("school:round", seat.school.code, number)  # type: ignore[union-attr]
    return pdf(opinion_paper(found, slips, address=request.build_absolute_uri("/")), f"opinions-{number}")


@require_GET
@at_school(Permission.PLAN_SEE)
def round_blank(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """Return the form on paper without a household's code: to read, to hang up, to hand out in the community."""
    found = round_here(request, seat, number)
    return pdf(opinion_paper(found, (), address=request.build_absolute_uri("/")), f"opinions-{number}")


@require_http_methods(["GET", "POST"])
@at_school(Permission.PLAN_EDIT)
def round_paper(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """Type in a form that came back: by its code for a household, without one for the community."""
    found = round_here(request, seat, number)
    wrong: dict[str, Any] = {}
    refused: tuple[Any, ...] = ()
    if request.method == "POST":
        try:
            _type_in(request, seat, found)
            messages.success(request, "已录入一份。")
            return redirect("school:round_paper", seat.school.code, number)  # type: ignore[union-attr]
        except actions.OpinionRefused as no:
            wrong = no.wrong
        except Refused as no:
            refused = no.refusals
    context = {
        **frame(found.plan),
        "round": found,
        "asked": asked_of(found.version.bodies, request.POST, wrong),
        "wrong": wrong,
        "refused": refused,
        "code": request.POST.get("code", ""),
        "signed": request.POST.get("signed", ""),
        "community": number == 2,
        "closed": queries.refusal_to_answer(found, Party.GUARDIAN, clock.now()),
    }
    return render(request, "school/plan/round_paper.html", context, status=422 if wrong or refused else 200)


def _type_in(request: HttpRequest, seat: Seat, found: OpinionRound) -> None:
    """Keep the form. :raises Refused:"""
    stances, words = page_of(request.POST)
    signed, now = request.POST.get("signed", ""), clock.now()
    code = request.POST.get("code", "").strip()
    if not code and found.number == 2:
        nonce = request.POST.get("nonce", "")
        actions.give_by_link(found, stances=stances, words=words, signed=signed, nonce=nonce, by=seat.by, at=now)
        return
    slip = queries.slip_of(code)
    if slip is None or slip.round_id != found.pk:
        raise Refused(refuse("R-GATE-03", "no_such_code"))
    actions.give_by_slip(slip, stances=stances, words=words, signed=signed, by=seat.by, at=now)


@require_http_methods(["GET", "POST"])
@at_school(Permission.PLAN_COMMENT)
def committee_opinions(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Give a member's opinion in the second round."""
    if queries.plan_of(seat.school, this_term(request)) is None:  # type: ignore[arg-type]
        return no_plan(request, seat, "征求意见")
    found, now = plan_here(request, seat), clock.now()
    second = queries.round_of(found, 2)
    wrong: dict[str, Any] = {}
    refused: tuple[Any, ...] = ()
    if second is not None and request.method == "POST":
        stances, words = page_of(request.POST)
        try:
            actions.give_opinion(
                second,
                Party.COMMITTEE,
                stances=stances,
                words=words,
                signed=request.POST.get("signed", ""),
                account=seat.account,
                at=now,
            )
            messages.success(request, "意见已收到，谢谢。每一类意见都会公布答复。")
            return redirect("school:committee", seat.school.code)  # type: ignore[union-attr]
        except actions.OpinionRefused as no:
            wrong = no.wrong
        except Refused as no:
            refused = no.refusals
    context = {
        **frame(found),
        "round": second,
        "wrong": wrong,
        "refused": refused,
        **_mine(request, seat, second, wrong),
    }
    return render(request, "school/plan/opinions.html", context, status=422 if wrong or refused else 200)


def _mine(request: HttpRequest, seat: Seat, second: OpinionRound | None, wrong: dict[str, Any]) -> dict[str, Any]:
    """Return what a member's form shows."""
    if second is None:
        return {"closed": refuse("R-GATE-04", "not_open_yet")}
    mine = second.asked.filter(account=seat.account, party=Party.COMMITTEE, has_answered=True)
    return {
        "closed": queries.refusal_to_answer(second, Party.COMMITTEE, clock.now()),
        "done": mine.exists(),
        "asked": asked_of(second.version.bodies, request.POST, wrong),
        "signed": request.POST.get("signed", ""),
    }
