"""A table to work on. Django is not ready when this is read: what needs it is imported inside."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def table(world: Any) -> Any:
    """Return Riverside's table, just begun."""
    from kehou.chapters.programme import actions as programme
    from tests.chapters.programme.stage import AT
    from tests.consultation import consult

    place = world.riverside
    consult(world)  # a table is published after the plan that it belongs to
    return programme.start_table(place.school, world.term, by=place.by("asp_manager"), at=AT)


@pytest.fixture
def publishable(world: Any, table: Any) -> Any:
    """Return Riverside's table with a basic and a featured row."""
    from kehou.chapters.programme import actions as programme
    from tests.chapters.programme.stage import AT, homework, row

    place = world.riverside
    for facts in (homework(place), row(place)):
        programme.add_activity(table, facts, by=place.by("asp_manager"), at=AT)
    return table
