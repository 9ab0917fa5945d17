"""现场见证: who binds himself to what, until when; a word is shown once, after freezing, as it was sealed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.allocation.randomness import refusal_to_draw, refusal_to_name, sealed_word
from kehou.rules.wall import BEIJING
from kehou.rules.witnessing import refusal_of_roles, refusal_to_confirm, refusal_to_reveal, refusals_to_seal

CLOSES = datetime(2026, 9, 5, 18, tzinfo=BEIJING)
SEAL = "a" * 64


def seals(**more) -> list[str]:
    facts = {"role": "teacher", "name": "周婷", "seal": SEAL, "seals": (), "planned": False, "closes_at": CLOSES}
    return [no.why for no in refusals_to_seal(**{**facts, "at": CLOSES - timedelta(minutes=1), **more})]


def test_a_named_witness_with_a_seal_of_its_own_is_taken_until_the_deadline():
    assert seals() == []
    assert seals(at=CLOSES) == ["named_after_deadline"]
    assert seals(planned=True) == ["witnesses_are_named"]


@pytest.mark.parametrize(
    "more,why",
    [
        ({"role": "burgomaster"}, "witness_without_name"),
        ({"name": " "}, "witness_without_name"),
        ({"seal": "秘密"}, "witness_not_sealed"),
        ({"seal": "A" * 64}, "witness_not_sealed"),
        ({"seals": (SEAL,)}, "witness_word_taken"),
        ({"seals": tuple(f"{n:064d}" for n in range(9))}, "witnesses_too_many"),
    ],
)
def test_who_is_not_taken(more, why):
    assert seals(**more) == [why]


def test_three_are_needed_and_one_of_them_from_the_families():
    assert refusal_of_roles(["principal", "committee"]).why == "too_few_witnesses"
    assert refusal_of_roles(["principal", "teacher", "teacher"]).why == "witness_of_families_missing"
    assert refusal_of_roles(["principal", "committee", "pupil"]) is None


WORDS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="|"), min_size=12, max_size=60)


@given(WORDS, WORDS)
def test_only_the_sealed_word_is_shown(word, other):
    seal = sealed_word(word).partition(":")[2]
    facts = {"seal": seal, "name": "周婷", "state": "committed", "shown": False}
    assert refusal_to_reveal(word=word, **facts) is None
    if word != other:
        assert refusal_to_reveal(word=other, **facts).why == "witness_word_differs"
    assert refusal_to_reveal(word=word, **{**facts, "state": "planned"}).why == "witness_shows_after_freezing"
    assert refusal_to_reveal(word=word, **{**facts, "state": "drawn"}).why == "witness_draw_is_over"
    assert refusal_to_reveal(word=word, **{**facts, "shown": True}).why == "witness_shown_already"


@given(st.lists(WORDS, min_size=3, max_size=9, unique=True), st.data())
def test_what_was_shown_is_what_the_draw_takes_and_one_missing_word_stops_it(words, data):
    named = ",".join(map(sealed_word, words))
    assert refusal_to_name(named) is None
    assert refusal_to_draw(named, "ceremony", words) is None
    gone = data.draw(st.integers(0, len(words) - 1))
    left = words[:gone] + words[gone + 1 :]
    assert refusal_to_draw(named, "ceremony", left).why == "too_few_witnesses"
    assert refusal_to_confirm(["周婷"]).why == "witnesses_hidden" and refusal_to_confirm([]) is None
