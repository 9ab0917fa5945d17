"""Questions made once: the same answers as the ORM, on both databases, for other values and in other threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from kehou.chapters.people.models import Account, Guardianship, Post
from kehou.chapters.people.queries import held_on, parenthood, seat_at_school
from kehou.lib import clock
from kehou.lib.prepared import Prepared
from kehou.lib.sessions import SessionStore
from tests.world import FROM, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def _families() -> Prepared[Guardianship]:
    return Prepared(
        lambda account, on: (
            Guardianship.objects.filter(held_on(on), account=account)
            .select_related("pupil__school", "pupil__homeroom")
            .order_by("pupil")
        ),
        account=int,
        on=date,
    )


def test_it_gives_the_objects_the_orm_gives_with_what_is_joined(world, django_assert_num_queries):
    families = _families()
    for account in (world.guardian, world.other_guardian, world.stranger):
        expected = list(
            Guardianship.objects.filter(held_on(TODAY), account=account)
            .select_related("pupil__school", "pupil__homeroom")
            .order_by("pupil")
        )
        with django_assert_num_queries(1):
            found = families.rows(account=account.pk, on=TODAY)
            said = [(one.pk, one.pupil, one.pupil.school, one.pupil.homeroom.grade, one.from_on) for one in found]
        assert said == [
            (one.pk, one.pupil, one.pupil.school, one.pupil.homeroom.grade, one.from_on) for one in expected
        ]
        assert [type(one.pupil.born_on) for one in found] == [date] * len(expected)


def test_every_value_is_asked_anew(world):
    families = _families()
    assert len(families.rows(account=world.guardian.pk, on=TODAY)) == 2
    assert families.rows(account=world.guardian.pk, on=FROM - timedelta(days=1)) == []
    assert families.first(account=world.stranger.pk, on=TODAY) is None


def test_a_question_that_leaves_a_value_out_is_refused(world):
    with pytest.raises(ImproperlyConfigured, match="on"):
        Prepared(lambda account, on: Account.objects.filter(pk=account), account=int, on=date).rows(account=1, on=TODAY)


def test_what_is_put_off_stays_put_off(world, django_assert_num_queries):
    beside = parenthood(world.guardian, world.mei.pk, on=TODAY)
    assert beside and "id_number" in beside.pupil.get_deferred_fields()
    with django_assert_num_queries(1):
        assert beside.pupil.student_no == world.mei.student_no


def test_a_post_that_ended_opens_no_door(world):
    manager = world.riverside.who["asp_manager"]
    assert seat_at_school(manager, world.riverside.school.code, on=TODAY)
    Post.objects.filter(account=manager).update(until_on=TODAY)
    assert seat_at_school(manager, world.riverside.school.code, on=TODAY) is None
    assert seat_at_school(manager, world.hill.school.code, on=TODAY) is None


def test_a_session_is_gone_when_it_is_revoked_or_over(world):
    kept = SessionStore()
    kept["_auth_user_id"] = "7"
    kept.save()
    assert SessionStore(kept.session_key).get("_auth_user_id") == "7"
    Session.objects.filter(pk=kept.session_key).update(expire_date=clock.wall() - timedelta(seconds=1))
    assert SessionStore(kept.session_key).get("_auth_user_id") is None
    Session.objects.filter(pk=kept.session_key).update(expire_date=clock.wall() + timedelta(days=1))
    Session.objects.filter(pk=kept.session_key).delete()
    assert SessionStore(kept.session_key).get("_auth_user_id") is None


def test_instants_are_compared_in_the_databases_own_form(world):
    past = Prepared(lambda at: Session.objects.filter(expire_date__lte=at), at=datetime)
    kept = SessionStore()
    kept.save()
    assert past.rows(at=clock.wall()) == []
    assert len(past.rows(at=clock.wall() + timedelta(days=365))) == 1


@pytest.mark.django_db(transaction=True)
def test_threads_share_the_question_and_not_the_connection(world):
    families = _families()

    def ask(account: int) -> int:
        try:
            return len(families.rows(account=account, on=TODAY))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(ask, [world.guardian.pk, world.other_guardian.pk, world.stranger.pk] * 4))
    assert answers == [2, 1, 0] * 4
