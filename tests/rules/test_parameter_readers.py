"""A parameter that nothing reads would be a promise: each has a reader in the code, or says that it has none yet."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from kehou.rules.parameters import REGISTRY

HOUSE = Path(__file__).resolve().parents[2] / "kehou"
OWN = HOUSE / "rules" / "parameters"

# Groups that are handed over whole, and who takes them: there a parameter is read as `rules.stages`, `fee.mode`.
TAKEN_WHOLE = {
    "elig": ("rules/eligibility.py",),
    "time": ("desks/district/exceptions.py", "desks/school/dismissal.py"),
    "safety": ("rules/resources.py",),
    "staff": ("rules/policy_texts/__init__.py", "chapters/staffing/actions/signing_up.py"),
    "provider": ("chapters/staffing/actions/listing.py",),
    "fee": ("rules/fees/pricing.py", "rules/fees/statement.py"),
    "fund": ("rules/fund.py",),
    "retention": ("templates/public/privacy.html",),
}


@cache
def _code() -> dict[str, str]:
    """Return the text of every Python file and template outside the registry itself, by its path in the house."""
    return {
        str(path.relative_to(HOUSE)): path.read_text(encoding="utf-8")
        for ending in ("py", "html")
        for path in HOUSE.rglob(f"*.{ending}")
        if OWN not in path.parents and "migrations" not in path.parts
    }


def readers_of(key: str) -> list[str]:
    """Return the files that read a parameter: by its name in full, or as a part of its group."""
    group, name = key.split(".")
    full = re.compile(rf"\b{group}\.{name}\b")
    found = [path for path, text in _code().items() if full.search(_without_comments(text))]
    part = re.compile(rf"\b\w+\.{name}\b")
    return found + [path for path in TAKEN_WHOLE.get(group, ()) if part.search(_code()[path])]


def _without_comments(text: str) -> str:
    """Leave out what only speaks of a parameter: docstrings and comments."""
    return re.sub(r'"""(?:.|\n)*?"""|#[^\n"]*$', "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("key", REGISTRY)
def test_it_is_read_or_says_that_it_is_not_yet(key):
    one, found = REGISTRY[key], readers_of(key)
    if one.later:
        assert not found, f"{found} read it: take the badge “{one.takes_effect}” away"
        assert one.takes_effect == f"将在“{one.later}”启用"
    else:
        assert found, "nothing reads it: read it, or name in `later` the part that will"


@pytest.mark.parametrize("group", TAKEN_WHOLE)
def test_a_group_that_is_taken_whole_is_handed_over_somewhere(group):
    handed = re.compile(rf"\.{group}\b(?!\.)")
    assert any(handed.search(text) for text in _code().values())
