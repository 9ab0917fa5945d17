"""Read what an activity is called and described as: is it teaching by another name (2.3-n, 2.3-o, 3.3-b)?"""

from __future__ import annotations

import re
from collections.abc import Collection

from kehou.rules.lint.context import clause_around, is_denied, names_hobby, names_subject
from kehou.rules.lint.findings import Finding, Reading, apart
from kehou.rules.lint.lexicon import AHEAD_OF_GRADE, CONTEST, LEXICON, Entry, Needs
from kehou.rules.lint.plain import Plain, plain
from kehou.rules.verdicts import Refusal, refuse

_YEAR = re.compile(
    "([一二三四五六七八九1-9])年级(?:的)?(?:上册|下册)?(?:的)?(?:语文|数学|英语|物理|化学|课程|教材|课本|内容|生字|课文)"
)
_FIGURES = {sign: number for number, sign in enumerate("一二三四五六七八九", 1)}


def read(name: str, description: str = "", grades: Collection[int] = ()) -> Reading:
    """Return what is forbidden in an activity's name and description; `grades` are those it is open to."""
    title = plain(name)
    found = [*_findings("name", title, title, grades), *_findings("description", plain(description), title, grades)]
    return Reading(tuple(found))


def refusals(reading: Reading) -> list[tuple[str, Refusal]]:
    """Return (field, refusal) of a reading: one for each field and kind, with the words that were written."""
    return [(field, _refusal(clause, why, written)) for (field, clause, why), written in reading.by_kind.items()]


def _refusal(clause: str, why: str, written: str) -> Refusal:
    """Return the refusal: a signal of the ten prohibitions, or the rule of the clause."""
    return refuse("P2-1", why, terms=written) if clause == CONTEST else refuse("R-PROH-02", why, terms=written)


def _findings(field: str, text: Plain, title: Plain, grades: Collection[int]) -> list[Finding]:
    hits = [
        (match.start(), match.end(), entry.clause, entry.why)
        for entry in LEXICON
        for match in entry.pattern.finditer(text.text)
        if _offends(entry, text.text, title.text, match.start(), match.end())
    ]
    return apart(
        [
            (start, end, Finding(text.text[start:end], text.quote(start, end), field, clause, why))
            for start, end, clause, why in hits + _ahead(text.text, grades)
        ]
    )


def _offends(entry: Entry, text: str, title: str, start: int, end: int) -> bool:
    """Return whether a word offends where it stands."""
    if start == end or is_denied(text, start, end):
        return False
    if entry.needs is Needs.NOTHING:
        return True
    first, last = clause_around(text, start, end)
    clause = text[first:last]
    if entry.needs is Needs.SUBJECT:
        return names_subject(clause) or names_subject(title)
    return names_subject(clause) or not (names_hobby(clause) or names_hobby(title))


def _ahead(text: str, grades: Collection[int]) -> list[tuple[int, int, str, str]]:
    """Return what belongs to a later grade than any that may take part."""
    if not grades:
        return []
    highest = max(grades)
    hits = [
        (match.start(), match.end(), CONTEST, "bridging")
        for limit, pattern in AHEAD_OF_GRADE
        if highest <= limit
        for match in pattern.finditer(text)
    ]
    for match in _YEAR.finditer(text):
        year = _FIGURES.get(match[1]) or int(match[1])
        if year > highest:
            hits.append((match.start(), match.end(), CONTEST, "bridging"))
    return [hit for hit in hits if not is_denied(text, hit[0], hit[1])]
