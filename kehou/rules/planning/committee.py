"""The family committee's meeting (家委会研讨, document 21): more than half there, each item voted, each doubt answered.

Without it no plan is final (2.5-p, 2.7.2-b, R-PC-01). The committee advises: a vote against stops nothing, and has its
answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kehou.rules.verdicts import Refusal, refuse


@dataclass(frozen=True, slots=True)
class Vote:
    """One item of the meeting: what was said, how it was voted, what the school answered."""

    title: str
    opinion: str
    in_favour: int
    against: int
    abstained: int
    answer: str

    @property
    def votes(self) -> int:
        """Return how many voted."""
        return self.in_favour + self.against + self.abstained


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """A meeting: members of the committee, who came, who signed by finger, whether signed minutes are scanned in."""

    members: int
    present: int
    signed: int
    has_scan: bool
    items: tuple[Vote, ...]


def quorum_of(members: int) -> int:
    """Return how many must come: more than half."""
    return members // 2 + 1


def refusals_to_close_meeting(facts: MeetingFacts) -> list[Refusal]:
    """Return why the minutes cannot be closed."""
    found = []
    if facts.present < quorum_of(facts.members):
        found.append(
            refuse("R-PC-01", "no_quorum", present=facts.present, members=facts.members, least=quorum_of(facts.members))
        )
    if not facts.items:
        found.append(refuse("R-PC-01", "no_item"))
    found += _refusals_of_items(facts.items, present=facts.present)
    if not facts.has_scan and facts.signed < facts.present:
        found.append(refuse("R-PC-01", "not_signed", missing=facts.present - facts.signed))
    return found


def _refusals_of_items(items: Iterable[Vote], *, present: int) -> Iterable[Refusal]:
    for item in items:
        if item.votes != present:
            yield refuse("R-PC-01", "votes_do_not_add_up", item=item.title, votes=item.votes, present=present)
        if (item.against or item.opinion.strip()) and not item.answer.strip():
            yield refuse("R-PC-01", "opinion_without_answer", item=item.title)


def refusal_of_meeting(*, held: bool) -> Refusal | None:
    """Return why the plan cannot be final: the committee has not met about it, or the minutes are not closed."""
    return None if held else refuse("R-PC-01", "not_met")
