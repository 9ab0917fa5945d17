"""The public pages: no login, no cookie, the same for all; what they say is computed; what is small is not said."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kehou.chapters.basis.models import Instrument
from kehou.chapters.disclosure import actions as disclosure
from kehou.chapters.disclosure import queries
from kehou.chapters.disclosure.models import Publication
from kehou.chapters.enrolment.models import Agreement, Enrolment
from kehou.chapters.money.models import Payment
from kehou.chapters.schools.models import School
from tests.billing import FIRST, bill_of, open_books, pay, run
from tests.groups import enrol
from tests.registration import open_stage, planned, publish_table, published, submit
from tests.world import World, make_pupil

pytestmark = pytest.mark.django_db
PAGES = [
    "home", "schools", "prices", "calculator", "accounts", "publications", "basis", "rules", "draws", "verifying",
    "downloads", "complaints", "accessibility", "privacy", "tables",
]  # fmt: skip


@pytest.fixture
def stage(world: World, at_moment) -> World:
    """Return the world with paid bills, a published table and a published account."""
    at_moment(FIRST)
    publish_table(world)
    open_books(world)
    run(world)
    pay(world, bill_of(world.mei))
    content = queries.account_content(world.riverside.school, world.term, month=None, on=FIRST.date())
    disclosure.publish(
        "account", title="双桂湖畔小学收支公示", content=content, school=world.riverside.school, term=world.term,
        by=world.riverside.by("principal"), at=FIRST,
    )  # fmt: skip
    Instrument.objects.create(
        number="梁平教委〔2021〕1号", title="关于梁平区中小学生课后服务工作的实施意见（试行）", issuer="区教委",
        issued_on=date(2021, 9, 1), valid_from_on=date(2021, 9, 1),
    )  # fmt: skip
    return world


def said(client: Client, name: str, *args: object, query: str = "") -> str:
    """Return a public page."""
    answer = client.get(reverse(f"public:{name}", args=args) + query)
    assert answer.status_code == 200, name
    return answer.content.decode()


@pytest.mark.clause("1-d")
@pytest.mark.parametrize("name", PAGES[:-1])
def test_anybody_may_look_without_a_cookie_and_caches_may_keep_it(client: Client, stage: World, name: str) -> None:
    client.force_login(stage.riverside.who["cashier"])
    signed_in = client.get(reverse(f"public:{name}"))
    client.logout()
    answer = Client().get(reverse(f"public:{name}"))
    assert answer.status_code == 200 and not answer.cookies
    assert "public" in answer.headers["Cache-Control"] and "max-age=300" in answer.headers["Cache-Control"]
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "csrfmiddlewaretoken" not in answer.content.decode()
    assert strip(signed_in.content.decode()) == strip(answer.content.decode())  # nobody's name on it
    assert Client().post(reverse(f"public:{name}")).status_code == 405


def strip(page: str) -> str:
    """Return a page without the nonce of its content policy."""
    import re

    return re.sub(r'nonce="[^"]*"', "", page)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_an_empty_district_teaches(client: Client, db: None, at_moment, name: str) -> None:
    at_moment(FIRST)
    answer = client.get(reverse(f"public:{name}"))
    assert answer.status_code in (200, 404) if name == "accounts" else answer.status_code == 200


def test_a_school_is_found_and_says_what_a_family_needs(client: Client, stage: World) -> None:
    listed = said(client, "schools", query="?q=双桂湖")
    assert "双桂湖畔小学" in listed and "明月山" not in listed and "少于10" in listed
    page = said(client, "school", stage.riverside.school.code)
    for words in (
        "15:50",
        "110.00元",
        "6228000000000001",
        "023-53200000",
        "LP-KHFW-2026秋-0001",
        "少于10人",
        "看每一项活动",
    ):
        assert words in page, words
    assert "陈小" not in page
    assert client.get(reverse("public:school", args=("0000000000",))).status_code == 404
    sheet = client.get(reverse("public:schools") + "?as=sheet")
    assert sheet.status_code == 200 and not sheet.cookies


def test_ten_children_are_counted_nine_are_not(client: Client, stage: World) -> None:
    for number in range(7):
        enrol(make_pupil(stage.riverside, f"同学{number}", grade=3), stage.term)
    assert "少于10人" in said(client, "school", stage.riverside.school.code)
    enrol(make_pupil(stage.riverside, "第十人", grade=3), stage.term)
    assert "<b>10</b> 人" in said(client, "school", stage.riverside.school.code)
    csv = b"".join(client.get(reverse("public:download", args=("participation",))).streaming_content).decode(
        "utf-8-sig"
    )
    assert "双桂湖畔小学（演示）,3,10" in csv


def test_no_grade_is_the_whole_less_the_others(client: Client, stage: World) -> None:
    for grade, how_many in ((4, 4), (5, 30), (6, 25)):
        for number in range(how_many):
            enrol(make_pupil(stage.riverside, f"同学{grade}{number}", grade=grade), stage.term)
    before = Enrolment.objects.filter(pupil__school=stage.riverside.school, pupil__homeroom__grade=3).count()
    assert 0 < before < 10
    page = said(client, "school", stage.riverside.school.code)
    assert f"<b>{59 + before}</b> 人" in page and "五年级 30" in page
    download = client.get(reverse("public:download", args=("participation",)))
    csv = b"".join(download.streaming_content).decode("utf-8-sig")
    for grade, name in ((3, "三年级"), (4, "四年级"), (6, "六年级")):  # the sixth too: 29 less 25 are four
        assert f"{name} 不公布" in page and f"双桂湖畔小学（演示）,{grade},不公布" in csv
    assert "双桂湖畔小学（演示）,5,30" in csv


def test_the_price_page_computes_its_examples(client: Client, stage: World) -> None:
    page = said(client, "prices")
    for words in ("60.00", "110.00", "160.00", "课后延时服务费", "每周一三五各2课时", "梁平教委〔2021〕1号"):
        assert words in page, words


RIGHT = "?month=2026-11&hours_1=2&hours_2=0&hours_3=2&hours_4=0&hours_5=2&amount={}&item={}&payee={}&away={}"


@pytest.mark.parametrize(
    ("amount", "item", "payee", "away", "words"),
    [
        ("71.50", "课后延时服务费", "account", "", "金额正好：应缴71.50元"),
        ("110", "课后延时服务费", "account", "", "多收了38.50元"),
        ("66", "课后延时服务费", "account", "2，", "金额正好：应缴66.00元"),
        ("71.5", "材料费", "account", "", "没有“材料费”这个收费项目"),
        ("", "", "committee", "", "不能收这笔钱"),
    ],
)
def test_the_calculator_answers_without_script_and_keeps_nothing(
    client: Client, stage: World, amount: str, item: str, payee: str, away: str, words: str
) -> None:
    with CaptureQueriesContext(connection) as found:
        page = said(client, "calculator", query=RIGHT.format(amount, item, payee, away))
    assert words in page
    assert not [query for query in found if query["sql"].startswith(("INSERT", "UPDATE"))]


def test_the_calculator_keeps_what_was_typed_and_says_what_is_missing(client: Client, stage: World) -> None:
    page = said(client, "calculator", query="?month=2026-11&amount=很多&hours_1=0")
    assert "请填写金额" in page and "很多" in page and "请至少选一天" in page
    assert "请从列出的选项里选择" in said(client, "calculator", query="?month=1999-01&hours_1=2")


@pytest.mark.clause("2.6.3-k")
def test_income_and_the_uses_of_the_district_and_a_school(client: Client, stage: World) -> None:
    page = said(client, "accounts")
    assert "220.00" in page and "校内教师补助" in page and "双桂湖畔小学" in page
    one = said(client, "account", stage.riverside.school.code)
    assert "双桂湖畔小学收支公示" in one and "人数少，不单独公布" in one
    sheet = client.get(reverse("public:accounts") + "?as=sheet").getvalue().decode("utf-8-sig")
    assert "减免的孩子少" in sheet
    for text in (page, one, said(client, "publication", Publication.objects.get().number)):
        assert "不公布" in text  # two children: the sum would say how many pay nothing
    assert client.get(reverse("public:accounts") + "?term=none").status_code == 404


def test_a_publication_stands_with_its_hash_and_says_when_it_was_withdrawn(client: Client, stage: World) -> None:
    made = Publication.objects.get()
    page = said(client, "publication", made.number)
    assert made.digest in page and made.number in page
    assert client.get(reverse("public:poster", args=(made.number,))).content.startswith(b"%PDF")
    disclosure.withdraw(made, reason="数字有误，重新公布", by=stage.riverside.by("principal"), at=FIRST)
    assert "数字有误，重新公布" in said(client, "publication", made.number)
    assert made.title not in said(client, "publications")
    assert client.get(reverse("public:poster", args=(made.number,))).status_code == 404


def test_a_paper_is_verified_without_naming_anybody(client: Client, stage: World) -> None:
    payment, agreement, made = Payment.objects.get(), Agreement.objects.first(), Publication.objects.get()
    Agreement.objects.filter(pk=agreement.pk).update(check_code="A1B2C3D4E5F6")
    for code, words in (
        (payment.check_code, payment.receipt_number),
        ("A1B2C3D4E5F6", "课后服务协议书"),
        (made.number, made.title),
        (made.digest[:16], made.digest),
        ("-".join(made.digest[at : at + 4] for at in range(0, 16, 4)), made.digest),
    ):
        page = said(client, "verify", code)
        assert words in page and "陈" not in page.replace("双桂", ""), code
    for code in ("f00df00df00df00d", "短"):
        assert client.get(reverse("public:verify", args=(code,))).status_code == 404
    moved = client.get(reverse("public:verifying") + f"?code={payment.check_code}")
    assert moved.status_code == 302


def test_basis_and_rules_are_printed_with_their_clauses(client: Client, stage: World) -> None:
    page = said(client, "basis", query="?q=收费")
    assert "每月收费标准" in page and "二（六）1 经费筹措" in page and "梁平教委〔2021〕1号" in page
    rules = said(client, "rules", query="?q=R-FEE-04")
    assert "服务性收费项目中增加" in rules and "只能收“…”一个项目" in rules and "R-TIME-03" not in rules


@pytest.mark.parametrize("name", ["participation", "activities", "money"])
def test_tables_can_be_taken_away_and_no_row_is_a_person(client: Client, stage: World, name: str) -> None:
    answer = client.get(reverse("public:download", args=(name,)))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "双桂湖畔小学" in text and "陈小" not in text and not answer.cookies
    assert client.get(reverse("public:download", args=("pupils",))).status_code == 404


@pytest.mark.parametrize("name", ["schools", "accounts", "publications", "complaints", "draws"])
def test_a_hundred_schools_cost_what_two_cost(client: Client, stage: World, name: str) -> None:
    said(client, name)

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            said(client, name)
        return len(found)

    few = cost()
    School.objects.bulk_create(
        School(code=f"21509977{number:02d}", name=f"第{number}小学（演示）", kind="primary", town="梁山街道")
        for number in range(30)
    )
    assert cost() == few


@pytest.mark.clause("1-d", "2.3-j")
def test_a_stranger_reads_the_rule_takes_record_and_verifier_and_repeats_the_draw(
    world: World, client: Client, tmp_path
) -> None:
    here = open_stage(world)
    submit(here, world.mei)
    draw = published(here)
    page = said(client, "draw", draw.pk)
    assert "志愿优先摇号" in page and "有一天靠前，就有一天靠后" in page and "从差得最多的停起" in page
    assert reverse("public:draw_program", args=("verifier",)) in page
    record, program = tmp_path / "record.json", tmp_path / "verifier.py"
    record.write_bytes(b"".join(client.get(reverse("public:draw_record", args=(draw.pk,))).streaming_content))
    program.write_bytes(client.get(reverse("public:draw_program", args=("verifier",))).content)
    done = subprocess.run([sys.executable, "-I", program, record], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.startswith("RIGHT")) == (0, True), done.stderr
    assert client.get(reverse("public:draw_program", args=("settings",))).status_code == 404
    assert b"python follows.py" in client.get(reverse("public:draw_program", args=("follows",))).content


def test_the_rule_stands_beside_a_draw_that_is_to_come(world: World, client: Client) -> None:
    planned(open_stage(world))
    page = said(client, "coming_draws")
    assert "志愿优先摇号" in page and "人人都留着一个位置" in page
