"""What the fund may be spent on (2.6.3): five uses and other direct cost, never a management fee, never anything else.

Income is not spent directly: an expense draws on what was appropriated (收支两条线).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kehou.rules.money import yuan
from kehou.rules.parameters.money_groups import Fund
from kehou.rules.spans import month_of
from kehou.rules.verdicts import Refusal, refuse

USES: Mapping[str, tuple[str, str]] = {
    "U1": ("校内教师补助", "2.6.3-c"),
    "U2": ("外聘人员补助", "2.6.3-d"),
    "U3": ("水电费", "2.6.3-e"),
    "U4": ("购买器材", "2.6.3-f"),
    "U5": ("耗材补充", "2.6.3-g"),
    "U6": ("其他直接支出", "2.6.3-j"),
}
SOURCES: Mapping[str, str] = {"fees": "专户收入拨付（家长缴的费）", "waiver": "减免补偿（财政补助）"}
_FEE_WORDS = ("管理费", "提成", "抽成", "手续费", "服务费分成", "平台费")
_PERCENT = re.compile(r"(按|提取|收取|计提|扣).{0,8}?(\d+(\.\d+)?\s*[%％]|百分之)")


@dataclass(frozen=True, slots=True)
class Spending:
    """An expense about to be recorded. `available_fen` is what was appropriated and is not spent yet."""

    use: str
    description: str
    amount_fen: int
    voucher: str
    available_fen: int
    voucher_known: bool = False


def refusals_to_spend(spending: Spending, fund: Fund) -> tuple[Refusal, ...]:
    """Return every reason why the fund does not pay this."""
    text = spending.description.strip()
    found = []
    if spending.use not in allowed_uses(fund):
        found.append(refuse("R-FUND-03", "use_not_permitted", use=spending.use or "（未选）"))
    if len(text) < 4:
        found.append(refuse("R-FUND-03", "say_what_for"))
    if not spending.voucher.strip():
        found.append(refuse("R-FUND-03", "without_voucher"))
    elif spending.voucher_known:
        found.append(refuse("R-FUND-03", "voucher_twice", voucher=spending.voucher.strip()))
    if word := fee_word_in(text):
        found.append(refuse("R-FUND-07", "management_fee", word=word))
    elif word := next((word for word in fund.negative_words if word and word in text), ""):
        found.append(refuse("R-FUND-08", "unrelated_cost", word=word))
    if spending.amount_fen <= 0:
        found.append(refuse("R-FUND-03", "no_amount"))
    elif fund.regime == "TWO_LINES" and spending.amount_fen > spending.available_fen:
        found.append(
            refuse(
                "R-FUND-02",
                "more_than_appropriated",
                amount=yuan(spending.amount_fen),
                available=yuan(max(0, spending.available_fen)),
            )
        )
    return tuple(found)


def fee_word_in(text: str) -> str:
    """Return the word or phrase of a text that names a management fee or a cut (R-FUND-07), or nothing."""
    if word := next((word for word in _FEE_WORDS if word in text), ""):
        return word
    found = _PERCENT.search(text)
    return found[0] if found else ""


def allowed_uses(fund: Fund) -> dict[str, str]:
    """Return the codes that the district allows with their titles: `U1 校内教师补助` gives U1."""
    return {use.split()[0]: use.partition(" ")[2] or use for use in fund.uses if use.split()[:1]}


def shares(spent: Mapping[str, int]) -> dict[str, int]:
    """Return each use's part of the whole in tenths of a percent; the parts need not sum to a thousand."""
    whole = sum(spent.values())
    return {use: (fen * 1000 + whole // 2) // whole if whole else 0 for use, fen in spent.items()}


def surplus_over(income_fen: int, spent_fen: int, percent: int) -> int:
    """Return by how much the surplus exceeds `percent` of the income (R-FEE-03), zero when it does not."""
    return max(0, income_fen - spent_fen - income_fen * percent // 100)


@dataclass(frozen=True, slots=True)
class Held:
    """Income that still lies in the special account: how much, from which month at the earliest, for how many days.

    `days` counts from the end of that month: its income could have been passed on from then.
    """

    fen: int
    month: date
    days: int


def held_back(income: Mapping[date, int], appropriated_fen: int, on: date) -> Held | None:
    """Return what was taken in and not appropriated (2.6.3-h), the oldest income counting as passed on first.

    `income` is what came in less what went back, in fen by month (its first day), the month of `on` left out: it is
    not over. None when all of it was passed on.
    """
    whole = 0
    oldest: date | None = None
    for month in sorted(one for one in income if month_of(one).end and month_of(one).end <= on):  # type: ignore[operator]
        whole += income[month]
        if whole <= appropriated_fen:
            oldest = None
        elif oldest is None:
            oldest = month
    if oldest is None:
        return None
    end = month_of(oldest).end
    assert end is not None
    return Held(whole - appropriated_fen, oldest, (on - end).days)


def warning_of_holding_back(held: Held | None, fund: Fund) -> Refusal | None:
    """Return the warning that income is kept from the school longer than the district allows (R-FUND-06)."""
    if held is None or held.days <= fund.appropriation_days:
        return None
    return refuse(
        "R-FUND-06", "held_back", month=held.month.month, amount=yuan(held.fen), days=held.days,
        limit=fund.appropriation_days,
    )  # fmt: skip


def warning_of_surplus(income_fen: int, spent_fen: int, fund: Fund) -> Refusal | None:
    """Return the warning that more is left at the end of a term than a service without profit may keep (R-FEE-03)."""
    rule = fund.surplus_rule
    over = surplus_over(income_fen, spent_fen, rule.percent)
    if not over:
        return None
    left = income_fen - spent_fen
    return refuse(
        "R-FEE-03", f"surplus_{rule.then}", left=yuan(left), share=f"{left * 100 / income_fen:.1f}",
        percent=rule.percent, over=yuan(over),
    )  # fmt: skip
