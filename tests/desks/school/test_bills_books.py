"""资助名单, 收支 and 公示 at the school desk."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from kehou.chapters.disclosure.models import Posting, Publication
from kehou.chapters.journal.models import Entry
from kehou.chapters.money.models import Appropriation, Expense, Refund
from kehou.chapters.people.models import CareRecord, Pupil
from kehou.lib import sheets
from tests.billing import FIRST, bill_of, open_books, pay, run
from tests.desks.school.test_bills import as_, url
from tests.world import World, make_pupil

pytestmark = pytest.mark.django_db
GROUND = {"pupil": "陈小梅", "category": "dibao_family", "source": "区资助中心2026年秋季名单", "from_on": "2026-09-01"}


@pytest.fixture
def paid(world: World, at_moment) -> World:
    """Return the world with November's bills paid."""
    at_moment(FIRST)
    open_books(world)
    run(world)
    pay(world, bill_of(world.mei), bill_of(world.bo))
    return world


# --- The list ---------------------------------------------------------------------------------------------------------


def test_one_child_is_added_and_the_bills_of_the_past_follow(client: Client, paid: World) -> None:
    as_(client, paid, "aid_officer")
    assert client.post(url("care_adding", paid), GROUND).status_code == 302
    assert Refund.objects.get().amount_fen == 110_00
    page = client.get(url("care", paid)).content.decode()
    assert "低保家庭" in page and "100%" in page
    assert client.get(url("care", paid) + "?as=sheet").status_code == 200
    as_(client, paid, "cashier")
    assert client.post(url("care_adding", paid), GROUND).status_code == 403


def test_a_name_that_fits_two_children_is_asked_back(client: Client, paid: World) -> None:
    twin = make_pupil(paid.riverside, "陈小梅", grade=4)
    as_(client, paid, "aid_officer")
    answer = client.post(url("care_adding", paid), GROUND)
    assert answer.status_code == 409 and f"编号{twin.pk}" in answer.content.decode()
    assert "区资助中心2026年秋季名单" in answer.content.decode()  # what was typed stays
    assert client.post(url("care_adding", paid), {**GROUND, "pupil": str(twin.pk)}).status_code == 302
    assert client.post(url("care_adding", paid), {**GROUND, "source": " "}).status_code == 409
    assert client.post(url("care_adding", paid), {**GROUND, "pupil": "没有"}).status_code == 409


def test_a_ground_ends_and_stays_in_the_list(client: Client, paid: World) -> None:
    as_(client, paid, "aid_officer")
    client.post(url("care_adding", paid), GROUND)
    record = CareRecord.objects.get()
    assert client.post(url("care_ending", paid, record.pk), {"on": "2026-11-01"}).status_code == 302
    assert client.post(url("care_ending", paid, record.pk), {"on": "2026-11-01"}).status_code == 409
    assert "已终止" in client.get(url("care", paid)).content.decode()
    assert bill_of(paid.mei).due_fen == 110_00
    client.force_login(paid.hill.who["aid_officer"])
    from django.urls import reverse

    other = reverse("school:care_ending", args=(paid.hill.school.code, record.pk))
    assert client.post(other, {"on": "2026-11-01"}).status_code == 404


def listed(*rows: tuple) -> SimpleUploadedFile:
    """Return a list as a spreadsheet."""
    file = io.BytesIO()
    columns = [sheets.Column(name) for name in ("姓名", "班级", "类别", "起始日期")]
    sheets.write_workbook(file, sheets.Table("名单", columns, rows))
    return SimpleUploadedFile("名单.xlsx", file.getvalue())


def test_a_list_is_tried_dry_and_then_taken_whole(client: Client, paid: World) -> None:
    as_(client, paid, "aid_officer")
    file = listed(("陈小梅", "三年级1班", "低保家庭", "2026-09-01"), ("陈小波", "3.1", "农村脱贫户", "2026/10/1"))
    dry = client.post(url("care_trial", paid), {"file": file, "source": "区名单"})
    page = dry.content.decode()
    assert dry.status_code == 200 and "读到2人，还没有写入" in page and not CareRecord.objects.exists()
    token = dry.context["token"]
    assert client.post(url("care_taking", paid), {"token": token}).status_code == 302
    assert set(CareRecord.objects.values_list("category", "source")) == {
        ("dibao_family", "区名单"),
        ("poverty_relief_household", "区名单"),
    }
    assert Refund.objects.count() == 2
    assert client.post(url("care_taking", paid), {"token": token + "x"}).status_code == 409


