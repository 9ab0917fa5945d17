"""Every verb that is written into the journal can be read by a person."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from kehou.rules.allocation import Rules
from kehou.rules.verb_codes import code_in_words
from kehou.rules.verb_words import FACTS, FAMILIES
from kehou.rules.verbs import TITLES, facts_in_words, title_of

ROOT = Path(__file__).resolve().parents[2]
FOUND = re.compile(rf'"((?:{"|".join(family[:-1] for family in FAMILIES)})\.[a-z_]+)"')

LETTER = re.compile(r'kind="[a-z_.]+"|\b_tell\([^"\n]*"[a-z_.]+"')


def written() -> set[str]:
    """Return the verbs in the code of all actions; what kind a letter is has the same form and is none."""
    verbs = set()
    for path in (ROOT / "kehou/chapters").glob("*/actions*"):
        for file in [path] if path.suffix == ".py" else path.rglob("*.py"):
            code = file.read_text(encoding="utf-8")
            if "journal.write" in code:
                verbs |= set(FOUND.findall(LETTER.sub("", code)))
    return verbs


def test_every_verb_has_its_words():
    assert sorted(written() - set(TITLES)) == [], "add its title to kehou/rules/verbs.py"


def test_a_verb_without_a_title_is_called_by_its_family():
    assert title_of("people.something_new") == "账号与学生"
    assert title_of("nobody.knows") == "其他操作"


def test_facts_are_said_in_words():
    assert facts_in_words({"way": "guardian", "on": "2026-11-18", "was": {"name": "甲"}, "slots": [1, 2]}) == (
        "方式：家长接；日期：2026-11-18；原来：名称 甲；时段：1、2"
    )


def test_money_is_said_in_yuan():
    assert facts_in_words({"owed_fen": 9900, "was": {"due_fen": 550}}) == "待缴：99.00元；原来：应缴 5.50元"


def test_codes_are_said_in_words_and_what_is_not_given_is_left_out():
    facts = {"kind": "qualification", "until": None, "passed": True, "role": "asp_manager", "area": "heritage"}
    assert facts_in_words(facts) == "类别：资质证明；通过：是；岗位：课后服务管理员；类别：非遗与民间工艺"


def facts_written() -> set[str]:
    """Return the names of the facts in the code of all actions."""
    names = set()
    for file in (ROOT / "kehou/chapters").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "journal.write":
                names |= {one.arg for one in node.keywords if one.arg}
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "journal.write_many":
                tables = [one for one in ast.walk(node.args[0]) if isinstance(one, ast.Dict)]
                names |= {key.value for one in tables for key in one.keys if isinstance(key, ast.Constant)}
    return names - {"about", "by", "at", "school_code"}


def test_every_fact_has_its_name():
    assert sorted(facts_written() - set(FACTS)) == [], "add its name to kehou/rules/verb_words.py"


@pytest.mark.parametrize("choice", ["mechanism", "lottery", "siblings", "minimum", "objective", "guarantee"])
def test_every_choice_of_a_draw_has_its_words(choice):
    codes = get_args(get_type_hints(Rules)[choice])
    assert codes and all(code_in_words("allocation.planned", choice, code) for code in codes)


def test_what_a_code_means_depends_on_the_verb():
    assert facts_in_words({"section": "table"}, "planning.section_edited") == "章节：内容项目表"
    assert facts_in_words({"kind": "conduct"}, "staffing.restricted") == "类别：师德限制"
    assert facts_in_words({"kind": "conduct"}, "staffing.provider_checked") == "类别：教育、公安、文旅等部门意见"
    assert facts_in_words({"was": "in_use", "becomes": "suspended"}, "staffing.moved") == "原来：在用；改为：暂停"
    rules = {"rules": {"mechanism": "gsd", "siblings": "linked", "version": "sunlot-v1"}}
    assert facts_in_words(rules, "allocation.planned") == "办法：分配办法 志愿优先、兄弟姐妹 同一个号、版本 sunlot-v1"
    assert facts_in_words({"marks": {"12": "present"}}, "attendance.marked") == "人次：编号12 到"
