"""学校统筹: named in advance, frozen, drawn from public randomness, published after a preview; then seats by hand."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation import queries
from kehou.chapters.allocation.models import Draw, Placement
from kehou.chapters.allocation.papers import result_paper
from kehou.chapters.allocation.records import record_bytes
from kehou.chapters.enrolment.queries import reviews_open, slots_of
from kehou.chapters.people.queries import Seat
from kehou.desks.school.gate import at_school
from kehou.desks.school.registration import registration_here
from kehou.lib import clock, jobs, sheets, typed
from kehou.rules import sentences
from kehou.rules.allocation import Rules
from kehou.rules.allocation_words import SOURCES as PUBLIC_DRAWS
from kehou.rules.allocation_words import asked_results, name_of, result_of, say_randomness
from kehou.rules.calendar import weekday_name
from kehou.rules.drawing import refusals_to_freeze, refusals_to_plan
from kehou.rules.enrolling import METHODS
from kehou.rules.permissions import Permission
from kehou.rules.states import DRAW, refusal_to_move
from kehou.rules.verdicts import Refusal, Refused

ROWS = 60
STEPS = ("定随机数", "封存志愿", "录公开结果", "摇号", "公布")
_AT = {"planned": 2, "committed": 3, "drawn": 5, "published": 6}


def _said(no: Refused) -> str:
    return " ".join(sentences.say(refusal) for refusal in no.refusals)


def _draw(seat: Seat) -> Draw:
    """Return the draw that stands at this school. :raises Http404: if there is none"""
    found = registration_here(seat)
    draw = queries.draw_of(found) if found else None
    if draw is None:
        raise Http404
    return draw


@require_GET
@at_school(Permission.DRAW_SEE)
def draw(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show where the draw stands and the next act."""
    found = registration_here(seat)
    standing = queries.draw_of(found) if found else None
    context: dict[str, Any] = {
        "registration": found,
        "draw": standing,
        "steps": STEPS,
        "now_step": 1,
        "sources": PUBLIC_DRAWS,
    }
    if found is not None:
        context |= {"method": METHODS[found.method], "typed": request.GET}
        refusals = refusals_to_plan(
            mechanism=found.method,
            method=found.method,
            randomness="ssq:2026001",
            closes_at=found.closes_at,
            at=clock.now(),
            standing=standing is not None,
        )
        context |= {"plan_refusals": refusals, "plan_refusal": refusals[0] if refusals else None}
    if standing is not None and found is not None:
        context |= _of(standing, seat)
    return render(request, "school/draw/draw.html", context)


def _of(standing: Draw, seat: Seat) -> dict[str, Any]:
    """Return what the page of a planned draw shows."""
    found = standing.registration
    waiting = reviews_open(found)
    entries = list(standing.beacon_entries.order_by("typed_at"))
    job = jobs.JobReport.objects.filter(key=_key(standing)).first()
    results = queries.results(standing) if standing.state in ("drawn", "published") else []
    return {
        "now_step": _AT[standing.state] + (1 if standing.state == "committed" and len(entries) > 1 else 0),
        "state": DRAW.labels[standing.state],
        "randomness": say_randomness(standing.randomness),
        "asked": asked_results(standing.randomness),
        "witnesses": standing.randomness.count("ceremony:"),
        "freeze_refusal": next(iter(_freeze_refusals(standing, waiting)), None),
        "waiting": waiting,
        "entries": entries,
        "mine": next((one for one in entries if one.typed_by_account == seat.account.pk), None),
        "draw_refusal": allocation.refusal_to_draw_now(standing) if standing.state == "committed" else None,
        "job": job if job and not job.is_over else None,
        "job_failed": job if job and job.state == "failed" else None,
        "results": results,
        "stats": standing.stats.get("all", {}),
    }


def _freeze_refusals(standing: Draw, waiting: dict[str, int]) -> list[Refusal]:
    joins = standing.registration.applications.filter(joins=True, state="reviewed").count()
    return refusals_to_freeze(unreviewed=waiting.get("submitted", 0), joins=joins)


def _key(standing: Draw) -> str:
    return f"draw:{standing.pk}"


