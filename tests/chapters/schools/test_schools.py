"""Schools, homerooms, rooms, seasons, dismissals, exceptions: what may be kept and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from kehou.chapters.journal.models import Entry
from kehou.chapters.schools import actions as schools
from kehou.chapters.schools.models import School
from kehou.chapters.schools.queries import latest_end, rooms_of, season_on, seasons_within
from kehou.rules.sentences import say
from kehou.rules.spans import Span
from kehou.rules.verdicts import Refused
from tests.world import World, moment

AT = moment(9)
SCIENCE = schools.RoomFacts(code="F-09", name="创客室", capacity=24, seats=30, risk_class="C")


def keys(no: pytest.ExceptionInfo[Refused]) -> list[str]:
    assert all(say(one) for one in no.value.refusals)
    return [one.key for one in no.value.refusals]


def test_a_school_has_a_code_and_a_name_of_its_own(world: World) -> None:
    by = world.by_district("basic_education")
    school = schools.add_school("2150990009", name="礼让小学（演示）", kind="primary", town="礼让镇", by=by, at=AT)
    assert school.charges_fee and Entry.objects.get(verb="schools.school_added").school_code == school.code
    with pytest.raises(Refused) as no:
        schools.add_school("2150990009", name="礼让小学（演示）", kind="college", town="礼让镇", by=by, at=AT)
    assert keys(no) == ["R-ORG-01:school_kind_unknown", "R-ORG-01:school_code_taken", "R-ORG-01:school_name_taken"]
    with pytest.raises(Refused) as no:
        schools.add_school("21509", name="短码小学", kind="primary", town="礼让镇", by=by, at=AT)
    assert keys(no) == ["R-ORG-01:school_code_malformed"]
    assert School.objects.count() == 3


def test_a_homeroom_is_of_a_grade_the_school_has_and_stands_once(world: World) -> None:
    place = world.riverside
    facts = {"school_year": 2026, "by": place.by("asp_manager"), "at": AT}
    homeroom = schools.add_homeroom(place.school, grade=3, number=3, site="青龙村教学点", **facts)
    assert str(homeroom) == "三年级3班" and homeroom.site == "青龙村教学点"
    with pytest.raises(Refused) as no:
        schools.add_homeroom(place.school, grade=3, number=3, **facts)
    assert keys(no) == ["R-ELIG-01:homeroom_twice"]
    with pytest.raises(Refused) as no:
        schools.add_homeroom(place.school, grade=7, number=1, **facts)
    assert keys(no) == ["R-ELIG-01:grade_not_of_this_school"]


def test_a_room_is_put_into_the_ledger_and_corrected(world: World) -> None:
    place, by = world.riverside, world.riverside.by("asp_manager")
    room = schools.add_room(place.school, SCIENCE, by=by, at=AT)
    schools.change_room(room, replace(SCIENCE, capacity=20, kit="3D打印机2台"), by=by, at=AT)
    entry = Entry.objects.get(verb="schools.room_changed")
    assert entry.facts["was"] == {"capacity": 24, "kit": ""}
    schools.change_room(room, replace(SCIENCE, capacity=20, kit="3D打印机2台"), by=by, at=AT)
    assert Entry.objects.filter(verb="schools.room_changed").count() == 1
    schools.retire_room(room, on=AT.date(), by=by, at=AT)
    assert room not in rooms_of(place.school) and room in rooms_of(place.school, on=date(2026, 9, 1))
    for again in (
        lambda: schools.retire_room(room, on=AT.date(), by=by, at=AT),
        lambda: schools.change_room(room, SCIENCE, by=by, at=AT),
    ):
        with pytest.raises(Refused) as no:
            again()
        assert keys(no) == ["R-RES-02:room_retired"]


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        (replace(SCIENCE, code="F-03"), "R-RES-02:room_code_taken"),
        (replace(SCIENCE, capacity=0), "R-GRP-01:room_without_places"),
        (replace(SCIENCE, capacity=31), "R-GRP-01:room_takes_more_than_its_seats"),
    ],
    ids=["code", "empty", "seats"],
)
def test_a_room_is_refused(world: World, facts: schools.RoomFacts, key: str) -> None:
    with pytest.raises(Refused) as no:
        schools.add_room(world.riverside.school, facts, by=world.riverside.by("asp_manager"), at=AT)
    assert keys(no) == [key]


def test_a_room_is_not_its_own_shelter(world: World) -> None:
    place = world.riverside
    with pytest.raises(Refused) as no:
        facts = replace(SCIENCE, code="P-01", rain_room=place.rooms["P-01"])
        schools.change_room(place.rooms["P-01"], facts, by=place.by("asp_manager"), at=AT)
    assert keys(no) == ["R-RES-02:rain_room_is_itself"]


@pytest.mark.clause("2.2-e")
def test_exactly_one_season_holds_on_a_day(world: World) -> None:
    place, by, term = world.riverside, world.riverside.by("asp_manager"), world.term
    split = date(2026, 10, 8)
    with pytest.raises(Refused) as no:
        schools.add_season(place.school, name="冬季作息", from_on=split, until_on=term.until_on, by=by, at=AT)
    assert keys(no) == ["R-TIME-05:seasons_overlap"]
    schools.change_season(place.season, name="夏季作息", from_on=term.from_on, until_on=split, by=by, at=AT)
    winter = schools.add_season(place.school, name="冬季作息", from_on=split, until_on=term.until_on, by=by, at=AT)
    assert season_on(place.school, date(2026, 10, 7)) == place.season
    assert season_on(place.school, split) == winter
    assert season_on(place.school, term.until_on) is None
    with pytest.raises(Refused) as no:
        schools.change_season(winter, name="冬季作息", from_on=split, until_on=split, by=by, at=AT)
    assert keys(no) == ["R-TIME-05:season_without_days"]
    names = [one.season.name for one in seasons_within(place.school, Span(split, term.until_on))]
    assert names == ["冬季作息"]


@pytest.mark.clause("2.2-b")
def test_dismissals_by_grade_weekday_and_season(world: World) -> None:
    place, by = world.riverside, world.riverside.by("asp_manager")
    schools.set_dismissals(place.season, {(1, 5): time(15, 0), (3, 5): time(15, 20)}, by=by, at=AT)
    times = {(one.grade, one.weekday): one.at for one in season_on(place.school, AT.date()).dismissals.all()}
    assert times == {(1, 5): time(15, 0), (3, 5): time(15, 20)}
    assert season_on(place.school, date(2027, 6, 1)) is None
    entry = Entry.objects.get(verb="schools.dismissals_set")
    assert [1, 5, "15:50", "15:00"] in entry.facts["changed"]
    schools.set_dismissals(place.season, {(1, 5): time(15, 0), (3, 5): time(15, 20)}, by=by, at=AT)
    assert Entry.objects.filter(verb="schools.dismissals_set").count() == 1


def test_every_dismissal_that_cannot_be_is_said_at_once(world: World) -> None:
    place = world.riverside
    with pytest.raises(Refused) as no:
        times = {(1, 1): time(5, 50), (2, 1): time(19, 0), (7, 1): time(15, 50), (3, 1): time(15, 50)}
        schools.set_dismissals(place.season, times, by=place.by("asp_manager"), at=AT)
    assert keys(no) == ["R-TIME-02:dismissal_not_in_the_afternoon"] * 2 + ["R-TIME-02:grade_not_of_this_school"]
    assert place.season.dismissals.count() == 30


@pytest.mark.clause("2.2-c")
def test_a_later_end_needs_a_reason_an_approval_and_an_end(world: World) -> None:
    school, by, limit = world.riverside.school, world.by_district("basic_education"), time(18, 30)
    facts = {
        "latest_end": time(19, 0),
        "days": Span(date(2026, 11, 1), date(2026, 12, 1)),
        "reason": "山区班车晚点",
        "approval_reference": "梁教基〔2026〕8号",
        "limit": limit,
        "by": by,
        "at": AT,
    }
    wrong = {"latest_end": limit, "days": Span(date(2026, 11, 1), None), "reason": " ", "accepted": False}
    with pytest.raises(Refused) as no:
        schools.approve_end_exception(school, **{**facts, **wrong})  # type: ignore[arg-type]
    assert keys(no) == [
        "R-TIME-03:exception_off",
        "R-TIME-03:exception_without_reason",
        "R-TIME-03:exception_not_later",
        "R-TIME-03:exception_without_days",
    ]
    with pytest.raises(Refused) as no:
        schools.approve_end_exception(school, **{**facts, **wrong, "limit": time(19, 0)})  # type: ignore[arg-type]
    assert [one.why for one in no.value.refusals if "19:00" in say(one)] == ["exception_off", "exception_not_later"]
    schools.approve_end_exception(school, **facts)  # type: ignore[arg-type]
    assert latest_end(school, date(2026, 11, 30), limit=limit) == time(19, 0)
    assert latest_end(school, date(2026, 12, 1), limit=limit) == limit
    assert latest_end(world.hill.school, date(2026, 11, 30), limit=limit) == limit
