"""Posts given to many at once, each as if it had been given alone; and how they end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kehou.chapters.journal.models import Entry
from kehou.chapters.people import actions as people
from kehou.chapters.people.models import Post
from kehou.rules.verdicts import Refused
from tests.world import FROM, TODAY, moment

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


def test_an_end_moves_earlier_only_and_what_has_ended_stays_as_it_ended(world, newcomers):
    (post,) = give(world, [(newcomers[0], "teacher", None)])
    stale, ends = Post.objects.get(pk=post.pk), {"by": world.riverside.by("principal"), "at": moment()}
    people.end_post(post, on=TODAY, **ends)
    people.end_post(stale, on=TODAY + timedelta(days=9), **ends)
    assert Post.objects.get(pk=post.pk).until_on == TODAY
    assert Entry.objects.filter(verb="people.post_ended", about_id=str(post.pk)).count() == 1
    people.end_post(stale, on=TODAY - timedelta(days=1), **ends)
    assert Post.objects.get(pk=post.pk).until_on == TODAY - timedelta(days=1)


def test_a_post_that_never_began_is_taken_back_once(world, newcomers):
    (post,) = give(world, [(newcomers[0], "teacher", None)])
    stale, ends = Post.objects.get(pk=post.pk), {"by": world.riverside.by("principal"), "at": moment()}
    for one in (post, stale):
        people.end_post(one, on=FROM, **ends)
    assert not newcomers[0].posts.exists()
    assert Entry.objects.filter(verb="people.post_taken_back").count() == 1
