"""班级审核: those of one's own class who applied 参加; pass, or send back for a reason of the list."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment import queries
from kehou.chapters.enrolment.models import Application, Registration, Suggestion
from kehou.chapters.people.queries import Seat
from kehou.desks.teacher.gate import at_school
from kehou.desks.teacher.suggesting import groups_by_need, suggested_in
from kehou.lib import clock, typed
from kehou.rules import sentences
from kehou.rules.choice import REVIEW_REASONS, Choice
from kehou.rules.choice_words import SaidDay, days_in_words, summary, way_home
from kehou.rules.enrolling import APPLICATION_TITLES
from kehou.rules.guiding import GROUNDS
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refused

_KINDS = {"submitted": "wait", "returned": "refused"}


@dataclass(frozen=True, slots=True)
class Row:
    """One application as the class teacher reads it."""

    application: Application
    choice: Choice
    words: str
    way_home: str
    days: tuple[SaidDay, ...]
    state: str
    kind: str
    suggested: tuple[tuple[Suggestion, str], ...]
    groups: tuple[tuple[str, tuple[tuple[int, str], ...]], ...]


def _registration(seat: Seat) -> Registration | None:
    assert seat.school is not None
    return queries.registration_of(seat.school, on=clock.today())


def _rows(seat: Seat, registration: Registration) -> list[Row]:
    slots = {slot.pk: slot for slot in queries.slots_of(registration)}
    names = {pk: slot.activity.name for pk, slot in slots.items()}
    said = suggested_in(registration)
    may_suggest = registration.frozen_at is None and clock.now() < registration.closes_at
    rows = []
    for application in queries.to_review([homeroom.pk for homeroom in seat.homerooms], registration):
        choice = queries.choice_of(application)
        rows.append(
            Row(
                application,
                choice,
                summary(choice),
                way_home(choice),
                days_in_words(choice, names),
                APPLICATION_TITLES[application.state],
                _KINDS.get(application.state, "done"),
                tuple(said.get(application.pk, ())),
                groups_by_need(registration, application, choice, slots) if may_suggest else (),
            )
        )
    return sorted(rows, key=lambda row: row.application.state != "submitted")


@at_school(Permission.CLASS_REVIEW)
def reviews(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show what waits for the class teacher, and what was answered."""
    registration = _registration(seat)
    rows = _rows(seat, registration) if registration else []
    waiting = [row for row in rows if row.application.state == "submitted"]
    due = queries.review_due(registration) if registration else None
    return render(
        request,
        "teacher/reviews.html",
        {
            "registration": registration,
            "rows": rows,
            "waiting": waiting,
            "due": due,
            "late": due is not None and bool(waiting) and due < clock.today(),
            "reasons": REVIEW_REASONS,
            "grounds": GROUNDS,
            "homerooms": seat.homerooms,
        },
    )


@require_POST
@at_school(Permission.CLASS_REVIEW)
def answer(request: HttpRequest, seat: Seat, application_id: int) -> HttpResponse:
    """Answer the version that was shown."""
    mine = Application.objects.filter(pupil__homeroom__in=seat.homerooms, registration__school=seat.school)
    found = mine.select_related("pupil__school", "pupil__homeroom", "current")
    application = get_object_or_404(found, pk=application_id, joins=True)
    passed = request.POST.get("answer") == "pass"
    try:
        enrolment.review(
            application,
            version=_number(request.POST.get("version")),
            passed=passed,
            reason=request.POST.get("reason", ""),
            by=seat.by,
            at=clock.now(),
        )
    except Refused as no:
        messages.error(request, "；".join(map(sentences.say, no.refusals)))
    else:
        what = "已通过" if passed else "已退回，家长会收到原因"
        messages.success(request, f"{application.pupil.name}的申请{what}。")
    return redirect("teacher:reviews", seat.school.code)  # type: ignore[union-attr]


@require_POST
@at_school(Permission.CLASS_REVIEW)
def passing(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Pass all that were ticked, each at the version that was shown."""
    parts = (item.partition("-") for item in request.POST.getlist("shown"))
    shown = {_number(pk): _number(version) for pk, dash, version in parts if dash}
    mine = Application.objects.filter(pupil__homeroom__in=seat.homerooms, registration__school=seat.school)
    found = mine.filter(pk__in=shown).select_related("current")
    pairs = [(application, shown[application.pk]) for application in found]
    passed = enrolment.pass_all(pairs, by=seat.by, at=clock.now())
    messages.success(request, f"已通过{passed}份申请。")
    if passed < len(shown):
        messages.warning(request, f"有{len(shown) - passed}份刚刚被家长改过或已处理，请再看一遍。")
    return redirect("teacher:reviews", seat.school.code)  # type: ignore[union-attr]


def _number(text: str | None) -> int:
    return typed.whole(text) or 0
