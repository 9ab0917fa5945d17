"""补选: opened with the randomness named, who has asked, frozen, drawn, published after a preview in counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation.displaced import displaced
from kehou.chapters.allocation.models import Draw, Offer, RefillWish
from kehou.chapters.allocation.refills import refill_round_of, sealed_words, standing_refill, wishes_of
from kehou.chapters.allocation.swaps import swap_round_of
from kehou.chapters.enrolment.queries import slots_of
from kehou.chapters.people.queries import Seat
from kehou.desks.school.draw import draw_here, draw_if_any, said, typed_again
from kehou.desks.school.forms_survey import moment_field
from kehou.desks.school.gate import at_school
from kehou.lib import clock, jobs, sheets
from kehou.rules import sentences
from kehou.rules.allocation_words import SOURCES, asked_results, name_of, refusals_of_typed, result_of, say_randomness
from kehou.rules.calendar import weekday_name
from kehou.rules.permissions import Permission
from kehou.rules.refilling import STANDING, refusals_to_freeze, refusals_to_open
from kehou.rules.states import DRAW, SWAPS, refusal_to_move
from kehou.rules.verdicts import Refusal, Refused

ROWS = 60
OUTCOMES = {"moved": "换到", "served": "补到", "unchanged": "没有补上", "lapsed": "家长已退出，作罢", "": "等截止"}
STEPS = ("征集", "封存", "录公开结果", "摇号", "公布")
_AT = {"planned": 1, "committed": 3, "drawn": 5, "published": 6}


class RefillForm(forms.Form):
    """Until when families may ask, and which public result decides."""

    closes_at = moment_field("截止", help_text="早填晚填一样；建议三到五天。")
    kind = forms.ChoiceField(label="用什么随机数", choices=[*SOURCES.items(), ("ceremony", "现场见证人公开的数")])
    period = forms.CharField(
        label="第几期",
        max_length=7,
        required=False,
        help_text="写截止以后才开奖的一期。双色球写七位，如2026134；大乐透写五位，如26134。",
    )
    seals = forms.CharField(
        label="见证人封好的校验码",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="只在用现场见证人时填，一行一个，至少三位。每位见证人自己想好一句话，算出它的 SHA-256 校验码交来；"
        "话自己留着，志愿封存以后当众念出来，和校验码对得上才算。",
    )

    def randomness(self) -> str:
        """Return the randomness as it is named in the record."""
        values = self.cleaned_data
        return name_of(values["kind"], values["period"], values["seals"].splitlines())


@require_GET
@at_school(Permission.DRAW_SEE)
def refill(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the round that stands or the last one: who asked, the next act; the form that opens one."""
    return _page(request, seat, RefillForm())


def _page(request: HttpRequest, seat: Seat, form: RefillForm, status: int = 200) -> HttpResponseBase:
    draw = draw_if_any(seat)
    if draw is None:
        return render(request, "school/draw/refill.html", {"draw": None}, status=status)
    round = refill_round_of(draw)
    standing = round is not None and round.state in STANDING
    swaps, now = swap_round_of(draw), clock.now()
    refusals = refusals_to_open(
        published=draw.state == "published",
        standing=standing,
        swapping=swaps is not None and swaps.state == SWAPS.start,
        randomness="ssq:2026001",
        closes_at=now.max.replace(tzinfo=now.tzinfo),
        at=now,
    )
    context: dict[str, Any] = {
        "draw": draw, "round": round, "standing": standing, "form": form, "refusal": next(iter(refusals), None),
    }  # fmt: skip
    if round is not None:
        rows, names = wishes_of(round, text=request.GET.get("q", "").strip()), _names(round)
        if request.GET.get("as") == "sheet":
            return _sheet(round, rows, names)
        page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
        context |= _of(round, draw, seat) | {
            "asked_results": asked_results(round.randomness, request.GET.getlist("result")),
            "reveals": request.GET.get("reveals", ""),
            "page": page,
            "lines": [(one, _wanted(one, names), _outcome(one, names)) for one in page],
        }
    return render(request, "school/draw/refill.html", context, status=status)


