"""申请 on a phone: who may, both answers, what was typed stays, the receipt, the price, a sibling's copy."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Application, Registration, Submission
from kehou.chapters.enrolment.queries import forget_offers
from kehou.chapters.programme.models import Activity
from kehou.rules.choice import DayWish, Person, short
from tests.desks.guardian.family import parent, typed, url
from tests.registration import AFTER, CLOSES, DURING, open_stage, publish_table, submit


@pytest.fixture
def stage(world, at_moment):
    at_moment(DURING)
    return open_stage(world)


def test_who_may_choose_for_a_child(client, stage, world):
    parent(client, world)
    assert client.get(url("application", world.mei)).status_code == 200
    assert client.get(url("application", world.lan)).status_code == 404
    for account in (world.other_guardian, world.riverside.who["homeroom_teacher"], world.stranger):
        client.force_login(account)
        assert client.get(url("application", world.mei)).status_code == 404
        assert client.post(url("application", world.mei), typed(stage)).status_code == 404
    client.logout()
    assert client.get(url("application", world.mei)).status_code == 302
    assert not Application.objects.exists()


@pytest.mark.clause("2.1-b")
def test_nothing_is_chosen_beforehand_and_both_answers_are_alike(client, stage, world):
    page = parent(client, world).get(url("application", world.mei)).content.decode()
    form = page[page.index('<form class="form application"') :]
    answers = form[: form.index("application__rest")]
    assert "checked" not in form.split("紧急联系人")[0]
    assert answers.count('<label class="option">') == 2
    assert answers.count('name="joins"') == 2


def test_a_team_of_several_days_says_so_and_wants_all_of_them(client, stage, world):
    Activity.objects.filter(name="校园足球").update(one_team=True)
    forget_offers()
    parent(client, world)
    page = client.get(url("application", world.mei)).content.decode()
    assert page.count("周一、周三是同一个队，几天都填才算；先于其他活动摇，摇上就进队") == 2
    page = client.post(url("application", world.mei), typed(stage), follow=True).content.decode()
    assert "“校园足球”几天是同一个队，周三没有填。请几天都填上，或几天都不填。" in page
    assert not Submission.objects.exists()
    Registration.objects.update(method="mcf")
    forget_offers()
    page = client.get(url("application", world.mei)).content.decode()
    assert page.count("周一、周三是同一个队，几天都填才算；每一天分开安排") == 2, (
        "the optimised mode has no day of teams"
    )
    assert "先于其他活动摇" not in page


@pytest.mark.clause("2.7.3-a", "2.2-h")
def test_the_form_becomes_a_version_with_a_receipt(client, stage, world):
    answer = parent(client, world).post(url("application", world.mei), typed(stage), follow=True)
    submission = Submission.objects.get()
    day = submission.choice["days"][0]
    assert day["tiers"] == [
        [stage.slot("校园足球")],
        sorted([stage.slot("科学小实验"), stage.slot("童声合唱")]),
    ]
    assert (day["hours"], day["any_place"]) == (2, False)
    assert submission.choice["consents"]["basic"] is True
    assert submission.choice["consents"]["photo_public"] is False
    page = answer.content.decode()
    assert short(submission.digest) in page and submission.digest in page
    assert answer.redirect_chain[0][0] == url("receipt", world.mei)


def test_the_other_answer_needs_only_a_name(client, stage, world):
    answer = parent(client, world).post(
        url("application", world.mei), {"joins": "no", "signed_by": "陈梅妈妈"}, follow=True
    )
    assert Application.objects.get().state == "declined"
    assert "不参加" in answer.content.decode()


def test_what_is_wrong_is_said_and_everything_typed_stays(client, stage, world):
    wrong = typed(stage, contact_2_phone="12345", home="", health_note="花生过敏", any_1="yes")
    answer = parent(client, world).post(url("application", world.mei), wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "不是11位手机号" in page and "请选孩子怎么回家" in page
    for kept in ('value="12345"', "花生过敏", 'value="陈爷爷"', f'name="rank_{stage.slot("校园足球")}"'):
        assert kept in page
    assert f'id="rank_{stage.slot("校园足球")}" name="rank_{stage.slot("校园足球")}"' in page
    assert not Application.objects.exists()


def test_a_double_click_is_one_version(client, stage, world):
    parent(client, world)
    for _ in range(2):
        assert client.post(url("application", world.mei), typed(stage)).status_code == 302
    assert Submission.objects.count() == 1


def test_the_second_tab_writes_a_second_version(client, stage, world):
    parent(client, world).post(url("application", world.mei), typed(stage))
    client.post(url("application", world.mei), typed(stage, hours_2="1", any_2="yes"))
    page = client.get(url("receipt", world.mei)).content.decode()
    assert "第2版" in page and "共2版" in page


def test_a_minute_after_the_deadline_it_is_refused_in_words(client, stage, world, at_moment):
    at_moment(CLOSES + timedelta(minutes=1))
    answer = parent(client, world).post(url("application", world.mei), typed(stage))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "报名已在9月5日18:00截止" in page
    assert 'value="陈爷爷"' in page
    assert not Application.objects.exists()


def test_the_receipt_says_until_when_and_then_that_it_is_over(client, stage, world, at_moment):
    submit(stage, world.mei)
    assert ">修改<" in parent(client, world).get(url("receipt", world.mei)).content.decode()
    at_moment(AFTER)
    page = client.get(url("receipt", world.mei)).content.decode()
    assert ">修改<" not in page and "截止" in page


def test_without_a_receipt_the_form_is_shown(client, stage, world):
    answer = parent(client, world).get(url("receipt", world.mei))
    assert answer["Location"] == url("application", world.mei)


def test_a_return_is_explained_on_the_form(client, stage, world):
    application = submit(stage, world.mei)
    enrolment.review(
        application,
        version=1,
        passed=False,
        reason="contact",
        by=world.riverside.by("homeroom_teacher"),
        at=DURING,
    )
    page = parent(client, world).get(url("application", world.mei)).content.decode()
    assert "联系电话打不通" in page


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ({"hours_1": "2", "hours_3": "2", "hours_5": "2"}, "每周一三五各2课时，11月13天"),
        ({}, "选好星期和课时"),
    ],
)
def test_the_price_moves_with_the_hours(client, stage, world, hours, words):
    answer = parent(client, world).post(url("price", world.mei), hours)
    assert words in answer.content.decode()
    assert not Application.objects.exists()


def test_the_price_is_the_fee_of_the_rules(client, stage, world):
    """13 days at 5.50 yuan: V7's rule on this year's November."""
    answer = parent(client, world).post(url("price", world.mei), {"hours_1": "2", "hours_3": "2", "hours_5": "2"})
    assert "71.50元" in answer.content.decode()


def test_a_sibling_s_choice_can_be_copied_and_is_not_sent_by_itself(client, stage, world):
    grandma = Person("王奶奶", "祖母", "13900000003")
    submit(stage, world.mei, DayWish(1, 2, ((stage.slot("校园足球"),),)), pickup=(grandma,))
    parent(client, world)
    assert f"?like={world.mei.pk}" in client.get(url("application", world.bo)).content.decode()
    page = client.get(url("application", world.bo) + f"?like={world.mei.pk}").content.decode()
    assert "照着陈小梅的填写" in page and "王奶奶" in page
    assert Application.objects.count() == 1


def test_nobody_copies_from_a_child_that_is_not_theirs(client, stage, world):
    page = parent(client, world).get(url("application", world.mei) + f"?like={world.lan.pk}").content.decode()
    assert "照着" not in page


def test_before_the_school_opens_the_page_says_what_comes_first(client, world, at_moment):
    at_moment(DURING)
    publish_table(world)
    page = parent(client, world).get(url("application", world.mei)).content.decode()
    assert "还没有开放报名" in page


def test_the_form_costs_the_same_statements(client, stage, world, django_assert_max_num_queries):
    parent(client, world).get(url("application", world.mei))
    with django_assert_max_num_queries(20):
        client.get(url("application", world.mei))
    submit(stage, world.mei, *(DayWish(day, 2, (), True) for day in range(1, 6)))
    with django_assert_max_num_queries(20):
        client.get(url("application", world.mei))