def test_who_has_left_between_trial_and_taking_stops_the_whole_list(client: Client, paid: World) -> None:
    as_(client, paid, "aid_officer")
    file = listed(("陈小梅", "三年级1班", "低保家庭", "2026-09-01"), ("陈小波", "3.1", "农村脱贫户", "2026/10/1"))
    token = client.post(url("care_trial", paid), {"file": file, "source": "区名单"}).context["token"]
    Pupil.objects.filter(pk=paid.bo.pk).update(state="left")
    answer = client.post(url("care_taking", paid), {"token": token})
    assert answer.status_code == 409 and "1名学生已不在本校，整份没有写入" in answer.content.decode()
    assert not CareRecord.objects.exists()


def test_one_wrong_line_and_nothing_is_taken(client: Client, paid: World) -> None:
    as_(client, paid, "aid_officer")
    file = listed(
        ("陈小梅", "", "低保家庭", "2026-09-01"), ("王大锤", "", "低保家庭", "九月"), ("陈小波", "", "富户", "2026-9-1")
    )
    dry = client.post(url("care_trial", paid), {"file": file, "source": "区名单"})
    page = dry.content.decode()
    assert dry.status_code == 409 and not dry.context["token"]
    assert "第3行：名册里没有“王大锤”" in page and "日期“九月”看不懂" in page and "“富户”不在保障类别表里" in page
    assert client.post(url("care_trial", paid), {"source": "区名单"}).status_code == 409
    for homeroom, day in (("1" * 9000, "2026-09-01"), ("", "²²²²²²²²"), ("", "①②③④⑤⑥⑦⑧")):
        odd = listed(("陈小梅", homeroom, "低保家庭", day))
        assert client.post(url("care_trial", paid), {"file": odd, "source": "区名单"}).status_code in (200, 409)


# --- The books --------------------------------------------------------------------------------------------------------


def test_spending_needs_an_appropriation_and_a_permitted_use(client: Client, paid: World) -> None:
    as_(client, paid, "cashier")
    spent = {"on": "2026-11-12", "use": "U5", "description": "科学小实验耗材", "voucher": "V-1", "amount_fen": "93.5"}
    refused = client.post(url("expense", paid), spent)
    assert refused.status_code == 409 and "收入不能直接支出" in refused.content.decode()
    given = {"on": "2026-11-10", "source": "fees", "voucher": "BF-1", "amount_fen": "1,000"}
    assert client.post(url("appropriation", paid), given).status_code == 302
    assert client.post(url("expense", paid), {**spent, "description": "本月管理费"}).status_code == 409
    assert client.post(url("expense", paid), {**spent, "amount_fen": "很多"}).status_code == 409
    assert client.post(url("expense", paid), spent).status_code == 302
    assert (Appropriation.objects.get().amount_fen, Expense.objects.get().amount_fen) == (1_000_00, 93_50)
    page = client.get(url("account", paid)).content.decode()
    assert "科学小实验耗材" in page and "220.00" in page and "906.50元" in page
    assert client.get(url("account", paid) + "?month=2026-11").status_code == 200
    assert client.get(url("account", paid) + "?as=sheet").status_code == 200
    as_(client, paid, "parents_committee")
    assert client.post(url("expense", paid), spent).status_code == 403


# --- Publications -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "says"), [("prices", "110.00"), ("account", "220.00")])
def test_what_is_composed_is_previewed_published_and_printed(client: Client, paid: World, kind: str, says: str) -> None:
    as_(client, paid, "principal")
    preview = client.get(url("publication_draft", paid, kind))
    assert preview.status_code == 200 and says in preview.content.decode() and not Publication.objects.exists()
    assert client.post(url("publication_draft", paid, kind), {"confirmed": "1"}).status_code == 302
    made = Publication.objects.get()
    assert made.title in client.get(url("publications", paid)).content.decode()
    for size in ("", "?size=a3"):
        paper = client.get(url("poster", paid, made.number) + size)
        assert paper.status_code == 200 and paper.content.startswith(b"%PDF")


