"""The journal of the whole suite: which verbs the actions have written in it, and which nothing has.

A `journal.write` that is taken out is seen here, though no test reads that entry. Asked of a whole run on SQLite alone.
What a machine may leave out (a browser, real data) and what chance decides (who wins a race) does not count: another
machine, another hour must come to the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from kehou.rules.verbs import TITLES

ROOT = Path(__file__).resolve().parent.parent
NAME = "journalled"
LEFT_OUT = ("tests/journeys/", "tests/races/")
# Verbs that no test has written when this guard was put up: a debt, not a licence. Strike off what is written; add none.
OWED: frozenset[str] = frozenset()


def complaints(written: Iterable[str]) -> list[str]:
    """Return what is wrong after a whole run: a verb that nobody has written, one struck off too late."""
    found = set(written)
    never = sorted(set(TITLES) - OWED - found)
    paid = sorted(OWED & found)
    return [
        *(f"{verb} is in kehou/rules/verbs.py, and no test makes an action write it" for verb in never),
        *(f"{verb} is written: strike it off OWED in tests/journalled.py" for verb in paid),
    ]


def counts(item: pytest.Item) -> bool:
    """Return whether every machine runs this test and comes to the same."""
    fixtures = getattr(item, "fixturenames", ())
    return not (
        item.nodeid.startswith(LEFT_OUT) or item.get_closest_marker("browser") is not None or "shared_data" in fixtures
    )


def is_whole(config: pytest.Config) -> bool:
    """Return whether all of the suite was asked for, and all of it to run."""
    option = config.option
    narrowed = ("keyword", "markexpr", "lf", "failedfirst", "newfirst", "stepwise", "deselect", "ignore", "ignore_glob")
    asked = {(config.invocation_params.dir / arg).resolve() for arg in config.args}
    return (
        asked <= {ROOT, ROOT / "tests"}
        and not any(getattr(option, one, None) for one in (*narrowed, "collectonly", "setupplan", "setuponly"))
    )  # fmt: skip


class Journalled:
    """Listens where entries are written; a process of pytest-xdist hands on what it heard."""

    def __init__(self, config: pytest.Config, *, judges: bool) -> None:
        """Listen from now on; `judges` says whether a whole run of this kind is asked for what is missing."""
        self.config = config
        self.written: set[str] = set()
        self.found: list[str] = []
        self._judges, self._listens = judges, False
        self._listen()

    def _listen(self) -> None:
        """Stand before what writes entries: the journal's own function, and the statement of a family's choice."""
        from kehou.chapters.enrolment.actions import submitting
        from kehou.chapters.journal.actions import writing
        from kehou.chapters.journal.models import Entry
        from tests import once

        insert, insert_choice = writing._insert, submitting._insert

        def heard(rows: list[tuple[Any, ...]]) -> None:
            self._hear(writing._COLUMNS, rows)
            insert(rows)

        def heard_choice(model: Any, names: tuple[str, ...], rows: Any, **more: Any) -> Any:
            if model is Entry:
                self._hear(names, rows)
            return insert_choice(model, names, rows, **more)

        writing._insert, submitting._insert = heard, heard_choice

        once.told.append(self._put_back)

    def _hear(self, names: tuple[str, ...], rows: Iterable[Any]) -> None:
        if self._listens:
            place = names.index("verb")
            self.written.update(row[place] for row in rows)

    def _put_back(self, verbs: frozenset[str]) -> None:
        """Hear what stands in a stage put back: its actions ran in this process, perhaps while nobody listened."""
        if self._listens:
            self.written |= verbs

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Listen to this test, or not."""
        self._listens = counts(item)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Take what a process has heard, in the process that began them."""
        self.written.update(getattr(node, "workeroutput", {}).get(NAME, ()))

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Hand on what was heard; at the end of a whole run that has gone well, let it fail for what was not."""
        if (output := getattr(self.config, "workeroutput", None)) is not None:
            output[NAME] = sorted(self.written)
        elif self._judges and exitstatus == pytest.ExitCode.OK and is_whole(self.config):
            self.found = complaints(self.written)
            if self.found:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name each verb that is missing."""
        for one in self.found:
            terminalreporter.write_line(f"NOT JOURNALLED: {one}", red=True, bold=True)
