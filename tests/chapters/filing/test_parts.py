"""Parts from the planning chapter: what is signed is filed with its hash, what is missing is said and never made up."""

from __future__ import annotations

import json
from datetime import date

import pytest

from kehou.chapters.filing import queries
from kehou.chapters.filing.parts.proofs import part_of
from kehou.chapters.planning.queries.organisation import Pack, Proof
from kehou.chapters.staffing.models import Restriction, StaffMember
from kehou.rules.filing import PARTS, checks_of, refusal_in_bulk, refusals_to_sign
from kehou.rules.parameters import Parameters
from kehou.rules.sentences import say
from kehou.rules.verdicts import refuse
from tests.filing import AUGUST
from tests.world import World

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
