"""Which price holds for a family: the one it has agreed to, never a dearer one that came later (2.7.2-g, R-AMD-01).

A tariff that changes within a term is a new price. Who has agreed to it pays it; who has not, silent or never asked,
keeps the price of the agreement it signed, and has the new one only where that is the cheaper: nobody may be charged
above the tariff in force (P4-1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kehou.rules.parameters import Chart
from kehou.rules.parameters.money_groups import Fee

KEPT = "price_kept"  # the line of a bill that says so
_HOURS = re.compile(r"\d+")
# What makes a price, beside the tariff: how a month is counted.
_MODE = ("mode", "ref_days", "proration")


def signed_tariff(tiers: Iterable[Sequence[object]] | None) -> dict[int, int]:
    """Return the tariff that an agreement states: hours a day → fen a month, of ["每天2课时", 11000] and its like."""
    found = {}
    for label, fen in tiers or ():
        if (hours := _HOURS.search(str(label))) and isinstance(fen, int):
            found[int(hours.group())] = fen
    return found


def same_price(one: Fee, other: Fee) -> bool:
    """Return whether every month costs the same under both."""
    return one.tariff == other.tariff and all(getattr(one, name) == getattr(other, name) for name in _MODE)


def fee_kept(in_force: Fee, agreed: Fee) -> Fee:
    """Return the fee of a family that has agreed to `agreed` and not to what came later.

    The way of counting is the agreed one; each tier costs what was agreed, or what is in force where that is less. A
    tier that was not sold then has the price in force.
    """
    tariff = {hours: min(fen, agreed.tariff.get(hours, fen)) for hours, fen in in_force.tariff.items()}
    return replace(in_force, tariff=Chart(tariff), **{name: getattr(agreed, name) for name in _MODE})
