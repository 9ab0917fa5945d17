"""Every verb that is written into the journal can be read by a person."""

from __future__ import annotations

import re
from pathlib import Path

from kehou.rules.verbs import FAMILIES, TITLES, facts_in_words, title_of

ROOT = Path(__file__).resolve().parents[2]
FOUND = re.compile(rf'"((?:{"|".join(family[:-1] for family in FAMILIES)})\.[a-z_]+)"')


def written() -> set[str]:
    """Return the verbs in the code of all actions."""
    verbs = set()
    for path in (ROOT / "kehou/chapters").glob("*/actions*"):
        for file in [path] if path.suffix == ".py" else path.rglob("*.py"):
            code = file.read_text(encoding="utf-8")
            if "journal.write" in code:
                verbs |= set(FOUND.findall(code))
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


def test_codes_are_said_in_words_and_what_is_not_given_is_left_out():
    facts = {"kind": "qualification", "until": None, "passed": True, "role": "asp_manager", "area": "heritage"}
    assert facts_in_words(facts) == "类别：资质证明；通过：是；岗位：课后服务管理员；类别：非遗与民间工艺"
