"""The two documents against infectious disease and the rule of those on duty (2.5-e, 2.5-f): written, signed, filed,
and lived by — one missing keeps the pack out of the district, a closed school is told to families, a day without a
leader is named."""

from __future__ import annotations

from datetime import date

import pytest

from kehou.chapters.filing import actions as filing
from kehou.chapters.filing import queries
from kehou.chapters.journal.models import Letter
from kehou.chapters.planning.models import PolicyVersion
from kehou.chapters.planning.queries import is_cleared, standing_policy
from kehou.chapters.timetable import actions as timetable
from kehou.chapters.timetable.models import Session
from kehou.chapters.timetable.queries import roster_of
from kehou.lib import jobs
from kehou.rules.filing import checks_of
from kehou.rules.parameters import Parameters
from kehou.rules.policy_documents import BY_NUMBER
from kehou.rules.sentences import say
from kehou.rules.spans import Span
from kehou.rules.verdicts import Refused
from tests.chapters.timetable.stage import NOW, SCIENCE, make, open_school, seat, session, slot
from tests.filing import AUGUST, BY_PASSWORD, prepared, ready
from tests.world import World

PREVENTION, OUTBREAK, MANAGERS = 4, 5, 6
WEDNESDAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("number", "says"),
    [
        pytest.param(PREVENTION, ("通风", "同一组一天内有三人以上", "复课"), marks=pytest.mark.clause("2.5-e")),
        pytest.param(OUTBREAK, ("临时观察室", "通知家长", "疾病预防控制机构", "停课日不计费"), marks=pytest.mark.clause("2.5-e")),
        pytest.param(MANAGERS, ("值班领导", "巡查", "医务联系人", "当日清零"), marks=pytest.mark.clause("2.5-f")),
    ],
)  # fmt: skip
def test_a_pack_holds_the_text_and_without_it_is_red_and_not_accepted_in_a_batch(
    world: World, number: int, says: tuple[str, ...]
) -> None:
    ready(world)
    school = world.riverside.school
    standing = standing_policy(school, number)
    assert standing is not None
    text = "".join(chapter.body for chapter in standing.text)
    assert all(words in text for words in says)
    title = f"{BY_NUMBER[number].mark}{BY_NUMBER[number].title}"

    def part() -> dict:
        return queries.draft_of(school, world.term, on=AUGUST.date()).contents["F5"]

    def red() -> list[str]:
        found = checks_of({"F5": part()}, Parameters.of(), amendment=False)
        return [say(one.refusal) for one in found if one.part == "F5" and one.state == "red"]

    assert red() == [] and any(title in one["title"] for one in part()["sections"])
    PolicyVersion.objects.filter(pk=standing.pk).delete()
    assert len(red()) == 1 and title in red()[0]
    one = filing.sign(prepared(world), ink=BY_PASSWORD, by=world.riverside.by("principal"), at=AUGUST)
    one = filing.submit(one, by=world.riverside.by("principal"), at=AUGUST)
    (answer,) = filing.accept_many([one], by=world.by_district("basic_education"), at=AUGUST)
    assert answer.refusals[0].key == "R-FILING-03:red_in_bulk"
    assert not is_cleared(school, world.term)


@pytest.mark.clause("2.5-e")
def test_an_outbreak_suspends_the_service_families_are_told_and_it_is_taken_up_again(world: World, at_moment) -> None:
    at_moment(NOW)
    open_school(world)
    make(world)
    seat(world, world.mei, slot(SCIENCE, 3))
    place = world.riverside
    facts = {"by": place.by("asp_manager"), "at": NOW, "school_code": place.school.code}
    span = Span.through(WEDNESDAY, WEDNESDAY)
    with pytest.raises(Refused) as no:
        timetable.declare_closure(span, reason=" ", **facts)
    assert no.value.refusal.why == "closure_without_reason"
    closure = timetable.declare_closure(span, reason="三年级出现水痘聚集，经区疾控中心同意停课一天", **facts)
    jobs.work_off()
    assert session(SCIENCE, WEDNESDAY).state == Session.CANCELLED
    assert "水痘" in Letter.objects.filter(to_account=world.guardian.pk).latest("pk").body
    timetable.lift_closure(closure, by=place.by("asp_manager"), at=NOW.replace(hour=11))
    jobs.work_off()
    assert session(SCIENCE, WEDNESDAY).state == Session.PLANNED


@pytest.mark.clause("2.5-f")
def test_a_service_day_without_a_leader_is_named_and_with_all_four_is_covered(world: World) -> None:
    place, by = world.riverside, world.riverside.by("asp_manager")
    week = Span(date(2026, 11, 23), date(2026, 11, 30))
    for kind, who in (("gate", "teacher"), ("patrol", "homeroom_teacher"), ("medical", "teacher")):
        timetable.give_duty(place.staff[who], kind, on=WEDNESDAY, by=by, at=NOW)

    def missing() -> str:
        day = next(one for one in roster_of(place.school, world.term, week) if one.on == WEDNESDAY)
        return day.missing.fact("missing") if day.missing else ""

    assert missing() == "值班领导"
    timetable.give_duty(place.staff["duty_leader"], "leader", on=WEDNESDAY, by=by, at=NOW)
    assert missing() == ""
