"""现场见证 at the desk: sealed without the word, named, shown, confirmed; what is public when; a missing witness."""

from __future__ import annotations

import hashlib

import pytest
from django.urls import reverse

from kehou.chapters.allocation.models import Draw, Witness
from tests.chapters.allocation.test_witnessing import WORDS, frozen, named, seal, show
from tests.registration import AFTER, CLOSES, DURING, open_stage, submit


@pytest.fixture
def stage(world, at_moment):
    at_moment(DURING)
    stage = open_stage(world)
    submit(stage, world.mei)
    return stage


def url(world, name="ceremony", *args):
    return reverse(f"school:{name}", args=(world.riverside.school.code, *args))


def office(client, world, role="asp_manager"):
    client.force_login(world.riverside.who[role])
    return client


def test_three_seals_are_named_and_everybody_can_copy_them(client, stage, world):
    office(client, world)
    assert "现在只有0位" in client.get(url(world)).content.decode()
    for role, (name, word) in WORDS.items():
        code = hashlib.sha256(word.encode()).hexdigest()
        page = client.post(url(world, "ceremony_sealing"), {"role": role, "name": name, "seal": code}, follow=True)
        assert code in page.content.decode()
    page = client.post(url(world, "ceremony_naming"), follow=True).content.decode()
    assert "校验码已经公布" in page and "写错了" not in page
    client.logout()
    public = client.get(reverse("public:coming_draws")).content.decode()
    for name, word in WORDS.values():
        assert hashlib.sha256(word.encode()).hexdigest() in public and name not in public
    assert "学生代表" in public


def test_what_was_typed_stays_when_a_seal_is_missing(client, stage, world):
    fields = {"role": "committee", "name": "黄女士", "seal": ""}
    answer = office(client, world).post(url(world, "ceremony_sealing"), fields)
    page = answer.content.decode()
    assert answer.status_code == 422 and "还没有封好" in page and 'value="黄女士"' in page and "selected" in page
    assert not Witness.objects.exists()


def test_after_the_deadline_the_button_says_why(client, stage, world, at_moment):
    at_moment(CLOSES)
    assert "截止后再定没有人会信" in office(client, world).get(url(world)).content.decode()


def test_the_words_are_shown_in_the_hall_and_two_confirm(client, stage, world, at_moment):
    frozen(stage)
    at_moment(AFTER)
    office(client, world)
    witness = Witness.objects.get(role="pupil")
    wrong = client.post(url(world, "ceremony_revealing", witness.pk), {"word": "我最喜欢星期四"})
    assert (
        wrong.status_code == 422 and "对不上" in wrong.content.decode() and "我最喜欢星期四" in wrong.content.decode()
    )
    early = client.post(url(world, "ceremony_confirming"))
    assert early.status_code == 422 and "还没有揭开" in early.content.decode()
    for one in Witness.objects.all():
        page = client.post(url(world, "ceremony_revealing", one.pk), {"word": WORDS[one.role][1]}, follow=True)
        assert WORDS[one.role][1] in page.content.decode()
    client.post(url(world, "ceremony_confirming"))
    assert "去摇号" not in client.get(url(world)).content.decode()
    office(client, world, "principal").post(url(world, "ceremony_confirming"))
    assert "去摇号" in client.get(url(world)).content.decode()
    assert "到现场见证页" in client.get(url(world, "draw")).content.decode()


def test_a_missing_witness_is_written_down_and_a_public_draw_follows(client, stage, world, at_moment):
    frozen(stage)
    show(stage, "principal", "committee")
    at_moment(AFTER)
    page = office(client, world).post(url(world, "ceremony_giving_up"), follow=True).content.decode()
    assert "改定一期还没有开奖" in page
    plan = client.post(url(world, "draw_plan"), {"kind": "ssq", "period": "2026105"}, follow=True).content.decode()
    assert "已定下用" in plan
    assert [draw.state for draw in Draw.objects.order_by("number")] == ["void", "planned"]


def test_who_may_look_and_who_may_act(client, stage, world):
    seal(stage, "pupil")
    principal = office(client, world, "principal")
    assert principal.get(url(world)).status_code == 200
    assert principal.post(url(world, "ceremony_naming")).status_code == 403
    client.force_login(world.hill.who["asp_manager"])
    assert client.get(url(world)).status_code == 404
    named_elsewhere = Witness.objects.get()
    at_hill = reverse("school:ceremony_dismissing", args=(world.hill.school.code, named_elsewhere.pk))
    assert client.post(at_hill).status_code == 404


def test_a_draw_by_public_numbers_says_that_there_is_no_ceremony(client, stage, world):
    named(stage)
    Witness.objects.all().delete()
    assert "没有用现场见证人" in office(client, world).get(url(world)).content.decode()
