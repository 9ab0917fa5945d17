"""The fund-management plan (经费管理方案): income forecast, budget by use, pay, publication, surplus.

Everything is whole fen. `checks` says in red and green what a plan may not be (2.6.2-b, 2.6.3-e, 2.6.3-i, 2.6.3-j) and
what has to be explained (2.6.1-c); the principal signs only what has no red left, and the district accepts it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kehou.rules.fund import allowed_uses, fee_word_in
from kehou.rules.money import yuan
from kehou.rules.parameters import Parameters
from kehou.rules.parameters.money_groups import PAY_TYPES
from kehou.rules.verdicts import Refusal, refuse


@dataclass(frozen=True, slots=True)
class Tier:
    """How many are expected at so many class hours a day, and how many of them are waived."""

    hours: int
    people: int
    waived: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the budget: a use, its amount, what it is reckoned from."""

    use: str
    amount_fen: int
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Management:
    """A post of duty or management that is paid by the time: how often in the term, at which rate."""

    title: str
    times: int
    rate_fen: int

    @property
    def total_fen(self) -> int:
        """Return what the post costs in the term."""
        return self.times * self.rate_fen


@dataclass(frozen=True, slots=True)
class FundPlan:
    """What a school plans for a term. `months` are months of the fee; `rates` are fen by pay type."""

    months: int
    tiers: tuple[Tier, ...]
    lines: tuple[Line, ...]
    rates: tuple[tuple[str, int], ...]
    management: tuple[Management, ...]
    publication: str = ""
    surplus: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the plain form that is stored and hashed."""
        return {
            "months": self.months,
            "tiers": [[one.hours, one.people, one.waived] for one in self.tiers],
            "lines": [[one.use, one.amount_fen, one.basis] for one in self.lines],
            "rates": [list(one) for one in self.rates],
            "management": [[one.title, one.times, one.rate_fen] for one in self.management],
            "publication": self.publication,
            "surplus": self.surplus,
        }

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> FundPlan:
        """Return the plan of a stored form."""
        return cls(
            months=stored["months"],
            tiers=tuple(Tier(*row) for row in stored["tiers"]),
            lines=tuple(Line(*row) for row in stored["lines"]),
            rates=tuple((kind, fen) for kind, fen in stored["rates"]),
            management=tuple(Management(*row) for row in stored["management"]),
            publication=stored["publication"],
            surplus=stored["surplus"],
        )


@dataclass(frozen=True, slots=True)
class Sums:
    """The plan in figures, all in fen: `income` is what families pay and what finance makes up for the waived."""

    gross: int
    waived: int
    billed: int
    spent: int
    people_cost: int
    management: int

    @property
    def income(self) -> int:
        """Return what comes in: the waived part is claimed from finance."""
        return self.billed + self.waived

    @property
    def balance(self) -> int:
        """Return what is left over, below zero where more is spent than comes in."""
        return self.income - self.spent


def sums_of(plan: FundPlan, tariff: Mapping[int, int]) -> Sums:
    """Return the figures of a plan under a tariff (fen a month by class hours)."""
    gross = sum(tariff.get(one.hours, 0) * one.people for one in plan.tiers) * plan.months
    waived = sum(tariff.get(one.hours, 0) * one.waived for one in plan.tiers) * plan.months
    by_use = amounts_by_use(plan)
    return Sums(
        gross=gross,
        waived=waived,
        billed=gross - waived,
        spent=sum(by_use.values()),
        people_cost=by_use.get("U1", 0) + by_use.get("U2", 0),
        management=sum(one.total_fen for one in plan.management),
    )


def amounts_by_use(plan: FundPlan) -> dict[str, int]:
    """Return the budget in fen by use, in the order of the uses."""
    found: dict[str, int] = {}
    for line in sorted(plan.lines, key=lambda one: one.use):
        found[line.use] = found.get(line.use, 0) + line.amount_fen
    return found


def shares(amounts: Mapping[str, int]) -> dict[str, int]:
    """Return the shares of amounts in hundredths of a percent; they sum to 10000 exactly, or are all 0."""
    total = sum(amounts.values())
    if total <= 0:
        return dict.fromkeys(amounts, 0)
    parts = {key: amount * 10_000 // total for key, amount in amounts.items()}
    by_rest = sorted(amounts, key=lambda key: (-(amounts[key] * 10_000 % total), key))
    for key in by_rest[: 10_000 - sum(parts.values())]:
        parts[key] += 1
    return parts


@dataclass(frozen=True, slots=True)
class Check:
    """One check in red, yellow or green: what was looked at, what was found, and the refusal where it is not green.

    `blocks` is red: the principal cannot sign. A refusal that does not block has to be explained.
    """

    title: str
    found: str
    refusal: Refusal | None = None
    blocks: bool = True

    @property
    def colour(self) -> str:
        """Return done, wait or stop, as the pages paint it."""
        return "done" if self.refusal is None else "stop" if self.blocks else "wait"


def checks(plan: FundPlan, parameters: Parameters) -> tuple[Check, ...]:
    """Return every check of a plan under the parameters of its term."""
    sums = sums_of(plan, parameters.fee.tariff)
    return (
        _forecast(plan, parameters, sums),
        _uses(plan, parameters),
        _words(plan, parameters),
        _utilities(plan, parameters, sums),
        _rates(plan, parameters),
        _management(parameters, sums),
        _affordable(sums),
        _said(plan),
        _surplus(parameters, sums),
    )


def refusals_to_sign(plan: FundPlan, parameters: Parameters) -> tuple[Refusal, ...]:
    """Return the red checks: why the principal cannot sign the plan."""
    return tuple(check.refusal for check in checks(plan, parameters) if check.refusal and check.blocks)


def _forecast(plan: FundPlan, parameters: Parameters, sums: Sums) -> Check:
    no = None
    if unknown := next((one.hours for one in plan.tiers if one.hours not in parameters.fee.tariff), None):
        no = refuse("R-FEE-07", "plan_tier_without_price", hours=unknown)
    elif any(one.waived > one.people for one in plan.tiers):
        no = refuse("R-FILING-02", "more_waived_than_people")
    elif sums.gross <= 0:
        no = refuse("R-FILING-02", "without_forecast")
    return Check("收入预测", f"应收{yuan(sums.gross)}元，其中减免{yuan(sums.waived)}元", no)


def _uses(plan: FundPlan, parameters: Parameters) -> Check:
    allowed = allowed_uses(parameters.fund)
    wrong = next((one.use for one in plan.lines if one.use not in allowed), None)
    negative = any(one.amount_fen < 0 for one in plan.lines)
    no = refuse("R-FUND-03", "use_not_permitted", use=wrong) if wrong else None
    return Check(
        "用途只在允许的范围内",
        "、".join(allowed[one] for one in amounts_by_use(plan) if one in allowed) or "还没有填",
        no or (refuse("R-FUND-03", "no_amount") if negative or not plan.lines else None),
    )


def _words(plan: FundPlan, parameters: Parameters) -> Check:
    texts = [*(one.basis for one in plan.lines), *(one.title for one in plan.management), plan.surplus]
    for text in texts:
        if word := fee_word_in(text):
            return Check("没有管理费", text, refuse("R-FUND-07", "management_fee", word=word))
        if word := next((one for one in parameters.fund.negative_words if one and one in text), ""):
            return Check("没有无关费用", text, refuse("R-FUND-08", "unrelated_cost", word=word))
    return Check("没有管理费和无关费用", "没有发现")


def _utilities(plan: FundPlan, parameters: Parameters, sums: Sums) -> Check:
    cap, amount = parameters.fund.utility_share_cap, amounts_by_use(plan).get("U3", 0)
    over = amount * 100 > sums.spent * cap
    no = refuse("R-FUND-04", "utilities_above_cap", share=percent(amount, sums.spent), cap=cap) if over else None
    return Check(f"水电费不超过支出的{cap}%", f"{percent(amount, sums.spent)}%", no)


def _rates(plan: FundPlan, parameters: Parameters) -> Check:
    caps, known = parameters.pay.caps, set(parameters.pay.types)
    for kind, fen in plan.rates:
        title = PAY_TYPES.get(kind, kind)
        if title not in known or kind not in caps:
            return Check("补助标准", title, refuse("R-PAY-01", "type_not_in_scheme", type=title))
        if fen > caps[kind]:
            no = refuse("R-PAY-02", "rate_above_cap", type=title, rate=yuan(fen), cap=yuan(caps[kind]))
            return Check("补助标准不超过上限", f"{title} {yuan(fen)}元", no)
    for post in plan.management:
        if post.rate_fen > caps["duty"]:
            no = refuse("R-PAY-02", "rate_above_cap", type=post.title, rate=yuan(post.rate_fen), cap=yuan(caps["duty"]))
            return Check("补助标准不超过上限", post.title, no)
    empty = None if plan.rates else refuse("R-PAY-02", "without_rates")
    return Check("补助标准不超过上限", f"{len(plan.rates)}类补助、{len(plan.management)}个管理岗位", empty)


def _management(parameters: Parameters, sums: Sums) -> Check:
    cap = parameters.pay.mgmt_share_cap
    over = sums.management * 100 > sums.people_cost * cap
    share = percent(sums.management, sums.people_cost)
    no = refuse("R-PAY-02", "management_above_cap", share=share, cap=cap) if over else None
    return Check(f"管理岗位不超过补助的{cap}%", f"{share}%，{yuan(sums.management)}元", no)


def _affordable(sums: Sums) -> Check:
    words = f"收入{yuan(sums.income)}元，支出{yuan(sums.spent)}元，结余{yuan(sums.balance)}元"
    no = refuse("R-FILING-02", "spends_more_than_it_has", amount=yuan(-sums.balance)) if sums.balance < 0 else None
    return Check("支出不超过收入", words, no)


def _said(plan: FundPlan) -> Check:
    missing = [name for name, text in (("公示计划", plan.publication), ("结余处理", plan.surplus)) if not text.strip()]
    no = refuse("R-FILING-02", "left_unsaid", what="、".join(missing)) if missing else None
    return Check("公示计划和结余处理写明", "已写明" if not missing else "没有写：" + "、".join(missing), no)


def _surplus(parameters: Parameters, sums: Sums) -> Check:
    most = parameters.fund.surplus_rule.percent
    share = percent(sums.balance, sums.income)
    over = sums.balance * 100 > sums.income * most
    no = refuse("R-FEE-03", "plan_surplus_above", share=share, most=most) if over else None
    return Check(f"结余不超过收入的{most}%（非营利）", f"{share}%", no, blocks=False)


def percent(part: int, whole: int) -> str:
    """Return a share in percent with one decimal, cut off; 0.0 of nothing."""
    tenths = part * 1000 // whole if whole > 0 else 0
    return f"{tenths // 10}.{tenths % 10}" if tenths >= 0 else f"-{-tenths // 10}.{-tenths % 10}"


_USUAL = (  # use, percent of the income, what it is reckoned from
    ("U1", 76, "课时补助和值班补助，按核定课时"),
    ("U2", 5, "外聘人员，按协议"),
    ("U3", 4, "按课时和面积分摊"),
    ("U4", 5, "器材，按项目登记资产"),
    ("U5", 6, "耗材，按项目领用"),
)


def starting_plan(
    parameters: Parameters, *, months: int, people_by_tier: Sequence[tuple[int, int]], waived: int = 0
) -> FundPlan:
    """Return a plan to begin with from a demand: the caps as rates, a budget that spends what comes in.

    Everything can be changed afterwards; nothing is signed by itself. `waived` children are put into the largest tier.
    """
    largest = max(people_by_tier, key=lambda one: one[1], default=(0, 0))[0]
    tiers = tuple(
        Tier(hours, people, min(waived, people) if hours == largest else 0) for hours, people in people_by_tier
    )
    income = sum(parameters.fee.tariff.get(one.hours, 0) * one.people for one in tiers) * months
    lines = tuple(Line(use, income * share // 100, basis) for use, share, basis in _USUAL)
    caps = parameters.pay.caps
    cost = (lines[0].amount_fen + lines[1].amount_fen) * min(10, parameters.pay.mgmt_share_cap) // 100
    times = cost // 3 // caps["duty"] if caps["duty"] else 0
    return FundPlan(
        months=months,
        tiers=tiers,
        lines=lines,
        rates=tuple((kind, fen) for kind, fen in caps.items() if kind != "volunteer"),
        management=tuple(Management(title, times, caps["duty"]) for title in ("值班领导", "门卫", "巡查")),
        publication=(
            f"每月第{parameters.pub.deadlines.money_working_day}个工作日前在公示栏、公众号和班级家长群公示上月收支，"
            f"公示不少于{parameters.pub.deadlines.shown_days}天；学期末作总公示。"
        ),
        surplus=(
            f"结余不超过收入{parameters.fund.surplus_rule.percent}%的结转下学期并公示；超过部分"
            + ("退还家长。" if parameters.fund.surplus_rule.then == "refund" else "用于下学期降低收费。")
        ),
    )
