"""备案 at school; the school's jobs and journal."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.filing import actions as filing
from kehou.chapters.filing.models import Filing
from kehou.lib import jobs
from kehou.lib.models import JobReport
from tests.lib import errands
from tests.world import World, moment


@pytest.fixture(autouse=True)
def morning(at_moment) -> None:
    at_moment(moment())


def url(name: str, world: World, *args: object) -> str:
    return reverse(f"school:{name}", args=(world.riverside.school.code, *args))


@pytest.mark.parametrize(
    ("page", "may"),
    [
        ("filing", {"asp_manager", "principal"}),
        ("jobs", {"asp_manager", "principal", "cashier"}),
        ("journal", {"asp_manager", "principal"}),
    ],
)
def test_who_opens_the_page(client: Client, world: World, page: str, may: set[str]):
    assert client.get(url(page, world)).status_code == 302
    for role, account in world.riverside.who.items():
        client.force_login(account)
        assert client.get(url(page, world)).status_code == (200 if role in may else 403), role
    client.force_login(world.hill.who["asp_manager"])
    assert client.get(url(page, world)).status_code == 404


def test_the_manager_prepares_and_the_principal_signs_and_sends(client: Client, world: World):
    client.force_login(world.riverside.who["asp_manager"])
    assert "还没有准备" in client.get(url("filing", world)).content.decode()
    assert client.post(url("filing", world), {"note": "方案、名单、项目表"}).status_code == 302
    assert client.post(url("filing_move", world), {"move": "sign"}).status_code == 403
    client.force_login(world.riverside.who["principal"])
    for move, state in (("sign", "signed"), ("unsign", "draft"), ("sign", "signed"), ("submit", "submitted")):
        assert client.post(url("filing_move", world), {"move": move}).status_code == 302
        assert Filing.objects.get().state == state
    late = client.post(url("filing", world), {"note": "改一改"})
    assert (late.status_code, "改一改" in late.content.decode()) == (409, True)
    assert client.post(url("filing_move", world), {"move": "?"}).status_code == 404


def test_nothing_is_signed_that_says_nothing(client: Client, world: World):
    client.force_login(world.riverside.who["principal"])
    client.post(url("filing", world), {"note": " "})
    answer = client.post(url("filing_move", world), {"move": "sign"})
    assert (answer.status_code, "还没有填写报送说明" in answer.content.decode()) == (409, True)


def test_what_came_back_is_read_with_its_reason(client: Client, world: World):
    by, at = world.riverside.by("principal"), moment()
    one = filing.prepare(world.riverside.school, world.term, note="方案", by=by, at=at)
    one = filing.submit(filing.sign(one, by=by, at=at), by=by, at=at)
    filing.send_back(one, reason="缺经费方案", by=world.by_district("basic_education"), at=at)
    client.force_login(world.riverside.who["principal"])
    page = client.get(url("filing", world)).content.decode()
    assert "缺经费方案" in page and "签发" in page and "退回补正" in page


def test_a_school_sees_its_own_jobs_and_tries_a_failed_one_again(client: Client, world: World):
    by = world.riverside.by("cashier")
    mine = jobs.ask(
        errands.give_up, key="k", title="出账单", by=by, at=moment(), school_code=world.riverside.school.code
    )
    other = jobs.ask(errands.give_up, key="o", title="别校的", by=by, at=moment(), school_code=world.hill.school.code)
    jobs.work_off()
    client.force_login(world.riverside.who["cashier"])
    page = client.get(url("jobs", world)).content.decode()
    assert "出账单" in page and "别校的" not in page
    assert "名单是空的" in client.get(url("job", world, mine.pk)).content.decode()
    assert client.get(url("job", world, other.pk)).status_code == 404
    assert client.post(url("job_again", world, other.pk)).status_code == 404
    client.post(url("job_again", world, mine.pk))
    assert JobReport.objects.get(pk=mine.pk).state == "waiting"
    part = client.get(url("job", world, mine.pk), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part


def test_a_school_reads_its_own_journal(client: Client, world: World):
    for place in (world.riverside, world.hill):
        filing.prepare(place.school, world.term, note="方案", by=place.by("asp_manager"), at=moment())
    client.force_login(world.riverside.who["principal"])
    page = client.get(url("journal", world)).content.decode()
    assert world.riverside.who["asp_manager"].name in page
    assert world.hill.who["asp_manager"].name not in page
    assert "没有这样的记录" in client.get(url("journal", world), {"family": "money."}).content.decode()
    assert client.get(url("journal", world), {"as": "sheet"})["Content-Type"].endswith("sheet")
