"""Where codes come from that nobody may guess: the randomness of the system, always, in every process that serves.

While the demonstration is being built the same calls are answered from a seed instead, so that the same size gives the
same district every time. `repeatable` refuses anywhere but in a demonstration, holds only inside its block, and only
for the thread that opened it: a server that builds its later moments in the background stays unguessable. Passwords,
one-time codes, sessions and the keys of encryption never come from here; they stay with `secrets`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, MutableSequence, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from random import Random
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")
_SYSTEM = secrets.SystemRandom()
_seeded: ContextVar[Random | None] = ContextVar("seeded chance", default=None)


def _source() -> Random:
    return _seeded.get() or _SYSTEM


@contextmanager
def repeatable(seed: int) -> Iterator[None]:
    """Answer from a seed until the end of the block. :raises ImproperlyConfigured: outside a demonstration"""
    if not settings.DEMONSTRATION:
        raise ImproperlyConfigured("Codes come from a seed only while a demonstration is built.")
    token = _seeded.set(Random(seed))
    try:
        yield
    finally:
        _seeded.reset(token)


def text(alphabet: str, length: int) -> str:
    """Return so many signs of an alphabet."""
    return "".join(_source().choices(alphabet, k=length))


def hexadecimal(size: int) -> str:
    """Return so many bytes in hex."""
    return _source().randbytes(size).hex()


def uuid() -> UUID:
    """Return a UUID of version 4."""
    return UUID(bytes=_source().randbytes(16), version=4)


def sample(population: Sequence[T], number: int) -> list[T]:
    """Return so many of a population, in no order."""
    return _source().sample(population, number)


def shuffle(items: MutableSequence[T]) -> None:
    """Put the items into no order, in place."""
    _source().shuffle(items)
