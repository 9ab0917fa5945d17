"""The window, the agreement, changes and the way out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.enrolling import (
    AGREEMENT_FIELDS,
    Opening,
    refusal_of_acknowledgement,
    refusal_of_content,
    refusal_of_time,
    refusal_to_change,
    refusal_to_extend,
    refusal_to_leave,
    refusals_to_open,
)
from kehou.rules.gates import Step, refusal_before_filing
from kehou.rules.sentences import say
from kehou.rules.spans import Span

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 9, 1, 9, tzinfo=SHANGHAI)
OPENING = Opening(
    opens_at=NOW,
    closes_at=NOW + timedelta(days=4),
    service=Span(date(2026, 9, 7), date(2027, 1, 16)),
    method="gsd",
    gate=None,
    table_published_at=NOW - timedelta(days=1),
)


def test_a_prepared_registration_opens():
    assert refusals_to_open(OPENING, at=NOW, table_days=5) == []


@pytest.mark.clause("4-c", "2.3-h", "2.3-j", "2.2-i")
@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"gate": refusal_before_filing(Step.REGISTRATION, accepted=False)}, "R-GATE-00:registration_before_filing"),
        ({"already_open": True}, "R-GATE-02:registration_is_open_already"),
        ({"table_published_at": None}, "R-GATE-02:table_not_published_yet"),
        ({"table_published_at": NOW}, "R-GATE-02:closes_too_early"),
        ({"method": "first_come"}, "R-ALLOC-01:method_not_named"),
        ({"opens_at": NOW + timedelta(days=5)}, "R-GATE-02:window_is_empty"),
        ({"closes_at": datetime(2027, 2, 1, tzinfo=SHANGHAI)}, "R-ENR-01:window_after_the_term"),
    ],
)
def test_what_is_missing_keeps_the_registration_shut(change, key):
    found = refusals_to_open(replace(OPENING, **change), at=NOW, table_days=5)
    assert key in {no.key for no in found}
    assert all(say(no) for no in found)


@given(st.integers(-48, 200), st.booleans(), st.booleans())
def test_a_family_writes_in_the_window_and_mends_until_the_choices_are_frozen(hours, frozen, returned):
    at = NOW + timedelta(hours=hours)
    no = refusal_of_time(
        opens_at=OPENING.opens_at,
        closes_at=OPENING.closes_at,
        frozen_at=NOW if frozen else None,
        at=at,
        returned=returned,
    )
    allowed = not frozen and OPENING.opens_at <= at and (at < OPENING.closes_at or returned)
    assert (no is None) == allowed
    assert no is None or say(no)


def test_a_deadline_moves_later_only_and_not_after_the_freeze():
    closes = OPENING.closes_at
    later = {"closes_at": closes, "until": closes + timedelta(hours=1), "frozen_at": None, "at": NOW}
    assert refusal_to_extend(**later) is None
    assert refusal_to_extend(**later | {"until": closes}).why == "deadline_only_moves_later"
    assert refusal_to_extend(**later | {"until": closes - timedelta(hours=1)}).why == "deadline_only_moves_later"
    assert refusal_to_extend(**later | {"at": closes + timedelta(days=1)}).why == "deadline_only_moves_later"
    assert refusal_to_extend(**later | {"frozen_at": NOW}).why == "choices_are_frozen"


@pytest.mark.clause("2.7.3-h", "3.2-i")
@pytest.mark.parametrize("gone", AGREEMENT_FIELDS)
def test_an_agreement_names_every_part(gone):
    whole = dict.fromkeys(AGREEMENT_FIELDS, "有")
    assert refusal_of_content(whole) is None
    no = refusal_of_content({**whole, gone: ""})
    assert no.code == "R-AGR-02"
    assert AGREEMENT_FIELDS[gone] in say(no)


@pytest.mark.clause("2.7.3-g")
@pytest.mark.parametrize(
    ("grade", "method", "name", "allowed"),
    [
        (1, "picture", "sun", True),
        (2, "picture", "dragon", False),
        (2, "name", "王小美", True),
        (3, "name", "王小美", True),
        (3, "name", "王晓美", False),
        (3, "picture", "sun", False),
        (9, "paper", "", True),
        (1, "paper", "", True),
        (1, "finger", "", False),
        (5, "finger", "", False),
    ],
)
def test_the_pupil_acknowledges_as_its_age_allows(grade, method, name, allowed):
    no = refusal_of_acknowledgement(grade=grade, method=method, name=name, pupil="王小美", writes_from=3)
    assert (no is None) == allowed
    assert no is None or say(no)


MOST = dict.fromkeys(range(1, 6), 2)
patterns = st.dictionaries(st.integers(1, 5), st.integers(1, 2), min_size=1)


@pytest.mark.clause("2.2-i")
@given(patterns, patterns, st.booleans())
def test_less_is_possible_at_any_time_and_more_in_a_window_only(was, becomes, in_window):
    no = refusal_to_change(was, becomes, in_window=in_window, most_hours=MOST)
    more = any(hours > was.get(weekday, 0) for weekday, hours in becomes.items())
    assert (no is None) == (was != becomes and (in_window or not more))
    assert no is None or say(no)


def test_a_change_leaves_a_day_and_takes_offered_hours():
    assert refusal_to_change({1: 1}, {}, in_window=True, most_hours=MOST).why == "change_leaves_no_day"
    for strange in ({1: 3}, {6: 1}, {1: 0}):
        assert refusal_to_change({1: 2}, strange, in_window=True, most_hours=MOST).why == "changed_hours_not_offered"


@pytest.mark.clause("2.1-b")
def test_leaving_is_never_refused_while_a_service_day_is_left():
    term = {"from_on": date(2026, 9, 7), "until_on": date(2027, 1, 16)}
    assert refusal_to_leave(**term, effective_on=date(2026, 9, 8)) is None
    assert refusal_to_leave(**term, effective_on=date(2027, 1, 15)) is None
    assert say(refusal_to_leave(**term, effective_on=None))
