"""Posts given to many at once: each as if it had been given alone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kehou.chapters.journal.models import Entry
from kehou.chapters.people import actions as people
from kehou.chapters.people.models import Post
from kehou.rules.verdicts import Refused
from tests.world import FROM, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomers(world):
    """Return four accounts without a post."""
    found = people.make_accounts(
        {f"1990000880{turn}": f"新人{turn}" for turn in range(4)}, by=world.riverside.by("principal"), at=moment()
    )
    return list(found.values())


def give(world, rows):
    place = world.riverside
    return people.give_posts(place.school, rows, from_on=FROM, by=place.by("principal"), at=moment())


def test_many_get_what_each_would_have_got_alone(world, newcomers):
    homeroom, (first, second, third, _) = world.mei.homeroom, newcomers
    alone = people.give_post(
        third, "teacher", school=world.riverside.school, from_on=FROM, by=world.riverside.by("principal"), at=moment()
    )
    made = give(world, [(first, "homeroom_teacher", homeroom), (second, "teacher", None), (third, "teacher", None)])
    assert [(one.account_id, one.role, one.homeroom_id) for one in made] == [
        (first.pk, "homeroom_teacher", homeroom.pk), (second.pk, "teacher", None)
    ]  # fmt: skip
    assert Post.objects.filter(account=third).get() == alone, "what somebody holds already stays as it is"
    said = Entry.objects.filter(verb="people.post_given", about_id__in=[str(one.pk) for one in made])
    assert [entry.facts for entry in said.order_by("pk")] == [
        {"role": one.role, "account": one.account_id} for one in made
    ]


def test_one_wrong_place_and_nobody_gets_a_post(world, newcomers):
    first, second, *_ = newcomers
    for wrong in (
        (second, "finance", None),
        (second, "homeroom_teacher", None),
        (second, "homeroom_teacher", world.lan.homeroom),
    ):
        with pytest.raises(Refused) as no:
            give(world, [(first, "teacher", None), wrong])
        assert no.value.refusals[0].code == "R-ACC-01"
    assert not Post.objects.filter(account__in=[first, second]).exists()


def test_statements_do_not_grow_with_the_people(world, newcomers):
    with CaptureQueriesContext(connection) as few:
        give(world, [(newcomers[0], "teacher", None)])
    with CaptureQueriesContext(connection) as many:
        give(world, [(one, "teacher", None) for one in newcomers[1:]])
    assert len(many) == len(few)
