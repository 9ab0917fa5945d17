"""A questionnaire as a page shows it: each item with its controls, what was answered, what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kehou.rules.surveys import PICTURES, Item, Kind
from kehou.rules.verdicts import Refusal

RANK_WORDS = ("第一", "第二", "第三", "第四", "第五", "第六")


@dataclass(frozen=True, slots=True)
class Choice:
    """One option: its number, words, whether it is chosen, the picture of a child's page."""

    value: str
    words: str
    chosen: bool
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """An item with what stands in its controls; `ranks` are (label, choices) of a ranking."""

    item: Item
    number: int
    choices: tuple[Choice, ...] = ()
    ranks: tuple[tuple[str, tuple[Choice, ...]], ...] = ()
    text: str = ""
    wrong: Refusal | None = None


def asked(
    items: Iterable[Item], typed: Mapping[str, Sequence[str]], wrong: Mapping[str, Refusal] | None = None
) -> list[Asked]:
    """Return the items with what was typed, as it was posted."""
    return [_asked(item, number, list(typed.get(item.code, ())), wrong or {}) for number, item in enumerate(items, 1)]


def _asked(item: Item, number: int, values: list[str], wrong: Mapping[str, Refusal]) -> Asked:
    no = wrong.get(item.code)
    if item.kind is Kind.RANK:
        ranks = tuple(
            (RANK_WORDS[at], _choices(item, values[at : at + 1])) for at in range(min(item.most, len(RANK_WORDS)))
        )
        return Asked(item, number, ranks=ranks, wrong=no)
    if item.options:
        return Asked(item, number, choices=_choices(item, values), wrong=no)
    return Asked(item, number, text=values[0] if values else "", wrong=no)


def _choices(item: Item, values: Sequence[str]) -> tuple[Choice, ...]:
    pictures = PICTURES if item.kind is Kind.PICTURE else ("",) * len(item.options)
    return tuple(
        Choice(str(at), words, str(at) in values, picture)
        for at, (words, picture) in enumerate(zip(item.options, pictures, strict=True))
    )
