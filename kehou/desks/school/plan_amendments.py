"""调整方案: why and what, whom it touches, what the families answer, the new text before the principal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.allocation.queries import seated_in
from kehou.chapters.people.queries import Seat
from kehou.chapters.planning import actions, queries
from kehou.chapters.planning.models import Amendment, AmendmentConsent
from kehou.chapters.programme.models import Activity
from kehou.desks.school.forms_plan import AmendmentForm, PaperConsentForm, ScopeForm
from kehou.desks.school.gate import at_school
from kehou.desks.school.one_form import one_form, upload_in
from kehou.desks.school.plan import download, frame, no_plan, plan_here, said
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets
from kehou.rules.permissions import Permission
from kehou.rules.planning import ChangeKind
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused

ROWS = 60
_FIELDS = {
    "no_reason": "reason",
    "begins_in_the_past": "from_on",
    "deadline_between": "answer_by",
    "nothing_changes": "what",
}


def _amendment(request: HttpRequest, seat: Seat, number: int) -> Amendment:
    return get_object_or_404(queries.amendments_of(plan_here(request, seat)), number=number)


@require_GET
@at_school(Permission.PLAN_SEE)
def amendments(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the amendments of the term."""
    if queries.plan_of(seat.school, this_term(request)) is None:  # type: ignore[arg-type]
        return no_plan(request, seat, "调整方案")
    found = plan_here(request, seat)
    rows = [(one, state_of(one)) for one in queries.amendments_of(found)]
    context = {
        **frame(found),
        "rows": rows,
        "standing": queries.standing_amendment(found),
        "signed": queries.signed_version(found),
    }
    return render(request, "school/plan/amendments.html", context)


def state_of(one: Amendment) -> tuple[str, str]:
    """Return (kind, words) of where an amendment stands."""
    if one.withdrawn_at:
        return "plain", "已撤回"
    if one.after and one.after.signed_at:
        return "done", "备案通过" if one.accepted_at else "已签发，待报备案"
    if one.after and not one.after.returned_at:
        return "wait", "待校长签发"
    return ("live", "家长答复中") if one.told_at and one.is_material else ("live", "办理中")


