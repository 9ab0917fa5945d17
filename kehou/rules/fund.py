"""What the fund may be spent on (2.6.3): five uses and other direct cost, never a management fee, never anything else.

Income is not spent directly: an expense draws on what was appropriated (收支两条线).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kehou.rules.money import yuan
from kehou.rules.parameters.money_groups import Fund
from kehou.rules.verdicts import Refusal, refuse

USES: Mapping[str, tuple[str, str]] = {
    "U1": ("校内教师补助", "2.6.3-c"),
    "U2": ("外聘人员补助", "2.6.3-d"),
    "U3": ("水电费", "2.6.3-e"),
    "U4": ("购买器材", "2.6.3-f"),
    "U5": ("耗材补充", "2.6.3-g"),
    "U6": ("其他直接支出", "2.6.3-j"),
}
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


def names_of(uses: Iterable[str]) -> str:
    """Return uses as a sentence lists them."""
    return "、".join(USES[use][0] for use in uses if use in USES)
