"""The gate chain: a later step cannot begin before the earlier one has left evidence (R-GATE-00…05).

Each gate is a function of facts and answers `Refusal | None`; `chain` asks them all, for the page that shows how far a
school has come. Silence of the district is not acceptance: only an accepted filing opens the master gate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from kehou.rules.labels import Labelled
from kehou.rules.parameters import Parameters
from kehou.rules.verdicts import Refusal, refuse


class Step(Labelled):
    """What the master gate holds back."""

    REGISTRATION = "registration", "开放报名"
    SESSION = "session", "安排课次"
    BILL = "bill", "收费"
    SERVICE = "service", "开展服务"


_WHY = {
    Step.REGISTRATION: "registration_before_filing",
    Step.SESSION: "sessions_before_filing",
    Step.BILL: "bill_before_filing",
    Step.SERVICE: "nothing_before_filing",
}


@dataclass(frozen=True, slots=True)
class ConsultationRound:
    """One round of opinions: its first day, the first day after it, and how many kinds of party answered."""

    opened_on: date
    closed_on: date
    kinds_of_party: int = 1

    @property
    def days(self) -> int:
        """Return how many days it was open."""
        return (self.closed_on - self.opened_on).days


@dataclass(frozen=True, slots=True)
class GateFacts:
    """What a school has done so far in a term; None and zero where it has not. `today` closes rounds by itself."""

    today: date
    first_round: ConsultationRound | None = None
    second_round: ConsultationRound | None = None
    opinions: int = 0
    opinions_answered: int = 0
    filing_accepted: bool = False
    table_published_on: date | None = None
    registration_closes_on: date | None = None


def refusal_before_filing(step: Step, *, accepted: bool) -> Refusal | None:
    """Return why a step must wait: nothing happens before the district has accepted the filing (R-GATE-00, 4-c)."""
    return None if accepted else refuse("R-GATE-00", _WHY[step])


def refusal_before_consultation(facts: GateFacts, parameters: Parameters) -> Refusal | None:
    """Return why registration must wait: families are asked before, and the round is over (R-GATE-01, 2.1-c)."""
    if facts.first_round is None:
        return refuse("R-GATE-01", "nobody_asked")
    if facts.today < facts.first_round.closed_on:
        return refuse("R-GATE-01", "round_still_open", closes=_said(facts.first_round.closed_on))
    return None


def refusal_of_first_round(facts: GateFacts, parameters: Parameters) -> Refusal | None:
    """Return why the first round does not count: open for `gate.windows` days at least (R-GATE-03, 2.7.2-c)."""
    least = parameters.gate.windows.first_consultation
    if facts.first_round is None:
        return refuse("R-GATE-03", "no_first_round")
    if facts.first_round.days < least:
        return refuse("R-GATE-03", "first_round_too_short", days=facts.first_round.days, least=least)
    return None


def refusal_of_second_round(facts: GateFacts, parameters: Parameters) -> Refusal | None:
    """Return why the second round does not count: long enough, at least two kinds of party (R-GATE-04, 2.7.2-e)."""
    least = parameters.gate.windows.second_consultation
    if facts.second_round is None:
        return refuse("R-GATE-04", "no_second_round")
    if facts.first_round is None or facts.second_round.opened_on < facts.first_round.closed_on:
        return refuse("R-GATE-04", "second_before_first")
    if facts.second_round.days < least:
        return refuse("R-GATE-04", "second_round_too_short", days=facts.second_round.days, least=least)
    if facts.second_round.kinds_of_party < 2:
        return refuse("R-GATE-04", "one_kind_of_party")
    return None


def refusal_of_final_plan(facts: GateFacts, parameters: Parameters) -> Refusal | None:
    """Return why the plan cannot be final: every group of opinions has an answer (R-GATE-05, 2.7.2-f)."""
    missing = facts.opinions - facts.opinions_answered
    return refuse("R-GATE-05", "opinions_unanswered", missing=missing) if missing > 0 else None


def refusal_of_filing(facts: GateFacts, parameters: Parameters) -> Refusal | None:
    """Return why the service may not begin (R-GATE-00)."""
    return refusal_before_filing(Step.SERVICE, accepted=facts.filing_accepted)


def refusal_before_table(facts: GateFacts, parameters: Parameters) -> Refusal | None:
    """Return why registration must wait for the table: public for `gate.windows` days before it closes (R-GATE-02)."""
    if facts.table_published_on is None:
        return refuse("R-GATE-02", "table_not_published_yet")
    closes, least = facts.registration_closes_on or facts.today, parameters.gate.windows.table_published
    if (closes - facts.table_published_on).days < least:
        earliest = date.fromordinal(facts.table_published_on.toordinal() + least)
        return refuse("R-GATE-02", "closes_too_early", days=least, least=_said(earliest))
    return None


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日"


@dataclass(frozen=True, slots=True)
class Gate:
    """One link of the chain: its code, its name on the page, and the rule that keeps it."""

    code: str
    title: str
    refusal: Callable[[GateFacts, Parameters], Refusal | None]


# In the order in which the policy opens them.
GATES = (
    Gate("R-GATE-03", "第一轮征求意见", refusal_of_first_round),
    Gate("R-GATE-01", "征求意见截止", refusal_before_consultation),
    Gate("R-GATE-04", "再次征求意见", refusal_of_second_round),
    Gate("R-GATE-05", "逐条答复，方案定稿", refusal_of_final_plan),
    Gate("R-GATE-00", "报区教委备案", refusal_of_filing),
    Gate("R-GATE-02", "公布内容项目表", refusal_before_table),
)


def chain(facts: GateFacts, parameters: Parameters) -> tuple[tuple[Gate, Refusal | None], ...]:
    """Return every gate with what still closes it, None for an open one."""
    return tuple((gate, gate.refusal(facts, parameters)) for gate in GATES)
