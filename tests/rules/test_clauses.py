"""The clause table: what a page prints beside a refusal."""

from __future__ import annotations

import pytest

from kehou.rules import clauses
from tools import clauses as table


def test_every_row_of_the_table_is_code() -> None:
    assert len(clauses.CLAUSES) == 190
    assert list(clauses.CLAUSES) == [row["id"] for row in table.rows()]


def test_the_checked_in_module_is_what_the_table_gives() -> None:
    assert table.MODULE.read_text(encoding="utf-8") == table.module()


def test_a_rule_code_leads_to_the_policys_words() -> None:
    (clause,) = clauses.clauses_of("R-TIME-03")
    assert (clause.id, clause.section, clause.words) == ("2.2-c", "二（二）服务时间", "结束时间一般不晚于18:30")


def test_a_rule_behind_several_clauses_names_them_in_the_policys_order() -> None:
    assert [clause.id for clause in clauses.clauses_of("R-PRIO-01")] == ["2.1-f", "2.1-g", "2.1-h"]


@pytest.mark.parametrize(("signal", "clause_id"), [("P1-10", "3.3-a"), ("P4-3", "3.3-d"), ("P10-5", "3.3-j")])
def test_a_signal_leads_to_its_prohibition(signal: str, clause_id: str) -> None:
    assert [clause.id for clause in clauses.clauses_of(signal)] == [clause_id]


def test_all_sixty_two_signals_are_known_and_no_more() -> None:
    assert sum(code.startswith("P") for code in clauses.codes()) == 62
    assert clauses.clauses_of("P4-11") == ()


def test_what_the_policy_does_not_say_has_no_clause() -> None:
    assert clauses.clauses_of("R-NONE-01") == ()
    with pytest.raises(KeyError):
        clauses.clause("9.9-z")


def test_words_are_the_policys_in_chinese_quotation_marks() -> None:
    words = [clause.words for clause in clauses.CLAUSES.values()]
    assert all(words)
    assert not [word for word in words if '"' in word or "[I]" in word]
    assert clauses.clause("2.3-b").words == "立足本校实际，“基础+特色”"
