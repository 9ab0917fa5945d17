"""What the gates ask: how far consultation and plan have come, and the evidence of each step (R-GATE-01…05)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.planning.models import CommitteeMeeting, OpinionRound, Plan
from kehou.chapters.planning.queries.clearance import clearance_of, is_cleared
from kehou.chapters.planning.queries.notices import delivery_of, latest_notice
from kehou.chapters.planning.queries.plans import draft_refusals, plan_of, signed_version, versions_of
from kehou.chapters.planning.queries.rounds import adoption_of, as_gate, groups_of, round_of, ungrouped
from kehou.chapters.schools.models import School
from kehou.rules.gates import GateFacts, refusal_before_consultation
from kehou.rules.planning import Ready, refusals_to_finish
from kehou.rules.verdicts import Refusal, refuse


@dataclass(frozen=True, slots=True)
class Evidence:
    """One step with what proves it: its key, name, whether it is done, when, by whom, which hash, in words."""

    key: str
    title: str
    done: bool
    at: datetime | None = None
    by: str = ""
    digest: str = ""
    words: str = ""


def gate_facts(school: School, term: Term, on: date) -> GateFacts:
    """Return what planning knows of a school's term; the table's publication is known to later chapters only.

    A round that was closed within the day counts from the next day on, as its last day belongs to the families.
    """
    plan = plan_of(school, term)
    if plan is None:
        return GateFacts(today=on, filing_accepted=is_cleared(school, term))
    groups = groups_of(plan)
    loose = ungrouped(plan).count()
    return GateFacts(
        today=on,
        first_round=as_gate(round_of(plan, 1)),
        second_round=as_gate(round_of(plan, 2)),
        opinions=len(groups) + loose,
        opinions_answered=sum(1 for group in groups if group.decision),
        filing_accepted=is_cleared(school, term),
    )


def with_table(facts: GateFacts, *, published_on: date | None, registration_closes_on: date | None) -> GateFacts:
    """Return the facts with what a later chapter adds: the day on which the activity table became public."""
    return replace(facts, table_published_on=published_on, registration_closes_on=registration_closes_on)


def refusal_before_registration(school: School, term: Term, at: datetime) -> Refusal | None:
    """Return why families cannot be asked to choose yet: they were not consulted, or the round runs (2.1-c)."""
    first = OpinionRound.objects.filter(plan__school=school, plan__term=term, number=1).first()
    if first is not None and at >= first.closes_at:
        return None
    facts = GateFacts(today=timezone.localtime(at).date(), first_round=as_gate(first))
    if first is None:
        return refusal_before_consultation(facts, parameters_on(facts.today))
    closes = timezone.localtime(first.closes_at)
    return refuse("R-GATE-01", "round_still_open", closes=f"{closes:%-m月%-d日 %H:%M}")


def refusal_before_final(school: School, term: Term, *, step: str) -> Refusal | None:
    """Return why a step that needs the final plan must wait (4-b): `step` is its name in words."""
    if signed_version(plan_of(school, term)):
        return None
    return refuse("R-GATE-05", "no_final_plan", step=step)


def committee_has_met(plan: Plan) -> bool:
    """Return whether the parents' committee has discussed the plan and its minutes are signed (R-PC-01)."""
    return CommitteeMeeting.objects.filter(plan=plan, closed_at__isnull=False).exists()


def ready_of(plan: Plan, at: datetime) -> Ready:
    """Return everything that the final plan is measured by."""
    today = timezone.localtime(at).date()
    return Ready(
        gates=gate_facts(plan.school, plan.term, today),
        draft=tuple(draft_refusals(plan, at)),
        committee_met=committee_has_met(plan),
        notice_issued=plan.notices.exists(),
        ungrouped=ungrouped(plan).count(),
        adoption_published=adoption_of(plan) is not None,
    )


