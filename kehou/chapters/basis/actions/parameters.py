"""Changing a number of the district: proposed with its ground, approved by whom it concerns, kept for ever."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from kehou.chapters.basis.models import Instrument, ParameterVersion
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.journal import actions as journal
from kehou.lib import chance
from kehou.lib.actors import Actor
from kehou.rules.basis import refusal_of_start, refusal_without_ground
from kehou.rules.parameters import REGISTRY, Parameters, refusal_to_approve
from kehou.rules.spans import Span
from kehou.rules.states import PARAMETER_CHANGE, refusal_to_move
from kehou.rules.verdicts import Refused, insist, refuse


@transaction.atomic
def propose_parameter(
    key: str,
    value: Any,
    *,
    from_on: date,
    by: Actor,
    at: datetime,
    instrument: Instrument | None = None,
    approval_reference: str = "",
    reason: str = "",
) -> ParameterVersion:
    """Propose a value (in its stored form) from a day on; nothing changes before somebody approves it.

    :raises Refused: R-BASIS-03 and others, if the value is not allowed, contradicts another or begins in the past
    """
    _check(key, value, from_on)
    insist(refusal_of_start(from_on, today=at.date()))
    parameter = REGISTRY[key]
    stored = parameter.dump(parameter.load(value))
    if parameters_on(from_on).value(key) == parameter.load(stored):
        raise Refused(refuse("R-BASIS-03", "nothing_changes", label=parameter.label))
    version = ParameterVersion.objects.create(
        key=key,
        value=stored,
        from_on=from_on,
        instrument=instrument,
        approval_reference=approval_reference.strip(),
        reason=reason.strip()[:200],
        proposed_by=str(by),
        proposed_by_account=by.account_id,
        proposed_at=at,
    )
    journal.write(
        "basis.parameter_proposed", about=version, by=by, at=at, key=key, value=stored, from_on=from_on.isoformat()
    )
    return version


@transaction.atomic
def approve_parameter(
    version: ParameterVersion,
    *,
    by: Actor,
    at: datetime,
    instrument: Instrument | None = None,
    approval_reference: str = "",
    reason: str = "",
) -> ParameterVersion:
    """Put a proposed value in force; ground and approval may be completed with it.

    :raises Refused: R-BASIS-01, -02 without a ground, R-FEE-08 for a price by its own proposer, R-BASIS-03 if it is too
        late or decided already
    """
    version = (
        ParameterVersion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("instrument")
        .get(pk=version.pk)
    )
    _insist_open(version)
    version.instrument = instrument or version.instrument
    version.approval_reference = approval_reference.strip() or version.approval_reference
    insist(
        refusal_to_approve(version.key, proposed_by=version.proposed_by_account, approved_by=by.account_id),
        _refusal_without_ground(version),
        refusal_of_start(version.from_on, today=at.date()),
    )
    _check(version.key, version.value, version.from_on)
    _decide(version, ParameterVersion.IN_FORCE, by=by, at=at, reason=reason, counts=True)
    journal.write(
        "basis.parameter_approved", about=version, by=by, at=at, key=version.key, value=version.value,
        from_on=version.from_on.isoformat(), approval=version.approval_reference,
    )  # fmt: skip
    return version


@transaction.atomic
def reject_parameter(version: ParameterVersion, *, reason: str, by: Actor, at: datetime) -> ParameterVersion:
    """Decline a proposed value. :raises Refused: R-BASIS-03 if it is decided already"""
    version = ParameterVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
    _insist_open(version)
    _decide(version, ParameterVersion.REJECTED, by=by, at=at, reason=reason)
    journal.write("basis.parameter_rejected", about=version, by=by, at=at, key=version.key, reason=reason)
    return version


@transaction.atomic
def withdraw_parameter(version: ParameterVersion, *, reason: str, by: Actor, at: datetime) -> ParameterVersion:
    """Take back a proposal, or an approved value that has not begun. :raises Refused: R-BASIS-03 once it is in use"""
    version = ParameterVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
    if version.state == ParameterVersion.IN_FORCE:
        if version.from_on <= at.date():
            label = REGISTRY[version.key].label
            raise Refused(refuse("R-BASIS-03", "already_in_use", label=label, day=version.from_on))
        _decide(version, ParameterVersion.WITHDRAWN, by=by, at=at, reason=reason, counts=True)
    else:
        _insist_open(version)
        _decide(version, ParameterVersion.WITHDRAWN, by=by, at=at, reason=reason)
    journal.write("basis.parameter_withdrawn", about=version, by=by, at=at, key=version.key, reason=reason)
    return version


def _decide(
    version: ParameterVersion, state: str, *, by: Actor, at: datetime, reason: str, counts: bool = False
) -> None:
    """Write a decision; one that `counts` changes what is in force and is numbered. :raises Refused: R-FLOW-01"""
    insist(refusal_to_move(PARAMETER_CHANGE, version.state, state))
    version.state, version.decision_reason = state, reason.strip()[:200]
    version.decided_by, version.decided_by_account, version.decided_at = str(by), by.account_id, at
    if counts:
        numbered = ParameterVersion.objects.filter(decision__isnull=False).order_by("-decision")
        numbered.select_for_update(no_key=True).first()  # two decisions are numbered one after the other
        latest = numbered.values_list("decision", flat=True).first() or 0
        version.decision, version.stamp = latest + 1, chance.uuid()
    try:
        with transaction.atomic():
            version.save()
    except IntegrityError:
        label, same = REGISTRY[version.key].label, {"key": version.key, "from_on": version.from_on}
        if ParameterVersion.objects.filter(state=ParameterVersion.IN_FORCE, **same).exclude(pk=version.pk).exists():
            raise Refused(refuse("R-BASIS-03", "same_day_twice", label=label, day=version.from_on)) from None
        raise Refused(refuse("R-BASIS-03", "decided_meanwhile")) from None


def _insist_open(version: ParameterVersion) -> None:
    if version.state != ParameterVersion.PROPOSED:
        raise Refused(refuse("R-BASIS-03", "already_decided", who=version.decided_by))


def _refusal_without_ground(version: ParameterVersion) -> Any:
    instrument = version.instrument
    return refusal_without_ground(
        instrument=instrument.title if instrument else "",
        valid=Span(instrument.valid_from_on, instrument.valid_until_on) if instrument else None,
        approval_reference=version.approval_reference,
        from_on=version.from_on,
    )


def _check(key: str, value: Any, from_on: date) -> None:
    """Refuse a value that is not allowed, or that contradicts the others on its first day or at any later change."""
    if key not in REGISTRY:
        raise Refused(refuse("R-BASIS-03", "no_such_parameter", key=key))
    REGISTRY[key].load(value)  # its own reasons first; beside the shipped defaults it need not stand
    changes = ParameterVersion.objects.filter(state=ParameterVersion.IN_FORCE, from_on__gt=from_on)
    later_of_this = changes.filter(key=key).order_by("from_on").values_list("from_on", flat=True).first()
    if later_of_this:
        changes = changes.filter(from_on__lt=later_of_this)
    for day in [from_on, *changes.order_by("from_on").values_list("from_on", flat=True).distinct()]:
        Parameters.of({**parameters_on(day).dump(), key: value})
