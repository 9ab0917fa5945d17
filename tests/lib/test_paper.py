"""Papers: what is printed can be read back, the same data give the same bytes, every page names its digest."""

from __future__ import annotations

import base64
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from kehou.lib import paper
from kehou.lib.paper import press
from kehou.lib.paper.wording import in_words
from kehou.rules.documents import DOCUMENTS, Document
from tests.lib import papers


def made(name: str, /, **changes: Any) -> paper.Paper:
    """Return a paper of the examples; `changes` replace parts of its data."""
    template, title, number, data, mark = papers.PAPERS[name]
    return paper.render(template, {**data, **changes}, title=title, number=number, mark=mark, **papers.HEAD)


def pages_of(made_paper: paper.Paper) -> list[str]:
    """Return the text of each page with white space removed, since a PDF does not say where words end."""
    reader = PdfReader(io.BytesIO(made_paper.pdf))
    return ["".join(page.extract_text().split()) for page in reader.pages]


@pytest.mark.parametrize("name", papers.PAPERS)
def test_every_paper_carries_the_common_head_and_its_digest_on_each_page(name: str) -> None:
    one = made(name)
    pages = pages_of(one)
    _, title, number, *_ = papers.PAPERS[name]

    assert len(pages) == one.pages
    for part in (title, number, papers.SCHOOL, "2026—2027学年第一学期", "第1版", "2026年9月4日16:30", "二（三）"):
        assert "".join(part.split()) in pages[0]
    for at, text in enumerate(pages, start=1):
        assert paper.spaced(one.digest) in text
        assert f"第{at}页共{one.pages}页" in text
        assert f"https://kehou.example.test/v/{paper.spaced(one.digest)}" in text


@pytest.mark.parametrize("name", papers.PAPERS)
def test_the_same_data_give_the_same_bytes(name: str) -> None:
    assert made(name) == made(name)


def test_another_word_or_another_signature_is_another_digest() -> None:
    first = made("agreement")
    signatures = papers.agreement()["signatures"]
    other_hand = {**signatures, "guardian": {**signatures["guardian"], "png": papers.png(121)}}

    assert made("agreement", guardian="蒋国富").digest != first.digest
    assert made("agreement", signatures=other_hand).digest != first.digest


def test_the_digest_can_be_made_again_from_what_is_stored() -> None:
    template, title, number, data, _ = papers.PAPERS["accounts"]
    head = {key: papers.HEAD[key] for key in ("school", "term", "version", "basis", "issued_at")}
    content = in_words({"template": template, "head": {"title": title, "number": number, **head}, "data": data})

    assert paper.digest_of(content) == made("accounts").digest


@pytest.mark.clause("3.2-i")
def test_the_agreement_names_rules_content_form_and_the_time_of_coming_and_going() -> None:
    text = "".join(pages_of(made("agreement")))
    for part in (
        "管理制度：点名、请假",
        "服务形式：校内集中",
        "周三216:00–17:30梁平木版年画体验",
        "离校方式：家长接",
        "王秀英",
    ):
        assert part in text


def test_the_agreement_says_what_families_must_be_told() -> None:
    text = "".join(pages_of(made("agreement")))
    for sentence in (
        "您可以在任何时候退出，从下一个服务日起不再计费。",
        "每天点名；到组十分钟仍未见到孩子，老师立即联系值班领导、班主任和您。",
        "孩子只会交给您授权的人；临时换人请在系统里新增或打班主任电话核对。",
        "最晚到19:00，届时由值班领导联系社区和派出所协助。",
        "不补课、不讲新课、不考试",
        "我愿意参加我喜欢的活动",
        "我会听老师的安全提醒",
        "我不开心时可以告诉老师或爸爸妈妈",
    ):
        assert sentence in text


def test_a_drawn_signature_stands_on_the_agreement() -> None:
    with_two = PdfReader(io.BytesIO(made("agreement").pdf))
    bare = {party: {"name": "某某"} for party in ("guardian", "school", "pupil")}
    without = PdfReader(io.BytesIO(made("agreement", signatures=bare).pdf))

    def pictures(reader: PdfReader) -> int:
        return sum(len(page.images) for page in reader.pages)

    assert pictures(with_two) == pictures(without) + 2


@pytest.mark.parametrize("name", ["谭𬭎", "阿依努尔·买买提江·阿卜杜热合曼", "㛃", "𠅤丨"])
def test_rare_and_long_names_are_printed_whole(name: str) -> None:
    one = {"no": 1, "name": name, "homeroom": "三（2）班", "going_home": "家长接", "phone": "19900000001"}
    group = {"name": "阅读漂流", "time": "16:00–16:40", "place": "图书室", "leader": "冉书琴", "pupils": [one]}

    assert name in "".join(pages_of(made("roll", groups=[group])))


