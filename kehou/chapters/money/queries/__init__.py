"""Questions about money: what a month comes to, what is owed, where every yuan went."""

from kehou.chapters.money.queries.accounts import (
    Account,
    SchoolTotals,
    account_of,
    available_fen,
    district_account,
    months_of_term,
    totals_by_school,
    warning_of_surplus,
)
from kehou.chapters.money.queries.agreed import billed_as_agreed, fee_agreed
from kehou.chapters.money.queries.bills import (
    Explained,
    bill_by_number,
    bills_of_pupil,
    bills_of_school,
    bills_to_pay,
    expenses_of,
    explain,
    payee_of,
    payment_by_code,
    payments_of,
    refunds_of,
    refunds_waiting,
    runs_of,
    sort_of_bills,
)
from kehou.chapters.money.queries.passing import held_by_school, warnings_by_school
from kehou.chapters.money.queries.reckoning import (
    SchoolMonth,
    Sheet,
    fee_of,
    if_left_today,
    month_of_school,
    refusals_before_billing,
    term_of_month,
)
from kehou.chapters.money.queries.shown import PublicAccount, PublicAccounts, public_accounts

__all__ = [
    "Account", "Explained", "PublicAccount", "PublicAccounts", "SchoolMonth", "SchoolTotals", "Sheet", "account_of",
    "available_fen", "bill_by_number", "billed_as_agreed", "bills_of_pupil", "bills_of_school", "bills_to_pay",
    "district_account", "expenses_of", "explain", "fee_agreed", "fee_of", "held_by_school", "if_left_today",
    "month_of_school", "months_of_term", "payee_of", "payment_by_code", "payments_of", "public_accounts",
    "refunds_of", "refunds_waiting", "refusals_before_billing", "runs_of", "sort_of_bills", "term_of_month",
    "totals_by_school", "warning_of_surplus", "warnings_by_school",
]  # fmt: skip
