"""The fund-management plan: drafted, signed after the group's meeting, amended with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kehou.chapters.planning import actions as planning
from kehou.chapters.planning import queries
from kehou.chapters.planning.papers_fund import fund_plan_paper
from kehou.rules.fund_plan import FundPlan, Line, starting_plan
from kehou.rules.parameters import Parameters
from kehou.rules.verdicts import Refused
from tests.chapters.planning.shelf_stage import AT, ON
from tests.world import World

PLAN = starting_plan(Parameters(), months=5, people_by_tier=[(1, 40), (2, 200)], waived=12)


def draft(world: World, plan: FundPlan = PLAN, **more):
    place = world.riverside
    return planning.draft_fund(place.school, world.term, plan, by=place.by("asp_manager"), at=AT, **more)


def sign(world: World, edition: int, *, approved_on=ON, at=AT):
    place = world.riverside
    return planning.sign_fund(
        place.school, world.term, edition=edition, approved_on=approved_on, by=place.by("principal"), at=at
    )


@pytest.mark.clause("2.6.2-f")
def test_the_plan_is_evidence_for_the_filing_once_the_principal_has_signed_it(world: World) -> None:
    school = world.riverside.school
    assert queries.fund_plan_of(school, world.term, on=ON).problems[0].key == "R-FILING-02:no_plan"
    draft(world)
    assert queries.fund_plan_of(school, world.term, on=ON).problems[0].key == "R-FILING-02:plan_unsigned"
    signed = sign(world, 1)
    pack = queries.fund_plan_of(school, world.term, on=ON)
    assert pack.is_complete
    assert [(one.title, one.digest, one.on) for one in pack.evidence] == [
        ("经费管理方案第1版", signed.digest, ON), ("领导小组研究", "", ON),
    ]  # fmt: skip
    assert queries.fund_plan_by_code(signed.code) == signed
    assert fund_plan_paper(signed, address="https://kehou.test", at=AT).pages >= 1


def test_red_checks_and_a_meeting_to_come_keep_the_principal_from_signing(world: World) -> None:
    draft(world, replace(PLAN, lines=(*PLAN.lines, Line("U5", 100, "提取管理费"))))
    with pytest.raises(Refused) as no:
        sign(world, 1, approved_on=ON + timedelta(days=1))
    assert {one.code for one in no.value.refusals} == {"R-FILING-02", "R-FUND-07"}
    assert queries.standing_fund_plan(world.riverside.school, world.term) is None


def test_what_was_changed_after_reading_is_not_signed(world: World) -> None:
    draft(world)
    place = world.riverside
    said = {"by": place.by("cashier"), "at": AT}
    planning.edit_fund(place.school, world.term, replace(PLAN, months=6), edition=1, **said)
    for act in (lambda: sign(world, 1), lambda: planning.edit_fund(place.school, world.term, PLAN, edition=1, **said)):
        with pytest.raises(Refused) as no:
            act()
        assert no.value.refusal.why == "draft_changed"
    assert sign(world, 2).plan.months == 6


def test_an_amendment_says_why_and_supersedes(world: World) -> None:
    draft(world)
    first = sign(world, 1)
    with pytest.raises(Refused) as no:
        draft(world)
    assert no.value.refusal.why == "amendment_without_reason"
    second = draft(world, replace(PLAN, months=6), reason="服务月数增加")
    with pytest.raises(Refused) as no:
        draft(world, reason="再来一份")
    assert no.value.refusal.why == "draft_exists"
    assert queries.standing_fund_plan(world.riverside.school, world.term) == first
    sign(world, 1)
    assert queries.standing_fund_plan(world.riverside.school, world.term) == second
    first.refresh_from_db()
    assert first.superseded_at == AT
    assert [one.version for one in queries.fund_plans_of(world.riverside.school, world.term)] == [2, 1]


def test_a_dropped_draft_is_gone_and_cannot_be_signed(world: World) -> None:
    draft(world)
    place = world.riverside
    planning.drop_fund_draft(place.school, world.term, by=place.by("asp_manager"), at=AT)
    with pytest.raises(Refused) as no:
        sign(world, 1)
    assert no.value.refusal.why == "no_draft"
    for wrong in ("JF-1", "JF-2150990002-2026-autumn-x", "ZD-2150990002-2026-autumn-1", "JF-2150990002-2026-autumn-1"):
        assert queries.fund_plan_by_code(wrong) is None
