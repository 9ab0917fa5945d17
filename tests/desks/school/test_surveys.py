"""意向调查 at the school office, page by page."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from kehou.chapters.journal.models import Entry
from kehou.chapters.surveys import actions
from kehou.chapters.surveys.models import Family, Sheet, Survey, Ticket
from kehou.chapters.surveys.queries import number_of
from kehou.lib.models import IssuedPaper
from tests.chapters.surveys.stage import AT, FULL, NOT_WANTED, answer, families, opened, started, take
from tests.deciding import put_in_force
from tests.desks.school.stage import answers, url
from tests.world import World, make_pupil

LATER = AT + timedelta(days=8)


@pytest.fixture(autouse=True)
def _now(at_moment) -> None:
    at_moment(AT)


def office(client: Client, world: World) -> Client:
    client.force_login(world.riverside.who["asp_manager"])
    return client


def over(world: World, wanted: int = 12, refused: int = 11) -> Survey:
    people = families(world, wanted + refused)
    survey = opened(world, at=AT - timedelta(days=9))
    for at, (account, pupil) in enumerate(people):
        ticket = take(survey, account, pupil, at=AT - timedelta(days=8))
        answer(ticket, FULL if at < wanted else NOT_WANTED, at=AT - timedelta(days=8))
    return survey


@pytest.mark.parametrize("who", ["asp_manager", "principal", "parents_committee", "quality_checker"])
def test_who_may_see_it(client: Client, world: World, who: str) -> None:
    survey = opened(world)
    assert answers(client, world, url("survey", world, survey.pk), who) == (200, 404, 302)
    assert answers(client, world, url("surveys", world), who) == (200, 404, 302)


@pytest.mark.parametrize("who", ["principal", "parents_committee", "cashier", "homeroom_teacher"])
def test_who_may_not_change_it(client: Client, world: World, who: str) -> None:
    survey = opened(world)
    client.force_login(world.riverside.who[who])
    for name in ("survey_opening", "survey_items", "survey_paper"):
        assert client.get(url(name, world, survey.pk)).status_code == 403
    for name in ("survey_reminder", "survey_closing", "survey_newcomers"):
        assert client.post(url(name, world, survey.pk)).status_code == 403


def test_a_survey_is_made_built_previewed_and_opened(client: Client, world: World) -> None:
    office(client, world)
    window = {"opens_at": f"{AT + timedelta(hours=1):%Y-%m-%dT%H:%M}", "closes_at": f"{LATER:%Y-%m-%dT%H:%M}"}
    new = url("survey_new", world)
    assert (
        "至少要有3天"
        in client.post(
            new, {"title": "调查", "anonymous": "yes", **window, "closes_at": window["opens_at"]}
        ).content.decode()
    )
    answer_ = client.post(new, {"title": "秋季调查", "anonymous": "yes", **window})
    survey = Survey.objects.get()
    assert answer_["Location"] == url("survey_items", world, survey.pk)
    typed = {"text": "雨天谁接", "kind": "single", "options": "家长"}
    page = client.post(url("survey_items", world, survey.pk), typed)
    assert (
        page.status_code == 409 and "至少要有两个选项" in page.content.decode() and "雨天谁接" in page.content.decode()
    )
    client.post(url("survey_items", world, survey.pk), typed | {"options": "家长\n校车"})
    own = survey.questions.get(text="雨天谁接")
    client.post(url("survey_item_place", world, survey.pk, own.pk), {"to": "up"})
    client.post(url("survey_item_removal", world, survey.pk, survey.questions.get(code="need").pk))
    assert survey.questions.filter(code="need").exists()
    preview = client.get(url("survey_preview", world, survey.pk)).content.decode()
    assert "雨天谁接" in preview and "最想做的事" in preview
    confirm = client.get(url("survey_opening", world, survey.pk)).content.decode()
    assert "在读学生2人" in confirm
    client.post(url("survey_opening", world, survey.pk))
    survey.refresh_from_db()
    assert survey.opened_at is not None and survey.families.count() == 1
    assert client.post(url("survey_opening", world, survey.pk)).status_code == 409


def test_what_is_not_open_yet_can_be_renamed(client: Client, world: World) -> None:
    survey = started(world)
    where = url("survey_settings", world, survey.pk)
    assert survey.title in office(client, world).get(where).content.decode()
    local = timezone.localtime
    facts = {
        "title": "新名",
        "anonymous": "no",
        "words": "请填",
        "opens_at": f"{local(survey.opens_at):%Y-%m-%dT%H:%M}",
    }
    client.post(where, facts | {"closes_at": f"{local(LATER):%Y-%m-%dT%H:%M}"})
    survey.refresh_from_db()
    assert (survey.title, survey.anonymous, survey.words) == ("新名", False, "请填")


def test_the_page_tells_reach_and_never_by_class_who_answered(client: Client, world: World, at_moment) -> None:
    make_pupil(world.riverside, "独独", grade=5)
    survey = opened(world)
    answer(take(survey, world.guardian, world.mei))
    page = office(client, world).get(url("survey", world, survey.pk)).content.decode()
    assert "还有1户没有邀请到" in page and "不足以代表多数家庭" not in page
    assert "看结果" in page and "结果要等截止后才能查看" in page
    at_moment(LATER - timedelta(days=2))
    assert "不足以代表多数家庭" in client.get(url("survey", world, survey.pk)).content.decode()


def test_slips_are_printed_once_for_families_without_an_account(client: Client, world: World) -> None:
    alone = make_pupil(world.riverside, "独独", grade=5)
    survey = opened(world)
    where = url("survey_slips", world, survey.pk, alone.homeroom_id)
    made = office(client, world).post(where)
    assert made["Content-Type"] == "application/pdf" and made.content.startswith(b"%PDF")
    assert made["Cache-Control"] == "no-store"
    assert client.get(where).status_code == 405
    again = client.post(where, follow=True).content.decode()
    assert "没有还需要发纸质问卷的家庭" in again
    assert Family.objects.get(account=None).reached == Family.SLIP
    other = world.hill.homerooms[7, 1]
    assert client.post(url("survey_slips", world, survey.pk, other.pk)).status_code == 404


def test_a_blank_questionnaire_is_printed(client: Client, world: World) -> None:
    survey = started(world)
    made = office(client, world).get(url("survey_blank", world, survey.pk))
    assert made.content.startswith(b"%PDF") and not IssuedPaper.objects.exists(), "a draft is in no register"
    assert client.get(f"/verify/{number_of(survey)}/").status_code == 404


def test_a_questionnaire_on_paper_says_to_anybody_what_it_is_and_whether_it_may_be_handed_in(
    client: Client, world: World, settings
) -> None:
    survey = opened(world)
    for _ in range(2):
        made = office(client, world).get(url("survey_blank", world, survey.pk))
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(made.content)).pages)
    assert number_of(survey) in text and f"/verify/{number_of(survey)}/" in text and "扫码核验" in text
    row = IssuedPaper.objects.get()
    for address in (f"/verify/{number_of(survey)}/", f"/verify/{row.printed}/"):
        said = Client().get(address).content.decode()
        assert "意向调查" in said and survey.school.name in said and "正在填写" in said and "真实有效" in said
    client.post(url("survey_closing", world, survey.pk))
    assert "已截止" in Client().get(f"/verify/{row.printed}/").content.decode()
    for other in ("DC-2026-1", f"DC-{survey.term.code}-{survey.school.code}-9999", number_of(survey)[:-4] + "abcd"):
        assert Client().get(f"/verify/{other}/").status_code == 404


def test_a_paper_is_found_by_its_code_typed_in_and_not_shown_again(client: Client, world: World) -> None:
    survey = opened(world)
    ticket = take(survey, world.guardian, world.mei)
    where = url("survey_paper", world, survey.pk)
    assert office(client, world).get(where, {"code": "abcd"}).status_code == 409
    found = client.get(where, {"code": f"http://testserver/s/{ticket.secret}/"})
    entry = found["Location"]
    wrong = client.post(entry, NOT_WANTED | {"number": "1"})
    assert wrong.status_code == 422 and "请选择孩子所在的年级" in wrong.content.decode()
    client.post(entry, NOT_WANTED | {"number": "1", "grade": "3", "remarks": "爷爷接送"})
    assert Sheet.objects.get().answers["remarks"] == "爷爷接送"
    assert "爷爷接送" not in client.get(entry).content.decode()
    other = Survey.objects.get(pk=opened(world, place=world.hill).pk)
    stranger = Ticket.objects.filter(survey=other).first()
    assert client.get(url("survey_entry", world, survey.pk, stranger.secret)).status_code == 404


def test_a_reminder_says_nothing_of_whom_and_comes_once_a_day(client: Client, world: World) -> None:
    survey = opened(world, anonymous=False)
    where = url("survey_reminder", world, survey.pk)
    first = office(client, world).post(where, follow=True).content.decode()
    assert "提醒已发出" in first and "陈梅妈妈" not in first
    assert "今天已经提醒过一次" in client.post(where, follow=True).content.decode()


def test_newcomers_are_invited_and_the_survey_closed_by_hand(client: Client, world: World) -> None:
    survey = opened(world)
    make_pupil(world.riverside, "新新", grade=2)
    assert "补发给新来的学生" in office(client, world).get(url("survey", world, survey.pk)).content.decode()
    client.post(url("survey_newcomers", world, survey.pk))
    assert survey.families.count() == 2
    client.post(url("survey_closing", world, survey.pk))
    survey.refresh_from_db()
    assert survey.closed_at is not None


def test_results_are_seen_after_the_end_only(client: Client, world: World) -> None:
    survey = opened(world)
    for name in ("survey_results", "survey_proposal"):
        assert office(client, world).get(url(name, world, survey.pk)).status_code == 409
    done = over(world)
    page = client.get(url("survey_results", world, done.pk)).content.decode()
    assert "23户答复" in page and "不需要" in page
    assert client.get(url("survey_results", world, done.pk), {"as": "sheet"})["Content-Disposition"]
    assert client.get(url("survey_results", world, done.pk), {"as": "sheet"}).status_code == 200


def test_three_who_said_no_are_on_no_page(client: Client, world: World) -> None:
    page = office(client, world).get(url("survey_results", world, over(world, 12, 3).pk)).content.decode()
    assert "人数少，不公布" in page
    assert ">3<" not in page and ">12<" not in page


def test_the_what_if_changes_with_its_assumptions_and_names_its_sources(client: Client, world: World) -> None:
    survey = over(world, 32, 0)
    where = url("survey_proposal", world, survey.pk)
    thirty = office(client, world).get(where, {"silent": "0", "size": "30"}).content.decode()
    fifteen = client.get(where, {"silent": "0", "size": "15"}).content.decode()
    assert "35人 2组" in thirty and "35人 3组" in fifteen
    assert "这些数是怎么来的" in thirty and survey.title in thirty
    assert "花样跳绳" in thirty  # an activity of the category that they want
    assert client.get(where, {"as": "sheet"}).status_code == 200


@pytest.mark.parametrize("size", [2, 12])
def test_the_list_costs_the_same_queries(client: Client, world: World, size: int, django_assert_num_queries) -> None:
    for _ in range(size):
        opened(world)
    office(client, world)
    client.get(url("surveys", world))
    with django_assert_num_queries(8):
        client.get(url("surveys", world))


def test_the_list_is_searched_and_taken_away(client: Client, world: World) -> None:
    opened(world)
    assert "秋季课后服务意向调查" in office(client, world).get(url("surveys", world), {"q": "秋季"}).content.decode()
    assert "还没有意向调查" in client.get(url("surveys", world), {"q": "春季"}).content.decode()
    assert client.get(url("surveys", world), {"as": "sheet"}).status_code == 200


def test_closing_is_an_action_not_a_link(client: Client, world: World) -> None:
    survey = opened(world)
    assert office(client, world).get(url("survey_closing", world, survey.pk)).status_code == 405
    actions.close_survey(survey, by=world.riverside.by("asp_manager"), at=AT)


# --- Chasing on paper -------------------------------------------------------------------------------------------------


def on_paper(world: World, *, anonymous: bool) -> tuple[Survey, list[Any]]:
    """Return an open survey with two families of one class on paper, one of which has answered where names count."""
    pair = [make_pupil(world.riverside, name, grade=5) for name in ("独独", "双双")]
    survey = opened(world, anonymous=anonymous)
    tickets = actions.hand_out_slips(survey, pair[0].homeroom, by=world.riverside.by("asp_manager"), at=AT)
    if not anonymous:
        own = next(one for one in tickets if one.family.pupils.get() == pair[0])
        answer(own, NOT_WANTED, grade=5, at=AT)
    return survey, pair


@pytest.mark.clause("2.7.1-e")
def test_families_on_paper_are_chased_all_alike_outside(client: Client, world: World) -> None:
    survey, pair = on_paper(world, anonymous=False)
    where = url("survey_chase", world, survey.pk, pair[0].homeroom_id)
    page = office(client, world).get(url("survey", world, survey.pk)).content.decode()
    assert where in page and "纸质提醒2份" in page
    assert client.get(where).status_code == 405
    made = client.post(where)
    assert made["Content-Type"] == "application/pdf" and made["Cache-Control"] == "no-store"
    words = [one.extract_text() for one in PdfReader(io.BytesIO(made.content)).pages]
    assert len(words) == 3, "the list, and one sheet for each family whether it answered or not"
    assert "独独" in words[0] and "双双" in words[0] and "已经收到" not in words[0]
    assert sum("已经收到" in one for one in words[1:]) == 1, "inside the fold the one that answered is thanked"
    assert Family.objects.filter(chased_on=AT.date()).count() == 2
    assert "今天已经提醒过一次" in client.post(where, follow=True).content.decode()
    said = Entry.objects.get(verb="surveys.paper_chased").facts
    assert said == {"homeroom": str(pair[0].homeroom), "slips": 2}, "to whom what is said is written nowhere"


@pytest.mark.clause("2.7.1-e")
def test_without_names_every_sheet_says_the_same(world: World) -> None:
    survey, pair = on_paper(world, anonymous=True)
    sheets = actions.chase_on_paper(survey, pair[0].homeroom, by=world.riverside.by("asp_manager"), at=AT)
    assert [(one.children, one.answered, one.secret) for one in sheets] == [("双双", None, ""), ("独独", None, "")]


def test_a_class_without_paper_or_after_the_end_is_not_chased(client: Client, world: World, at_moment) -> None:
    survey, pair = on_paper(world, anonymous=False)
    other = world.mei.homeroom_id
    answer = office(client, world).post(url("survey_chase", world, survey.pk, other), follow=True)
    assert "还没有发过纸质问卷" in answer.content.decode()
    at_moment(survey.closes_at + timedelta(hours=1))
    answer = client.post(url("survey_chase", world, survey.pk, pair[0].homeroom_id), follow=True)
    assert "截止" in answer.content.decode() and not Family.objects.filter(chased_on__isnull=False).exists()
    client.force_login(world.riverside.who["teacher"])
    assert client.post(url("survey_chase", world, survey.pk, pair[0].homeroom_id)).status_code == 403


def test_few_answers_are_spoken_of_as_many_days_before_the_end_as_the_district_says(
    client: Client, world: World, at_moment
) -> None:
    survey = opened(world)
    page = url("survey", world, survey.pk)
    at_moment(survey.closes_at - timedelta(days=4))
    assert "不足以代表" not in office(client, world).get(page).content.decode()
    put_in_force("survey.warn_days", 4, world=world, from_on=AT.date())
    assert "不足以代表" in office(client, world).get(page).content.decode()


def test_the_window_that_is_suggested_is_never_shorter_than_the_district_asks_for(client: Client, world: World) -> None:
    def days(page: str) -> int:
        form = office(client, world).get(url(page, world)).context["form"]
        return int((form["closes_at"].initial - form["opens_at"].initial).days)

    assert (days("survey_new"), days("sign_up_opening")) == (8, 7)
    put_in_force("survey.window_days", 15, world=world, from_on=AT.date())
    put_in_force("staff.sign_up_days", 14, world=world, from_on=AT.date())
    assert (days("survey_new"), days("sign_up_opening")) == (15, 14)
