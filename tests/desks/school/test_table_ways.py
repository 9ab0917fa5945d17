"""Spreadsheet, copy, proposal and balance at the desk."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.models import Activity, ActivityTable
from kehou.lib import sheets
from tests.chapters.programme.stage import AT, row
from tests.chapters.surveys.stage import AT as ASKED
from tests.consultation import consult
from tests.desks.school.stage import answers, url
from tests.desks.school.test_surveys import over
from tests.world import World


@pytest.fixture
def draft(world: World, client: Client, at_moment: Callable[[Any], None]) -> ActivityTable:
    """Return Riverside's table as a draft, the manager at the desk."""
    at_moment(AT)
    consult(world)
    client.force_login(world.riverside.who["asp_manager"])
    return programme.start_table(world.riverside.school, world.term, by=world.riverside.by("asp_manager"), at=AT)


def file(*rows: tuple[object, ...]) -> SimpleUploadedFile:
    columns = [sheets.Column(name) for name in ("活动名称", "类别", "类型", "年级", "星期", "课时", "人数上限", "目标")]
    made = io.BytesIO()
    sheets.write_workbook(made, sheets.Table("项目表", columns, rows))
    return SimpleUploadedFile("table.xlsx", made.getvalue())


ROPE = ("花样跳绳", "文体", "特色", "3-6", "周一三", "1", "20", "培养运动兴趣")


def test_a_sheet_is_looked_through_then_taken(client: Client, world: World, draft: ActivityTable) -> None:
    where = url("table_sheet", world)
    answer = client.post(where, {"file": file(ROPE, ("补课班", "文体", "特色", "9", "周一", "1", "20", "兴趣"))})
    page = answer.content.decode()
    assert answer.status_code == 409 and "第3行：" in page and "补课" in page and not Activity.objects.exists()
    assert "核对通过，还没有写入：将新增1项" in client.post(where, {"file": file(ROPE)}).content.decode()
    assert not Activity.objects.exists()
    assert "新增1项" in client.post(where, {"file": file(ROPE), "step": "take"}, follow=True).content.decode()
    more = (*ROPE[:6], "18", ROPE[7])
    assert "修改1项" in client.post(where, {"file": file(more), "step": "take"}, follow=True).content.decode()
    assert Activity.objects.get().capacity == 18
    assert "请选择一个表格文件" in client.post(where).content.decode()
    assert client.post(where, {"file": SimpleUploadedFile("x.xlsx", b"%PDF-1.4 no table")}).status_code == 409


def test_what_is_exported_can_be_brought_in_again(client: Client, world: World, draft: ActivityTable) -> None:
    programme.add_activity(draft, row(world.riverside), by=world.riverside.by("asp_manager"), at=AT)
    exported = b"".join(client.get(url("table", world), {"as": "sheet"}).streaming_content)
    sent = {"file": SimpleUploadedFile("t.xlsx", exported), "step": "take"}
    assert "1项没有变化" in client.post(url("table_sheet", world), sent, follow=True).content.decode()


@pytest.mark.clause("2.3-a", "2.3-b", "2.3-f")
def test_the_balance_says_what_lacks_and_offers_what_fills_it(
    client: Client, world: World, draft: ActivityTable
) -> None:
    programme.add_activity(draft, row(world.riverside), by=world.riverside.by("asp_manager"), at=AT)
    page = client.get(url("table_balance", world)).content.decode()
    assert "还没有基础活动" in page and "作业答疑站" in page and f"{url('activity_new', world)}?template=2" in page
    assert client.get(url("table_balance", world), {"as": "sheet"}).status_code == 200


def test_a_proposal_is_taken_over_with_one_click(
    client: Client, world: World, draft: ActivityTable, at_moment: Callable[[Any], None]
) -> None:
    survey = over(world)
    at_moment(ASKED + timedelta(days=1))
    assert (
        url("survey_takeover", world, survey.pk)
        in client.get(url("survey_proposal", world, survey.pk)).content.decode()
    )
    shown = {"with_undecided": "0", "with_silent": "0", "with_size": "15"}
    page = client.post(url("survey_takeover", world, survey.pk), shown, follow=True).content.decode()
    assert Activity.objects.get(name="花样跳绳").capacity == 15  # the assumption that the page showed
    assert "项草案" in page and Activity.objects.filter(name="花样跳绳").exists()
    page = client.post(url("survey_takeover", world, survey.pk), follow=True).content.decode()
    assert "没有可以采用的草案" in page


def test_copying_without_an_earlier_term_says_so(client: Client, world: World, draft: ActivityTable) -> None:
    assert "以前的学期没有项目表" in client.get(url("table_copying", world)).content.decode()
    assert client.post(url("table_copying", world), {"name": ["x"]}).status_code == 409


@pytest.mark.parametrize("name", ["table_sheet", "table_copying"])
def test_who_may_bring_in(client: Client, world: World, draft: ActivityTable, name: str) -> None:
    assert answers(client, world, url(name, world), "asp_manager") == (200, 404, 302)
    assert answers(client, world, url(name, world), "principal") == (403, 404, 302)


def test_who_may_see_the_balance_and_take_over(client: Client, world: World, draft: ActivityTable) -> None:
    assert answers(client, world, url("table_balance", world), "principal") == (200, 404, 302)
    assert answers(client, world, url("table_balance", world), "cashier") == (403, 404, 302)
    survey = over(world)
    client.force_login(world.riverside.who["principal"])
    assert client.post(url("survey_takeover", world, survey.pk)).status_code == 403