def _of(round: Draw, draw: Draw, seat: Seat) -> dict[str, Any]:
    """Return what the page of a round shows beside the list."""
    entries = list(round.beacon_entries.order_by("typed_at"))
    job = jobs.JobReport.objects.filter(key=_key(round)).first()
    return {
        "steps": STEPS,
        "now_step": _AT[round.state] + (round.state == "committed" and len(entries) > 1),
        "state": DRAW.labels[round.state],
        "randomness": say_randomness(round.randomness),
        "asked": wishes_of(round).count(),
        "freeze_refusal": next(iter(_freeze_refusals(round, draw)), None),
        "witnesses": round.randomness.count("ceremony:"),
        "sealed": sealed_words(round),
        "entries": entries,
        "mine": next((one for one in entries if one.typed_by_account == seat.account.pk), None),
        "draw_refusal": allocation.refusal_to_draw_now(round) if round.state == "committed" else None,
        "job": job if job and not job.is_over else None,
        "job_failed": job if job and job.state == "failed" else None,
        "counts": round.stats.get("refilled", {}),
        "earlier": draw.refills.exclude(pk=round.pk).order_by("-number"),
        "states": DRAW.labels,
    }


def _freeze_refusals(round: Draw, draw: Draw) -> list[Refusal]:
    assert round.closes_at is not None
    if round.state != DRAW.start:
        return []
    now = clock.now()
    return refusals_to_freeze(
        state=round.state,
        closes_at=round.closes_at,
        at=now,
        asked=wishes_of(round).count(),
        offers=Offer.objects.filter(draw=draw, state=Offer.OPEN, expires_at__gt=now).count(),
        displaced=len(displaced(draw)),
        unreviewed=round.registration.applications.filter(joins=True, state="submitted").count(),
    )


def _key(round: Draw) -> str:
    return f"draw:{round.pk}"


def _names(round: Draw) -> dict[int, str]:
    return {slot.pk: slot.activity.name for slot in slots_of(round.registration)}


def _wanted(wish: RefillWish, names: dict[int, str]) -> str:
    listed = [names[slot] for slot in wish.slots if slot in names]
    return "、".join([*listed, *(["基础托管"] if wish.care else [])])


def _outcome(wish: RefillWish, names: dict[int, str]) -> str:
    """Return what came of a wish; before the result is public that is nobody's to read."""
    if wish.refill.state != "published":
        return OUTCOMES[""]
    got = "、".join(names.get(slot, "") for slot in wish.got) if wish.outcome in ("moved", "served") else ""
    return f"{OUTCOMES[wish.outcome]}{got}"


def _sheet(round: Draw, rows: Any, names: dict[int, str]) -> HttpResponseBase:
    columns = [sheets.Column(name) for name in ("班级", "姓名", "星期", "想去（按顺序）", "填报", "结果")]
    lines = (
        [
            str(one.application.pupil.homeroom), one.application.pupil.name, weekday_name(one.weekday),
            _wanted(one, names), f"{one.asked_at:%Y-%m-%d}", _outcome(one, names),
        ]
        for one in rows.select_related("refill").iterator(chunk_size=500)
    )  # fmt: skip
    return sheets.download(f"补选-{round.registration.school.name}-{round.number}.xlsx", columns, lines)


# --- Acts -------------------------------------------------------------------------------------------------------------


