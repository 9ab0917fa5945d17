"""The other half of the gate matrix: where a way in does not exist the table says so, and the sources prove it.

Every function of the house is read with what it names. From each import (whatever opens a sheet), each command, each job
and each address follows what it can reach; a guarded action that is reached by a way needs a cell in the matrix, one that
is not is written down as "no such way". A new door to a guarded action fails here until it has its cell.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import URLPattern, URLResolver, get_resolver

from tests.desks.test_gate_matrix import MATRIX

ROOT = Path(__file__).resolve().parents[2]
GATES = tuple(f"R-GATE-0{number}" for number in range(6))
NO = "no such way"

# What each gate holds back.
GUARDED = {
    "R-GATE-00": ("enrolment.open_registration", "timetable.make_sessions", "money.run_bills", "money.make_bill"),
    "R-GATE-01": ("enrolment.open_registration",),
    "R-GATE-02": ("enrolment.open_registration", "timetable.make_sessions"),
    "R-GATE-03": ("planning.open_round", "planning.prepare_final"),
    "R-GATE-04": ("planning.open_round", "planning.publish_adoption", "planning.prepare_final"),
    "R-GATE-05": ("planning.prepare_final", "programme.publish", "filing.sign"),
}

# Gate × way in: the guarded actions that the way reaches, or that there is none. An import of rows that lie *behind* a
# gate (a table over a public one, an old filing) has its cell in the matrix although it reaches no guarded action.
WAYS: dict[tuple[str, str], str | set[str]] = {
    ("R-GATE-00", "import"): NO,
    ("R-GATE-00", "command"): {"timetable.make_sessions", "money.run_bills"},
    ("R-GATE-00", "api"): NO,
    ("R-GATE-01", "import"): NO,
    ("R-GATE-01", "command"): NO,
    ("R-GATE-01", "api"): NO,
    ("R-GATE-02", "import"): NO,
    ("R-GATE-02", "command"): {"timetable.make_sessions"},
    ("R-GATE-02", "api"): NO,
    ("R-GATE-03", "import"): NO,
    ("R-GATE-03", "command"): NO,
    ("R-GATE-03", "api"): NO,
    ("R-GATE-04", "import"): NO,
    ("R-GATE-04", "command"): NO,
    ("R-GATE-04", "api"): NO,
    ("R-GATE-05", "import"): NO,
    ("R-GATE-05", "command"): NO,
    ("R-GATE-05", "api"): NO,
}
# Commands that build a place to try out: their world goes through the same actions, in a database of its own.
BUILDERS = {"demo", "seed", "seed_later"}
# What opens a sheet that somebody hands in.
OPENERS = {"kehou.lib.sheets.reading.open_sheets", "kehou.lib.sheets.rosters.read_roster"}


# --- What names what --------------------------------------------------------------------------------------------------


def _modules() -> Iterator[tuple[str, ast.Module, bool]]:
    for path in sorted((ROOT / "kehou").rglob("*.py")):
        parts = list(path.relative_to(ROOT).with_suffix("").parts)
        package = parts[-1] == "__init__"
        yield ".".join(parts[:-1] if package else parts), ast.parse(path.read_text("utf-8")), package


def _imported(tree: ast.Module) -> dict[str, str]:
    """Return what each imported name of a module stands for."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
        elif isinstance(node, ast.Import):
            found |= {one.asname: one.name for one in node.names if one.asname}
    return found


def _named(node: ast.AST, imported: dict[str, str], module: str) -> set[str]:
    """Return everything a piece of source names, by its full name."""
    found = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Name):
            found.add(imported.get(one.id, f"{module}.{one.id}"))
        elif isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id in imported:
            found.add(f"{imported[one.value.id]}.{one.attr}")
    return found


@cache
def _graph() -> tuple[dict[str, set[str]], dict[str, str], frozenset[str]]:
    """Return what each piece of the house names, where a re-exported name comes from, and which pieces are jobs."""
    names: dict[str, set[str]] = {}
    comes_from: dict[str, str] = {}
    jobs: set[str] = set()
    for module, tree, _ in _modules():
        imported = _imported(tree)
        comes_from |= {f"{module}.{name}": full for name, full in imported.items()}
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                key = f"{module}.{node.name}"
                names[key] = _named(node, imported, module)
                if any("jobs.task" in ast.unparse(one) for one in node.decorator_list):
                    jobs.add(key)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    if isinstance(target, ast.Name):
                        names.setdefault(f"{module}.{target.id}", set()).update(_named(node, imported, module))
    return names, comes_from, frozenset(jobs)


