"""One row of the table: typed with live answers, kept, withdrawn; begun from a template."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.basis.queries import templates_now
from kehou.chapters.people.queries import Seat
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme import queries
from kehou.chapters.programme.models import Activity, ActivityTable
from kehou.chapters.programme.queries import ActivityFacts, Checking
from kehou.desks.school.forms_activity import ActivityForm, initial_of, initial_of_template
from kehou.desks.school.gate import at_school
from kehou.desks.school.term import this_term
from kehou.lib import clock
from kehou.rules.forty import templates_for
from kehou.rules.permissions import Permission
from kehou.rules.programme import tier_needed
from kehou.rules.sentences import say
from kehou.rules.timetable import Category, Context, Draft, span_of
from kehou.rules.verdicts import Refused


def _table(request: HttpRequest, seat: Seat) -> ActivityTable:
    tables = ActivityTable.objects.select_related("school", "term")
    return get_object_or_404(tables, school=seat.school, term=this_term(request))


def _standing(request: HttpRequest, seat: Seat, activity_id: int) -> Activity:
    rows = queries.standing(_table(request, seat)).select_related("table__school", "table__term")
    return get_object_or_404(rows, pk=activity_id)


@at_school(Permission.TABLE_EDIT)
def new_activity(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show an empty row, or one begun from a template (`?template=13`); keep it."""
    table = _table(request, seat)
    wanted = request.GET.get("template", "")
    template = next((one for one in templates_now() if str(one.number) == wanted), None) if wanted else None
    start = initial_of_template(template, seat.school) if template else {"class_hours": 1, "minimum": 15}
    start |= _asked(request, table)
    form = ActivityForm(seat.school, table.term, clock.today(), request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            kept = programme.add_activity(table, form.facts(), by=seat.by, at=clock.now())
        except Refused as no:
            return _page(request, table, form, None, no)
        messages.success(request, f"“{kept.name}”已加进项目表。")
        return redirect("school:table", seat.school.code)
    return _page(request, table, form, None)


@at_school(Permission.TABLE_EDIT)
def activity(request: HttpRequest, seat: Seat, activity_id: int) -> HttpResponse:
    """Show a row; keep what was changed."""
    standing = _standing(request, seat, activity_id)
    table = standing.table
    start = initial_of(queries.facts_of(standing)) | _asked(request, table)
    form = ActivityForm(seat.school, table.term, clock.today(), request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            programme.change_activity(standing, form.facts(), by=seat.by, at=clock.now())
        except Refused as no:
            return _page(request, table, form, standing, no)
        messages.success(request, f"“{form.facts().name}”已保存。")
        return redirect("school:table", seat.school.code)
    return _page(request, table, form, standing)


def _asked(request: HttpRequest, table: ActivityTable) -> dict[str, Any]:
    """Return the row as it was typed when a release was asked for (`?permit=7`), so that nobody types it again."""
    key = request.GET.get("permit", "")
    if not key.isdecimal() or len(key) > 18:
        return {}
    permit = queries.permits_of(table.school, table.term).filter(pk=int(key)).first()
    return dict(permit.sent) if permit else {}


@require_POST
@at_school(Permission.TABLE_EDIT)
def release(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Ask the district to release the words of the row that was just refused; what was typed goes with the request."""
    table = _table(request, seat)
    known = request.POST.get("activity", "")
    standing = _standing(request, seat, int(known)) if known.isdecimal() and len(known) < 19 else None
    form = ActivityForm(seat.school, table.term, clock.today(), request.POST)
    if not form.is_valid():
        return _page(request, table, form, standing)
    reason = request.POST.get("release_reason", "")[:300]
    try:
        permit = programme.ask_release(
            table, form.facts(), reason=reason, sent=form.sent(), activity=standing, by=seat.by, at=clock.now()
        )
    except Refused as no:
        return _page(request, table, form, standing, no)
    messages.success(request, "已向区教委申请放行，填的内容都留着；放行后从这里接着填。")
    return redirect("school:permit", seat.school.code, permit.pk)


def _page(
    request: HttpRequest, table: ActivityTable, form: ActivityForm, standing: Activity | None, no: Refused | None = None
) -> HttpResponse:
    against = queries.checking(table, on=clock.today())
    blocked: tuple[str, ...] = ()
    if no is not None:
        blocked = against.blocked_words(form.facts())
        _show(form, against, standing, no)
    facts = form.facts() if form.is_bound and form.is_valid() else None
    if facts is None and not form.is_bound:
        facts = _typed_so_far(form, against)
    return render(
        request,
        "school/table/activity.html",
        {
            "form": form,
            "table": table,
            "term": table.term,
            "activity": standing,
            "published": table.state == "published",
            "check": check_of(against, facts, standing) if facts else None,
            "blocked": blocked,
            "released": standing is not None and against.granted.releases(standing.name, standing.aim),
            "trip": _trip_of(against, standing),
            "release_reason": request.POST.get("release_reason", ""),
        },
        status=409 if no else 200,
    )


def _trip_of(against: Checking, standing: Activity | None) -> str:
    """Return how the approval of an activity off campus stands: `approved`, `needed`, or nothing to approve."""
    if standing is None or queries.trip_of(queries.facts_of(standing)) is None:
        return ""
    return "approved" if against.is_approved(queries.facts_of(standing)) else "needed"


def _typed_so_far(form: ActivityForm, against: Checking) -> ActivityFacts | None:
    """Return what an unsent form shows, for its first check."""
    shown = ActivityForm(against.table.school, against.table.term, against.on, _as_sent(form.initial))
    return shown.facts() if shown.is_valid() else None


def _as_sent(initial: dict[str, Any]) -> QueryDict:
    """Return what a browser would send for what the form shows."""
    sent = QueryDict(mutable=True)
    for key, value in initial.items():
        values = value if isinstance(value, (list, tuple)) else [value]
        sent.setlist(key, [str(getattr(one, "pk", one)) for one in values if one not in (None, False)])
    return sent


def _show(form: ActivityForm, against: Checking, standing: Activity | None, no: Refused) -> None:
    """Put each refusal beside the field that mends it; the words that were typed stay."""
    problems = against.draft_problems(form.facts(), activity=standing)
    told = set()
    for problem in problems:
        name = "place" if problem.field == "room" else problem.field
        name = "day_1" if name in ("weekdays", "first_hour") else name
        form.add_error(name if name in form.fields else None, say(problem.refusal))
        told.add(problem.refusal)
    for refusal in no.refusals:
        if refusal not in told:
            form.add_error(None, say(refusal))


@require_POST
@at_school(Permission.TABLE_EDIT)
def check(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Answer what is typed so far: times, room, load, every problem. Writes nothing."""
    table = _table(request, seat)
    form = ActivityForm(seat.school, table.term, clock.today(), request.POST)
    form.is_valid()
    against = queries.checking(table, on=clock.today())
    known = request.POST.get("activity", "")
    standing = next((one for one in against.activities if str(one.pk) == known), None)
    return render(
        request, "school/table/check.html", {"check": check_of(against, form.facts(), standing), "form": form}
    )


FIELD_ANCHORS = {"room": "place", "weekdays": "day_1", "first_hour": "day_1"}


def check_of(against: Checking, facts: ActivityFacts, standing: Activity | None) -> dict[str, Any]:
    """Return what the panel beside the form prints."""
    problems = against.problems(facts, activity=standing)
    return {
        "problems": [(FIELD_ANCHORS.get(one.field, one.field), one.refusal) for one in problems],
        "warnings": against.warnings(facts, activity=standing),
        "times": _times(against, facts),
        "holds": facts.room.capacity if facts.room else None,
        "room": facts.room,
        "tier": max((tier_needed(hour, facts.class_hours or 1) for hour in facts.slots.values()), default=None),
        "suggested": against.suggested(facts, activity=standing),
        "missing": [one.refusal.fact("column") for one in against.open_columns(facts)],
    }


def _times(against: Checking, facts: ActivityFacts) -> list[tuple[int, list[tuple[str, Any]]]]:
    """Return the clock times by weekday and season."""
    rows = []
    for weekday, hour in sorted(facts.slots.items()):
        draft = Draft(grades=frozenset(facts.grades), first_hour=hour, hours=facts.class_hours)
        spans = [
            (season.season.name, span_of(draft, weekday, Context(against.parameters, dismissals=season.dismissals)))
            for season in against.seasons
        ]
        rows.append((weekday, [(name, span) for name, span in spans if span]))
    return rows


@require_POST
@at_school(Permission.TABLE_EDIT)
def withdrawal(request: HttpRequest, seat: Seat, activity_id: int) -> HttpResponse:
    """Take a row out of the table."""
    standing = _standing(request, seat, activity_id)
    programme.withdraw_activity(standing, by=seat.by, at=clock.now())
    messages.success(request, f"“{standing.name}”已撤下。")
    return redirect("school:table", seat.school.code)


@at_school(Permission.TABLE_EDIT)
def templates(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the district's activities to begin from, those of the school's grades."""
    table = _table(request, seat)
    against = queries.checking(table, on=clock.today())
    text = request.GET.get("q", "").strip()
    taken = {one.name for one in against.activities}
    labels = {one.value: one.label for one in Category}
    found = [
        (one, labels[one.category], one.name in taken)
        for one in templates_for(tuple(against.grades), templates_now())
        if not text or text in f"{one.name}{labels[one.category]}{one.aim}"
    ]
    return render(request, "school/table/templates.html", {"term": table.term, "found": found})
