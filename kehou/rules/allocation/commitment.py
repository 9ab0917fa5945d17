"""What is posted before the randomness exists: one hash that binds every application, the seats and the rules.

The tree is that of RFC 6962: leaf = SHA-256(0x00 | text), node = SHA-256(0x01 | left | right), an odd node moves up
as it is. Leaf 0 is the head of the round, the others are the pupils in the order of their pids. A text is compact
JSON without escapes beyond those JSON demands, so that any language writes the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, astuple, dataclass, field
from typing import Any

from kehou.rules.allocation.coverage import block
from kehou.rules.allocation.model import PROTOCOL, Request, Round, Section, Student

RECEIPT = "sunlot-receipt-1"
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
RULE_NAMES = ("mechanism", "lottery", "siblings", "minimum", "objective", "guarantee", "version")


def text(value: Any) -> bytes:
    """Return the canonical JSON of lists, texts, whole numbers, true, false and null."""
    return _ENCODER.encode(value).encode()


def leaf_hash(value: Any) -> bytes:
    """Return the hash of one leaf."""
    return hashlib.sha256(b"\0" + text(value)).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\1" + left + right).digest()


def section_row(section: Section) -> list[Any]:
    """Return a section as it stands in the section table; a team has its parts as a tenth value."""
    s = section
    row = [s.id, s.day, s.cap, s.min, s.hours, s.grades, sorted(s.campuses), s.kind, s.fee]
    return [*row, list(s.parts)] if s.parts else row


def pupil_row(student: Student, wishes: Iterable[Request], *, linked: bool) -> list[Any]:
    """Return the leaf of a pupil; neither the guarantee nor the groups are in it."""
    days = sorted(wishes, key=lambda r: r.day)
    asked = [[r.day, [list(tier) for tier in r.tiers], r.any_place, r.hours] for r in days]
    return [student.pid, student.campus, student.grade, student.family if linked else None, asked]


def head_row(round: Round) -> list[Any]:
    """Return leaf 0: the rules, the guarantee with its kept seats, hashes of what is long or secret, the named draw.

    A refill round has the draw that it follows as a tenth value.
    """
    rules = asdict(round.rules)
    aside = kept_seats(round)
    base = [] if round.base is None else [list(astuple(round.base))]
    return [
        PROTOCOL,
        round.id,
        [rules[name] for name in RULE_NAMES],
        round.guarantee,
        sorted(map(list, aside.items())),
        section_hash(round),
        hashlib.sha256(text(_behind(round))).hexdigest() if round.rules.mechanism == "da" else None,
        sealed(round),
        round.randomness or None,
        *base,
    ]


def kept_seats(round: Round) -> dict[str, int]:
    """Return the seats set aside for protected pupils by section; empty unless the guarantee in force is "block"."""
    if round.guarantee != "block":
        return {}
    return {section: seats for day in round.days for section, seats in block(round, day).items()}


def section_hash(round: Round) -> str:
    """Return the hash of the section table in hex."""
    return hashlib.sha256(text([section_row(s) for s in round.section.values()])).hexdigest()


def priority_rows(round: Round) -> list[Any]:
    """Return the priorities of the "da" mechanism as rows [section, pid, class].

    Before them [section, null, seats] for each section that has so many seats reserved.
    """
    reserved = [[section, None, seats] for section, seats in sorted(round.reserved.items())]
    return reserved + [[s, p, c] for s, there in sorted(round.priorities.items()) for p, c in sorted(there.items())]


def standing_rows(round: Round) -> list[Any]:
    """Return what stands behind the requests of a refill round as rows [pid, day, seat, number as text, keeps]."""
    rows = sorted(round.before, key=lambda row: (row.pid, row.day))
    return [[r.pid, r.day, r.seat, None if r.number is None else str(r.number), r.keeps] for r in rows]


def _behind(round: Round) -> list[Any]:
    return standing_rows(round) if round.rules.lottery == "reversed" else priority_rows(round)


def sealed(round: Round) -> str | None:
    """Return the hash of guarantees and groups under the round's salt: shown to the bureau later, unreadable till
    then.
    """
    if not round.salt:
        return None
    flags = [[s.pid, s.guaranteed, s.groups] for s in sorted(round.students, key=lambda s: s.pid)]
    return hashlib.sha256(b"\2" + round.salt.encode() + b"|" + text(flags)).hexdigest()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a family keeps: its own leaf and the way from there to the root."""

    round: str
    root: str
    size: int
    index: int
    leaf: list[Any]
    path: tuple[str, ...]

    def verify(self, root: str) -> bool:
        """Return whether this leaf is in the tree with the posted root."""
        node, index, size, path = leaf_hash(self.leaf), self.index, self.size, list(self.path)
        while size > 1:
            if index ^ 1 < size:
                if not path:
                    return False
                other = bytes.fromhex(path.pop(0))
                node = node_hash(other, node) if index & 1 else node_hash(node, other)
            index, size = index // 2, (size + 1) // 2
        return not path and node.hex() == root == self.root

    def to_dict(self) -> dict[str, Any]:
        """Return the receipt in the form `sunlot-receipt-1`."""
        return {"format": RECEIPT, **asdict(self)}


@dataclass(frozen=True)
class Commitment:
    """The root of the tree, the number of its leaves, and the hash of the section table."""

    round: str
    root: str
    leaves: int
    section_hash: str
    sealed: str | None
    head: list[Any] = field(repr=False)
    _levels: list[list[bytes]] = field(repr=False, compare=False)
    _rows: Mapping[str, list[Any]] = field(repr=False, compare=False)
    _index: Mapping[str, int] = field(repr=False, compare=False)

    def receipt(self, pid: str) -> Receipt:
        """Return the receipt of a pupil. :raises KeyError: if it has no application in the round"""
        index, path = self._index[pid], []
        at = index
        for level in self._levels[:-1]:
            if at ^ 1 < len(level):
                path.append(level[at ^ 1].hex())
            at //= 2
        return Receipt(self.round, self.root, self.leaves, index, self._rows[pid], tuple(path))


def commit(round: Round) -> Commitment:
    """Return the commitment of a round; see the head of this module for the form."""
    head, rows = head_row(round), pupil_rows(round)
    levels = [[leaf_hash(head), *map(leaf_hash, rows.values())]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        above = [node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)]
        levels.append(above + below[len(below) - len(below) % 2 :])
    return Commitment(
        round=round.id,
        root=levels[-1][0].hex(),
        leaves=len(levels[0]),
        section_hash=head[5],
        sealed=head[7],
        head=head,
        _levels=levels,
        _rows=rows,
        _index={pid: i for i, pid in enumerate(rows, 1)},
    )


def pupil_rows(round: Round) -> dict[str, list[Any]]:
    """Return the leaves of the pupils who ask for anything, by pid, in the order of the tree."""
    wishes: dict[str, list[Request]] = {}
    for request in round.requests:
        wishes.setdefault(request.pid, []).append(request)
    linked = round.rules.siblings == "linked"
    return {pid: pupil_row(round.student[pid], wishes[pid], linked=linked) for pid in sorted(wishes)}
