"""What a rule answers: nothing, or a reason in words with the clause behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why something may not be done.

    `code` is the rule code of the clause table (`R-TIME-03`), `why` names which of the rule's reasons it is
    (`ends_after_limit`), `facts` fill the sentence. The sentence itself stands in `kehou.rules.sentences`.
    """

    code: str
    why: str
    facts: tuple[tuple[str, Any], ...] = ()

    @property
    def key(self) -> str:
        """Return the name under which the sentence is kept: `R-TIME-03:ends_after_limit`."""
        return f"{self.code}:{self.why}"

    def fact(self, name: str) -> Any:
        """Return one fact. :raises KeyError: if the refusal does not carry it"""
        return dict(self.facts)[name]


def refuse(code: str, why: str, **facts: Any) -> Refusal:
    """Return a refusal with its facts in the order in which they were given."""
    return Refusal(code, why, tuple(facts.items()))


class Refused(Exception):
    """Raised by an action whose rule said no; nothing has been written when it leaves the action."""

    def __init__(self, *refusals: Refusal) -> None:
        if not refusals:
            raise ValueError("Refused needs at least one refusal")
        super().__init__(", ".join(refusal.key for refusal in refusals))
        self.refusals = refusals

    @property
    def refusal(self) -> Refusal:
        """Return the first reason; pages show all of `refusals`."""
        return self.refusals[0]


def insist(*verdicts: Refusal | None) -> None:
    """Raise all refusals among `verdicts` at once, so that the reader can mend them in one go.

    :raises Refused: if any verdict is not None
    """
    if refusals := [verdict for verdict in verdicts if verdict is not None]:
        raise Refused(*refusals)
