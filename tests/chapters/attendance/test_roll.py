"""Taking the roll, closing it, putting it right."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kehou.chapters.attendance import actions as attendance
from kehou.chapters.attendance import queries
from kehou.chapters.attendance.models import Alarm, Mark, Register
from kehou.chapters.journal.models import Entry, Letter
from kehou.chapters.people.models import Account, Post
from kehou.rules.attendance import MarkState
from kehou.rules.verdicts import Refused
from tests.groups import make_session
from tests.world import World, moment

FORMER_AND_ACTING = (("原班主任", "13900000901"), ("代班主任", "13900000902"))


def test_nobody_is_absent_by_default(world: World) -> None:
    session = make_session(world.riverside, world.term, [world.mei, world.bo])
    assert [child.state for child in queries.roll(session)] == [MarkState.UNKNOWN, MarkState.UNKNOWN]


def test_a_mark_opens_the_register_and_is_in_the_journal(world: World) -> None:
    session, by = make_session(world.riverside, world.term, [world.mei, world.bo]), world.riverside.by("teacher")
    attendance.mark(session, {world.mei.pk: MarkState.PRESENT}, by=by, at=moment(15, 58))
    states = {child.pupil: child.state for child in queries.roll(session)}
    assert states == {world.mei: MarkState.PRESENT, world.bo: MarkState.UNKNOWN}
    assert Entry.objects.filter(verb="attendance.marked", actor_name=by.name).count() == 1


def test_a_tap_sent_twice_counts_once(world: World) -> None:
    session, by = make_session(world.riverside, world.term, [world.mei]), world.riverside.by("teacher")
    for _ in range(2):
        attendance.mark(session, {world.mei.pk: MarkState.PRESENT}, by=by, at=moment(15, 58), event="e1")
    assert Mark.objects.count() == 1
    assert Entry.objects.filter(verb="attendance.marked").count() == 1


@pytest.mark.parametrize(
    ("hour", "minute", "child", "why"), [(15, 30, "mei", "not_yet"), (16, 0, "lan", "not_in_group")]
)
def test_it_refuses_too_early_and_strange_children(world: World, hour: int, minute: int, child: str, why: str) -> None:
    session, by = make_session(world.riverside, world.term, [world.mei]), world.riverside.by("teacher")
    with pytest.raises(Refused) as no:
        attendance.mark(session, {getattr(world, child).pk: MarkState.PRESENT}, by=by, at=moment(hour, minute))
    assert no.value.refusal.why == why
    assert not Register.objects.exists()


@pytest.mark.clause("3.2-f")
def test_a_register_does_not_close_over_an_unknown_child(world: World) -> None:
    session, by = make_session(world.riverside, world.term, [world.mei, world.bo]), world.riverside.by("teacher")
    attendance.mark(session, {world.mei.pk: MarkState.PRESENT}, by=by, at=moment(16))
    with pytest.raises(Refused, match="unknown_left"):
        attendance.close_register(session, by=by, at=moment(16, 20))
    attendance.mark(session, {world.bo.pk: MarkState.ABSENT}, by=by, at=moment(16, 21))
    register = attendance.close_register(session, by=by, at=moment(16, 22), log_kind="as_planned")
    assert register.digest == attendance.digest_of(register)
    with pytest.raises(Refused, match="closed"):
        attendance.mark(session, {world.bo.pk: MarkState.PRESENT}, by=by, at=moment(16, 23))


def test_a_changed_mark_no_longer_fits_the_register_s_hash(world: World) -> None:
    session, by = make_session(world.riverside, world.term, [world.mei]), world.riverside.by("teacher")
    attendance.mark(session, {world.mei.pk: MarkState.PRESENT}, by=by, at=moment(16))
    register = attendance.close_register(session, by=by, at=moment(16, 20))
    Mark.objects.update(state="absent")
    assert attendance.digest_of(register) != register.digest


def test_a_filed_leave_stands_on_the_roll_and_becomes_a_mark_on_closing(world: World) -> None:
    session, by = make_session(world.riverside, world.term, [world.mei]), world.riverside.by("teacher")
    attendance.file_leave(world.mei, session.on, kind="sick", reason="", by=world.by_guardian(), at=moment(9))
    assert [child.state for child in queries.roll(session)] == [MarkState.LEAVE]
    attendance.close_register(session, by=by, at=moment(16, 20))
    assert Mark.objects.get().state == "leave"


def test_a_correction_needs_somebody_else_and_shows_both_versions(world: World) -> None:
    session, by = make_session(world.riverside, world.term, [world.mei]), world.riverside.by("teacher")
    attendance.mark(session, {world.mei.pk: MarkState.ABSENT}, by=by, at=moment(16))
    register = attendance.close_register(session, by=by, at=moment(16, 20))
    asked = attendance.ask_correction(
        register, world.mei, MarkState.PRESENT, reason="点错了人，孩子在", by=by, at=moment(16, 30)
    )
    assert Mark.objects.get().state == "absent", "nothing changes before it is approved"
    with pytest.raises(Refused, match="own_correction"):
        attendance.decide_correction(asked, approve=True, by=by, at=moment(16, 40))
    attendance.decide_correction(asked, approve=True, by=world.riverside.by("asp_manager"), at=moment(16, 45))
    asked.refresh_from_db()
    assert (Mark.objects.get().state, asked.was, asked.becomes) == ("present", "absent", "present")
    with pytest.raises(Refused, match="decided_already"):
        attendance.decide_correction(asked, approve=False, by=world.riverside.by("principal"), at=moment(16, 50))


@pytest.mark.clause("3.2-f")
def test_an_unknown_child_calls_everybody_out_once_and_being_found_clears_it(world: World) -> None:
    session, by = make_session(world.riverside, world.term, [world.mei, world.bo]), world.riverside.by("teacher")
    attendance.mark(session, {world.mei.pk: MarkState.PRESENT}, by=by, at=moment(16))
    assert attendance.raise_alarms(session, by=by, at=moment(16, 9)) == []
    assert [alarm.pupil for alarm in attendance.raise_alarms(session, by=by, at=moment(16, 10))] == [world.bo]
    told = set(Letter.objects.filter(kind="alarm").values_list("to_account", flat=True))
    who = world.riverside.who
    assert {who["teacher"].pk, who["asp_manager"].pk, who["homeroom_teacher"].pk, world.guardian.pk} <= told
    assert attendance.raise_alarms(session, by=by, at=moment(16, 11)) == [], "nobody is called twice"
    attendance.mark(session, {world.bo.pk: MarkState.LATE}, by=by, at=moment(16, 12))
    assert Alarm.objects.get().cleared_at == moment(16, 12)


def test_a_roll_nobody_has_begun_calls_leader_and_office_but_no_family(world: World) -> None:
    session, by = make_session(world.riverside, world.term, [world.mei, world.bo]), world.riverside.by("teacher")
    (alarm,) = attendance.raise_alarms(session, by=by, at=moment(16, 10))
    assert alarm.pupil is None
    told = set(Letter.objects.filter(kind="alarm").values_list("to_account", flat=True))
    who = world.riverside.who
    assert told == {who["teacher"].pk, who["asp_manager"].pk, who["duty_leader"].pk}
    assert attendance.raise_alarms(session, by=by, at=moment(16, 11)) == []
    attendance.mark(session, {world.mei.pk: MarkState.PRESENT}, by=by, at=moment(16, 12))
    alarm.refresh_from_db()
    assert alarm.cleared_at == moment(16, 12)


@pytest.mark.parametrize("children", [2, 12])
def test_a_roll_costs_the_same_for_any_number_of_children(
    world: World, children: int, django_assert_num_queries: object
) -> None:
    from tests.world import make_pupil

    pupils = [make_pupil(world.riverside, f"学生{number}", grade=3) for number in range(children)]
    session = make_session(world.riverside, world.term, pupils)
    with django_assert_num_queries(4):  # type: ignore[operator]
        assert len(queries.roll(session)) == children


def test_of_two_contrary_corrections_the_second_waits_for_the_first(world: World) -> None:
    session, by = make_session(world.riverside, world.term, [world.mei]), world.riverside.by("teacher")
    attendance.mark(session, {world.mei.pk: MarkState.ABSENT}, by=by, at=moment(16))
    register = attendance.close_register(session, by=by, at=moment(16, 20))
    asked = attendance.ask_correction(register, world.mei, MarkState.LATE, reason="晚到十分钟", by=by, at=moment(17))
    again = attendance.ask_correction(register, world.mei, MarkState.LATE, reason="晚到十分钟", by=by, at=moment(17))
    assert again.pk == asked.pk
    with pytest.raises(Refused, match="correction_waits"):
        attendance.ask_correction(register, world.mei, MarkState.PRESENT, reason="一直都在", by=by, at=moment(17))


def test_an_acting_class_teacher_and_duty_leader_are_called_and_former_ones_are_not(world: World) -> None:
    session, by = make_session(world.riverside, world.term, [world.mei, world.bo]), world.riverside.by("teacher")
    today = moment(16).date()
    posts = Post.objects.filter(school=world.riverside.school, homeroom=world.mei.homeroom)
    posts.delete()
    former, acting = (Account.objects.create(name=name, phone=phone) for name, phone in FORMER_AND_ACTING)
    facts = {"school": world.riverside.school, "role": "homeroom_teacher", "homeroom": world.mei.homeroom}
    Post.objects.create(account=former, from_on=today - timedelta(days=90), until_on=today, **facts)
    Post.objects.create(account=acting, from_on=today - timedelta(days=2), until_on=today + timedelta(days=3), **facts)
    attendance.mark(session, {world.bo.pk: MarkState.PRESENT}, by=by, at=moment(16))
    attendance.raise_alarms(session, by=by, at=moment(16, 10))
    told = set(Letter.objects.filter(kind="alarm", title__contains="还没见到").values_list("to_account", flat=True))
    assert acting.pk in told and former.pk not in told
