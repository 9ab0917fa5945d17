"""The fee: integer fen, explained line by line, refunded to the fen (domain/06 section 3.3).

days = days_of([ChosenHours(span, {1: 2, 3: 2, 5: 2})], calendar.service_days(november), calendar)
statement = price(ServiceMonth(2025, 11, days, service_days=20), parameters.fee)
statement.due_fen, statement.in_words()       # 6600, ("11月12天×5.50元=66.00元（每天2课时）",)
refundable_fen(statement.due_fen, 11000, 0)   # 4400: what was paid too much goes back
"""

from kehou.rules.fees.agreed import KEPT, fee_kept, same_price, signed_tariff
from kehou.rules.fees.paying import METHODS, is_reminded, open_fen, refundable_fen, refusal_to_pay, refusal_to_void
from kehou.rules.fees.pricing import MODES, price, refusal_to_price
from kehou.rules.fees.quoting import quote, total_of
from kehou.rules.fees.records import changes, kind_of, read_month, reversal, waivers_within, write_month
from kehou.rules.fees.refusals import (
    FEE_ITEM,
    BillFacts,
    RefundFacts,
    refusals_to_bill,
    refusals_to_refund,
)
from kehou.rules.fees.statement import (
    CHARGED,
    ChosenHours,
    DayReason,
    FeeDay,
    Line,
    ServiceMonth,
    Statement,
    WaiverSpan,
    days_of,
    hours_in_words,
    line,
    say_days,
    summary,
)
from kehou.rules.money import Fen, read_yuan, yuan

__all__ = [
    "CHARGED",
    "FEE_ITEM",
    "KEPT",
    "METHODS",
    "MODES",
    "BillFacts",
    "ChosenHours",
    "DayReason",
    "FeeDay",
    "Fen",
    "Line",
    "RefundFacts",
    "ServiceMonth",
    "Statement",
    "WaiverSpan",
    "changes",
    "days_of",
    "fee_kept",
    "hours_in_words",
    "is_reminded",
    "kind_of",
    "line",
    "open_fen",
    "price",
    "quote",
    "read_month",
    "read_yuan",
    "refundable_fen",
    "refusal_to_pay",
    "refusal_to_price",
    "refusal_to_void",
    "refusals_to_bill",
    "refusals_to_refund",
    "reversal",
    "same_price",
    "say_days",
    "signed_tariff",
    "summary",
    "total_of",
    "waivers_within",
    "write_month",
    "yuan",
]