@pytest.mark.clause("2.5-k")
def test_a_poster_is_printed_with_its_code_hung_up_and_noted_and_who_asks_reads_where(
    client: Client, paid: World
) -> None:
    as_(client, paid, "principal")
    client.post(url("publication_draft", paid, "prices"), {"confirmed": "1"})
    made = Publication.objects.get()
    assert "还没有上墙" in client.get(url("publications", paid)).content.decode()
    for size, wide in (("", 595), ("?size=a3", 842)):
        paper = PdfReader(io.BytesIO(client.get(url("poster", paid, made.number) + size).content)).pages[0]
        assert abs(float(paper.mediabox.width) - wide) < 2 and made.number in paper.extract_text()
    address, hung = url("publication_posting", paid, made.number), {"place": "校门口公示栏", "on": "2026-11-02"}
    for wrong, said in (
        ({"place": "墙"}, "请写张贴在哪里"), ({"on": "2026-11-03"}, "还没有到"), ({"on": "2026-11-01"}, "不能早于公布"),
    ):  # fmt: skip
        answer = client.post(address, {**hung, **wrong})
        assert answer.status_code == 409 and said in answer.content.decode()
    assert not Posting.objects.exists()
    assert client.post(address, hung).status_code == client.post(address, hung).status_code == 302
    assert Posting.objects.count() == 1 and Entry.objects.filter(verb="disclosure.posted").count() == 1
    page = client.get(url("publications", paid)).content.decode()
    assert "校门口公示栏" in page and "还没有上墙" not in page
    assert "校内公示栏：校门口公示栏" in Client().get(f"/publications/{made.number}/").content.decode()
    client.post(url("publication_withdrawal", paid, made.number), {"reason": "价格写错了"})
    answer = client.post(address, {**hung, "place": "教学楼门厅"})
    assert answer.status_code == 409 and "已经撤回" in answer.content.decode()
    as_(client, paid, "parents_committee")
    assert client.post(address, hung).status_code == 403


def test_the_six_items_are_typed_checked_and_published(client: Client, paid: World) -> None:
    as_(client, paid, "principal")
    typed = {
        "title": "课后服务公开事项", "time": "放学后至18:30", "form": "校内集中，分组活动", "activities": "见内容项目表",
        "safety": "点名、交接、值班", "price": "见收费公示牌", "phones": "023-53200000",
    }  # fmt: skip
    address = url("publication_draft", paid, "service")
    assert client.get(address).status_code == 200
    wrong = client.post(address, {**typed, "safety": "请家长扫码进群"})
    assert "“扫码”" in wrong.content.decode() and 'aria-disabled="true"' in wrong.content.decode()
    assert client.post(address, {**typed, "safety": "陈小梅值日", "confirmed": "1"}).status_code == 409
    assert client.post(address, {**typed, "confirmed": "1"}).status_code == 302
    made = Publication.objects.get()
    assert made.content["safety"] == "点名、交接、值班"
    assert client.get(url("poster", paid, made.number)).content.startswith(b"%PDF")
    assert client.post(url("publication_withdrawal", paid, made.number), {"reason": "错"}).status_code == 409
    assert client.post(url("publication_withdrawal", paid, made.number), {"reason": "时间写错了"}).status_code == 302
    made.refresh_from_db()
    assert made.withdrawn_because == "时间写错了"
    assert client.get(url("publication_draft", paid, "advert")).status_code == 404


def test_a_month_is_published_for_at_least_seven_days(client: Client, paid: World) -> None:
    as_(client, paid, "cashier")
    answer = client.post(url("publication_draft", paid, "account"), {"confirmed": "1", "month": "2026-11"})
    assert answer.status_code == 302
    made = Publication.objects.get()
    assert (made.period, made.shown_until_on) == ("2026-11", date(2026, 11, 9))
