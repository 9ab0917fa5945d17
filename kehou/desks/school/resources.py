"""资源台账: its five parts at a glance, the census of the term, the ledger on paper."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.people.queries import Seat
from kehou.chapters.schools import actions as schools
from kehou.chapters.schools import queries
from kehou.chapters.schools.models import Census, CensusItem
from kehou.chapters.schools.papers import check_sheet, ledger_paper
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.queries import people_in_words, staff_of
from kehou.chapters.timetable.queries import sessions_in_shut_rooms
from kehou.desks.school.gate import at_school
from kehou.desks.school.term import this_term
from kehou.lib import clock, typed
from kehou.lib.paper import Paper
from kehou.rules.labels import term_mark
from kehou.rules.permissions import Permission
from kehou.rules.resources import ItemState, Part
from kehou.rules.verdicts import Refused

ROWS = 100
MOST_KEYS = 2000


@at_school(Permission.ROOMS_SEE)
def resources(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the five parts with what stands in each, how far the census is, what is due and what is broken."""
    return _page(request, seat, None)


def _page(request: HttpRequest, seat: Seat, no: Refused | None) -> HttpResponse:
    term, today, school = this_term(request), clock.today(), seat.school
    assert school is not None
    census = queries.census_of(school, term)
    tally = queries.tally_of(census) if census else {}
    rooms = list(queries.rooms_of(school))
    equipment = list(queries.equipment_of(school))
    counts = {Part.EQUIPMENT: len(equipment), Part.STAFF: staff_of(school).count()}
    for part, kinds in queries.KINDS_OF_PART.items():
        counts[part] = sum(room.kind in kinds for room in rooms)
    fitness = queries.fitness_of(school, term, on=today, safety=parameters_on(today).safety)
    due = queries.checks_due(fitness, [*rooms, *equipment])
    return render(
        request,
        "school/resources/resources.html",
        {
            "term": term,
            "census": census,
            "parts": [(part, counts[part], tally.get(part), _url_of(part, school.code)) for part in Part],
            "closing": queries.latest_closing(school, term),
            "refused": no.refusals if no else (),
            "overdue": sum(one.overdue for one in due),
            "repairs": queries.open_repairs(school).count(),
            "shut": sessions_in_shut_rooms(school, term, at=clock.now())[:20],
            "pending": sum(one.pending for one in tally.values()),
        },
        status=409 if no else 200,
    )


def _url_of(part: Part, code: str) -> str:
    """Return where the rows of a part are kept."""
    if part is Part.EQUIPMENT:
        return reverse("school:equipment", args=[code])
    if part is Part.STAFF:
        return reverse("school:resource_staff", args=[code])
    return f"{reverse('school:rooms', args=[code])}?part={part.value}"


# --- Census -----------------------------------------------------------------------------------------------------------


