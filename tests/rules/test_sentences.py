"""Every refusal in the code can be said: it has a sentence, the sentence asks only for facts that it is given."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

import kehou
from kehou.rules import sentences
from kehou.rules.clauses import codes
from kehou.rules.fees import MODES
from kehou.rules.sentences.fees import LINES

ROOT = Path(kehou.__file__).parent


def refusals_in_the_code():
    """Yield (where, code, why, facts) of every `refuse("R-…", "why", fact=…)`; facts is None where they are unpacked."""
    for path in sorted(ROOT.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "migrations" in path.parts or "refuse" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "refuse":
                texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
                if len(texts) == 2 and len(node.args) == 2:
                    names = {keyword.arg for keyword in node.keywords}
                    where = f"{path.relative_to(ROOT)}:{node.lineno}"
                    yield where, *texts, None if None in names else names


def placeholders(sentence):
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(sentence) if name}


REFUSALS = list(refusals_in_the_code())


def test_the_scan_finds_the_refusals():
    assert len(REFUSALS) > 100
    assert ("R-TIME-03", "ends_after_limit") in {(code, why) for _, code, why, _ in REFUSALS}


@pytest.mark.parametrize(("where", "code", "why", "facts"), REFUSALS, ids=[f"{one[0]}-{one[2]}" for one in REFUSALS])
def test_a_refusal_has_a_clause_and_a_sentence_that_its_facts_fill(where, code, why, facts):
    assert code in codes(), f"{where}: no clause of the policy has the rule {code}"
    sentence = sentences.SENTENCES.get(f"{code}:{why}")
    assert sentence, f"{where}: {code}:{why} has no sentence"
    assert sentence[-1] in "。！？", f"{where}: {sentence} does not end"
    assert facts is None or placeholders(sentence) <= facts, f"{where}: {sentence} asks for more than {facts}"


@pytest.mark.parametrize("key", sentences.SENTENCES)
def test_a_sentence_is_chinese_and_belongs_to_a_rule(key):
    code, _, why = key.partition(":")
    assert code in codes()
    assert re.fullmatch(r"[a-z0-9_]+", why)
    assert re.search(r"[\u4e00-\u9fff]", sentences.SENTENCES[key])


@pytest.mark.parametrize("key", LINES)
def test_a_line_of_a_bill_is_chinese(key):
    assert re.search(r"[\u4e00-\u9fff]", LINES[key])


def test_every_mode_of_the_fee_has_a_name():
    from kehou.rules.parameters.money_groups import FEE_MODES

    assert set(FEE_MODES) == set(MODES)
