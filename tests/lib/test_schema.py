"""An empty database gets its tables from the models: the same tables that the migrations make."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

MADE_AT_ONCE = "import django; django.setup(); from kehou.lib import schema; schema.bring_up_to_date()"


def run(folder: Path, *arguments: str) -> dict[str, set[tuple[object, ...]]]:
    """Let a process of its own make the tables of an empty database; return what is in it."""
    folder.mkdir()
    around = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "TEST_DATABASE"))}
    environment = {**around, "KEHOU_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "kehou.config.settings"}
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, check=True)
    (path,) = folder.glob("*.sqlite3")
    with sqlite3.connect(path) as file:
        made = {(kind, name) for kind, name in file.execute("SELECT type, name FROM sqlite_master")}
        tables = [name for kind, name in made if kind == "table"]
        columns = {
            (table, *column[1:])
            for table in tables
            for column in file.execute(f"SELECT * FROM pragma_table_info('{table}')")
        }
        indexes = set(file.execute("SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger')"))
        recorded = set(file.execute("SELECT app, name FROM django_migrations"))
    return {"made": made, "columns": columns, "indexes": indexes, "recorded": recorded}


def test_tables_columns_indexes_triggers_and_records_are_those_of_the_migrations(tmp_path: Path):
    replayed = run(tmp_path / "replayed", "manage.py", "migrate", "--verbosity", "0")
    at_once = run(tmp_path / "at_once", "-c", MADE_AT_ONCE)
    for what, found in replayed.items():
        assert at_once[what] == found, what
    assert any(kind == "trigger" for kind, _ in replayed["made"])