@require_http_methods(["GET", "POST"])
@at_school(Permission.PLAN_EDIT)
def amendment_new(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Propose an amendment."""
    found = plan_here(request, seat)
    form = AmendmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.propose_amendment(found, **form.facts(), by=seat.by, at=clock.now())
        except Refused as no:
            for refusal in no.refusals:
                form.add_error(_FIELDS.get(refusal.why), say(refusal))
        else:
            messages.success(request, "请改方案正文，再告知受影响的家庭。")
            return redirect("school:amendment", seat.school.code, made.number)  # type: ignore[union-attr]
    return render(
        request, "school/plan/amendment_new.html", {**frame(found), "form": form}, status=422 if form.errors else 200
    )


@require_GET
@at_school(Permission.PLAN_SEE)
def amendment(request: HttpRequest, seat: Seat, number: int) -> HttpResponseBase:
    """Show one amendment: what changes, line by line, whom it touches, who has answered."""
    found = _amendment(request, seat, number)
    consents = found.consents.select_related("pupil__homeroom").order_by(
        "answer", "pupil__homeroom__grade", "pupil__homeroom__number", "pupil__name_sort"
    )
    text = request.GET.get("q", "").strip()
    if text:
        consents = consents.filter(pupil__name__icontains=text)
    if request.GET.get("as") == "sheet":
        return _sheet(found, consents)
    kind, words = state_of(found)
    context = {
        **frame(found.plan),
        "amendment": found,
        "kind": kind,
        "words": words,
        "changes": [(f"{one.kind.label}：{one.what}", one.was, one.becomes) for one in queries.changes_of(found)],
        "diff": queries.difference_of(found),
        "priced": any(one.kind is ChangeKind.PRICE for one in queries.changes_of(found)),
        "page": Paginator(consents, ROWS).get_page(request.GET.get("page")),
        "titles": AmendmentConsent.TITLES,
        "over": found.answer_by is None or clock.now() >= found.answer_by,
        "open": not found.withdrawn_at and not (found.after and found.after.signed_at),
    }
    return render(request, "school/plan/amendment.html", context)


def _sheet(found: Amendment, consents: Any) -> HttpResponseBase:
    columns = [sheets.Column(name) for name in ("班级", "学生", "涉及", "答复")] + [sheets.Column("时间", "moment")]
    rows = (
        [str(one.pupil.homeroom), one.pupil.name, one.touched, AmendmentConsent.TITLES[one.answer], one.answered_at]
        for one in consents
    )
    return sheets.download(f"{found}-{found.plan.school.name}.xlsx", columns, rows)


@require_http_methods(["GET", "POST"])
@at_school(Permission.PLAN_EDIT)
def amendment_telling(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """Pick what the change concerns, see how many families that touches, tell them."""
    found = _amendment(request, seat, number)
    activities = Activity.objects.filter(
        table__school=found.plan.school, table__term=found.plan.term, withdrawn_at=None
    ).order_by("name")
    form = ScopeForm(activities, request.POST if request.method == "POST" else request.GET or None)
    touched: dict[int, str] = {}
    picked: set[int] = set()
    if form.is_bound and form.is_valid():
        picked = {one.pk for one in form.cleaned_data["activity"]}
        touched = seated_in(
            found.plan.school,
            found.plan.term,
            on=found.from_on,
            activities=picked,
            weekdays=form.cleaned_data["weekday"],
        )
    if request.method == "POST" and form.is_valid():
        try:
            told = actions.tell_affected(
                found, touched, activities=picked, weekdays=form.cleaned_data["weekday"], by=seat.by, at=clock.now()
            )
            messages.success(request, f"已告知{told}名学生的家庭。")
            return redirect("school:amendment", seat.school.code, number)  # type: ignore[union-attr]
        except Refused as no:
            form.add_error(None, said(no))
    context = {**frame(found.plan), "amendment": found, "form": form, "touched": len(touched), "looked": form.is_bound}
    return render(request, "school/plan/amendment_telling.html", context, status=409 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@at_school(Permission.PLAN_EDIT)
def amendment_paper(request: HttpRequest, seat: Seat, number: int, consent_id: int) -> HttpResponse:
    """Keep that a family has agreed on paper: without a phone, or after the school has talked to it."""
    found = _amendment(request, seat, number)
    consent = get_object_or_404(found.consents.select_related("pupil__homeroom"), pk=consent_id)

    def keep(typed: dict[str, Any]) -> str:
        actions.record_paper_consent(consent, scan=upload_in(typed["scan"]), by=seat.by, at=clock.now())
        return f"已登记{who}的纸质同意。"

    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    who, form = f"{consent.pupil.name}家长", PaperConsentForm(*sent)
    return one_form(
        request, seat, form, keep, title=f"登记{who}的纸质同意", back=("调整方案", "school:amendments"),
        button="登记", lead=f"{found}：{consent.touched or found.reason}", to=("school:amendment", number),
    )  # fmt: skip


@require_GET
@at_school(Permission.PLAN_EDIT)
def amendment_consent_scan(request: HttpRequest, seat: Seat, number: int, consent_id: int) -> HttpResponseBase:
    """Return the paper that a family has signed."""
    consent = get_object_or_404(_amendment(request, seat, number).consents, pk=consent_id)
    return download(consent.scan, f"consent-{consent.pk}")


@require_POST
@at_school(Permission.PLAN_EDIT)
def amendment_preparing(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """Lay the amended text before the principal."""
    found = _amendment(request, seat, number)
    try:
        actions.prepare_amendment(found, by=seat.by, at=clock.now())
        messages.success(request, "调整稿已送校长签发。")
    except Refused as no:
        messages.error(request, said(no))
    return redirect("school:amendment", seat.school.code, number)  # type: ignore[union-attr]


@require_POST
@at_school(Permission.PLAN_EDIT)
def amendment_withdrawal(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """Take an amendment back."""
    found = _amendment(request, seat, number)
    try:
        actions.withdraw_amendment(found, reason=request.POST.get("reason", ""), by=seat.by, at=clock.now())
        messages.success(request, "已撤回，一切按原来的安排；通知过的家庭都收到了说明。")
    except Refused as no:
        messages.error(request, said(no))
    return redirect("school:amendment", seat.school.code, number)  # type: ignore[union-attr]
