"""The gate chain: each gate closed by what is missing, open by what is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.gates import GATES, ConsultationRound, GateFacts, Step, chain, refusal_before_filing
from kehou.rules.parameters import Parameters
from kehou.rules.sentences import say

OURS = Parameters.of()
DONE = GateFacts(
    today=date(2026, 9, 1),
    first_round=ConsultationRound(date(2026, 8, 12), date(2026, 8, 17)),
    second_round=ConsultationRound(date(2026, 8, 23), date(2026, 8, 26), kinds_of_party=2),
    opinions=7,
    opinions_answered=7,
    filing_accepted=True,
    table_published_on=date(2026, 8, 30),
    registration_closes_on=date(2026, 9, 4),
)


def closed(facts):
    return {no.key for _, no in chain(facts, OURS) if no}


def test_a_school_that_has_done_everything_passes_every_gate():
    assert closed(DONE) == set()


@pytest.mark.clause("2.1-c", "2.3-h", "2.7.2-c", "2.7.2-e", "2.7.2-f", "4-c")
@pytest.mark.parametrize(
    ("change", "keys"),
    [
        ({"first_round": None}, {"R-GATE-01:nobody_asked", "R-GATE-03:no_first_round", "R-GATE-04:second_before_first"}),
        ({"today": date(2026, 8, 16)}, {"R-GATE-01:round_still_open"}),
        ({"first_round": ConsultationRound(date(2026, 8, 13), date(2026, 8, 17))}, {"R-GATE-03:first_round_too_short"}),
        ({"second_round": None}, {"R-GATE-04:no_second_round"}),
        ({"second_round": ConsultationRound(date(2026, 8, 16), date(2026, 8, 26), 2)}, {"R-GATE-04:second_before_first"}),
        ({"second_round": ConsultationRound(date(2026, 8, 23), date(2026, 8, 25), 2)}, {"R-GATE-04:second_round_too_short"}),
        ({"second_round": ConsultationRound(date(2026, 8, 23), date(2026, 8, 26), 1)}, {"R-GATE-04:one_kind_of_party"}),
        ({"opinions_answered": 6}, {"R-GATE-05:opinions_unanswered"}),
        ({"filing_accepted": False}, {"R-GATE-00:nothing_before_filing"}),
        ({"table_published_on": None}, {"R-GATE-02:table_not_published_yet"}),
        ({"table_published_on": date(2026, 8, 31)}, {"R-GATE-02:closes_too_early"}),
    ],
)  # fmt: skip
def test_a_gate_is_closed_by_what_is_missing(change, keys):
    facts = replace(DONE, **change)
    assert closed(facts) == keys
    assert all(say(no) for _, no in chain(facts, OURS) if no)


@pytest.mark.clause("4-c")
@pytest.mark.parametrize("step", Step)
def test_nothing_happens_before_the_filing_is_accepted(step):
    no = refusal_before_filing(step, accepted=False)
    assert no.code == "R-GATE-00"
    assert "备案" in say(no)
    assert refusal_before_filing(step, accepted=True) is None


def test_every_gate_of_the_policy_is_in_the_chain():
    assert {gate.code for gate in GATES} == {f"R-GATE-0{number}" for number in range(6)}


@given(st.integers(0, 20), st.integers(0, 30))
def test_longer_windows_of_the_district_are_kept(days, least):
    ours = Parameters.of(
        {"gate.windows": {"first_consultation": least, "second_consultation": 3, "table_published": 5}}
    )
    start = date(2026, 8, 1)
    facts = replace(DONE, first_round=ConsultationRound(start, start + timedelta(days)))
    found = {gate.code for gate, no in chain(facts, ours) if no}
    assert ("R-GATE-03" in found) == (days < least)
