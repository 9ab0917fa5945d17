"""Parts from the planning chapter: what is signed is filed with its hash, what is missing is said and never made up."""

from __future__ import annotations

from datetime import date

from kehou.chapters.filing.parts.proofs import part_of
from kehou.chapters.planning.queries.organisation import Pack, Proof
from kehou.rules.filing import checks_of
from kehou.rules.parameters import Parameters
from kehou.rules.sentences import say
from kehou.rules.verdicts import refuse

SIGNED = Proof("③突发事件应急预案 第1版", "a" * 64, date(2026, 8, 20), "钟毅（校长）")


def test_without_a_signed_paper_the_part_is_not_formed():
    assert part_of("F5", Pack("x", (Proof("演练"),)), without="还没有上架").content()["waits_for"] == "还没有上架"


def test_proofs_are_the_table_and_gaps_are_told_with_their_rule():
    gap = refuse("R-DOC-01", "not_adopted", title="⑨场地设施设备安全管理制度")
    content = part_of("F5", Pack("x", (SIGNED,), (gap,)), without="").content()
    assert content["tables"][0]["rows"] == [["③突发事件应急预案 第1版", "2026-08-20", "钟毅", "a" * 16]]
    checks = [one for one in checks_of({"F5": content}, Parameters.of(), amendment=False) if one.part == "F5"]
    assert [one.state for one in checks] == ["green", "remark"]
    assert say(checks[1].refusal) == say(gap)


def test_a_whole_shelf_is_green():
    content = part_of("F5", Pack("x", (SIGNED,)), without="").content()
    checks = [one for one in checks_of({"F5": content}, Parameters.of(), amendment=False) if one.part == "F5"]
    assert {one.state for one in checks} == {"green"}
