"""Files as schools send them, and files that would hurt: read or refused with what to do, never a crash."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt

from kehou.lib.sheets.rosters import read_roster
from kehou.rules.roster import Report
from tests.rules.roster.sheets import HEADER, ON, PHONE, codes, number, pupil

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "rosters"
LINES = [HEADER, pupil(1), pupil(2, phone="1")]
EXPECTED = [["王一诺", number(), 3, 2, PHONE]]


def read(content: bytes, **more: object) -> Report:
    return read_roster(io.BytesIO(content), on=ON, **more)  # type: ignore[arg-type]


def text(lines: list, separator: str = ",", end: str = "\r\n") -> str:
    return "".join(separator.join(str(cell) for cell in line) + end for line in lines)


def xlsx(*sheets: tuple[str, list], **more: object) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in sheets:
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def rezipped(content: bytes, **entries: bytes) -> bytes:
    """Return a workbook with some of its entries replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, entries.pop(name, None) or old.read(name))
        for name, body in entries.items():
            new.writestr(name, body)
    return file.getvalue()


# --- the files that were given ------------------------------------------------------------------------------------------


@pytest.mark.skipif(not SHARED.is_dir(), reason="NOT RUN: the real roster files (../shared/data/rosters) are not here")
@pytest.mark.parametrize("name", ["01-xueji-export.xlsx", "02-teacher-export-gbk.csv", "03-one-sheet-a-class.xlsx"])
def test_the_real_files_give_what_they_should(name):
    expected = json.loads((SHARED / f"{name.rsplit('.', 1)[0]}.expected.json").read_text("utf-8"))
    told = read_roster(SHARED / name, on=date(2026, 9, 1)).as_dict()
    assert told["accepted"] == expected["accepted"] and told["pupils"] == expected["pupils"]
    found = [
        [one["code"], one["sheet"], one["row"]] if one["sheet"] else [one["code"], one["row"]]
        for one in told["problems"]
    ]
    assert found == expected["problems"]


# --- text ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", "\t", ";", "|", "，"])
def test_every_encoding_and_separator(encoding, separator):
    content = text(LINES, separator).encode(encoding)
    report = read(content)
    assert report.as_dict()["pupils"] == EXPECTED
    assert [(one.code, one.place.row, one.place.sheet) for one in report.problems] == [("phone_wrong", 3, "")]


def test_utf_16_with_the_mark_of_the_big_end():
    assert read(b"\xfe\xff" + text(LINES).encode("utf-16-be")).as_dict()["pupils"] == EXPECTED


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_end_of_line(end):
    assert read(text(LINES, end=end).encode()).as_dict()["pupils"] == EXPECTED


def test_columns_set_apart_by_spaces():
    report = read(text([*LINES, ["王 二", "男", number(sequence=5), "三（2）班", PHONE]], "   ").encode())
    assert report.as_dict()["pupils"] == EXPECTED
    assert [(one.code, one.place.row) for one in report.problems][:2] == [("phone_wrong", 3), ("name_characters", 4)]


def test_a_line_break_inside_quotes_makes_no_new_row():
    content = '"姓名","性别","身份证\n号","班级","电话"\r\n\r\n' + text([pupil(phone="1")])
    report = read(content.encode("gbk"))
    assert [(one.code, one.place.row) for one in report.problems] == [("phone_wrong", 3)]


def test_the_line_that_names_the_separator_is_not_shown_as_a_row():
    report = read(("sep=;\r\n" + text(LINES, ";")).encode("utf-8-sig"))
    assert report.as_dict()["pupils"] == EXPECTED and report.problems[0].place.row == 3


def test_text_that_protects_its_numbers():
    assert (
        read(text([HEADER, pupil(id=f'"=""{number()}"""', phone=f'="{PHONE}"')]).encode("gbk")).as_dict()["pupils"]
        == EXPECTED
    )
    assert (
        read(text([HEADER, pupil(id=f"{number()}\t", phone=f"'{PHONE}")]).encode("gbk")).as_dict()["pupils"] == EXPECTED
    )


