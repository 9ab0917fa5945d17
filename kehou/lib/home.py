"""Whether a command that was given no environment is meant for the demonstration of this folder.

A real installation sets its keys, and what it forgets is missed loudly (`kehou.lib.env`). Somebody who tries the
program out has `make run` behind him and types `manage.py roster FILE --school CODE`: his data are the demonstration's,
and the folder says so by a file that only a demonstration writes. Servers do not ask here: they read the environment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Any of these says that somebody has thought about the installation: then nothing is assumed.
SAYS_SO = ("DEMONSTRATION", "SECRET_KEY", "FIELD_KEYS", "DATABASE_URL", "ALLOWED_HOSTS")
# These build the demonstration, or read one file and no database at all.
NEED_NO_DATA = ("content_lint", "demo", "seed")


def marker(folder: Path) -> Path:
    """Return the file by which a folder of data is known as a demonstration's."""
    return folder / "demonstration"


def is_demonstration(command: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Return whether `command` (without the program's name) may work as a demonstration, though nobody said so."""
    if not command or any(name in environment for name in SAYS_SO):
        return False
    return command[0] in NEED_NO_DATA or marker(Path(environment.get("KEHOU_VAR", ROOT / "var"))).exists()
