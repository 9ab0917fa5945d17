"""The content lint where it is used: a row of the table, and the command over a list."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.models import Activity, ActivityTable
from kehou.chapters.programme.queries import checking
from kehou.lib import sheets
from kehou.rules.verdicts import Refused
from tests.chapters.programme.stage import AT, row
from tests.world import World

LIST = 'name,description,grades\n数学游戏,七巧板、24点,3-4\n奥 数,小班活动,5\n阅读,"自由阅读，不考试",1-6\n英语角,讲新课,7-8\n'


def lint(path: Path, *more: str) -> list[dict]:
    out = io.StringIO()
    call_command("content_lint", str(path), "--json", *more, stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"name": "数学思维提升"}, "P2-1", "name"),
        ({"aim": "锻炼实践能力，周五讲新课"}, "R-PROH-02", "aim"),
        ({"kit": "实验盒（每套45元）"}, "P4-3", "kit"),
        ({"kit": "扫码购买实验盒"}, "P9-1", "kit"),
    ],
)
def test_a_row_is_refused_beside_the_field_that_offends(
    world: World, table: ActivityTable, changes, code, field
) -> None:
    facts = row(world.riverside, **changes)
    with pytest.raises(Refused) as no:
        programme.add_activity(table, facts, by=world.riverside.by("asp_manager"), at=AT)
    assert {refusal.code for refusal in no.value.refusals} == {code}
    assert [one.field for one in checking(table, on=AT.date()).problems(facts)] == [field]
    assert not Activity.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_list_is_linted_in_the_encodings_of_offices(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(LIST.encode(encoding))
    found = lint(path)
    assert [(one["row"], one["verdict"], one["clause"]) for one in found] == [
        (2, "allow", None),
        (3, "block", "3.3-b"),
        (4, "allow", None),
        (5, "block", "2.3-o"),
    ]
    assert found[1]["terms"] == ["奥数"]
    assert all(list(one) == ["row", "verdict", "terms", "clause"] for one in found), "what other programs read"
    assert {"name", "why", "commerce"} <= set(lint(path, "--full")[1])


def test_a_list_is_linted_as_a_workbook_too(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with path.open("wb") as file:
        columns = [sheets.Column("活动名称"), sheets.Column("说明"), sheets.Column("年级")]
        sheets.write_workbook(file, sheets.Table("清单", columns, [("补课", "", "三至六年级")]))
    assert [one["verdict"] for one in lint(path)] == ["block"]


def test_for_people_it_says_which_and_why(tmp_path: Path) -> None:
    path, out = tmp_path / "list.csv", io.StringIO()
    path.write_text(LIST, encoding="utf-8")
    call_command("content_lint", str(path), stdout=out)
    assert "第3行 奥 数：“奥 数”属于奥数类内容" in out.getvalue()
    assert "共4项，2项不得开展，2项可以。" in out.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "没有这个文件"), (b"", "空"), (b"%PDF-1.7 ...", "PDF"), ("甲,乙\n1,2\n".encode(), "没有找到活动")],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(tmp_path: Path, content: bytes | None, says: str) -> None:
    path = tmp_path / "list.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=says):
        lint(path)
