"""The opinion form as a page shows it: each topic with what the plan says, the three answers, what was typed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from kehou.chapters.planning.plan_papers import ABOUT
from kehou.rules.planning import Stance, Topic
from kehou.rules.verdicts import Refusal


@dataclass(frozen=True, slots=True)
class AskedTopic:
    """One topic: what the plan says of it, the chosen answer, the words, what is wrong."""

    topic: Topic
    number: int
    plan: str
    choices: tuple[tuple[str, str, bool], ...]  # value, label, chosen
    words: str
    wrong: Refusal | None = None


def asked_of(bodies: Mapping[str, str], typed: Mapping[str, str], wrong: Mapping[str, Refusal]) -> list[AskedTopic]:
    """Return the six topics with what was typed; nothing is chosen beforehand."""
    return [
        AskedTopic(
            topic,
            number,
            bodies.get(ABOUT[topic].value, ""),
            tuple((one.value, one.label, typed.get(f"stance_{topic.value}") == one.value) for one in Stance),
            typed.get(f"words_{topic.value}", ""),
            wrong.get(topic.value),
        )
        for number, topic in enumerate(Topic, 1)
    ]


def page_of(typed: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return (stances, words) by topic from what a page posted."""
    return (
        {topic.value: typed.get(f"stance_{topic.value}", "") for topic in Topic},
        {topic.value: typed.get(f"words_{topic.value}", "") for topic in Topic},
    )


def nonce() -> str:
    """Return what makes an empty form one of a kind, so that sent twice it is kept once."""
    return secrets.token_urlsafe(18)
