"""What no ready-made linter knows: lengths, addresses, locks, icons, one migration a chapter. Each returns problems."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tools import assets, coverage, lock

ROOT = lock.ROOT
FILE_LINES = 400
FUNCTION_LINES = 40
_CODE = (".py", ".html", ".css", ".js", ".typ", ".sh")
_HOSTS = re.compile(r"pypi\.org|pythonhosted\.org|registry\.npmjs|npmmirror\.com|yarnpkg\.com|/pypi/simple")
_MACHINE = re.compile(r"(?<![\w./\-])/(?:work|root|Users)/|/home/(?!kehou)\w+/")
_KEYS = re.compile(r"BEGIN (?:[A-Z]+ )?PRIVATE KEY")
_ICON = re.compile(
    r"""\{%\s*icon\s+["']([\w\-]+)["']|icons\.svg["']\s*%\}#([\w\-]+)|\bicon(?:_name)?=["']([\w\-]+)["']"""
)


def files(*suffixes: str) -> list[Path]:
    """Return the files of the tree that git tracks or would track."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    paths = sorted({ROOT / name for name in names if name})
    return [path for path in paths if path.is_file() and (not suffixes or path.name.endswith(suffixes))]


def too_long() -> list[str]:
    """Return files over 400 lines and functions over 40; a word is missing in the design."""
    problems = []
    for path in files(*_CODE):
        if "migrations" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        lines = text.count("\n") + 1
        if lines > FILE_LINES:
            problems.append(f"{path.relative_to(ROOT)}: {lines} lines, more than {FILE_LINES}")
        if path.suffix == ".py":
            problems += _long_functions(path, text)
    return problems


def _long_functions(path: Path, text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            length = node.end_lineno - node.lineno + 1
            if length > FUNCTION_LINES:
                place = f"{path.relative_to(ROOT)}:{node.lineno}"
                yield f"{place}: {node.name} has {length} lines, more than {FUNCTION_LINES}"


def addresses() -> list[str]:
    """Return lines with a package registry, a path of somebody's machine or a private key."""
    problems = []
    for path in files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            for name, pattern in (("a registry", _HOSTS), ("a path of one machine", _MACHINE), ("a key", _KEYS)):
                if pattern.search(line) and path != Path(__file__):
                    problems.append(f"{path.relative_to(ROOT)}:{number}: names {name}: {line.strip()[:100]}")
    return problems


def locks() -> list[str]:
    """Return what is wrong with the lock files: stale, or with addresses in them."""
    problems = [] if lock.is_current() else ["requirements*.lock: pyproject.toml has changed; `make fix` locks anew"]
    for name in ("requirements.lock", "requirements-dev.lock", "tools/uv.lock.txt", "tools/node.lock.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        if "://" in text or "--index" in text:
            problems.append(f"{name}: contains an address")
    if '"resolved"' in (ROOT / "package-lock.json").read_text(encoding="utf-8"):
        problems.append("package-lock.json: contains addresses (`resolved`)")
    return problems


def icons() -> list[str]:
    """Return the icons that pages name and the sprite does not have."""
    known = set(assets.icon_names())
    problems = []
    for path in files(".html", ".py"):
        if ROOT / "kehou" not in path.parents:
            continue
        named = {name for groups in _ICON.findall(path.read_text(encoding="utf-8")) for name in groups if name}
        problems += [
            f"{path.relative_to(ROOT)}: icon {name} is not in tools/icons.txt" for name in sorted(named - known)
        ]
    return problems


def migrations() -> list[str]:
    """Return the chapters with more than one migration: until the first release there is one each (ADR 0003)."""
    found = [path for path in files(".py") if path.parent.name == "migrations" and path.name != "__init__.py"]
    return [f"{path.relative_to(ROOT)}: only 0001_initial.py" for path in found if path.name != "0001_initial.py"]


def citations() -> list[str]:
    """Return the clauses cited in code or tests that the policy does not have."""
    return coverage.unknown()
