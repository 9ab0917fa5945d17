"""Grade and class in every form that schools write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.roster import check
from kehou.rules.roster.classes import find_class, grade_by_age, grades_of, read_class, read_grade, school_year
from tests.rules.roster.sheets import HEADER, ON, codes, grid, number, pupil, read

CHINESE = "〇一二三四五六七八九十"


def chinese(count: int) -> str:
    """Return 1 to 40 in Chinese."""
    tens, ones = divmod(count, 10)
    if not tens:
        return CHINESE[ones]
    return ("" if tens == 1 else CHINESE[tens]) + "十" + (CHINESE[ones] if ones else "")


@pytest.mark.parametrize(
    "text",
    ["三（2）班", "三(2)班", "三年级2班", "三年级（二）班", "三年级(2)班", "三年级二班", "3.2", "3-2", "3－2班", "3—2", "302", "0302", "3(2)", "3（2）班",
     "三2班", "三.2", "三二班", "三年二班", "3年级2班", "3年2班", "G3-2", "G3(2)班", "Grade 3 Class 2", "g3c2", "小学三年级2班", "小三2班", "三 年 级 2 班",
     "三年级\n2班", "三[2]班", "三【2】班", "３年级２班", "三年级②班", "三年级02班", "三年级第2班", "三年级2班（走读）", "三年级-2班", "三年级2", "三年级/2班", " 三（2）班 ", "三年级2班级"],
)  # fmt: skip
def test_all_of_these_are_class_2_of_grade_3(text):
    named = read_class(text)
    assert named is not None and (named.grade, named.number) == (3, 2)


@given(st.integers(1, 9), st.integers(1, 40))
def test_every_class_is_read_in_digits_and_in_words(grade, count):
    forms = [f"{CHINESE[grade]}年级{count}班", f"{grade}.{count}", f"{CHINESE[grade]}（{chinese(count)}）班", f"{CHINESE[grade]}年级{chinese(count)}班", f"{grade}{count:02d}"]  # fmt: skip
    assert {(named.grade, named.number) for named in map(read_class, forms)} == {(grade, count)}


@given(st.integers(1, 40))
def test_a_class_without_a_grade_has_none(count):
    for text in (f"{count}班", f"{chinese(count)}班", f"（{count}）班", f"第{count}班"):
        named = read_class(text)
        assert (named.grade, named.year, named.number) == (None, None, count), text


@pytest.mark.parametrize(
    ("text", "grade"),
    [("初一1班", 7), ("初中二年级1班", 8), ("初三（1）班", 9), ("七年级1班", 7), ("九（1）班", 9), ("八.1", 8)],
)
def test_junior_classes(text, grade):
    named = read_class(text)
    assert (named.grade, named.number) == (grade, 1)


@pytest.mark.parametrize(
    "text", ["", "阳光班", "三年级甲班", "Sheet1", "99班", "三年级0班", "班主任", "2026", "三年级2班、3班", "-1", "1e5"]
)
def test_what_is_no_class_is_none(text):
    assert read_class(text) is None


@pytest.mark.parametrize(
    ("text", "grades"),
    [("2023级3班", [4]), ("23级3班", [4]), ("202303", [4]), ("2023(3)班", [4]), ("2026级1班", [1, 7]), ("2024级1班", [3, 9]), ("初2025级2班", [8]),
     ("小2025级2班", [2]), ("2029届1班", [4, 7]), ("初2029级1班", [7]), ("2032届1班", [1]), ("2019级1班", []), ("初2023级1班", [])],
)  # fmt: skip
def test_a_year_is_the_grade_of_that_school_year(text, grades):
    assert grades_of(read_class(text), on=ON) == grades


@given(st.integers(1, 9), st.integers(2020, 2035))
def test_entry_and_leaving_name_the_same_grade(grade, year):
    first, last, stage = (1, 6, "小") if grade <= 6 else (7, 9, "初")
    on = date(year, 9, 1)
    entered, leaves = year - (grade - first), year + 1 + (last - grade)
    assert grades_of(read_class(f"{stage}{entered}级1班"), on=on) == [grade]
    assert grades_of(read_class(f"{stage}{leaves}届1班"), on=on) == [grade]


def test_the_school_year_begins_in_august_when_rosters_are_made():
    assert school_year(date(2026, 7, 31)) == 2025 and school_year(date(2026, 8, 1)) == 2026


def test_age_tells_primary_from_junior_only_where_it_is_clear():
    assert grade_by_age([2, 8], date(2018, 12, 1), on=ON) == 2
    assert grade_by_age([2, 8], date(2012, 12, 1), on=ON) == 8
    assert grade_by_age([2, 8], date(2015, 10, 1), on=ON) is None


@pytest.mark.parametrize(
    ("title", "found"),
    [("2026年秋季学期三年级（2）班学生花名册", (3, 2)), ("双桂小学三(2)班名单", (3, 2)), ("班级：七年级1班  班主任：王芳", (7, 1)), ("第一小学1（2）班", (1, 2)),
     ("2026年秋季花名册", None), ("三年级1班、三年级2班", None), ("三年级学生名单", None), ("花名册  班主任：廖萱", None)],
)  # fmt: skip
def test_a_class_is_found_in_a_title(title, found):
    named = find_class(title)
    assert (named and (named.grade, named.number)) == found


@pytest.mark.parametrize(
    ("text", "grade"),
    [("三年级", 3), ("三", 3), ("3", 3), ("03", 3), ("G3", 3), ("初一", 7), ("小学三年级", 3), ("3级", 3)],
)
def test_a_grade_cell(text, grade):
    assert read_grade(text).grade == grade


# --- in a roster ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grade", "cell", "found"),
    [("三年级", "2班", (3, 2)), (3.0, 2.0, (3, 2)), ("三", "三（2）班", (3, 2)), ("G3", "02", (3, 2)), ("2024级", "2", (3, 2)), ("三年级", 302.0, (3, 2)),
     ("2024", "2班", (3, 2)), ("三年级", "二十班", (3, 20)), ("三年级2班", "", (3, 2)), ("", "三年级2班", (3, 2))],
)  # fmt: skip
def test_grade_and_class_in_two_cells(grade, cell, found):
    header = (*HEADER, "年级")
    report = read(header, [*pupil(**{"class": cell}), grade])
    assert [(one.grade, one.class_number) for one in report.pupils] == [found], codes(report)


@pytest.mark.parametrize(
    ("grade", "cell", "code"),
    [("四年级", "三（2）班", "class_contradicts"), ("三年级", "四.2", "class_contradicts"), ("大班", "2班", "grade_unclear"), ("", "2班", "grade_missing"),
     ("三年级", "", "class_missing"), ("三年级", "阳光班", "class_unclear"), ("高一", "2班", "grade_outside"), ("三年级", "三年级", "class_missing"),
     ("三年级", date(2026, 3, 2), "class_damaged"), ("三年级", "3月2日", "class_damaged"), ("三年级", "2-Mar", "class_damaged"), ("三年级", "99", "class_unclear")],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused(grade, cell, code):
    report = read((*HEADER, "年级"), [*pupil(**{"class": cell}), grade])
    assert codes(report) == [code] and not report.pupils


def test_2024_is_settled_by_the_school_or_by_age():
    junior = pupil(id=number("20120310"), **{"class": "2024级1班"})
    primary = pupil(id=number("20180310"), **{"class": "2024级1班"})
    assert [one.grade for one in read(HEADER, junior, primary).pupils] == [9, 3]
    between = pupil(id=number("20150310"), **{"class": "2024级1班"})
    assert [one.grade for one in read(HEADER, between, classes={(9, 1)}).pupils] == [9]
    assert codes(read(HEADER, primary, classes={(9, 1)})) == ["class_unclear"]
    assert codes(read(HEADER, between)) == ["class_unclear"]


def test_a_year_that_does_not_fit_the_age_is_refused():
    """In July 2026级 is next autumn's first grade, not the sixth grade that has just left."""
    new = pupil(id=number("20200310"), **{"class": "2026级1班"})
    assert codes(check([grid(HEADER, new)], on=date(2026, 7, 20))) == ["class_unclear"]
    assert [one.grade for one in check([grid(HEADER, new)], on=date(2026, 8, 20)).pupils] == [1]


def test_3_10_in_a_number_cell_is_refused_where_there_may_be_a_class_10():
    rows = [pupil(at, **{"class": 3 + at / 10}) for at in range(1, 10)]
    assert {(one.grade, one.class_number) for one in read(HEADER, *rows[:5]).pupils} == {(3, at) for at in range(1, 6)}
    report = read(HEADER, *rows)
    assert codes(report) == ["class_damaged"] and report.problems[0].place.row == 2
    assert len(report.pupils) == 8
    text = read(HEADER, *(pupil(at, **{"class": f"3.{at}"}) for at in range(1, 11)))
    assert len(text.pupils) == 10 and text.pupils[-1].class_number == 10


def test_a_class_that_the_school_has_not_is_refused_and_without_classes_it_is_proposed():
    report = read(HEADER, pupil(1), pupil(2, **{"class": "三（3）班"}), classes={(3, 2)})
    assert codes(report) == ["class_unknown"] and "三" not in report.problems[0].place.letters
    assert "三年级3班" in report.problems[0].message
    assert read(HEADER, pupil(1), pupil(2, **{"class": "三（3）班"})).homerooms == [(3, 2), (3, 3)]
