"""Whoever holds a paper types the sixteen digits of its foot and is told what it is and whether it still stands."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from kehou import chapters
from kehou.chapters.allocation.papers import result_paper
from kehou.chapters.disclosure.models import Publication
from kehou.chapters.disclosure.papers import poster
from kehou.chapters.enrolment.models import Agreement
from kehou.chapters.enrolment.papers import agreement_digest, agreement_paper
from kehou.chapters.money.models import Payment
from kehou.chapters.money.papers import receipt
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning.plan_papers import notice_paper, plan_paper
from kehou.chapters.planning.queries import signed_version
from kehou.chapters.programme.models import TablePublication
from kehou.lib.models import IssuedPaper
from kehou.lib.paper import Paper, spaced
from kehou.lib.paper.register import issue, issued_with
from kehou.rules.documents import DOCUMENTS, document_of
from kehou.rules.planning import Change, ChangeKind
from tests.chapters.planning import stage as way_stage
from tests.chapters.planning.stage import day
from tests.desks.public.test_pages import stage
from tests.registration import open_stage, published, submit
from tests.world import World, moment

pytestmark = pytest.mark.django_db
__all__ = ["stage"]  # the fixture
HERE = "https://kehou.example/"
HEAD = {
    "title": "课后服务管理制度", "number": "ZD-1", "school": "双桂湖畔小学", "term": "", "version": "2", "basis": "二（五）",
    "verify_url": "",
}  # fmt: skip


def asked(client: Client, made: Paper, typed: str = "") -> str:
    """Return what the public page says when somebody copies the foot of a paper."""
    answer = client.get(reverse("public:verifying"), {"code": typed or spaced(made.digest)}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_paper_is_registered_once_for_each_content_and_a_draft_never() -> None:
    made = issue("record", {"facts": [["学生", "陈小梅"]]}, **HEAD, issued_at=moment(10))
    again = issue("record", {"facts": [["学生", "陈小梅"]]}, **HEAD, issued_at=moment(10))
    other = issue("record", {"facts": [["学生", "陈小波"]]}, **HEAD, issued_at=moment(10))
    issue("record", {"facts": []}, **HEAD, issued_at=moment(10), mark="草稿")
    assert made.digest == again.digest != other.digest and IssuedPaper.objects.count() == 2
    row = issued_with(made.digest[:16])
    assert row and (row.title, row.number, row.version, row.code) == ("课后服务管理制度", "ZD-1", "2", "")
    assert "陈" not in "".join(map(str, IssuedPaper.objects.values_list())), "nothing of what it says"
    assert issued_with(made.digest[:15]) is None and issued_with(made.digest[:16] + "0" * 48) is None


@pytest.mark.parametrize("form", ["{a}-{b}-{c}-{d}", "{a} {b} {c} {d}", "{a}{b}{c}{d}", "{a}—{b}—{c}—{d}"])
def test_the_digits_may_be_typed_as_one_likes(client: Client, form: str) -> None:
    made = issue("record", {"facts": []}, **HEAD, issued_at=moment(10))
    a, b, c, d = (made.digest[at : at + 4] for at in range(0, 16, 4))
    page = asked(client, made, form.format(a=a, b=b, c=c, d=d).upper())
    assert "课后服务管理制度" in page and "双桂湖畔小学" in page and "打印那天的情况" in page
    page = client.get(reverse("public:verify", args=(f"{a}-{b}-{c}-0000",)))
    assert page.status_code == 404 and "没有这份文书" in page.content.decode()


@pytest.mark.clause("1-d")
def test_a_notice_and_a_plan_say_when_a_newer_one_has_come(world: World, client: Client) -> None:
    way = way_stage.signed(world)
    notice, plan = notice_paper(way.notice, address=HERE), plan_paper(signed_version(way.plan), address=HERE)
    for made, what in ((notice, "课后服务告知书"), (plan, "课后服务实施方案")):
        page = asked(client, made)
        assert what in page and world.riverside.school.name in page and "真实有效" in page and "现行" in page
    section = way.plan.sections.get(key="times")
    planning.propose_amendment(
        way.plan, reason="加一项。", changes=[Change(ChangeKind.CONTENT, "围棋", "没有", "每周二开设")], from_on=day(40).date(), answer_by=None, by=way.office,
        at=day(30),
    )  # fmt: skip
    planning.edit_section(
        way.plan, "times", body=f"{section.body}\n雨天在风雨操场。", seen=section.revision, by=way.office, at=day(30)
    )
    planning.issue_notice(way.plan, by=way.office, at=day(31))
    page = asked(client, notice)
    assert "真实，但已变化" in page and "已有新的版本" in page


def test_a_receipt_and_a_publication_are_found_without_naming_a_child(client: Client, stage: World) -> None:
    payment, made = Payment.objects.get(), Publication.objects.get()
    papers = {payment.receipt_number: receipt(payment, address=HERE), "公示中": poster(made, address=HERE)}
    for words, one in papers.items():
        page = asked(client, one)
        assert words in page and "陈小" not in page
    assert not [row for row in IssuedPaper.objects.values_list() if "陈小" in str(row)]


def test_an_old_table_says_that_there_is_a_newer_one(client: Client, stage: World) -> None:
    first = TablePublication.objects.get()
    school, term = first.table.school, first.table.term
    paper = client.get(reverse("public:table_paper", args=(school.code, term.code, 1)))
    assert b"".join(paper.streaming_content).startswith(b"%PDF")
    (row,) = IssuedPaper.objects.filter(title__contains="项目表")
    code = reverse("public:verify", args=(row.printed,))
    assert "真实有效" in client.get(code).content.decode()
    TablePublication.objects.create(
        table=first.table, version=2, rows=first.rows, digest="b" * 64, published_at=moment(12), published_by="校长"
    )
    page = client.get(code).content.decode()
    assert "已有新的版本" in page and "真实，但已变化" in page and "第1版" in page


def test_the_result_of_a_draw_and_an_agreement_are_found(world: World, client: Client) -> None:
    here = open_stage(world)
    submit(here, world.mei)
    draw = published(here)
    agreement = Agreement.objects.get()
    made = agreement_paper(agreement, address=HERE)
    assert agreement_digest(agreement) == made.digest
    page = asked(client, made)
    assert "课后服务协议书" in page and agreement.number in page and "真实，但已变化" in page, "not signed yet"
    assert "陈小" not in page and "陈小" not in str(list(IssuedPaper.objects.values_list()))
    page = asked(client, result_paper(draw, address=HERE))
    assert "课后服务摇号结果公示" in page and f"/draws/{draw.pk}/" in page and "真实有效" in page


def test_the_result_says_the_published_numbers_in_words_and_prints_its_seed_whole(world: World, client: Client) -> None:
    here = open_stage(world)
    submit(here, world.mei)
    draw = published(here)
    lines = PdfReader(io.BytesIO(result_paper(draw, address=HERE).pdf)).pages[0].extract_text().splitlines()
    assert any(draw.seed in line for line in lines) and any(draw.root in line for line in lines), "on a line of its own"
    assert any("红球" in line and "蓝球" in line for line in lines) and "ssq:" not in "".join(lines)


@pytest.mark.parametrize("kind", DOCUMENTS, ids=lambda kind: kind.title)
def test_each_kind_bears_number_retention_and_a_code_that_opens_for_a_stranger_and_names_nobody(
    client: Client, settings, kind
) -> None:
    settings.PUBLIC_ADDRESS = "https://kehou.example"
    head = {**HEAD, "title": kind.title, "number": ""}
    made = issue("record", {"facts": [["姓名", "陈小梅"]]}, **head, issued_at=moment(10))
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(made.pdf)).pages)
    for part in (
        kind.title,
        HEAD["school"],
        f"编号{kind.number(made.digest)}",
        f"内容摘要{spaced(made.digest)}",
        f"送达方式：{kind.delivery}",
        f"保存期限：{kind.retention}",
    ):
        assert "".join(part.split()) in text, part
    address = re.search(r"https://kehou\.example(/verify/[0-9a-f-]+/)", text)
    answer = client.get(address[1])
    said = answer.content.decode()
    assert answer.status_code == 200 and kind.title in said and kind.number(made.digest) in said
    assert "陈小" not in said


def test_every_title_that_a_paper_is_issued_with_stands_in_the_catalogue() -> None:
    titles = set()
    for path in Path(chapters.__path__[0]).rglob("*papers*.py"):
        titles |= set(re.findall(r'title="([^"{}]+)"', path.read_text(encoding="utf-8")))
    assert len(titles) > 9 and {one for one in titles if not document_of(one).title} == set()
