"""Files that would hurt: bombs, lies about sizes, workbooks that two readers read in two ways."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt
from django.core.management import call_command

from kehou.lib.sheets import archives, reading
from kehou.lib.sheets.rosters import read_roster
from tests.lib.test_sheets_reading import EXPECTED, LINES, read, rezipped, text, xlsx
from tests.rules.roster.sheets import HEADER, ON, codes, pupil

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "rosters"

# --- files that would hurt ------------------------------------------------------------------------------------------------


def test_two_cells_far_apart_are_refused_before_the_reader_lays_them_out():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "姓名", "x"
    file = io.BytesIO()
    book.save(file)
    assert len(file.getvalue()) < 10_000
    report = read(file.getvalue())
    assert codes(report) == ["sheet_too_wide"] and "XFD1048576" in report.problems[0].message


def test_empty_cells_with_a_format_do_not_count():
    book = openpyxl.Workbook()
    for line in LINES:
        book.active.append(line)
    book.active.cell(1_000_000, 16_000).number_format = "0.00"
    file = io.BytesIO()
    book.save(file)
    assert read(file.getvalue()).as_dict()["pupils"] == EXPECTED


def test_a_bomb_that_declares_its_size(monkeypatch):
    monkeypatch.setattr(archives, "MOST_BYTES", 1_000_000)
    content = rezipped(xlsx(("名册", LINES)), **{"xl/media/image1.png": b"\0" * 2_000_000})
    assert len(content) < 20_000 and codes(read(content)) == ["file_bomb"]


def test_a_bomb_that_lies_about_its_size(monkeypatch):
    monkeypatch.setattr(archives, "MOST_BYTES", 1_000_000)
    body = b"<sst>" + b" " * 3_000_000
    content = bytearray(rezipped(xlsx(("名册", LINES)), **{"xl/sharedStrings.xml": body}))
    declared, checksum = struct.pack("<I", len(body)), struct.pack("<I", zlib.crc32(body))
    assert content.count(declared) == 2
    content = content.replace(declared, struct.pack("<I", 100)).replace(
        checksum, struct.pack("<I", zlib.crc32(body[:100]))
    )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert len(archive.read("xl/sharedStrings.xml")) == 100, "the usual reading believes the lie"
    assert codes(read(bytes(content))) == ["file_bomb"]


def test_shared_strings_have_a_limit_of_their_own(monkeypatch):
    monkeypatch.setattr(archives, "MOST_STRING_BYTES", 10_000)
    content = rezipped(xlsx(("名册", LINES)), **{"xl/sharedStrings.xml": b"<sst>" + b" " * 20_000})
    assert codes(read(content)) == ["file_bomb"]


def written(lines: list) -> bytes:
    """Return a workbook with shared strings, as Excel writes them."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("名册")
        for row, line in enumerate(lines):
            sheet.write_row(row, 0, line)
    return file.getvalue()


def test_an_announced_number_of_strings_is_not_believed():
    good = written(LINES)
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        strings = archive.read("xl/sharedStrings.xml").decode()
    for lie in ("4294967295", "99999999", "x", "&#57;999999999"):
        told = re.sub(r'uniqueCount="\d+"', f'uniqueCount="{lie}"', strings)
        assert codes(read(rezipped(good, **{"xl/sharedStrings.xml": told.encode()}))) == ["file_damaged"], lie


def test_names_that_two_readers_would_read_in_two_ways_are_refused():
    good = written(LINES)
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        far = archive.read("xl/worksheets/sheet1.xml").replace(b'r="A2"', b'r="XFD1048576"')
    for name in (
        "xl/Worksheets/Sheet1.xml",
        "xl/../evil.xml",
        "xl\\worksheets\\sheet2.xml",
        "/xl/worksheets/sheet2.xml",
        "xl//x.xml",
    ):
        assert codes(read(rezipped(good, **{name: far}))) == ["file_damaged"], name
    renamed = rezipped(good, **{"xl/worksheets/sheet1.xml": far})
    assert codes(read(renamed)) == ["sheet_too_wide"]


def test_an_old_workbook_that_announces_four_thousand_million_rows_ends_a_child_and_not_us():
    book = xlwt.Workbook()
    for row, line in enumerate(LINES):
        for at, cell in enumerate(line):
            (book.add_sheet("名册") if not row + at else book.get_sheet(0)).write(row, at, cell)
    file = io.BytesIO()
    book.save(file)
    good = file.getvalue()
    at = good.index(b"\x00\x02\x0e\x00")  # the record of the sheet's dimensions
    assert read(good).as_dict()["pupils"] == EXPECTED
    assert codes(read(good[: at + 8] + b"\xff" * 4 + good[at + 12 :])) == ["file_damaged"]


