"""F2 经费管理方案 (2.6.2-f): the signed version in figures: income, budget, pay; what its own checks say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kehou.chapters.basis.models import Term
from kehou.chapters.filing.parts.proofs import part_of
from kehou.chapters.planning.queries import fund_plan_of, parameters_of_term, standing_fund_plan
from kehou.chapters.schools.models import School
from kehou.rules.filing import Part, Section, Table
from kehou.rules.fund import USES
from kehou.rules.fund_plan import FundPlan, Sums, amounts_by_use, shares, sums_of
from kehou.rules.money import yuan
from kehou.rules.parameters import Chart
from kehou.rules.parameters.money_groups import PAY_TYPES


def build(school: School, term: Term, on: date) -> Part:
    """Return the fund plan in force; a draft is not filed. Who charges nothing states that instead."""
    if not school.charges_fee:
        return Part("F2", formed=True, facts=(("收费", "本校课后服务不收费，不编经费管理方案"),))
    part = part_of("F2", fund_plan_of(school, term, on=on), without="经费管理方案还没有签发")
    version = standing_fund_plan(school, term)
    if not part.formed or version is None:
        return part
    plan, tariff = version.plan, parameters_of_term(term).fee.tariff
    sums = sums_of(plan, tariff)
    return replace(
        part,
        facts=(*part.facts, *_figures(sums)),
        sections=(Section("公示计划", (plan.publication,)), Section("结余处理", (plan.surplus,))),
        tables=(*part.tables, _income(plan, tariff), _budget(plan), _pay(plan), _posts(plan)),
        measures={**part.measures, "income_fen": sums.income, "spent_fen": sums.spent, "waived_fen": sums.waived},
    )


def _figures(sums: Sums) -> tuple[tuple[str, str], ...]:
    amounts = (
        ("应收", sums.gross), ("减免（财政补偿）", sums.waived), ("向家长收取", sums.billed), ("收入合计", sums.income),
        ("支出合计", sums.spent), ("预计结余", sums.balance),
    )  # fmt: skip
    return tuple((title, f"{yuan(fen)}元") for title, fen in amounts)


def _income(plan: FundPlan, tariff: Chart[int, int]) -> Table:
    rows = tuple(
        (
            f"每天{one.hours}课时", f"{one.people}人", f"{one.waived}人", f"{yuan(tariff.get(one.hours, 0))}元",
            f"{plan.months}个月", f"{yuan(tariff.get(one.hours, 0) * one.people * plan.months)}元",
        )
        for one in plan.tiers
    )  # fmt: skip
    return Table("收入预测", ("档位", "人数", "其中减免", "每月", "月数", "金额"), rows)


def _budget(plan: FundPlan) -> Table:
    by_use = amounts_by_use(plan)
    parts = shares(by_use)
    rows = tuple(
        (
            USES[use][0], f"{yuan(fen)}元", f"{parts[use] // 100}.{parts[use] % 100:02d}%",
            "；".join(one.basis for one in plan.lines if one.use == use),
        )
        for use, fen in by_use.items()
    )  # fmt: skip
    return Table("支出预算", ("用途", "金额", "占比", "测算依据"), rows, widths=(3, 2, 2, 6))


def _pay(plan: FundPlan) -> Table:
    rows = tuple((PAY_TYPES.get(kind, kind), f"{yuan(fen)}元") for kind, fen in plan.rates)
    return Table("补助标准", ("类别", "每课时或每次"), rows)


def _posts(plan: FundPlan) -> Table:
    rows = tuple(
        (one.title, f"{one.times}次", f"{yuan(one.rate_fen)}元", f"{yuan(one.total_fen)}元") for one in plan.management
    )
    return Table("管理岗位", ("岗位", "次数", "每次", "合计"), rows)
