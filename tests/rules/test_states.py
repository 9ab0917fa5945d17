"""Tables of moves: whole, reachable, refused in words, drawn."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules import states
from kehou.rules.sentences import say
from kehou.rules.states import (
    AGREEMENT,
    APPLICATION,
    FILING,
    TABLES,
    FilingState,
    mermaid,
    refusal_of_lost_race,
    refusal_to_move,
)

each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)


def reached(table, start):
    found, ahead = set(), [start]
    while ahead:
        here = ahead.pop()
        if here not in found:
            found.add(here)
            ahead += table.moves.get(here, ())
    return found


@each_table
def test_every_state_can_be_reached_and_no_move_leads_out_of_the_table(table):
    assert reached(table, table.start) == set(table.labels)
    assert set(table.moves) <= set(table.labels)


@each_table
def test_something_stored_follows_the_table(table):
    """A table that no chapter asks is a promise that nobody keeps. The service's own state is computed, not stored."""
    if table is states.SERVICE:
        return
    (name,) = [name for name, value in vars(states).items() if value is table]
    read = re.compile(
        rf"\b(refusal_to_move|refusal_of_lost_race|_move)\([^)]*\b{name}\b|\b{name}\.(sources|start|moves|labels)"
    )
    chapters = Path(states.__file__).parents[2] / "chapters"
    assert any(read.search(path.read_text(encoding="utf-8")) for path in chapters.rglob("*.py"))


@each_table
def test_labels_are_chinese_and_distinct_and_values_fit_their_column(table):
    assert len(set(table.labels.values())) == len(table.labels)
    assert all(len(state) <= 16 and state.isascii() for state in table.labels)
    assert not any(label.isascii() for label in table.labels.values())


@each_table
def test_every_move_is_allowed_or_refused_in_words(table):
    for here in table.labels:
        for to in table.labels:
            no = refusal_to_move(table, here, to)
            assert (no is None) == (to in table.moves.get(here, ())) == (here in table.sources(to))
            assert no is None or (no.code == "R-FLOW-01" and say(no))


@given(st.sampled_from(TABLES), st.text(max_size=20), st.text(max_size=20))
def test_a_state_that_nobody_knows_goes_nowhere(table, here, to):
    if here not in table.labels:
        assert say(refusal_to_move(table, here, to))


@pytest.mark.clause("4-c")
def test_no_step_of_the_filing_can_be_left_out():
    assert "校长已签发" in say(refusal_to_move(FILING, "draft", "accepted"))
    assert FILING.sources("accepted") == ("received",)
    assert refusal_to_move(FILING, FilingState.RECEIVED, FilingState.ACCEPTED) is None
    for later in ("received", "accepted"):
        assert refusal_to_move(FILING, "signed", later).code == "R-FLOW-01"


@pytest.mark.clause("3.1-i")
def test_an_application_is_reviewed_before_it_is_placed_and_placed_before_it_is_agreed():
    order = ["submitted", "reviewed", "allocated", "agreed", "in_force"]
    for at, here in enumerate(order):
        for ahead in order[at + 2 :]:
            assert refusal_to_move(APPLICATION, here, ahead)
        assert at + 1 == len(order) or refusal_to_move(APPLICATION, here, order[at + 1]) is None
    assert refusal_to_move(AGREEMENT, "to_sign", "in_force")


def test_the_second_of_two_people_is_told():
    assert "备案" in say(refusal_of_lost_race(FILING))


@each_table
def test_it_draws_every_state_and_every_move(table):
    drawn = mermaid(table)
    assert drawn.startswith("stateDiagram-v2\n")
    assert f"[*] --> {table.start}" in drawn
    arrows = {
        tuple(one.split(" --> ")) for one in map(str.strip, drawn.splitlines()) if " --> " in one and "[*]" not in one
    }
    assert arrows == {(here, to) for here, targets in table.moves.items() for to in targets}
    assert all(f"{state}: {label}" in drawn for state, label in table.labels.items())
