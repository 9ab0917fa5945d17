"""Kinds of parameter values: how each is stored, read from what a person types, checked, and said in words.

A kind knows four things: `read` turns typed text into the stored (JSON) form, `load` turns the stored form into the
value that rules use and checks it, `dump` is its inverse, `show` says the value in words that `read` understands.
"""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, Generic, TypeVar

from kehou.rules.money import read_yuan, yuan

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")


class Wrong(Exception):
    """Raised by a kind for a value that it cannot take; `Parameter` turns it into a refusal with its label."""

    def __init__(self, why: str, **facts: Any) -> None:
        super().__init__(why)
        self.why = why
        self.facts = facts


class Chart(Mapping[K, V], Generic[K, V]):
    """A mapping that cannot change, can be hashed and can be sent to another process."""

    __slots__ = ("_rows",)

    def __init__(self, rows: Mapping[K, V]) -> None:
        self._rows = dict(rows)

    def __getitem__(self, key: K) -> V:
        return self._rows[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __hash__(self) -> int:
        return hash(frozenset(self._rows.items()))

    def __repr__(self) -> str:
        return f"Chart({self._rows})"


def plain(text: str) -> str:
    """Return typed text with full-width forms made ordinary and the ends trimmed."""
    return unicodedata.normalize("NFKC", text).strip()


class Kind(ABC, Generic[T]):
    """One kind of value. `widget` names the form field that edits it."""

    widget: str
    unit: str = ""

    @abstractmethod
    def read(self, text: str) -> Any:
        """Return the stored form of what was typed. :raises Wrong: if it cannot be understood"""

    @abstractmethod
    def load(self, stored: Any) -> T:
        """Return the value that rules use. :raises Wrong: if the stored form is not allowed"""

    def dump(self, value: T) -> Any:
        """Return the stored (JSON) form of a value."""
        return value

    def show(self, value: T) -> str:
        """Return the value in words."""
        return f"{value}{self.unit}"


@dataclass(frozen=True)
class Number(Kind[int]):
    """A whole number between two bounds, both allowed."""

    low: int
    high: int
    unit: str = ""
    widget = "number"

    def read(self, text: str) -> int:
        typed = plain(text).removesuffix(self.unit).strip()
        if not re.fullmatch(r"-?\d{1,9}", typed):
            raise Wrong("not_a_number", given=text)
        return int(typed)

    def load(self, stored: Any) -> int:
        if isinstance(stored, bool) or not isinstance(stored, int):
            raise Wrong("not_a_number", given=stored)
        if not self.low <= stored <= self.high:
            raise Wrong("out_of_range", given=stored, low=self.low, high=self.high, unit=self.unit)
        return stored


@dataclass(frozen=True)
class Money(Kind[int]):
    """An amount in fen, typed and shown in yuan."""

    low: int
    high: int
    unit: str = "元"
    widget = "money"

    def read(self, text: str) -> int:
        fen = read_yuan(plain(text).removesuffix("元"))
        if fen is None:
            raise Wrong("not_an_amount", given=text)
        return fen

    def load(self, stored: Any) -> int:
        if isinstance(stored, bool) or not isinstance(stored, int):
            raise Wrong("not_an_amount", given=stored)
        if not self.low <= stored <= self.high:
            raise Wrong("out_of_range", given=yuan(stored), low=yuan(self.low), high=yuan(self.high), unit="元")
        return stored

    def show(self, value: int) -> str:
        return f"{yuan(value)}元"


@dataclass(frozen=True)
class Clock(Kind[time]):
    """A time of day to the minute."""

    earliest: time = time(0, 0)
    latest: time = time(23, 59)
    widget = "time"

    def read(self, text: str) -> str:
        found = re.fullmatch(r"(\d{1,2})\s*[:.点时]\s*(\d{2})?分?", plain(text))
        if not found:
            raise Wrong("not_a_time", given=text)
        return f"{int(found[1]):02d}:{found[2] or '00'}"

    def load(self, stored: Any) -> time:
        try:
            value = time.fromisoformat(stored)
        except (TypeError, ValueError):
            raise Wrong("not_a_time", given=stored) from None
        if not self.earliest <= value <= self.latest:
            raise Wrong(
                "out_of_range",
                given=f"{value:%H:%M}",
                low=f"{self.earliest:%H:%M}",
                high=f"{self.latest:%H:%M}",
                unit="",
            )
        return value

    def dump(self, value: time) -> str:
        return f"{value:%H:%M}"

    def show(self, value: time) -> str:
        return f"{value:%H:%M}"


@dataclass(frozen=True)
class YesNo(Kind[bool]):
    """A switch, in the words of its two sides."""

    yes: str = "是"
    no: str = "否"
    widget = "switch"

    def read(self, text: str) -> bool:
        typed = plain(text)
        if typed not in (plain(self.yes), plain(self.no), "true", "false"):
            raise Wrong("not_on_the_list", given=text, options=f"{self.yes}、{self.no}")
        return typed in (plain(self.yes), "true")

    def load(self, stored: Any) -> bool:
        if not isinstance(stored, bool):
            raise Wrong("not_on_the_list", given=stored, options=f"{self.yes}、{self.no}")
        return stored

    def show(self, value: bool) -> str:
        return self.yes if value else self.no


@dataclass(frozen=True)
class Choice(Kind[str]):
    """One of a closed list; `options` maps the stored word to the words on the page."""

    options: Mapping[str, str]
    widget = "choice"

    def read(self, text: str) -> str:
        typed = plain(text)
        return next((value for value, label in self.options.items() if typed == plain(label)), typed)

    def load(self, stored: Any) -> str:
        if not isinstance(stored, str) or stored not in self.options:
            raise Wrong("not_on_the_list", given=stored, options="、".join(self.options.values()))
        return stored

    def show(self, value: str) -> str:
        return self.options[value]


@dataclass(frozen=True)
class Choices(Kind[tuple[str, ...]]):
    """Several of a closed list, at least one, kept in the order of the list."""

    options: Mapping[str, str]
    widget = "choices"

    def read(self, text: str) -> list[str]:
        one = Choice(self.options)
        return [one.read(word) for word in re.split(r"[、,;\n]", plain(text)) if word.strip()]

    def load(self, stored: Any) -> tuple[str, ...]:
        if not isinstance(stored, list | tuple) or not stored:
            raise Wrong("empty")
        for word in stored:
            Choice(self.options).load(word)
        return tuple(option for option in self.options if option in stored)

    def dump(self, value: tuple[str, ...]) -> list[str]:
        return list(value)

    def show(self, value: tuple[str, ...]) -> str:
        return "、".join(self.options[word] for word in value)


@dataclass(frozen=True)
class Words(Kind[tuple[str, ...]]):
    """A list of words that the district may extend; repeated words are kept once."""

    longest: int = 40
    widget = "words"

    def read(self, text: str) -> list[str]:
        return [word.strip() for word in re.split(r"[、;；\n]", text) if word.strip()]

    def load(self, stored: Any) -> tuple[str, ...]:
        if not isinstance(stored, list | tuple) or not stored:
            raise Wrong("empty")
        for word in stored:
            if (
                not isinstance(word, str)
                or not word.strip()
                or len(word) > self.longest
                or re.search(r"[、;；\n]", word)
            ):
                raise Wrong("bad_word", given=word, longest=self.longest)
        return tuple(dict.fromkeys(word.strip() for word in stored))

    def dump(self, value: tuple[str, ...]) -> list[str]:
        return list(value)

    def show(self, value: tuple[str, ...]) -> str:
        return "、".join(value)


@dataclass(frozen=True)
class Text(Kind[str]):
    """One line of text."""

    longest: int = 80
    widget = "text"

    def read(self, text: str) -> str:
        return text.strip()

    def load(self, stored: Any) -> str:
        if not isinstance(stored, str) or not stored.strip() or len(stored) > self.longest:
            raise Wrong("bad_word", given=stored, longest=self.longest)
        return stored.strip()
