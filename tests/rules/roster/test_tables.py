"""Finding the table in a sheet, and what is checked across rows and sheets."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.roster import check
from kehou.rules.roster.headers import meaning_of
from tests.rules.roster.sheets import HEADER, ON, PHONE, codes, grid, number, pupil, read, read_one


def test_a_clean_row_is_a_pupil():
    report = read(HEADER, pupil())
    (child,) = report.pupils
    assert child.as_list() == ["王一诺", number(), 3, 2, PHONE]
    assert (child.sex, child.born_on, child.sheet, child.row) == ("男", date(2017, 10, 12), "名册", 2)
    assert not report.problems and not report.repairs and not report.hints


@pytest.mark.parametrize(
    "header",
    [("姓 名", "性\n别", "身份证\n号码", "班 级", "联系\n电话"), ("*姓名", "性别*", "★身份证号", "班级（必填）", "家长手机号"), ("XM", "XBM", "SFZJH", "BJMC", "JHRDH"),
     ("xm", "xb", "sfzh", "bj", "lxdh"), ("学生姓名", "学生性别", "公民身份号码", "所在班级", "监护人联系电话"), ("姓名：", "性别：", "身份证号：", "班级：", "电话：")],
)  # fmt: skip
def test_headers_in_words_and_in_initials(header):
    assert len(read(header, pupil()).pupils) == 1
    assert read(header, pupil()).pupils[0].guardian_phone == PHONE


@given(st.permutations(range(5)))
def test_columns_stand_in_any_order(order):
    report = read([HEADER[at] for at in order], [pupil()[at] for at in order])
    assert [one.as_list() for one in report.pupils] == [["王一诺", number(), 3, 2, PHONE]]


@pytest.mark.parametrize(
    "header",
    [
        "监护人身份证号",
        "父亲身份证号",
        "班主任电话",
        "班主任",
        "学籍辅号",
        "学号",
        "家庭住址",
        "户口所在地",
        "民族",
        "备注",
        "母亲工作单位",
        "学校电话",
    ],
)
def test_what_is_not_needed_is_not_read(header):
    assert meaning_of(header) is None


def test_titles_blank_rows_and_totals_are_no_pupils_and_rows_keep_their_numbers():
    report = read(
        ["双桂小学2026年秋季学生名册"], ["填表人：王芳", "", "日期：2026年9月1日"], [], HEADER, pupil(1), ["", "", "", "", ""], pupil(2, phone="1"),
        ["合计", "", "2人", "", ""], ["说明：请核对", "", "", "", ""], ["男生 1 人", "女生 1 人"], ["制表：王芳", "", "", "", "2026-09-01"],
    )  # fmt: skip
    assert [one.row for one in report.pupils] == [5]
    assert [(one.code, one.place.row, one.place.column) for one in report.problems] == [
        ("phone_wrong", 7, "E（家长电话）")
    ]
    assert report.skipped_rows == 4


def test_a_pupil_without_a_name_is_no_total():
    assert codes(read(HEADER, pupil(name=""))) == ["name_missing"]
    assert codes(read(HEADER, ["", "男", "", "三（2）班", PHONE])) == ["name_missing", "id_missing"]


def test_the_class_stands_in_the_name_of_the_sheet_in_the_title_or_between_the_rows():
    header, row = ("姓名", "身份证号"), ("王一诺", number())
    assert read(header, row, name="三年级2班").pupils[0].class_number == 2
    assert read(["2026年秋季三年级（2）班名单"], header, row).pupils[0].grade == 3
    assert read(["班级：", "三（2）班"], header, row).pupils[0].class_number == 2
    sections = read(header, ["三（1）班"], row, ["三（2）班", ""], ("李二", number(sequence=3)))
    assert [one.class_number for one in sections.pupils] == [1, 2]
    assert read(("姓名", "身份证号", "班级"), (*row, "2班"), name="三年级").pupils[0].grade == 3


def test_sheet_title_and_cell_that_name_different_classes_are_refused():
    row = ("王一诺", number())
    assert codes(read(["三年级1班名单"], ("姓名", "身份证号"), row, name="三年级2班")) == ["class_contradicts"]
    assert codes(read(HEADER, pupil(), name="三年级1班")) == ["class_contradicts"]


def test_what_only_looks_like_a_class_around_the_table_contradicts_nothing():
    for name in ("8.28", "3-1", "301", "1-6年级", "一至六年级", "Sheet1", "2026"):
        assert len(read(HEADER, pupil(), name=name).pupils) == 1, name
    for title in ("一至六年级学生名册", "1—6年级名单", "七、八、九年级", "三年级、四年级", "2026年秋季"):
        assert len(read([title], HEADER, pupil()).pupils) == 1, title
    assert read(("姓名", "身份证号"), ("王一诺", number()), name="3.2").pupils[0].class_number == 2


def test_grade_and_class_in_two_cells_of_a_title():
    for title in (["年级：三年级", "班级：", "2班"], ["年级", "三年级", "班级", "2班"]):
        assert [one.as_list()[2:4] for one in read(title, ("姓名", "身份证号"), ("王一诺", number())).pupils] == [
            [3, 2]
        ]


def test_rows_of_a_template_that_nobody_has_used_are_passed_over():
    header = ("序号", "学校", "年级", "班级", "姓名", "身份证号", "家长电话")
    report = read(header, [1, "双桂小学", "三年级", "2班", "王一诺", number(), PHONE], [2, "双桂小学", "三年级", "2班", "", "", ""],
                  [3, "", "", "", "", "", ""], [4, "双桂小学", "三年级", "2班", "", "", PHONE])  # fmt: skip
    assert len(report.pupils) == 1 and report.skipped_rows == 2
    assert [(one.code, one.place.row) for one in report.problems] == [("name_missing", 5), ("id_missing", 5)]


def test_a_missing_column_is_said_once():
    rows = [("王一", "三（2）班"), ("李二", "三（2）班")]
    assert codes(read(("姓名", "班级"), *rows)) == ["id_column_missing"]
    assert codes(read(("姓名", "身份证号"), ("王一", number()), ("李二", number(sequence=3)))) == [
        "class_column_missing"
    ]


def test_two_header_rows_with_merged_labels():
    upper = ["姓名", "学生信息", "", "家长信息", ""]
    lower = ["", "身份证号", "班级", "姓名", "电话"]
    merged = (((0, 0), (1, 0)), ((0, 1), (0, 2)), ((0, 3), (0, 4)))
    report = read(upper, lower, ["王一诺", number(), "三（2）班", "王大", PHONE], merged=merged)
    assert [one.as_list() for one in report.pupils] == [["王一诺", number(), 3, 2, PHONE]]
    assert report.pupils[0].guardians[0].name == "王大" and report.pupils[0].row == 3
    labels = ["学生", "", "", "监护人", ""]
    again = read(labels, ["姓名", "身份证号", "班级", "姓名", "电话"], ["王一诺", number(), "三（2）班", "王大", PHONE])
    assert again.pupils[0].guardians[0].name == "王大"


def test_a_header_that_comes_again_is_no_pupil():
    report = read(
        HEADER, pupil(1), HEADER, pupil(2), ("身份证号", "姓名", "班级"), (number(sequence=5), "李二", "三（2）班")
    )
    assert len(report.pupils) == 3 and not report.problems


def test_two_tables_side_by_side():
    half = ("姓名", "身份证号", "班级")
    report = read(
        half * 2,
        ("王一", number(), "三（2）班", "李二", number(sequence=3), "三（2）班"),
        ("张三", number(sequence=5), "三（2）班", "", "", ""),
    )
    assert [one.name for one in report.pupils] == ["王一", "李二", "张三"]


def test_merged_cells_mean_the_same_in_every_row():
    merged = (((1, 3), (3, 3)), ((1, 4), (2, 4)))
    rows = [
        pupil(1),
        pupil(2, **{"class": ""}, phone=""),
        pupil(3, **{"class": ""}, phone=""),
        pupil(4, **{"class": ""}),
    ]
    report = read(HEADER, *rows, merged=merged)
    assert [(one.row, one.class_number, one.guardian_phone) for one in report.pupils] == [
        (2, 2, PHONE),
        (3, 2, PHONE),
        (4, 2, ""),
    ]
    assert codes(report) == ["class_missing"]


def test_a_second_grown_up_under_a_merged_pupil_is_pointed_at():
    header = ("姓名", "身份证号", "班级", "成员姓名", "成员电话")
    merged = tuple(((1, at), (2, at)) for at in range(3))
    report = read(
        header, ["王一", number(), "三（2）班", "王大", PHONE], ["", "", "", "李大", "19900000186"], merged=merged
    )
    assert len(report.pupils) == 1 and [hint.remark.why for hint in report.hints] == ["row_continues"]


def test_several_grown_ups_come_in_the_order_of_their_columns():
    header = ("姓名", "身份证号", "班级", "父亲姓名", "父亲电话", "母亲姓名", "母亲电话")
    report = read(header, ["王一", number(), "三（2）班", "王大", "", "李大", PHONE])
    child = report.pupils[0]
    assert [(one.name, one.relation, one.phones) for one in child.guardians] == [
        ("王大", "父亲", ()),
        ("李大", "母亲", (PHONE,)),
    ]
    assert child.guardian_phone == PHONE


def test_a_hidden_sheet_with_pupils_is_not_read_and_said_one_with_codes_is_neither():
    hidden = grid(HEADER, pupil(), name="备份", hidden=True)
    codes_sheet = grid(["代码", "名称"], ["1", "男"], name="字典", hidden=True)
    report = check([grid(HEADER, pupil(3)), hidden, codes_sheet], on=ON)
    assert len(report.pupils) == 1
    assert [(one.code, one.place.sheet) for one in report.problems] == [("sheet_hidden", "备份")]


def test_a_sheet_without_a_header_is_said_if_it_holds_numbers_like_ours():
    explains = grid(["填写说明"], ["1. 姓名按户口簿填写"], name="说明")
    bare = grid(["王一", number(), "三（2）班"], name="没有表头")
    report = check([explains, grid(HEADER, pupil()), bare], on=ON)
    assert [(one.code, one.place.sheet) for one in report.problems] == [("header_missing", "没有表头")]
    assert codes(check([explains], on=ON)) == ["header_missing"]


# --- across rows ------------------------------------------------------------------------------------------------------


def test_the_same_child_twice_is_refused_the_second_time_with_the_first_row_named():
    report = check([grid(HEADER, pupil(), pupil(), name="甲"), grid(HEADER, pupil(phone=""), name="乙")], on=ON)
    assert len(report.pupils) == 1
    assert [(one.code, one.place.sheet, one.place.row) for one in report.problems] == [
        ("duplicate", "甲", 3),
        ("duplicate", "乙", 2),
    ]
    assert "第2行" in report.problems[0].message and "“甲”第2行" in report.problems[1].message


def test_a_wrong_row_does_not_make_its_right_copy_a_double():
    report = read(HEADER, pupil(phone="1"), pupil())
    assert codes(report) == ["phone_wrong"] and len(report.pupils) == 1


def test_two_names_with_one_number_are_two_pupils_and_pointed_at():
    report = read(HEADER, pupil(), pupil(name="李二"))
    assert len(report.pupils) == 2 and [hint.remark.why for hint in report.hints] == ["number_shared"]


def test_two_children_of_one_name_in_a_class_are_two_and_pointed_at():
    report = read(HEADER, pupil(1), pupil(3))
    assert len(report.pupils) == 2 and [hint.remark.why for hint in report.hints] == ["namesake"]


def test_a_number_ending_in_000_is_refused_only_where_others_are_destroyed():
    ends = next(one for one in (number(f"201710{day:02d}", at) for day in range(1, 29) for at in range(100, 999, 200)) if one.endswith("000"))  # fmt: skip
    odd = pupil(1, id=ends, sex="")
    assert len(read(HEADER, odd).pupils) == 1
    report = read(HEADER, odd, pupil(3, id=5.00999e17), pupil(5))
    assert codes(report) == ["id_damaged", "id_damaged"] and [one.row for one in report.pupils] == [4]


# --- within a row -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "code"),
    [({"sex": "女"}, "sex_contradicts"), ({"sex": "南"}, "sex_unclear"), ({"id": ""}, "id_missing"), ({"id": number("19880101")}, "age_unlikely"),
     ({"id": number("20250101")}, "age_unlikely"), ({"name": "<b>王一</b>"}, "name_script"), ({"phone": "1"}, "phone_wrong")],
)  # fmt: skip
def test_one_wrong_cell_refuses_the_row_and_is_named(cells, code):
    report = read_one(**cells)
    assert codes(report) == [code] and not report.pupils
    at = ["name", "sex", "id", "class", "phone"].index(next(iter(cells)))
    assert report.problems[0].place.letters == "ABCDE"[at] and report.problems[0].place.row == 2
    assert report.problems[0].message.endswith("。")


def test_every_problem_of_a_row_is_said_at_once():
    assert codes(read_one(name="", sex="?", phone="1", **{"class": "x"})) == [
        "name_missing",
        "sex_unclear",
        "class_unclear",
        "phone_wrong",
    ]


@pytest.mark.parametrize("sex", ["男", "1", 1.0, "男性", "M", "1-男", " 男 ", "", "未知", None])
def test_a_boy_by_his_number_may_be_written_so(sex):
    assert read_one(sex=sex).pupils[0].sex == "男"


@pytest.mark.parametrize(
    ("birth", "code"),
    [("2017-10-12", None), (43020.0, None), ("2017年10月", None), ("12/10/2017", None), ("2017-10-13", "birth_contradicts"), ("2017-02-30", "birth_impossible"), ("", None)],
)  # fmt: skip
def test_the_birth_date_must_agree_with_the_number(birth, code):
    report = read((*HEADER, "出生日期"), [*pupil(), birth])
    assert codes(report) == ([code] if code else [])


def test_a_pupil_without_an_id_number_is_known_by_the_register():
    header = (*HEADER, "学籍号", "出生日期")
    report = read(
        header, [*pupil(id=""), "J500999201710120017", "2017-10-12"], [*pupil(3, id=""), f"G{number(sequence=3)}", ""]
    )
    first, second = report.pupils
    assert (first.id_number, first.register_number, first.born_on) == ("", "J500999201710120017", date(2017, 10, 12))
    assert second.id_number == number(sequence=3) and [one.why for one in report.repairs] == ["id_from_register"]


def test_a_destroyed_number_is_not_restored_from_the_register():
    report = read((*HEADER, "学籍号"), [*pupil(id=5.00999201710120e17), f"G{number()}"])
    assert codes(report) == ["id_damaged"]


def test_a_passport_is_no_id_number():
    header = (*HEADER, "身份证件类型", "出生日期")
    report = read(
        header,
        [*pupil(name="Anna Smith", sex="女", id="E12345678"), "护照", "2017-10-12"],
        [*pupil(3, id="E123"), "护照", "2017-10-12"],
    )
    assert [(one.document, one.id_number, one.sex) for one in report.pupils] == [("护照", "E12345678", "女")]
    assert codes(report) == ["document_wrong"]


def test_a_formula_without_a_result_is_refused_and_one_with_a_result_is_its_result():
    formulas = {(1, 2): False, (2, 2): True, (3, 0): True}
    report = read(HEADER, pupil(1, id=""), pupil(3), pupil(5, name=0.0), formulas=formulas)
    assert [(one.code, one.place.row, one.place.letters) for one in report.problems] == [
        ("formula", 2, "C"),
        ("formula", 4, "A"),
    ]
    assert [one.row for one in report.pupils] == [3]


def test_repairs_are_shown_and_numbers_of_persons_in_them_are_masked():
    report = read_one(name="王　一", id=f" {number()[:6]} {number()[6:]}", phone="199 0000 0185（奶奶）")
    assert [(one.place.letters, one.why) for one in report.repairs] == [
        ("A", "name_spelling"),
        ("C", "id_spelling"),
        ("E", "phone_spelling"),
    ]
    assert report.repairs[0].before == "王　一" and report.repairs[0].after == "王一"
    shown = "".join(one.before + one.after for one in report.repairs)
    assert "20171012" not in shown and "0000" not in shown
    assert report.pupils[0].guardians[0].relation == "奶奶"
    assert all(one.message for one in report.repairs)


def test_the_json_has_the_three_parts_that_were_agreed():
    report = read(HEADER, pupil(), pupil(3, phone="1"))
    assert set(report.as_dict()) == {"accepted", "pupils", "problems"}
    assert report.as_dict()["accepted"] == 1
    assert report.as_dict()["pupils"] == [["王一诺", number(), 3, 2, PHONE]]
    (problem,) = report.as_dict()["problems"]
    assert {key: problem[key] for key in ("sheet", "row", "column", "code")} == {
        "sheet": "名册",
        "row": 3,
        "column": "E（家长电话）",
        "code": "phone_wrong",
    }


CELLS = st.one_of(
    st.text(max_size=8), st.floats(), st.integers(), st.none(), st.booleans(), st.dates(), st.datetimes(),
    st.sampled_from(["姓名", "身份证号", "班级", "三（2）班", "合计", number(), PHONE, "王一", "家长信息", "电话"]),
)  # fmt: skip


@given(st.lists(st.lists(CELLS, max_size=7), max_size=8), st.text(max_size=10))
def test_any_sheet_is_answered(rows, name):
    report = read(*rows, name=name)
    assert report.pupils or report.problems
    assert all(problem.message and problem.place.column is not None for problem in report.problems)


@given(st.lists(st.sampled_from(range(6)), max_size=12))
def test_a_row_is_accepted_or_has_a_problem_and_never_both(kinds):
    variants = [pupil, lambda at: pupil(at, id="1"), lambda at: pupil(at, phone="1"), lambda at: pupil(1),
                lambda at: pupil(at, name="王 一"), lambda at: pupil(at, **{"class": "?"})]  # fmt: skip
    report = read(HEADER, *(variants[kind](at) for at, kind in enumerate(kinds, start=1)))
    accepted, refused = {one.row for one in report.pupils}, {one.place.row for one in report.problems}
    assert not accepted & refused
    assert accepted | refused - {0} == set(range(2, len(kinds) + 2))
