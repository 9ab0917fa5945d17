"""第三方机构: calls, who applied, enquiries, the panel, publicity, the list, reviews, exits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.journal.queries import history_of
from kehou.chapters.people.queries import Seat
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing import queries
from kehou.chapters.staffing.models import Candidacy, Objection, ProviderCall
from kehou.desks.district.forms_provider import CallForm, CandidacyForm, CheckForm, ExitForm, ScoreForm
from kehou.desks.district.gate import in_district
from kehou.desks.district.lists import page_of, sheet, sheet_url, wanted
from kehou.desks.district.telling import status_of, tell
from kehou.lib import clock, sheets
from kehou.rules.outsiders import AREA_TITLES, warning_of_spread
from kehou.rules.permissions import Permission as P
from kehou.rules.providers import CHECKS, CRITERIA
from kehou.rules.sentences import say
from kehou.rules.states import PROVIDER, refusal_to_move
from kehou.rules.verbs import title_of
from kehou.rules.verdicts import Refused, refuse

KINDS = {"needed": "plain", "applied": "wait", "selected": "wait", "shown": "live", "listed": "done", "left": "refused"}
CRUMBS = [("第三方机构", "/district/providers/")]


@require_GET
@in_district(P.PROVIDER_SEE)
def providers(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show every organisation in its call, where it stands, who waits; and the calls."""
    state = request.GET.get("state", "")
    rows = queries.candidacies(state=state if state in KINDS else "", text=wanted(request))
    columns = [
        *map(sheets.Column, ("机构", "信用代码", "征集", "类别", "状态")), sheets.Column("每课时（元）", "fen"),
        sheets.Column("公示到", "day"), sheets.Column("名单到", "day"), sheets.Column("服务学校", "whole"),
    ]  # fmt: skip
    cells = (
        (
            one.provider.name, one.provider.credit_code, one.call.number, AREA_TITLES[one.area],
            PROVIDER.labels[one.state], one.hour_fen, one.shown_until_on, one.listed_until_on, one.schools,
        )
        for one in rows
    )  # fmt: skip
    if answer := sheet(request, "第三方机构", columns, cells):
        return answer
    page = page_of(request, rows)
    most = parameters_on(clock.today()).provider.schools_most
    context = {
        "page": page,
        "rows": [
            (one, AREA_TITLES[one.area], PROVIDER.labels[one.state], KINDS[one.state],
             warning_of_spread(one.provider.name, schools=one.schools, most=most))
            for one in page
        ],
        "states": [(key, PROVIDER.labels[key]) for key in KINDS],
        "state": state,
        "calls": [(one, [AREA_TITLES[area] for area in one.areas]) for one in queries.calls()[:10]],
        "today": clock.today(),
        "sheet_url": sheet_url(request),
    }  # fmt: skip
    return render(request, "district/providers/providers.html", context)


