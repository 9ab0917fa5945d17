"""信息公开 (2.5-s): what a school owes the public, by when, and that everybody sees what is late (R-PUB-04)."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from kehou.chapters.disclosure import actions as disclosure
from kehou.chapters.disclosure import queries
from kehou.chapters.disclosure.models import Publication
from kehou.rules.calendar import Holidays
from kehou.rules.freshness import dues_of
from kehou.rules.publication import ITEMS
from kehou.rules.sentences import say
from kehou.rules.spans import Span
from tests.billing import AFTER, FIRST, open_books, run
from tests.groups import enrol
from tests.world import World, make_pupil, moment

SERVICE = Span(date(2026, 9, 7), date(2027, 1, 16))
NONE = Holidays(frozenset(), frozenset())
DUE = date(2026, 12, 14)  # the tenth working day of December


@pytest.fixture
def books(world: World, at_moment) -> World:
    at_moment(FIRST)
    open_books(world)
    run(world)
    return world


def publish(world: World, kind: str, *, month: date | None = None, at=AFTER) -> Publication:
    school, term = world.riverside.school, world.term
    content = {
        "service": dict.fromkeys(ITEMS, "放学后至17:30"),
        "prices": queries.price_content(school, term, on=at.date()),
        "account": queries.account_content(school, term, month=month, on=at.date()),
    }[kind]
    period = f"{month:%Y-%m}" if month else ""
    facts = {"school": school, "term": term, "period": period, "by": world.riverside.by("principal"), "at": at}
    return disclosure.publish(kind, title="公示", content=content, **facts)


def late(world: World, on: date) -> list[str]:
    dues = queries.dues_by_school([world.riverside.school], world.term, on=on)[world.riverside.school.pk]
    return [one.title for one in dues if one.is_late(on)]


@pytest.mark.clause("2.5-s")
def test_what_is_late_is_seen_by_school_district_and_public_until_it_stands(
    client: Client, books: World, at_moment
) -> None:
    school = books.riverside.school
    for kind in ("service", "prices"):
        publish(books, kind, at=moment(9, on=date(2026, 9, 6)))
    for month in (9, 10):
        publish(books, "account", month=date(2026, month, 1))
    assert late(books, DUE) == [], "on its day it is in time"
    at_moment(moment(9, on=DUE + timedelta(days=1)))
    assert late(books, DUE + timedelta(days=1)) == ["11月收支公示"]
    public, district = reverse("public:school", args=(school.code,)), reverse("district:openness")
    assert "过期没有公开" in Client().get(public).content.decode()
    client.force_login(books.district["supervision"])
    assert "11月收支公示" in client.get(district, {"only": "late", "q": "双桂湖"}).content.decode()
    assert client.get(district, {"as": "sheet"}).status_code == 200
    client.force_login(books.riverside.who["principal"])
    page = client.get(reverse("school:publications", args=(school.code,))).content.decode()
    assert "过期" in page and "drafts/account/?month=2026-11" in page
    made = publish(books, "account", month=date(2026, 11, 1), at=moment(10, on=DUE + timedelta(days=1)))
    assert "过期没有公开" not in Client().get(public).content.decode()
    disclosure.withdraw(made, reason="数字写错了", by=books.riverside.by("principal"), at=made.published_at)
    assert late(books, DUE + timedelta(days=1)) == ["11月收支公示"], "what was withdrawn is owed again"
    client.force_login(books.district["police"])
    assert client.get(district).status_code == 403


@pytest.mark.clause("2.5-s")
def test_the_tables_of_counts_and_money_are_open_to_everybody_and_no_row_is_a_person(books: World) -> None:
    for number in range(10):
        enrol(make_pupil(books.riverside, f"同学{number}", grade=3), books.term)
    found = {}
    for name in ("participation", "activities", "money"):
        answer = Client().get(reverse("public:download", args=(name,)))
        assert answer.status_code == 200 and not answer.cookies
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        assert "同学" not in text and "陈小" not in text
        found[name] = list(csv.reader(text.splitlines()))
    assert [row[2:] for row in found["participation"][1:]] == [["3", "12"]]
    money = dict(zip(found["money"][0], next(row for row in found["money"] if "双桂湖" in row[1]), strict=True))
    assert (money["应收（元）"], money["实收（元）"]) == ("220.00", "0.00")
    assert Client().get(reverse("public:download", args=("persons",))).status_code == 404
    assert Client().get(reverse("public:tables")).status_code == 200


@pytest.mark.clause("2.5-s")
@given(st.dates(date(2026, 8, 1), date(2027, 3, 1)), st.integers(1, 15), st.booleans(), st.booleans())
def test_nothing_is_owed_before_it_is_over_and_what_stands_is_never_late(
    on: date, working_day: int, charges: bool, all_shown: bool
) -> None:
    def dues(shown: dict) -> tuple:
        return dues_of(SERVICE, shown, charges=charges, working_day=working_day, holidays=NONE, on=on)

    found = dues({})
    assert [one.kind for one in found[:1]] == ["service"] and (charges or len(found) == 1)
    for one in found:
        if one.kind == "account":
            assert one.due_on >= (date(2027, 1, 16) if not one.period else date.fromisoformat(f"{one.period}-28"))
        no = one.refusal(on)
        assert (no is not None) == one.is_late(on) and (no is None or one.title in say(no))
    if all_shown:
        shown = {(one.kind, one.period): max(one.due_on, SERVICE.end or one.due_on) for one in found}
        assert not any(one.is_late(on) for one in dues(shown))


@pytest.mark.clause("2.5-s")
def test_an_account_of_the_middle_of_the_term_is_not_the_last(books: World) -> None:
    over = date(2027, 2, 20)
    publish(books, "account", at=AFTER)
    assert "全学期收支公示" in late(books, over)
    Publication.objects.update(published_at=moment(9, on=date(2027, 1, 18)))
    assert "全学期收支公示" not in late(books, over)


def test_the_districts_list_costs_the_same(books: World) -> None:
    def cost(schools: list) -> int:
        with CaptureQueriesContext(connection) as found:
            queries.dues_by_school(schools, books.term, on=DUE)
        return len(found)

    assert cost([books.riverside.school]) == cost([books.riverside.school, books.hill.school])
