"""The five tabs: which of them a page stands under, also where its address does not begin with the tab's."""

from __future__ import annotations

import re

import pytest

from tests.desks.guardian.family import parent, url
from tests.registration import AFTER
from tests.swapping import swap_stage

HERE = re.compile(r'<a class="nav-item"[^>]*aria-current="page"[^>]*>.*?<span[^>]*>([^<]+)</span>', re.DOTALL)


def tab_of(client, world, name):
    page = client.get(url(name, world.mei)).content.decode()
    return HERE.findall(page)


@pytest.fixture
def family(client, world, at_moment):
    at_moment(AFTER)
    swap_stage(world)
    return parent(client, world)


@pytest.mark.parametrize(
    ("name", "tab"),
    [
        ("home", "孩子"),
        ("leave", "孩子"),
        ("pickup", "孩子"),
        ("application", "申请"),
        ("suggestions", "申请"),
        ("result", "安排"),
        ("swaps", "安排"),
        ("agreement", "安排"),
        ("days", "安排"),
        ("exit", "安排"),
        ("bills", "账单"),
        ("card", "我的"),
        ("contacts", "我的"),
    ],
)
def test_a_page_stands_under_one_tab(family, world, name, tab):
    assert tab_of(family, world, name) == [tab]
