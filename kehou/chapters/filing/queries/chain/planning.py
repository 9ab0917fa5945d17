"""Steps of the planning chapter: draft, committee, two rounds, notice, final plan."""

from __future__ import annotations

from collections.abc import Iterator

from kehou.chapters.filing.queries.chain.facts import Asked, Found, name, on, said
from kehou.chapters.planning.models import CommitteeMeeting, Notice, OpinionRound, PlanVersion
from kehou.rules.steps import StepFacts


def versions(asked: Asked) -> Iterator[tuple[str, Found]]:
    """Yield whether a first draft was read and whether the principal has signed the final one."""
    rows = PlanVersion.objects.filter(plan__term=asked.term).select_related("plan").defer("content")
    drafts: dict[int, StepFacts] = {}
    finals: dict[int, StepFacts] = {}
    for one in asked.within(rows, "plan__school").order_by("number"):
        school, made = one.plan.school_id, on(one.made_at)
        if school not in drafts:
            drafts[school] = StepFacts(True, f"{said(made)}形成初稿", on=made, who=name(one.made_by), digest=one.digest)
        if one.signed_at:
            signed = on(one.signed_at)
            finals[school] = StepFacts(
                True, f"{one}，{said(signed)}签发", on=signed, who=name(one.signed_by), digest=one.digest
            )
        elif school not in finals and one.stage == PlanVersion.FINAL:
            finals[school] = StepFacts(words="等校长签发", begun=True)
    yield "draft", drafts
    yield "final", finals


def meetings(asked: Asked) -> Iterator[tuple[str, Found]]:
    """Yield whether the parents' committee has met about the plan and the minutes are closed."""
    found: dict[int, StepFacts] = {}
    rows = CommitteeMeeting.objects.filter(plan__term=asked.term).select_related("plan")
    for one in asked.within(rows, "plan__school").order_by("held_on", "pk"):
        closed = one.closed_at is not None
        if closed or not found.get(one.plan.school_id, StepFacts()).done:
            words = f"{said(one.held_on)}研讨{'，纪要已签' if closed else '，纪要还没有签'}"
            found[one.plan.school_id] = StepFacts(
                closed, words, begun=True, on=one.held_on, who=name(one.closed_by), digest=one.digest if closed else ""
            )
    yield "meeting", found


def rounds(asked: Asked) -> Iterator[tuple[str, Found]]:
    """Yield whether each round of opinions is over."""
    by_number: dict[int, dict[int, StepFacts]] = {1: {}, 2: {}}
    rows = (
        OpinionRound.objects.filter(plan__term=asked.term).select_related("plan", "version").defer("version__content")
    )
    for one in asked.within(rows, "plan__school").order_by("number"):
        over, closes = asked.at >= one.closes_at, on(one.closes_at)
        opened = on(one.opened_at)
        words = f"{said(opened)}开始，{said(closes)}{'已截止' if over else '截止'}"
        by_number.setdefault(one.number, {})[one.plan.school_id] = StepFacts(
            over, words, begun=True, on=closes if over else opened, who=name(one.opened_by), digest=one.version.digest,
            owes="" if over else "家长",
        )  # fmt: skip
    yield "round1", by_number[1]
    yield "round2", by_number[2]


def notices(asked: Asked) -> Iterator[tuple[str, Found]]:
    """Yield whether the notice has gone out to the families."""
    found = {}
    rows = Notice.objects.filter(plan__term=asked.term).select_related("plan").defer("content")
    for one in asked.within(rows, "plan__school").order_by("version"):
        issued = on(one.issued_at)
        found[one.plan.school_id] = StepFacts(
            True, f"第{one.version}版，{said(issued)}发出", on=issued, who=name(one.issued_by), digest=one.digest
        )
    yield "notice", found


SOURCES = (versions, meetings, rounds, notices)
