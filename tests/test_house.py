"""What the house promises about itself: commands, documents, citations, fetched files."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tools import assets, bootstrap, clauses, coverage, house, lock

ROOT = lock.ROOT
PAGES = [path for path in house.files(".md") if "screenshots" not in path.parts]
WORDS = ("run", "test", "check", "fix", "seed", "bench", "docs")


def test_the_makefile_knows_the_whole_vocabulary_and_prints_it() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.findall(r"^(\w+):$", text, re.M) == ["words", *WORDS]
    assert re.findall(r'@echo "make (\w+)', text) == list(WORDS)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_names_only_commands_and_files_that_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    commands = re.findall(r"^    make (\w+)|`make (\w+)", text, re.M)
    assert not {word for pair in commands for word in pair if word} - set(WORDS)
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)
    missing = [link for link in links if "screenshots/" not in link and not (page.parent / link).exists()]
    assert not missing


def test_every_decision_has_its_own_number_and_its_line_in_the_index() -> None:
    folder = ROOT / "docs" / "adr"
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [int(name[:4]) for name in records] == list(range(1, len(records) + 1))
    index = re.findall(r"^(\d+)\. \[.*\]\((.*)\)$", (folder / "README.md").read_text(encoding="utf-8"), re.M)
    assert index == [(str(int(name[:4])), name) for name in records]
    for name in records:
        assert (folder / name).read_text(encoding="utf-8").startswith(f"# {int(name[:4])}. "), name


def test_every_clause_cited_in_code_and_tests_exists() -> None:
    assert coverage.unknown() == []


def test_marks_are_read_from_functions_methods_and_parameters() -> None:
    source = """
class TestA:
    @pytest.mark.clause("2.2-a", "2.2-b")
    def test_one(self): ...

@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.clause("2.2-c"))])
def test_two(x): ...

def test_three(): ...
"""
    found = dict(coverage._marked(ast.parse(source)))
    assert found == {"TestA::test_one": ["2.2-a", "2.2-b"], "test_two": ["2.2-c"], "test_three": []}


def test_a_clause_is_open_until_something_cites_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "citations", lambda: {"R-TIME-02": ["kehou/rules/x.py"]})
    monkeypatch.setattr(coverage, "proofs", lambda: {"2.2-c": ["tests/rules/test_x.py::test_end"]})
    states = dict(re.findall(r"^\| (\S+) \|.*\| (proven|built|open) \|", coverage.page(), re.M))
    assert (states["2.2-a"], states["2.2-b"], states["2.2-c"]) == ("open", "built", "proven")
    assert "190 clauses: 1 proven, 1 built, 188 open" in coverage.page()


def test_rules_may_not_be_cited_by_a_code_that_the_policy_does_not_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "citations", lambda: {"R-TIME-99": ["kehou/rules/x.py"]})
    monkeypatch.setattr(coverage, "proofs", dict)
    assert coverage.unknown() == ["kehou/rules/x.py: the clause table has no R-TIME-99"]


def test_every_clause_stands_under_a_heading_of_the_policy() -> None:
    assert all(clauses.heading(id_) for id_ in clauses.ids())


def test_a_changed_lock_asks_for_a_new_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in bootstrap.LOCKS["dev"]:
        (tmp_path / name).write_text("one==1\n")
    stamp = tmp_path / "stamp"
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "STAMP", stamp)
    assert not bootstrap.is_ready("runtime")
    stamp.write_text(bootstrap.digest("dev"))
    assert bootstrap.is_ready("dev")
    assert bootstrap.is_ready("runtime")  # the one for development contains it
    stamp.write_text(bootstrap.digest("runtime"))
    assert not bootstrap.is_ready("dev")
    (tmp_path / "requirements.lock").write_text("one==2\n")
    assert not bootstrap.is_ready("runtime")


@pytest.mark.parametrize(
    "text", [b"a{}\n/*# sourceMappingURL=a.css.map */\n", b"a{}\n//# sourceMappingURL=a.js.map", b"a{}"]
)
def test_a_source_map_comment_is_not_shipped(text: bytes) -> None:
    assert assets._SOURCE_MAP.sub(b"", text) == b"a{}"


def test_the_sprite_has_every_icon_once_and_nothing_third_party_is_tracked() -> None:
    names = assets.icon_names()
    assert len(names) == len(set(names))
    if not assets.SPRITE.is_file():
        pytest.skip("front-end files not fetched: `make run` does it")
    symbols = [symbol.get("id") for symbol in ElementTree.parse(assets.SPRITE).getroot()]
    assert symbols == names
    tracked = {str(path.relative_to(ROOT)) for path in house.files()}
    assert not [
        name for name in tracked if name.startswith(("kehou/static/vendor", "node_modules", "kehou/static/icons"))
    ]


def test_the_locks_agree_and_carry_no_address() -> None:
    assert house.locks() == []
    runtime, dev = (
        {line.split("==")[0]: line.split(" ")[0] for line in path.read_text().splitlines() if "==" in line}
        for path in (lock.RUNTIME, lock.DEV)
    )
    assert not {name: (pin, dev.get(name)) for name, pin in runtime.items() if dev.get(name) != pin}
