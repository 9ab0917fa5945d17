"""互换 from both sides: the office calls and carries out, the family ranks, withdraws and reads what came of it."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation.models import SwapRound, SwapWish
from tests.desks.guardian.family import parent
from tests.desks.guardian.family import url as at_home
from tests.registration import AFTER
from tests.swapping import CLOSES, OPENED, RUN, holds, office, seat_of, swap_stage

FOOTBALL, SCIENCE, WRITING = "校园足球", "科学小实验", "硬笔书法"


@pytest.fixture
def stage(world, at_moment):
    at_moment(AFTER)
    stage, _ = swap_stage(world)
    at_moment(OPENED)
    return stage


def url(world, name="swaps"):
    return reverse(f"school:{name}", args=(world.riverside.school.code,))


def opened(world):
    draw = SwapRound.draw.get_queryset().get()
    return allocation.open_swaps(draw, closes_at=CLOSES, by=world.riverside.by("asp_manager"), at=OPENED)


def ranks(stage, *names):
    return {f"rank_{stage.slot(name)}": rank for rank, name in enumerate(names, start=1)}


def test_who_may_look_and_who_may_act(client, stage, world):
    for role, look, act in (("asp_manager", 200, 302), ("principal", 200, 403), ("cashier", 403, 403)):
        office(client, world, role)
        assert client.get(url(world)).status_code == look
        fields = {"closes_at": "2026-09-16T17:00"}
        assert client.post(url(world, "swaps_opening"), fields).status_code == act
    client.force_login(world.hill.who["asp_manager"])
    assert client.get(url(world)).status_code in (200, 404)
    assert client.get(url(world).replace(world.riverside.school.code, "none")).status_code == 404


def test_the_whole_way_without_a_script(client, stage, world, at_moment):
    page = office(client, world).post(url(world, "swaps_opening"), {"closes_at": "2026-09-16T17:00"}, follow=True)
    assert "已开始征集" in page.content.decode()
    parent(client, world)
    assert "想和别家互换" in client.get(at_home("result", world.mei)).content.decode()
    assert "第1想去" in client.get(at_home("swaps", world.mei)).content.decode()
    for pupil, wished in ((world.mei, SCIENCE), (world.bo, FOOTBALL)):
        where = at_home("swap_asking", pupil, seat_of(pupil).pk)
        page = client.post(where, ranks(stage, wished), follow=True).content.decode()
        assert "已收到" in page and "已提出" in page
    page = office(client, world).get(url(world)).content.decode()
    assert "2名学生：" in page and f"{FOOTBALL}→{SCIENCE}" in page and "还在征集" in page
    assert holds(world.mei) == FOOTBALL  # looking moves nobody
    at_moment(RUN)
    page = client.post(url(world, "swaps_running"), follow=True).content.decode()
    assert "2名学生换成" in page and f"换到{SCIENCE}" in page
    again = client.post(url(world, "swaps_running"), follow=True).content.decode()
    assert "2名学生换成" not in again
    parent(client, world)
    assert f"下一个服务日起在“{SCIENCE}”" in client.get(at_home("swaps", world.mei)).content.decode()
    page = client.get(at_home("result", world.mei)).content.decode()
    assert SCIENCE in page and "互换得来" in page
    public = client.get(reverse("public:draw", args=(SwapRound.objects.get().draw_id,))).content.decode()
    assert "互换" in public and world.mei.name not in public


def test_what_was_chosen_is_kept_when_it_cannot_stand(client, stage, world):
    opened(world)
    fields = {f"rank_{stage.slot(SCIENCE)}": "2", f"rank_{stage.slot(WRITING)}": "2"}
    answer = parent(client, world).post(at_home("swap_asking", world.mei, seat_of(world.mei).pk), fields)
    page = answer.content.decode()
    assert answer.status_code == 422 and "第2位只给一个" in page
    assert page.count('<option value="2" selected>') == 2
    assert not SwapWish.objects.exists()


def test_a_family_takes_back_what_it_asked(client, stage, world):
    opened(world)
    seat = seat_of(world.mei)
    parent(client, world).post(at_home("swap_asking", world.mei, seat.pk), ranks(stage, SCIENCE))
    page = client.post(at_home("swap_withdrawal", world.mei, seat.pk), follow=True).content.decode()
    assert "已撤回" in page and "已提出" not in page
    assert SwapWish.objects.get().withdrawn_at is not None


def test_nobody_asks_for_the_seat_of_another_child(client, stage, world):
    opened(world)
    other = seat_of(world.bo)
    parent(client, world)
    assert client.post(at_home("swap_asking", world.mei, other.pk), ranks(stage, FOOTBALL)).status_code == 404
    client.force_login(world.other_guardian)
    assert client.post(at_home("swap_asking", world.bo, other.pk), ranks(stage, FOOTBALL)).status_code == 404
    assert not SwapWish.objects.exists()


def test_after_the_hour_the_button_says_why(client, stage, world, at_moment):
    opened(world)
    at_moment(RUN)
    page = parent(client, world).get(at_home("swaps", world.mei)).content.decode()
    assert "截止，不能再提出" in page


def test_a_past_hour_is_refused_in_words(client, stage, world):
    answer = office(client, world).post(url(world, "swaps_opening"), {"closes_at": "2026-09-15T17:00"})
    assert answer.status_code == 422 and "截止时间要晚于现在" in answer.content.decode()
    assert not SwapRound.objects.exists()


def test_calling_off_needs_a_reason(client, stage, world):
    opened(world)
    office(client, world)
    assert "写明原因" in client.post(url(world, "swaps_cancelling"), {"reason": ""}, follow=True).content.decode()
    page = client.post(url(world, "swaps_cancelling"), {"reason": "台风停课"}, follow=True).content.decode()
    assert "已取消" in page
    assert SwapRound.objects.get().state == "cancelled"


def test_the_list_is_searched_and_taken_away(client, stage, world):
    round = opened(world)
    for pupil, name in ((world.mei, SCIENCE), (world.bo, FOOTBALL)):
        allocation.ask_for_swap(round, seat_of(pupil), {stage.slot(name): 1}, by=world.by_guardian(), at=OPENED)
    office(client, world)
    page = client.get(url(world), {"q": world.bo.name}).content.decode()
    assert "1 份" in page
    answer = client.get(url(world), {"as": "sheet"})
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    rows = list(load_workbook(BytesIO(content)).active.iter_rows(values_only=True))
    assert {row[1] for row in rows} >= {world.mei.name, world.bo.name}


def test_the_page_asks_as_much_for_many_as_for_few(client, stage, world, django_assert_max_num_queries):
    round = opened(world)
    office(client, world)

    def count() -> int:
        with django_assert_max_num_queries(80) as asked:
            client.get(url(world))
        return len(asked)

    by = world.by_guardian()
    allocation.ask_for_swap(round, seat_of(world.mei), {stage.slot(SCIENCE): 1}, by=by, at=OPENED)
    one = count()
    allocation.ask_for_swap(round, seat_of(world.bo), {stage.slot(FOOTBALL): 1}, by=by, at=OPENED)
    assert count() == one
