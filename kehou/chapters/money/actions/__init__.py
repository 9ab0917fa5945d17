"""What may be done with money: `from kehou.chapters.money import actions as money`."""

from kehou.chapters.money.actions.attending import decide_correction, prove_leave
from kehou.chapters.money.actions.billing import Ran, ask_for_bills, make_bill, register_payee, run_bills, settle_months
from kehou.chapters.money.actions.care import Ground, end_recognition, recognise, recognise_many
from kehou.chapters.money.actions.dunning import remind_of_unpaid, remind_unpaid
from kehou.chapters.money.actions.leaving import leave, leave_over_amendment, leave_school
from kehou.chapters.money.actions.paying import Entered, Transfer, record_payment, record_transfers
from kehou.chapters.money.actions.refunding import (
    approve_refund,
    ask_refund_again,
    pay_refunds,
    refuse_refund,
    reroute_refund,
)
from kehou.chapters.money.actions.settling import settle_pupils, void_bill
from kehou.chapters.money.actions.spending import record_appropriation, record_expense

__all__ = [
    "Entered",
    "Ground",
    "Ran",
    "Transfer",
    "approve_refund",
    "ask_for_bills",
    "ask_refund_again",
    "decide_correction",
    "end_recognition",
    "leave",
    "leave_over_amendment",
    "leave_school",
    "make_bill",
    "pay_refunds",
    "prove_leave",
    "recognise",
    "recognise_many",
    "record_appropriation",
    "record_expense",
    "record_payment",
    "record_transfers",
    "refuse_refund",
    "register_payee",
    "remind_of_unpaid",
    "remind_unpaid",
    "reroute_refund",
    "run_bills",
    "settle_months",
    "settle_pupils",
    "void_bill",
]  # fmt: skip