@require_POST
@at_school(Permission.DRAW_RUN)
def opening(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Open a round until an hour, with the randomness named."""
    form = RefillForm(request.POST)
    if form.is_valid():
        try:
            allocation.open_refill(
                draw_here(seat),
                closes_at=form.cleaned_data["closes_at"],
                randomness=form.randomness(),
                by=seat.by,
                at=clock.now(),
            )
        except Refused as no:
            for refusal in no.refusals:
                form.add_error(None, sentences.say(refusal))
        else:
            messages.success(request, "补选已开始，家长都收到了来信。")
            return redirect("school:refill", seat.school.code)  # type: ignore[union-attr]
    return _page(request, seat, form, 422)


@require_POST
@at_school(Permission.DRAW_RUN)
def commitment(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Freeze the wishes and who holds what."""

    def act(round: Draw) -> str:
        allocation.commit_refill(round, by=seat.by, at=clock.now())
        return "志愿已封存，封存码可以张贴了。"

    return _do(request, seat, act)


@require_POST
@at_school(Permission.DRAW_RESULT)
def beacon(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Note the published result as this person reads it."""
    words = [word.strip() for word in request.POST.get("reveals", "").splitlines() if word.strip()]
    typed = request.POST.getlist("result")

    def act(round: Draw) -> str:
        if wrong := refusals_of_typed(round.randomness, typed):
            raise Refused(*wrong)
        found = result_of(round.randomness, typed)
        allocation.enter_beacon(round, beacon=found, reveals=words, by=seat.by, at=clock.now())
        return "已录入您看到的公开结果。"

    return _do(request, seat, act, typed=typed_again(request))


@require_POST
@at_school(Permission.DRAW_RUN)
def running(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Ask the worker to draw; the page shows how far it is."""

    def act(round: Draw) -> str:
        if no := allocation.refusal_to_draw_now(round):
            raise Refused(no)
        jobs.ask(
            allocation.run_draw,
            key=_key(round),
            title=f"{round.registration.school.name}补选摇号",
            by=seat.by,
            at=clock.now(),
            school_code=round.registration.school.code,
            draw=round.pk,
        )
        return "已开始摇号，可以离开这一页。"

    return _do(request, seat, act)


@require_GET
@at_school(Permission.DRAW_SEE)
def progress(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Return how far the draw is, as a fragment; when it is over the whole page is asked for."""
    round = _round(seat)
    job = jobs.JobReport.objects.filter(key=_key(round)).first()
    if job is None or job.is_over:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "school/draw/refill_progress.html", {"job": job, "round": round})


@require_http_methods(["GET", "POST"])
@at_school(Permission.DRAW_PUBLISH)
def publication(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show in counts what publishing does, then publish."""
    if request.method == "POST":

        def act(round: Draw) -> str:
            allocation.publish_refill(round, by=seat.by, at=clock.now())
            return "已公布，填报的家长都收到了来信；补上的从下一个服务日起。"

        return _do(request, seat, act)
    round = _round(seat)
    context = {
        "desk_base": "school/base.html",
        "round": round,
        "counts": round.stats.get("refilled", {}),
        "groups": _changed(round),
        "refusal": refusal_to_move(DRAW, round.state, "published"),
    }
    return render(request, "school/draw/refill_publication.html", context)


def _changed(round: Draw) -> list[dict[str, Any]]:
    """Return by group how many come and go, in the order of the table: counts only."""
    found: dict[int, dict[str, Any]] = {}
    slots = {slot.pk: slot for slot in slots_of(round.registration)}
    for wish in round.refill_wishes.filter(outcome__in=("moved", "served")):
        for slot, what in [*((pk, "come") for pk in wish.got), (wish.held_id, "go")]:
            if slot in slots:
                row = found.setdefault(slot, {"slot": slots[slot], "come": 0, "go": 0})
                row[what] += 1
    return [found[pk] for pk in slots if pk in found and not slots[pk].activity.is_base_care]


@require_POST
@at_school(Permission.DRAW_RUN)
def voiding(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Call a round off that is not public, with a reason."""

    def act(round: Draw) -> str:
        allocation.void_refill(round, reason=request.POST.get("reason", ""), by=seat.by, at=clock.now())
        return "已作废，填报的家长都收到了来信。"

    return _do(request, seat, act)


def _round(seat: Seat) -> Draw:
    """Return the round that is not public yet. :raises Http404: if there is none"""
    found = standing_refill(draw_here(seat).registration)
    if found is None:
        raise Http404
    return found


def _do(
    request: HttpRequest, seat: Seat, act: Callable[[Draw], str], *, typed: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Do one act on the round; when it is refused, what was typed comes back with the reason."""
    again = ""
    try:
        messages.success(request, act(_round(seat)))
    except Refused as no:
        messages.error(request, said(no))
        again = urlencode(typed or {}, doseq=True)
    return redirect(f"{reverse('school:refill', args=[seat.school.code])}?{again}".rstrip("?"))  # type: ignore[union-attr]
