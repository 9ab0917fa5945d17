"""Everything rests on an instrument and a clause that anybody can read (0-a, R-BASIS-01)."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from kehou.chapters.basis import actions as basis
from kehou.chapters.basis.models import Instrument
from kehou.chapters.disclosure import actions as disclosure
from kehou.chapters.disclosure import papers, queries
from kehou.lib.actors import SYSTEM
from kehou.rules.clauses import clause, clauses_of
from kehou.rules.parameters import REGISTRY
from kehou.rules.sentences import SENTENCES
from tests.billing import FIRST, open_books
from tests.deciding import put_in_force
from tests.world import World, moment

NAMED = ("国办发〔2018〕80号", "渝教发〔2019〕20号", "关于进一步减轻义务教育阶段学生作业负担和校外培训负担的意见")


@pytest.fixture(autouse=True)
def installed(world: World, at_moment) -> None:
    at_moment(moment())
    basis.install_instruments(by=SYSTEM, at=moment())


def page(client: Client, name: str = "basis") -> str:
    return client.get(reverse(f"public:{name}")).content.decode()


@pytest.mark.clause("0-a")
def test_the_three_instruments_hold_and_each_number_stands_beside_its_clause(client: Client) -> None:
    said = page(client)
    assert all(name in said for name in NAMED)
    for one in REGISTRY.values():
        assert one.clauses and all(clause(key) for key in one.clauses), one.key
        sections = "、".join(dict.fromkeys(clause(id_).section for id_ in one.clauses))
        assert f'data-label="条款">{sections}<' in said, one.key


@pytest.mark.clause("0-a")
def test_each_rule_that_can_refuse_has_a_clause_and_the_page_prints_both(client: Client) -> None:
    said, codes = page(client, "rules"), {key.partition(":")[0] for key in SENTENCES if key.startswith("R-")}
    without = [code for code in sorted(codes) if not clauses_of(code)]
    assert without == []
    assert [code for code in sorted(codes) if code not in said] == []


@pytest.mark.clause("0-a")
def test_a_paper_of_the_school_says_what_it_rests_on(world: World) -> None:
    open_books(world)
    content = queries.price_content(world.riverside.school, world.term, on=FIRST.date())
    facts = {"title": "收费公示牌", "content": content, "school": world.riverside.school, "term": world.term}
    made = disclosure.publish("prices", **facts, by=world.riverside.by("principal"), at=FIRST)
    printed = papers.poster(made, address="https://kehou.example.test/").pdf
    words = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(printed)).pages).replace("\n", "")
    assert "关于梁平区中小学生课后服务工作的实施意见" in words


@pytest.mark.clause("0-a")
def test_a_number_whose_instrument_has_lost_force_is_marked_to_the_district_and_the_public(
    client: Client, world: World
) -> None:
    put_in_force("slot.break_minutes", 5, world=world, from_on=date(2026, 11, 1))
    client.force_login(world.district["basic_education"])
    district = reverse("district:parameters")
    assert "依据已失效" not in page(client) + client.get(district).content.decode()
    ground = Instrument.objects.get(number__contains="slot.break_minutes")
    basis.edit_instrument(
        ground, title=ground.title, issuer=ground.issuer, issued_on=ground.issued_on, valid_from_on=ground.valid_from_on,
        valid_until_on=moment().date(), by=SYSTEM, at=moment(),
    )  # fmt: skip
    assert "依据已失效" in page(client) and "依据已失效" in client.get(district).content.decode()
