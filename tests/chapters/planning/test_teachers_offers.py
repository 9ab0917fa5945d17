"""What subject teachers offer to lead reaches the plan, without a name and only from those who said yes (2.7.2-a)."""

from __future__ import annotations

import pytest

from kehou.chapters.planning import queries
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.queries import offers_to_lead
from kehou.rules.signing_up import StaffOffer
from tests.chapters.planning import stage
from tests.chapters.planning.stage import BEGAN
from tests.chapters.staffing.outside import ASKED, NO, window_at
from tests.world import World


@pytest.mark.clause("2.7.2-a")
def test_the_draft_says_what_teachers_offered_with_its_note_and_no_name(world: World) -> None:
    place = world.riverside
    window = window_at(world, at=ASKED)
    teacher, other = place.staff["teacher"], place.staff["duty_leader"]
    yes = StaffOffer(True, {2: 1}, 2, ("竹笛",), "", "竹笛小组")
    staffing.sign_up(window, teacher, yes, by=place.by("teacher"), at=ASKED)
    staffing.sign_up(window, other, NO, by=place.by("duty_leader"), at=ASKED)
    assert offers_to_lead(place.school, on=BEGAN.date()) == ("竹笛小组",)
    assert offers_to_lead(world.hill.school, on=BEGAN.date()) == ()
    way = stage.drafted(world)
    people = queries.bodies_of(way.plan)["people"]
    assert "教师自愿报名时提出愿意带：竹笛小组。〔注2〕" in people
    assert teacher.name not in people


def test_without_an_offer_the_draft_says_nothing_of_it(world: World) -> None:
    assert "自愿报名时" not in queries.bodies_of(stage.drafted(world).plan)["people"]
