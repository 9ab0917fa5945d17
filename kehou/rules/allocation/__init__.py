"""The allocation engine: a fair draw of places that any parent can check.

Pure Python and whole numbers: the same round and the same seed give the same outcome everywhere. The definitions and
the proofs are in docs/explanation/draw-engineers.md, the formats in docs/reference/draw-formats.md.
"""

from kehou.rules.allocation.check import Problem
from kehou.rules.allocation.engine import allocate
from kehou.rules.allocation.lottery import Numbers, numbers, seed
from kehou.rules.allocation.model import (
    ALL,
    ANY_PLACE,
    CARE,
    EVERY_GRADE,
    EVERY_HOUR,
    Request,
    Round,
    Rules,
    Section,
    Student,
)
from kehou.rules.allocation.outcome import Explanation, Outcome, Passed

__all__ = [
    "ALL",
    "ANY_PLACE",
    "CARE",
    "EVERY_GRADE",
    "EVERY_HOUR",
    "Explanation",
    "Numbers",
    "Outcome",
    "Passed",
    "Problem",
    "Request",
    "Round",
    "Rules",
    "Section",
    "Student",
    "allocate",
    "numbers",
    "seed",
]
