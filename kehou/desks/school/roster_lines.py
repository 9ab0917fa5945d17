"""What a read roster shows, line by line: problems, repairs, changes, hints, who is missing; also as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http.response import HttpResponseBase

from kehou.chapters.enrolment.models import Enrolment
from kehou.chapters.people.models import Pupil, RosterImport
from kehou.lib import clock, sheets

KINDS = {"problems": "有问题", "repairs": "已修整", "changed": "有变动", "hints": "请留意", "left": "名册里没有"}
TEMPLATE = (
    "年级",
    "班级",
    "姓名",
    "性别",
    "出生日期",
    "身份证号",
    "学籍号",
    "监护人姓名",
    "与学生关系",
    "监护人电话",
    "就读方式",
)
EXAMPLE = ("三年级", "2班", "（示例，导入前请删除本行）", "女", "2018-03-15", "", "", "", "母亲", "19900000000", "走读")

Line = dict[str, Any]


def count_of(kept: RosterImport, kind: str) -> int:
    """Return how many lines of a kind a roster has."""
    if kind == "left":
        return _in_school(kept).count()
    if kind == "changed":
        return int(kept.report.get("changed_count", 0))
    return len(kept.report.get(kind, ()))


def lines_of(kept: RosterImport, kind: str, wanted: str = "") -> list[Line]:
    """Return the lines of a kind in which the wanted text stands."""
    if kind == "left":
        lines = leavers(kept)
    elif kind == "changed":
        lines = [
            {**line, "find": f"{line['name']} {' '.join(value for part in line['differences'] for value in part)}"}
            for line in kept.report.get(kind, ())
        ]
    else:
        lines = [{**line, "find": _words(line)} for line in kept.report.get(kind, ())]
    return [line for line in lines if wanted in line["find"]]


def _words(line: Line) -> str:
    row = f"第{line['row']}行" if line["row"] else "整张表"
    return " ".join(
        (line["sheet"], row, line["column"], line["message"], line.get("before", ""), line.get("after", ""))
    )


def _in_school(kept: RosterImport) -> Any:
    return Pupil.objects.filter(pk__in=kept.report.get("left", ()), school=kept.school, state=Pupil.IN_SCHOOL)


def leavers(kept: RosterImport) -> list[Line]:
    """Return the children in school whom the file does not hold, and until when each takes part in the service."""
    pupils = list(
        _in_school(kept).select_related("homeroom").order_by("homeroom__grade", "homeroom__number", "name_sort")
    )
    serving = dict(
        Enrolment.objects.filter(pupil__in=pupils, until_on__gt=clock.today()).values_list("pupil_id", "until_on")
    )
    return [
        {"pupil": pupil, "serving_until": serving.get(pupil.pk), "find": f"{pupil.name} {pupil.homeroom}"}
        for pupil in pupils
    ]


def figures_of(kept: RosterImport) -> list[Line]:
    """Return the figures above the lines."""
    report = kept.report
    return [
        {"label": "可以导入", "value": report["accepted"], "unit": "人", "kind": "done" if report["accepted"] else ""},
        {"label": "其中已修整", "value": report["repaired"], "unit": "行"},
        {"label": "有问题", "value": report["refused"], "unit": "行", "kind": "refused" if report["refused"] else ""},
        {"label": "新增", "value": report["new"], "unit": "人"},
        {"label": "更新", "value": report["changed_count"], "unit": "人"},
        {"label": "不变", "value": report["unchanged"], "unit": "人"},
    ]


def sheet_of(kept: RosterImport, kind: str, lines: Iterable[Line]) -> HttpResponseBase:
    """Return the lines of a kind as a spreadsheet."""
    name = f"名册{KINDS[kind]}-{kept.read_at:%Y%m%d}.xlsx"
    if kind == "left":
        columns = [sheets.Column("班级"), sheets.Column("姓名"), sheets.Column("课后服务到", "day")]
        rows: Iterable[Any] = (
            (str(line["pupil"].homeroom), line["pupil"].name, line["serving_until"]) for line in lines
        )
    elif kind == "changed":
        columns = [sheets.Column(title) for title in ("姓名", "项目", "现在", "改为")]
        rows = ((line["name"], *part) for line in lines for part in line["differences"])
    else:
        columns = [sheets.Column("工作表"), sheets.Column("行", "whole")]
        columns += [sheets.Column(title) for title in ("列", "说明", "原来", "改为")]
        keys = ("sheet", "row", "column", "message", "before", "after")
        rows = ([line.get(key) for key in keys] for line in lines)
    return sheets.download(name, columns, rows)


def template_sheet() -> HttpResponseBase:
    """Return the empty table that is always read right; its example row is refused until it is deleted."""
    columns = [sheets.Column(name, width=22 if "号" in name else 14) for name in TEMPLATE]
    return sheets.download("学生名册模板.xlsx", columns, [EXAMPLE], sheet="学生名册")


def history_sheet(kept_ones: Iterable[RosterImport]) -> HttpResponseBase:
    """Return the rosters of a school as a spreadsheet."""
    texts, numbers, moments = ("文件", "状态", "预检人", "导入人"), ("可导入", "有问题"), ("预检时间", "导入时间")
    columns = [
        *map(sheets.Column, texts),
        *(sheets.Column(name, "whole") for name in numbers),
        *(sheets.Column(name, "moment") for name in moments),
    ]
    rows = (
        (
            *(one.file_name, one.state_title, one.read_by, one.taken_by),
            *(one.report.get("accepted"), one.report.get("refused")),
            *(one.read_at, one.taken_at),
        )
        for one in kept_ones
    )
    return sheets.download("名册导入记录.xlsx", columns, rows)
