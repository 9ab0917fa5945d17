"""现场见证: sealed before the deadline, shown after freezing, confirmed by two, drawn from; and when one is missing."""

from __future__ import annotations

import json

import pytest

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation import queries
from kehou.chapters.allocation.models import Draw, Witness
from kehou.chapters.journal.models import Entry
from kehou.rules.allocation import Rules
from kehou.rules.allocation.randomness import sealed_word
from kehou.rules.allocation.verifier import verify
from kehou.rules.verdicts import Refused
from tests.registration import AFTER, CLOSES, DURING, NAMED, RESULT, open_stage, review_all, submit

WORDS = {
    "principal": ("钟毅", "竹海的风吹过操场"),
    "committee": ("黄女士", "柚子熟了请大家来吃一个吧"),
    "pupil": ("林同学", "我最喜欢星期三的科学小实验"),
}


@pytest.fixture
def stage(world):
    stage = open_stage(world)
    for pupil in (world.mei, world.bo):
        submit(stage, pupil)
    return stage


def seal(stage, role: str, word: str = "", *, at=DURING) -> Witness:
    name, own = WORDS[role]
    return allocation.seal_word(
        stage.registration,
        role=role,
        name=name,
        seal=sealed_word(word or own).partition(":")[2],
        by=stage.world.riverside.by("asp_manager"),
        at=at,
    )


def named(stage) -> Draw:
    for role in WORDS:
        seal(stage, role)
    office = stage.world.riverside.by("asp_manager")
    return allocation.name_witnesses(stage.registration, rules=Rules(), by=office, at=DURING)


def frozen(stage) -> Draw:
    draw = named(stage)
    review_all(stage)
    return allocation.commit(draw, by=stage.world.riverside.by("asp_manager"), at=AFTER)


def show(stage, *roles: str) -> None:
    for role in roles:
        witness = Witness.objects.get(role=role, draw__isnull=False)
        allocation.reveal_word(witness, WORDS[role][1], by=stage.world.riverside.by("asp_manager"), at=AFTER)


def confirm(stage, *roles: str) -> None:
    draw = queries.draw_of(stage.registration)
    for role in roles:
        allocation.confirm_words(draw, by=stage.world.riverside.by(role), at=AFTER)


def why(refused) -> list[str]:
    return [refusal.why for refusal in refused.value.refusals]


def test_the_seals_are_the_randomness_and_no_word_is_known_before_it_is_shown(stage):
    draw = named(stage)
    assert draw.randomness.split(",") == [sealed_word(word) for _, word in WORDS.values()]
    stored = json.dumps([*Witness.objects.values(), *Entry.objects.values("facts")], default=str, ensure_ascii=False)
    assert not any(word in stored for _, word in WORDS.values())


def test_a_draw_from_words_is_one_that_anybody_can_repeat(stage, world):
    draw = frozen(stage)
    show(stage, "pupil", "principal", "committee")
    confirm(stage, "asp_manager", "principal")
    allocation.draw_lots(draw, by=world.riverside.by("asp_manager"), at=AFTER)
    record = json.loads(draw.record.read())
    assert verify(record) == []
    record["randomness"]["reveals"][0] += "。"
    assert verify(record)


def test_two_persons_confirm_what_was_shown(stage, world):
    draw = frozen(stage)
    show(stage, *WORDS)
    confirm(stage, "asp_manager", "asp_manager")
    with pytest.raises(Refused) as refused:
        allocation.draw_lots(draw, by=world.riverside.by("asp_manager"), at=AFTER)
    assert why(refused) == ["second_person_missing"]


def test_nothing_is_shown_before_the_choices_are_frozen_nor_another_word_after(stage, world):
    draw = named(stage)
    with pytest.raises(Refused) as refused:
        show(stage, "pupil")
    assert why(refused) == ["witness_shows_after_freezing"]
    review_all(stage)
    allocation.commit(draw, by=world.riverside.by("asp_manager"), at=AFTER)
    with pytest.raises(Refused) as refused:
        allocation.reveal_word(
            Witness.objects.get(role="pupil"), "我最喜欢星期四", by=world.riverside.by("asp_manager"), at=AFTER
        )
    assert why(refused) == ["witness_word_differs"]
    show(stage, "pupil")
    with pytest.raises(Refused) as refused:
        show(stage, "pupil")
    assert why(refused) == ["witness_shown_already"]


def test_witnesses_are_added_and_dismissed_only_until_they_are_named(stage, world):
    office = world.riverside.by("asp_manager")
    allocation.dismiss_witness(seal(stage, "pupil", "写错了的一句话要重新封"), by=office, at=DURING)
    with pytest.raises(Refused) as refused:
        allocation.name_witnesses(stage.registration, rules=Rules(), by=office, at=DURING)
    assert why(refused) == ["too_few_witnesses"]
    with pytest.raises(Refused) as refused:
        seal(stage, "pupil", at=CLOSES)
    assert why(refused) == ["named_after_deadline"]
    named(stage)
    for act in (
        lambda: seal(stage, "pupil", "再来一句别人不知道的话吧"),
        lambda: allocation.dismiss_witness(Witness.objects.first(), by=office, at=DURING),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert why(refused) == ["witnesses_are_named"]


def test_one_hidden_word_stops_the_draw_and_a_public_draw_takes_its_place(stage, world):
    office = world.riverside.by("asp_manager")
    draw = frozen(stage)
    show(stage, "pupil", "principal")
    with pytest.raises(Refused) as refused:
        confirm(stage, "asp_manager")
    assert why(refused) == ["witnesses_hidden"]
    root = draw.root
    allocation.give_up_ceremony(draw, by=office, at=AFTER)
    draw.refresh_from_db()
    assert draw.state == "void" and draw.voided_because == "见证人没有揭开：家长委员会代表" and draw.root == root
    again = allocation.plan(stage.registration, rules=Rules(), randomness=NAMED, by=office, at=AFTER)
    allocation.commit(again, by=office, at=AFTER)
    for role in ("asp_manager", "principal"):
        allocation.enter_beacon(again, beacon=RESULT, by=world.riverside.by(role), at=AFTER)
    assert allocation.draw_lots(again, by=office, at=AFTER).state == "drawn"


def test_a_draw_whose_words_are_all_known_cannot_be_taken_back_for_another(stage, world):
    office = world.riverside.by("asp_manager")
    draw = frozen(stage)
    show(stage, *WORDS)
    with pytest.raises(Refused) as refused:
        allocation.give_up_ceremony(draw, by=office, at=AFTER)
    assert why(refused) == ["all_have_shown"]
    allocation.void(draw, reason="换一个更好的结果", by=office, at=AFTER)
    with pytest.raises(Refused) as refused:
        allocation.plan(stage.registration, rules=Rules(), randomness=NAMED, by=office, at=AFTER)
    assert why(refused) == ["named_after_deadline"]


def test_after_a_missing_word_no_second_ceremony_is_held(stage, world):
    office = world.riverside.by("asp_manager")
    allocation.give_up_ceremony(frozen(stage), by=office, at=AFTER)
    words = ",".join(sealed_word(word) for _, word in WORDS.values())
    with pytest.raises(Refused) as refused:
        allocation.plan(stage.registration, rules=Rules(), randomness=words, by=office, at=AFTER)
    assert why(refused) == ["ceremony_after_deadline"]
