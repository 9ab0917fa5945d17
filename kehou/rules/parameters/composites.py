"""Kinds made of other kinds: tables of named values, records of parts, the tariff, the seasons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from kehou.rules.parameters.kinds import Chart, Kind, Money, Wrong, plain

V = TypeVar("V")
T = TypeVar("T")


def _rows(text: str) -> list[tuple[str, str]]:
    """Return the (name, value) pairs of `甲：1；乙：2`, one per line or divided by semicolons."""
    rows = []
    for row in re.split(r"[;；\n]", text):
        if row.strip():
            name, *value = re.split(r"[:：]", row, maxsplit=1)
            if not value:
                raise Wrong("no_colon", given=row.strip())
            rows.append((name.strip(), value[0].strip()))
    return rows


@dataclass(frozen=True)
class Table(Kind[Chart[str, V]], Generic[V]):
    """A value for each named row. `rows` gives known codes their label; an open table accepts further rows."""

    rows: Mapping[str, str]
    inner: Kind[V]
    open: bool = False
    widget = "table"

    def read(self, text: str) -> dict[str, Any]:
        codes = {plain(label): code for code, label in self.rows.items()}
        return {codes.get(plain(name), name): self.inner.read(value) for name, value in _rows(text)}

    def load(self, stored: Any) -> Chart[str, V]:
        if not isinstance(stored, Mapping):
            raise Wrong("not_a_table")
        if missing := [label for code, label in self.rows.items() if code not in stored]:
            raise Wrong("row_missing", rows="、".join(missing))
        if not self.open and (strange := [str(code) for code in stored if code not in self.rows]):
            raise Wrong("row_unknown", rows="、".join(strange))
        order = [*self.rows, *(code for code in stored if code not in self.rows)]
        return Chart({code: self.inner.load(stored[code]) for code in order})

    def dump(self, value: Chart[str, V]) -> dict[str, Any]:
        return {code: self.inner.dump(one) for code, one in value.items()}

    def show(self, value: Chart[str, V]) -> str:
        return "；".join(f"{self.rows.get(code, code)}：{self.inner.show(one)}" for code, one in value.items())


@dataclass(frozen=True)
class Part:
    """One named part of a record: its label and its kind."""

    label: str
    kind: Kind[Any]


@dataclass(frozen=True)
class Record(Kind[T], Generic[T]):
    """Several parts decided together, as a frozen dataclass `shape` with one field for each part."""

    shape: type[T]
    parts: Mapping[str, Part]
    widget = "record"

    def read(self, text: str) -> dict[str, Any]:
        names = {plain(part.label): name for name, part in self.parts.items()}
        typed = {plain(label): value for label, value in _rows(text)}
        if strange := [label for label in typed if label not in names]:
            raise Wrong("row_unknown", rows="、".join(strange))
        return {names[label]: self.parts[names[label]].kind.read(value) for label, value in typed.items()}

    def load(self, stored: Any) -> T:
        if not isinstance(stored, Mapping):
            raise Wrong("not_a_table")
        if missing := [part.label for name, part in self.parts.items() if name not in stored]:
            raise Wrong("row_missing", rows="、".join(missing))
        if strange := [str(name) for name in stored if name not in self.parts]:
            raise Wrong("row_unknown", rows="、".join(strange))
        return self.shape(**{name: part.kind.load(stored[name]) for name, part in self.parts.items()})

    def dump(self, value: T) -> dict[str, Any]:
        return {name: part.kind.dump(getattr(value, name)) for name, part in self.parts.items()}

    def show(self, value: T) -> str:
        return "；".join(f"{part.label}：{part.kind.show(getattr(value, name))}" for name, part in self.parts.items())


@dataclass(frozen=True)
class Tariff(Kind[Chart[int, int]]):
    """The monthly price in fen of each tier, the tier being the class hours a day. Stored as `{"1": 6000, …}`.

    More hours never cost less, and tiers run from 1 without a gap.
    """

    low: int
    high: int
    most_hours: int = 3
    widget = "tariff"

    def read(self, text: str) -> dict[str, int]:
        stored: dict[str, int] = {}
        for name, value in _rows(text):
            if not (hours := re.fullmatch(r"(\d)\s*(?:课时)?", plain(name))):
                raise Wrong("not_a_tier", given=name)
            stored[hours[1]] = Money(self.low, self.high).read(value)
        return stored

    def load(self, stored: Any) -> Chart[int, int]:
        if not isinstance(stored, Mapping) or not stored:
            raise Wrong("not_a_table")
        if sorted(map(str, stored)) != [str(hours) for hours in range(1, len(stored) + 1)]:
            raise Wrong("tier_gap", given="、".join(map(str, stored)))
        if len(stored) > self.most_hours:
            raise Wrong("too_many_tiers", most=self.most_hours)
        prices = {int(hours): Money(self.low, self.high).load(fen) for hours, fen in stored.items()}
        if any(prices[hours] > prices[hours + 1] for hours in range(1, len(prices))):
            raise Wrong("tier_cheaper")
        return Chart(dict(sorted(prices.items())))

    def dump(self, value: Chart[int, int]) -> dict[str, int]:
        return {str(hours): fen for hours, fen in value.items()}

    def show(self, value: Chart[int, int]) -> str:
        money = Money(self.low, self.high)
        return "；".join(f"{hours}课时：{money.show(fen)}" for hours, fen in value.items())


@dataclass(frozen=True, slots=True)
class Season:
    """A timetable of the year: its name and the day on which it begins, every year."""

    name: str
    month: int
    day: int


@dataclass(frozen=True)
class Seasons(Kind[tuple[Season, ...]]):
    """The seasons of the timetable by their first day: each lasts until the next begins, so one is always in force."""

    widget = "seasons"

    def read(self, text: str) -> list[dict[str, Any]]:
        stored = []
        for name, value in _rows(text):
            if not (found := re.fullmatch(r"(\d{1,2})月(\d{1,2})日起?", plain(value))):
                raise Wrong("not_a_day", given=value)
            stored.append({"name": name, "month": int(found[1]), "day": int(found[2])})
        return stored

    def load(self, stored: Any) -> tuple[Season, ...]:
        if not isinstance(stored, list | tuple) or not stored:
            raise Wrong("empty")
        try:
            seasons = [Season(**row) for row in stored]
            starts = [date(2026, season.month, season.day) for season in seasons]
        except (TypeError, ValueError):
            raise Wrong("not_a_day", given=str(stored)) from None
        if not all(isinstance(season.name, str) and season.name.strip() for season in seasons):
            raise Wrong("empty")
        if len(set(starts)) < len(starts) or len({season.name for season in seasons}) < len(seasons):
            raise Wrong("season_twice")
        return tuple(sorted(seasons, key=lambda season: (season.month, season.day)))

    def dump(self, value: tuple[Season, ...]) -> list[dict[str, Any]]:
        return [{"name": season.name, "month": season.month, "day": season.day} for season in value]

    def show(self, value: tuple[Season, ...]) -> str:
        return "；".join(f"{season.name}：{season.month}月{season.day}日起" for season in value)
