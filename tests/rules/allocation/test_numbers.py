"""The numbers: repeatable, uniform each day, balanced over the week, linked for siblings who asked for it."""

from __future__ import annotations

import hashlib
import hmac
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.allocation import Numbers, Request, Rules, Student, numbers, seed
from kehou.rules.allocation.lottery import SCALE, Mac

KEY = bytes(range(32))
WEEK = (1, 2, 3, 4, 5)
CHI_SQUARE = {1: 10.83, 4: 18.47, 9: 27.88}  # exceeded once in a thousand by chance, by degrees of freedom


def asking(pids, days=WEEK) -> tuple[list[Student], list[Request]]:
    return [Student(p, "c", 1) for p in pids], [Request(p, d, (("s",),)) for p in pids for d in days]


def chi_square(counts: list[int]) -> float:
    expected = sum(counts) / len(counts)
    return sum((n - expected) ** 2 / expected for n in counts)


def test_a_number_is_what_the_protocol_says():
    students, requests = asking(["pia"], (2, 4))
    drawn = numbers(KEY, students, requests)

    def mac(text):
        return hmac.new(KEY, text.encode(), hashlib.sha256).digest()

    ranked = sorted((2, 4), key=lambda day: mac(f"pia|{day}"))
    for rank, day in enumerate(ranked):
        value = int.from_bytes(mac(f"pia|{day}|v")[:8], "big")
        assert drawn.value[day]["pia"] == ((rank << 64) + value) * 30


@given(st.binary(max_size=200), st.text(max_size=100))
def test_the_keyed_hash_is_hmac(key, text):
    assert Mac(key)(text) == hmac.new(key, text.encode(), hashlib.sha256).digest()


def test_the_seed_is_a_hash_anybody_can_make():
    beacon = b"ssq:2026134:03-07-12-19-25-31+08"
    text = "sunlot-v1|r1|00ff|ssq:2026134:03-07-12-19-25-31+08|jade|pine"
    assert seed("r1", "00ff", beacon, [b"jade", b"pine"]) == hashlib.sha256(text.encode()).digest()
    with pytest.raises(ValueError, match="bar"):
        seed("r|1", "00ff", beacon)


def test_every_day_is_uniform_and_every_week_has_one_number_in_each_fifth():
    students, requests = asking([f"p{n}" for n in range(100_000)])
    drawn = numbers(KEY, students, requests)
    ranks = {day: [0] * 5 for day in WEEK}
    tenths = [0] * 10
    for pid in drawn.value[1]:
        week = [drawn.value[day][pid] * 5 // SCALE for day in WEEK]
        assert sorted(week) == [0, 1, 2, 3, 4]
        for day, rank in zip(WEEK, week, strict=True):
            ranks[day][rank] += 1
        tenths[drawn.value[3][pid] * 10 // SCALE] += 1
    assert all(chi_square(counts) < CHI_SQUARE[4] for counts in ranks.values())
    assert chi_square(tenths) < CHI_SQUARE[9]


def test_asking_for_more_or_fewer_days_changes_no_days_chances():
    for size in (1, 2, 3, 5):
        for days in list(combinations(WEEK, size))[:3]:
            students, requests = asking([f"p{n}" for n in range(4_000)], days)
            drawn = numbers(KEY, students, requests)
            tenths = [0] * 10
            for number in drawn.value[days[0]].values():
                tenths[number * 10 // SCALE] += 1
            assert chi_square(tenths) < CHI_SQUARE[9]


def test_another_childs_days_change_nothing():
    students, requests = asking(["ann", "bo"])
    fewer = [r for r in requests if r.pid == "ann" or r.day < 3]
    all_days, some_days = numbers(KEY, students, requests), numbers(KEY, students, fewer)
    assert all(all_days.value[d]["ann"] == some_days.value[d]["ann"] for d in WEEK)


def test_linked_siblings_have_neighbouring_turns_and_unlinked_do_not():
    siblings = [Student("sam", "c", 1, "fam"), Student("sue", "c", 4, "fam")]
    others, requests = asking([f"p{n}" for n in range(50)])
    requests += [Request(s.pid, d, (("s",),)) for s in siblings for d in WEEK]
    linked = numbers(KEY, [*others, *siblings], requests)
    alone = numbers(KEY, [*others, *siblings], requests, rules=Rules(siblings="off"))
    assert all(abs(linked.position("sam", d) - linked.position("sue", d)) == 1 for d in WEEK)
    assert any(abs(alone.position("sam", d) - alone.position("sue", d)) > 1 for d in WEEK)


def test_the_other_lotteries():
    students, requests = asking([f"p{n}" for n in range(2_000)])
    single = numbers(KEY, students, requests, rules=Rules(lottery="single"))
    independent = numbers(KEY, students, requests, rules=Rules(lottery="independent"))
    assert single.value[1] == single.value[5]
    assert independent.value[1] != independent.value[5]
    both_good = sum(
        independent.value[1][s.pid] * 2 < SCALE and independent.value[2][s.pid] * 2 < SCALE for s in students
    )
    assert abs(both_good - 500) < 80


def test_the_order_of_the_input_does_not_matter():
    students, requests = asking([f"p{n}" for n in range(20)])
    assert numbers(KEY, students, requests).value == numbers(KEY, students[::-1], requests[::-1]).value


def test_equal_numbers_go_by_pid_and_reversing_turns_the_order_round():
    drawn = Numbers({1: {"b": 5, "a": 5, "c": 1}})
    assert drawn.order[1] == ("c", "a", "b")
    assert drawn.reversed().order[1] == ("a", "b", "c")
    assert drawn.position("b", 1) == 3


def test_more_than_six_days_are_refused():
    students, requests = asking(["p"], range(7))
    with pytest.raises(ValueError, match="7 days"):
        numbers(KEY, students, requests)
