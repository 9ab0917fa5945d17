"""Publish counts so that no small group can be read off them: least cell, and what could be computed from the rest.

A count below the least cell is hidden. Where the whole is known, one hidden count is the difference, so that others are
hidden with it until those hidden make a group of at least the least cell, of at least two counts. Zeros are hidden with
the rest as soon as anything is: else it would be known who stands behind what is left.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

Shown = tuple[int | None, ...]  # None: hidden


def parts(counts: Sequence[int], *, least: int, hide: Collection[int] = ()) -> Shown:
    """Return the counts of options of which everybody picked one, hidden where a reader could learn of a small group.

    The whole is known to the reader. A whole below the least cell shows nothing. `hide` names the places of counts that
    are hidden elsewhere and so must be here.
    """
    if sum(counts) < least:
        return (None,) * len(counts)
    if not hide and not any(0 < count < least for count in counts):
        return tuple(counts)
    limit = max((counts[at] for at in hide), default=0)
    # Equal counts are hidden together: which of two was chosen would tell a reader who knows this rule.
    for limit in sorted({max(count, limit, least - 1) for count in counts}):
        hidden = [count for count in counts if count <= limit]
        # Room on both sides: of ten hidden that make ten each would be one, of three that make 27 each would be nine.
        room = len(hidden) * limit - sum(hidden)
        if len(hidden) >= 2 and sum(hidden) >= least + len(hidden) and room >= len(hidden):
            break
    return tuple(None if count <= limit else count for count in counts)


def picks(counts: Sequence[int], *, whole: int, least: int) -> Shown:
    """Return the counts of options of which everybody picked any number: each is a split of the whole in two by itself.

    The sum over the options must not be published with it.
    """
    if whole < least:
        return (None,) * len(counts)
    return tuple(None if 0 < count < least or 0 < whole - count < least else count for count in counts)


def is_safe(counts: Sequence[int], *, least: int) -> bool:
    """Return whether every count may be shown: the whole is large enough and no part of it is small."""
    return sum(counts) >= least and not any(0 < count < least for count in counts)


@dataclass(frozen=True, slots=True)
class Across:
    """The parts of one item over many schools: who may be listed, the rest together, the whole."""

    listed: Mapping[str, tuple[int, ...]]
    rest: tuple[str, ...]
    rest_counts: Shown
    whole: Shown


def across(rows: Mapping[str, Sequence[int]], *, least: int) -> Across:
    """Return what may be shown of schools side by side and of the whole, so that no difference is a small group.

    A school is listed if its own counts are safe; the others are told together if that is safe, and as long as it is
    not, the smallest listed school joins them.
    """
    if not rows:
        return Across({}, (), (), ())
    listed = {name: tuple(counts) for name, counts in rows.items() if is_safe(counts, least=least)}
    rest = [name for name in rows if name not in listed]
    while rest and listed and not (is_safe(_sum(rows, rest), least=least) and len(rest) > 1):
        smallest = min(listed, key=lambda name: (sum(listed[name]), name))
        del listed[smallest]
        rest.append(smallest)
    whole = _sum(rows, rows)
    shown = parts(whole, least=least)
    if not rest:
        return Across(listed, (), (), whole)
    if not listed:
        return Across({}, tuple(rest), shown, shown)
    return Across(listed, tuple(rest), _sum(rows, rest), whole)


def _sum(rows: Mapping[str, Sequence[int]], names: Sequence[str] | Mapping[str, Sequence[int]]) -> tuple[int, ...]:
    return tuple(sum(column) for column in zip(*(rows[name] for name in names), strict=True))
