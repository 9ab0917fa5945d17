"""学校统筹: named in advance, frozen, drawn from public randomness, published after a preview."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation import queries
from kehou.chapters.allocation.models import Draw
from kehou.chapters.enrolment.queries import reviews_open
from kehou.chapters.people.queries import Seat
from kehou.desks.school.gate import at_school
from kehou.desks.school.registration import registration_here
from kehou.lib import clock, jobs
from kehou.rules import sentences
from kehou.rules.allocation import Rules
from kehou.rules.allocation_words import SOURCES as PUBLIC_DRAWS
from kehou.rules.allocation_words import asked_results, name_of, refusals_of_typed, result_of, say_randomness
from kehou.rules.draw_groups import beside_the_others
from kehou.rules.drawing import refusals_to_freeze, refusals_to_plan
from kehou.rules.enrolling import METHODS, draws_teams_first
from kehou.rules.permissions import Permission
from kehou.rules.states import DRAW, refusal_to_move
from kehou.rules.verdicts import Refusal, Refused

STEPS = ("定随机数", "封存志愿", "录公开结果", "摇号", "公布")
_AT = {"planned": 2, "committed": 3, "drawn": 5, "published": 6}


def said(no: Refused) -> str:
    """Return refusals in words, for a message at the top of the next page."""
    return " ".join(sentences.say(refusal) for refusal in no.refusals)


def typed_again(request: HttpRequest) -> dict[str, Any]:
    """Return what somebody typed of a published result, to be shown once more when it was refused."""
    return {"result": request.POST.getlist("result"), "reveals": request.POST.get("reveals", "")}


def draw_here(seat: Seat) -> Draw:
    """Return the draw that stands at this school. :raises Http404: if there is none"""
    draw = draw_if_any(seat)
    if draw is None:
        raise Http404
    return draw


def draw_if_any(seat: Seat) -> Draw | None:
    """Return the draw that stands at this school, or None: what a page of the menu begins with."""
    found = registration_here(seat)
    return queries.draw_of(found) if found else None


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
        context |= {
            "method": METHODS[found.method],
            "teams_first": draws_teams_first(found.method),
            "typed": request.GET,
        }
        refusals = refusals_to_plan(
            mechanism=found.method,
            method=found.method,
            randomness="ssq:2026001",
            closes_at=found.closes_at,
            at=clock.now(),
            standing=standing is not None,
            again=queries.may_name_again(found),
        )
        context |= {"plan_refusals": refusals, "plan_refusal": refusals[0] if refusals else None}
    if standing is not None and found is not None:
        context |= _of(standing, seat) | {
            "asked": asked_results(standing.randomness, request.GET.getlist("result")),
            "reveals": request.GET.get("reveals", ""),
        }
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
        "witnesses": standing.randomness.count("ceremony:"),
        "in_hall": standing.witnesses.exists(),
        "freeze_refusal": next(iter(_freeze_refusals(standing, waiting)), None),
        "waiting": waiting,
        "entries": entries,
        "mine": next((one for one in entries if one.typed_by_account == seat.account.pk), None),
        "draw_refusal": allocation.refusal_to_draw_now(standing) if standing.state == "committed" else None,
        "job": job if job and not job.is_over else None,
        "job_failed": job if job and job.state == "failed" else None,
        "results": results,
        "stats": standing.stats.get("all", {}),
        "staff": beside_the_others(standing.stats),
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
        messages.error(request, said(no))
        return redirect(f"{draw_home(seat)}?{urlencode({'kind': kind, 'period': period})}")
    messages.success(request, f"已定下用{say_randomness(randomness)}，家长现在就能看到。")
    return redirect(draw_home(seat))


def draw_home(seat: Seat) -> str:
    """Return the address of the draw's page."""
    return f"/school/{seat.school.code}/draw/"  # type: ignore[union-attr]


@require_POST
@at_school(Permission.DRAW_RUN)
def commitment(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Freeze the choices."""
    return _do(
        request, seat, lambda one: allocation.commit(one, by=seat.by, at=clock.now()), "志愿已封存，封存码可以张贴了。"
    )


@require_POST
@at_school(Permission.DRAW_RESULT)
def beacon(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Note the published result as this person reads it."""
    typed = request.POST.getlist("result")
    words = [word.strip() for word in request.POST.get("reveals", "").splitlines() if word.strip()]

    def act(one: Draw) -> Any:
        if wrong := refusals_of_typed(one.randomness, typed):
            raise Refused(*wrong)
        found = result_of(one.randomness, typed)
        return allocation.enter_beacon(one, beacon=found, reveals=words, by=seat.by, at=clock.now())

    return _do(request, seat, act, "已录入您看到的公开结果。", typed=typed_again(request))


@require_POST
@at_school(Permission.DRAW_RUN)
def running(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Ask the worker to draw; the page shows how far it is."""
    standing = draw_here(seat)
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
    return redirect(draw_home(seat))


@require_GET
@at_school(Permission.DRAW_SEE)
def progress(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Return how far the draw is, as a fragment; when it is over the whole page is asked for."""
    standing = draw_here(seat)
    job = jobs.JobReport.objects.filter(key=_key(standing)).first()
    if job is None or job.is_over:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "school/draw/progress.html", {"job": job, "draw": standing})


@require_http_methods(["GET", "POST"])
@at_school(Permission.DRAW_PUBLISH)
def publication(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show what publishing does, then publish."""
    standing = draw_here(seat)
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
        "staff": beside_the_others(standing.stats),
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


def _do(request: HttpRequest, seat: Seat, act: Any, done: str, typed: Mapping[str, Any] | None = None) -> HttpResponse:
    """Do one act on the draw; when it is refused, what was typed comes back with the reason."""
    try:
        act(draw_here(seat))
    except Refused as no:
        messages.error(request, said(no))
        if typed:
            return redirect(f"{draw_home(seat)}?{urlencode(typed, doseq=True)}")
    else:
        messages.success(request, done)
    return redirect(draw_home(seat))
