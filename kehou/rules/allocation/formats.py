"""Rounds as JSON (`sunlot-round-1`): the field names of the dataclasses, tiers as lists of lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, asdict, fields
from functools import partial
from typing import Any, TypeVar

from kehou.rules.allocation.model import Base, Request, Round, Rules, Section, Standing, Student

ROUND = "sunlot-round-1"

Row = TypeVar("Row", Section, Student, Request, Rules, Standing, Base)


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
        "reserved",
        "before",
        "base",
    }:
        raise Malformed(f"unknown fields: {', '.join(sorted(unknown))}")
    return Round(
        id=_named(source, "id"),
        rules=_one(Rules, "rules", source.get("rules", {})),
        sections=tuple(_rows(Section, source, "sections")),
        students=tuple(_rows(Student, source, "students")),
        requests=tuple(_rows(Request, source, "requests")),
        randomness=_named(source, "randomness", ""),
        salt=_named(source, "salt", ""),
        priorities=_priorities(source.get("priorities", {})),
        reserved=_reserved(source.get("reserved", {})),
        before=tuple(_rows(Standing, source, "before")) if "before" in source else (),
        base=_one(Base, "base", source["base"]) if "base" in source else None,
    )


def round_to(round: Round) -> dict[str, Any]:
    """Return a round as lists and texts, ready for JSON; numbers of an earlier draw are texts, for they are long."""
    refill: dict[str, Any] = {}
    if round.base is not None:
        rows = [{**asdict(r), "number": None if r.number is None else str(r.number)} for r in round.before]
        refill = {"before": rows, "base": asdict(round.base)}
    return {
        "format": ROUND,
        "id": round.id,
        "rules": asdict(round.rules),
        "sections": [_section(s) for s in round.sections],
        "students": [asdict(s) for s in round.students],
        "requests": [{**asdict(r), "tiers": [list(tier) for tier in r.tiers]} for r in round.requests],
        "randomness": round.randomness,
        "salt": round.salt,
        **({"reserved": dict(round.reserved)} if round.reserved else {}),
        "priorities": {} if refill else {section: dict(there) for section, there in round.priorities.items()},
        **refill,
    }


def _section(section: Section) -> dict[str, Any]:
    row = {**asdict(section), "campuses": sorted(section.campuses)}
    parts = row.pop("parts")
    return {**row, "parts": list(parts)} if parts else row


def _one(kind: type[Row], name: str, row: Any) -> Row:
    try:
        return _row(kind, row, _plan(kind))
    except Malformed as no:
        raise Malformed(f"{name}{no}") from None


def _named(source: Mapping[str, Any], name: str, default: Any = None) -> str:
    try:
        return _text(source.get(name, default))
    except Malformed as no:
        raise Malformed(f"{name}{no}") from None


def _rows(kind: type[Row], source: Mapping[str, Any], name: str) -> list[Row]:
    rows = source.get(name)
    if not isinstance(rows, list):
        raise Malformed(f"{name} is not a list")
    plan = _plan(kind)
    found = []
    for row in rows:
        try:
            found.append(_row(kind, row, plan))
        except Malformed as no:
            raise Malformed(f"{name}[{len(found)}]{no}") from None
    return found


Plan = dict[str, tuple[Callable[[Any], Any], Any]]  # field → (reader, default or MISSING)


def _plan(kind: type[Row]) -> Plan:
    return {field.name: (_reader(str(field.type)), field.default) for field in fields(kind)}


def _row(kind: type[Row], row: Any, plan: Plan) -> Row:
    if not isinstance(row, Mapping):
        raise Malformed(" is not an object")
    values = []
    for name, (read, default) in plan.items():
        value = row.get(name, MISSING)
        if value is not MISSING:
            try:
                values.append(read(value))
            except Malformed as no:
                raise Malformed(f".{name}{no}") from None
        elif default is MISSING:
            raise Malformed(f" lacks {name!r}")
        else:
            values.append(default)
    if not row.keys() <= plan.keys():
        raise Malformed(f" has no field {sorted(row.keys() - plan.keys())[0]!r}")
    return kind(*values)


def _reader(kind: str) -> Callable[[Any], Any]:
    """Return the function that reads a value of a field's kind. It raises Malformed."""
    if kind.startswith("tuple[tuple"):
        return _tiers
    if kind.startswith("tuple"):
        return lambda value: tuple(_texts(value))
    if kind.startswith("frozenset"):
        return lambda value: frozenset(_texts(value))
    if kind.startswith("Literal"):
        return partial(_one_of, re.findall(r"['\"]([^'\"]+)['\"]", kind))
    if kind == "str | None":
        return lambda value: None if value is None else _text(value)
    if kind == "int | None":
        return lambda value: None if value is None else _number(value)
    readers: dict[str, Callable[[Any], Any]] = {"int": partial(_exactly, int), "bool": partial(_exactly, bool)}
    return readers.get(kind, _text)


def _exactly(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise Malformed(f": {value!r} is not of kind {kind.__name__}")
    return value


def _one_of(known: list[str], value: Any) -> str:
    if value not in known:
        raise Malformed(f": {value!r} is not one of {', '.join(known)}")
    return str(value)


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise Malformed(" is not a list")
    return [_text(text) for text in value]


def _tiers(value: Any) -> tuple[tuple[str, ...], ...]:
    if not isinstance(value, list):
        raise Malformed(" is not a list of lists")
    return tuple([tuple(_texts(tier)) for tier in value])


def _priorities(value: Any) -> dict[str, dict[str, int]]:
    if not isinstance(value, Mapping) or not all(isinstance(there, Mapping) for there in value.values()):
        raise Malformed("priorities are not an object of objects")
    if not all(type(klass) is int for there in value.values() for klass in there.values()):
        raise Malformed("a priority is not a whole number")
    return {section: dict(there) for section, there in value.items()}


def _reserved(value: Any) -> dict[str, int]:
    if not isinstance(value, Mapping) or not all(type(seats) is int for seats in value.values()):
        raise Malformed("the reserved seats are not an object of whole numbers")
    return dict(value)


def _number(value: Any) -> int:
    """Return a whole number written as text. :raises Malformed: for anything else, a zero in front included"""
    if not re.fullmatch(r"0|[1-9]\d*", _text(value), re.ASCII):
        raise Malformed(f": {value!r} is not a whole number written as text")
    return int(value)


def _text(value: Any) -> str:
    if type(value) is not str:
        raise Malformed(f": {value!r} is not a text")
    return value
