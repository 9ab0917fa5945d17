"""Codes cannot be guessed where the product serves, and are the same every time where the demonstration is built."""

from __future__ import annotations

import ast
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import SystemRandom
from uuid import RFC_4122

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.test import override_settings

from kehou.chapters.planning.actions.rounds import secret
from kehou.chapters.staffing.actions.volunteers import _code
from kehou.chapters.surveys.models import Survey, Ticket
from kehou.lib import chance
from tests.chapters.surveys.stage import opened
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
WAYS: dict[str, Callable[[], object]] = {
    "text": lambda: chance.text("abcdefgh", 20),
    "hexadecimal": lambda: chance.hexadecimal(16),
    "uuid": chance.uuid,
    "sample": lambda: tuple(chance.sample(range(1000), 20)),
    "opinion code": secret,
    "certificate code": _code,
}


def _shuffled() -> tuple[int, ...]:
    items = list(range(50))
    chance.shuffle(items)
    return tuple(items)


@pytest.mark.parametrize("way", [*WAYS.values(), _shuffled], ids=[*WAYS, "shuffle"])
def test_outside_a_seeding_nothing_repeats_and_inside_everything_does(way) -> None:
    assert isinstance(chance._source(), SystemRandom)
    assert len({way() for _ in range(20)}) == 20
    with override_settings(DEMONSTRATION=True):
        rows = []
        for seed in (1, 1, 2):
            with chance.repeatable(seed):
                rows.append([way() for _ in range(5)])
    assert rows[0] == rows[1] != rows[2]
    assert isinstance(chance._source(), SystemRandom) and way() != rows[0][0]


def test_where_it_is_in_earnest_nobody_can_name_a_seed() -> None:
    with override_settings(DEMONSTRATION=False), pytest.raises(ImproperlyConfigured), chance.repeatable(1):
        pass
    assert isinstance(chance._source(), SystemRandom)


def test_a_seeding_in_one_thread_leaves_the_others_as_they_are() -> None:
    with override_settings(DEMONSTRATION=True), chance.repeatable(1), ThreadPoolExecutor(1) as pool:
        assert isinstance(pool.submit(chance._source).result(), SystemRandom)
        assert not isinstance(chance._source(), SystemRandom)


def test_a_refusal_inside_ends_the_seeding() -> None:
    with override_settings(DEMONSTRATION=True), pytest.raises(ValueError), chance.repeatable(1):
        raise ValueError
    assert isinstance(chance._source(), SystemRandom)


def test_a_uuid_is_one_of_version_four() -> None:
    assert all((one.version, one.variant) == (4, RFC_4122) for one in (chance.uuid() for _ in range(20)))


def test_only_the_seeds_name_a_seed() -> None:
    """Read from the code: nothing that serves opens such a block, and passwords and one-time codes stay with `secrets`."""
    found = {
        str(path.relative_to(ROOT))
        for folder in ("kehou", "seeds")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "repeatable"
    }
    assert found == {"seeds/build.py", "seeds/later.py"}
    for name in ("accounts", "sign_in", "second_factor"):
        text = (ROOT / "kehou/chapters/people/actions" / f"{name}.py").read_text(encoding="utf-8")
        assert "secrets." in text and "chance" not in text


class _Undone(Exception):
    """Takes a build back."""


def _tickets(world: World) -> list[tuple[str, str]]:
    """Return key and secret of a survey's tickets, and let the database forget them."""
    rows: list[tuple[str, str]] = []
    try:
        with transaction.atomic():
            survey = opened(world)
            rows = [(str(one.pk), one.secret) for one in Ticket.objects.filter(survey=survey).order_by("secret")]
            raise _Undone
    except _Undone:
        return rows


def test_two_builds_have_the_same_tickets(world: World) -> None:
    """Two whole builds of size S are minutes; their codes come from nowhere but here.

    Compared by hand, with other hash seeds, two of them differ only where they must: the nonces of encrypted columns,
    the marks of passwords that nobody has, the ends of file names, and when Django itself noted its migrations.
    """
    built = []
    for _ in range(2):
        with override_settings(DEMONSTRATION=True), chance.repeatable(20260907):
            built.append(_tickets(world))
    assert built[0] == built[1] and built[0]
    assert _tickets(world) != built[0]
    assert not Survey.objects.exists()
