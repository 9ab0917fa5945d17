"""Letters that a school sends to many at once: what they are called, and which of them one must know to be seen."""

from __future__ import annotations

TO_MANY = {
    "planning": "方案与告知",
    "survey": "意向调查",
    "allocation.published": "摇号结果",
    "renewal": "续报询问",
    "session.changed": "课次调整",
    "bill": "缴费单",
}

# Whoever has not seen these is called: the child would stand at a closed door, lose a seat, or owe what nobody told it.
# Of a survey or a plan put up for opinions the office learns a number only: nobody is to feel watched (R-PRIV-03).
CHASED = frozenset({"allocation.published", "renewal", "session.changed", "bill"})

# Each of these is about one child, and its title says whom and how much: beside the count stands only what it is.
OF_ONE_CHILD = frozenset({"allocation.published", "renewal", "bill"})
