"""应急卡、演练、警校联系: what the cards say, drills planned and held, liaison and traffic of the term."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from kehou.chapters.people.queries import Seat
from kehou.chapters.planning import actions, queries
from kehou.chapters.planning.models import Drill, SafetyRecord
from kehou.chapters.planning.papers_shelf import cards_paper, drill_paper, records_paper
from kehou.desks.school.forms_shelf import DrillForm, EmergencyForm, HeldForm, RecordForm
from kehou.desks.school.gate import at_school
from kehou.desks.school.shelf import pdf, told
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets
from kehou.rules.emergency import BY_CODE
from kehou.rules.permissions import Permission as P
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused

PHONES = (("报警", "110"), ("火警", "119"), ("急救", "120"))


def phones_of(seat: Seat) -> list[tuple[str, str]]:
    """Return the telephones under every card."""
    facts = queries.emergency_facts(seat.school)
    own = [("学校", seat.school.phone)] if seat.school.phone else []  # type: ignore[union-attr]
    if facts:
        own += [(name, number) for name, number in (
            (facts.police, facts.police_phone), (facts.hospital, facts.hospital_phone)
        ) if number]  # fmt: skip
    return [*PHONES, *own]


@require_safe
@at_school(P.ORG_SEE)
def emergency(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the ten cards as they are now, and what they still want."""
    term, today = this_term(request), clock.today()
    context = {
        "term": term, "cards": queries.cards_of(seat.school, term, on=today),
        "facts": queries.emergency_facts(seat.school), "phones": phones_of(seat),
        "pack": queries.emergency_plan_of(seat.school, term, on=today),
    }  # fmt: skip
    return render(request, "school/emergency/cards.html", context)


