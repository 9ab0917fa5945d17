"""Whom the policy protects: a place in the draw, an alternative after it, and nobody reads why (2.1-f…k)."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta

import pytest

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation.models import Offer, Placement
from kehou.chapters.allocation.protection import protected_without_place
from kehou.chapters.allocation.rounds import protected_among
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.journal.models import Entry
from kehou.chapters.people import actions as people
from kehou.chapters.people.actions.rosters import content_of
from kehou.rules.care import CATEGORIES, NAMED, added_categories
from kehou.rules.choice import DayWish
from kehou.rules.verdicts import Refused
from tests.billing import FIRST, bill_of, open_books, run
from tests.deciding import put_in_force
from tests.registration import AFTER, DURING, decline, open_stage, published, submit
from tests.rules.roster.sheets import HEADER, pupil
from tests.world import make_pupil

ONE_SEAT = (("作业答疑站", (1,), 1, 1, 1, 0, True, True),)
SCARCE = (("校园足球", (1,), 1, 2, 1, 0, False, False), ("竹笛", (1,), 1, 2, 5, 0, False, False))
SEPTEMBER = date(2026, 9, 1)


def listed(world, pupil, category, *, at=DURING):
    return people.record_care(
        pupil, category, source="区名单", from_on=SEPTEMBER, by=world.riverside.by("aid_officer"), at=at
    )


def has_a_place(application) -> bool:
    seated = Placement.objects.filter(application=application, ended_at=None).exists()
    return seated or application.offers.filter(state=Offer.OPEN).exists()


def contest(world, *, grade=6, children=4):
    """Return a stage with one seat, and so many children of a grade to ask for it."""
    stage = open_stage(world, rows=ONE_SEAT)
    found = [make_pupil(world.riverside, f"孩子{n}", grade=grade, guardian=world.guardian) for n in range(children)]
    for child in found:
        submit(stage, child, DayWish(1, 1))
    return stage, found


@pytest.mark.parametrize("turn", range(3))
@pytest.mark.parametrize(
    ("column", "written"),
    [
        pytest.param("是否留守儿童", "双亲留守儿童", marks=pytest.mark.clause("2.1-f")),
        pytest.param("随迁子女", "是", marks=pytest.mark.clause("2.1-g")),
    ],
)
def test_who_the_register_calls_left_behind_or_migrant_has_a_place_wherever_the_lot_falls(world, column, written, turn):
    """From the word in the roster file to the place after the draw, nobody having asked the family."""
    stage, children = contest(world)
    lot = children[turn]
    lot.name, lot.born_on = "林小雨", date(2017, 10, 12)  # as the number of the file says
    lot.save()
    file = io.StringIO()
    csv.writer(file).writerows([[*HEADER, column], [*pupil(2, name=lot.name, **{"class": "六（1）班"}), written]])
    by, school = world.riverside.by("asp_manager"), world.riverside.school
    kept = people.keep_roster(school, file_name="名册.csv", content=file.getvalue().encode(), by=by, at=DURING)
    people.take_roster(kept, people.read_for(school, content_of(kept), at=DURING), by=by, at=DURING)
    every = list(stage.registration.applications.select_related("pupil__homeroom"))
    assert protected_among(every, world.term.service_from_on) == {stage.application(lot).pk}
    published(stage)
    assert has_a_place(stage.application(lot))
    if without := [one for one in children if not has_a_place(stage.application(one))]:
        assert lot not in without


@pytest.mark.clause("2.1-h")
@pytest.mark.parametrize("turn", range(3))
@pytest.mark.parametrize("category", ["poverty_relief_household", "dibao_family"])
def test_a_child_of_the_two_lists_has_a_place_wherever_its_lot_falls(world, category, turn):
    stage, children = contest(world)
    listed(world, children[turn], category)
    published(stage)
    assert has_a_place(stage.application(children[turn]))


@pytest.mark.clause("2.1-h")
@pytest.mark.parametrize("category", ["poverty_relief_household", "dibao_family"])
def test_the_same_list_makes_its_bill_free_without_being_asked(world, category):
    open_books(world)
    listed(world, world.mei, category, at=FIRST)
    run(world)
    assert bill_of(world.mei).due_fen == 0 and bill_of(world.bo).due_fen > 0


@pytest.mark.clause("2.1-i")
@pytest.mark.parametrize("turn", range(3))
@pytest.mark.parametrize("grade", [1, 4])
def test_a_lower_grade_has_a_place_before_the_upper_ones(world, grade, turn):
    stage = open_stage(world, rows=ONE_SEAT)
    grades = [6, 6, 6]
    grades[turn] = grade
    children = [
        make_pupil(world.riverside, f"孩子{n}", grade=one, guardian=world.guardian) for n, one in enumerate(grades)
    ]
    for child in children:
        submit(stage, child, DayWish(1, 1))
    published(stage)
    assert has_a_place(stage.application(children[turn]))


@pytest.mark.clause("2.1-i")
def test_up_to_which_grade_is_the_districts_to_say(world):
    stage, _ = contest(world, grade=4, children=1)
    every = list(stage.registration.applications.select_related("pupil__homeroom"))
    day = world.term.service_from_on
    assert protected_among(every, day) == {every[0].pk}
    put_in_force("prio.lower_grades_to", 2, world=world, from_on=day)
    assert protected_among(every, day) == set()
    assert protected_among(every, day - timedelta(days=1)) == {every[0].pk}


@pytest.mark.clause("2.1-j")
@pytest.mark.parametrize(
    "category", [key for key, one in CATEGORIES.items() if one.clause == "2.1-j" and one.guaranteed]
)
def test_the_other_groups_of_the_list_have_a_place_too(world, category):
    stage, children = contest(world, children=3)
    listed(world, children[1], category)
    published(stage)
    assert has_a_place(stage.application(children[1]))


@pytest.mark.clause("2.1-j")
def test_the_district_adds_a_group_from_a_day_on_and_nobody_else_can(world):
    stage, children = contest(world, children=2)
    with pytest.raises(Refused) as refused:
        listed(world, children[0], "现役军人子女")
    assert refused.value.refusal.key == "R-PRIO-03:unknown_category"
    listed(world, children[1], "both_parents_work")
    every = list(stage.registration.applications.select_related("pupil__homeroom"))
    day = world.term.service_from_on
    assert protected_among(every, day) == set()
    put_in_force("prio.categories", (*NAMED, "双职工家庭", "现役军人子女"), world=world, from_on=SEPTEMBER)
    assert added_categories(parameters_on(day).prio.categories) == ("现役军人子女",)
    listed(world, children[0], "现役军人子女")
    assert protected_among(every, day) == {one.pk for one in every}
    assert parameters_on(SEPTEMBER - timedelta(days=1)).prio.categories == NAMED, "the list before stays as it was"


# --- After the draw ---------------------------------------------------------------------------------------------------


@pytest.fixture
def scarce(world):
    """Return a published stage in which Mei lost the one seat in football by hand; Bo and a sixth-grader are in 竹笛."""
    stage = open_stage(world, rows=SCARCE)
    upper = make_pupil(world.riverside, "六年级的", grade=6, guardian=world.guardian)
    for child in (world.mei, world.bo, upper):
        submit(stage, child, DayWish(1, 2, ((stage.slot("校园足球"),),)))
    silent = make_pupil(world.riverside, "不参加的", grade=3, guardian=world.guardian)
    enrolment.submit(stage.registration, silent, decline(), by=world.by_guardian(), at=DURING)
    published(stage)
    assert protected_without_place(stage.registration) == []
    take_away(world, stage, world.mei)
    return stage


def take_away(world, stage, pupil):
    seat = Placement.objects.get(application=stage.application(pupil), ended_at=None)
    allocation.remove(seat, reason="误排，与走读时间不符", by=world.riverside.by("asp_manager"), at=AFTER)


def offer(world, application, slot):
    return allocation.offer_alternative(application, slot, by=world.riverside.by("asp_manager"), at=AFTER)


@pytest.mark.clause("2.1-f", "2.1-i")
def test_who_is_protected_and_lacks_a_place_is_listed_until_an_alternative_is_taken(world, scarce):
    (case,) = protected_without_place(scarce.registration)
    assert case.application.pupil == world.mei and case.weekdays == (1,) and case.by_grade
    assert [slot.activity.name for slot in case.free] == ["竹笛"] and not case.offers
    made = offer(world, case.application, scarce.slot("竹笛"))
    (case,) = protected_without_place(scarce.registration)
    assert case.waits
    with pytest.raises(Refused) as refused:
        offer(world, case.application, scarce.slot("竹笛"))
    assert refused.value.refusal.key == "R-PRIO-01:offered_already"
    allocation.answer_offer(made, accepts=True, by=world.by_guardian(), at=AFTER)
    assert protected_without_place(scarce.registration) == [] and has_a_place(
        scarce.application(case.application.pupil)
    )


def test_a_family_may_decline_and_is_listed_on(world, scarce):
    (case,) = protected_without_place(scarce.registration)
    made = offer(world, case.application, scarce.slot("竹笛"))
    allocation.answer_offer(made, accepts=False, by=world.by_guardian(), at=AFTER)
    (case,) = protected_without_place(scarce.registration)
    assert [one.state for one in case.offers] == [Offer.DECLINED] and not case.waits


def test_nobody_who_waits_is_passed_over_and_who_is_not_protected_is_not_served_here(world, scarce):
    (case,) = protected_without_place(scarce.registration)
    with pytest.raises(Refused) as refused:
        offer(world, case.application, scarce.slot("校园足球"))
    assert refused.value.refusal.key == "R-PRIO-01:others_wait_there"
    upper = scarce.registration.applications.get(pupil__name="六年级的")
    take_away(world, scarce, upper.pupil)
    with pytest.raises(Refused) as refused:
        offer(world, upper, scarce.slot("竹笛"))
    assert refused.value.refusal.key == "R-PRIO-01:not_waiting_that_day"
    listed(world, upper.pupil, "left_behind")
    offer(world, upper, scarce.slot("竹笛"))


@pytest.mark.clause("2.1-k")
def test_no_ground_is_in_the_journal(world, scarce):
    (case,) = protected_without_place(scarce.registration)
    listed(world, case.application.pupil, "dibao_family")
    offer(world, case.application, scarce.slot("竹笛"))
    told = json.dumps(list(Entry.objects.values_list("facts", flat=True)), ensure_ascii=False)
    assert "dibao" not in told and "低保" not in told


@pytest.mark.parametrize("children", [1, 4])
def test_the_list_costs_the_same_statements(world, children, django_assert_max_num_queries):
    stage = open_stage(world, rows=SCARCE)
    pupils = [make_pupil(world.riverside, f"孩子{n}", grade=3, guardian=world.guardian) for n in range(children)]
    for child in pupils:
        submit(stage, child, DayWish(1, 2, ((stage.slot("竹笛"),),)))
    published(stage)
    for child in pupils:
        take_away(world, stage, child)
    with django_assert_max_num_queries(12):
        assert len(protected_without_place(stage.registration)) == children
