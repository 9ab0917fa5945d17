"""What was sent to many: counts for everything, names only where somebody has to call."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.journal import actions as journal
from kehou.chapters.journal.models import Letter
from kehou.chapters.people.models import Account
from tests.world import World, make_account, make_pupil, moment


@pytest.fixture
def office(client: Client, world: World, at_moment: Callable) -> Client:
    at_moment(moment(12))
    client.force_login(world.riverside.who["asp_manager"])
    return client


def send(world: World, kind: str, *accounts: Account, title: str = "11月18日课次有调整", hour: int = 9) -> list[Letter]:
    """Return letters of one sending of Riverside."""
    code, at = world.riverside.school.code, moment(hour)
    return journal.send_many([one.pk for one in accounts], kind=kind, title=title, body="…", at=at, school_code=code)


def page(office: Client, world: World, name: str, *more: object, **asked: str) -> str:
    answer = office.get(reverse(f"school:{name}", args=(world.riverside.school.code, *more)), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_office_sees_how_many_opened_it_and_whom_to_call(office: Client, world: World):
    other = make_account("周明妈妈")
    make_pupil(world.riverside, "周明", grade=2, guardian=other)
    letters = send(world, "session.changed", world.guardian, other)
    shown = page(office, world, "sendings")
    assert "11月18日课次有调整" in shown and "课次调整" in shown
    journal.read_letter(letters[0], at=moment(10))
    link = reverse("school:unopened", args=(world.riverside.school.code, letters[0].pk))
    assert link in page(office, world, "sendings")
    names = page(office, world, "unopened", letters[0].pk)
    assert "周明妈妈" in names and other.phone in names and "周明" in names and "陈梅妈妈" not in names
    assert "周明妈妈" not in page(office, world, "unopened", letters[0].pk, q="别人")
    for name, more in (("sendings", ()), ("unopened", (letters[0].pk,))):
        sheet = office.get(reverse(f"school:{name}", args=(world.riverside.school.code, *more)), {"as": "sheet"})
        assert sheet["Content-Type"].startswith("application/vnd.openxmlformats")
    journal.read_letter(letters[1], at=moment(11))
    assert "都打开过了" in page(office, world, "unopened", letters[0].pk)


def test_an_empty_list_says_whether_nothing_was_sent_or_nothing_was_found(office: Client, world: World):
    assert "还没有发过通知" in page(office, world, "sendings")
    send(world, "session.changed", world.guardian, make_account("周明妈妈"))
    found = page(office, world, "sendings", q="运动会")
    assert "没有这样的通知" in found and "还没有发过通知" not in found


def test_of_a_survey_the_office_learns_a_number_and_no_name(office: Client, world: World):
    letters = send(world, "survey", world.guardian, world.other_guardian, title="请填写意向调查")
    shown = page(office, world, "sendings")
    assert "请填写意向调查" in shown and "unopened" not in shown
    where = reverse("school:unopened", args=(world.riverside.school.code, letters[0].pk))
    assert office.get(where).status_code == 403


def test_what_went_to_one_is_nobody_s_list_and_another_school_s_is_not_found(office: Client, world: World):
    send(world, "bill", world.guardian, title="陈小梅11月缴费单")
    assert "陈小梅11月缴费单" not in page(office, world, "sendings")
    code = world.hill.school.code
    at = moment(9)
    theirs = journal.send_many(
        [world.guardian.pk, world.stranger.pk], kind="bill", title="明月山缴费单", body="…", at=at, school_code=code
    )
    assert "明月山缴费单" not in page(office, world, "sendings")
    where = reverse("school:unopened", args=(world.riverside.school.code, theirs[0].pk))
    assert office.get(where).status_code == 404


def test_the_list_is_searched_and_costs_the_same_for_any_number(
    office: Client, world: World, django_assert_max_num_queries: Callable
):
    for hour in range(1, 9):
        send(world, "planning", world.guardian, world.other_guardian, title=f"告知书第{hour}版", hour=hour)
    found = page(office, world, "sendings", q="第3版")
    assert "告知书第3版" in found and "告知书第4版" not in found
    with django_assert_max_num_queries(12):
        page(office, world, "sendings")


def test_what_is_about_one_child_is_not_named_beside_a_count(office: Client, world: World):
    at, code = moment(9), world.riverside.school.code
    title = f"{world.mei.name}的减免已经生效"
    journal.send(world.guardian.pk, kind="money.waiver", title=title, body="…", at=at, school_code=code)
    assert world.mei.name not in page(office, world, "sendings")
