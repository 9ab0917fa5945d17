"""Answering with a code: no account is looked at, nothing is shown again, also beside the child."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.surveys.models import Sheet, Ticket
from kehou.config import middleware
from tests.chapters.surveys.stage import AT, FULL, NOT_WANTED, answer, families, opened, take
from tests.world import World


@pytest.fixture(autouse=True)
def _now(at_moment) -> None:
    at_moment(AT)


def page(ticket: Ticket) -> str:
    return reverse("public:survey", args=[ticket.secret])


def test_a_family_answers_without_an_account(client: Client, world: World) -> None:
    ticket = take(opened(world), world.guardian, world.mei)
    shown = client.get(page(ticket))
    text = shown.content.decode()
    assert "是否需要课后服务" in text and "请孩子来点一点" in text and "不影响孩子在校的任何待遇" in text
    assert "no-store" in shown["Cache-Control"] and shown["X-Robots-Tag"] == "noindex"
    done = client.post(page(ticket), FULL | {"grade": "3", "number": "1"})
    assert done["Location"] == reverse("public:survey_thanks", args=[ticket.secret])
    assert Sheet.objects.get().answers["wishes"] == [2, 3]
    assert "谢谢" in client.get(done["Location"]).content.decode()


def test_nothing_is_preselected_and_no_is_as_near_as_yes(client: Client, world: World) -> None:
    text = client.get(page(take(opened(world), world.guardian, world.mei))).content.decode()
    assert " checked" not in text
    assert text.count('name="need"') == 3


def test_what_was_typed_stays_and_each_fault_is_beside_its_item(client: Client, world: World) -> None:
    ticket = take(opened(world), world.guardian, world.mei)
    back = client.post(page(ticket), FULL | {"wishes": ["2", "2"], "remarks": "想学笛子", "grade": "3", "number": "1"})
    text = back.content.decode()
    assert back.status_code == 422
    assert "同一项选了两次" in text and "想学笛子" in text and " checked" in text
    assert not Sheet.objects.exists()


def test_whoever_holds_the_code_later_reads_nothing_of_what_was_answered(client: Client, world: World) -> None:
    ticket = take(opened(world), world.guardian, world.mei)
    answer(ticket, NOT_WANTED | {"remarks": ["太晚了"]})
    text = client.get(page(ticket)).content.decode()
    assert "这份已经填过" in text and "太晚了" not in text and " checked" not in text


def test_no_account_is_looked_at_even_where_somebody_is_signed_in(client: Client, world: World) -> None:
    ticket = take(opened(world), world.guardian, world.mei)
    client.force_login(world.guardian)
    text = client.get(page(ticket)).content.decode()
    assert world.guardian.name not in text
    client.post(page(ticket), NOT_WANTED | {"grade": "3", "number": "1"})
    assert Sheet.objects.count() == 1


def test_the_log_of_requests_does_not_say_who_was_at_the_questionnaire(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = take(opened(world), world.guardian, world.mei)
    client.force_login(world.guardian)
    lines: list[dict[str, object]] = []
    monkeypatch.setattr(middleware, "log", SimpleNamespace(info=lambda event, **facts: lines.append(facts)))
    client.get(page(ticket))
    client.post(page(ticket), NOT_WANTED | {"number": "1"})
    client.post(page(ticket), NOT_WANTED | {"grade": "3", "number": "1"}, follow=True)
    assert len(lines) == 4 and {line["by"] for line in lines} == {None}
    assert ticket.secret not in str(lines)


def test_after_the_end_nothing_is_taken(client: Client, world: World, at_moment) -> None:
    ticket = take(opened(world), world.guardian, world.mei)
    at_moment(AT + timedelta(days=8))
    assert "截止" in client.get(page(ticket)).content.decode()
    assert client.post(page(ticket), FULL | {"grade": "3", "number": "1"}).status_code == 409
    assert not Sheet.objects.exists()


@pytest.mark.parametrize("secret", ["nobody", "a" * 14])
def test_a_code_that_was_not_given_out_is_nothing(client: Client, world: World, secret: str) -> None:
    survey = opened(world)
    assert client.get(reverse("public:survey", args=[secret])).status_code == 404
    waiting = survey.tickets.filter(is_out=False).first()
    assert client.get(page(waiting)).status_code == 404


def test_a_code_is_typed_from_paper(client: Client, world: World) -> None:
    ticket = take(opened(world), world.guardian, world.mei)
    where = reverse("public:survey_code")
    assert client.get(where).status_code == 200
    code = ticket.secret.upper()
    assert client.get(where, {"code": f"{code[:4]} {code[4:]}"})["Location"] == page(ticket)
    assert client.get(where, {"code": "ABCD"}).status_code == 409


def test_another_child_has_a_sheet_of_its_own(client: Client, world: World) -> None:
    ticket = take(opened(world), world.guardian, world.mei)
    for number, grade in ((1, 3), (2, 5)):
        client.post(page(ticket), NOT_WANTED | {"grade": str(grade), "number": str(number)})
    assert list(Sheet.objects.order_by("number").values_list("number", "grade")) == [(1, 3), (2, 5)]


# --- Beside the child -------------------------------------------------------------------------------------------------


def test_a_guardian_takes_the_link_once_and_is_led_there(client: Client, world: World) -> None:
    survey = opened(world)
    client.force_login(world.guardian)
    assert survey.title in client.get(reverse("guardian:home", args=[world.mei.pk])).content.decode()
    mine = reverse("guardian:surveys", args=[world.mei.pk])
    assert "去填写" in client.get(mine).content.decode()
    ticket = reverse("guardian:survey_ticket", args=[world.mei.pk, survey.pk])
    assert client.get(ticket).status_code == 405
    assert client.post(ticket)["Location"].startswith("/s/")
    assert "您家已经领过填写码" in client.get(mine).content.decode()
    assert "已经领取过填写链接" in client.post(ticket, follow=True).content.decode()


def test_with_names_the_link_is_always_the_same(client: Client, world: World) -> None:
    survey = opened(world, anonymous=False)
    client.force_login(world.guardian)
    ticket = reverse("guardian:survey_ticket", args=[world.mei.pk, survey.pk])
    assert client.post(ticket)["Location"] == client.post(ticket)["Location"]


def test_a_stranger_and_a_family_of_another_school_get_nothing(client: Client, world: World) -> None:
    survey = opened(world)
    client.force_login(world.other_guardian)
    assert client.post(reverse("guardian:survey_ticket", args=[world.mei.pk, survey.pk])).status_code == 404
    assert client.post(reverse("guardian:survey_ticket", args=[world.lan.pk, survey.pk])).status_code == 404
    assert "现在没有要填的调查" in client.get(reverse("guardian:surveys", args=[world.lan.pk])).content.decode()


# --- Those who may only count -----------------------------------------------------------------------------------------


def test_the_class_teacher_sees_counts_of_the_school_and_no_name(client: Client, world: World) -> None:
    survey = opened(world, anonymous=False)
    answer(take(survey, world.guardian, world.mei), NOT_WANTED)
    client.force_login(world.riverside.who["homeroom_teacher"])
    text = client.get(reverse("teacher:surveys", args=[world.riverside.school.code])).content.decode()
    assert "已答复 1 户" in text
    for word in ("陈小梅", "陈小波", "陈梅妈妈", "不需要"):
        assert word not in text
    client.force_login(world.riverside.who["teacher"])
    assert client.get(reverse("teacher:surveys", args=[world.riverside.school.code])).status_code == 403


def test_the_district_sees_rates_and_what_all_say_together(client: Client, world: World, at_moment) -> None:
    for place in (world.riverside, world.hill):
        grade = sorted(grade for grade, _ in place.homerooms)[0]
        people = families(world, 12, grade=grade, place=place)
        survey = opened(world, place=place)
        for account, pupil in people:
            answer(take(survey, account, pupil), NOT_WANTED, grade=grade)
    at_moment(AT + timedelta(days=8))
    client.force_login(world.district["basic_education"])
    text = client.get(reverse("district:surveys")).content.decode()
    assert "2所学校已经开放调查" in text and world.hill.school.name in text
    results = client.get(reverse("district:survey_results")).content.decode()
    assert "24" in results and "全区意向" in results
    assert "是否需要课后服务" in client.get(reverse("district:survey_core")).content.decode()
    for name in ("surveys", "survey_results"):
        assert client.get(reverse(f"district:{name}"), {"as": "sheet"}).status_code == 200
    client.force_login(world.district["police"])
    assert client.get(reverse("district:surveys")).status_code == 403
