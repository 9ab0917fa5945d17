"""Versions: frozen for whoever reads them, prepared by the office, signed by the principal: two persons."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.planning import queries
from kehou.chapters.planning.models import Plan, PlanVersion
from kehou.chapters.planning.queries.plans import content_of
from kehou.chapters.planning.queries.rounds import adoption_words
from kehou.lib.actors import Actor
from kehou.rules.choice import digest
from kehou.rules.states import PLAN, PlanState, refusal_of_lost_race, refusal_to_move
from kehou.rules.verdicts import Refused, insist, refuse


def locked(plan: Plan) -> Plan:
    """Return the plan with its row locked until the transaction ends."""
    return Plan.objects.select_for_update(of=("self",), no_key=True).select_related("school", "term").get(pk=plan.pk)


def move(plan: Plan, to: PlanState) -> None:
    """Move a plan along its path, if it still stands where its reader saw it. :raises Refused: R-FLOW-01"""
    insist(refusal_to_move(PLAN, plan.state, to))
    if not Plan.objects.filter(pk=plan.pk, state=plan.state).update(state=to):
        raise Refused(refusal_of_lost_race(PLAN))
    plan.state = to


def freeze(plan: Plan, stage: str, *, by: Actor, at: datetime, note: str = "") -> PlanVersion:
    """Keep the text as it stands as the next version; unchanged text since the last one is that version again."""
    last = queries.latest_version(plan)
    adoption = queries.adoption_of(plan)
    words = adoption_words(adoption.content["rows"]) if adoption else ""
    number = last.number + 1 if last else 0
    content = content_of(plan, number=number, stage=stage, at=at, adoption=words)
    version = PlanVersion.objects.create(
        plan=plan, number=number, stage=stage, content=content, digest=digest(content), note=note, made_by=str(by),
        made_by_account_id=by.account_id, made_at=at,
    )  # fmt: skip
    journal.write(
        "planning.version_kept", about=version, by=by, at=at, school_code=plan.school.code, number=number, stage=stage,
        digest=version.digest,
    )  # fmt: skip
    return version


@transaction.atomic
def prepare_final(plan: Plan, *, by: Actor, at: datetime) -> PlanVersion:
    """Freeze the final text and lay it before the principal (2.7.2-f, 4-b).

    :raises Refused: R-TRACE-01, R-PC-01, R-GATE-03…05, R-NOTI-02 with everything that is missing; R-FLOW-01
    """
    plan = locked(plan)
    insist(refusal_to_move(PLAN, plan.state, PlanState.PREPARED))
    insist(*queries.finish_refusals(plan, at))
    version = freeze(plan, PlanVersion.FINAL, by=by, at=at)
    move(plan, PlanState.PREPARED)
    journal.write("planning.final_prepared", about=version, by=by, at=at, school_code=plan.school.code)
    return version


@transaction.atomic
def sign_version(version: PlanVersion, *, by: Actor, at: datetime) -> PlanVersion:
    """Sign what was prepared, as another person than who prepared it: the plan is in force.

    :raises Refused: R-GATE-05 for the same person or another text than was seen, R-FLOW-01 when it has moved
    """
    plan = locked(version.plan)
    latest = queries.latest_version(plan)
    waits = plan.state in (PlanState.PREPARED, PlanState.AMENDED)
    insist(
        None if waits else refusal_to_move(PLAN, plan.state, PlanState.IN_FORCE) or refusal_of_lost_race(PLAN),
        refuse("R-GATE-05", "changed_since_prepared") if latest is None or latest.pk != version.pk else None,
        refuse("R-GATE-05", "same_person") if version.made_by_account_id == by.account_id else None,
    )  # fmt: skip
    if not PlanVersion.objects.filter(pk=version.pk, signed_at=None).update(signed_by=str(by), signed_at=at):
        raise Refused(refusal_of_lost_race(PLAN))
    move(plan, PlanState.IN_FORCE)
    version.signed_by, version.signed_at = str(by), at
    journal.write(
        "planning.version_signed", about=version, by=by, at=at, school_code=plan.school.code, digest=version.digest
    )
    return version


@transaction.atomic
def return_version(version: PlanVersion, *, reason: str, by: Actor, at: datetime) -> PlanVersion:
    """Give a prepared version back to the office with what is to be mended. :raises Refused: R-FLOW-01, R-GATE-05"""
    plan = locked(version.plan)
    latest = queries.latest_version(plan)
    insist(
        None if reason.strip() else refuse("R-GATE-05", "no_reason"),
        refusal_of_lost_race(PLAN) if latest is None or latest.pk != version.pk or version.signed_at else None,
    )
    move(plan, PlanState.DRAFTING if plan.state == PlanState.PREPARED else PlanState.AMENDING)
    version.returned_because, version.returned_at = reason.strip()[:200], at
    version.save(update_fields=["returned_because", "returned_at"])
    journal.write("planning.version_returned", about=version, by=by, at=at, school_code=plan.school.code, reason=reason)
    return version