@require_http_methods(["GET", "POST"])
@in_district(P.PROVIDER_DECIDE)
def new_call(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Publish what is looked for."""
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = staffing.call_for_providers(**form.cleaned_data, by=seat.by, at=clock.now())
            messages.success(request, f"征集{made.number}已发布。")
            return redirect("district:providers")
        except Refused as no:
            tell(form, no)
    context = {"form": form, "title": "发布征集", "crumbs": CRUMBS, "button": "发布"}
    return render(request, "district/form.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
@in_district(P.PROVIDER_DECIDE)
def new_candidacy(request: HttpRequest, seat: Seat, call_id: int) -> HttpResponse:
    """Register who answers a call."""
    call = get_object_or_404(ProviderCall, pk=call_id)
    form = CandidacyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = staffing.register_candidacy(call, form.organisation(), form.handed(), by=seat.by, at=clock.now())
            messages.success(request, "已登记，接着登记四项查询。")
            return redirect("district:provider", made.pk)
        except Refused as no:
            tell(
                form, no, credit_code_wrong="credit_code", licence_expired="licence_until", subject_training="scope",
                too_young="founded_on", school_address="teaching_address",
            )  # fmt: skip
    context = {"form": form, "title": f"登记申报：{call.title}", "crumbs": CRUMBS, "button": "登记"}
    return render(request, "district/form.html", context, status=status_of(form))


def _one(candidacy_id: int) -> Candidacy:
    return get_object_or_404(Candidacy.objects.select_related("provider", "call"), pk=candidacy_id)


@require_GET
@in_district(P.PROVIDER_SEE)
def provider(request: HttpRequest, seat: Seat, candidacy_id: int) -> HttpResponse:
    """Show one organisation in its call: every step with its evidence, and what comes next."""
    return _page(request, seat, _one(candidacy_id))


def _next(one: Candidacy) -> tuple[str, str, tuple[Any, ...]] | None:
    """Return the next step: its key, what the button says, and what stands against it."""
    on = clock.today()
    if one.state == "needed":
        return "accept", "受理申报", staffing.refusals_to_accept(one, on=on)
    if one.state == "applied":
        return "select", "通过遴选", tuple(filter(None, [staffing.refusal_of_panel(one, on=on)]))
    if one.state == "selected":
        return "show", "开始公示", ()
    if one.state == "shown":
        return "enlist", "列入名单", tuple(filter(None, [staffing.refusal_of_listing(one, on=on)]))
    return None


def _page(
    request: HttpRequest, seat: Seat, one: Candidacy, forms: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    left = queries.last_exit(one.provider)
    context = {
        "one": one,
        "area": AREA_TITLES[one.area],
        "state": PROVIDER.labels[one.state],
        "kind": KINDS[one.state],
        "next": _next(one),
        "checks": [(row, CHECKS[row.kind]) for row in one.checks.order_by("-checked_at", "-pk")],
        "scores": [
            (row, [(title, row.points[key]) for key, title in CRITERIA.items()])
            for row in one.scores.order_by("recorded_at", "pk")
        ],
        "objections": one.objections.order_by("answered_at", "made_at"),
        "uses": queries.uses_of().filter(candidacy=one),
        "reviews": one.reviews.order_by("-made_at"),
        "exit": getattr(one, "exit", None),
        "can_readmit": left is not None and not queries.is_readmitted(one.provider, left),
        "cannot_leave": refusal_to_move(PROVIDER, one.state, "left"),
        "may": P.PROVIDER_DECIDE in seat.permissions,
        "check_form": CheckForm(),
        "score_form": ScoreForm(),
        "exit_form": ExitForm(),
        "crumbs": CRUMBS,
        "events": [
            {
                "what": title_of(entry.verb),
                "who": entry.actor_name,
                "at": entry.at,
                "note": entry.facts.get("reason", ""),
            }
            for entry in history_of(one)[:30]
        ],
        **(forms or {}),
    }
    return render(request, "district/providers/provider.html", context, status=status)


def _do(
    request: HttpRequest, seat: Seat, candidacy_id: int, act: Callable[[Candidacy, dict[str, Any]], Any], said: str
) -> HttpResponse:
    """Do a step with `by` and `at`, say what was done or why not."""
    one = _one(candidacy_id)
    try:
        act(one, {"by": seat.by, "at": clock.now()})
        messages.success(request, said)
    except Refused as no:
        messages.error(request, "；".join(map(say, no.refusals)))
        return _page(request, seat, _one(candidacy_id), status=409)
    return redirect("district:provider", candidacy_id)


@require_POST
@in_district(P.PROVIDER_DECIDE)
def check(request: HttpRequest, seat: Seat, candidacy_id: int) -> HttpResponse:
    """Keep the result of an enquiry."""
    form = CheckForm(request.POST)
    if not form.is_valid():
        return _page(request, seat, _one(candidacy_id), {"check_form": form}, 422)
    typed = form.cleaned_data | {"clean": form.cleaned_data["clean"] == "yes"}
    kind = typed.pop("kind")
    return _do(
        request,
        seat,
        candidacy_id,
        lambda one, who: staffing.record_check(one, kind, **typed, **who),
        "查询结果已登记。",
    )


@require_POST
@in_district(P.PROVIDER_DECIDE)
def score(request: HttpRequest, seat: Seat, candidacy_id: int) -> HttpResponse:
    """Keep the sheet of one member of the panel."""
    form = ScoreForm(request.POST)
    if not form.is_valid():
        return _page(request, seat, _one(candidacy_id), {"score_form": form}, 422)
    typed = {key: form.cleaned_data[key] for key in ("panellist", "office", "note")}
    return _do(
        request, seat, candidacy_id,
        lambda one, who: staffing.record_score(one, **typed, points=form.points, **who), "打分已登记。",
    )  # fmt: skip


STEPS: dict[str, tuple[Callable[..., Any], str]] = {
    "accept": (staffing.accept_application, "申报已受理。"),
    "select": (staffing.select, "已通过遴选。"),
    "show": (staffing.show, "公示已开始，公众可以提出异议。"),
    "enlist": (staffing.enlist, "已列入名单，学校可以选用。"),
}


@require_POST
@in_district(P.PROVIDER_DECIDE)
def step(request: HttpRequest, seat: Seat, candidacy_id: int) -> HttpResponse:
    """Take it one step on."""
    act, said = STEPS.get(request.POST.get("step", ""), (None, ""))
    if act is None:
        return redirect("district:provider", candidacy_id)
    return _do(request, seat, candidacy_id, lambda one, who: act(one, **who), said)


@require_POST
@in_district(P.PROVIDER_DECIDE)
def objection(request: HttpRequest, seat: Seat, candidacy_id: int, objection_id: int) -> HttpResponse:
    """Answer what somebody of the public said."""
    row = get_object_or_404(Objection, pk=objection_id, candidacy_id=candidacy_id)
    upheld, answer = request.POST.get("upheld"), request.POST.get("answer", "")

    def act(one: Candidacy, who: dict[str, Any]) -> None:
        if upheld not in ("yes", "no"):
            raise Refused(refuse("P8-2", "answer_missing"))
        staffing.answer_objection(row, upheld=upheld == "yes", answer=answer, **who)

    return _do(request, seat, candidacy_id, act, "已答复。")


@require_POST
@in_district(P.PROVIDER_DECIDE)
def review(request: HttpRequest, seat: Seat, candidacy_id: int) -> HttpResponse:
    """Look at it once a year: keep it or let it go."""
    keeps, note = request.POST.get("keeps") == "yes", request.POST.get("note", "")
    return _do(
        request, seat, candidacy_id, lambda one, who: staffing.review_listing(one, keeps=keeps, note=note, **who),
        "年度评估已登记。",
    )  # fmt: skip


@require_POST
@in_district(P.PROVIDER_DECIDE)
def leaving(request: HttpRequest, seat: Seat, candidacy_id: int) -> HttpResponse:
    """Take it off the list or out of the call."""
    form = ExitForm(request.POST)
    if not form.is_valid():
        return _page(request, seat, _one(candidacy_id), {"exit_form": form}, 422)
    return _do(
        request, seat, candidacy_id, lambda one, who: staffing.leave_list(one, **form.cleaned_data, **who), "已退出。"
    )


@require_POST
@in_district(P.PROVIDER_DECIDE)
def readmission(request: HttpRequest, seat: Seat, candidacy_id: int) -> HttpResponse:
    """Let it apply once more."""
    reason = request.POST.get("reason", "")
    return _do(
        request, seat, candidacy_id, lambda one, who: staffing.readmit(one.provider, reason=reason, **who),
        "已准许，可以在下一次征集中申报。",
    )  # fmt: skip
