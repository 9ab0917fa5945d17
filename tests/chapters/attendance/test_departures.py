"""Handing over and the zero count; leave and what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kehou.chapters.attendance import actions as attendance
from kehou.chapters.attendance import queries
from kehou.chapters.attendance.models import Release
from kehou.chapters.journal.models import Entry, Letter
from kehou.chapters.people import actions as people
from kehou.chapters.people.actions.family import Reach
from kehou.chapters.people.models import Pupil
from kehou.chapters.timetable.models import Duty
from kehou.lib.uploads import Upload
from kehou.rules.attendance import MarkState, Way
from kehou.rules.verdicts import Refused
from tests.groups import enrol, make_session
from tests.world import TODAY, World, moment

MOTHER = "陈梅妈妈"


def counted_in(world: World, *pupils: object) -> object:
    """Return a session in which the children were marked present."""
    session = make_session(world.riverside, world.term, pupils)  # type: ignore[arg-type]
    marks = {pupil.pk: MarkState.PRESENT for pupil in pupils}  # type: ignore[attr-defined]
    attendance.mark(session, marks, by=world.riverside.by("teacher"), at=moment(16))
    return session


@pytest.mark.clause("3.2-n")
def test_a_child_goes_with_a_named_person_only_and_the_family_hears_of_it(world: World) -> None:
    counted_in(world, world.mei)
    by = world.riverside.by("gatekeeper")
    with pytest.raises(Refused, match="not_authorised"):
        attendance.release(world.mei, TODAY, way=Way.DELEGATE, to_name="王奶奶", by=by, at=moment(17, 30))
    people.name_pickup_person(
        world.mei, Reach("王奶奶", "奶奶", "19900001111"), by=world.by_guardian(), at=moment(17, 31), only_on=TODAY
    )
    release = attendance.release(world.mei, TODAY, way=Way.DELEGATE, to_name="王奶奶", by=by, at=moment(17, 32))
    assert (release.to_name, release.released_at) == ("王奶奶", moment(17, 32))
    letter = Letter.objects.get(kind="released", to_account=world.guardian.pk)
    assert "17:32" in letter.title and "王奶奶" in letter.body


@pytest.mark.clause("3.2-n")
def test_a_stranger_s_name_is_recorded_under_no_way(world: World) -> None:
    enrol(world.bo, world.term, going_home="bus")
    counted_in(world, world.mei, world.bo)
    by = world.riverside.by("teacher")

    def hand(pupil: Pupil, way: Way, to_name: str = "") -> Release:
        return attendance.release(pupil, TODAY, way=way, to_name=to_name, by=by, at=moment(17, 30))

    for way in (Way.GUARDIAN, Way.DELEGATE, Way.DUTY_LEADER, Way.ALONE, Way.BUS):
        for name in ("陌生人", world.other_guardian.name, ""):
            with pytest.raises(Refused):
                hand(world.mei, way, name)
    assert not Release.objects.exists()
    assert hand(world.mei, Way.GUARDIAN, MOTHER).to_name == MOTHER
    assert hand(world.bo, Way.BUS).to_name == ""


@pytest.mark.clause("3.2-n")
def test_the_duty_leader_is_the_one_of_the_roster_and_without_a_roster_whoever_holds_the_post(world: World) -> None:
    counted_in(world, world.mei, world.bo)
    place = world.riverside
    holder, rostered = place.who["duty_leader"].name, place.staff["homeroom_teacher"]
    facts = {"way": Way.DUTY_LEADER, "by": place.by("teacher"), "at": moment(18, 35)}
    attendance.release(world.bo, TODAY, to_name=holder, **facts)
    Duty.objects.create(school=place.school, on=TODAY, kind="leader", staff=rostered)
    Duty.objects.create(school=place.school, on=TODAY, kind="gate", staff=place.staff["teacher"])
    for name in (holder, place.staff["teacher"].name):
        with pytest.raises(Refused, match="not_on_duty"):
            attendance.release(world.mei, TODAY, to_name=name, **facts)
    attendance.release(world.mei, TODAY, to_name=rostered.name, **facts)
    told = Letter.objects.filter(kind="released", to_account=world.guardian.pk).last()
    assert told and f"交值班领导{rostered.name}" in told.body


@pytest.mark.clause("3.2-n")
def test_a_line_with_one_stranger_releases_nobody(world: World) -> None:
    counted_in(world, world.mei, world.bo)
    line = [attendance.Going(world.mei, Way.GUARDIAN, MOTHER), attendance.Going(world.bo, Way.GUARDIAN, "陌生人")]
    by, school = world.riverside.by("gatekeeper"), world.riverside.school
    with pytest.raises(Refused, match="not_a_guardian"):
        attendance.release_wave(school, line, TODAY, by=by, at=moment(17))
    assert not Release.objects.exists()
    line[1] = attendance.Going(world.bo, Way.GUARDIAN, MOTHER)
    assert len(attendance.release_wave(school, line, TODAY, by=by, at=moment(17))) == 2


def test_a_person_named_for_yesterday_may_not_fetch_today(world: World) -> None:
    counted_in(world, world.mei)
    people.name_pickup_person(
        world.mei, Reach("王奶奶", "奶奶", ""), by=world.by_guardian(), at=moment(9), only_on=TODAY - timedelta(1)
    )
    with pytest.raises(Refused, match="not_authorised"):
        attendance.release(
            world.mei, TODAY, way=Way.DELEGATE, to_name="王奶奶", by=world.riverside.by("teacher"), at=moment(17)
        )


def test_a_child_walks_alone_only_when_signed_for(world: World) -> None:
    enrol(world.mei, world.term, going_home="alone")
    counted_in(world, world.mei, world.bo)
    by = world.riverside.by("teacher")
    attendance.release(world.mei, TODAY, way=Way.ALONE, by=by, at=moment(17, 30))
    with pytest.raises(Refused, match="may_not_walk"):
        attendance.release(world.bo, TODAY, way=Way.ALONE, by=by, at=moment(17, 30))


def test_a_hand_over_sent_twice_is_one_and_two_people_cannot_both_do_it(world: World) -> None:
    counted_in(world, world.mei)
    by = world.riverside.by("teacher")
    first = attendance.release(world.mei, TODAY, way=Way.GUARDIAN, to_name=MOTHER, by=by, at=moment(17, 30), event="e1")
    again = attendance.release(world.mei, TODAY, way=Way.GUARDIAN, to_name=MOTHER, by=by, at=moment(17, 31), event="e1")
    assert first.pk == again.pk
    with pytest.raises(Refused, match="released_already"):
        attendance.release(
            world.mei,
            TODAY,
            way=Way.GUARDIAN,
            to_name=MOTHER,
            by=world.riverside.by("gatekeeper"),
            at=moment(17, 31),
            event="e2",
        )


@pytest.mark.clause("3.2-n")
def test_the_day_closes_with_nobody_left_and_every_roll_closed(world: World) -> None:
    session, by = counted_in(world, world.mei, world.bo), world.riverside.by("duty_leader")
    with pytest.raises(Refused, match="open_registers"):
        attendance.close_day(world.riverside.school, TODAY, by=by, at=moment(18))
    attendance.close_register(session, by=world.riverside.by("teacher"), at=moment(16, 30))  # type: ignore[arg-type]
    attendance.release(world.mei, TODAY, way=Way.GUARDIAN, to_name=MOTHER, by=by, at=moment(17, 30))
    with pytest.raises(Refused, match="still_on_site") as no:
        attendance.close_day(world.riverside.school, TODAY, by=by, at=moment(18))
    assert no.value.refusal.fact("names") == "陈小波"
    attendance.release(
        world.bo, TODAY, way=Way.DUTY_LEADER, to_name=world.riverside.who["duty_leader"].name, by=by, at=moment(18, 35)
    )
    closing = attendance.close_day(world.riverside.school, TODAY, by=by, at=moment(18, 40))
    assert (closing.present, closing.released) == (2, 2)
    assert attendance.close_day(world.riverside.school, TODAY, by=by, at=moment(18, 41)).pk == closing.pk


def test_a_wrong_hand_over_is_taken_back_with_a_reason_until_the_day_is_closed(world: World) -> None:
    counted_in(world, world.mei)
    by = world.riverside.by("teacher")
    release = attendance.release(world.mei, TODAY, way=Way.GUARDIAN, to_name=MOTHER, by=by, at=moment(17, 30))
    with pytest.raises(Refused):
        attendance.take_back_release(release, reason="", by=by, at=moment(17, 31))
    attendance.take_back_release(release, reason="登记错了孩子", by=by, at=moment(17, 31))
    assert not Release.objects.exists()
    kept = Entry.objects.get(verb="attendance.release_taken_back")
    assert kept.facts["pupil"] == world.mei.pk and kept.facts["reason"] == "登记错了孩子"
    assert list(queries.on_site(world.riverside.school, TODAY)) == [world.mei]


@pytest.mark.parametrize(
    ("kind", "hour", "refunds", "days"),
    [("errand", 9, True, None), ("errand", 13, False, None), ("sick", 13, False, 3)],
)
def test_leave_before_noon_is_not_billed_and_a_sick_note_mends_the_rest(
    world: World, kind: str, hour: int, refunds: bool, days: int | None
) -> None:
    make_session(world.riverside, world.term, [world.mei])
    leave = attendance.file_leave(world.mei, TODAY, kind=kind, reason="", by=world.by_guardian(), at=moment(hour))
    assert (leave.refunds, leave.proof_due_on) == (refunds, days and TODAY + timedelta(days))
    if days:
        proven = attendance.prove_leave(
            leave, Upload(b"%PDF-1.7 a note", "pdf"), by=world.by_guardian(), at=moment(9, on=TODAY + timedelta(3))
        )
        assert proven.refunds
    told = Letter.objects.get(kind="leave")
    assert told.to_account == world.riverside.who["teacher"].pk


def test_leave_is_refused_without_service_and_filing_twice_is_one_leave(world: World) -> None:
    with pytest.raises(Refused, match="no_service"):
        attendance.file_leave(world.mei, TODAY, kind="sick", reason="", by=world.by_guardian(), at=moment(9))
    make_session(world.riverside, world.term, [world.mei])
    first = attendance.file_leave(world.mei, TODAY, kind="sick", reason="", by=world.by_guardian(), at=moment(9))
    again = attendance.file_leave(world.mei, TODAY, kind="sick", reason="", by=world.by_guardian(), at=moment(9, 1))
    assert first.pk == again.pk
    with pytest.raises(Refused, match="leave_withdrawn_late"):
        attendance.withdraw_leave(first, by=world.by_guardian(), at=moment(9, 2))


def test_nobody_is_counted_in_after_the_zero_count(world: World) -> None:
    counted_in(world)  # a group without children: its roll need not be closed
    late = make_session(world.riverside, world.term, [], name="晚到的小组")
    by = world.riverside.by("asp_manager")
    closing = attendance.close_day(world.riverside.school, TODAY, by=by, at=moment(18, 40))
    assert closing.present == 0
    enrol(world.mei, world.term)
    with pytest.raises(Refused, match="day_closed"):
        attendance.mark(late, {world.mei.pk: MarkState.PRESENT}, by=by, at=moment(18, 41))
