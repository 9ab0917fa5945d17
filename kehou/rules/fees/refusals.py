"""What must be true before money is asked of a family, and before money goes back."""

from __future__ import annotations

from dataclasses import dataclass

from kehou.rules.money import yuan
from kehou.rules.verdicts import Refusal, refuse

FEE_ITEM = "课后延时服务费"


@dataclass(frozen=True, slots=True)
class BillFacts:
    """What is known when a bill is about to be made."""

    month: int
    filing_accepted: bool
    fund_plan_accepted: bool
    tariff_in_force: bool
    enrolled: bool
    agreement_in_force: bool
    item: str
    payee_account: str
    registered_accounts: frozenset[str]
    amount_fen: int
    cap_fen: int
    on_waiver_list: bool = False
    waived_fen: int = 0


def refusals_to_bill(facts: BillFacts) -> tuple[Refusal, ...]:
    """Return every reason why this bill may not be made."""
    found = []
    if not facts.filing_accepted:
        found.append(refuse("R-GATE-00", "bill_before_filing"))
    if not facts.fund_plan_accepted:
        found.append(refuse("R-FILING-02", "fund_plan_not_accepted"))
    if not facts.tariff_in_force:
        found.append(refuse("R-FEE-01", "no_tariff", month=facts.month))
    if not facts.enrolled:
        found.append(refuse("R-FEE-02", "not_enrolled"))
    elif not facts.agreement_in_force:
        found.append(refuse("R-FEE-02", "agreement_not_signed"))
    if facts.item != FEE_ITEM:
        found.append(refuse("R-FEE-04", "other_item", item=FEE_ITEM, given=facts.item))
    if facts.payee_account not in facts.registered_accounts:
        found.append(refuse("R-FEE-05", "payee_not_registered", account=facts.payee_account))
    if not 0 <= facts.amount_fen <= facts.cap_fen:
        found.append(refuse("R-FEE-06", "out_of_bounds", amount=yuan(facts.amount_fen), cap=yuan(facts.cap_fen)))
    if facts.on_waiver_list and facts.amount_fen and not facts.waived_fen:
        found.append(refuse("R-WAIV-01", "listed_but_charged"))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """What is known when money is about to go back. `to_bank_account` is for a payer's account that is closed."""

    amount_fen: int
    refundable_fen: int
    requested_by: frozenset[int]  # who made it, and who sent it to another account
    approved_by: tuple[int, ...]
    to_bank_account: bool = False
    original_account_open: bool = True
    account_holder: str = ""
    guardians: frozenset[str] = frozenset()


def refusals_to_refund(facts: RefundFacts) -> tuple[Refusal, ...]:
    """Return every reason why this refund may not be paid out.

    By the original route one other person approves; to a bank account two do, and the account is a guardian's own.
    """
    found = []
    if facts.amount_fen <= 0:
        found.append(refuse("R-FEE-06", "refund_nothing"))
    elif facts.amount_fen > facts.refundable_fen:
        found.append(
            refuse(
                "R-FEE-06",
                "refund_more_than_paid",
                amount=yuan(facts.amount_fen),
                refundable=yuan(facts.refundable_fen),
            )
        )
    if facts.to_bank_account:
        if facts.original_account_open:
            found.append(refuse("R-FEE-05", "original_route_open"))
        if facts.account_holder not in facts.guardians:
            found.append(refuse("R-FEE-05", "not_guardians_account", holder=facts.account_holder))
    approvers = set(facts.approved_by) - facts.requested_by
    if not approvers:
        found.append(refuse("R-FEE-08", "refund_needs_approval"))
    elif facts.to_bank_account and len(approvers) < 2:
        found.append(refuse("R-FEE-08", "refund_needs_second_person"))
    return tuple(found)
