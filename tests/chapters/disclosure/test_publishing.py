"""Snapshots with their hash: published once, replaced, withdrawn with a reason, never edited."""

from __future__ import annotations

import io
from datetime import date

import pytest
from pypdf import PdfReader

from kehou.chapters.disclosure import actions as disclosure
from kehou.chapters.disclosure import papers, queries
from kehou.chapters.disclosure.models import Publication
from kehou.chapters.journal.models import Entry
from kehou.rules.publication import ITEMS
from kehou.rules.verdicts import Refused
from tests.billing import FIRST, NOVEMBER, bill_of, open_books, pay, run
from tests.world import World, moment

TEXT = dict.fromkeys(ITEMS, "每天放学后至17:30")


def publish(world: World, kind: str = "service", *, content=None, at=FIRST, **more) -> Publication:
    """Return what Riverside publishes."""
    facts = {"title": "课后服务公开事项", "school": world.riverside.school, "term": world.term}
    return disclosure.publish(
        kind, content=content or TEXT, by=world.riverside.by("principal"), at=at, **{**facts, **more}
    )


@pytest.mark.clause("1-d")
def test_what_is_published_has_a_number_and_a_hash_and_replaces_what_stood(world: World) -> None:
    first = publish(world)
    assert publish(world).pk == first.pk  # the same content is the same publication
    second = publish(world, content={**TEXT, "time": "至18:00"}, at=moment(10, on=date(2026, 11, 3)))
    first.refresh_from_db()
    assert (second.version, first.withdrawn_because) == (2, "由新的一版代替")
    assert first.digest != second.digest and first.number != second.number
    assert [one.pk for one in queries.standing(school=world.riverside.school)] == [second.pk]
    assert queries.publication_by_digest(second.digest[:16]) == second
    assert queries.publication_by_digest(second.digest[:8]) is None
    assert Entry.objects.filter(verb="disclosure.published").count() == 2


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"content": {**TEXT, "safety": ""}}, "R-PUB-01:items_missing"),
        ({"content": {**TEXT, "form": "陈小梅同学展示"}}, "R-PRIV-02:names_a_pupil"),
        ({"until": date(2026, 11, 5)}, "R-PUB-05:shown_too_short"),
        ({"title": " "}, "R-PUB-01:without_title"),
        ({"kind": "advert"}, "R-PUB-01:kind_unknown"),
    ],
)
def test_what_must_not_be_shown_is_refused(world: World, more: dict, key: str) -> None:
    with pytest.raises(Refused) as no:
        publish(world, **more)
    assert key in [one.key for one in no.value.refusals] and not Publication.objects.exists()


def test_it_is_withdrawn_with_a_reason_and_stays_readable(world: World) -> None:
    made = publish(world)
    with pytest.raises(Refused):
        disclosure.withdraw(made, reason="错", by=world.riverside.by("principal"), at=FIRST)
    with pytest.raises(Refused) as named:
        disclosure.withdraw(made, reason="把低保名单写进去了", by=world.riverside.by("principal"), at=FIRST)
    assert named.value.refusal.key == "R-PRIV-02:aid_words", "the reason stands where the paper stood"
    disclosure.withdraw(made, reason="时间写错了", by=world.riverside.by("principal"), at=FIRST)
    with pytest.raises(Refused) as no:
        disclosure.withdraw(made, reason="再撤一次", by=world.riverside.by("principal"), at=FIRST)
    assert no.value.refusal.why == "withdrawn_already"
    assert not queries.standing().exists() and queries.publication_by_number(made.number) == made
    assert publish(world).pk != made.pk


@pytest.mark.clause("2.6.3-k")
def test_the_account_is_composed_from_the_books_without_names_and_small_counts(world: World) -> None:
    open_books(world)
    run(world)
    pay(world, bill_of(world.mei))
    content = queries.account_content(world.riverside.school, world.term, month=NOVEMBER, on=date(2026, 12, 1))
    assert (content["gross_fen"], content["collected_fen"], content["balance_fen"]) == (220_00, 110_00, 110_00)
    assert content["pupils"] is None and content["waived_count"] is None  # two children: one could guess
    assert content["waived_fen"] is None and content["compensated_fen"] is None
    assert [one["use"] for one in content["spending"]] == ["U1", "U2", "U3", "U4", "U5", "U6"]
    made = publish(world, "account", title="十一月收支公示", content=content, period="2026-11")
    assert "陈小" not in str(made.content)


def test_on_paper_the_school_is_named_once_and_no_sum_has_another_sign_than_on_the_page(world: World) -> None:
    open_books(world)
    school = world.riverside.school
    content = queries.account_content(school, world.term, month=NOVEMBER, on=date(2026, 12, 1))
    content |= {"waived_fen": 123_400, "waived_count": 12, "compensated_fen": 0, "refunded_fen": 5_600}
    made = publish(world, "account", title=f"{school.name}课后服务十一月收支公示", content=content, period="2026-11")

    printed = PdfReader(io.BytesIO(papers.poster(made, address="https://kehou.example.test/").pdf))
    head, _, sums = "".join(printed.pages[0].extract_text().split()).partition("一、收入与缴拨")
    assert head.count(school.name) == 1 and "课后服务十一月收支公示" in head
    assert "减免1,234.00" in sums and "退费56.00" in sums and "−" not in sums


def test_the_price_board_says_the_price_of_the_day_and_the_registered_account(world: World) -> None:
    open_books(world)
    content = queries.price_content(world.riverside.school, world.term, on=date(2026, 11, 2))
    assert [(tier["hours"], tier["month_fen"], tier["day_fen"]) for tier in content["tiers"]] == [
        (1, 60_00, 3_00),
        (2, 110_00, 5_50),
        (3, 160_00, 8_00),
    ]
    assert content["account"] == "6228000000000001" and ["投诉", "023-53200000"] in content["phones"]
    assert publish(world, "prices", title="收费公示牌", content=content).kind == "prices"
