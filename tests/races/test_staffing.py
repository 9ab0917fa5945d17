"""Two officers, two phones, two schools at the same instant: listed once, answered once, one place at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from kehou.chapters.journal.models import Entry
from kehou.chapters.programme import actions as programme
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.models import Candidacy, Certificate, ShortageStatement, SignUp, Visit, VolunteerHours
from kehou.lib.actors import Actor
from kehou.rules.verdicts import Refused
from kehou.rules.visiting import VisitFacts
from tests.chapters.staffing.outside import ASKED, AT, YES, officer, shown, window_at
from tests.races.test_seats import race
from tests.world import TODAY, build

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 5


def done(results: list[object]) -> list[object]:
    """Return what was not refused."""
    return [one for one in results if not isinstance(one, Refused)]


def test_two_officers_put_one_organisation_on_the_list_once():
    world = build()
    one = shown(world, at=AT - timedelta(days=14))
    officers = [replace(officer(world), account_id=9000 + number) for number in range(THREADS)]
    acts = [
        (lambda by=by: staffing.enlist(one, by=by, at=AT))
        if number % 2
        else (lambda by=by: staffing.leave_list(one, kind="asked", reason="机构退出", by=by, at=AT))
        for number, by in enumerate(officers)
    ]
    race(*acts)
    state = Candidacy.objects.get().state
    listings = Entry.objects.filter(verb="staffing.provider_listed").count()
    exits = Entry.objects.filter(verb="staffing.provider_left").count()
    # Whoever is listed may leave afterwards; nobody is listed twice, leaves twice or is listed after leaving.
    assert listings <= 1 and exits <= 1 and listings + exits >= 1
    assert state == ("left" if exits else "listed")


def test_two_schools_choose_and_one_school_chooses_once():
    world = build()
    one = staffing.enlist(shown(world, at=AT - timedelta(days=14)), by=officer(world), at=AT)
    acts = []
    for place in (world.riverside, world.riverside, world.riverside, world.hill):
        stated = ShortageStatement.objects.get(school=place.school)
        by = place.by("asp_manager")
        acts.append(
            lambda place=place, stated=stated, by=by: staffing.choose_provider(
                place.school, world.term, one, stated, what="年画", by=by, at=AT
            )
        )
    assert len(done(race(*acts))) == 2


def test_two_phones_of_one_teacher_leave_one_answer_that_counts():
    world = build()
    place, window = world.riverside, window_at(world)
    member, by = place.staff["teacher"], place.by("teacher")
    offers = [replace(YES, weekly_cap=number + 1) for number in range(THREADS)]
    at = ASKED + timedelta(days=1)
    race(*[lambda offer=offer: staffing.sign_up(window, member, offer, by=by, at=at) for offer in offers])
    assert SignUp.objects.filter(is_current=True).count() == 1
    assert sorted(SignUp.objects.values_list("version", flat=True)) == list(range(1, THREADS + 1))
    member.refresh_from_db()
    assert member.weekly_cap == SignUp.objects.get(is_current=True).weekly_cap


def test_two_schools_ask_for_one_teacher_at_the_same_hour_and_one_gets_them():
    world = build()
    place = world.riverside
    visits = []
    for start in (time(17, 0), time(17, 10)):
        when = VisitFacts(3, start, time(17, 50))
        proposal = staffing.Proposal(place.staff["teacher"], world.hill.school, world.term, "合唱", when)
        visit = programme.propose_visit(proposal, by=place.by("asp_manager"), at=AT)
        programme.agree_to_visit(visit, "home", by=place.by("principal"), at=AT)
        programme.agree_to_visit(visit, "host", by=world.hill.by("principal"), at=AT)
        visits.append(visit)
    by = place.by("teacher")
    race(*[lambda one=one: programme.agree_to_visit(one, "teacher", by=by, at=AT) for one in visits])
    assert Visit.objects.filter(agreed_at__isnull=False).count() == 1


def test_certificates_issued_at_once_have_their_own_numbers_and_a_session_is_credited_once():
    world = build()
    place = world.riverside
    who, by = place.staff["volunteer"], place.by("principal")
    served = staffing.Served(who, TODAY, "年画", 40, 77)
    race(*[lambda: staffing.credit_sessions(place.school, [served], by=by, at=AT) for _ in range(THREADS)])
    assert VolunteerHours.objects.count() == 1
    days = {"from_on": world.term.from_on, "until_on": world.term.until_on}
    race(*[lambda: staffing.issue_certificate(place.school, who, **days, by=by, at=AT) for _ in range(THREADS)])
    assert Certificate.objects.values("number").distinct().count() == THREADS


def test_hours_are_confirmed_once():
    world = build()
    place = world.riverside
    line = staffing.enter_hours(
        staffing.Served(place.staff["volunteer"], TODAY, "展板", 40), by=place.by("asp_manager"), at=AT
    )
    people = [Actor(8000 + number, f"副校长{number}", "校长", place.school.code) for number in range(THREADS)]
    results = race(*[lambda by=by: staffing.confirm_hours(line, by=by, at=AT) for by in people])
    assert len(done(results)) == 1
