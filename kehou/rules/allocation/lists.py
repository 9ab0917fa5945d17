"""The lists of one day as whole numbers, made once for a round and read by each of its runs.

Requests lie scattered in memory: to look up a million pupils by name and to read three objects for each takes longer
than the draw. So pupils go by their place among the requests of the day, each option set (a tier, as it is written) has
a number, and the lists stand one behind the other.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kehou.rules.allocation.coverage import assured
from kehou.rules.allocation.model import EVERY_HOUR, Request
from kehou.rules.allocation.seating import Options

if TYPE_CHECKING:
    from kehou.rules.allocation.model import Round

END, ANYWHERE = -1, -2  # behind the last tier of a list: nothing else; "any place" (less the number of its kind)

Kind = tuple[str, int, int]  # campus, grade, hours: who may be placed anywhere, with whom alike


@dataclass(frozen=True, slots=True)
class DayLists:
    """The list of `pids[row]` begins at `flat[start[row]]`: its tiers as numbers in `sets`, then END or ANYWHERE."""

    pids: tuple[str, ...]
    start: array[int]
    flat: array[int]
    sets: list[Options]
    number_of: dict[Options, int]
    kinds: list[Kind]
    kept: list[int] | None  # by row: the kind for which a place is kept, or END; None if no place is kept
    keeping: Mapping[tuple[str, int], int]  # how many places are kept for each campus and grade
    strict: bool  # everybody's tiers hold one section each, nobody takes any place, no place is kept


def lists_of(round: Round) -> dict[int, DayLists]:
    """Return the lists of a round by day."""
    return {day: _lists_of(round, day, wishes) for day, wishes in round.requests_on.items()}


def _lists_of(round: Round, day: int, wishes: Mapping[str, Request]) -> DayLists:
    kinds: dict[Kind, int] = {}
    start, flat = array("i"), array("i")
    number_of: dict[Options, int] = {}
    for pid, wish in wishes.items():
        start.append(len(flat))
        for tier in wish.tiers:
            if (number := number_of.get(tier)) is None:
                number = number_of[tier] = len(number_of)
            flat.append(number)
        if wish.any_place:
            student = round.student[pid]
            flat.append(ANYWHERE - kinds.setdefault((student.campus, student.grade, wish.hours), len(kinds)))
        else:
            flat.append(END)
    sets = _with_one_text_for_each_section(number_of, {s.id: s.id for s in round.sections_on[day]})
    strict = not kinds and all(len(options) == 1 for options in sets)
    keeping, kept = Counter[tuple[str, int]](), None
    if students := assured(round, day, round.guarantee):
        kept = [END] * len(start)
        for row, pid in enumerate(wishes):
            if student := students.get(pid):  # type: ignore[assignment]
                keeping[student.campus, student.grade] += 1
                kept[row] = kinds.setdefault((student.campus, student.grade, EVERY_HOUR), len(kinds))
    if max(len(number_of), len(kinds)) < 1 << 14:
        flat = array("h", flat)  # half the memory
    return DayLists(
        tuple(wishes), start, flat, sets, number_of, [*kinds], kept, keeping, strict=strict and kept is None
    )


def _with_one_text_for_each_section(sets: Iterable[Options], text: Mapping[str, str]) -> list[Options]:
    """Return the sets with equal ids made one, however often they were read: so they are found without comparing."""
    if all(text.get(section) is section for options in sets for section in options):
        return [*sets]
    return [tuple([text.get(section, section) for section in options]) for options in sets]
