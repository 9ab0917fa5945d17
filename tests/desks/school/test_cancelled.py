"""停组改排 at the office: shown first, placed anew with a reason, the reason kept when it is too short."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kehou.chapters.allocation.models import Placement
from kehou.chapters.programme.models import Slot
from tests.registration import AFTER
from tests.swapping import RUN, holds, office, swap_stage

FOOTBALL, CARE = "校园足球", "作业答疑站"


@pytest.fixture
def stage(world, at_moment):
    at_moment(AFTER)
    stage, _ = swap_stage(world)
    at_moment(RUN)
    return stage


def url(world, name="cancelled_groups"):
    return reverse(f"school:{name}", args=(world.riverside.school.code,))


def cancel(stage):
    Slot.objects.filter(pk=stage.slot(FOOTBALL)).update(withdrawn_at=RUN)


def test_who_may_look_and_who_may_act(client, stage, world):
    cancel(stage)
    for role, look in (("principal", 200), ("cashier", 403)):
        office(client, world, role)
        assert client.get(url(world)).status_code == look
        assert client.post(url(world, "placing_anew"), {"reason": "教练生病"}).status_code == 403
    assert holds(world.mei) == FOOTBALL


def test_shown_first_then_placed_anew(client, stage, world):
    assert "没有要改排的学生" in office(client, world).get(url(world)).content.decode()
    cancel(stage)
    page = client.get(url(world)).content.decode()
    assert world.mei.name in page and CARE in page and world.bo.name not in page
    assert holds(world.mei) == FOOTBALL
    answer = client.post(url(world, "placing_anew"), {"reason": "病"})
    assert answer.status_code == 422 and 'value="病"' in answer.content.decode()
    page = client.post(url(world, "placing_anew"), {"reason": "教练生病"}, follow=True).content.decode()
    assert "已改排1人次" in page
    assert holds(world.mei) == CARE
    public = client.get(reverse("public:draw", args=(Placement.objects.first().draw_id,))).content.decode()
    assert "停组改排" in public and "教练生病" in public


def test_the_list_is_taken_away(client, stage, world):
    cancel(stage)
    assert office(client, world).get(url(world), {"as": "sheet"}).status_code == 200


def test_the_page_asks_as_much_for_many_as_for_few(client, stage, world, django_assert_max_num_queries):
    def count() -> int:
        with django_assert_max_num_queries(80) as asked:
            client.get(url(world))
        return len(asked)

    office(client, world)
    cancel(stage)
    one = count()
    Slot.objects.filter(pk=stage.slot("科学小实验")).update(withdrawn_at=RUN)
    assert count() == one
