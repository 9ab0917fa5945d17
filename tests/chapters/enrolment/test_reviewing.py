"""班级审核: a closed list of reasons, and no hand on the choice."""

from __future__ import annotations

import pytest

from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment import queries
from kehou.chapters.enrolment.models import ClassReview, Submission
from kehou.chapters.journal.models import Letter
from kehou.rules.choice import REVIEW_REASONS, DayWish
from kehou.rules.verdicts import Refused
from tests.registration import DURING, decline, open_stage, submit


@pytest.fixture
def stage(world):
    return open_stage(world)


def answer(stage, application, **changes):
    values = {"version": 1, "passed": True, "at": DURING} | changes
    return enrolment.review(application, by=stage.world.riverside.by("homeroom_teacher"), **values)


@pytest.mark.clause("2.7.3-b", "3.1-i")
def test_a_passed_review_moves_the_application_and_leaves_the_choice_as_it_is(stage, world):
    application = submit(stage, world.mei)
    before = Submission.objects.values().get()
    answer(stage, application)
    assert stage.application(world.mei).state == "reviewed"
    assert Submission.objects.values().get() == before


@pytest.mark.clause("2.7.3-b")
@pytest.mark.parametrize("reason", ["", "behaviour", "成绩不好"])
def test_only_reasons_of_the_list_send_an_application_back(stage, world, reason):
    application = submit(stage, world.mei)
    with pytest.raises(Refused) as refused:
        answer(stage, application, passed=False, reason=reason)
    assert refused.value.refusal.key == "R-VOL-03:reason_not_on_the_list"
    assert stage.application(world.mei).state == "submitted"


@pytest.mark.parametrize("reason", REVIEW_REASONS)
def test_a_return_tells_the_family_why_and_what_to_do(stage, world, reason):
    answer(stage, submit(stage, world.mei), passed=False, reason=reason)
    letter = Letter.objects.get(to_account=world.guardian.pk)
    assert REVIEW_REASONS[reason].to_do in letter.body
    assert REVIEW_REASONS[reason].title in letter.body


def test_a_version_written_meanwhile_is_not_reviewed_by_accident(stage, world):
    application = submit(stage, world.mei)
    submit(stage, world.mei, DayWish(2, 1))
    with pytest.raises(Refused) as refused:
        answer(stage, application)
    assert refused.value.refusal.key == "R-VOL-03:reviewed_or_changed_meanwhile"
    assert not ClassReview.objects.exists()


def test_a_change_after_the_review_is_reviewed_again(stage, world):
    answer(stage, submit(stage, world.mei))
    assert submit(stage, world.mei, DayWish(2, 1)).state == "submitted"


def test_the_second_of_two_answers_is_told(stage, world):
    application = submit(stage, world.mei)
    answer(stage, application)
    with pytest.raises(Refused):
        answer(stage, application, passed=False, reason="contact")


@pytest.mark.clause("2.7.3-b")
def test_who_refused_is_neither_seen_nor_reviewed(stage, world):
    enrolment.submit(stage.registration, world.mei, decline(), by=world.by_guardian(), at=DURING)
    submit(stage, world.bo)
    shown = queries.to_review([world.mei.homeroom_id], stage.registration)
    assert [application.pupil for application in shown] == [world.bo]
    with pytest.raises(Refused) as refused:
        answer(stage, stage.application(world.mei))
    assert refused.value.refusal.key == "R-VOL-03:refusers_are_not_reviewed"


def test_passing_all_takes_only_what_was_shown(stage, world):
    mei, bo = submit(stage, world.mei), submit(stage, world.bo)
    submit(stage, world.bo, DayWish(2, 1))
    teacher = world.riverside.by("homeroom_teacher")
    assert enrolment.pass_all([(mei, 1), (bo, 1)], by=teacher, at=DURING) == 1
    assert stage.application(world.mei).state == "reviewed"
    assert stage.application(world.bo).state == "submitted"


def test_progress_is_counts_by_class(stage, world):
    submit(stage, world.mei)
    enrolment.submit(stage.registration, world.bo, decline(), by=world.by_guardian(), at=DURING)
    row = next(row for row in queries.progress(stage.registration) if row.homeroom == world.mei.homeroom)
    assert (row.pupils, row.joins, row.declines, row.silent, row.reviewed) == (2, 1, 1, 0, 0)


def test_interest_counts_the_version_that_stands(stage, world):
    football, science = stage.slot("校园足球"), stage.slot("科学小实验")
    submit(stage, world.mei, DayWish(1, 2, ((football,),)))
    submit(stage, world.mei, DayWish(1, 2, ((science,), (football,))))
    assert queries.interest(stage.registration) == {science: (1, 1), football: (0, 1)}
