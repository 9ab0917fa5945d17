"""Opinions without an account: by a slip's code, by the community's link; nobody signs in, nothing is told back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.planning import actions as planning
from kehou.chapters.planning.models import OpinionSheet
from kehou.rules.planning import Topic
from tests.chapters.planning import stage
from tests.chapters.planning.stage import day
from tests.world import World, make_pupil

YES = {f"stance_{topic.value}": "agree" for topic in Topic}


@pytest.mark.clause("2.7.2-c")
def test_a_household_without_an_account_answers_by_its_code(client: Client, world: World, at_moment: Any) -> None:
    child = make_pupil(world.riverside, "没有手机的孩子", grade=1)
    way = stage.drafted(world)
    found = stage.first_round(way)
    (slip,) = planning.print_slips(found, child.homeroom, by=way.office, at=day(1))
    at_moment(day(2))
    assert client.get(reverse("public:opinion_code"), {"code": "nothing"}).status_code == 409
    there = client.get(reverse("public:opinion_code"), {"code": slip.secret.upper()})
    assert there.url == reverse("public:opinion_slip", args=[slip.secret])
    assert client.post(there.url, {**YES, "stance_fee": ""}).status_code == 422
    assert client.post(there.url, YES).url == reverse("public:opinion_thanks")
    again = client.post(there.url, YES)
    assert again.status_code == 409 and "答复一次" in again.content.decode()
    assert OpinionSheet.objects.get().channel == "link"


@pytest.mark.clause("2.7.2-e")
def test_a_neighbour_answers_by_the_link_and_a_form_sent_twice_is_one(
    client: Client, world: World, at_moment: Any
) -> None:
    way = stage.drafted(world)
    stage.first_round(way)
    stage.told(way)
    second = stage.second_round(way, answered=False)
    at_moment(day(8))
    url = reverse("public:opinion_open", args=[second.secret])
    form = {**YES, "nonce": "one-of-a-kind", "signed": "居委会"}
    assert client.get(url).status_code == 200
    assert client.post(url, form).status_code == 302
    assert client.post(url, form).status_code == 409
    assert OpinionSheet.objects.filter(party="community").count() == 1
    assert client.get(reverse("public:opinion_open", args=["nothing"])).status_code == 404
    at_moment(day(20))
    assert "截止" in client.get(url).content.decode()
    first = reverse("public:opinion_open", args=[way.rounds[1].secret])
    assert client.get(first).status_code == 404  # the first round asks families only
