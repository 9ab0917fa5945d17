"""What a desk gives away as a spreadsheet is what the page shows, and nothing in it runs."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime, time

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.lib import sheets
from kehou.lib.sheets.writing import harmless, yuan

COLUMNS = [
    sheets.Column("姓名"),
    sheets.Column("身份证号"),
    sheets.Column("出生日期", "day"),
    sheets.Column("应缴（元）", "fen"),
    sheets.Column("次数", "whole"),
    sheets.Column("登记时间", "moment"),
    sheets.Column("放学", "clock"),
    sheets.Column("参加", "yes"),
    sheets.Column("出勤率", "percent"),
]
ROWS = [
    ("王一", "500999201603150017", date(2016, 3, 15), 12345, 3, datetime(2026, 9, 1, 1, 5, tzinfo=UTC), time(16), True, 0.5),
    ('=HYPERLINK("http://x")', "+86", None, -5, 0, None, None, False, None),
]  # fmt: skip


def opened(*tables: sheets.Table) -> openpyxl.Workbook:
    return openpyxl.load_workbook(sheets.workbook(*tables))


def test_it_keeps_long_numbers_as_text_and_money_days_and_instants_as_what_they_are():
    sheet = opened(sheets.Table("账单", COLUMNS, ROWS)).active
    assert [cell.value for cell in sheet[1]] == [column.name for column in COLUMNS]
    name, number, born, due, times, at, clock, yes, share = sheet[2]
    assert (number.value, number.data_type) == ("500999201603150017", "s")
    assert (due.value, due.number_format) == (123.45, "#,##0.00")
    assert (born.value.date().isoformat(), born.number_format) == ("2016-03-15", "yyyy-mm-dd")
    assert at.value.isoformat() == "2026-09-01T09:05:00", "an instant is shown by Beijing's clock"
    assert (clock.value, times.value, yes.value, share.value) == (time(16), 3, "是", 0.5)
    assert name.value == "王一"


def test_it_writes_what_looks_like_a_formula_as_text():
    texts = ["=1+1", "+86 199", "-1", "@sum", "http://example.test", "1e5"]
    sheet = opened(sheets.Table("表", [sheets.Column("备注")], [(text,) for text in texts])).active
    assert [sheet.cell(row, 1).value for row in range(2, 8)] == texts
    assert {sheet.cell(row, 1).data_type for row in range(2, 8)} == {"s"}
    assert not sheet._hyperlinks


def test_what_is_typed_into_an_empty_text_column_stays_text():
    sheet = opened(sheets.Table("模板", [sheets.Column("身份证号"), sheets.Column("次数", "whole")], [])).active
    assert sheet.column_dimensions["A"].number_format == "@" and sheet.column_dimensions["B"].number_format == "General"


def test_it_gives_every_table_its_own_sheet_with_a_name_that_excel_takes():
    tables = [sheets.Table("三（2）班/名单" * 9, [sheets.Column("姓名")], [("王一",)]) for _ in range(3)]
    names = opened(*tables).sheetnames
    assert len({name.lower() for name in names}) == 3
    assert all(len(name) <= 31 and "/" not in name for name in names)


def test_it_reads_rows_once_and_goes_on_in_the_next_sheet(monkeypatch):
    monkeypatch.setattr("kehou.lib.sheets.writing.ROWS_OF_A_SHEET", 4)
    book = opened(sheets.Table("长", [sheets.Column("号", "whole")], ((number,) for number in range(7))))
    assert [[cell.value for (cell,) in sheet.iter_rows(min_row=2)] for sheet in book] == [[0, 1, 2], [3, 4, 5], [6]]


def test_a_row_that_does_not_fit_the_columns_is_an_error_and_not_a_shifted_table():
    with pytest.raises(ValueError, match=r"shorter|longer"):
        sheets.workbook(sheets.Table("表", COLUMNS, [("王一",)]))


def test_the_download_is_a_spreadsheet_with_its_chinese_name():
    answer = sheets.download("十月账单.xlsx", COLUMNS, ROWS)
    assert answer["Content-Type"] == sheets.writing.XLSX
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%8D%81")
    body = b"".join(answer)
    assert zipfile.is_zipfile(io.BytesIO(body)) and int(answer["Content-Length"]) == len(body)


def test_a_csv_opens_in_excel_with_the_right_characters_and_runs_nothing():
    answer = sheets.download("账单.csv", COLUMNS, ROWS)
    body = b"".join(answer)
    assert body.startswith(b"\xef\xbb\xbf") and "%E8%B4%A6%E5%8D%95.csv" in answer["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert lines[1] == [
        "王一", "500999201603150017\t", "2016-03-15", "123.45", "3", "2026-09-01 09:05", "16:00", "是", "50.0%",
    ]  # fmt: skip
    assert lines[2][:4] == ['\'=HYPERLINK("http://x")', "'+86", "", "-0.05"]


@given(st.text())
def test_no_text_of_a_csv_starts_like_a_formula(text):
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


@given(st.integers(-(10**12), 10**12))
def test_yuan_lose_no_fen(fen):
    whole, cents = yuan(fen).lstrip("-").split(".")
    assert (int(whole) * 100 + int(cents)) * (-1 if fen < 0 else 1) == fen and len(cents) == 2


def test_memory_does_not_grow_with_the_rows():
    import tracemalloc

    def peak(rows: int) -> int:
        tracemalloc.start()
        sheets.workbook(sheets.Table("长", [sheets.Column("姓名")] * 5, (("王一",) * 5 for _ in range(rows)))).close()
        return (tracemalloc.get_traced_memory()[1], tracemalloc.stop())[0]

    peak(10)
    assert peak(6000) < peak(600) + 2_000_000
