"""The allocation engine: a fair draw of places that any parent can check.

Pure Python and whole numbers: the same round and the same seed give the same outcome everywhere. The definitions and
the proofs are in docs/explanation/draw-engineers.md, the formats in docs/reference/draw-formats.md.
"""

from kehou.rules.allocation.after import Offer, offers, refill
from kehou.rules.allocation.certificate import check_prices
from kehou.rules.allocation.changes import Change, with_changes
from kehou.rules.allocation.check import Problem
from kehou.rules.allocation.commitment import Commitment, Receipt
from kehou.rules.allocation.engine import allocate
from kehou.rules.allocation.follows import verify_follows
from kehou.rules.allocation.lottery import Numbers, numbers, seed
from kehou.rules.allocation.model import (
    ALL,
    ANY_PLACE,
    CARE,
    EVERY_GRADE,
    EVERY_HOUR,
    SERIES,
    SERIES_DAY,
    Base,
    Request,
    Round,
    Rules,
    Section,
    Standing,
    Student,
)
from kehou.rules.allocation.optimised import optimise
from kehou.rules.allocation.outcome import Explanation, Outcome, Passed
from kehou.rules.allocation.preview import Comparison, Spread, preview
from kehou.rules.allocation.randomness import refusal_to_draw, refusal_to_name, sealed_word
from kehou.rules.allocation.refilling import Refilled, refill_request, refill_rules, refilled
from kehou.rules.allocation.trade import Cycle, trade
from kehou.rules.allocation.verifier import verify, verify_receipt

__all__ = [
    "ALL",
    "ANY_PLACE",
    "CARE",
    "EVERY_GRADE",
    "EVERY_HOUR",
    "SERIES",
    "SERIES_DAY",
    "Base",
    "Change",
    "Commitment",
    "Comparison",
    "Cycle",
    "Explanation",
    "Numbers",
    "Offer",
    "Outcome",
    "Passed",
    "Problem",
    "Receipt",
    "Refilled",
    "Request",
    "Round",
    "Rules",
    "Section",
    "Spread",
    "Standing",
    "Student",
    "allocate",
    "check_prices",
    "numbers",
    "offers",
    "optimise",
    "preview",
    "refill",
    "refill_request",
    "refill_rules",
    "refilled",
    "refusal_to_draw",
    "refusal_to_name",
    "sealed_word",
    "seed",
    "trade",
    "verify",
    "verify_follows",
    "verify_receipt",
    "with_changes",
]
