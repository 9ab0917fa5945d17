"""Roll call and hand-over as rules."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.attendance import (
    MarkState,
    Takers,
    Way,
    is_alarming,
    leave_terms,
    refusal_to_close,
    refusal_to_close_day,
    refusal_to_correct,
    refusal_to_decide_correction,
    refusal_to_file_leave,
    refusal_to_mark,
    refusal_to_release,
    seconds_to_alarm,
)
from kehou.rules.sentences import say

SHANGHAI = ZoneInfo("Asia/Shanghai")
STARTS = datetime(2026, 11, 18, 16, 0, tzinfo=SHANGHAI)
DAY = date(2026, 11, 18)


@pytest.mark.clause("3.2-f")
@pytest.mark.parametrize(("minutes", "red"), [(-1, False), (9, False), (10, True), (45, True)])
def test_an_unknown_child_is_an_alarm_ten_minutes_after_the_start(minutes: int, red: bool) -> None:
    now = STARTS + timedelta(minutes=minutes)
    assert is_alarming(MarkState.UNKNOWN, starts=STARTS, now=now, alarm_minutes=10) is red


@given(st.sampled_from([state for state in MarkState if state is not MarkState.UNKNOWN]), st.integers(0, 300))
def test_a_child_of_whom_something_is_known_is_never_an_alarm(state: MarkState, minutes: int) -> None:
    assert not is_alarming(state, starts=STARTS, now=STARTS + timedelta(minutes=minutes), alarm_minutes=10)


@pytest.mark.clause("3.2-f")
def test_a_register_closes_only_when_every_child_is_known() -> None:
    states = [("陈小梅", MarkState.PRESENT), ("陈小波", MarkState.UNKNOWN)]
    no = refusal_to_close(states, closed=False)
    assert no and no.code == "R-ATT-01" and "陈小波" in say(no) and "陈小梅" not in say(no)
    assert refusal_to_close([states[0], ("陈小波", MarkState.ABSENT)], closed=False) is None


def test_a_roll_is_taken_from_twenty_minutes_before_and_not_after_closing() -> None:
    early = refusal_to_mark(cancelled=False, closed=False, starts=STARTS, now=STARTS - timedelta(minutes=21))
    assert early and "15:40" in say(early)
    assert refusal_to_mark(cancelled=False, closed=False, starts=STARTS, now=STARTS - timedelta(minutes=20)) is None
    assert refusal_to_mark(cancelled=True, closed=False, starts=STARTS, now=STARTS) is not None
    assert refusal_to_mark(cancelled=False, closed=True, starts=STARTS, now=STARTS) is not None
    stranger = refusal_to_mark(cancelled=False, closed=False, starts=STARTS, now=STARTS, strangers=["兰兰"])
    assert stranger and "兰兰" in say(stranger)


@given(st.integers(-3600 * 1000, 3600 * 1000), st.integers(1, 30))
def test_the_page_counts_down_to_the_very_second_at_which_the_rule_calls_a_child_missing(ms: int, minutes: int) -> None:
    starts = datetime(2026, 11, 18, 16, tzinfo=SHANGHAI)
    now = starts + timedelta(milliseconds=ms)
    left = seconds_to_alarm(starts=starts, now=now, alarm_minutes=minutes)
    rings = {"starts": starts, "alarm_minutes": minutes}
    assert is_alarming(MarkState.UNKNOWN, now=now + timedelta(seconds=left), **rings)  # type: ignore[arg-type]
    if left:
        assert not is_alarming(MarkState.UNKNOWN, now=now + timedelta(seconds=left - 1), **rings)  # type: ignore[arg-type]


def test_a_correction_needs_a_reason_and_another_person() -> None:
    asked = {"closed": True, "was": MarkState.ABSENT, "becomes": MarkState.PRESENT}
    assert refusal_to_correct(**asked, reason="点错了人，孩子在") is None  # type: ignore[arg-type]
    assert refusal_to_correct(**asked, reason="错") is not None  # type: ignore[arg-type]
    assert (
        refusal_to_correct(closed=False, was=MarkState.ABSENT, becomes=MarkState.PRESENT, reason="点错了人") is not None
    )
    assert refusal_to_decide_correction(asked_by=1, decided_by=1, decided=False) is not None
    assert refusal_to_decide_correction(asked_by=1, decided_by=2, decided=True) is not None
    assert refusal_to_decide_correction(asked_by=1, decided_by=2, decided=False) is None


RELEASE = {
    "name": "陈小梅",
    "is_here": True,
    "released": False,
    "to_name": "",
    "takers": Takers(guardians=["陈梅妈妈"], delegates=["王奶奶"], duty_leaders=["邓强"]),
}
WALKS, RIDES = Takers(may_walk=True), Takers(rides_bus=True)


@pytest.mark.clause("3.2-n")
@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"way": Way.GUARDIAN, "to_name": " 陈梅妈妈"}, None),
        ({"way": Way.GUARDIAN}, "not_a_guardian"),
        ({"way": Way.GUARDIAN, "to_name": "陌生人"}, "not_a_guardian"),
        ({"way": Way.GUARDIAN, "to_name": "王奶奶"}, "not_a_guardian"),
        ({"way": Way.DELEGATE, "to_name": "王奶奶"}, None),
        ({"way": Way.DELEGATE, "to_name": "陌生人"}, "not_authorised"),
        ({"way": Way.DUTY_LEADER, "to_name": "邓强"}, None),
        ({"way": Way.DUTY_LEADER, "to_name": "陌生人"}, "not_on_duty"),
        ({"way": Way.DUTY_LEADER}, "not_on_duty"),
        ({"way": Way.ALONE}, "may_not_walk"),
        ({"way": Way.ALONE, "takers": RIDES}, "may_not_walk"),
        ({"way": Way.ALONE, "takers": WALKS}, None),
        ({"way": Way.ALONE, "takers": WALKS, "to_name": "陌生人"}, "nobody_takes"),
        ({"way": Way.BUS}, "not_on_bus"),
        ({"way": Way.BUS, "takers": WALKS}, "not_on_bus"),
        ({"way": Way.BUS, "takers": RIDES}, None),
        ({"way": Way.BUS, "takers": RIDES, "to_name": "陌生人"}, "nobody_takes"),
        ({"way": Way.GUARDIAN, "to_name": "陈梅妈妈", "is_here": False}, "not_here"),
        ({"way": Way.GUARDIAN, "to_name": "陈梅妈妈", "released": True}, "released_already"),
        ({"way": Way.GUARDIAN, "to_name": "陈梅妈妈", "day_closed": True}, "day_closed"),
    ],
)
def test_a_child_goes_only_with_the_authorised_or_alone_when_signed_for(changed: dict, why: str | None) -> None:
    no = refusal_to_release(**(RELEASE | changed))  # type: ignore[arg-type]
    assert (no.why if no else None) == why
    if no:
        assert say(no)


@pytest.mark.clause("3.2-n")
@given(st.sampled_from(list(Way)), st.text(max_size=8), st.booleans(), st.booleans())
def test_nobody_takes_a_child_who_is_on_no_list_of_the_day(way: Way, to: str, walks: bool, rides: bool) -> None:
    takers = Takers(["陈梅妈妈"], ["王奶奶"], ["邓强"], may_walk=walks, rides_bus=rides)
    no = refusal_to_release(name="陈小梅", is_here=True, released=False, way=way, to_name=to, takers=takers)
    named = {Way.GUARDIAN: "陈梅妈妈", Way.DELEGATE: "王奶奶", Way.DUTY_LEADER: "邓强"}
    if way in named:
        assert (no is None) is (to.strip() == named[way])
    else:
        assert (no is None) is (not to.strip() and (walks if way is Way.ALONE else rides))


def test_who_took_the_child_in_words() -> None:
    assert Way.GUARDIAN.taken_by("陈梅妈妈") == "陈梅妈妈接"
    assert Way.DUTY_LEADER.taken_by("邓强") == "交值班领导邓强"
    assert Way.ALONE.taken_by("") == "自行离校"


@pytest.mark.clause("3.2-n")
def test_a_day_closes_with_nobody_left() -> None:
    no = refusal_to_close_day(on_site=["陈小波"], open_registers=0)
    assert no and "陈小波" in say(no)
    assert refusal_to_close_day(on_site=[], open_registers=1) is not None
    assert refusal_to_close_day(on_site=[], open_registers=0) is None


@given(st.sampled_from(["sick", "errand"]), st.integers(-8 * 24 * 60, 24 * 60 - 1))
def test_leave_before_noon_is_never_billed(kind: str, minutes: int) -> None:
    filed = datetime(2026, 11, 18, tzinfo=SHANGHAI) + timedelta(minutes=minutes)
    terms = leave_terms(kind=kind, on=DAY, filed=filed, before=time(12), sick_note_days=3)
    assert terms.refunds is (minutes < 12 * 60)
    assert (terms.proof_due_on == date(2026, 11, 21)) is (not terms.refunds and kind == "sick")


def test_leave_is_for_a_service_day_to_come() -> None:
    asked = {"on": DAY, "is_service_day": True, "marked_here": False}
    assert refusal_to_file_leave(today=DAY, **asked) is None  # type: ignore[arg-type]
    assert refusal_to_file_leave(today=DAY + timedelta(1), **asked) is not None  # type: ignore[arg-type]
    assert refusal_to_file_leave(today=DAY, **(asked | {"is_service_day": False})) is not None  # type: ignore[arg-type]
    assert refusal_to_file_leave(today=DAY, **(asked | {"marked_here": True})) is not None  # type: ignore[arg-type]
