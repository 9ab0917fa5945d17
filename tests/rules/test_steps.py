"""The eighteen steps of a term: their order, their days, what reads as done, now, late and locked."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.known_calendars import HOLIDAYS
from kehou.rules.parameters import Parameters
from kehou.rules.sentences import say
from kehou.rules.steps import BY_KEY, STEPS, TITLES, StepFacts, counted, due_days, judge, refusal_to_archive

OURS = Parameters.of()
DUE = due_days(service_from=date(2026, 9, 7), service_until=date(2027, 1, 16), parameters=OURS, holidays=HOLIDAYS)
TODAY = date(2026, 8, 1)
KEYS = [kind.key for kind in STEPS]


def read(*done: str, today: date = TODAY, **begun: StepFacts) -> dict[str, str]:
    facts = {key: StepFacts(True) for key in done} | begun
    return {one.kind.key: one.state for one in judge(facts, DUE, today=today)}


def test_every_step_has_a_day_and_the_days_follow_one_another():
    assert set(DUE) == set(KEYS)
    days = [DUE[key] for key in KEYS]
    assert days == sorted(days)
    assert DUE["filing"] == date(2026, 8, 24)  # filing.deadlines.before_service
    assert DUE["archive"] > DUE["service"] == date(2027, 1, 15)


def test_the_first_that_is_not_done_is_the_one_to_do_and_the_others_wait_for_it():
    states = judge({"basics": StepFacts(True)}, DUE, today=date(2026, 7, 1))
    assert [one.state for one in states][:3] == ["done", "now", "locked"]
    assert {one.blocked_by for one in states[2:]} == {"资源台账"}
    assert states[1].blocked_by == "" and states[1].owes == BY_KEY["ledger"].owes


def test_work_on_a_later_step_shows_and_still_waits():
    assert read("basics", table=StepFacts(begun=True))["table"] == "begun"


def test_a_day_that_is_over_is_late_and_the_last_day_is_not():
    assert read(today=DUE["filing"])["filing"] == "locked"
    assert read(today=DUE["filing"] + timedelta(days=1))["filing"] == "late"
    assert read("filing", today=date(2027, 3, 1))["filing"] == "done"


@given(st.sets(st.sampled_from(KEYS)), st.dates(date(2026, 7, 1), date(2027, 3, 1)))
def test_whatever_is_done_one_step_at_most_is_now_and_nothing_before_it_is_open(done, today):
    states = judge({key: StepFacts(True) for key in done}, DUE, today=today)
    assert counted(states) == (len(done), len(STEPS))
    assert all(one.state in TITLES for one in states)
    first = next((one for one in states if one.state != "done"), None)
    for one in states:
        assert (one.blocked_by != "") == (first is not None and states.index(one) > states.index(first))
    assert sum(one.state == "now" for one in states) <= 1


@given(st.sets(st.sampled_from(KEYS)))
def test_a_term_is_archived_when_everything_else_is_done(done):
    states = judge({key: StepFacts(True) for key in done}, DUE, today=TODAY)
    no = refusal_to_archive(states)
    assert (no is None) == (set(KEYS) - {"archive"} <= done)
    assert no is None or say(no)
