"""现场见证: who binds himself to a word before the deadline, who shows it after freezing, what follows if one does not.

Each witness thinks of a word and shows only its hash. All words together are the randomness: as long as one of the
witnesses is honest, nobody can choose the result (R-ALLOC-02; `allocation.randomness`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from kehou.rules.allocation.randomness import LEAST_WITNESSES, sealed_word
from kehou.rules.enrolling import said
from kehou.rules.verdicts import Refusal, refuse

ROLES = {
    "principal": "校长",
    "committee": "家长委员会代表",
    "teacher": "教师代表",
    "pupil": "学生代表",
    "supervisor": "责任督学",
    "guest": "其他见证人",
}
MOST_WITNESSES = 9
SHORTEST_WORD = 12  # signs: a shorter word could be guessed from its hash before the choices are frozen
LONGEST_NAME = 20
_SEAL = re.compile(r"[0-9a-f]{64}")


def refusals_to_seal(
    *, role: str, name: str, seal: str, seals: Collection[str], planned: bool, closes_at: datetime, at: datetime
) -> list[Refusal]:
    """Return why a witness cannot bind himself so: too late, twice, without a name, or not by a hash."""
    if planned:
        return [refuse("R-ALLOC-02", "witnesses_are_named")]
    if at >= closes_at:
        return [refuse("R-ALLOC-02", "named_after_deadline", closes=said(closes_at))]
    found = []
    if role not in ROLES or not name.strip() or len(name.strip()) > LONGEST_NAME:
        found.append(refuse("R-ALLOC-02", "witness_without_name"))
    if not _SEAL.fullmatch(seal):
        found.append(refuse("R-ALLOC-02", "witness_not_sealed", least=SHORTEST_WORD))
    elif seal in seals:
        found.append(refuse("R-ALLOC-02", "witness_word_taken"))
    if len(seals) >= MOST_WITNESSES:
        found.append(refuse("R-ALLOC-02", "witnesses_too_many", most=MOST_WITNESSES))
    return found


def refusal_of_roles(roles: Sequence[str]) -> Refusal | None:
    """Return why these witnesses are not enough: three, and not all of the school's own office."""
    if len(roles) < LEAST_WITNESSES:
        return refuse("R-ALLOC-02", "too_few_witnesses", least=LEAST_WITNESSES, count=len(roles))
    return None if "committee" in roles else refuse("R-ALLOC-02", "witness_of_families_missing")


def refusal_to_reveal(*, seal: str, word: str, name: str, state: str, shown: bool) -> Refusal | None:
    """Return why a word cannot be shown: before freezing, a second time, or not the one that was sealed."""
    if state != "committed":
        return refuse("R-ALLOC-02", "witness_shows_after_freezing" if state == "planned" else "witness_draw_is_over")
    if shown:
        return refuse("R-ALLOC-02", "witness_shown_already", name=name)
    if "|" in word:
        return refuse("R-ALLOC-02", "seed_part_with_bar")
    if sealed_word(word) != f"ceremony:{seal}":
        return refuse("R-ALLOC-02", "witness_word_differs", name=name)
    return None


def refusal_to_confirm(hidden: Sequence[str]) -> Refusal | None:
    """Return why nobody can confirm what was shown: these have not shown their word yet. `hidden` are names."""
    return refuse("R-ALLOC-02", "witnesses_hidden", names="、".join(hidden)) if hidden else None
