"""Every number that the policy leaves open: its value, ground, history; proposing and approving a change."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.basis import actions as basis
from kehou.chapters.basis import queries
from kehou.chapters.basis.models import ParameterVersion
from kehou.chapters.people.queries import Seat
from kehou.desks.district.forms_parameter import DecisionForm, ProposalForm
from kehou.desks.district.gate import in_district
from kehou.desks.district.lists import sheet, sheet_url, wanted
from kehou.lib import clock, sheets
from kehou.rules import sentences
from kehou.rules.clauses import clause
from kehou.rules.parameters import OFFICES, REGISTRY, TITLES, Parameter, refusal_to_approve
from kehou.rules.permissions import Permission as P
from kehou.rules.verdicts import Refusal, Refused


def _to_propose(parameter: Parameter) -> P:
    return P.TARIFF_PROPOSE if parameter.two_persons else P.PARAMETER_PROPOSE


def _to_approve(parameter: Parameter) -> P:
    return P.TARIFF_APPROVE if parameter.two_persons else P.PARAMETER_APPROVE


def _insist(seat: Seat, needed: P) -> None:
    if needed not in seat.permissions:
        raise PermissionDenied(needed)


def _found(key: str) -> Parameter:
    if key not in REGISTRY:
        raise Http404
    return REGISTRY[key]


@in_district(P.PARAMETER_SEE)
def parameters(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show every parameter with its value today, what is proposed and what comes."""
    group = request.GET.get("group", "")
    shelves = queries.standing_parameters(clock.today(), text=wanted(request), group=group)
    rows = [(title, one) for title, shelf in shelves for one in shelf]
    words = "类别 参数 现在的数值 是否默认 生效日期 依据 批准 决定部门 对应条款 说明 启用"
    columns = [*map(sheets.Column, words.split())]
    cells = (
        (
            title, one.parameter.label, one.value, "默认" if one.is_default else "",
            str(one.version.from_on) if one.version else "",
            str(one.version.instrument or "") if one.version else "",
            one.version.approval_reference if one.version else "", OFFICES[one.parameter.decided_by],
            "、".join(one.parameter.clauses), one.parameter.why, one.parameter.takes_effect or "已启用",
        )
        for title, one in rows
    )  # fmt: skip
    if answer := sheet(request, "规则参数", columns, cells):
        return answer
    context = {
        "shelves": shelves,
        "count": len(rows),
        "changed": sum(not one.is_default for _, one in rows),
        "waiting": [(one, REGISTRY[one.key], queries.say(one)) for one in queries.proposals() if one.key in REGISTRY],
        "groups": TITLES.items(),
        "group": group,
        "offices": OFFICES,
        "sheet_url": sheet_url(request),
    }
    return render(request, "district/parameters.html", context)


@in_district(P.PARAMETER_SEE)
def parameter(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    """Show one parameter with its whole history."""
    return _page(request, seat, _found(key))


def _page(
    request: HttpRequest,
    seat: Seat,
    one: Parameter,
    form: ProposalForm | None = None,
    decision_form: DecisionForm | None = None,
    refusals: tuple[Refusal, ...] = (),
    status: int = 200,
) -> HttpResponse:
    today = clock.today()
    value = queries.parameters_on(today).value(one.key)
    history = queries.history_of(one.key)
    may_propose = _to_propose(one) in seat.permissions
    context = {
        "one": one,
        "group": TITLES[one.group],
        "office": OFFICES[one.decided_by],
        "value": one.show(value),
        "default": one.show(one.default),
        "clauses": [clause(id_) for id_ in one.clauses],
        "in_force": next((v for v, _ in history if v.state == ParameterVersion.IN_FORCE and v.from_on <= today), None),
        "waiting": [
            (version, words, _refusal_to_decide(version, one, seat))
            for version, words in history
            if version.state == ParameterVersion.PROPOSED
        ],
        "history": [row for row in history if row[0].state != ParameterVersion.PROPOSED],
        "today": today,
        "form": form or (ProposalForm(one, value) if may_propose else None),
        "decision_form": decision_form or DecisionForm(),
        "may_approve": _to_approve(one) in seat.permissions,
        "may_propose": may_propose,
        "proposer": _to_propose(one).title_zh,
        "refusals": refusals,
        "crumbs": [("规则参数", "/district/parameters/")],
    }
    return render(request, "district/parameter.html", context, status=status)


def _refusal_to_decide(version: ParameterVersion, one: Parameter, seat: Seat) -> Refusal | None:
    return refusal_to_approve(one.key, proposed_by=version.proposed_by_account, approved_by=seat.by.account_id)


@require_POST
@in_district(P.PARAMETER_SEE)
def proposals(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    """Propose another value."""
    one = _found(key)
    _insist(seat, _to_propose(one))
    form = ProposalForm(one, queries.parameters_on(clock.today()).value(key), request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            basis.propose_parameter(
                key, form.value, from_on=typed["from_on"], instrument=typed["instrument"],
                approval_reference=typed["approval_reference"], reason=typed["reason"], by=seat.by, at=clock.now(),
            )  # fmt: skip
        except Refused as no:
            for refusal in no.refusals:
                form.add_error("from_on" if refusal.why == "starts_in_the_past" else None, sentences.say(refusal))
        else:
            messages.success(request, f"已提出修改“{one.label}”，批准后从{typed['from_on']:%-m月%-d日}起生效。")
            return redirect("district:parameter", key)
    return _page(request, seat, one, form=form, status=422)


@require_POST
@in_district(P.PARAMETER_SEE)
def decision(request: HttpRequest, seat: Seat, version_id: int) -> HttpResponse:
    """Approve, decline or take back a proposal."""
    version = get_object_or_404(ParameterVersion, pk=version_id)
    one = _found(version.key)
    wish = request.POST.get("decision")
    _insist(seat, _to_propose(one) if wish == "withdraw" else _to_approve(one))
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, seat, one, decision_form=form, status=422)
    typed = form.cleaned_data
    try:
        if wish == "approve":
            basis.approve_parameter(version, by=seat.by, at=clock.now(), **typed)
            messages.success(request, f"“{one.label}”已批准，从{version.from_on:%-m月%-d日}起生效。")
        elif wish == "reject":
            basis.reject_parameter(version, reason=typed["reason"], by=seat.by, at=clock.now())
            messages.success(request, f"“{one.label}”的修改没有批准。")
        elif wish == "withdraw":
            basis.withdraw_parameter(version, reason=typed["reason"], by=seat.by, at=clock.now())
            messages.success(request, f"“{one.label}”的修改已撤回。")
        else:
            raise Http404
    except Refused as no:
        return _page(request, seat, one, decision_form=form, refusals=no.refusals, status=409)
    return redirect("district:parameter", version.key)
