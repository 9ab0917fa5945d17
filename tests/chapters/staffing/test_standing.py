"""Suspended, gone, back, on the district's list; and the warning before something ends (2.5-g, P6)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kehou.chapters.journal.models import Letter
from kehou.chapters.people.models import Account
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.models import SignedPaper, StaffMember
from kehou.chapters.staffing.queries import refusal_to_schedule
from kehou.chapters.timetable import actions as timetable
from tests.chapters.staffing.test_files import AT, SEEN, SONG, identity, keys, refused, through
from tests.world import TODAY, World, make_account


@pytest.fixture
def song(world: World) -> StaffMember:
    by, account = world.riverside.by("asp_manager"), make_account("宋师傅")
    return staffing.add_staff(world.riverside.school, SONG, by=by, at=AT, account=account)


@pytest.mark.clause("2.5-g")
def test_who_left_comes_back_only_with_the_district(world: World, song: StaffMember) -> None:
    place = world.riverside
    through(world, song)
    by = place.by("asp_manager")
    assert refused(timetable.let_go, song, on=TODAY, reason=" ", by=by, at=AT) == ["R-EXT-04:say_why"]
    timetable.let_go(song, on=TODAY, reason="外出务工", by=by, at=AT)
    assert song.departure.reason == "外出务工"
    back = staffing.add_staff(place.school, SONG, by=by, at=AT, account=Account.objects.get(pk=song.account_id))
    assert "R-EXT-04:came_back" in keys(back)
    asked = staffing.ask_return(back, reason="已回乡", by=by, at=AT)
    assert refused(staffing.ask_return, back, reason="再问", by=by, at=AT) == ["R-EXT-04:asked_already"]
    officer = world.by_district("basic_education")
    staffing.decide_return(asked, agree=True, answer="同意", by=officer, at=AT)
    assert "R-EXT-04:came_back" not in keys(back)
    assert refused(staffing.decide_return, asked, agree=False, answer="不", by=officer, at=AT) == [
        "R-EXT-04:decided_already"
    ]


@pytest.mark.clause("2.5-g")
def test_a_conduct_suspension_ends_only_with_the_district(world: World) -> None:
    place = world.riverside
    teacher, by, officer = place.staff["teacher"], place.by("asp_manager"), world.by_district("basic_education")
    timetable.suspend(teacher, reason="投诉属实", conduct=True, by=by, at=AT)
    assert refusal_to_schedule(teacher, world.term, on=TODAY).key == "R-EXT-04:not_in_use"  # type: ignore[union-attr]
    assert refused(timetable.resume, teacher, by=by, at=AT) == ["R-EXT-04:district_decides"]
    asked = staffing.ask_return(teacher, reason="已处理", by=by, at=AT)
    staffing.decide_return(asked, agree=True, answer="同意", by=officer, at=AT)
    timetable.resume(teacher, by=by, at=AT)
    teacher.refresh_from_db()
    assert teacher.state == "in_use" and teacher.suspensions.get().ended_at == AT


def test_the_districts_list_is_ended_by_a_second_person(world: World, song: StaffMember) -> None:
    place, head = world.riverside, world.by_district("basic_education_head")
    officer = world.by_district("basic_education")
    through(world, song)
    staffing.admit(song.school, [song], by=place.by("principal"), at=AT)
    facts = staffing.RestrictionFacts("宋师傅", identity(), "ban", "（2026）刑初1号", TODAY)
    kept = timetable.restrict(facts, until_on=None, by=officer, at=AT)
    song.refresh_from_db()
    assert song.state == "suspended" and keys(song)[0] == "R-FILE-03:on_conduct_list"
    assert refused(timetable.restrict, facts, until_on=None, by=officer, at=AT) == ["R-FILE-03:listed_already"]
    assert refused(staffing.release, kept, by=head, at=AT) == ["R-FILE-03:release_not_proposed"]
    staffing.propose_release(kept, reason="改判", by=officer, at=AT)
    assert refused(staffing.release, kept, by=officer, at=AT) == ["R-FILE-03:same_person_twice"]
    staffing.release(kept, by=head, at=AT)
    assert "R-FILE-03:on_conduct_list" not in keys(song)
    assert refused(staffing.release, kept, by=head, at=AT) == ["R-FILE-03:released_already"]


# --- The end of a proof -----------------------------------------------------------------------------------------------


def test_thirty_days_before_an_end_person_and_office_are_told_once(world: World) -> None:
    place = world.riverside
    teacher, by = place.staff["teacher"], place.by("asp_manager")
    health = staffing.ProofFacts("health", last_on=TODAY + timedelta(days=20), **SEEN)
    staffing.record_proof(teacher, health, by=by, at=AT)
    assert staffing.warn_of_ends(place.school, by=by, at=AT) == 1
    told = Letter.objects.filter(kind="staff.ends").values_list("to_account", flat=True)
    assert set(told) == {place.who["teacher"].pk, place.who["asp_manager"].pk}
    assert (
        staffing.warn_of_ends(place.school, by=by, at=AT) == 0 and Letter.objects.filter(kind="staff.ends").count() == 2
    )
    assert SignedPaper.objects.filter(member=teacher).exists()
