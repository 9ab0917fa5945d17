"""What a text was found to say: each thing with the word it is known by, the words that stand there, and the clause."""

from __future__ import annotations

from dataclasses import dataclass

# The clause under which several findings are told together: the gravest first.
GRAVEST = ("3.3-b", "2.3-n", "2.3-o", "3.3-d", "3.3-i")


@dataclass(frozen=True, slots=True)
class Finding:
    """One forbidden thing: the word it is known by, what was written, in which field, the clause, and why."""

    term: str
    written: str
    field: str
    clause: str
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a name and a description were found to say."""

    findings: tuple[Finding, ...] = ()

    @property
    def is_allowed(self) -> bool:
        """Return whether nothing forbidden was found."""
        return not self.findings

    @property
    def verdict(self) -> str:
        """Return `allow` or `block`."""
        return "allow" if self.is_allowed else "block"

    @property
    def terms(self) -> tuple[str, ...]:
        """Return the forbidden words, each once, in the order of the text."""
        return tuple(dict.fromkeys(finding.term for finding in self.findings))

    @property
    def clause(self) -> str:
        """Return the gravest clause offended, or nothing."""
        return min((finding.clause for finding in self.findings), key=GRAVEST.index, default="")

    @property
    def by_kind(self) -> dict[tuple[str, str, str], str]:
        """Return the words that were written by field, clause and reason, in the order of the text."""
        kinds: dict[tuple[str, str, str], dict[str, None]] = {}
        for finding in self.findings:
            kinds.setdefault((finding.field, finding.clause, finding.why), {})[finding.written] = None
        return {kind: "”“".join(written) for kind, written in kinds.items()}


def apart(hits: list[tuple[int, int, Finding]]) -> list[Finding]:
    """Return the findings of one field in the order of the text, none within another."""
    hits.sort(key=lambda hit: (hit[0], -hit[1], GRAVEST.index(hit[2].clause)))
    found: list[Finding] = []
    reached = 0
    for start, end, finding in hits:
        if start >= reached:
            found.append(finding)
            reached = end
    return found
