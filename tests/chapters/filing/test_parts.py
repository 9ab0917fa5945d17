"""Parts from the planning chapter: what is signed is filed with its hash, what is missing is said and never made up."""

from __future__ import annotations

import json
import re
from datetime import date
from hashlib import sha256

import pytest

from kehou.chapters.enrolment.wording import Wording
from kehou.chapters.filing import queries
from kehou.chapters.filing.parts.proofs import part_of
from kehou.chapters.planning.models import Notice, NoticeReceipt, PolicyVersion
from kehou.chapters.planning.queries.organisation import Pack, Proof
from kehou.chapters.staffing.models import Restriction, StaffMember
from kehou.lib.paper.press import TEMPLATES
from kehou.rules.agreement_text import fixed_words
from kehou.rules.enrolling import AGREEMENT_FIELDS
from kehou.rules.filing import PARTS, checks_of, differences, refusal_in_bulk, refusals_to_sign
from kehou.rules.money import yuan
from kehou.rules.parameters import Parameters
from kehou.rules.policy_documents import EMERGENCY_PLAN
from kehou.rules.sentences import say
from kehou.rules.verdicts import refuse
from tests.filing import AUGUST, ready
from tests.world import World

LISTS = ("service", "tiers", "contacts")
SIGNED = Proof("③突发事件应急预案 第1版", "a" * 64, date(2026, 8, 20), "钟毅（校长）")


def test_without_a_signed_paper_the_part_is_not_formed():
    assert part_of("F5", Pack("x", (Proof("演练"),)), without="还没有上架").content()["waits_for"] == "还没有上架"


@pytest.mark.clause("2.6.2-f")
@pytest.mark.parametrize(("missing", "code"), [("F2", "R-FILING-02"), ("F5", "R-DOC-01"), ("F6", "R-DOC-01")])
def test_no_pack_is_whole_without_fund_plan_documents_and_emergency_plan(missing: str, code: str):
    whole = {kind: {"code": kind, "formed": kind != missing} for kind in PARTS}
    (no,) = refusals_to_sign(whole, amendment=False)
    assert no.code == code and missing in say(no)
    found = checks_of(whole, Parameters.of(), amendment=False)
    assert [one.state for one in found if one.part == missing] == ["red"]


def test_a_school_that_charges_nothing_states_that_instead_of_a_fund_plan(world: World):
    school = world.riverside.school
    assert not queries.draft_of(school, world.term, on=date(2026, 8, 28)).contents["F2"]["formed"]
    school.charges_fee = False
    school.save()
    content = queries.draft_of(school, world.term, on=date(2026, 8, 28)).contents["F2"]
    assert content["formed"] and "不收费" in content["facts"][0][1]


def test_a_warning_of_the_shelf_is_for_the_reader():
    advised = refuse("R-DOC-02", "not_adopted", title="⑫考勤与请假制度")
    content = part_of("F5", Pack("x", (SIGNED,), (), (advised,)), without="").content()
    checks = [one for one in checks_of({"F5": content}, Parameters.of(), amendment=False) if one.part == "F5"]
    assert {one.state for one in checks} == {"green", "remark"}


def test_proofs_are_the_table_and_gaps_are_told_with_their_rule():
    gap = refuse("R-DOC-01", "not_adopted", title="⑨场地设施设备安全管理制度")
    content = part_of("F5", Pack("x", (SIGNED,), (gap,)), without="").content()
    assert content["tables"][0]["rows"] == [["③突发事件应急预案 第1版", "2026-08-20", "钟毅", "a" * 16]]
    checks = [one for one in checks_of({"F5": content}, Parameters.of(), amendment=False) if one.part == "F5"]
    assert [one.state for one in checks] == ["green", "red"]
    assert say(checks[1].refusal) == f"还缺：{say(gap)}"


def test_a_whole_shelf_is_green():
    content = part_of("F5", Pack("x", (SIGNED,)), without="").content()
    checks = [one for one in checks_of({"F5": content}, Parameters.of(), amendment=False) if one.part == "F5"]
    assert {one.state for one in checks} == {"green"}


