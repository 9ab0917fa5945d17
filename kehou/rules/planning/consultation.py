"""Two rounds of opinions, their groups and answers (“你提我改”), and when a plan may be final.

A round has its last day from the start and ends by itself: nobody can close it early (2.7.2-c, 2.7.2-e).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kehou.rules.gates import GateFacts, refusal_of_final_plan, refusal_of_first_round, refusal_of_second_round
from kehou.rules.labels import Labelled
from kehou.rules.parameters import Parameters
from kehou.rules.planning.committee import refusal_of_meeting
from kehou.rules.verdicts import Refusal, refuse

LONGEST_OPINION = 500


class Topic(Labelled):
    """The six topics of the opinion form (document 2)."""

    TIME = "time", "服务时间"
    CONTENT = "content", "服务内容"
    SAFETY = "safety", "安全保障"
    FEE = "fee", "收费"
    RULES = "rules", "管理制度"
    PICKUP = "pickup", "接送"


class Stance(Labelled):
    """What somebody thinks of a topic."""

    AGREE = "agree", "同意"
    DISAGREE = "disagree", "不同意"
    SUGGEST = "suggest", "建议"


class Party(Labelled):
    """Who is asked."""

    GUARDIAN = "guardian", "家长"
    TEACHER = "teacher", "教师"
    PUPIL = "pupil", "学生"
    COMMITTEE = "committee", "家长委员会"
    COMMUNITY = "community", "社区"


# The first round asks every family; the second everybody.
PARTIES_ASKED: Mapping[int, frozenset[Party]] = {1: frozenset({Party.GUARDIAN}), 2: frozenset(Party)}


class Decision(Labelled):
    """The answer to a group of opinions."""

    ADOPTED = "adopted", "采纳"
    PARTLY = "partly", "部分采纳"
    REJECTED = "rejected", "不采纳"


def least_days(number: int, parameters: Parameters) -> int:
    """Return for how many days a round is open at least (`gate.windows`)."""
    windows = parameters.gate.windows
    return windows.first_consultation if number == 1 else windows.second_consultation


def refusals_to_open_round(
    number: int,
    *,
    opens_at: datetime,
    closes_at: datetime,
    first_closes_at: datetime | None,
    notice_issued: bool,
    committee_met: bool,
    parameters: Parameters,
) -> list[Refusal]:
    """Return why a round cannot be opened: too short (R-GATE-03, R-GATE-04), or before what comes first.

    The committee discusses the draft before the families are asked (2.7.2-b before -c, R-PC-01).
    """
    least = least_days(number, parameters)
    days = (closes_at - opens_at) // timedelta(days=1)
    found = []
    if days < least:
        code, why = ("R-GATE-03", "first_round_too_short") if number == 1 else ("R-GATE-04", "second_round_too_short")
        found.append(refuse(code, why, days=max(days, 0), least=least))
    if number == 1 and not committee_met:
        found.append(refuse("R-PC-01", "round_before_minutes"))
    if number == 2:
        if first_closes_at is None or opens_at < first_closes_at:
            found.append(refuse("R-GATE-04", "second_before_first"))
        if not notice_issued:
            found.append(refuse("R-NOTI-02", "notice_before_second_round"))
    return found


def closing_of(opens_at: datetime, number: int, parameters: Parameters) -> datetime:
    """Return the earliest instant at which a round may end."""
    return opens_at + timedelta(days=least_days(number, parameters))


def refusal_of_answer(
    *, number: int, party: Party, opens_at: datetime, closes_at: datetime, at: datetime
) -> Refusal | None:
    """Return why an opinion is not taken now."""
    code = "R-GATE-03" if number == 1 else "R-GATE-04"
    if party not in PARTIES_ASKED[number]:
        return refuse(code, "party_not_asked")
    if at < opens_at:
        return refuse(code, "not_open_yet")
    if at >= closes_at:
        return refuse(code, "round_is_over", closed=f"{closes_at:%-m月%-d日 %H:%M}")
    return None


def read_opinions(
    typed: Mapping[str, str], words: Mapping[str, str], *, topics: Iterable[Topic] = Topic, pictures: bool = False
) -> tuple[dict[Topic, tuple[Stance, str]], dict[str, Refusal]]:
    """Return the opinion on each topic, and what is wrong by topic: every topic is answered; other than yes says why.

    A child that chose a picture need not write.
    """
    found: dict[Topic, tuple[Stance, str]] = {}
    wrong: dict[str, Refusal] = {}
    for topic in topics:
        said = words.get(topic, "").strip()
        try:
            stance = Stance(typed.get(topic, ""))
        except ValueError:
            wrong[topic.value] = refuse("R-GATE-03", "topic_not_answered", topic=topic.label)
            continue
        if stance is not Stance.AGREE and not said and not pictures:
            wrong[topic.value] = refuse("R-GATE-03", "say_what_to_change", topic=topic.label)
        elif len(said) > LONGEST_OPINION:
            wrong[topic.value] = refuse("R-GATE-03", "opinion_too_long", topic=topic.label, most=LONGEST_OPINION)
        else:
            found[topic] = (stance, said)
    return found, wrong


def refusals_of_adoption(*, decision: str, reason: str, section: str) -> list[Refusal]:
    """Return why a group's answer does not stand: no decision, no reason, or adopted without saying where."""
    found = []
    if decision not in set(Decision):
        found.append(refuse("R-GATE-05", "no_decision"))
    if not reason.strip():
        found.append(refuse("R-GATE-05", "no_reason"))
    if decision in (Decision.ADOPTED, Decision.PARTLY) and not section:
        found.append(refuse("R-GATE-05", "adopted_where"))
    return found


@dataclass(frozen=True, slots=True)
class Ready:
    """What stands before a plan is final. `draft` are the refusals of its own text (R-TRACE-01)."""

    gates: GateFacts
    draft: tuple[Refusal, ...]
    committee_met: bool
    notice_issued: bool
    ungrouped: int
    adoption_published: bool


def refusals_to_finish(ready: Ready, parameters: Parameters) -> list[Refusal]:
    """Return everything that a final plan still lacks, in the order of the work."""
    second = ready.gates.second_round
    found: list[Refusal | None] = [
        *ready.draft,
        refusal_of_meeting(held=ready.committee_met),
        refusal_of_first_round(ready.gates, parameters),
        None if ready.notice_issued else refuse("R-NOTI-02", "no_notice"),
        refusal_of_second_round(ready.gates, parameters),
        refuse("R-GATE-04", "second_round_still_open", closes=f"{second.closed_on:%-m月%-d日}")
        if second and ready.gates.today < second.closed_on
        else None,
        refuse("R-GATE-05", "opinions_ungrouped", missing=ready.ungrouped) if ready.ungrouped else None,
        refusal_of_final_plan(ready.gates, parameters),
        None if ready.adoption_published else refuse("R-GATE-05", "adoption_not_published"),
    ]
    return [one for one in found if one is not None]
