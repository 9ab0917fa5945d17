"""Nobody changes, drops or renumbers a sealed entry unseen."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.chain import FIRST, KINDS, Fault, canonical, fault_of_seal, numbers_of, ranges_of, say, seal

facts = st.dictionaries(st.sampled_from(["a", "b", "课"]), st.integers(0, 9) | st.text(max_size=3), max_size=2)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@st.composite
def journals(draw, least=1):
    """Return entries by number, with gaps as a database makes them, and seals as (number, previous, digest, ranges)."""
    numbers = sorted(draw(st.sets(st.integers(1, 10_000), min_size=least, max_size=12)))
    entries = {number: {"id": number, **draw(facts)} for number in numbers}
    seals, rest, previous = [], numbers, FIRST
    while rest:
        size = draw(st.integers(1, len(rest)))
        digest = seal(previous, len(seals) + 1, (entries[one] for one in rest[:size]))
        seals.append((len(seals) + 1, previous, digest, ranges_of(rest[:size])))
        previous, rest = digest, rest[size:]
    return entries, seals


def faults(entries, seals):
    """Walk the chain as the journal does: go on from what is stored, so that one fault is one line."""
    found, expected, before = [], 1, FIRST
    for number, previous, digest, ranges in seals:
        found.append(
            fault_of_seal(
                number,
                expected_number=expected,
                previous=previous,
                expected_previous=before,
                digest=digest,
                ranges=ranges,
                entries=entries,
            )
        )
        expected, before = number + 1, digest
    return [fault for fault in found if fault]


@given(journals())
def test_an_untouched_journal_is_whole(journal):
    assert faults(*journal) == []


@given(journals(), facts, st.data())
def test_a_changed_entry_is_found_in_its_seal(journal, other, data):
    entries, seals = journal
    at = data.draw(st.sampled_from(sorted(entries)))
    if entries[at] == {"id": at, **other}:
        return
    (fault,) = faults({**entries, at: {"id": at, **other}}, seals)
    assert fault.kind == "entries_changed"
    assert at in numbers_of(seals[fault.seal - 1][3])


@given(journals(), st.data())
def test_a_dropped_entry_is_named(journal, data):
    entries, seals = journal
    at = data.draw(st.sampled_from(sorted(entries)))
    (fault,) = faults({number: entry for number, entry in entries.items() if number != at}, seals)
    assert (fault.kind, fault.entries) == ("entries_missing", (at,))


@given(journals(least=2), st.data())
def test_two_entries_that_change_places_are_found(journal, data):
    entries, seals = journal
    one, other = data.draw(st.lists(st.sampled_from(sorted(entries)), min_size=2, max_size=2, unique=True))
    swapped = {**entries, one: entries[other], other: entries[one]}
    assert {fault.kind for fault in faults(swapped, seals)} == {"entries_changed"}


@given(journals(), st.data())
def test_a_seal_made_again_over_changed_entries_does_not_fit_its_successor(journal, data):
    entries, seals = journal
    if len(seals) < 2:
        return
    at = data.draw(st.integers(0, len(seals) - 2))
    number, previous, _, ranges = seals[at]
    victim = numbers_of(ranges)[0]
    forged = {**entries, victim: {**entries[victim], "forged": True}}
    again = seal(previous, number, (forged[one] for one in numbers_of(ranges)))
    (fault,) = faults(forged, [*seals[:at], (number, previous, again, ranges), *seals[at + 1 :]])
    assert (fault.kind, fault.seal) == ("chain_broken", number + 1)


@given(journals(), st.data())
def test_a_dropped_seal_is_named(journal, data):
    entries, seals = journal
    if len(seals) < 2:
        return
    at = data.draw(st.integers(0, len(seals) - 2))
    (fault,) = faults(entries, seals[:at] + seals[at + 1 :])
    assert (fault.kind, fault.seal) == ("seal_missing", at + 1)


@given(st.sets(st.integers(1, 200)).map(sorted))
def test_numbers_survive_being_written_as_runs(numbers):
    runs = ranges_of(numbers)
    assert numbers_of(runs) == numbers
    assert all(second[0] > first[1] + 1 for first, second in pairwise(runs))


def test_the_digest_can_be_computed_by_hand():
    form = b'{"id":1,"verb":"draw.run"}'
    by_hand = hashlib.sha256(b"0" * 64 + b"|1\n" + b"26:" + form).hexdigest()
    assert seal(FIRST, 1, [{"verb": "draw.run", "id": 1}]) == by_hand


def test_two_entries_cannot_be_read_as_one():
    assert seal(FIRST, 1, [{"a": 1}, {"b": 2}]) != seal(FIRST, 1, [{"a": 1, "b": 2}])
    assert seal(FIRST, 1, []) != seal(FIRST, 2, [])


@given(
    st.dictionaries(st.text(max_size=8), values, max_size=4), st.dictionaries(st.text(max_size=8), values, max_size=4)
)
def test_two_entries_have_one_form_only_if_they_are_the_same(one, other):
    assert (canonical(one) == canonical(other)) == (repr(_sorted(one)) == repr(_sorted(other)))


def _sorted(value):
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(one) for one in value] if isinstance(value, list) else value


def test_half_a_sign_does_not_stop_the_sealing():
    assert seal(FIRST, 1, [{"typed": chr(0xD800)}]) != seal(FIRST, 1, [{"typed": chr(0xD801)}])


def test_what_json_does_not_have_is_not_sealed():
    with pytest.raises(ValueError, match="JSON"):
        canonical({"a": float("nan")})


@pytest.mark.parametrize("kind", KINDS)
def test_every_fault_is_said(kind):
    assert "7" in say(Fault(kind, 7, (7, 8)))
