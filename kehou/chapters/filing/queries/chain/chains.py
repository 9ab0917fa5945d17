"""All steps of all schools, judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import holidays_within, parameters_on
from kehou.chapters.filing.models import Archive
from kehou.chapters.filing.queries.chain import after, before, planning
from kehou.chapters.filing.queries.chain.evidence import proof_of
from kehou.chapters.filing.queries.chain.facts import Asked, Found
from kehou.chapters.schools.models import School
from kehou.rules.steps import StepFacts, StepState, counted, due_days, judge

_SOURCES = (*before.SOURCES, *planning.SOURCES, *after.SOURCES)


@dataclass(frozen=True, slots=True)
class Chain:
    """A school's chain in a term."""

    school: School
    term: Term
    steps: tuple[StepState, ...]

    @property
    def done(self) -> int:
        """Return how many steps are done."""
        return counted(self.steps)[0]

    @property
    def now(self) -> StepState | None:
        """Return the first step that is not done: what everything else waits for."""
        return next((step for step in self.steps if step.state != "done"), None)

    @property
    def late(self) -> int:
        """Return how many steps are late."""
        return sum(step.is_late for step in self.steps)

    def step(self, key: str) -> StepState:
        """Return one step by its key."""
        return next(step for step in self.steps if step.kind.key == key)


def chains_of(schools: Iterable[School], term: Term, *, at: datetime) -> list[Chain]:
    """Return the chain of each school: a fixed number of queries, however many schools."""
    wanted: Sequence[School] = list(schools)
    asked = Asked(term, at, frozenset(school.pk for school in wanted) if len(wanted) == 1 else None)
    found: list[tuple[str, Found]] = [pair for source in _SOURCES for pair in source(asked)]
    due = _due(term, asked.today)

    def of(school: School) -> dict[str, StepFacts]:
        known = {key: facts.get(school.pk, StepFacts()) for key, facts in found}
        return {key: replace(one, digest=_proof(key, one, asked)) for key, one in known.items()}

    return [Chain(school, term, judge(of(school), due, today=asked.today)) for school in wanted]


def _proof(key: str, facts: StepFacts, asked: Asked) -> str:
    """Return the hash of a step: its own, else that of its rows once it is done. A round is proven by what was said.

    Of one school: the rows are hundreds, and the district's list shows no hashes.
    """
    if asked.schools is not None and facts.done and (not facts.digest or key in ("round1", "round2")):
        return proof_of(key, asked) or facts.digest
    return facts.digest


def chain_of(school: School, term: Term, *, at: datetime) -> Chain:
    """Return one school's chain."""
    return chains_of([school], term, at=at)[0]


def _due(term: Term, today: date) -> dict[str, date]:
    holidays = holidays_within(term.service_from_on - timedelta(days=120), term.service_until_on + timedelta(days=90))
    return due_days(
        service_from=term.service_from_on,
        service_until=term.service_until_on,
        parameters=parameters_on(max(today, term.from_on)),
        holidays=holidays,
    )


def chain_content(chain: Chain) -> dict[str, Any]:
    """Return a chain as plain JSON: what is archived, printed for an auditor, and hashed."""
    return {
        "school": chain.school.code,
        "term": chain.term.code,
        "steps": [
            {
                "key": step.kind.key,
                "title": step.kind.title,
                "state": step.state_title,
                "words": step.facts.words,
                "on": step.facts.on.isoformat() if step.facts.on else "",
                "who": step.facts.who,
                "digest": step.facts.digest,
                "due": step.due_on.isoformat() if step.due_on else "",
                "owes": step.owes,
                "blocked_by": step.blocked_by if step.state != "done" else "",
            }
            for step in chain.steps
        ],
    }


def archive_of(school: School, term: Term) -> Archive | None:
    """Return the archive of a school's term, or None while it is open."""
    return Archive.objects.filter(school=school, term=term).first()
