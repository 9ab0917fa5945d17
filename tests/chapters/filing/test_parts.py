"""Parts from the planning chapter: what is signed is filed with its hash, what is missing is said and never made up."""

from __future__ import annotations

from datetime import date

import pytest

from kehou.chapters.filing import queries
from kehou.chapters.filing.parts.proofs import part_of
from kehou.chapters.planning.queries.organisation import Pack, Proof
from kehou.chapters.staffing.models import StaffMember
from kehou.rules.filing import PARTS, checks_of, refusals_to_sign
from kehou.rules.parameters import Parameters
from kehou.rules.sentences import say
from kehou.rules.verdicts import refuse
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
