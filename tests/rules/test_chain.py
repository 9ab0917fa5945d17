"""Nobody changes, drops or inserts a sealed entry unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.chain import GENESIS, FaultKind, Seal, canonical, seal, verify

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
facts = st.dictionaries(st.sampled_from(["a", "b", "课"]), st.integers(0, 9) | st.text(max_size=3), max_size=2)


@st.composite
def journals(draw, least=1):
    """Return entries whose numbers have gaps, as a database makes them, and their seals."""
    numbers = sorted(draw(st.sets(st.integers(1, 10_000), min_size=least, max_size=12)))
    entries = [(number, draw(facts)) for number in numbers]
    seals, rest = [], entries
    while rest:
        size = draw(st.integers(1, len(rest)))
        seals.append(seal(rest[:size], after=seals[-1] if seals else None))
        rest = rest[size:]
    return entries, seals


@given(journals())
def test_an_untouched_journal_is_whole(journal):
    entries, seals = journal
    found = verify(seals, entries, head=seals[-1].digest)
    assert found.is_whole
    assert (found.seals, found.sealed, found.unsealed) == (len(seals), len(entries), 0)
    assert found.head == seals[-1].digest


@given(journals(), st.data())
def test_a_changed_entry_is_found(journal, data):
    entries, seals = journal
    at = data.draw(st.integers(0, len(entries) - 1))
    changed = data.draw(facts.filter(lambda one: canonical(one) != canonical(entries[at][1])))
    touched = [*entries[:at], (entries[at][0], changed), *entries[at + 1 :]]
    (fault,) = verify(seals, touched).faults
    assert fault.kind is FaultKind.ENTRY_CHANGED
    assert fault.first_entry <= entries[at][0] <= fault.last_entry
    assert "记录被改动" in str(fault)


@given(journals(), st.data())
def test_a_dropped_entry_is_found(journal, data):
    entries, seals = journal
    at = data.draw(st.integers(0, len(entries) - 1))
    (fault,) = verify(seals, entries[:at] + entries[at + 1 :]).faults
    assert fault.kind is FaultKind.ENTRIES_MISSING


@given(journals(), facts, st.data())
def test_an_inserted_entry_is_found_wherever_it_is_put(journal, one, data):
    entries, seals = journal
    taken = {number for number, _ in entries}
    number = (
        data.draw(st.integers(1, entries[-1][0]).filter(lambda free: free not in taken))
        if len(taken) < entries[-1][0]
        else 0
    )
    found = verify(seals, sorted([*entries, (number, one)], key=lambda entry: entry[0]))
    assert FaultKind.ENTRIES_ADDED in {fault.kind for fault in found.faults}


@given(journals(least=2), st.data())
def test_an_entry_replaced_by_a_neighbour_is_found(journal, data):
    entries, seals = journal
    at = data.draw(st.integers(1, len(entries) - 1))
    renumbered = [*entries[:at], (entries[at][0] + 1, entries[at][1]), *entries[at + 1 :]]
    assert not verify(seals, renumbered).is_whole


@given(journals(), st.data())
def test_a_seal_made_again_over_changed_entries_does_not_fit_its_successor(journal, data):
    entries, seals = journal
    if len(seals) < 2:
        return
    at = data.draw(st.integers(0, len(seals) - 2))
    inside = [(n, f) for n, f in entries if seals[at].first_entry <= n <= seals[at].last_entry]
    forged = [*inside[:-1], (inside[-1][0], {**inside[-1][1], "forged": True})]
    again = seal(forged, after=seals[at - 1] if at else None)
    touched = [(n, {**f, "forged": True}) if n == inside[-1][0] else (n, f) for n, f in entries]
    found = verify([*seals[:at], again, *seals[at + 1 :]], touched)
    assert [fault.kind for fault in found.faults] == [FaultKind.SEAL_UNLINKED]


@given(journals(), st.data())
def test_a_dropped_seal_is_found(journal, data):
    entries, seals = journal
    if len(seals) < 2:
        return
    at = data.draw(st.integers(0, len(seals) - 2))
    found = verify(seals[:at] + seals[at + 1 :], entries)
    assert FaultKind.SEAL_GAP in {fault.kind for fault in found.faults}


@given(journals())
def test_a_cut_tail_is_found_by_the_head_that_was_kept_elsewhere(journal):
    entries, seals = journal
    kept = seals[-1].digest
    cut = [entry for entry in entries if entry[0] < seals[-1].first_entry]
    assert verify(seals[:-1], cut).is_whole
    assert [fault.kind for fault in verify(seals[:-1], cut, head=kept).faults] == [FaultKind.HEAD_DIFFERS]


@given(journals(least=3))
def test_an_older_head_and_unsealed_entries_are_no_fault(journal):
    entries, seals = journal
    found = verify(seals[:-1], entries, head=seals[0].digest if len(seals) > 1 else None)
    assert found.is_whole
    assert found.unsealed == seals[-1].entries


def test_an_empty_journal_is_whole():
    assert verify([], []) == verify([], [], head=None)
    assert verify([], []).head == GENESIS


def test_a_batch_is_in_order_and_goes_forward():
    first = seal([(5, {})], after=None)
    for batch in ([], [(7, {}), (6, {})], [(6, {}), (6, {})], [(5, {})], [(4, {}), (6, {})]):
        with pytest.raises(ValueError, match="in order"):
            seal(batch, after=first)
    assert seal([(6, {})], after=first).previous == first.digest


def test_the_digest_is_the_one_of_the_format():
    assert seal([(1, {"verb": "draw.run"})], after=None) == Seal(
        1, 1, 1, 1, GENESIS, "18850c8cc65e5a1544c72dc3c38aaa1deda0aa4eb01c1ef52df694ebc8be9d72"
    )


@given(values, values)
def test_two_values_have_one_form_only_if_they_are_the_same(one, other):
    assert (canonical(one) == canonical(other)) == (repr(_sorted(one)) == repr(_sorted(other)))


def _sorted(value):
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(one) for one in value] if isinstance(value, list) else value


def test_instants_are_the_same_in_any_zone_and_need_one():
    noon = datetime(2026, 9, 7, 12, tzinfo=timezone(timedelta(hours=8)))
    assert canonical(noon) == canonical(noon.astimezone(UTC)) == b'"2026-09-07T04:00:00.000000+00:00"'
    assert canonical(date(2026, 9, 7)) == b'"2026-09-07"'
    assert canonical((1, "课")) == canonical([1, "课"])
    with pytest.raises(TypeError, match="time zone"):
        canonical(noon.replace(tzinfo=None))
    for strange in ({1: 2}, {1, 2}, b"x"):
        with pytest.raises(TypeError):
            canonical(strange)
    with pytest.raises(ValueError, match="JSON"):
        canonical(float("nan"))


def test_the_walk_reads_each_entry_once():
    entries = [(number, {"n": number}) for number in range(1, 101)]
    seals = [seal(entries[:50], after=None)]
    seals.append(seal(entries[50:], after=seals[0]))
    assert verify(iter(seals), iter(entries)).is_whole
    assert not verify(iter([seals[0], replace(seals[1], digest=GENESIS)]), iter(entries)).is_whole
