"""Both parents press at once, a whole class takes its tickets at once: one ticket a family, none twice."""

from __future__ import annotations

import pytest

from kehou.chapters.surveys import actions as surveys
from kehou.chapters.surveys.models import Sheet, Ticket
from kehou.chapters.surveys.queries import family_of
from kehou.rules.verdicts import Refused
from tests.chapters.surveys.stage import AT, FULL, families, opened, take
from tests.races.test_seats import THREADS, race, refused
from tests.world import build

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_parents_of_one_family_take_one_ticket():
    world = build()
    family = family_of(opened(world), world.mei)
    results = race(*[lambda: surveys.take_ticket(family, by=None, at=AT)] * THREADS)
    assert refused(results) == THREADS - 1
    assert Ticket.objects.filter(is_out=True).count() == 1


def test_many_families_at_once_get_different_tickets():
    world = build()
    people = families(world, THREADS)
    survey = opened(world)
    results = race(*[lambda pair=pair: take(survey, *pair) for pair in people])
    assert len({ticket.pk for ticket in results}) == THREADS


def test_slips_of_a_class_are_printed_once():
    world = build()
    world.guardian.guardianships.all().delete()
    survey, by = opened(world), world.riverside.by("asp_manager")
    results = race(*[lambda: surveys.hand_out_slips(survey, world.mei.homeroom, by=by, at=AT)] * 4)
    assert refused(results) == 3
    assert Ticket.objects.filter(is_out=True).count() == survey.families.count()


def test_the_same_sheet_sent_twice_is_one():
    world = build()
    ticket = take(opened(world), world.guardian, world.mei)
    results = race(*[lambda: surveys.answer(ticket, FULL, grade=3, number=1, by=None, at=AT)] * 4)
    assert not [one for one in results if isinstance(one, Refused)]
    assert Sheet.objects.count() == 1
