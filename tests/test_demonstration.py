"""What the demonstration promises before anything of it is built: twelve schools, 5,200 pupils, thirty people."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from kehou.chapters.basis import actions as basis
from kehou.chapters.basis.models import ParameterVersion, Term
from kehou.chapters.basis.queries import holidays_within, parameters_on
from kehou.lib import demonstration
from kehou.lib.actors import SYSTEM
from kehou.rules.choice import DayWish, Offer, Place
from kehou.rules.permissions import ROLES
from kehou.rules.steps import due_days
from seeds import build, choosing, district, people, term
from seeds.schools import SIZES, TWELVE, plans_of


@pytest.mark.parametrize(("size", "schools", "pupils"), [("S", 5, 900), ("M", 12, 5_200), ("L", 110, 62_000)])
def test_a_size_has_the_schools_and_pupils_it_promises(size, schools, pupils):
    plans = plans_of(SIZES[size])
    assert (len(plans), sum(count for _, count in plans)) == (schools, pupils)
    assert len({plan.code for plan, _ in plans}) == len({plan.name for plan, _ in plans}) == schools
    for plan, count in plans:
        assert plan.name.endswith("（演示）"), "a made-up school says so"
        assert count >= sum(plan.classes.values()), "no class is empty"
        assert count <= 50 * sum(plan.classes.values()), "no class is larger than a classroom"


def test_size_m_is_the_twelve_schools_of_the_reference():
    plans = [plan.code for plan, _ in plans_of(SIZES["M"])]
    assert plans == [plan.code for plan in TWELVE] and len(plans) == 12
    kinds = Counter(plan.kind for plan in TWELVE)
    assert kinds == {"primary": 7, "junior": 3, "nine_year": 1, "special": 1}
    assert [plan.code for plan in TWELVE if plan.is_private] == [demonstration.XINSHENG]
    assert [plan.code for plan in TWELVE if plan.has_boarders] == [demonstration.LIYUE]


def test_the_cast_are_thirty_people_with_a_seat_each():
    cast = demonstration.CAST
    assert len(cast) == len({one.key for one in cast}) == len({one.name for one in cast}) == 30
    assert len({one.phone for one in cast}) == 30
    known = {plan.code for plan in TWELVE}
    for one in cast:
        assert one.role in {*ROLES, "guardian"} and one.school in {"", *known} and one.line
    assert sum(one.role == "guardian" for one in cast) == 6


def test_a_family_of_the_demonstration_wishes_for_a_team_on_all_its_days_or_on_none():
    places = {
        n: Place(n, weekday, name, 1, 1, frozenset({8}), team=team)
        for n, (weekday, name, team) in enumerate(
            [(2, "田径", 9), (4, "田径", 9), (2, "篮球", None), (4, "篮球", None)], start=1
        )
    }
    offer = Offer(8, {2: 2, 4: 2}, places)
    both = choosing._whole_teams((DayWish(2, 2, ((3,), (1,))), DayWish(4, 2, ((4,),), any_place=False)), offer)
    assert [day.tiers for day in both] == [((1,), (3,)), ((2,), (4,))]
    (alone,) = choosing._whole_teams((DayWish(2, 2, ((1,),), any_place=False),), offer)
    assert (alone.tiers, alone.any_place) == ((), True)


@pytest.mark.django_db
def test_the_story_of_the_first_week_is_in_time_by_the_work_calendar_of_its_district():
    """On the evening of registration and on the day of the draw the chain shows no step of them as late."""
    basis.install_defaults(by=SYSTEM, at=build.BEGAN)
    district.set_the_work_calendar(people.district_people(build.BEGAN), at=build.BEGAN)

    autumn = Term.objects.get(code="2026-autumn")
    since = autumn.service_from_on
    due = due_days(
        service_from=since,
        service_until=autumn.service_until_on,
        parameters=parameters_on(autumn.from_on),
        holidays=holidays_within(since - timedelta(days=120), autumn.service_until_on + timedelta(days=90)),
    )
    assert due["registration"] == term.CLOSES.date()
    assert term.DRAWN.date() <= due["draw"] and term.SEALED.date() <= due["agreements"] == since
    (decided,) = ParameterVersion.objects.filter(key=district.WORK_CALENDAR, instrument__title__contains="工作日历")
    assert decided.proposed_by_account != decided.decided_by_account and decided.approval_reference