@pytest.mark.clause("2.4-p")
def test_somebody_whose_proof_ends_within_the_term_is_named_to_the_district(world: World):
    teacher = world.riverside.staff["teacher"]
    StaffMember.objects.filter(pk=teacher.pk).update(fit_until_on=date(2026, 11, 1))
    contents = queries.draft_of(world.riverside.school, world.term, on=date(2026, 8, 28)).contents
    assert contents["F3"]["measures"]["ending"] == [teacher.name]
    checks = checks_of(contents, Parameters.of(), amendment=False)
    said = [say(one.refusal) for one in checks if one.part == "F3" and one.state == "remark" and one.refusal]
    assert any(teacher.name in words and "到期" in words for words in said)


# --- F3: the facts of each file decide, nobody injects a result ----------------------------------------------------------


def roster_of(world: World) -> tuple[dict, list[str]]:
    contents = queries.draft_of(world.riverside.school, world.term, on=date(2026, 8, 28)).contents
    checks = checks_of(contents, Parameters.of(), amendment=False)
    return contents["F3"], [say(one.refusal) for one in checks if one.part == "F3" and one.state == "red"]


@pytest.mark.clause("2.4-p", "2.4-j2")
def test_the_list_says_each_result_with_number_and_day_and_never_what_was_found(world: World):
    content, red = roster_of(world)
    assert red == [] and content["measures"]["not_cleared"] == []
    table = next(one for one in content["tables"] if one["title"] == "准入检查结果")
    teacher = world.riverside.staff["teacher"]
    (row,) = [dict(zip(table["columns"], row, strict=True)) for row in table["rows"] if row[0] == teacher.name]
    assert (row["准入结论"], row["入职查询"], row["查询结果编号"]) == ("通过", "通过", f"LP{teacher.pk}")
    assert row["查询日期"] == teacher.checks.get().answered_on.isoformat()
    for column, kind in (("服务协议", "agreement"), ("安全责任书", "letter")):
        assert row[column].startswith(teacher.papers.get(kind=kind).number)
    assert row["培训合格证"].startswith(f"PX-{teacher.pk}，到") and row["限制名单核对"] == "没有身份信息，未核对"


@pytest.mark.clause("2.4-p", "2.4-j1", "2.4-j2", "2.4-n")
@pytest.mark.parametrize("lost", ["check", "failed", "health", "training", "letter", "listed"])
def test_whoever_is_not_through_is_red_with_the_step_and_keeps_the_pack_out_of_bulk(world: World, lost: str):
    teacher, past = world.riverside.staff["teacher"], date(2026, 8, 1)
    step = {"health": "材料", "training": "培训", "letter": "协议与责任书"}.get(lost, "入职查询")
    if lost == "check":
        teacher.checks.update(answered_on=date(2025, 8, 1))
    elif lost == "failed":
        teacher.checks.update(state="failed")
    elif lost == "health":
        teacher.proofs.filter(kind="health").update(valid_until_on=past)
    elif lost == "training":
        teacher.trainings.update(valid_until_on=past)
    elif lost == "letter":
        teacher.papers.filter(kind="letter").update(state="superseded")
    else:
        StaffMember.objects.filter(pk=teacher.pk).update(id_hash="a" * 64)
        Restriction.objects.create(
            name=teacher.name, id_hash="a" * 64, id_number="1", kind="conduct", basis="师德处分决定", from_on=past,
            listed_by="科", listed_at=AUGUST,
        )  # fmt: skip
    content, red = roster_of(world)
    assert content["measures"]["not_cleared"] == [f"{teacher.name}（{step}）"]
    assert len(red) == 1 and f"{teacher.name}（{step}）" in red[0]
    assert "师德处分决定" not in json.dumps(content, ensure_ascii=False), "the result alone is filed"
    checks = checks_of({"F3": content}, Parameters.of(), amendment=False)
    assert refusal_in_bulk(checks).key == "R-FILING-03:red_in_bulk"


# --- What the district reads: figures and words, not titles alone ----------------------------------------------------------


def part_of_school(world: World, code: str) -> dict:
    return queries.draft_of(world.riverside.school, world.term, on=AUGUST.date()).contents[code]


def words_of(content: dict) -> str:
    return "\n".join(f"{one['title']} {' '.join(one['words'])}" for one in content["sections"])


