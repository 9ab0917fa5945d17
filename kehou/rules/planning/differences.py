"""What changed between two versions: sections, and inside a section the lines taken out and put in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from kehou.rules.planning.sections import SECTIONS


@dataclass(frozen=True, slots=True)
class Piece:
    """One line of a comparison: `same`, `out`, `in`; in what is shown also `skip`."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One section with a change, by its lines."""

    key: str
    title: str
    pieces: tuple[Piece, ...]

    @property
    def shown(self) -> tuple[Piece, ...]:
        """Return the pieces with long runs of unchanged lines told in a number."""
        return shortened(self.pieces)


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[Difference]:
    """Return the sections that differ, in the order of the plan; `out` and `same` together give the earlier text."""
    return [
        Difference(section.value, section.label, pieces_of(before.get(section, ""), after.get(section, "")))
        for section in SECTIONS
        if before.get(section, "") != after.get(section, "")
    ]


def shortened(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return the changed lines with the unchanged one before and after each; what is left out is counted (`skip`)."""
    changed = [at for at, piece in enumerate(pieces) if piece.kind != "same"]
    near = {at + step for at in changed for step in (-1, 0, 1)}
    found: list[Piece] = []
    skipped = 0
    for at, piece in enumerate(pieces):
        if at not in near:
            skipped += 1
            continue
        if skipped:
            found.append(Piece("skip", f"……（{skipped}行没有变）"))
            skipped = 0
        found.append(piece)
    return (*found, Piece("skip", f"……（{skipped}行没有变）")) if skipped else tuple(found)


def pieces_of(before: str, after: str) -> tuple[Piece, ...]:
    """Return the lines of two texts side by side."""
    old, new = before.split("\n"), after.split("\n")
    found: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Piece("same", line) for line in old[a:b]]
            continue
        found += [Piece("out", line) for line in old[a:b]]
        found += [Piece("in", line) for line in new[c:d]]
    return tuple(found)
