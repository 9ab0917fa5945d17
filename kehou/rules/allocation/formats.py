"""Rounds as JSON (`sunlot-round-1`): the field names of the dataclasses, tiers as lists of lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields
from typing import Any, TypeVar

from kehou.rules.allocation.model import Request, Round, Rules, Section, Student

ROUND = "sunlot-round-1"

Row = TypeVar("Row", Section, Student, Request, Rules)


class Malformed(ValueError):
    """Raised for a round that cannot be read; the text says where."""


def round_from(source: Any) -> Round:
    """Return the round written in parsed JSON. :raises Malformed: naming the place, if a field is missing or of the
    wrong kind
    """
    if not isinstance(source, Mapping):
        raise Malformed("the round is not an object")
    if source.get("format", ROUND) != ROUND:
        raise Malformed(f"format {source['format']!r} is unknown; this program reads {ROUND}")
    if unknown := set(source) - {
        "format",
        "id",
        "rules",
        "sections",
        "students",
        "requests",
        "randomness",
        "salt",
        "priorities",
    }:
        raise Malformed(f"unknown fields: {', '.join(sorted(unknown))}")
    return Round(
        id=_text(source.get("id"), "id"),
        rules=_row(Rules, source.get("rules", {}), "rules"),
        sections=tuple(_rows(Section, source, "sections")),
        students=tuple(_rows(Student, source, "students")),
        requests=tuple(_rows(Request, source, "requests")),
        randomness=_text(source.get("randomness", ""), "randomness"),
        salt=_text(source.get("salt", ""), "salt"),
        priorities=_priorities(source.get("priorities", {})),
    )


def round_to(round: Round) -> dict[str, Any]:
    """Return a round as lists and texts, ready for JSON."""
    return {
        "format": ROUND,
        "id": round.id,
        "rules": asdict(round.rules),
        "sections": [{**asdict(s), "campuses": sorted(s.campuses)} for s in round.sections],
        "students": [asdict(s) for s in round.students],
        "requests": [{**asdict(r), "tiers": [list(tier) for tier in r.tiers]} for r in round.requests],
        "randomness": round.randomness,
        "salt": round.salt,
        "priorities": {section: dict(there) for section, there in round.priorities.items()},
    }


def _rows(kind: type[Row], source: Mapping[str, Any], name: str) -> list[Row]:
    rows = source.get(name)
    if not isinstance(rows, list):
        raise Malformed(f"{name} is not a list")
    return [_row(kind, row, f"{name}[{i}]") for i, row in enumerate(rows)]


def _row(kind: type[Row], row: Any, where: str) -> Row:
    if not isinstance(row, Mapping):
        raise Malformed(f"{where} is not an object")
    known = {f.name: f for f in fields(kind)}
    for name in row:
        if name not in known:
            raise Malformed(f"{where} has no field {name!r}")
    for name, field in known.items():
        if name not in row and field.default is MISSING:
            raise Malformed(f"{where} lacks {name!r}")
    return kind(**{name: _value(str(known[name].type), value, f"{where}.{name}") for name, value in row.items()})


def _value(kind: str, value: Any, where: str) -> Any:
    if kind.startswith("tuple"):
        if not isinstance(value, list) or not all(isinstance(tier, list) for tier in value):
            raise Malformed(f"{where} is not a list of lists")
        return tuple(tuple(_text(s, where) for s in tier) for tier in value)
    if kind.startswith("frozenset"):
        if not isinstance(value, list):
            raise Malformed(f"{where} is not a list")
        return frozenset(_text(v, where) for v in value)
    if kind.startswith("Literal"):
        if f"'{value}'" not in kind.replace('"', "'"):
            raise Malformed(f"{where}: {value!r} is not one of {kind[8:-1]}")
        return value
    if kind == "str | None" and value is None:
        return None
    expected = {"int": int, "bool": bool}.get(kind, str)
    if type(value) is not expected:
        raise Malformed(f"{where}: {value!r} is not of kind {expected.__name__}")
    return value


def _priorities(value: Any) -> dict[str, dict[str, int]]:
    if not isinstance(value, Mapping) or not all(isinstance(there, Mapping) for there in value.values()):
        raise Malformed("priorities are not an object of objects")
    if not all(type(klass) is int for there in value.values() for klass in there.values()):
        raise Malformed("a priority is not a whole number")
    return {section: dict(there) for section, there in value.items()}


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise Malformed(f"{where}: {value!r} is not a text")
    return value
