"""备案 at school; the school's jobs and journal."""

from __future__ import annotations

import base64
import json

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.filing import actions as filing
from kehou.chapters.filing.models import Filing
from kehou.chapters.staffing import actions as staffing
from kehou.lib import jobs
from kehou.lib.models import JobReport
from seeds.images import SIGNATURE
from tests.filing import accepted, ready, submitted
from tests.lib import errands
from tests.people import put_in_use
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


def act(client: Client, world: World, move: str, **given: object):
    return client.post(url("filing_move", world), {"move": move, **given})


INK = "data:image/png;base64," + base64.b64encode(SIGNATURE).decode()


def test_the_manager_prepares_and_the_principal_signs_and_sends(client: Client, world: World):
    client.force_login(world.riverside.who["asp_manager"])
    page = client.get(url("filing", world)).content.decode()
    assert "还没有准备" in page and "内容项目表还没有公布" in page and "编项目表" in page
    assert client.post(url("filing", world), {"note": "方案、名单、项目表"}).status_code == 302
    assert act(client, world, "sign").status_code == 403
    client.force_login(world.riverside.who["principal"])
    blocked = act(client, world, "sign", signature=INK)
    assert (blocked.status_code, "还没有公布，公布后再签发备案" in blocked.content.decode()) == (409, True)
    ready(world)
    for move, state in (("sign", "signed"), ("unsign", "draft"), ("sign", "signed"), ("submit", "submitted")):
        assert act(client, world, move, signature=INK).status_code == 302
        assert Filing.objects.get().state == state
    assert Filing.objects.get().pack.ink == "finger"
    late = client.post(url("filing", world), {"note": "改一改"})
    assert (late.status_code, "不能修改" in late.content.decode()) == (409, True)
    assert act(client, world, "withdraw").status_code == 302
    assert Filing.objects.get().state == "draft"
    assert act(client, world, "?").status_code == 404


@pytest.mark.parametrize("drawn", ["", "data:image/png;base64,xxxx", "data:text/html;base64,PGI+"])
def test_nothing_is_signed_without_ink(client: Client, world: World, drawn: str):
    ready(world)
    client.force_login(world.riverside.who["principal"])
    client.post(url("filing", world), {"note": "方案"})
    answer = act(client, world, "sign", signature=drawn)
    assert (answer.status_code, "还没有签名" in answer.content.decode()) == (409, True)
    wrong = act(client, world, "sign", password="猜的")
    assert (wrong.status_code, Filing.objects.get().state) == (409, "draft")


def test_the_own_password_is_ink_as_well(client: Client, world: World):
    principal = world.riverside.who["principal"]
    principal.set_password("柚子树下-2026")
    principal.save()
    ready(world)
    client.force_login(principal)
    client.post(url("filing", world), {"note": "方案"})
    assert act(client, world, "sign", password="柚子树下-2026").status_code == 302
    assert Filing.objects.get().pack.ink == "password"


def test_what_came_back_is_answered_item_by_item(client: Client, world: World):
    one = filing.send_back(
        submitted(world, at=moment()), items={"F3": "缺责任书"}, by=world.by_district("basic_education"), at=moment()
    )
    client.force_login(world.riverside.who["principal"])
    page = client.get(url("filing", world)).content.decode()
    assert "缺责任书" in page and "退回补正" in page and "还没有逐项答复" in page
    item = one.items.get()
    assert client.post(url("filing_item_answer", world, item.pk), {"answer": " "}).status_code == 409
    assert client.post(url("filing_item_answer", world, item.pk), {"answer": "补了"}).status_code == 302
    assert act(client, world, "sign", signature=INK).status_code == 302
    client.force_login(world.hill.who["principal"])
    other = reverse("school:filing_item_answer", args=(world.hill.school.code, item.pk))
    assert client.post(other, {"answer": "x"}).status_code == 404


def test_what_was_signed_is_shown_printed_and_taken_away_and_belongs_to_the_school(client: Client, world: World):
    one = accepted(world, at=moment())
    client.force_login(world.riverside.who["asp_manager"])
    page = client.get(url("filing_pack", world, one.pack_id)).content.decode()
    assert one.pack.digest in page and "科学小实验" in page
    for name, args in (
        ("filing_pack_pdf", (one.pack_id,)), ("filing_part_pdf", (one.pack_id, "F3")), ("filing_receipt", (one.pk,)),
    ):  # fmt: skip
        assert client.get(url(name, world, *args)).content.startswith(b"%PDF"), name
    assert json.loads(client.get(url("filing_pack_json", world, one.pack_id)).content)["digest"] == one.pack.digest
    assert client.get(url("filing_part_pdf", world, one.pack_id, "F0")).status_code == 404
    client.force_login(world.hill.who["asp_manager"])
    for name, args in (("filing_pack", (one.pack_id,)), ("filing_receipt", (one.pk,))):
        assert client.get(reverse(f"school:{name}", args=(world.hill.school.code, *args))).status_code == 404


def test_a_part_is_read_before_it_is_signed(client: Client, world: World):
    client.force_login(world.riverside.who["asp_manager"])
    page = client.get(url("filing_part", world, "F3")).content.decode()
    assert "周爷爷" in page and "以在职教职工为主" in page
    assert client.get(url("filing_part", world, "F9")).status_code == 404  # only an amendment has it
    assert client.get(url("filing_part", world, "X1")).status_code == 404


def test_a_change_later_is_an_amendment_while_the_old_one_holds(client: Client, world: World):
    one = accepted(world, at=moment())
    client.force_login(world.riverside.who["principal"])
    assert client.post(url("filing_amendment", world), {"reason": " "}).status_code == 409
    assert client.post(url("filing_amendment", world), {"reason": "新聘教师"}).status_code == 302
    page = client.get(url("filing", world)).content.decode()
    assert one.number in page and "没有变化，不用报变更备案" in page
    facts = staffing.StaffFacts(name="新来的老师")
    member = staffing.add_staff(world.riverside.school, facts, by=world.riverside.by("asp_manager"), at=moment())
    put_in_use([member], world.term, on_roster=False)
    assert "新来的老师" in client.get(url("filing_part", world, "F9")).content.decode()
    assert act(client, world, "sign", signature=INK).status_code == 302
    assert act(client, world, "unsign").status_code == 302
    assert act(client, world, "give_up").status_code == 302
    assert Filing.objects.get(kind="amendment").state == "given_up"


def test_a_source_that_changed_after_the_signature_is_told(client: Client, world: World):
    submitted(world, at=moment())
    facts = staffing.StaffFacts(name="新来的老师")
    member = staffing.add_staff(world.riverside.school, facts, by=world.riverside.by("asp_manager"), at=moment())
    put_in_use([member], world.term, on_roster=False)
    client.force_login(world.riverside.who["principal"])
    assert client.get(url("filing", world)).content.decode().count("签发后有改动") == 1


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
    assert client.post(url("job_again", world, mine.pk)).status_code == 403, "to see is not to run"
    client.force_login(world.riverside.who["asp_manager"])
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
