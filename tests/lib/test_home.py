"""A command without an environment works in the demonstration of its folder, and nowhere else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kehou.lib import home

LIST = "name,description,grades\n小学奥数提高班,超前讲授竞赛题,4\n纸飞机与航模,折纸,1-2\n"


def run(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Return what `manage.py` answers where the environment says nothing but `environment`."""
    bare = {name: value for name, value in os.environ.items() if name not in home.SAYS_SO}
    return subprocess.run(
        [sys.executable, str(home.ROOT / "manage.py"), *command],
        env={**bare, "KEHOU_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "kehou.config.settings", **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_list_is_linted_without_an_environment(tmp_path: Path):
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    answer = run(tmp_path, "content_lint", str(tmp_path / "list.csv"), "--json")
    assert [one["verdict"] for one in json.loads(answer.stdout)] == ["block", "allow"]
    assert "演示区" in answer.stderr


def test_what_is_missing_is_said_in_a_line(tmp_path: Path):
    answer = run(tmp_path, "roster", "list.xlsx", "--school", "1")
    assert answer.returncode == 1 and "SECRET_KEY is not set" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("name", home.SAYS_SO)
def test_an_installation_that_says_anything_is_believed(tmp_path: Path, name: str):
    home.marker(tmp_path).touch()
    assert home.is_demonstration(["roster"], {"KEHOU_VAR": str(tmp_path)})
    assert not home.is_demonstration(["roster"], {"KEHOU_VAR": str(tmp_path), name: "x"})
    assert not home.is_demonstration(["seed"], {name: "x"})


def test_a_folder_without_the_mark_is_no_demonstration(tmp_path: Path):
    assert not home.is_demonstration(["migrate"], {"KEHOU_VAR": str(tmp_path)})
    assert not home.is_demonstration([], {"KEHOU_VAR": str(tmp_path)})


def test_a_python_without_the_packages_is_told_which_one_to_take() -> None:
    done = subprocess.run(
        [sys.executable, "-S", str(home.ROOT / "manage.py"), "check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1 and ".venv/bin/python manage.py" in done.stderr and "Traceback" not in done.stderr