@at_school(P.ORG_EDIT)
def places(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Say where children gather and whom to call."""
    facts = queries.emergency_facts(seat.school)
    first = {name: getattr(facts, name) for name in queries.EMERGENCY_NAMES} if facts else {}
    form = EmergencyForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        actions.set_emergency_facts(seat.school, **form.cleaned_data, by=seat.by, at=clock.now())
        messages.success(request, "已保存，应急卡马上按新的地点和电话显示。已经签发的预案正文不变，请起草新版。")
        return redirect("school:emergency", seat.school.code)  # type: ignore[union-attr]
    status = 422 if form.is_bound else 200
    return render(request, "school/emergency/places.html", {"form": form}, status=status)


@require_safe
@at_school(P.ORG_SEE)
def cards_pdf(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Give the cards for the wall, A4 or A5."""
    cards = queries.cards_of(seat.school, this_term(request), on=clock.today())
    small = request.GET.get("size") == "a5"
    made = cards_paper(seat.school, cards, phones_of(seat), small=small, at=clock.now())
    return pdf(made, f"cards-{seat.school.code}")  # type: ignore[union-attr]


# --- Drills -----------------------------------------------------------------------------------------------------------


@at_school(P.ORG_SEE, to_post=P.ORG_EDIT)
def drills(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the drills of the term; plan one."""
    term = this_term(request)
    form = DrillForm(request.POST or None, initial={"planned_on": clock.today()})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.plan_drill(seat.school, term, **form.cleaned_data, by=seat.by, at=clock.now())
                messages.success(request, "演练已列入计划。")
                return redirect("school:drills", seat.school.code)  # type: ignore[union-attr]
            except Refused as no:
                status = 409
                for refusal in no.refusals:
                    form.add_error("planned_on", say(refusal))
    found = queries.drills_of(seat.school, term)
    if request.GET.get("as") == "sheet":
        columns = [
            sheets.Column("场景"), sheets.Column("计划", "day"), sheets.Column("地点"), sheets.Column("演练", "day"),
            sheets.Column("人数", "whole"), sheets.Column("分钟", "whole"), *map(sheets.Column, ("问题", "措施")),
        ]  # fmt: skip
        rows = (
            (
                BY_CODE[one.scenario].title, one.planned_on, one.place, one.held_on, one.people, one.minutes,
                one.findings, one.measures,
            )
            for one in found
        )  # fmt: skip
        return sheets.download(f"演练-{seat.school.name}.xlsx", columns, rows)  # type: ignore[union-attr]
    context = {
        "term": term, "drills": [(one, BY_CODE[one.scenario]) for one in found], "form": form,
        "problem": queries.problem_of_drills_in(seat.school, term, on=clock.today()),
    }  # fmt: skip
    return render(request, "school/emergency/drills.html", context, status=status)


def _drill(seat: Seat, drill_id: int) -> Drill:
    return get_object_or_404(Drill.objects.select_related("school", "term"), pk=drill_id, school=seat.school)


@at_school(P.ORG_EDIT)
def drill(request: HttpRequest, seat: Seat, drill_id: int) -> HttpResponse:
    """Record that a drill was held."""
    found = _drill(seat, drill_id)
    form = HeldForm(request.POST or None, initial={"held_on": found.planned_on})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.record_drill(found, **form.cleaned_data, by=seat.by, at=clock.now())
                messages.success(request, "演练已记录。")
                return redirect("school:drills", seat.school.code)  # type: ignore[union-attr]
            except Refused as no:
                status = 409
                for refusal in no.refusals:
                    form.add_error("held_on", say(refusal))
    context: dict[str, Any] = {"drill": found, "card": BY_CODE[found.scenario], "form": form}
    return render(request, "school/emergency/drill.html", context, status=status)


@require_safe
@at_school(P.ORG_SEE)
def drill_pdf(request: HttpRequest, seat: Seat, drill_id: int) -> HttpResponse:
    """Give a drill's plan with its record, or with room to write."""
    return pdf(drill_paper(_drill(seat, drill_id), at=clock.now()), f"drill-{drill_id}")


# --- Liaison, traffic, publicity --------------------------------------------------------------------------------------


@at_school(P.ORG_SEE, to_post=P.ORG_EDIT)
def records(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the small records of the term; add one."""
    term = this_term(request)
    form = RecordForm(request.POST or None, initial={"held_on": clock.today()})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.record_safety(seat.school, term, **form.cleaned_data, by=seat.by, at=clock.now())
                messages.success(request, "已登记。")
                return redirect("school:safety_records", seat.school.code)  # type: ignore[union-attr]
            except Refused as no:
                status = 409
                for refusal in no.refusals:
                    form.add_error(None, say(refusal))
    found = queries.records_of(seat.school, term, request.GET.get("kind", ""))
    if request.GET.get("as") == "sheet":
        columns = [
            sheets.Column("种类"),
            sheets.Column("日期", "day"),
            *map(sheets.Column, ("对方", "内容", "措施", "划掉原因")),
        ]
        rows = ((str(one), one.held_on, one.partner, one.words, one.measures, one.struck_because) for one in found)
        return sheets.download(f"警校联系-{seat.school.name}.xlsx", columns, rows)  # type: ignore[union-attr]
    context = {
        "term": term, "records": found, "form": form, "kinds": SafetyRecord.KINDS,
        "problems": queries.problems_of_records(seat.school, term),
    }  # fmt: skip
    return render(request, "school/emergency/records.html", context, status=status)


@require_POST
@at_school(P.ORG_EDIT)
def striking(request: HttpRequest, seat: Seat, record_id: int) -> HttpResponse:
    """Strike a record that is wrong."""
    found = get_object_or_404(SafetyRecord.objects.select_related("school"), pk=record_id, school=seat.school)
    try:
        actions.strike_record(found, because=request.POST.get("because", ""), by=seat.by, at=clock.now())
        messages.success(request, "已划掉，原因留在记录上。")
    except Refused as no:
        told(request, no)
    return redirect("school:safety_records", seat.school.code)  # type: ignore[union-attr]


@require_safe
@at_school(P.ORG_SEE)
def records_pdf(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Give the records of the term as a paper."""
    term = this_term(request)
    made = records_paper(seat.school, term, queries.records_of(seat.school, term), at=clock.now())
    return pdf(made, f"records-{seat.school.code}")  # type: ignore[union-attr]
