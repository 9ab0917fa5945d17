"""你提我改: opinions are put into groups, each group is answered, the table is published to everybody who was asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from kehou.chapters.journal import actions as journal
from kehou.chapters.planning import queries
from kehou.chapters.planning.actions.versions import locked
from kehou.chapters.planning.models import AdoptionTable, Asked, Opinion, OpinionGroup, Plan
from kehou.lib.actors import Actor
from kehou.rules.choice import digest
from kehou.rules.planning import refusals_of_adoption
from kehou.rules.states import CONSULTATION, refusal_of_lost_race
from kehou.rules.verdicts import Refused, insist, refuse


def _still_open(plan: Plan) -> Plan:
    """Return the plan locked. :raises Refused: R-GATE-05 once its adoption table is published"""
    plan = locked(plan)
    if queries.adoption_of(plan):
        raise Refused(refuse("R-GATE-05", "published_meanwhile"))
    return plan


@transaction.atomic
def group_opinions(
    plan: Plan, opinions: Iterable[UUID], *, title: str, group: OpinionGroup | None = None, by: Actor, at: datetime
) -> OpinionGroup:
    """Put opinions into a new group, or into one that stands; they leave the group they were in.

    A group that loses its last opinion goes. :raises Refused: R-GATE-05 without opinions, a title, or too late
    """
    plan = _still_open(plan)
    own = list(queries.opinions_of(plan).filter(pk__in=list(opinions), sheet__round__closes_at__lte=at))
    first_words = title.strip() or (group.title if group else "")
    insist(
        None if own else refuse("R-GATE-05", "group_is_empty"),
        None if first_words else refuse("R-GATE-05", "group_has_no_title"),
    )
    if group is None:
        group = OpinionGroup.objects.create(plan=plan, topic=own[0].topic, title=first_words[:120])
    left = {one.group_id for one in own if one.group_id and one.group_id != group.pk}
    Opinion.objects.filter(pk__in=[one.pk for one in own]).update(group=group)
    _drop_empty(plan, left)
    journal.write(
        "planning.opinions_grouped", about=group, by=by, at=at, school_code=plan.school.code, opinions=len(own)
    )
    return group


@transaction.atomic
def ungroup(plan: Plan, opinions: Iterable[UUID], *, by: Actor, at: datetime) -> int:
    """Take opinions out of their groups, to be grouped anew: a group is split. :raises Refused: R-GATE-05"""
    plan = _still_open(plan)
    own = list(queries.opinions_of(plan).filter(pk__in=list(opinions)).exclude(group=None))
    insist(None if own else refuse("R-GATE-05", "group_is_empty"))
    left = {one.group_id for one in own if one.group_id}
    Opinion.objects.filter(pk__in=[one.pk for one in own]).update(group=None)
    _drop_empty(plan, left)
    journal.write("planning.group_split", about=plan, by=by, at=at, school_code=plan.school.code, opinions=len(own))
    return len(own)


@transaction.atomic
def merge_groups(groups: Iterable[OpinionGroup], *, title: str, by: Actor, at: datetime) -> OpinionGroup:
    """Put groups together into the first of them; its answer stands, the others' go.

    :raises Refused: R-GATE-05 with fewer than two
    """
    several = list(groups)
    insist(None if len(several) > 1 else refuse("R-GATE-05", "two_groups_to_merge"))
    plan = _still_open(several[0].plan)
    first, *others = several
    Opinion.objects.filter(group__in=others).update(group=first)
    OpinionGroup.objects.filter(pk__in=[one.pk for one in others]).delete()
    if title.strip():
        first.title = title.strip()[:120]
        first.save(update_fields=["title"])
    journal.write(
        "planning.groups_merged", about=first, by=by, at=at, school_code=plan.school.code, groups=len(several)
    )
    return first


def _drop_empty(plan: Plan, groups: Iterable[int]) -> None:
    plan.groups.filter(pk__in=list(groups), opinions=None).delete()


@transaction.atomic
def decide(
    group: OpinionGroup,
    *,
    decision: str,
    reason: str,
    section: str,
    title: str = "",
    seen: int,
    by: Actor,
    at: datetime,
) -> OpinionGroup:
    """Answer a group: adopted, partly or not, why, and in which section of the plan it shows (R-GATE-05).

    :raises Refused: R-GATE-05 without decision, reason or section; R-FLOW-01 when somebody has just answered it
    """
    plan = _still_open(group.plan)
    insist(*refusals_of_adoption(decision=decision, reason=reason, section=section))
    changed = OpinionGroup.objects.filter(pk=group.pk, revision=seen).update(
        decision=decision, reason=reason.strip(), section=section, revision=seen + 1, decided_by=str(by), decided_at=at,
        title=(title.strip() or group.title)[:120],
    )  # fmt: skip
    if not changed:
        raise Refused(refusal_of_lost_race(CONSULTATION))
    group.refresh_from_db()
    journal.write(
        "planning.group_decided", about=group, by=by, at=at, school_code=plan.school.code, decision=decision
    )  # fmt: skip
    return group


@transaction.atomic
def publish_adoption(plan: Plan, *, by: Actor, at: datetime) -> AdoptionTable:
    """Publish the answers to everybody who was asked, and on the public page; then the groups stand.

    :raises Refused: R-GATE-05 while an opinion has no group or a group no answer, R-GATE-04 before both rounds are over
    """
    plan = _still_open(plan)
    second = queries.round_of(plan, 2)
    groups = queries.groups_of(plan)
    loose, missing = queries.ungrouped(plan).count(), sum(not group.decision for group in groups)
    insist(
        refuse("R-GATE-04", "no_second_round") if second is None else None,
        refuse(
            "R-GATE-04", "second_round_still_open", closes=f"{timezone.localtime(second.closes_at):%-m月%-d日 %H:%M}"
        )
        if second and at < second.closes_at
        else None,
        refuse("R-GATE-05", "opinions_ungrouped", missing=loose) if loose else None,
        refuse("R-GATE-05", "opinions_unanswered", missing=missing) if missing else None,
    )
    content = {
        "school": plan.school.code,
        "term": plan.term.code,
        "rounds": [
            [found.number, found.families, found.sheets.count(), found.version.digest]
            for found in plan.rounds.order_by("number").select_related("version")
        ],
        "rows": queries.adoption_rows(groups),
    }
    table = AdoptionTable.objects.create(
        plan=plan, content=content, digest=digest(content), published_by=str(by), published_at=at
    )
    _tell_everybody(plan, at)
    journal.write(
        "planning.adoption_published", about=table, by=by, at=at, school_code=plan.school.code, digest=table.digest,
        groups=len(groups),
    )  # fmt: skip
    return table


def _tell_everybody(plan: Plan, at: datetime) -> None:
    asked = Asked.objects.filter(round__plan=plan, account__isnull=False)
    accounts = list(asked.order_by("account").values_list("account", flat=True).distinct())
    journal.send_many(
        accounts, kind="planning", title=f"你提我改：{plan.school.name}对意见的答复",
        body="两轮征求意见收到的意见都有了答复：采纳的改在哪里，不采纳的为什么。",
        at=at, link=f"/plans/{plan.school.code}/{plan.term.code}/adoption/", school_code=plan.school.code,
    )  # fmt: skip
