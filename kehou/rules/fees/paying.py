"""At the counter: a bill is paid whole, once, with a reference that makes a repeated entry the same payment."""

from __future__ import annotations

from datetime import date, timedelta

from kehou.rules.money import yuan
from kehou.rules.parameters.money_groups import Dunning
from kehou.rules.verdicts import Refusal, refuse

METHODS = {"counter": "柜台缴入专户", "transfer": "转账到专户"}


def open_fen(due_fen: int, paid_fen: int, returned_fen: int) -> int:
    """Return what is still to pay, never below nothing; `returned_fen` are refunds paid or under way."""
    return max(0, due_fen - (paid_fen - returned_fen))


def refundable_fen(due_fen: int, paid_fen: int, returned_fen: int) -> int:
    """Return what was paid too much and is not on its way back yet."""
    return max(0, paid_fen - returned_fen - due_fen)


def refusal_to_pay(number: str, *, open_fen: int, given_fen: int | None = None) -> Refusal | None:
    """Return why this bill cannot be paid now: nothing is open, or the sum is not the whole of it."""
    if open_fen <= 0:
        return refuse("R-FEE-06", "nothing_to_pay", number=number)
    if given_fen is not None and given_fen != open_fen:
        return refuse("R-FEE-06", "whole_bill_only", number=number, open=yuan(open_fen), given=yuan(given_fen))
    return None


def is_reminded(*, made_on: date, on: date, dunning: Dunning) -> bool:
    """Return whether a bill that is still owed is due for its one reminder (fee.dunning)."""
    return dunning.to == "guardian_only" and made_on + timedelta(days=dunning.after_days) <= on


def refusal_to_void(number: str, *, paid_fen: int, reason: str) -> Refusal | None:
    """Return why a bill cannot be taken back: something was paid on it, or nobody says why."""
    if paid_fen:
        return refuse("R-FEE-06", "void_after_payment", number=number)
    if len(reason.strip()) < 2:
        return refuse("R-FEE-06", "void_without_reason")
    return None
