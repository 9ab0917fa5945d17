"""Single cells: numbers, telephones, dates and names as people and programs write them."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.roster.dates import read_birth
from kehou.rules.roster.grid import letters, plain
from kehou.rules.roster.names import read_name
from kehou.rules.roster.numbers import read_id_number, read_phones, read_register_number
from tests.rules.roster.sheets import ON, PHONE, number

ID = number()
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
ENDS_IN_X = next(one for one in (number(sequence=at) for at in range(1, 99)) if one.endswith("X"))
ENDS_IN_000 = next(one for one in (number(born, at) for born in ("20171012", "20171013", "20171014") for at in range(0, 999, 100)) if one.endswith("000"))  # fmt: skip


@pytest.mark.parametrize(
    "cell",
    [ID, f" {ID} ", f"{ID}\t", f"'{ID}", f"’{ID}", f'="{ID}"', ID.translate(WIDE), f"{ID[:6]} {ID[6:14]} {ID[14:]}",
     f"{ID[:6]}-{ID[6:14]}-{ID[14:]}", f"{ID[:9]}\u200b{ID[9:]}\u00a0", f"{ID}\n"],
)  # fmt: skip
def test_an_id_number_is_read_however_it_is_spelled(cell):
    assert read_id_number(cell, on=ON).text == ID


@pytest.mark.parametrize("sign", ["x", "X", "ｘ", "Ｘ", "×", "х"])
def test_every_x_is_an_x(sign):
    assert read_id_number(ENDS_IN_X[:17] + sign, on=ON).text == ENDS_IN_X


@pytest.mark.parametrize(
    "cell",
    [5.00999e17, float(ID) if ID.isdigit() else 5.00999201710120e17, 500999201710120000, "5.00999E+17", "5.00999e+17", "5.01E17",
     " 5.00999201710125E+017 ", "######", f"{ID[:15]}000.0", f"{ID[:15]}000" if not ID.endswith("000") else "5.1E+17"],
)  # fmt: skip
def test_what_a_spreadsheet_has_destroyed_is_refused_and_never_guessed(cell):
    read = read_id_number(cell, on=ON)
    assert read.refusal is not None and read.refusal.why == "id_damaged" and not read.text


def test_a_number_that_ends_in_000_by_right_is_read_with_doubt():
    read = read_id_number(ENDS_IN_000, on=ON)
    assert read.text == ENDS_IN_000 and read.doubtful
    assert not read_id_number(ID, on=ON).doubtful


@pytest.mark.parametrize(
    ("cell", "why"),
    [("500999********0017", "id_masked"), ("G" + ID, "id_is_register"), ("abc", "id_characters"), (12345.0, "id_length"), (True, "id_characters"),
     (500999171012001.0, "id_old"), (date(2017, 1, 1), "id_length")],
)  # fmt: skip
def test_other_wrong_numbers(cell, why):
    refusal = read_id_number(cell, on=ON).refusal
    assert refusal is not None and refusal.why == why


@pytest.mark.parametrize("cell", ["", None, "无", "/", " - ", "N/A", 0])
def test_a_cell_that_says_nothing_is_no_number_and_no_problem(cell):
    assert read_id_number(cell, on=ON).text == "" and read_id_number(cell, on=ON).refusal is None
    assert read_phones(cell).numbers == () and read_phones(cell).refusal is None


def test_register_numbers_are_read_in_the_same_way():
    assert read_register_number(f"g{ID} ").text == f"G{ID}"
    assert read_register_number("5.1E+17").refusal.why == "register_damaged"


@pytest.mark.parametrize(
    "cell",
    [PHONE, int(PHONE), float(PHONE), "199 0000 0185", "199-0000-0185", "+8619900000185", "+86 199 0000 0185", "86-19900000185",
     "8619900000185", "008619900000185", "(+86)19900000185", "１９９００００ ０１８５", "19900000185（奶奶）", "奶奶19900000185", "'19900000185",
     "19900000185\n", "妈妈：19900000185", "19900000185 张三", "\u202a19900000185\u202c"],
)  # fmt: skip
def test_a_telephone_is_found_among_what_stands_around_it(cell):
    assert read_phones(cell).numbers == (PHONE,)


@pytest.mark.parametrize("joint", ["/", "、", "，", ";", " ", "\n", "或", "（爸）"])
def test_two_telephones_in_a_cell_are_two(joint):
    assert read_phones(f"{PHONE}{joint}19900000186").numbers == (PHONE, "19900000186")


def test_the_note_beside_a_telephone_is_kept():
    assert read_phones("19900000185（奶奶）").note == "奶奶"


@pytest.mark.parametrize(
    ("cell", "why"),
    [("1990000018", "phone_wrong"), ("199000001855", "phone_wrong"), ("023-53221234", "phone_landline"), ("02353221234", "phone_landline"),
     ("1.99E+10", "phone_damaged"), (1.99e20, "phone_damaged"), ("199****0185", "phone_masked"), (PHONE + "19900000186", "phone_joined"),
     ("请问老师", "phone_wrong"), ("12345678901", "phone_wrong"), (f"{PHONE}、1990000018", "phone_wrong"), ("###", "phone_damaged")],
)  # fmt: skip
def test_a_wrong_telephone_is_refused_with_its_reason(cell, why):
    read = read_phones(cell)
    assert read.refusal is not None and read.refusal.why == why and not read.numbers


@pytest.mark.parametrize(
    "cell",
    ["2018-09-01", "2018-9-1", "20180901", "2018/9/1", "2018/09/01", "2018.9.1", "2018年9月1日", "2018年09月01号", "2018 - 9 - 1",
     "2018-09-01 00:00:00", "2018/9/1 0:00", "2018-09-01T00:00:00", "二〇一八年九月一日", "２０１８年９月１日", "'2018-09-01", "18-9-1", 20180901, 20180901.0, 43344, 43344.0,
     "43344", date(2018, 9, 1), datetime.fromisoformat("2018-09-01T12:00")],
)  # fmt: skip
def test_a_birth_date_is_read_in_every_usual_form(cell):
    assert read_birth(cell).days == (date(2018, 9, 1),)


@pytest.mark.parametrize(
    "cell", ["2018-02-30", "20181301", "2018年13月1日", "2019/2/29", "2018-00-10", 20180231.0, "31/31/2018"]
)
def test_a_day_that_does_not_exist_is_refused(cell):
    assert read_birth(cell).refusal.why == "birth_impossible"


@pytest.mark.parametrize("cell", ["去年", "abc", "201", "#####", "2018", 12.5, True])
def test_a_date_that_cannot_be_understood_is_refused(cell):
    assert read_birth(cell).refusal.why == "birth_unclear"


def test_the_order_of_day_and_month_is_left_open_until_the_id_number_tells():
    read = read_birth("9/1/2018")
    assert set(read.days) == {date(2018, 9, 1), date(2018, 1, 9)}
    assert not read.contradicts(date(2018, 9, 1)) and read.contradicts(date(2018, 9, 2))


@pytest.mark.parametrize("cell", ["2018年9月", "2018-09", "201809", "2018.09", 201809.0, 2018.09])
def test_a_month_is_a_month_and_no_day(cell):
    read = read_birth(cell)
    assert read.month == (2018, 9) and not read.contradicts(date(2018, 9, 30)) and read.contradicts(date(2018, 10, 1))


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_from_its_serial_number(day):
    assert read_birth(float((day - date(1899, 12, 30)).days)).days == (day,)


@pytest.mark.parametrize(
    ("cell", "name"),
    [("王一诺", "王一诺"), ("王　一", "王一"), (" 王 一 诺 ", "王一诺"), ("王\u200b一", "王一"), ("王一\n", "王一"), ("'王一", "王一"),
     ("阿卜杜拉•买买提", "阿卜杜拉·买买提"), ("阿依古丽．买买提", "阿依古丽·买买提"), ("⾼⼀", "高一"), ("𬱖一", "𬱖一"), ("欧阳诗涵", "欧阳诗涵"),
     ("Anna  Maria Smith", "Anna Maria Smith"), ("O'Neil Zoë", "O'Neil Zoë"), ("ＡＮＮＡ Ｓｍｉｔｈ", "ANNA Smith"), ("〇一", "〇一")],
)  # fmt: skip
def test_a_name_is_read_as_it_stands_in_the_register(cell, name):
    assert read_name(cell).text == name and read_name(cell).refusal is None


@pytest.mark.parametrize(
    ("cell", "why"),
    [("<script>alert(1)</script>", "name_script"), ("=HYPERLINK(\"http://x\",\"王一\")", "name_script"), ("=1+1", "name_script"),
     ("+cmd|' /C calc'!A0", "name_script"), ("@SUM(A1)", "name_script"), ("{{7*7}}", "name_script"), ("javascript:alert(1)", "name_script"),
     ("王一（转学）", "name_note"), ("王一2", "name_characters"), ("★王一", "name_characters"), ("王?", "name_garbled"), ("王\ufffd", "name_garbled"),
     ("锟斤拷", "name_garbled"), ("王\ue81e", "name_garbled"), ("王", "name_short"), ("王" * 60, "name_long"), ("王ann", "name_characters"),
     ("12345", "name_characters"), ("王一、李二", "name_characters"), ("'; DROP TABLE pupils; --", "name_characters")],
)  # fmt: skip
def test_what_is_no_name_is_refused(cell, why):
    read = read_name(cell)
    assert read.refusal is not None and read.refusal.why == why


@given(st.text(max_size=40))
def test_no_name_carries_anything_that_a_page_or_a_spreadsheet_could_run(cell):
    read = read_name(cell)
    if read.refusal is None:
        assert not set(read.text) & set('<>&="{}$;\\|`\t\r\n@+')
        assert read_name(read.text).text == read.text, "reading twice changes nothing"


@given(st.text(max_size=30) | st.floats(allow_nan=True) | st.integers() | st.booleans() | st.none() | st.dates())
def test_no_cell_breaks_the_reading(cell):
    for read in (read_id_number(cell, on=ON), read_phones(cell), read_birth(cell), read_register_number(cell)):
        assert read is not None
    assert all(len(one) == 11 and one.isascii() and one.isdigit() for one in read_phones(cell).numbers)


@given(st.text(max_size=30))
def test_plain_text_is_plain_for_good(text):
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")]
)
def test_columns_have_the_letters_that_the_spreadsheet_shows(column, name):
    assert letters(column) == name
