"""How much of a number pages show: the rule of the district, asked once a request.

The rule is a parameter (`privacy.mask_rules`) and lives in a chapter; this part only holds whom to ask. The wiring
names it when the program starts, and keeps the answer for the length of one request, so that a list of a thousand
telephones asks once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from kehou.rules.parameters.care_groups import Mask, Privacy

_asked: list[Callable[[], Mask]] = [lambda: Privacy().mask_rules]
_held: ContextVar[list[Mask] | None] = ContextVar("mask rule", default=None)


def follow(ask: Callable[[], Mask]) -> None:
    """Ask this function from now on."""
    _asked[0] = ask


@contextmanager
def asked_once() -> Iterator[None]:
    """Keep the answer until the end of the block."""
    token = _held.set([])
    try:
        yield
    finally:
        _held.reset(token)


def rule() -> Mask:
    """Return how many characters stay readable today."""
    held = _held.get()
    if held is None:
        return _asked[0]()
    if not held:
        held.append(_asked[0]())
    return held[0]


def masked(text: str, *, head: int, tail: int) -> str:
    """Return a text of which only the first and last characters stand; one too short for that stands nowhere."""
    hidden = len(text) - head - tail
    return f"{text[:head]}{'*' * hidden}{text[len(text) - tail :]}" if hidden > 0 else "*" * len(text)