@require_POST
@at_school(Permission.DRAW_RUN)
def plan(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Name the public randomness."""
    found = registration_here(seat)
    if found is None:
        raise Http404
    kind, period = request.POST.get("kind", ""), request.POST.get("period", "")
    randomness = name_of(kind, period, request.POST.get("seals", "").splitlines())
    try:
        rules = Rules(mechanism=found.method)  # type: ignore[arg-type]
        allocation.plan(found, rules=rules, randomness=randomness, by=seat.by, at=clock.now())
    except Refused as no:
        messages.error(request, _said(no))
        return redirect(f"{_home(seat)}?{urlencode({'kind': kind, 'period': period})}")
    messages.success(request, f"已定下用{say_randomness(randomness)}，家长现在就能看到。")
    return redirect(_home(seat))


def _home(seat: Seat) -> str:
    return f"/school/{seat.school.code}/draw/"  # type: ignore[union-attr]


@require_POST
@at_school(Permission.DRAW_RUN)
def commitment(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Freeze the choices."""
    return _do(
        request, seat, lambda one: allocation.commit(one, by=seat.by, at=clock.now()), "志愿已封存，封存码可以张贴了。"
    )


@require_POST
@at_school(Permission.DRAW_SEE)
def beacon(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Note the published result as this person reads it."""
    typed = request.POST.getlist("result")
    words = [word.strip() for word in request.POST.get("reveals", "").splitlines() if word.strip()]

    def act(one: Draw) -> Any:
        found = result_of(one.randomness, typed)
        return allocation.enter_beacon(one, beacon=found, reveals=words, by=seat.by, at=clock.now())

    return _do(request, seat, act, "已录入您看到的公开结果。")


@require_POST
@at_school(Permission.DRAW_RUN)
def running(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Ask the worker to draw; the page shows how far it is."""
    standing = _draw(seat)
    if no := allocation.refusal_to_draw_now(standing):
        messages.error(request, sentences.say(no))
    else:
        jobs.ask(
            allocation.run_draw,
            key=_key(standing),
            title=f"{standing.registration.school.name}统筹摇号",
            by=seat.by,
            at=clock.now(),
            school_code=standing.registration.school.code,
            draw=standing.pk,
        )
        messages.success(request, "已开始摇号，可以离开这一页。")
    return redirect(_home(seat))


@require_GET
@at_school(Permission.DRAW_SEE)
def progress(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Return how far the draw is, as a fragment; when it is over the whole page is asked for."""
    standing = _draw(seat)
    job = jobs.JobReport.objects.filter(key=_key(standing)).first()
    if job is None or job.is_over:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "school/draw/progress.html", {"job": job, "draw": standing})


@require_http_methods(["GET", "POST"])
@at_school(Permission.DRAW_PUBLISH)
def publication(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show what publishing does, then publish."""
    standing = _draw(seat)
    if request.method == "POST":
        return _do(
            request,
            seat,
            lambda one: allocation.publish(one, by=seat.by, at=clock.now()),
            "已公布，家长都收到了来信，协议已发出待签。",
        )
    placed = standing.placements.filter(ended_at=None).values("application").distinct().count()
    asked = standing.registration.applications.filter(joins=True, state="reviewed").count()
    context = {
        "desk_base": "school/base.html",
        "draw": standing,
        "placed": placed,
        "nothing": asked - placed,
        "stats": standing.stats,
        "results": [one for one in queries.results(standing) if not one.slot.activity.is_base_care],
        "refusal": None if standing.state == "drawn" else _not_drawn(standing),
    }
    return render(request, "school/draw/publication.html", context)


def _not_drawn(standing: Draw) -> Refusal | None:
    return refusal_to_move(DRAW, standing.state, "published")


@require_POST
@at_school(Permission.DRAW_RUN)
def voiding(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Take back a draw that is not public, with a reason."""
    reason = request.POST.get("reason", "")
    return _do(
        request, seat, lambda one: allocation.void(one, reason=reason, by=seat.by, at=clock.now()), "已作废，记录保留。"
    )


def _do(request: HttpRequest, seat: Seat, act: Any, done: str) -> HttpResponse:
    try:
        act(_draw(seat))
    except Refused as no:
        messages.error(request, _said(no))
    else:
        messages.success(request, done)
    return redirect(_home(seat))


# --- Results ----------------------------------------------------------------------------------------------------------


@require_GET
@at_school(Permission.DRAW_SEE)
def placements(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """List who sits where; searched, by group, paged, as a spreadsheet."""
    standing = _draw(seat)
    slot = _slot(request)
    rows = queries.placements_of(standing, text=request.GET.get("q", "").strip(), slot=slot)
    if request.GET.get("as") == "sheet":
        columns = [sheets.Column(name) for name in ("年级", "班级", "姓名", "星期", "活动", "时间", "来源")]
        lines = (
            [
                one.application.pupil.homeroom.grade, str(one.application.pupil.homeroom), one.application.pupil.name,
                weekday_name(one.weekday), one.slot.activity.name,
                f"{one.slot.starts_at:%H:%M}–{one.slot.ends_at:%H:%M}", SOURCES[one.source],
            ]
            for one in rows.iterator(chunk_size=500)
        )  # fmt: skip
        return sheets.download(f"录取名单-{standing.registration.school.name}.xlsx", columns, lines)
    context = {
        "draw": standing,
        "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "slots": slots_of(standing.registration),
        "slot": slot,
        "sources": SOURCES,
    }
    return render(request, "school/draw/placements.html", context)


SOURCES = {"draw": "摇号", "base_care": "基础托管", "offer": "候补", "manual": "手工调整", "move": "调班"}


@require_GET
@at_school(Permission.DRAW_SEE)
def waiting(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """List the queues in their order."""
    standing = _draw(seat)
    slot = _slot(request)
    rows = queries.waiting_of(standing, text=request.GET.get("q", "").strip(), slot=slot)
    if request.GET.get("as") == "sheet":
        columns = [sheets.Column(name) for name in ("星期", "活动")] + [sheets.Column("顺序", "whole")]
        columns += [sheets.Column(name) for name in ("班级", "姓名")]
        lines = (
            [
                weekday_name(one.slot.weekday), one.slot.activity.name, one.position,
                str(one.application.pupil.homeroom), one.application.pupil.name,
            ]
            for one in rows.iterator(chunk_size=500)
        )  # fmt: skip
        return sheets.download(f"候补名单-{standing.registration.school.name}.xlsx", columns, lines)
    context = {
        "draw": standing,
        "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "slots": slots_of(standing.registration),
        "slot": slot,
    }
    return render(request, "school/draw/waiting.html", context)


def _slot(request: HttpRequest) -> int | None:
    return typed.whole(request.GET.get("slot"))


@require_http_methods(["GET", "POST"])
@at_school(Permission.DRAW_RUN)
def placement(request: HttpRequest, seat: Seat, placement_id: int) -> HttpResponse:
    """Change one seat by hand, with a reason that stands beside the result."""
    standing = _draw(seat)
    mine = Placement.objects.filter(application__registration=standing.registration, ended_at=None)
    one = get_object_or_404(
        mine.select_related(
            "application__pupil__homeroom", "application__pupil__school", "application__registration__term",
            "application__registration__school", "slot__activity",
        ),
        pk=placement_id,
    )  # fmt: skip
    wrong: tuple[Refusal, ...] = ()
    if request.method == "POST":
        try:
            _change(request, seat, one)
        except Refused as no:
            wrong = no.refusals
        else:
            messages.success(request, f"{one.application.pupil.name}的安排已调整，家长已收到通知。")
            return redirect("school:placements", seat.school.code)  # type: ignore[union-attr]
    options = [group for group in queries.results(standing) if group.slot.weekday == one.weekday]
    context = {
        "one": one,
        "options": [
            group
            for group in options
            if group.slot.pk != one.slot_id and one.application.pupil.homeroom.grade in group.slot.activity.grades
        ],
        "wrong": wrong,
        "typed": request.POST,
        "day": weekday_name(one.weekday),
    }
    return render(request, "school/draw/placement.html", context, status=422 if wrong else 200)


def _change(request: HttpRequest, seat: Seat, one: Placement) -> None:
    reason, slot = request.POST.get("reason", ""), typed.whole(request.POST.get("slot"))
    if slot is not None:
        allocation.place(one.application, slot, reason=reason, by=seat.by, at=clock.now(), instead_of=one)
    else:
        allocation.remove(one, reason=reason, by=seat.by, at=clock.now())


@require_POST
@at_school(Permission.DRAW_RUN)
def offers(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Ask the next in every queue whose group has a free seat."""
    standing = _draw(seat)
    if standing.state != "published":
        messages.error(request, "结果公布后才有候补可问。")
        return redirect(_home(seat))
    slots = slots_of(standing.registration).values_list("pk", flat=True)
    made = allocation.offer_free_seats(list(slots), by=seat.by, at=clock.now())
    messages.success(request, f"已按候补顺序问了{len(made)}家。" if made else "没有空位可以给候补。")
    return redirect("school:waiting", seat.school.code)  # type: ignore[union-attr]


# --- Papers -----------------------------------------------------------------------------------------------------------


@require_GET
@at_school(Permission.DRAW_SEE)
def paper(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Return the result for the 公示栏: pseudonyms only."""
    standing = _draw(seat)
    if standing.state != "published":
        raise Http404
    made = result_paper(standing, address=request.build_absolute_uri("/"))
    answer = HttpResponse(made.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="draw-result.pdf"'
    return answer


@require_GET
@at_school(Permission.DRAW_SEE)
def record(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Return the public record that anybody can recompute."""
    standing = _draw(seat)
    if standing.state != "published" or not standing.record:
        raise Http404
    name = f"draw-record-{standing.registration.term.code}-{standing.registration.school.code}.json"
    made = BytesIO(record_bytes(standing))
    return FileResponse(made, as_attachment=True, filename=name, content_type="application/json")
