"""Two who sign at the same instant: a document, a fund plan and a letter are signed once."""

from __future__ import annotations

import pytest

from kehou.chapters.journal.models import Entry
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning.models import FundPlanVersion, PolicyVersion, ResponsibilityLetter
from kehou.chapters.planning.queries import draft_of_policy
from kehou.rules.fund_plan import starting_plan
from kehou.rules.parameters import Parameters
from tests.chapters.planning.shelf_stage import AT, FORCE, ON, furnished
from tests.races.test_seats import race, refused
from tests.world import build

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_document_is_signed_once():
    world = build()
    furnished(world)
    school, by = world.riverside.school, world.riverside.by("principal")
    edition = draft_of_policy(school, 8).edition
    results = race(*[lambda: planning.sign_policy(school, 8, edition=edition, in_force_from=FORCE, by=by, at=AT)] * 4)
    assert refused(results) == 3
    assert PolicyVersion.objects.filter(school=school, number=8, approved_at__isnull=False).count() == 1
    assert Entry.objects.filter(verb="planning.policy_signed").count() == 1


def test_a_fund_plan_and_a_letter_are_signed_once():
    world = build()
    furnished(world)
    school, term, by = world.riverside.school, world.term, world.riverside.by("principal")
    plan = starting_plan(Parameters(), months=5, people_by_tier=[(2, 100)])
    planning.draft_fund(school, term, plan, by=by, at=AT)
    results = race(*[lambda: planning.sign_fund(school, term, edition=1, approved_on=ON, by=by, at=AT)] * 4)
    assert refused(results) == 3
    assert FundPlanVersion.objects.filter(signed_at__isnull=False).count() == 1
    results = race(*[lambda: planning.sign_letter(school, term, by=by, at=AT)] * 4)
    assert refused(results) == 3
    assert ResponsibilityLetter.objects.count() == 1
