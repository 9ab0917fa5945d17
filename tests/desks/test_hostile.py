"""What nobody means to send: numbers that are none, days without a tomorrow, NUL; and who presses 返回 after you left."""

from __future__ import annotations

import pytest
from django.db import DataError, OperationalError
from django.test import Client
from django.urls import reverse

from kehou.config.middleware import Refusals
from tests.registration import DURING, open_stage, planned
from tests.world import World

NUMBERS = ("²", "٣", "-1", "9" * 25, "9" * 5000, "NaN")
DAYS = ("9999-12-31", "0001-01-01", "2026-02-30", "9999-12")


@pytest.fixture
def office(client: Client, world: World, at_moment) -> Client:
    at_moment(DURING)
    planned(open_stage(world))
    client.force_login(world.riverside.who["asp_manager"])
    return client


def at_riverside(world: World, name: str, *args: object) -> str:
    return reverse(name, args=(world.riverside.school.code, *args))


@pytest.mark.parametrize(
    ("name", "field", "junk"),
    [
        ("school:placements", "slot", NUMBERS),
        ("school:waiting", "slot", NUMBERS),
        ("school:pupils", "grade", NUMBERS),
        ("school:bills", "month", DAYS),
        ("school:sessions", "to", DAYS),
        ("school:week", "on", DAYS),
        ("school:duty", "on", DAYS),
        ("school:board", "on", DAYS),
    ],
)
def test_a_page_of_the_office_takes_nonsense_for_nothing(office, world, name, field, junk):
    for text in junk:
        assert office.get(at_riverside(world, name), {field: text}).status_code == 200, text


def test_a_week_without_a_tomorrow_is_this_week(client, world, at_moment):
    at_moment(DURING)
    client.force_login(world.riverside.who["teacher"])
    assert client.get(at_riverside(world, "teacher:week"), {"from": "9999-12-31"}).status_code == 200


@pytest.mark.parametrize("text", NUMBERS)
def test_what_is_sent_is_no_number_and_nothing_breaks(office, world, text):
    homeroom = next(iter(world.riverside.homerooms.values()))
    for name, args, fields in (
        ("school:homeroom_new", (), {"grade": "3", "number": text}),
        ("school:homeroom_teacher", (homeroom.pk,), {"account": text}),
        ("school:agreement_seals", (), {"agreement": text}),
        ("school:duty", (), {"staff": text}),
        ("school:activity_new", (), {"helpers": text}),
    ):
        assert office.post(at_riverside(world, name, *args), fields).status_code < 500, name


@pytest.mark.parametrize("text", NUMBERS)
def test_a_class_teacher_and_an_aid_officer_may_mistype(client, world, at_moment, text):
    at_moment(DURING)
    open_stage(world)
    client.force_login(world.riverside.who["homeroom_teacher"])
    assert client.post(at_riverside(world, "teacher:review_passing"), {"shown": f"{text}-1"}).status_code == 302
    client.force_login(world.riverside.who["aid_officer"])
    fields = {"pupil": text, "category": "dibao_family", "source": "名单", "from_on": "2026-09-01"}
    assert client.post(at_riverside(world, "school:care_adding"), fields).status_code == 409


def test_a_span_that_ends_with_the_calendar_is_refused_in_words(client, world, at_moment):
    at_moment(DURING)
    client.force_login(world.district["basic_education"])
    page = client.post(reverse("district:closure_new"), {"first": "2026-11-20", "last": "9999-12-31"})
    assert page.status_code == 422
    assert "1900年到2199年" in page.content.decode()
    assert client.get(reverse("district:day", args=("9999-12-31",))).status_code == 404


@pytest.mark.parametrize("where", ["path", "query", "field", "cookie"])
def test_nul_is_a_bad_request_on_every_database(client, world, at_moment, where):
    at_moment(DURING)
    client.force_login(world.riverside.who["asp_manager"])
    pupils = at_riverside(world, "school:pupils")
    if where == "cookie":
        client.cookies["kept"] = '"a\\000b"'
    answer = {
        "path": lambda: client.get("/schools/a%00b/"),
        "query": lambda: client.get(f"{pupils}?q=a%00b"),
        "field": lambda: client.post(reverse("door:account"), {"name": "a\0b"}),
        "cookie": lambda: client.get(pupils, headers={"cookie": 'kept="a\\000b"'}),
    }[where]()
    assert answer.status_code == 400


def test_what_is_personal_is_kept_by_no_cache_and_what_is_public_is(client, world, at_moment):
    at_moment(DURING)
    client.force_login(world.guardian)
    for address in (reverse("guardian:home", args=(world.mei.pk,)), reverse("door:account"), reverse("door:letters")):
        assert "no-store" in client.get(address)["Cache-Control"], address
    client.force_login(world.riverside.who["asp_manager"])
    assert "no-store" in client.get(at_riverside(world, "school:pupils"))["Cache-Control"]
    assert "no-store" in client.get(at_riverside(world, "school:care"))["Cache-Control"]  # 403 too
    assert "public" in client.get("/")["Cache-Control"]


def test_what_no_column_holds_is_too_large_and_no_accident(rf, world):
    request = rf.post("/")
    answer = Refusals(lambda request: None).process_exception(request, DataError("value too long"))
    assert answer is not None and answer.status_code == 413 and "内容太大" in answer.content.decode()
    assert Refusals(lambda request: None).process_exception(request, OperationalError()) is None


@pytest.mark.parametrize("sent", [{"words": "字" * 2_200_000}, {f"f{number}": "1" for number in range(6_001)}])
def test_what_is_too_large_is_said_so(client, world, at_moment, sent):
    at_moment(DURING)
    client.force_login(world.riverside.who["asp_manager"])
    answer = client.post(at_riverside(world, "school:survey_new"), sent)
    page = answer.content.decode()
    assert answer.status_code == 413 and "内容太大" in page and "返回键" in page
