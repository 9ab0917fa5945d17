"""优先保障 at the desk: for whoever finds a place, without the ground."""

from __future__ import annotations

import pytest

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation.models import Offer
from kehou.chapters.people import actions as people
from kehou.rules.choice import DayWish
from tests.chapters.allocation.test_protection import SCARCE, SEPTEMBER, take_away
from tests.desks.school.stage import answers, url
from tests.registration import AFTER, DURING, open_stage, published, submit
from tests.world import make_pupil


@pytest.fixture
def stage(world, at_moment):
    """Return a published stage in which a sixth-grader of the dibao list lost the seat by hand."""
    at_moment(DURING)
    found = open_stage(world, rows=SCARCE)
    child = make_pupil(world.riverside, "何小满", grade=6, guardian=world.guardian)
    submit(found, child, DayWish(1, 2, ((found.slot("校园足球"),),)))
    submit(found, world.mei, DayWish(1, 2, ((found.slot("竹笛"),),)))
    people.record_care(
        child, "dibao_family", source="区民政局名单", from_on=SEPTEMBER, by=world.riverside.by("aid_officer"), at=DURING
    )
    published(found)
    take_away(world, found, child)
    at_moment(AFTER)
    return found


@pytest.mark.clause("2.1-f", "2.1-k")
def test_a_place_is_offered_and_the_ground_is_not_told(client, world, stage):
    client.force_login(world.riverside.who["asp_manager"])
    page = client.get(url("protected", world)).content.decode()
    assert "何小满" in page and "竹笛" in page and "陈小梅" not in page
    told = page.split('aria-label="还没有位置的学生"')[1]  # the clause that is quoted above names all groups
    assert "低保" not in told and "dibao" not in page and "民政" not in page
    application = stage.registration.applications.get(pupil__name="何小满")
    where = url("protected_offer", world, application.pk)
    assert client.post(where, {"slot": "x"}).status_code == 409
    page = client.post(where, {"slot": stage.slot("竹笛")}, follow=True).content.decode()
    assert "家长会收到通知" in page and "等家长答复" in page
    answer = client.post(where, {"slot": stage.slot("竹笛")})
    assert answer.status_code == 409 and "正在等家长答复" in answer.content.decode()
    allocation.answer_offer(Offer.objects.get(state="open"), accepts=True, by=world.by_guardian(), at=AFTER)
    assert "都有位置" in client.get(url("protected", world)).content.decode()


@pytest.mark.clause("2.1-k")
@pytest.mark.parametrize("who", ["principal", "cashier", "aid_officer", "quality_checker", "parents_committee"])
def test_only_who_acts_on_it_may_see_it(client, world, stage, who):
    assert answers(client, world, url("protected", world), who) == (403, 404, 302)
    assert answers(client, world, url("protected", world), "asp_manager") == (200, 404, 302)


def test_before_the_result_is_public_the_page_says_so(client, world, at_moment):
    at_moment(DURING)
    open_stage(world)
    client.force_login(world.riverside.who["asp_manager"])
    assert "分配结果还没有公布" in client.get(url("protected", world)).content.decode()
