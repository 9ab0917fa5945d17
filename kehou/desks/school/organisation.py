"""领导小组: posts and deputies with history, the principal's letter, the monthly safety confirmation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from kehou.chapters.people.models import Account, Post
from kehou.chapters.people.queries import Seat, held_on
from kehou.chapters.planning import actions, queries
from kehou.chapters.planning.models import GroupSeat
from kehou.chapters.planning.papers_shelf import letter_paper, organisation_paper
from kehou.desks.school.forms_shelf import AppointmentForm
from kehou.desks.school.gate import at_school
from kehou.desks.school.shelf import day_of, pdf, told
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets
from kehou.rules.organisation import BY_CODE, missing_deputies
from kehou.rules.permissions import Permission as P
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused

HISTORY = 40


def _home(seat: Seat) -> HttpResponse:
    return redirect("school:organisation", seat.school.code)  # type: ignore[union-attr]


@require_safe
@at_school(P.ORG_SEE)
def organisation(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show who holds which post, what is open, what the principal has signed."""
    if request.GET.get("as") == "sheet":
        columns = [*map(sheets.Column, ("岗位", "姓名", "备岗", "职责")), sheets.Column("任职起", "day")]
        board = queries.board_of(seat.school)
        rows = (
            (post.title, holder.name if holder else "", deputy.name if deputy else "", post.duties,
             holder.from_on if holder else None)
            for post, holder, deputy in board
        )  # fmt: skip
        return sheets.download(f"领导小组-{seat.school.name}.xlsx", columns, rows)  # type: ignore[union-attr]
    return _page(request, seat)


def _page(request: HttpRequest, seat: Seat, *, status: int = 200) -> HttpResponse:
    """Return the page of the group; after a refusal what was typed for a month stands there still."""
    term, today = this_term(request), clock.today()
    board = queries.board_of(seat.school)
    seats = [one for _, holder, deputy in board for one in (holder, deputy) if one]
    pack = queries.organisation_of(seat.school, term, on=today)
    context = {
        "term": term, "board": board, "pack": pack, "undeputed": missing_deputies(queries.holders_of(seats, set())),
        "letter": queries.letter_of(seat.school, term),
        "confirmations": queries.confirmations_of(seat.school, term),
        "months": queries.months_open(seat.school, term, on=today), "items": actions.ITEMS,
        "history": queries.history_of_group(seat.school)[:HISTORY],
        "letter_text": actions.letter_text(seat.school, term, seat.account.name), "today": today,
        "typed_month": request.POST.get("month", ""), "typed_items": request.POST.getlist("item"),
        "typed_note": request.POST.get("note", ""),
    }  # fmt: skip
    return render(request, "school/organisation/organisation.html", context, status=status)


@at_school(P.ORG_EDIT)
def appointment(request: HttpRequest, seat: Seat, post: str) -> HttpResponse:
    """Give a post to somebody."""
    if post not in BY_CODE:
        raise Http404
    posts = Post.objects.filter(held_on(clock.today()), school=seat.school)
    here = Account.objects.filter(pk__in=posts.values("account"))
    form = AppointmentForm(here.order_by("name"), request.POST or None, initial={"from_on": clock.today()})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = actions.appoint(seat.school, post, **form.facts(), by=seat.by, at=clock.now())
                messages.success(request, f"{made}，{made.from_on:%-m月%-d日}起。")
                return _home(seat)
            except Refused as no:
                status = 409
                for refusal in no.refusals:
                    form.add_error("account", say(refusal))
    return render(request, "school/organisation/appointment.html", {"form": form, "post": BY_CODE[post]}, status=status)


@require_POST
@at_school(P.ORG_EDIT)
def vacancy(request: HttpRequest, seat: Seat, seat_id: int) -> HttpResponse:
    """End somebody's post."""
    held = get_object_or_404(GroupSeat, pk=seat_id, school=seat.school)
    return _then(request, seat, lambda: actions.vacate(
        held, until_on=clock.today(), by=seat.by, at=clock.now()
    ), f"{held}已免去。请尽快明确接任的人。")  # fmt: skip


def _then(request: HttpRequest, seat: Seat, act: Any, done: str) -> HttpResponse:
    try:
        act()
        messages.success(request, done)
    except Refused as no:
        told(request, no)
        return _page(request, seat, status=409)
    return _home(seat)


@require_POST
@at_school(P.ORG_SIGN)
def letter(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Sign the letter of responsibility of the term."""
    term = this_term(request)
    return _then(
        request, seat, lambda: actions.sign_letter(seat.school, term, by=seat.by, at=clock.now()), "责任书已签。"
    )


@require_POST
@at_school(P.ORG_SIGN)
def confirmation(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Confirm a month's safety."""
    term, month = this_term(request), day_of(request, "month")
    items, note = request.POST.getlist("item"), request.POST.get("note", "")
    return _then(request, seat, lambda: actions.confirm_safety(
        seat.school, term, month=month, items=items, note=note, by=seat.by, at=clock.now()
    ), f"{queries.in_month(month)}安全情况已确认。")  # fmt: skip


@require_safe
@at_school(P.ORG_SEE)
def paper(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Give the group as a paper for the notice board."""
    made = organisation_paper(seat.school, this_term(request), queries.board_of(seat.school), at=clock.now())
    return pdf(made, f"organisation-{seat.school.code}")  # type: ignore[union-attr]


@require_safe
@at_school(P.ORG_SEE)
def letter_pdf(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Give the signed letter as a paper."""
    signed = queries.letter_of(seat.school, this_term(request))
    if signed is None:
        raise Http404
    return pdf(letter_paper(signed), f"letter-{seat.school.code}")  # type: ignore[union-attr]