def finish_refusals(plan: Plan, at: datetime) -> list[Refusal]:
    """Return what a final plan still lacks, in the order of the work."""
    ready = ready_of(plan, at)
    second = round_of(plan, 2)
    found = refusals_to_finish(ready, parameters_on(ready.gates.today))
    if second and at < second.closes_at and not any(no.why == "second_round_still_open" for no in found):
        closes = timezone.localtime(second.closes_at)
        found.append(refuse("R-GATE-04", "second_round_still_open", closes=f"{closes:%-m月%-d日 %H:%M}"))
    return found


# --- Evidence ---------------------------------------------------------------------------------------------------------


def evidence_of(school: School, term: Term, at: datetime) -> list[Evidence]:
    """Return the steps from draft to final plan with what proves each: for the gate chain and the filing pack."""
    plan = plan_of(school, term)
    if plan is None:
        return [Evidence(key, title, False) for key, title in _STEPS]
    clearance = clearance_of(school, term)
    notice = latest_notice(school, term)
    return [
        _draft(plan),
        _meeting(plan),
        _round(plan, 1, at),
        _notice(notice),
        _round(plan, 2, at),
        _adoption(plan),
        _final(plan),
        *(
            [
                Evidence(
                    "clearance",
                    "备案通过",
                    True,
                    clearance.cleared_at,
                    clearance.cleared_by,
                    "",
                    clearance.receipt_number,
                )
            ]
            if clearance
            else []
        ),
    ]


_STEPS = (
    ("draft", "起草方案"), ("meeting", "家委会研讨"), ("round1", "第一轮征求意见"), ("notice", "告知书"),
    ("round2", "第二轮征求意见"), ("adoption", "意见采纳表"), ("final", "方案定稿"),
)  # fmt: skip
_TITLES = dict(_STEPS)


def _draft(plan: Plan) -> Evidence:
    first = plan.versions.filter(number=0).first()
    if first is None:
        return Evidence("draft", _TITLES["draft"], False)
    cited = "；".join(label for _, label, _ in first.content["sources"][:2])
    return Evidence("draft", _TITLES["draft"], True, first.made_at, first.made_by, first.digest, cited)


def _meeting(plan: Plan) -> Evidence:
    one = plan.meetings.filter(closed_at__isnull=False).order_by("-held_on", "-pk").first()
    if one is None:
        return Evidence("meeting", _TITLES["meeting"], False)
    held = timezone.make_aware(datetime.combine(one.held_on, time(12)))
    words = f"到会{one.attendees.count()}人，共{one.members}人"
    return Evidence("meeting", _TITLES["meeting"], True, held, one.closed_by or "", one.digest, words)


def _round(plan: Plan, number: int, at: datetime) -> Evidence:
    key = f"round{number}"
    found = round_of(plan, number)
    if found is None:
        return Evidence(key, _TITLES[key], False)
    words = f"收到{found.sheets.count()}份，{timezone.localtime(found.closes_at):%-m月%-d日 %H:%M}截止"
    return Evidence(
        key, _TITLES[key], at >= found.closes_at, found.opened_at, found.opened_by, found.version.digest, words
    )


def _notice(notice: Any) -> Evidence:
    if notice is None:
        return Evidence("notice", _TITLES["notice"], False)
    delivery = delivery_of(notice)
    words = f"第{notice.version}版，送达{delivery.percent}%，还有{delivery.missing}人"
    return Evidence("notice", _TITLES["notice"], True, notice.issued_at, notice.issued_by, notice.digest, words)


def _adoption(plan: Plan) -> Evidence:
    table = adoption_of(plan)
    if table is None:
        return Evidence("adoption", _TITLES["adoption"], False)
    words = f"{len(table.content['rows'])}组意见逐条答复"
    return Evidence("adoption", _TITLES["adoption"], True, table.published_at, table.published_by, table.digest, words)


def _final(plan: Plan) -> Evidence:
    one = versions_of(plan).filter(signed_at__isnull=False).first()
    if one is None:
        return Evidence("final", _TITLES["final"], False)
    return Evidence("final", _TITLES["final"], True, one.signed_at, one.signed_by or "", one.digest, str(one))
