"""全区一屏, schools, their leaders, accounts."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kehou.chapters.journal.models import Entry
from kehou.chapters.people.models import Account, Post, SignIn
from kehou.chapters.schools.models import School
from kehou.rules.attendance import MarkState
from tests.groups import make_session
from tests.world import World, moment


@pytest.fixture
def officer(client: Client, world: World, at_moment) -> Client:
    at_moment(moment(16, 30))
    client.force_login(world.district["basic_education"])
    return client


# --- 全区一屏 ------------------------------------------------------------------------------------------------------------


def test_each_school_stands_where_it_is(officer: Client, world: World):
    from kehou.chapters.attendance import actions as attendance

    session = make_session(world.riverside, world.term, [world.mei, world.bo])
    by = world.riverside.by("teacher")
    attendance.mark(session, {world.mei.pk: MarkState.PRESENT}, by=by, at=moment(16))
    page = officer.get(reverse("district:overview")).content.decode()
    row = re.sub(r"<[^>]+>", " ", page.split(world.riverside.school.name)[1].split("</tr>")[0])
    assert "服务中" in row
    assert re.findall(r"\b\d+\b", row)[-7:] == ["2", "2", "2", "1", "0", "1", "1"]
    hill = re.sub(r"<[^>]+>", " ", page.split(world.hill.school.name)[1].split("</tr>")[0])
    assert "筹备" in hill and "未报送" in hill
    found = officer.get(reverse("district:overview"), {"q": "明月山"}).content.decode()
    assert world.riverside.school.name not in found
    assert (
        world.riverside.school.name
        not in officer.get(reverse("district:overview"), {"stage": "preparing"}).content.decode().split("<table")[1]
    )


def test_one_screen_costs_the_same_for_any_number_of_schools(officer: Client, world: World):
    counts = []
    for size in (1, 20):
        for number in range(size):
            School.objects.create(
                code=f"21509{size:02d}{number:03d}", name=f"试验{size}-{number}", kind="primary", town="双桂街道"
            )
        with CaptureQueriesContext(connection) as spent:
            officer.get(reverse("district:overview"))
        counts.append(len(spent))
    assert counts[0] == counts[1] <= 20


@pytest.mark.clause("3.1-g")
def test_the_police_see_times_and_counts_and_no_name(officer: Client, world: World):
    make_session(world.riverside, world.term, [world.mei, world.bo])
    officer.force_login(world.district["police"])
    page = officer.get(reverse("district:waves")).content.decode()
    assert world.riverside.school.name in page and "共 <b>2</b> 人" in page
    assert "陈小梅" not in page


# --- Schools ----------------------------------------------------------------------------------------------------------


def test_a_school_is_added_and_its_principal_gets_a_start_password(officer: Client, world: World):
    typed = {"code": "2150990099", "name": "新校（演示）", "kind": "primary", "town": "礼让镇", "charges_fee": "on"}
    short = officer.post(reverse("district:school_new"), typed | {"code": "21"})
    assert (short.status_code, 'value="新校（演示）"' in short.content.decode()) == (422, True)
    assert officer.post(reverse("district:school_new"), typed).status_code == 302
    appointment = {"phone": "199 0000 9999", "name": "赵校长", "role": "principal", "from_on": "2026-11-18"}
    page = officer.post(reverse("district:school_posts", args=("2150990099",)), appointment).content.decode()
    password = re.search(r'number">([a-z0-9-]{14})<', page)[1]
    account = Account.objects.get(phone="19900009999")
    assert account.check_password(password)
    assert account.posts.get().school.code == "2150990099"
    again = officer.get(reverse("district:school", args=("2150990099",))).content.decode()
    assert "赵校长" in again and password not in again
    post = account.posts.get()
    officer.post(reverse("district:school_post_end", args=("2150990099", post.pk)))
    assert not Post.objects.filter(account=account, until_on=None).exists()


def test_a_parent_who_is_appointed_keeps_their_account_to_themselves(officer: Client, world: World):
    world.guardian.set_unusable_password()
    world.guardian.save()
    appointment = {"phone": world.guardian.phone, "name": "某", "role": "principal", "from_on": "2026-11-18"}
    page = officer.post(reverse("district:school_posts", args=(world.riverside.school.code,)), appointment)
    assert not re.search(r'number">([a-z0-9-]{14})<', page.content.decode()), (
        "whoever reads it could sign for the family"
    )
    world.guardian.refresh_from_db()
    assert world.guardian.posts.exists() and not world.guardian.has_usable_password()


def test_the_district_appoints_leaders_only(officer: Client, world: World):
    appointment = {"phone": "19900009998", "name": "某", "role": "cashier", "from_on": "2026-11-18"}
    answer = officer.post(reverse("district:school_posts", args=(world.riverside.school.code,)), appointment)
    assert answer.status_code == 422
    teacher = Post.objects.get(account=world.riverside.who["teacher"])
    end = reverse("district:school_post_end", args=(world.riverside.school.code, teacher.pk))
    assert officer.post(end).status_code == 404


def test_a_school_is_corrected_and_the_journal_says_what_it_was(officer: Client, world: World):
    edit = reverse("district:school_edit", args=(world.hill.school.code,))
    typed = {"name": world.hill.school.name, "kind": "junior", "town": "聚奎镇", "charges_fee": "on"}
    assert officer.post(edit, typed).status_code == 302
    assert Entry.objects.get(verb="schools.school_changed").facts["was"]["town"] == "双桂街道"
    taken = officer.post(edit, typed | {"name": world.riverside.school.name})
    assert taken.status_code == 422


# --- Accounts ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def security(client: Client, world: World, at_moment) -> Client:
    at_moment(moment())
    client.force_login(world.district["security_admin"])
    return client


def test_the_security_officer_gives_any_post_and_sees_no_family(security: Client, world: World):
    typed = {"phone": "19900009997", "name": "新同志", "role": "finance", "from_on": "2026-11-18"}
    wrong = security.post(reverse("district:account_new"), typed | {"school": world.hill.school.pk})
    assert (wrong.status_code, "不属于这里" in wrong.content.decode()) == (422, True)
    page = security.post(reverse("district:account_new"), typed).content.decode()
    assert "只显示这一次" in page
    listed = security.get(reverse("district:accounts"), {"q": "新同志"}).content.decode()
    assert "区财政局" in listed
    assert "陈梅妈妈" not in security.get(reverse("district:accounts"), {"q": "陈梅"}).content.decode().split("<main")[
        1
    ].replace('value="陈梅"', "")
    assert security.get(reverse("district:account", args=(world.guardian.pk,))).status_code == 404


def test_a_forgotten_password_is_replaced_and_sessions_end(security: Client, world: World):
    manager = world.riverside.who["asp_manager"]
    SignIn.objects.create(account=manager, session_key="x" * 32, signed_in_at=moment())
    page = security.post(reverse("district:account_password", args=(manager.pk,))).content.decode()
    manager.refresh_from_db()
    assert manager.check_password(re.search(r'number">([a-z0-9-]{14})<', page)[1])
    assert not SignIn.objects.filter(ended_at=None).exists()


def test_an_account_is_switched_off_and_on_but_not_ones_own(security: Client, world: World):
    manager = world.riverside.who["asp_manager"]
    switch = reverse("district:account_switch", args=(manager.pk,))
    security.post(switch)
    manager.refresh_from_db()
    assert not manager.is_active
    security.post(switch)
    manager.refresh_from_db()
    assert manager.is_active
    own = reverse("district:account_switch", args=(world.district["security_admin"].pk,))
    assert security.post(own).status_code == 409


def test_a_post_ends_today(security: Client, world: World):
    post = Post.objects.get(account=world.riverside.who["cashier"])
    security.post(reverse("district:post_end", args=(post.pk,)))
    post.refresh_from_db()
    assert post.until_on == date(2026, 11, 18)
