"""What imports cannot say: desks never write, every URL names its permission, every field is open or masked."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from kehou.lib.gates import OPEN, SIGNED_IN
from kehou.rules.permissions import ROLES, Permission
from kehou.rules.steps import STEPS

ROOT = Path(__file__).resolve().parent.parent
OURS = [model for model in apps.get_models() if model.__module__.startswith("kehou.")]
# What writes a row: a desk asks an action for it.
WRITING = {
    ".save", ".create", ".bulk_create", ".bulk_update", ".update_or_create", ".get_or_create", ".delete", ".update",
    ".add", ".set", ".clear", ".remove", ".save_base", ".execute", ".executemany", "insert_objects", "update_objects",
}  # fmt: skip
WRITING |= {f".a{word[1:]}" for word in WRITING if word.startswith(".")}
# No rows: forms and sessions, a set of refusals, actions whose verb is one of these words.
NO_ROWS = ("form.save", "request.session", "told.add", "allocation.remove")


def views() -> Iterator[tuple[str, URLPattern]]:
    """Yield (name, pattern) of every URL of the house."""

    def walk(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[tuple[str, URLPattern]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
            else:
                yield f"{space}{pattern.name}", pattern

    yield from walk(get_resolver().url_patterns, "")


@pytest.mark.parametrize(("name", "pattern"), list(views()), ids=[name for name, _ in views()])
def test_every_url_has_a_name_and_names_its_permission(name: str, pattern: URLPattern) -> None:
    assert pattern.name, f"{pattern.pattern} has no name"
    needs = getattr(pattern.callback, "needs", None)
    assert needs in (OPEN, SIGNED_IN) or isinstance(needs, Permission), f"{name} does not say who may open it"


def test_every_name_of_a_url_is_its_own() -> None:
    names = [name for name, _ in views()]
    assert sorted(names) == sorted(set(names))


def test_every_permission_is_held_by_somebody() -> None:
    held = frozenset().union(*(role.permissions for role in ROLES.values()))
    assert set(Permission) == set(held)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_says_whether_it_may_leave_the_building(model: type[models.Model]) -> None:
    secrecy = getattr(model, "Secrecy", None)
    assert secrecy is not None, "no class Secrecy"
    fields = {field.name for field in (*model._meta.local_fields, *model._meta.local_many_to_many)} - {"id"}
    assert fields == set(secrecy.open) | set(secrecy.masked)
    assert not set(secrecy.open) & set(secrecy.masked)


@pytest.mark.parametrize("desk", settings.DESKS)
def test_a_desk_never_writes(desk: str) -> None:
    found = []
    for path in sorted((ROOT / "kehou/desks" / desk).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _word(node.func) in WRITING:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} {ast.unparse(node.func)}")
    assert [line for line in found if not any(word in line for word in NO_ROWS)] == []


def _word(called: ast.expr) -> str:
    """Return what is called: `.update` of `rows.filter(…).update`, `insert_objects` where it stands alone."""
    return f".{called.attr}" if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


@pytest.mark.parametrize(
    ("line", "writes"),
    [
        ("rows.filter(pk=1).update(name='x')", True),
        ("group.pupils.add(child)", True),
        ("group.pupils.set([child])", True),
        ("group.pupils.clear()", True),
        ("group.pupils.remove(child)", True),
        ("insert_objects(rows)", True),
        ("cursor.execute('DELETE FROM x')", True),
        ("seen = set(rows)", False),
        ("enrolment.submit(registration, child)", False),
    ],
)
def test_what_counts_as_writing(line: str, writes: bool) -> None:
    calls = [node for node in ast.walk(ast.parse(line)) if isinstance(node, ast.Call)]
    assert any(_word(call.func) in WRITING for call in calls) is writes


@pytest.mark.parametrize("desk", settings.DESKS)
def test_a_view_asks_for_one_act(desk: str) -> None:
    """What needs two is an action that is missing: between two transactions a request can die."""
    found = []
    for path in sorted((ROOT / "kehou/desks" / desk).rglob("*.py")):
        lines = acts_in_a_row(path.read_text(encoding="utf-8"))
        found += [f"{path.relative_to(ROOT)}:{line}" for line in lines]
    assert found == []


def acts_in_a_row(source: str) -> list[int]:
    """Return the lines of statements that call an action after another in the same run of statements."""
    tree = ast.parse(source)
    chapters = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kehou.chapters.")
        for alias in node.names
        if alias.name == "actions"
    }
    found = []
    for node in ast.walk(tree):
        runs = [getattr(node, name, None) for name in ("body", "orelse", "finalbody")]
        for run in (one for one in runs if isinstance(one, list)):
            acting = [one.lineno for one in run if isinstance(one, PLAIN) and _acts(one, chapters)]
            found += acting[1:]
    return found


PLAIN = (ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return)


def _acts(statement: ast.stmt, chapters: set[str]) -> bool:
    """Return whether a statement calls an action: of a chapter, with the instant at which it is done."""
    for call in (node for node in ast.walk(statement) if isinstance(node, ast.Call)):
        words = {word.arg for word in call.keywords}
        if {"at", "by"} <= words and ast.unparse(call.func).split(".")[0] in chapters:
            return True
    return False


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("people.make(by=b, at=t)\npeople.link(by=b, at=t)", [3]),
        ("if x:\n    people.make(by=b, at=t)\nelse:\n    people.link(by=b, at=t)", []),
        ("try:\n    one = people.make(by=b, at=t)\n    people.link(one, by=b, at=t)\nexcept E:\n    pass", [4]),
        ("people.make(by=b, at=t)\nother.link(by=b, at=t)", []),
    ],
)
def test_what_counts_as_two_acts(source: str, lines: list[int]) -> None:
    assert acts_in_a_row(f"from kehou.chapters.people import actions as people\n{source}") == lines


def test_rows_are_held_without_their_keys() -> None:
    """Else a row that is held keeps others from writing what only refers to it (ADR 21)."""
    lines = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "kehou").rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if "select_for_update(" in line and "no_key=True" not in line
    ]
    assert lines == []


def test_only_desks_and_commands_read_the_clock() -> None:
    """What is below them takes `at`: a job has the instant of its turn in its report."""
    below = [path for part in ("chapters", "rules") for path in sorted((ROOT / "kehou" / part).rglob("*.py"))]
    found = [
        str(path.relative_to(ROOT))
        for path in below
        if "commands" not in path.parts and reads_the_clock(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def reads_the_clock(source: str) -> bool:
    """Return whether a module knows our clock, or asks Django's or Python's."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            if (
                names & {"kehou.lib.clock", "django.utils.timezone.now", "time.time"}
                or node.module == "kehou.lib.clock"
            ):
                return True
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called.endswith(("timezone.now", "timezone.localdate", "datetime.now", "datetime.utcnow", "date.today")):
                return True
    return False


