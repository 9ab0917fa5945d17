"""A teacher suggests, the family decides; the choice that was written stays as it was written."""

from __future__ import annotations

import pytest

from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Submission, Suggestion, Wish
from kehou.chapters.journal.models import Entry, Letter
from kehou.rules.choice import DayWish
from kehou.rules.verdicts import Refused
from tests.registration import AFTER, DURING, decline, open_stage, submit


@pytest.fixture
def stage(world):
    return open_stage(world)


def suggest(stage, application, name="科学小实验", *, ground="interest", weekday=1, at=DURING):
    by = stage.world.riverside.by("homeroom_teacher")
    return enrolment.suggest(application, stage.slot(name, weekday), ground=ground, by=by, at=at)


def why(refused) -> str:
    return refused.value.refusal.key


@pytest.mark.clause("2.7.3-d")
@pytest.mark.parametrize("accepts", [True, False])
def test_whatever_the_family_answers_its_choice_is_as_it_wrote_it(stage, world, accepts):
    application = submit(stage, world.mei, DayWish(1, 2, ((stage.slot("校园足球"),),)))
    before = [list(Submission.objects.values()), list(Wish.objects.values())]
    made = suggest(stage, application)
    letter = Letter.objects.get(to_account=world.guardian.pk, kind="enrolment.suggested")
    assert "科学小实验" in letter.body and "只是建议" in letter.body
    enrolment.answer_suggestion(made, accepts=accepts, by=world.by_guardian(), at=DURING)
    assert [list(Submission.objects.values()), list(Wish.objects.values())] == before
    now = stage.application(world.mei)
    assert (now.version, now.digest, now.state) == (application.version, application.digest, "submitted")
    made.refresh_from_db()
    assert made.state == ("accepted" if accepts else "declined")
    verbs = set(Entry.objects.filter(verb__contains="suggest").values_list("verb", flat=True))
    assert verbs == {"enrolment.suggested", f"enrolment.suggestion_{made.state}"}


@pytest.mark.clause("2.7.3-d")
def test_who_refused_or_is_silent_is_not_talked_into_it(stage, world):
    enrolment.submit(stage.registration, world.mei, decline(), by=world.by_guardian(), at=DURING)
    with pytest.raises(Refused) as refused:
        suggest(stage, stage.application(world.mei))
    assert why(refused) == "R-VOL-04:refusers_are_left_alone"
    assert not Suggestion.objects.exists() and not Letter.objects.filter(kind="enrolment.suggested").exists()


def test_not_after_the_deadline_not_twice_and_not_what_is_chosen(stage, world):
    application = submit(stage, world.mei, DayWish(1, 2, ((stage.slot("校园足球"),),)))
    for name, at, key in (
        ("科学小实验", AFTER, "R-VOL-04:choice_is_closed"),
        ("校园足球", DURING, "R-VOL-04:chosen_already"),
    ):
        with pytest.raises(Refused) as refused:
            suggest(stage, application, name, at=at)
        assert why(refused) == key
    made = suggest(stage, application)
    with pytest.raises(Refused) as refused:
        suggest(stage, application)
    assert why(refused) == "R-VOL-04:suggested_already"
    enrolment.withdraw_suggestion(made, by=world.riverside.by("homeroom_teacher"), at=DURING)
    with pytest.raises(Refused) as refused:
        enrolment.answer_suggestion(made, accepts=True, by=world.by_guardian(), at=DURING)
    assert why(refused) == "R-VOL-04:suggestion_answered"
    suggest(stage, application)


@pytest.mark.clause("2.7.3-e")
@pytest.mark.parametrize("ground", ["", "marks", "成绩靠前", "表现不好"])
def test_a_group_is_suggested_for_a_need_and_not_for_marks(stage, world, ground):
    application = submit(stage, world.mei)
    with pytest.raises(Refused) as refused:
        suggest(stage, application, ground=ground)
    assert why(refused) == "R-GRP-02:ground_not_on_the_list"


def test_a_group_of_other_grades_is_not_suggested(stage, world):
    application = submit(stage, world.mei)
    with pytest.raises(Refused) as refused:
        enrolment.suggest(application, 10**9, ground="interest", by=world.riverside.by("homeroom_teacher"), at=DURING)
    assert why(refused) == "R-VOL-04:not_open_to_the_child"
