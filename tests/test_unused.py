"""A function that only tests call is a promise nobody keeps: it is wired, or it goes."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.test_architecture import ROOT

# Each with why it may stand. What a desk should show one day is not among the reasons.
KEPT = {
    "give_duty": "one of `give_duties`, as a test says it",
    "substitute": "one of four changes of a session, each by its name",
    "make_bill": "one bill, where `run_bills` makes a month",
    "forget_offers": "for tests, where one process sees many databases",
    "refusals_to_publish_activity": "the two halves that the desk asks one after the other",
    "fixed_words": "what the printed form is compared with",
    "check_prices": "the proof of an optimum, for whoever doubts it",
    "optimise": "the whole-school optimum, asked through the engine's registry",
    "is_complete": "whether every kind of the shelf has a text: a check of the book itself",
    "mark_left": "one child of `mark_left_many`",
}


def defined() -> Iterator[tuple[Path, str]]:
    """Yield the public functions of rules and chapters; jobs and what Django calls are found by their decorators."""
    for part in ("rules", "chapters"):
        for path in sorted((ROOT / "kehou" / part).rglob("*.py")):
            if {"migrations", "commands"} & set(path.parts):
                continue
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    called = any(
                        "task" in ast.unparse(one) or "register" in ast.unparse(one) for one in node.decorator_list
                    )
                    if not called:
                        yield path, node.name


def words_of(source: str) -> Counter[str]:
    """Return how often each name is used: neither in imports and lists of names nor in prose, nor where defined."""
    counted: Counter[str] = Counter()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            counted[node.id] += 1
        elif isinstance(node, ast.Attribute):
            counted[node.attr] += 1
    return counted


def test_every_public_function_is_asked_by_the_house() -> None:
    used: Counter[str] = Counter()
    for part in ("kehou", "seeds", "tools", "benchmarks"):
        for path in (ROOT / part).rglob("*.py"):
            used += words_of(path.read_text(encoding="utf-8"))
    for path in (ROOT / "kehou").rglob("*.html"):
        used += Counter(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    unused = {name for _, name in defined() if not used[name]}
    assert unused - set(KEPT) == set(), "only tests call these: wire them or take them away"
    assert set(KEPT) <= {name for _, name in defined()}, "no longer there"