def test_entities_and_nonsense_inside_a_workbook_are_damage():
    entities = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><worksheet>&c;</worksheet>'
    good = xlsx(("名册", LINES))
    for body in (
        entities,
        b"not xml",
        b"<worksheet><sheetData><row r='x'><c r='A1'><v>1</v></c></row></sheetData></worksheet>",
    ):
        assert codes(read(rezipped(good, **{"xl/worksheets/sheet1.xml": body}))) == ["file_damaged"]
    assert codes(read(good[: len(good) // 2])) == ["file_damaged"]
    assert codes(read(rezipped(good, **{"xl/workbook.xml": b"<workbook/>"}))) in (["header_missing"], ["file_damaged"])


@pytest.mark.timeout(60)  # each took minutes, by the square of its length
@pytest.mark.parametrize("piece", ["<a ", "<!--", "<?", "</", '<td a="', "<br>", "["])
def test_what_stays_open_is_read_in_one_go(piece):
    start = "" if piece == "[" else "<table><tr><td>"
    assert read((start + piece * 200_000).encode()).problems


@pytest.mark.parametrize("cell", ["[" * 32_000, "1" * 32_000, " " * 31_000 + "1", "班" * 32_000])
@pytest.mark.timeout(60)
def test_a_cell_as_long_as_a_book_is_a_problem_and_no_pause(cell):
    lines = [LINES[0], *([cell] * len(LINES[0]) for _ in range(40)), *LINES[1:]]
    report = read(xlsx(("名册", lines)))
    assert report.problems and report.as_dict()["pupils"] == EXPECTED


def test_cells_of_a_page_that_span_everything_are_a_bomb():
    page = "<table>" + "<tr><td rowspan=200 colspan=200>x" * 400
    assert len(page) < 20_000 and codes(read(page.encode())) == ["file_bomb"]


def test_more_rows_of_a_page_than_pupils(monkeypatch):
    monkeypatch.setattr(archives, "MOST_ROWS", 100)
    assert codes(read(b"<table>" + b"<tr><td>x" * 300)) == ["rows_too_many"]


def test_no_nul_comes_out_of_a_text_or_a_page():
    ahead = "王芳,三年级1班\n" * 400  # a NUL among the first signs would speak of UTF-16
    for content in (f"姓名,班级\n{ahead}李\0明,三年级1班\n", f"<table><tr><td>{ahead}<td>李\0明</table>"):
        grids = list(reading.open_sheets(io.BytesIO(content.encode())).grids)
        cells = [str(cell) for grid in grids for _, row in grid.rows for cell in row]
        assert "李明" in cells and not any("\0" in cell for cell in cells)


def test_a_page_with_a_reference_to_no_character_is_damage():
    assert codes(read(b"<table><tr><td>&#" + b"1" * 5000 + b";</td></tr></table>")) == ["file_damaged"]


@pytest.mark.parametrize(
    "torn", ['<td title="王>王芳</td><td>三年级1班', "<td title='王>王芳</td><td>x</td><td title='y'>z"]
)
@pytest.mark.parametrize("closing", ["", "</td></tr></table>", '"></td></tr></table>'])
def test_a_quote_that_stays_open_loses_no_cell_in_silence(torn, closing):
    assert codes(read(f"<table><tr><th>姓名<th>班级<tr>{torn}{closing}".encode())) == ["file_damaged"]
    assert codes(read(f"<table><tr><th>姓名<th>班级</table><style>{torn}".encode())) == ["file_damaged"]


def test_too_many_rows_and_too_large_a_file(monkeypatch):
    lines = [HEADER, *(pupil(at) for at in range(1, 30))]
    monkeypatch.setattr(archives, "MOST_ROWS", 29)
    assert len(read(xlsx(("名册", lines))).pupils) == len(read(text(lines).encode()).pupils) == 29
    monkeypatch.setattr(archives, "MOST_ROWS", 20)
    monkeypatch.setattr(archives, "ROWS_ABOVE", 1)
    assert codes(read(xlsx(("名册", lines)))) == ["rows_too_many"]
    assert codes(read(text(lines).encode())) == ["rows_too_many"]
    monkeypatch.setattr(reading, "LARGEST_FILE", 1000)
    report = read(text(lines).encode())
    assert codes(report) == ["file_too_big"] and ".xlsx" in report.problems[0].message, "it says what to do"


def test_a_text_that_is_too_large_for_a_page_is_read_by_the_command(tmp_path, db):
    titles, notes = [f"备注{number}" for number in range(6)], ["备" * 1_900] * 6
    lines = [[*HEADER, *titles], *([*pupil(at), *notes] for at in range(1, 951))]
    path = tmp_path / "名册.txt"
    path.write_bytes(text(lines).encode("utf-16"))
    assert reading.LARGEST_FILE < path.stat().st_size < reading.LARGEST_OF_COMMAND
    assert codes(read_roster(path, on=ON)) == ["file_too_big"]
    out = io.StringIO()
    call_command("roster", str(path), "--school", "0000000000", "--dry-run", "--json", stdout=out, stderr=io.StringIO())
    told = json.loads(out.getvalue())
    assert (told["accepted"], told["problems"]) == (950, [])


def test_what_we_write_ourselves_can_be_read_again():
    from kehou.lib import sheets

    columns = [sheets.Column(name) for name in HEADER]
    file = sheets.workbook(sheets.Table("名册", columns, [pupil(1), pupil(3)]))
    assert len(read_roster(file, on=ON).pupils) == 2
    stream = io.BytesIO()
    sheets.write_csv(stream, columns, [pupil(1), pupil(3)])
    assert len(read_roster(stream, on=ON).pupils) == 2
