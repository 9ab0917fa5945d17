"""No small group can be read off what is published: tried by a reader who knows the whole, and how it is hidden."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.small_cells import across, is_safe, parts, picks

COUNTS = st.lists(st.integers(0, 60), min_size=2, max_size=8)
LEAST = 10


def splits(whole: int, into: int):
    """Yield every way to split a whole into parts."""
    if into == 1:
        yield (whole,)
        return
    for first in range(whole + 1):
        for rest in splits(whole - first, into - 1):
            yield (first, *rest)


@pytest.mark.parametrize("whole", range(3, 17))
@pytest.mark.parametrize("into", [2, 3, 4])
def test_a_reader_who_knows_the_whole_and_the_rule_cannot_compute_a_hidden_count(whole: int, into: int) -> None:
    worlds: dict[tuple, list[tuple[int, ...]]] = {}
    for counts in splits(whole, into):
        worlds.setdefault(parts(counts, least=3), []).append(counts)
    for shown, possible in worlds.items():
        for at, count in enumerate(shown):
            if count is None:
                assert len({counts[at] for counts in possible}) > 1, (shown, possible)


@given(COUNTS)
def test_no_shown_count_is_small_and_the_hidden_ones_are_a_group(counts: list[int]) -> None:
    shown = parts(counts, least=LEAST)
    hidden = [count for count, told in zip(counts, shown, strict=True) if told is None]
    for count, told in zip(counts, shown, strict=True):
        assert told is None or (told == count and not 0 < count < LEAST)
    if hidden and len(hidden) < len(counts):
        assert len(hidden) >= 2 and sum(hidden) >= LEAST
    if hidden:
        # What a reader computes from the whole is the sum of the hidden, which fits many tables.
        assert sum(counts) - sum(told for told in shown if told is not None) == sum(hidden)


@given(COUNTS)
def test_nothing_is_hidden_without_need(counts: list[int]) -> None:
    if is_safe(counts, least=LEAST):
        assert parts(counts, least=LEAST) == tuple(counts)


@given(COUNTS)
def test_the_order_of_the_options_does_not_matter_for_what_is_hidden_in_all(counts: list[int]) -> None:
    def told(order: list[int]) -> list[int]:
        return sorted(count for count in parts(order, least=LEAST) if count is not None)

    assert told(counts) == told(counts[::-1])


def test_examples() -> None:
    assert parts((120, 80, 40), least=10) == (120, 80, 40)
    assert parts((120, 80, 5), least=10) == (120, None, None)  # 5 would be the difference
    assert parts((120, 80, 5, 0), least=10) == (120, None, None, None)
    assert parts((120, 80, 0), least=10) == (120, 80, 0)
    assert parts((4, 3, 2), least=10) == (None, None, None)
    assert parts((1,) * 10, least=10) == (None,) * 10


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6), st.integers(0, 40))
def test_of_several_picks_each_is_a_split_by_itself(counts: list[int], more: int) -> None:
    whole = max(counts) + more
    for count, told in zip(counts, picks(counts, whole=whole, least=LEAST), strict=True):
        if told is not None:
            assert told == count and whole >= LEAST
            assert not 0 < count < LEAST and not 0 < whole - count < LEAST


@given(st.dictionaries(st.sampled_from("甲乙丙丁戊己"), st.tuples(*(st.integers(0, 40),) * 3), min_size=1, max_size=6))
def test_side_by_side_no_difference_is_a_small_group(rows: dict[str, tuple[int, ...]]) -> None:
    told = across(rows, least=LEAST)
    assert set(told.listed) | set(told.rest) == set(rows) and not set(told.listed) & set(told.rest)
    assert all(counts == rows[name] and is_safe(counts, least=LEAST) for name, counts in told.listed.items())
    if told.listed:
        whole = [sum(column) for column in zip(*rows.values(), strict=True)]
        assert list(told.whole) == whole
        if told.rest:
            # The whole without the listed is the rest: at least two schools, none of its counts small.
            rest = [total - sum(row[at] for row in told.listed.values()) for at, total in enumerate(whole)]
            assert rest == list(told.rest_counts) and is_safe(rest, least=LEAST) and len(told.rest) > 1
    else:
        assert told.whole == parts([sum(column) for column in zip(*rows.values(), strict=True)], least=LEAST)


@pytest.mark.parametrize("rows", [dict(enumerate(pair)) for pair in product([(5, 5), (4, 8), (1, 9)], repeat=2)])
def test_two_small_schools_are_told_only_together(rows: dict) -> None:
    told = across({str(key): counts for key, counts in rows.items()}, least=LEAST)
    assert not told.listed


@given(COUNTS, st.integers(0, 7))
def test_what_is_hidden_elsewhere_is_hidden_here_and_never_alone(counts: list[int], at: int) -> None:
    at %= len(counts)
    shown = parts(counts, least=LEAST, hide=[at])
    hidden = [count for count, told in zip(counts, shown, strict=True) if told is None]
    assert shown[at] is None
    assert len(hidden) == len(counts) or (len(hidden) >= 2 and sum(hidden) >= LEAST)