@require_POST
@at_school(Permission.ROOMS_EDIT)
def beginning(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Begin the census of the term."""
    term = this_term(request)
    try:
        staffing.open_census(seat.school, term, by=seat.by, at=clock.now())  # type: ignore[arg-type]
    except Refused as no:
        return _page(request, seat, no)
    messages.success(request, "资源调查已开始，原来台账里的都带过来了，请逐项核对。")
    return redirect("school:census", seat.school.code)  # type: ignore[union-attr]


def _census(request: HttpRequest, seat: Seat) -> Census:
    rows = Census.objects.select_related("school", "term")
    return get_object_or_404(rows, school=seat.school, term=this_term(request))


@at_school(Permission.ROOMS_SEE)
def census(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the rows of the census: by part, by place, those that wait."""
    return _items(request, seat, None)


def _items(request: HttpRequest, seat: Seat, no: Refused | None) -> HttpResponse:
    found, text = _census(request, seat), request.GET.get("q", "").strip()
    items = found.items.order_by("part", "location", "code", "name")
    part, state, location = (request.GET.get(name, "") for name in ("part", "state", "location"))
    items = items.filter(part=part) if part in {one.value for one in Part} else items
    items = items.filter(state=state) if state in {one.value for one in ItemState} else items
    items = items.filter(location=location) if location else items
    items = items.filter(name__icontains=text) if text else items
    places = found.items.exclude(location="").values_list("location", flat=True).distinct().order_by("location")
    page = Paginator(items, ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "school/resources/census.html",
        {
            "census": found,
            "term": found.term,
            "tally": queries.tally_of(found),
            "page": page,
            "rows": [(one, _edit_url(one, seat.school.code)) for one in page],  # type: ignore[union-attr]
            "labels": dict(Part.choices()),
            "states": dict(ItemState.choices()),
            "places": places,
            "chosen": {"part": part, "state": state, "location": location},
            "refused": no.refusals if no else (),
            "closings": found.closings.defer("document").order_by("-version"),
        },
        status=409 if no else 200,
    )


def _edit_url(item: CensusItem, code: str) -> str:
    """Return where a row is corrected."""
    kind, _, key = item.key.partition(":")
    name = {"room": "school:room", "equipment": "school:equipment_row", "staff": "school:staff_member"}[kind]
    return reverse(name, args=[code, key])


@require_POST
@at_school(Permission.ROOMS_EDIT)
def confirmations(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Confirm the ticked rows, or every row of a place that waits."""
    found = _census(request, seat)
    location = request.POST.get("location", "")
    keys: Any = [key for one in request.POST.getlist("item")[:MOST_KEYS] if (key := typed.whole(one)) is not None]
    if location:
        keys = found.items.filter(location=location).values_list("pk", flat=True)
    try:
        count = schools.confirm_items(found, keys, by=seat.by, at=clock.now())
    except Refused as no:
        return _items(request, seat, no)
    messages.success(request, f"{count}项已核对。")
    return redirect("school:census", seat.school.code)  # type: ignore[union-attr]


@require_POST
@at_school(Permission.ROOMS_EDIT)
def nothing(request: HttpRequest, seat: Seat) -> HttpResponse:
    """State that the school has nothing of a part."""
    part = request.POST.get("part", "")
    if part not in {one.value for one in Part}:
        return redirect("school:census", seat.school.code)  # type: ignore[union-attr]
    try:
        schools.state_none(_census(request, seat), part, by=seat.by, at=clock.now())
    except Refused as no:
        return _items(request, seat, no)
    messages.success(request, f"已说明“{Part(part).label}”为无。")
    return redirect("school:census", seat.school.code)  # type: ignore[union-attr]


@require_POST
@at_school(Permission.ROOMS_EDIT)
def closing(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Close the census: the ledger is kept as it stands."""
    try:
        made = staffing.close_census(_census(request, seat), by=seat.by, at=clock.now())
    except Refused as no:
        return _items(request, seat, no)
    messages.success(request, f"台账第{made.version}版已定稿，校验码{made.digest[:16]}。实施方案可以引用了。")
    return redirect("school:resources", seat.school.code)  # type: ignore[union-attr]


@require_POST
@at_school(Permission.ROOMS_EDIT)
def reopening(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Open a closed census again, with a reason."""
    try:
        schools.reopen_census(_census(request, seat), reason=request.POST.get("reason", ""), by=seat.by, at=clock.now())
    except Refused as no:
        return _items(request, seat, no)
    messages.success(request, "可以继续核对；已定稿的一版留着，直到再次定稿。")
    return redirect("school:census", seat.school.code)  # type: ignore[union-attr]


# --- Paper ------------------------------------------------------------------------------------------------------------


def _pdf(made: Paper, filename: str) -> FileResponse:
    return FileResponse(BytesIO(made.pdf), filename=filename, content_type="application/pdf")


@at_school(Permission.ROOMS_SEE)
def paper(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Hand out the ledger on paper: the closed version, or what stands now marked as a draft."""
    term, school = this_term(request), seat.school
    assert school is not None
    closed = queries.latest_closing(school, term)
    if closed is not None and "draft" not in request.GET:
        made = ledger_paper(
            school, term, closed.document["parts"], version=f"第{closed.version}版", issued_at=closed.closed_at,
            number=f"{school.code[-4:]}-ZY-{term_mark(term.code)}-{closed.version:02d}", digest=closed.digest,
            closed_by=closed.closed_by, address=request.build_absolute_uri("/"),
        )  # fmt: skip
    else:
        words = queries.parts_in_words(school, people_in_words(staff_of(school)).values())
        made = ledger_paper(school, term, words, version="草稿", issued_at=clock.now(), mark="草稿")
    return _pdf(made, f"资源台账-{school.name}.pdf")


@at_school(Permission.ROOMS_SEE)
def blank_check_sheet(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Hand out the sheet for a walk: every place and every equipment by building, with room to tick and to sign."""
    rows = [*queries.rooms_of(seat.school), *queries.equipment_of(seat.school)]  # type: ignore[arg-type]
    term = this_term(request)
    closed = queries.latest_closing(seat.school, term)  # type: ignore[arg-type]
    made = check_sheet(
        seat.school, term, rows, issued_at=clock.now(), address=request.build_absolute_uri("/"),  # type: ignore[arg-type]
        digest=closed.digest if closed else "",
    )  # fmt: skip
    return _pdf(made, f"场地设备检查表-{seat.school.name}.pdf")  # type: ignore[union-attr]
