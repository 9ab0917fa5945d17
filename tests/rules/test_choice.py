"""A family's choice as values: one canonical form, one hash, and every reason why it cannot stand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.choice import (
    ALONE,
    CONSENTS,
    DELEGATE,
    REVIEW_REASONS,
    WAYS_HOME,
    Choice,
    DayWish,
    Offer,
    Person,
    Place,
    Terms,
    digest,
    refusal_of_review,
    refusals,
)
from kehou.rules.sentences import say

WANG, LI = Person("王秀英", "奶奶", "19900001001"), Person("李强", "爸爸", "19900001002")
FOOTBALL = Place(1, 2, "校园足球", 1, 2, frozenset({3, 4, 5, 6}))
READING = Place(2, 2, "阅读漂流", 1, 1, frozenset(range(1, 7)), care=True)
CHOIR = Place(3, 4, "童声合唱", 1, 1, frozenset({3, 4, 5, 6}))
LANTERN = Place(4, 2, "梁山灯戏", 2, 2, frozenset({4, 5, 6}))
OFFER = Offer(3, dict.fromkeys(range(1, 6), 2), {place.id: place for place in (FOOTBALL, READING, CHOIR, LANTERN)})
TERMS = Terms()
SOUND = Choice(
    joins=True,
    days=(DayWish(2, 2, ((1,), (2,))), DayWish(4, 1, ((3,),), any_place=False)),
    going_home="guardian",
    contacts=(WANG, LI),
    signed_by="王秀英",
)


def keys(choice, offer=OFFER, terms=TERMS):
    return {no.key for no in refusals(choice, offer, terms)}


def test_a_sound_choice_and_a_refusal_both_stand():
    assert keys(SOUND) == set()
    assert keys(Choice(joins=False, signed_by="王秀英")) == set()


PROBLEMS = [
    ("no answer", {"joins": None}, "R-VOL-01:choose_one_answer"),
    ("unsigned", {"signed_by": "  "}, "R-VOL-01:sign_the_answer"),
    ("no day", {"days": ()}, "R-VOL-02:no_day_chosen"),
    ("a day twice", {"days": (DayWish(2, 1), DayWish(2, 2))}, "R-VOL-02:day_chosen_twice"),
    ("saturday", {"days": (DayWish(6, 1),)}, "R-VOL-02:day_not_offered"),
    ("day 9", {"days": (DayWish(9, 1),)}, "R-VOL-02:day_not_offered"),
    ("three hours", {"days": (DayWish(2, 3),)}, "R-TIME-03:hours_not_offered"),
    ("no hour", {"days": (DayWish(2, 0),)}, "R-TIME-03:hours_not_offered"),
    ("nothing wished", {"days": (DayWish(2, 1, (), any_place=False),)}, "R-ALLOC-01:nothing_wished_that_day"),
    ("other grade", {"days": (DayWish(2, 2, ((4,),)),)}, "R-ALLOC-01:wish_not_offered"),
    ("other weekday", {"days": (DayWish(2, 2, ((3,),)),)}, "R-ALLOC-01:wish_not_offered"),
    ("no such place", {"days": (DayWish(2, 2, ((99,),)),)}, "R-ALLOC-01:wish_not_offered"),
    ("wish twice", {"days": (DayWish(2, 2, ((1,), (1,))),)}, "R-ALLOC-01:wish_written_twice"),
    ("ends later", {"days": (DayWish(2, 1, ((1,),)),)}, "R-ALLOC-01:wish_ends_later"),
    ("way home", {"going_home": "taxi"}, "R-PICK-02:say_how_home"),
    ("third grade alone", {"going_home": ALONE, "alone_signed": True}, "R-PICK-02:too_young_alone"),
    ("nobody named", {"going_home": DELEGATE}, "R-PICK-02:delegate_not_named"),
    ("one contact", {"contacts": (WANG,)}, "R-SAFE-02:contacts_too_few"),
    ("one telephone twice", {"contacts": (WANG, replace(LI, phone=WANG.phone))}, "R-SAFE-02:contacts_too_few"),
    ("bad telephone", {"contacts": (WANG, replace(LI, phone="0239"))}, "R-SAFE-02:person_phone_wrong"),
    ("nameless", {"contacts": (WANG, replace(LI, name=" "))}, "R-SAFE-02:person_without_name"),
    ("crowd", {"pickup": (WANG,) * 7}, "R-SAFE-02:persons_too_many"),
    ("long note", {"health_note": "过敏" * 101}, "R-PRIV-01:note_too_long"),
]


@pytest.mark.clause("2.1-b", "3.2-n")
@pytest.mark.parametrize(("change", "key"), [pytest.param(*rest, id=name) for name, *rest in PROBLEMS])
def test_what_cannot_stand_is_said(change, key):
    broken = replace(SOUND, **change)
    assert key in keys(broken)
    assert all(say(no) for no in refusals(broken, OFFER, TERMS))


@pytest.mark.clause("3.2-n")
@pytest.mark.parametrize(
    ("grade", "signed", "key"), [(5, True, None), (5, False, "alone_not_signed"), (4, True, "too_young_alone")]
)
def test_going_home_alone_takes_the_fifth_grade_and_a_signature(grade, signed, key):
    offer = Offer(grade, OFFER.most_hours, {2: READING, 3: CHOIR, 1: FOOTBALL})
    alone = replace(SOUND, going_home=ALONE, alone_signed=signed)
    assert keys(alone, offer) == ({f"R-PICK-02:{key}"} if key else set())


@pytest.mark.clause("2.2-h")
@given(st.dictionaries(st.integers(1, 5), st.integers(1, 2), min_size=1))
def test_any_days_with_any_offered_hours_can_be_chosen(hours):
    free = replace(SOUND, days=tuple(DayWish(weekday, count) for weekday, count in hours.items()))
    assert keys(free) == set()


persons = st.builds(Person, st.text(max_size=5), st.text(max_size=3), st.text("0123456789", max_size=11))
wishes = st.builds(
    DayWish,
    st.integers(-1, 9),
    st.integers(-1, 5),
    st.lists(st.lists(st.integers(0, 6), min_size=1, max_size=3).map(tuple), max_size=3).map(tuple),
    st.booleans(),
)
choices = st.builds(
    Choice,
    st.sampled_from([True, False, None]),
    st.lists(wishes, max_size=4, unique_by=lambda wish: wish.weekday).map(tuple),
    st.sampled_from(["", *WAYS_HOME, "taxi"]),
    st.booleans(),
    st.lists(persons, max_size=3).map(tuple),
    st.lists(persons, max_size=2).map(tuple),
    st.dictionaries(st.sampled_from(sorted(CONSENTS)), st.booleans()),
    st.text(max_size=10),
    st.text(max_size=5),
)


@given(choices)
def test_whatever_is_sent_is_answered_in_words(choice):
    assert all(say(no) for no in refusals(choice, OFFER, TERMS))


@given(choices)
def test_the_canonical_form_is_read_back_and_is_its_own_form(choice):
    canonical = choice.canonical(school="2150990001", pupil=7)
    again = Choice.read(canonical).canonical(school="2150990001", pupil=7)
    assert again == canonical
    assert digest(again) == digest(canonical)


@given(choices, st.randoms(use_true_random=False))
def test_the_order_in_which_days_were_tapped_does_not_matter(choice, random):
    shuffled = list(choice.days)
    random.shuffle(shuffled)
    assert digest(replace(choice, days=tuple(shuffled)).canonical()) == digest(choice.canonical())


@given(choices)
def test_who_stays_away_is_asked_for_nothing_more(choice):
    declined = replace(choice, joins=False, signed_by="王秀英")
    assert set(declined.canonical()) == {"format", "joins", "signed_by"}
    assert refusals(declined, OFFER, TERMS) == []


def test_another_wish_is_another_hash():
    swapped = replace(SOUND, days=(DayWish(2, 2, ((2,), (1,))), SOUND.days[1]))
    tied = replace(SOUND, days=(DayWish(2, 2, ((1, 2),)), SOUND.days[1]))
    assert len({digest(one.canonical()) for one in (SOUND, swapped, tied)}) == 3


@pytest.mark.clause("2.7.3-b")
def test_a_review_gives_a_reason_of_the_closed_list_or_none():
    for reason in REVIEW_REASONS:
        assert refusal_of_review(joins=True, passed=False, reason=reason, waits=True) is None
    for reason in ("", "成绩不好", "表现不好"):
        assert refusal_of_review(joins=True, passed=False, reason=reason, waits=True).code == "R-VOL-03"
    assert refusal_of_review(joins=True, passed=True, reason="", waits=True) is None
    assert refusal_of_review(joins=False, passed=True, reason="", waits=True).code == "R-VOL-03"
    assert refusal_of_review(joins=True, passed=True, reason="", waits=False).code == "R-VOL-03"
