"""Whoever visits 报名夜 chooses for the cast: whatever chance does, their families have not answered by then."""

from __future__ import annotations

from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from kehou.lib.demonstration import MOMENTS
from seeds import term


@pytest.mark.parametrize("seed", range(5))
def test_the_families_of_the_cast_answer_on_the_last_evening(seed: int) -> None:
    families: list[Any] = [
        SimpleNamespace(guardian=SimpleNamespace(name="某人", phone=phone), pupils=["child"])
        for phone in [f"1990000000{last}" for last in range(1, 7)] + [f"139000000{last}" for last in range(10, 60)]
    ]
    story: Any = SimpleNamespace(families=families, waiting=[], staffed=SimpleNamespace(plan=SimpleNamespace(join=0.9)))
    term.line_up(story, SimpleNamespace(rng=Random(seed)))  # type: ignore[arg-type]
    evening = MOMENTS[0].at
    cast = [at for at, family, _, _ in story.waiting if family.guardian.phone.startswith("1990000000")]
    assert len(cast) == 6 and all(evening < at < term.CLOSES for at in cast)
    assert any(at <= evening for at, *_ in story.waiting)