@pytest.mark.clause("2.6.2-f")
def test_the_fund_plan_is_filed_in_figures(world: World):
    ready(world)
    content, plan = part_of_school(world, "F2"), world.riverside.school.fund_plans.get().plan
    tables = {one["title"]: one["rows"] for one in content["tables"]}
    assert [row[1] for row in tables["收入预测"]] == ["40人", "200人", "20人"]
    assert len(tables["支出预算"]) == 5 and tables["补助标准"] and tables["管理岗位"]
    facts = dict(content["facts"])
    income = content["measures"]["income_fen"]
    assert facts["收入合计"] == f"{yuan(income)}元" and income > content["measures"]["spent_fen"] > 0
    assert plan.publication in words_of(content) and plan.surplus in words_of(content)


@pytest.mark.clause("2.5-b", "2.5-d")
def test_every_document_is_filed_with_its_text_and_the_emergency_plan_with_its_cards(world: World):
    ready(world)
    shelf, safety = part_of_school(world, "F5"), part_of_school(world, "F6")
    for version in PolicyVersion.objects.filter(school=world.riverside.school, superseded_at=None):
        words = words_of(safety if version.number == EMERGENCY_PLAN else shelf)
        for chapter in version.text:
            assert chapter.body.replace("\n", " ") in words, (version, chapter.title)
    assert [one["title"] for one in safety["sections"] if one["title"].startswith("场景卡")][
        -1
    ] == "场景卡10　停电与系统故障"
    assert "足球场" in words_of(safety) and "放学时段到正门疏导" in words_of(safety)
    rows = {row[0]: row[1:] for row in next(one for one in safety["tables"] if one["title"] == "安全职责矩阵")["rows"]}
    assert world.riverside.staff["teacher"].name in rows["科学室"]


@pytest.mark.clause("2.7.3-h", "2.7.2-d")
def test_notice_and_agreement_are_filed_word_by_word_with_their_hashes(world: World):
    ready(world)
    notice = Notice.objects.get(plan__school=world.riverside.school)
    content = {"words": "家长朋友：", "topics": [{"key": "times", "title": "服务时间", "words": "周一至周五"}],
               "phones": [["学校", "023-1"]]}  # fmt: skip
    Notice.objects.filter(pk=notice.pk).update(content=content)
    part = part_of_school(world, "F7")
    said = words_of(part)
    assert "周一至周五" in said and "023-1" in said
    form = (TEMPLATES / "agreement.typ").read_text()
    plain = re.sub(r"#text\(font: hei\)\[([^\]]*)\]", r"\1", form)
    for words in fixed_words():
        assert words.strip("；。，") in plain, f"the form does not say: {words}"
        assert words in said
    assert {one["digest"] for one in part["evidence"]} >= {notice.digest, sha256(form.encode()).hexdigest()}
    NoticeReceipt.objects.all().delete()
    notice.delete()
    part = part_of_school(world, "F7")
    red = [one.refusal.key for one in checks_of({"F7": part}, Parameters.of(), amendment=False)
           if one.part == "F7" and one.state == "red"]  # fmt: skip
    assert "R-NOTI-01:filed_without_notice" in red


@pytest.mark.clause("2.7.3-h")
@pytest.mark.parametrize("key", list(AGREEMENT_FIELDS))
def test_an_agreement_that_says_nothing_of_a_mandatory_item_is_red(world: World, monkeypatch, key: str):
    ready(world)
    whole = Wording.sample
    monkeypatch.setattr(Wording, "sample", lambda self: {**whole(self), key: [] if key in LISTS else ""})
    content = part_of_school(world, "F7")
    assert AGREEMENT_FIELDS[key] in content["measures"]["agreement_lacks"]


def test_of_two_long_texts_the_place_where_they_part_is_shown():
    was = {"sections": [{"title": "一", "words": ["甲" * 300 + "旧" + "乙" * 300]}]}
    now = {"sections": [{"title": "一", "words": ["甲" * 300 + "新" + "乙" * 300]}]}
    (one,) = differences(was, now)
    assert "旧" in one.before and "新" in one.after and max(len(one.before), len(one.after)) < 170
