"""The adults of the service: who may serve, how much, and how many a group needs."""

from kehou.rules.staffing.kinds import KINDS
from kehou.rules.staffing.serving import (
    DUTIES,
    adults_needed,
    inhouse_percent,
    missing_duties,
    refusal_of_cap,
    refusal_of_few_adults,
    refusal_of_kind,
    warning_of_day,
    warning_of_load,
    warning_of_share,
)

__all__ = [
    "DUTIES",
    "KINDS",
    "adults_needed",
    "inhouse_percent",
    "missing_duties",
    "refusal_of_cap",
    "refusal_of_few_adults",
    "refusal_of_kind",
    "warning_of_day",
    "warning_of_load",
    "warning_of_share",
]
