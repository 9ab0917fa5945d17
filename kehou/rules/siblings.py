"""兄弟姐妹用同一个号: which children of one guardian may share a number of the draw, and until when (R-ALLOC-02).

A shared number changes nobody's chance: each child's number is uniform as before, only the good days fall together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kehou.rules.verdicts import Refusal, refuse

LEAST = 2


@dataclass(frozen=True, slots=True)
class Sibling:
    """What must be known of a child: whether it is of this school, of this guardian, and takes part in the round."""

    name: str
    here: bool
    same_guardian: bool
    joins: bool


def refusals_to_link(children: Sequence[Sibling], *, closed: Refusal | None, others: int) -> list[Refusal]:
    """Return why these children may not share a number.

    `closed` is why nothing can be written at this moment, if so; `others` counts the guardian's other children.
    """
    found = [closed] if closed else []
    if not others:
        return [*found, refuse("R-ALLOC-02", "only_child")]
    if len(children) < LEAST:
        return [*found, refuse("R-ALLOC-02", "too_few_siblings", least=LEAST)]
    return found + [no for child in children if (no := refusal_of_sibling(child))]


def refusal_of_sibling(child: Sibling) -> Refusal | None:
    """Return why a child cannot share the number: what its own box says."""
    if not child.same_guardian:
        return refuse("R-ALLOC-02", "sibling_of_another_family", name=child.name)
    if not child.here:
        return refuse("R-ALLOC-02", "sibling_at_another_school", name=child.name)
    return None if child.joins else refuse("R-ALLOC-02", "sibling_not_in_the_round", name=child.name)
