"""An address that only takes what is sent shows nothing by itself: whoever lands there is led to a page that does."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from kehou.config.middleware import Refusals
from kehou.rules.verdicts import Refused, refuse
from tests.world import World

pytestmark = pytest.mark.django_db
REMOVAL, PAGE = "/guardian/1/pickup/1/removal/", "/guardian/1/pickup/?day=2"


def test_an_address_that_only_takes_what_is_sent_leads_to_the_page_above_it(client: Client, world: World) -> None:
    client.force_login(world.guardian)
    told = client.get(reverse("door:session_end", args=(1,)))
    assert told.status_code == 405 and told["Allow"] == "POST"
    assert f'href="{reverse("door:sessions")}"' in told.content.decode()


@pytest.mark.parametrize(
    ("came_from", "led_to"),
    [(f"http://testserver{PAGE}", PAGE), ("https://elsewhere.example/", REMOVAL), ("", REMOVAL)],
)
def test_a_refusal_leads_back_to_the_page_that_was_sent_if_it_is_ours(came_from: str, led_to: str) -> None:
    request = RequestFactory().post(REMOVAL, headers={"referer": came_from} if came_from else {})
    told = Refusals(lambda _: HttpResponse()).process_exception(request, Refused(refuse("R-SURV-01", "closed_already")))
    assert told is not None and told.status_code == 409
    assert f'href="{led_to}"' in told.content.decode()
