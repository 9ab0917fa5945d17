"""The bar of a teacher's phone: whoever holds whichever post has at most five tabs, and 应急 is one of them."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.world import World, moment

TAB = re.compile(r'class="nav-item"[^>]*>.*?<span[^>]*>([^<]+)</span>', re.DOTALL)
CLASS, MINE = ["审核", "调查", "作业"], ["档案", "课次", "联系", "意见"]


@pytest.mark.parametrize(
    ("who", "tabs", "folded"),
    [
        ("homeroom_teacher", ["今天", "离校", "应急", "班级", "我的"], CLASS + MINE),
        ("teacher", ["今天", "离校", "应急", "我的"], MINE),
        ("duty_leader", ["今天", "离校", "进出", "应急", "我的"], MINE),
        ("gatekeeper", ["离校", "进出", "应急", "档案"], []),
    ],
)
def test_five_tabs_are_enough(
    client: Client, world: World, at_moment, who: str, tabs: list[str], folded: list[str]
) -> None:
    at_moment(moment(16))
    client.force_login(world.riverside.who[who])
    page = client.get(reverse("teacher:emergency", args=(world.riverside.school.code,))).content.decode()
    bar = page[page.index('class="tabs__list"') :].split("</nav>")[0]
    assert TAB.findall(bar) == tabs
    assert re.findall(r'class="menu__item"[^>]*>.*?</svg>([^<]+)</a>', bar, re.DOTALL) == folded


def test_a_folded_page_marks_its_group_and_itself(client: Client, world: World, at_moment) -> None:
    at_moment(moment(16))
    client.force_login(world.riverside.who["homeroom_teacher"])
    for name, group, entry in (("surveys", "班级", "调查"), ("week", "我的", "课次"), ("sign_up", "我的", "课次")):
        page = client.get(reverse(f"teacher:{name}", args=(world.riverside.school.code,))).content.decode()
        assert re.findall(r'<summary class="nav-item" aria-current="true">.*?<span>([^<]+)', page, re.DOTALL) == [group]
        assert re.findall(r'menu__item"[^>]* aria-current="page">.*?</svg>([^<]+)', page, re.DOTALL) == [entry]