def test_a_character_that_no_typeface_has_is_marked_and_named_for_the_pen() -> None:
    one = made("agreement", pupil="谭\U000323b0")
    assert one.missing == ("\U000323b0",)
    first = pages_of(one)[0]
    assert "谭〓" in first
    assert "〓处的字请手写补上：U+323B0" in first
    assert one.digest != made("agreement", pupil="谭〓").digest  # the name itself is in the digest
    assert made("agreement").missing == ()


def test_every_paper_says_its_number_how_it_arrives_and_how_long_it_is_kept() -> None:
    head = {**papers.HEAD, "verify_url": ""}
    content = {"sections": [{"words": ["甲"]}]}
    for title, mark, retention in (
        ("课后服务工作领导小组", "LD", "长期"),
        ("影像使用同意书", "YX", "离校后三年"),
        ("不在目录里的记录", "WS", "学期结束后三年"),
    ):
        one = paper.render("record", content, title=title, number="", **head)
        text = pages_of(one)[0]
        assert f"编号{mark}-{one.digest[:8].upper()}" in text
        assert f"保存期限：{retention}" in text and "送达方式：线上、纸质" in text


@pytest.mark.parametrize(
    ("name", "changes", "said"),
    [
        ("activity-table", {"rows": []}, "本学期尚未编排活动"),
        ("accounts", {"spending": []}, "本期没有支出"),
        ("draw-result", {"activities": []}, "本次没有需要摇号的活动"),
        ("release-sheet", {"pupils": [], "stragglers": []}, "本批次没有学生"),
        ("agreement", {"service": [], "pickups": [], "consents": []}, "按录取结果另附"),
    ],
)
def test_an_empty_table_says_so(name: str, changes: dict[str, Any], said: str) -> None:
    assert said in "".join(pages_of(made(name, **changes)))


def test_what_people_type_is_never_read_as_markup() -> None:
    text = "".join(pages_of(made("receipt", payer='#panic("x") *王* $x$ @preview <a>')))
    assert '#panic("x")*王*$x$@preview<a>' in text


@pytest.mark.parametrize(
    ("fen", "printed"),
    [(0, "0.00"), (5, "0.05"), (-550, "−5.50"), (11356000, "113,560.00"), (100000000, "1,000,000.00")],
)
def test_amounts_are_printed_to_the_fen(fen: int, printed: str) -> None:
    row = {"what": "周一", "fen": fen, "why": ""}
    assert f"周一{printed}" in "".join(pages_of(made("receipt", lines=[row])))


def test_a_long_table_runs_on_with_its_head_on_every_page() -> None:
    rows = papers.activity_table()["rows"] * 8
    pages = pages_of(made("activity-table", rows=rows))
    assert len(pages) > 3
    assert all("序号活动名称" in text for text in pages)


def test_the_power_cut_roll_gives_each_group_its_own_page() -> None:
    pages = pages_of(made("roll"))
    assert len(pages) == 2
    assert "科学小实验" in pages[0]
    assert "乒乓启蒙" in pages[1]
    assert "应到11人" in pages[0]  # the child on leave is not expected


def test_a_bill_is_one_copy_with_its_deadline_and_a_receipt_two() -> None:
    bill, receipt = pages_of(made("bill"))[0], pages_of(made("receipt"))[0]
    assert "缴费截止：2026年12月10日" in bill
    assert "存根" not in bill
    assert "收款时间" not in bill
    assert receipt.count("收款时间：2026年12月2日09:05") == 2


def test_the_application_form_stays_on_one_page_with_a_full_table_of_activities() -> None:
    twenty_five = [f"{row['name']}{at}" for at, row in enumerate((papers.activity_table()["rows"] * 2)[:25])]
    assert made("application-form", activities=twenty_five).pages == 1


def test_a_record_has_facts_sections_tables_and_signatures() -> None:
    text = "".join(pages_of(made("record")))
    for part in (
        "您的选择已收到",
        "选择参加",
        "一、每天的课时",
        "周二2校园足球图形化编程与小机器人",
        "没有需要单独同意的事项",
        "班主任",
    ):
        assert part in text


def test_papers_can_be_made_by_several_threads_at_once() -> None:
    names = ["accounts", "roll", "receipt", "record"] * 3
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(made, names)) == [made(name) for name in names]


def test_one_poster_is_a3_and_one_table_a4() -> None:
    def size(name: str) -> list[int]:
        box = PdfReader(io.BytesIO(made(name).pdf)).pages[0].mediabox
        return [round(float(side) / 72 * 25.4) for side in (box.width, box.height)]

    assert size("activity-poster") == [420, 297]
    assert size("activity-table") == [297, 210]


def test_a_draft_without_number_or_address_is_printed_without_them() -> None:
    head = {**papers.HEAD, "version": "第2版 · 草稿", "verify_url": ""}
    text = pages_of(paper.render("record", papers.record(), title="草稿", number="", mark="草稿", **head))[0]
    assert "第2版·草稿" in text
    assert "编号" not in text
    assert "扫码" not in text