def test_a_quote_that_is_never_closed_is_said_and_swallows_nothing_unseen():
    lines = [HEADER, pupil(1), ['"王二', *pupil(3)[1:]], *(pupil(at) for at in range(5, 45, 2))]
    report = read(text(lines).encode())
    assert ("quote_open", 3) in [(one.code, one.place.row) for one in report.problems]


def test_one_lost_byte_spoils_one_name_and_not_the_file():
    content = (
        text([HEADER, pupil(1), pupil(3)]).encode("gbk").replace("王一诺".encode("gbk"), b"\xcd\xf5\xff\xd2\xbb", 1)
    )
    report = read(content)
    assert codes(report) == ["name_garbled"] and len(report.pupils) == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "file_empty"), (b"\xef\xbb\xbf\r\n", "file_empty"), (b"\0" * 500, "file_empty"), (b"%PDF-1.7 ...", "file_not_spreadsheet"),
     (b"\x89PNG\r\n\x1a\n", "file_not_spreadsheet"), (b"Rar!\x1a\x07", "file_not_spreadsheet"), (bytes(range(256)) * 40, "file_not_spreadsheet"),
     (b"PK\x03\x04broken", "file_damaged"), (b"PK\x05\x06" + b"\0" * 18, "file_not_spreadsheet"), (b"\x81\xff\xfe\x80" * 500, "encoding_unknown"),
     ("学校的通知：请各位家长注意。".encode("gbk"), "header_missing"), (b"hello", "header_missing"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file_not_spreadsheet"),
     (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") + b"\0" * 600, "file_damaged"),
     (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, "file_encrypted"),
     (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook _VBA_PROJECT".encode("utf-16-le") + b"\0" * 600, "file_with_macros"),
     (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") + b"\0" * 600, "file_not_spreadsheet"),
     (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "file_other_format")],
)  # fmt: skip
def test_what_cannot_be_read_is_one_problem_that_says_what_to_do(content, code):
    report = read(content)
    assert codes(report) == [code] and not report.pupils
    assert report.problems[0].message.endswith("。") and report.problems[0].place.row == 0


# --- workbooks ----------------------------------------------------------------------------------------------------------


def test_several_sheets_of_an_xlsx_each_row_with_its_sheet():
    told = read(
        xlsx(
            ("三年级2班", [["花名册"], ["姓名", "身份证号"], ["王一诺", number()]]),
            ("四年级1班", [["姓名", "身份证号"], [], ["李二", "1"]]),
        )
    )
    assert [one.as_list()[:4] for one in told.pupils] == [["王一诺", number(), 3, 2]]
    assert [(one.code, one.place.sheet, one.place.row, one.place.letters) for one in told.problems] == [
        ("id_length", "四年级1班", 3, "B")
    ]


def test_a_table_that_does_not_begin_in_the_first_column_or_row():
    book = openpyxl.Workbook()
    for down, line in enumerate(LINES):
        for right, cell in enumerate(line):
            book.active.cell(4 + down, 3 + right, cell)
    file = io.BytesIO()
    book.save(file)
    report = read(file.getvalue())
    assert (
        report.pupils[0].row == 5
        and report.problems[0].place.column == "G（家长电话）"
        and report.problems[0].place.row == 6
    )


def test_days_and_numbers_of_a_workbook():
    lines = [
        [*HEADER, "出生日期"],
        [*pupil(id=int(number()) if number().isdigit() else 5.1e17), date(2017, 10, 12)],
        [*pupil(3, phone=int(PHONE)), date(2017, 10, 12)],
    ]
    report = read(xlsx(("名册", lines)))
    assert codes(report) == ["id_damaged"] and report.pupils[0].guardian_phone == PHONE


def test_formulas_as_programs_write_them():
    book = openpyxl.Workbook()
    for line in ([*HEADER, "出生日期"], [*pupil(), '=TEXT(MID(C2,7,8),"0000-00-00")'], [*pupil(3, name="=B3"), ""]):
        book.active.append(line)
    file = io.BytesIO()
    book.save(file)
    assert [(one.code, one.place.row, one.place.letters) for one in read(file.getvalue()).problems] == [
        ("formula", 2, "F"),
        ("formula", 3, "A"),
    ]
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as other:
        sheet = other.add_worksheet()
        for row, line in enumerate((HEADER, pupil(), pupil(3))):
            sheet.write_row(row, 0, line)
        sheet.write_formula(1, 3, '="三"&"（2）班"', None, "三（2）班")
        sheet.write_formula(2, 4, "=A1*1", None, 0)
    report = read(file.getvalue())
    assert [one.row for one in report.pupils] == [2] and codes(report) == ["formula"]


def test_merged_cells_of_a_workbook():
    book = openpyxl.Workbook()
    for line in (["三年级学生"], HEADER, pupil(1, **{"class": "2班"}), pupil(2, **{"class": None})):
        book.active.append(line)
    book.active.merge_cells("A1:E1")
    book.active.merge_cells("D3:D4")
    file = io.BytesIO()
    book.save(file)
    assert [(one.grade, one.class_number) for one in read(file.getvalue()).pupils] == [(3, 2), (3, 2)]


def test_hidden_sheets_of_a_workbook():
    book = openpyxl.Workbook()
    for line in LINES:
        book.active.append(line)
    for state in ("hidden", "veryHidden"):
        sheet = book.create_sheet(state)
        sheet.sheet_state = state
        for line in (HEADER, pupil(7)):
            sheet.append(line)
    file = io.BytesIO()
    book.save(file)
    assert codes(read(file.getvalue())) == ["phone_wrong", "sheet_hidden", "sheet_hidden"]


def test_an_old_xls():
    book = xlwt.Workbook()
    sheet = book.add_sheet("三年级2班")
    for row, line in enumerate(
        [["花名册"], ["姓名", "身份证号", "电话"], ["王一诺", number(), int(PHONE)], ["李二", 5.00999201710120e17, ""]]
    ):
        for at, cell in enumerate(line):
            sheet.write(row, at, cell)
    hidden = book.add_sheet("备份")
    hidden.visibility = 1
    for at, cell in enumerate(("姓名", "身份证号", "班级")):
        hidden.write(0, at, cell)
        hidden.write(1, at, pupil()[(0, 2, 3)[at]])
    file = io.BytesIO()
    book.save(file)
    report = read(file.getvalue())
    assert report.as_dict()["pupils"] == EXPECTED
    assert [(one.code, one.place.sheet, one.place.row) for one in report.problems] == [
        ("id_damaged", "三年级2班", 4),
        ("sheet_hidden", "备份", 0),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_web_page_that_calls_itself_xls(encoding):
    cells = "".join("<tr>" + "".join(f"<td x:str>{cell}</td>" for cell in line) + "</tr>" for line in LINES)
    page = f'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><style>td{{}}</style><table><tr><td colspan=5>名册<br>2026</td></tr>{cells}</table>'
    report = read(page.encode(encoding))
    assert report.as_dict()["pupils"] == EXPECTED and report.problems[0].place.row == 4


def test_the_name_of_the_file_does_not_matter(tmp_path):
    for name, content in (
        ("a.xls", xlsx(("名册", LINES))),
        ("b.xlsx", text(LINES).encode("gbk")),
        ("c.csv", xlsx(("名册", LINES))),
    ):
        (tmp_path / name).write_bytes(content)
        assert read_roster(tmp_path / name, on=ON).as_dict()["pupils"] == EXPECTED


def test_other_things_in_a_zip():
    for entry, code in (
        ("word/document.xml", "file_not_spreadsheet"),
        ("xl/workbook.bin", "file_other_format"),
        ("content.xml", "file_other_format"),
        ("名册.xlsx", "file_not_spreadsheet"),
    ):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(entry, "x")
        assert codes(read(file.getvalue())) == [code]
