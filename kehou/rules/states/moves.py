"""A table of moves: the states of one thing, where each may go, and how that is refused and drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kehou.rules.labels import Labelled
from kehou.rules.verdicts import Refusal, refuse


@dataclass(frozen=True, slots=True)
class Moves:
    """The path of one kind of thing. `clock` says in Chinese how long a step may take."""

    name: str
    title: str
    start: str
    labels: Mapping[str, str]
    moves: Mapping[str, frozenset[str]]
    clock: str = ""

    @property
    def finals(self) -> tuple[str, ...]:
        """Return the states that nothing leaves."""
        return tuple(state for state in self.labels if not self.moves.get(state))

    def sources(self, to: str) -> tuple[str, ...]:
        """Return the states from which one move leads to `to`: what a compare-and-set may replace."""
        return tuple(state for state in self.labels if to in self.moves.get(state, frozenset()))


def path(
    name: str, title: str, states: type[Labelled], moves: Mapping[Labelled, Iterable[Labelled]], *, clock: str = ""
) -> Moves:
    """Return the table of an enum of states; its first member is the start."""
    table = {state.value: frozenset(to.value for to in targets) for state, targets in moves.items()}
    return Moves(name, title, next(iter(states)).value, dict(states.choices()), table, clock)


def refusal_to_move(table: Moves, here: str, to: str) -> Refusal | None:
    """Return why a thing may not go from `here` to `to`: no step may be left out (R-FLOW-01)."""
    allowed = table.moves.get(here, frozenset())
    if to in allowed:
        return None
    labels = "、".join(table.labels[state] for state in table.labels if state in allowed)
    return refuse(
        "R-FLOW-01",
        "no_such_move" if allowed else "final_state",
        thing=table.title,
        here=table.labels.get(here, here),
        to=table.labels.get(to, to),
        allowed=labels,
    )


def refusal_of_lost_race(table: Moves) -> Refusal:
    """Return what the second of two people is told when the first has just moved the same thing."""
    return refuse("R-FLOW-01", "moved_meanwhile", thing=table.title)


def mermaid(table: Moves) -> str:
    """Return the table as a Mermaid state diagram with Chinese labels, for docs/reference."""
    lines = ["stateDiagram-v2", "    direction LR"]
    lines += [f"    {state}: {label}" for state, label in table.labels.items()]
    lines.append(f"    [*] --> {table.start}")
    for state in table.labels:
        targets = table.moves.get(state, frozenset())
        lines += [f"    {state} --> {to}" for to in table.labels if to in targets]
    lines += [f"    {state} --> [*]" for state in table.finals]
    return "\n".join(lines) + "\n"
