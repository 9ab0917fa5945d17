"""A session that ended behind an open form: nothing typed is lost without a word, and the way leads back to the page."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from kehou.chapters.people.models import Account
from kehou.lib import typed
from tests.world import World


def leave(client: Client, world: World, given: dict[str, Any], **more: Any) -> Any:
    """Send the leave of a child without being signed in."""
    return client.post(reverse("guardian:leave", args=(world.mei.pk,)), given, **more)


def test_what_was_written_is_shown_and_nothing_else(client: Client, world: World) -> None:
    given = {
        "reason": "看牙 <b>",
        "kind": "errand",
        "password": "竹海4821竹海",
        "signature": "data:image/png;base64,AA",
    }
    told = leave(client, world, given)
    page = told.content.decode()
    assert told.status_code == 403
    assert "这一次没有保存" in page and "看牙 &lt;b&gt;" in page and reverse("door:sign_in") in page
    assert not [secret for secret in ("竹海4821竹海", "base64", "errand") if secret in page]
    assert "no-store" in told["Cache-Control"]


def test_a_button_leads_to_signing_in_and_back_to_the_page_it_stood_on(client: Client, world: World) -> None:
    removal = reverse("guardian:pickup_removal", args=(world.mei.pk, 1))
    came_from = reverse("guardian:pickup", args=(world.mei.pk,))
    answer = client.post(removal, headers={"referer": f"http://testserver{came_from}?day=2"})
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "刚才按的没有办成" in page and f'name="next" value="{came_from}?day=2"' in page
    foreign = client.post(removal, headers={"referer": "https://elsewhere.example/"})
    assert "elsewhere" not in foreign["Location"]
    assert "刚才按的没有办成" not in client.get(reverse("door:sign_in")).content.decode()


def test_a_part_of_a_page_is_told_in_words_not_handed_the_sign_in_page(client: Client, world: World) -> None:
    told = client.get(reverse("guardian:leave", args=(world.mei.pk,)), headers={"hx-request": "true"})
    assert told.status_code == 403
    assert "data-error-part" in told.content.decode()


def test_a_page_can_ask_who_is_signed_in_and_gets_a_token_that_works(world: World) -> None:
    client, account = Client(enforce_csrf_checks=True), world.guardian
    where = reverse("door:standing")
    assert client.get(where).json()["account"] == ""
    client.force_login(account)
    answer = client.get(where)
    assert answer.json()["account"] == str(account.pk)
    assert "no-store" in answer["Cache-Control"]
    given = {"name": "林素珍", "csrfmiddlewaretoken": answer.json()["csrf"]}
    assert client.post(reverse("door:account"), given).status_code == 302
    assert f'data-account="{account.pk}"' in client.get(reverse("door:account")).content.decode()


def test_a_token_that_has_gone_stale_loses_no_words(world: World) -> None:
    client: Client = Client(enforce_csrf_checks=True)
    client.force_login(world.guardian)
    told: HttpResponse = client.post(reverse("door:account"), {"name": "林素珍"})  # type: ignore[assignment]
    assert told.status_code == 403
    assert "这次没有提交" in told.content.decode() and "林素珍" in told.content.decode()
    assert not Account.objects.filter(name="林素珍").exists()


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ({"reason": " 看牙 ", "again_reason": "看牙"}, ["看牙"]),
        ({"phone": "13900001234", "from": "2026", "desk": "02368240000"}, ["13900001234", "02368240000"]),
        ({"id_number": "110101199003070011", "old": "旧密码", "code": "123456789"}, []),
        ({"kind": "errand", "on": "2026-11-20", "empty": ""}, []),
    ],
)
def test_only_what_somebody_wrote_themselves_is_given_back(sent: dict[str, str], shown: list[str]) -> None:
    assert typed.texts(sent) == shown
