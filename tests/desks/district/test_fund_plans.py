"""What schools mean to take in and spend, side by side: signed, drafted, missing; on a page, a sheet, a paper."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.planning import actions as planning
from kehou.rules.fund_plan import starting_plan
from kehou.rules.parameters import Parameters
from tests.chapters.planning.shelf_stage import AT, ON
from tests.world import World, moment

PLAN = starting_plan(Parameters(), months=5, people_by_tier=[(1, 40), (2, 200)], waived=12)


@pytest.fixture
def finance(client: Client, world: World, at_moment: Callable) -> Client:
    at_moment(moment(12))
    client.force_login(world.district["finance"])
    return client


def test_a_signed_plan_shows_its_figures_and_its_paper(
    finance: Client, world: World, django_assert_max_num_queries: Callable
):
    place = world.riverside
    where, paper = (reverse(f"district:{name}", args=args) for name, args in (
        ("fund_plans", ()), ("fund_plan_pdf", (place.school.code,)),
    ))  # fmt: skip
    assert "还没有" in finance.get(where).content.decode() and finance.get(paper).status_code == 404
    planning.draft_fund(place.school, world.term, PLAN, by=place.by("asp_manager"), at=AT)
    assert "草稿" in finance.get(where).content.decode() and finance.get(paper).status_code == 404
    planning.sign_fund(place.school, world.term, edition=1, approved_on=ON, by=place.by("principal"), at=AT)
    with django_assert_max_num_queries(12):
        shown = finance.get(where).content.decode()
    assert "签发" in shown and paper in shown and "122,000.00" in shown, "40 × 60 and 200 × 110 yuan, five months"
    assert finance.get(paper).content.startswith(b"%PDF-")
    assert f'<option value="{world.term.code}" selected>{world.term.name}</option>' in shown, "the terms to choose from"
    sheet = finance.get(where, {"as": "sheet"})
    assert sheet["Content-Type"].startswith("application/vnd.openxmlformats")
    assert "没有这样的学校" in finance.get(where, {"q": "不存在"}).content.decode()