def _origin(name: str) -> str:
    _, comes_from, _ = _graph()
    seen: set[str] = set()
    while name in comes_from and name not in seen:
        seen.add(name)
        name = comes_from[name]
    return name


def reached(starts: set[str]) -> set[str]:
    """Return every piece of the house that can be reached from some; a job is asked for by name, so it is reached too."""
    names, _, _ = _graph()
    found: set[str] = set()
    waiting = [_origin(one) for one in starts]
    while waiting:
        one = waiting.pop()
        if one in names and one not in found:
            found.add(one)
            waiting += [_origin(other) for other in names[one]]
    return found


def actions_of(gate: str) -> dict[str, str]:
    """Return where each guarded action of a gate is defined, and its short name."""
    return {
        _origin(f"kehou.chapters.{chapter}.actions.{name}"): f"{chapter}.{name}"
        for chapter, name in (one.split(".") for one in GUARDED[gate])
    }


def imports() -> set[str]:
    """Return whatever opens a sheet."""
    names, _, _ = _graph()
    return {key for key, named in names.items() if OPENERS & {_origin(one) for one in named}} - OPENERS


def commands() -> set[str]:
    """Return our commands and the jobs that the worker's command works off."""
    names, _, jobs = _graph()
    ours = {name for name, app in get_commands().items() if app.startswith("kehou") and name not in BUILDERS}
    return jobs | {key for key in names if ".management.commands." in key and key.split(".")[-2] in ours}


def views() -> Iterator[URLPattern]:
    """Yield every address of the house."""
    waiting: list[URLPattern | URLResolver] = list(get_resolver().url_patterns)
    while waiting:
        one = waiting.pop()
        if isinstance(one, URLResolver):
            waiting += one.url_patterns
        else:
            yield one


# --- The proof --------------------------------------------------------------------------------------------------------


def test_the_reading_finds_what_is_there():
    """The reader of sources is not blind: pages, imports, commands and jobs are found, each with what it reaches."""
    for gate in GATES:
        assert all(name in _graph()[0] for name in actions_of(gate)), gate
    page = reached({"kehou.desks.school.registration.opening"} & set(_graph()[0])) or reached(
        {key for key in _graph()[0] if key.startswith("kehou.desks.school.registration.")}
    )
    assert _origin("kehou.chapters.enrolment.actions.open_registration") in page
    assert {"kehou.desks.school.table_ways.sheet", "kehou.desks.school.rooms.sheet"} <= imports()
    assert "kehou.chapters.programme.actions.sheet.take_table" in reached({"kehou.desks.school.table_ways.sheet"})
    assert "kehou.chapters.money.actions.billing.make_bills" in commands()
    assert any(".commands.roster." in key for key in commands())


@pytest.mark.clause("4-b", "4-c")
@pytest.mark.parametrize("way", ["import", "command"])
@pytest.mark.parametrize("gate", GATES)
def test_a_way_that_the_table_does_not_name_does_not_exist(gate: str, way: str):
    found = reached(imports() if way == "import" else commands())
    got = {short for full, short in actions_of(gate).items() if full in found}
    said = WAYS[gate, way]
    assert got == (set() if said == NO else said)
    if said != NO:
        assert any(cell.gate == gate and cell.way.startswith(way) for cell in MATRIX), "a way without its cell"


@pytest.mark.clause("4-c")
def test_no_programme_of_others_writes_here():
    """There is no way for machines (ADR 0013): no desk of that name, and no address that takes a write without the page's token."""
    spaces = {one.namespace for one in get_resolver().url_patterns if isinstance(one, URLResolver)}
    assert not {space for space in spaces if space and "api" in space}
    assert not [one.name for one in views() if getattr(one.callback, "csrf_exempt", False)]
    assert all(WAYS[gate, "api"] == NO for gate in GATES)


def test_each_gate_says_something_of_each_way():
    assert {gate for gate, _ in WAYS} == set(GATES)
    for gate in GATES:
        assert {way for one, way in WAYS if one == gate} == {"import", "command", "api"}
        assert {cell.way.split(":")[0] for cell in MATRIX if cell.gate == gate} >= {"page", "action"}
