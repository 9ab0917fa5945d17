"""Three hours where school ends at 16:50: refused at every door, even if somebody wrote such a place into the table."""

from __future__ import annotations

from datetime import time

import pytest

from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Application, Submission
from kehou.chapters.enrolment.queries import forget_offers
from kehou.chapters.people.models import Guardianship
from kehou.chapters.schools.models import DismissalTime
from kehou.rules.choice import DayWish
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused
from tests.registration import DURING, Stage, choice, open_stage
from tests.world import FROM, World

ROWS = (
    ("作业答疑站", (1, 2, 3, 4, 5), 1, 1, 40, 0, True, True),
    ("阅读漂流", (1, 2, 3, 4, 5), 2, 1, 200, 0, True, False),
    ("科创工坊", (1, 2, 3, 4, 5), 3, 1, 200, 0, False, False),  # the third hour, which nobody may sell here
)


@pytest.fixture
def stage(world: World) -> Stage:
    Guardianship.objects.create(pupil=world.lan, account=world.guardian, relation="姑姑", from_on=FROM)
    return open_stage(world, rows=ROWS, place="hill")


def submit(stage: Stage, hours: int, *, paper: bool = False) -> Submission:
    world = stage.world
    by = world.hill.by("asp_manager") if paper else world.by_guardian()
    assert stage.registration is not None
    return enrolment.submit(stage.registration, world.lan, choice(DayWish(1, hours, any_place=True)), by=by, at=DURING)


@pytest.mark.clause("2.2-c")
@pytest.mark.parametrize("paper", [False, True], ids=["by telephone", "on paper"])
def test_v26_a_junior_family_cannot_order_three_hours(stage: Stage, paper: bool) -> None:
    with pytest.raises(Refused) as no:
        submit(stage, 3, paper=paper)
    assert "R-TIME-03:hours_not_offered" in {refusal.key for refusal in no.value.refusals}
    assert any("超过最晚结束时间" in say(refusal) for refusal in no.value.refusals)
    assert not Application.objects.filter(pupil=stage.world.lan, joins=True).exists()


def test_two_hours_are_taken_and_three_where_school_ends_in_time(stage: Stage) -> None:
    submit(stage, 2)
    DismissalTime.objects.filter(season=stage.world.hill.season).update(at=time(16, 0))
    forget_offers()
    submit(stage, 3)
    current = stage.application(stage.world.lan).current
    assert current is not None and current.choice["days"][0]["hours"] == 3
