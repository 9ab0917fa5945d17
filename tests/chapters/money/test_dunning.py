"""An unpaid bill is remembered once, by a letter to the guardian; the child comes as before (fee.dunning)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.chapters.enrolment.models import Enrolment
from kehou.chapters.journal.models import Entry, Letter
from kehou.chapters.money import actions as money
from kehou.lib import jobs
from kehou.lib.actors import SYSTEM
from kehou.rules.fees import is_reminded
from kehou.rules.parameters.money_groups import Dunning
from tests.billing import FIRST, NOVEMBER, bill_of, open_books, pay, run
from tests.deciding import put_in_force
from tests.world import World

DUE = FIRST + timedelta(days=10)


@given(st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.integers(3, 90), st.integers(-5, 200))
def test_it_is_due_after_the_days_and_never_where_the_district_reminds_nobody(made_on, after, passed):
    on = made_on + timedelta(days=passed)
    assert is_reminded(made_on=made_on, on=on, dunning=Dunning("guardian_only", after)) is (passed >= after)
    assert not is_reminded(made_on=made_on, on=on, dunning=Dunning("none", after))


@pytest.mark.clause("2.6.1-b")
def test_one_letter_to_who_answers_for_the_child_and_nothing_else_happens(world: World) -> None:
    open_books(world)
    run(world)
    pay(world, bill_of(world.bo))
    school = world.riverside.school
    before = list(Enrolment.objects.order_by("pk").values())
    assert money.remind_of_unpaid(school, at=DUE - timedelta(days=1)) == []
    assert [one.pupil for one in money.remind_of_unpaid(school, at=DUE)] == [world.mei]
    letter = Letter.objects.get(kind="bill_unpaid")
    assert letter.to_account == world.guardian.pk and "小梅11月缴费单还没有缴：110.00元" in letter.title
    assert "不会因为没有缴费停课" in letter.body and letter.link == f"/guardian/{world.mei.pk}/bills/"
    assert Entry.objects.filter(verb="money.bill_reminded").count() == 1
    assert money.remind_of_unpaid(school, at=DUE + timedelta(days=40)) == [], "once a bill"
    assert list(Enrolment.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("value", "expected"),
    [({"to": "none", "after_days": 10}, 0), ({"to": "guardian_only", "after_days": 30}, 0),
     ({"to": "guardian_only", "after_days": 5}, 2)],
)  # fmt: skip
def test_the_days_are_the_districts_to_say(world: World, value, expected) -> None:
    open_books(world)
    run(world)
    put_in_force("fee.dunning", value, world=world, from_on=NOVEMBER)
    assert len(money.remind_of_unpaid(world.riverside.school, at=DUE)) == expected


def test_what_is_owed_no_more_is_not_remembered(world: World) -> None:
    open_books(world)
    run(world)
    money.void_bill(bill_of(world.mei), reason="录错", by=world.riverside.by("principal"), at=FIRST)
    pay(world, bill_of(world.bo))
    assert money.remind_of_unpaid(world.riverside.school, at=DUE) == []


def test_the_worker_writes_every_day_and_a_second_turn_writes_nothing(world: World, at_moment) -> None:
    open_books(world)
    run(world)
    at_moment(DUE)
    for turn in ("first", "second"):
        jobs.ask(money.remind_unpaid, key=f"dunning {turn}", title="提醒", by=SYSTEM, at=DUE)
        jobs.work_off()
    assert Letter.objects.filter(kind="bill_unpaid").count() == 2