@pytest.mark.parametrize(
    ("source", "reads"),
    [
        ("from kehou.lib import clock", True),
        ("from kehou.lib.clock import now", True),
        ("at = timezone.now()", True),
        ("at = timezone.localtime(at)", False),
        ("from kehou.lib import jobs", False),
        ("on = date.today()", True),
    ],
)
def test_what_counts_as_reading_the_clock(source: str, reads: bool) -> None:
    assert reads_the_clock(source) is reads


@pytest.mark.parametrize("desk", ["guardian", "teacher", "school", "district"])
def test_every_entry_of_a_menu_leads_somewhere_its_reader_may_go(desk: str) -> None:
    from importlib import import_module

    place = {"guardian": {"pupil_id": 1}, "district": {}}.get(desk, {"school_code": "2150990001"})
    needs = {name: getattr(pattern.callback, "needs", None) for name, pattern in views()}
    for group in import_module(f"kehou.desks.{desk}.menu").MENU:
        for entry in group.entries:
            try:
                reverse(entry.url_name, kwargs=place)
            except NoReverseMatch:
                pytest.fail(f"{entry.title}: {entry.url_name} leads nowhere")
            assert needs[entry.url_name] == entry.permission, f"{entry.title} offers a page it may not open"


def test_every_step_of_a_term_and_part_of_a_filing_leads_to_a_page_its_reader_may_open() -> None:
    from kehou.desks.school import filing, home

    needs = {name: getattr(pattern.callback, "needs", None) for name, pattern in views()}
    assert {page for page, _ in filing.PAGES.values()} <= needs.keys()
    assert home.PAGES.keys() <= {kind.key for kind in STEPS}
    for key, (page, _, shown_to) in home.PAGES.items():
        shut = [one for one in ROLES if shown_to in (held := ROLES[one].permissions) and needs[page] not in held]
        assert shut == [], f"{key}: {page} is shown to who may not open it"


def test_nothing_loads_the_solver_at_start() -> None:
    start = "import django, sys; django.setup(); import kehou.config.urls; assert 'ortools' not in sys.modules"
    subprocess.run([sys.executable, "-c", start], check=True, cwd=ROOT)


def test_templates_carry_no_inline_script_style_or_foreign_address() -> None:
    found = []
    for path in sorted((ROOT / "kehou/templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for sign in (' style="', " onclick=", " onchange=", " onsubmit=", 'src="http', 'href="http', "javascript:"):
            if sign in text:
                found.append(f"{path.relative_to(ROOT)}: {sign}")
        for piece in text.split("<script")[1:]:
            if "src=" not in piece.split(">", 1)[0] and "application/json" not in piece.split(">", 1)[0]:
                found.append(f"{path.relative_to(ROOT)}: inline script")
    assert found == []
