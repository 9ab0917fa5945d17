"""No lesson under another name (2.3-n, 2.3-o): refused by every way in, and its shape is shown to those who look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from kehou.chapters.filing import queries as filing
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.models import Activity, ActivityTable
from kehou.chapters.programme.queries import checking
from kehou.rules.filing import checks_of
from kehou.rules.parameters import Parameters
from kehou.rules.programme import EXAM_SUBJECTS, PATTERN_DAYS, tutoring_years, warning_of_class_pattern
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused
from tests.chapters.programme.stage import AT, homework, row
from tests.chapters.programme.test_ways import said, take_rows
from tests.desks.school.stage import url
from tests.desks.school.test_table import typed
from tests.filing import AUGUST, ready
from tests.world import World

# What is written, in which column, and which clause it offends.
LESSON = pytest.mark.parametrize(
    ("name", "aim", "why"),
    [
        pytest.param("数学集体补课", "培养实践能力", "collective", marks=pytest.mark.clause("2.3-n")),
        pytest.param("语文提高班", "全班集中授课，培养特长", "", marks=pytest.mark.clause("2.3-n")),
        pytest.param("静心屋", "周五讲新课，培养实践能力", "new_lesson", marks=pytest.mark.clause("2.3-o")),
        pytest.param("静心屋", "单元测试和试卷讲评，培养特长", "", marks=pytest.mark.clause("2.3-o")),
    ],
)


def refused(act: Callable[[], object]) -> set[str]:
    with pytest.raises((Refused, programme.SheetRefused)) as no:
        act()
    if isinstance(no.value, programme.SheetRefused):
        return {one.key for _, one in no.value.problems}
    return {one.key for one in no.value.refusals}


@LESSON
def test_no_way_into_the_table_lets_a_lesson_through(
    world: World, table: ActivityTable, client: Client, at_moment, name: str, aim: str, why: str
) -> None:
    at_moment(AT)
    place, by = world.riverside, world.riverside.by("asp_manager")
    words = {"name": name, "aim": aim}
    found = [refused(lambda: programme.add_activity(table, row(place, **words), by=by, at=AT))]
    found.append(refused(lambda: take_rows(world, table, said(**words))))
    honest = programme.add_activity(table, row(place), by=by, at=AT)
    found.append(refused(lambda: programme.change_activity(honest, replace(row(place), **words), by=by, at=AT)))
    for keys in found:
        assert keys and all(key.startswith(("R-PROH-02:", "P2-1:")) for key in keys), keys
        assert f"R-PROH-02:{why}" in keys or not why
    client.force_login(place.who["asp_manager"])
    answer = client.post(url("activity_new", world), typed(world, **words))
    assert answer.status_code == 409 and "课后服务" in answer.content.decode()
    assert list(Activity.objects.values_list("name", flat=True)) == ["科学小实验"]


@LESSON
def test_a_row_that_came_past_the_check_is_not_published(
    world: World, publishable: ActivityTable, name: str, aim: str, why: str
) -> None:
    Activity.objects.filter(table=publishable).exclude(is_base_care=True).update(name=name, aim=aim)
    keys = refused(lambda: programme.publish(publishable, by=world.riverside.by("principal"), at=AT))
    assert any(key.startswith(("R-PROH-02:", "P2-1:")) for key in keys)
    assert not publishable.publications.exists()


@pytest.mark.clause("2.3-n")
def test_a_whole_class_with_its_subject_teacher_on_most_days_is_asked_about_and_shown_to_the_district(
    world: World,
) -> None:
    table, place = ready(world), world.riverside

    def remarks() -> list[str]:
        part = filing.draft_of(place.school, world.term, on=AUGUST.date()).contents["F4"]
        return [
            say(one.refusal) for one in checks_of({"F4": part}, Parameters.of(), amendment=False)
            if one.state == "remark" and one.refusal
        ]  # fmt: skip

    leader = place.staff["homeroom_teacher"]
    assert not any("像上课" in words for words in remarks())
    leader.subject = "数学"
    leader.save()
    against = checking(table, on=AT.date())
    facts = replace(homework(place), leader=leader)
    (warning,) = [one for one in against.warnings(facts) if one.code == "R-PROH-02"]
    assert "由教数学的" in say(warning) and "每周5天" in say(warning)
    assert "像上课的编组1个：作业静心屋" in " ".join(remarks())
    mixed = replace(facts, in_homeroom=False, room=place.rooms["F-01"])
    other = replace(facts, leader=place.staff["teacher"])
    for changed in (mixed, other, replace(facts, slots={1: 1, 3: 1})):
        assert not [one for one in against.warnings(changed) if one.code == "R-PROH-02"]


@pytest.mark.clause("2.3-n")
@pytest.mark.parametrize("subject", ["体育", "音乐", "美术", "科学", ""])
def test_only_examined_subjects_make_the_shape(subject: str) -> None:
    facts: dict[str, Any] = {"own_classroom": True, "leader": "王老师", "days": PATTERN_DAYS}
    assert warning_of_class_pattern("静心屋", subject=subject, **facts) is None
    assert all(warning_of_class_pattern("静心屋", subject=one, **facts) for one in EXAM_SUBJECTS)


@pytest.mark.clause("2.3-o")
def test_what_is_held_has_the_kind_of_its_activity_and_no_place_for_a_test_or_a_mark() -> None:
    """A session takes its kind from the table: nobody can enter a lesson, a paper or a score beside it (P2-4)."""
    names = {
        field.name
        for chapter in ("timetable", "attendance")
        for model in apps.get_app_config(chapter).get_models()
        for field in model._meta.get_fields()
    }
    assert {"slot", "leader", "state"} <= names
    assert not names & {"topic", "lesson", "score", "rank", "quiz", "exam"}


def offered(category: str, *grades: int, days: int = 5) -> dict[str, Any]:
    return {"category": category, "grades": list(grades), "class_hours": 1, "slots": [{}] * days}


@pytest.mark.parametrize(
    ("rows", "years"),
    [
        ([offered("homework_help", 6, 9)], [6, 9]),
        ([offered("homework_help", 7, 8)], []),
        ([offered("homework_help", 9), offered("arts_sports", 9, days=1)], []),
        ([offered("homework_help", 9), offered("arts_sports", 8)], [9]),
        ([offered("free_reading", 6)], []),
        ([], []),
    ],
)
def test_a_graduating_grade_that_is_only_tutored_is_asked_about(rows: list[dict[str, Any]], years: list[int]) -> None:
    """P2-5: the graduation year pattern."""
    assert tutoring_years(rows) == years


def test_the_district_reads_it_beside_the_table_and_is_not_held_up_by_it(world: World) -> None:
    ready(world)
    part = filing.draft_of(world.riverside.school, world.term, on=AUGUST.date()).contents["F4"]

    def said(measures: dict[str, Any]) -> list[tuple[str, str]]:
        found = checks_of(
            {"F4": {**part, "measures": {**part["measures"], **measures}}}, Parameters.of(), amendment=False
        )
        return [(one.state, say(one.refusal)) for one in found if one.refusal and "作业辅导一类" in say(one.refusal)]

    assert part["measures"]["tutoring_years"] == [6], "the table of this stage has nothing else for them"
    (remark,) = said({})
    assert remark[0] == "remark" and remark[1].startswith("六年级只开了作业辅导一类")
    assert said({"tutoring_years": []}) == []
