"""A questionnaire on paper typed as one line: a number for each item, in the order of the paper, by keys alone.

    2 1 13 3,1,5 -        second option; first; …; three options in their rank; nothing ticked

Figures are those that the paper prints before its options. Written remarks are typed beside the line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kehou.rules.surveys import Item, Kind
from kehou.rules.verdicts import Refusal, refuse

NOTHING = ("-", "－", "—")
_SEVERAL = re.compile(r"[,，、.+]")  # the point and the plus are beside the figures of a keyboard


def items_of_line(items: Sequence[Item]) -> list[Item]:
    """Return the items that a line answers: all but the written remarks."""
    return [item for item in items if item.kind is not Kind.TEXT]


def read_line(items: Sequence[Item], line: str) -> tuple[dict[str, list[str]], Refusal | None]:
    """Return the values by item code as a form would send them, and why the line cannot be read.

    What is left out at the end counts as nothing ticked: whether it may be is for `read_answers` to say.
    """
    asked, typed = items_of_line(items), line.split()
    if len(typed) > len(asked):
        return {}, refuse("R-SURV-01", "line_too_long", typed=len(typed), asked=len(asked))
    found: dict[str, list[str]] = {}
    for item, text in zip(asked, typed, strict=False):
        if text in NOTHING:
            continue
        if item.kind is Kind.NUMBER:
            found[item.code] = [text]
            continue
        parts = [part for part in _SEVERAL.split(text) if part]
        if not parts or not all(re.fullmatch("[1-9][0-9]?", part) and int(part) <= len(item.options) for part in parts):
            return {}, refuse(
                "R-SURV-01", "line_no_such_option", item=item.text, given=text[:12], most=len(item.options)
            )
        found[item.code] = [str(int(part) - 1) for part in parts]
    return found, None