@pytest.mark.parametrize("before", range(28, 44))
def test_a_telephone_number_never_breaks_at_its_hyphen(before: int) -> None:
    said = papers.record() | {"opening": "学" * before + "023-53200110" + "校" * 20}
    made_paper = paper.render("record", said, title="记录", number="", **papers.HEAD)
    assert "023-53200110" in PdfReader(io.BytesIO(made_paper.pdf)).pages[0].extract_text()


def test_a_number_of_a_filing_stays_inside_its_narrow_cell() -> None:
    said = "编号LP-KHFW-2026秋-2150990001-02"
    table = {"columns": ["备案", "话"], "rows": [[said, "甲"]], "widths": [2, 11]}
    made_paper = paper.render("record", {"sections": [{"table": table}]}, title="记录", number="", **papers.HEAD)
    lines = PdfReader(io.BytesIO(made_paper.pdf)).pages[0].extract_text().split()
    assert not [line for line in lines if "秋-2150990001" in line], "Typst alone breaks it nowhere behind KHFW"


def test_a_fingerprint_in_a_narrow_cell_breaks_into_halves_never_by_one_sign() -> None:
    table = {"columns": ["摘要", "话"], "rows": [["0f1e2d3c4b5a6978", "甲"]], "widths": [2, 11]}
    made_paper = paper.render("record", {"sections": [{"table": table}]}, title="记录", number="", **papers.HEAD)
    lines = PdfReader(io.BytesIO(made_paper.pdf)).pages[0].extract_text().split()
    assert "0f1e2d3c" in lines and "4b5a6978" in lines


def test_two_times_of_one_activity_stand_under_each_other() -> None:
    row = papers.activity_table()["rows"][0] | {"time": "夏季 15:50–16:30\n冬季 15:40–16:20"}
    lines = PdfReader(io.BytesIO(made("activity-table", rows=[row]).pdf)).pages[0].extract_text().splitlines()
    assert not any("夏季" in line and "冬季" in line for line in lines)


def marks_on(one: paper.Paper, mark: str) -> list[int]:
    """Return how often each page says a mark, which a school's name or an account may say as well."""
    return [text.count(mark) for text in pages_of(one)]


@pytest.mark.parametrize("name", papers.PAPERS)
def test_every_page_of_a_paper_of_the_demonstration_says_so(name: str, settings: Any) -> None:
    marked = made(name)
    settings.DEMONSTRATION = False
    plain = made(name)

    assert marks_on(marked, "演示") == [count + 1 for count in marks_on(plain, "演示")]
    assert marked.digest == plain.digest  # what it says is the same


@pytest.mark.parametrize("one", DOCUMENTS, ids=lambda one: one.title)
def test_every_kind_of_the_catalogue_is_marked_whatever_else_stands_across_it(one: Document, settings: Any) -> None:
    content = {"sections": [{"words": ["甲"]}]}
    head = {**papers.HEAD, "school": "柚香路小学"}
    for mark in ("", "作废"):
        assert (
            "演示" + mark in pages_of(paper.render("record", content, title=one.title, number="", mark=mark, **head))[0]
        )
    settings.DEMONSTRATION = False
    assert "演示" not in pages_of(paper.render("record", content, title=one.title, number="", **head))[0]


def test_every_template_is_laid_out_by_the_house_which_prints_the_mark() -> None:
    for template in press.TEMPLATES.glob("*.typ"):
        assert template.stem == "house" or "#show: paper" in template.read_text(), template.name


def test_it_refuses_a_paper_that_does_not_exist_or_lies_outside() -> None:
    for name in ("contract", "../press", "house.typ"):
        with pytest.raises(LookupError):
            paper.render(name, {}, title="", number="", **papers.HEAD)


def test_it_refuses_what_has_no_form_on_paper() -> None:
    with pytest.raises(TypeError, match="float"):
        made("receipt", due_fen=60.5)


def test_days_and_instants_are_printed_in_the_districts_words() -> None:
    assert in_words({"on": date(2026, 9, 7), "at": datetime(2026, 9, 7, 16, 30, tzinfo=UTC)}) == {
        "on": "2026年9月7日",
        "at": "2026年9月8日 00:30",
    }


def test_a_signature_is_taken_from_the_form_only_as_a_small_png() -> None:
    png = papers.png()
    address = "data:image/png;base64," + base64.b64encode(png).decode()
    assert paper.png_of(address) == png

    huge = png[:16] + (100_000).to_bytes(4, "big") + png[20:]
    for wrong in (
        "",
        "data:image/svg+xml;base64,PHN2Zz4=",
        "data:image/png;base64,!!!!",
        "data:image/png;base64," + base64.b64encode(b"GIF89a").decode(),
        "data:image/png;base64," + base64.b64encode(huge).decode(),
        "data:image/png;base64," + "A" * 500_000,
    ):
        with pytest.raises(paper.NotASignature):
            paper.png_of(wrong)
