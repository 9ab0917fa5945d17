"""The fund-management plan as a paper (document 8): forecast, budget, pay, posts, publication, surplus, approval."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from kehou.chapters.planning.models import FundPlanVersion
from kehou.chapters.planning.queries.fund_plan import checks_of, parameters_of_term
from kehou.lib.paper import Paper
from kehou.lib.paper.register import issue
from kehou.rules.fund import USES
from kehou.rules.fund_plan import FundPlan, Sums, amounts_by_use, shares, sums_of
from kehou.rules.money import yuan
from kehou.rules.parameters import Chart
from kehou.rules.parameters.money_groups import PAY_TYPES


def fund_plan_paper(version: FundPlanVersion, *, address: str, at: datetime) -> Paper:
    """Return the plan as it was signed, or a draft with 草稿 across it."""
    plan, tariff = version.plan, parameters_of_term(version.term).fee.tariff
    checks = [
        [one.title, ("【须说明】" if one.refusal else "") + one.found] for one in checks_of(version)
    ]  # fmt: skip
    data = {
        "facts": [["领导小组研究", _day(version.approved_on)], ["调整原因", version.reason or "—"]],
        "sections": [
            *_income(plan, tariff, sums_of(plan, tariff)),
            *_budget(plan, sums_of(plan, tariff)),
            *_pay(plan),
            {"title": "五、公示计划", "words": [plan.publication]},
            {"title": "六、结余处理", "words": [plan.surplus]},
            _table("七、检查结果", ["项目", "结果"], checks, widths=[1, 2]),
        ],
        "retention": "30年",
        "signatures": [{"label": "财务负责人"}, _signed(version)],
    }
    signed = version.signed_at is not None
    return issue(
        "record", data, title="课后服务经费管理方案", number=version.code, school=version.school.name,
        term=version.term.name, version=str(version.version), issued_at=version.signed_at or at,
        basis="《关于梁平区中小学生课后服务工作的实施意见（试行）》二（六）2",
        verify_url=f"{address.rstrip('/')}/verify/{version.code}/" if signed else "", mark="" if signed else "草稿",
    )  # fmt: skip


def _income(plan: FundPlan, tariff: Chart[int, int], sums: Sums) -> list[dict[str, Any]]:
    rows = []
    for one in plan.tiers:
        price = tariff.get(one.hours, 0)
        total = price * one.people * plan.months
        rows.append([f"每天{one.hours}课时", one.people, one.waived, yuan(price), plan.months, yuan(total)])
    columns = ["档位", "人数", "其中减免", "每月（元）", "月数", "金额（元）"]
    return [
        _table("一、收入预测", columns, rows, right=[1, 2, 3, 4, 5]),
        {
            "facts": [
                ["应收", f"{yuan(sums.gross)}元"], ["减免（财政补偿）", f"{yuan(sums.waived)}元"],
                ["向家长收取", f"{yuan(sums.billed)}元"], ["收入合计", f"{yuan(sums.income)}元"],
            ]
        },
    ]  # fmt: skip


def _budget(plan: FundPlan, sums: Sums) -> list[dict[str, Any]]:
    by_use = amounts_by_use(plan)
    parts = shares(by_use)
    rows = []
    for use, fen in by_use.items():
        basis = "；".join(one.basis for one in plan.lines if one.use == use)
        rows.append([USES[use][0], yuan(fen), f"{parts[use] // 100}.{parts[use] % 100:02d}%", basis])
    columns = ["用途", "金额（元）", "占比", "测算依据"]
    return [
        _table("二、支出预算", columns, rows, right=[1, 2], widths=[3, 2, 2, 6]),
        {"facts": [["支出合计", f"{yuan(sums.spent)}元"], ["预计结余", f"{yuan(sums.balance)}元"]]},
    ]


def _pay(plan: FundPlan) -> list[dict[str, Any]]:
    rates = [[PAY_TYPES.get(kind, kind), yuan(fen)] for kind, fen in plan.rates]
    posts = [[one.title, one.times, yuan(one.rate_fen), yuan(one.total_fen)] for one in plan.management]
    return [
        _table("三、补助标准", ["类别", "标准（元）"], rates, right=[1]),
        _table("四、管理岗位", ["岗位", "次数", "每次（元）", "小计（元）"], posts, right=[1, 2, 3]),
    ]


def _table(title: str, columns: list[str], rows: list[Any], **more: Any) -> dict[str, Any]:
    return {"title": title, "table": {"columns": columns, "rows": rows, **more}}


def _signed(version: FundPlanVersion) -> dict[str, str]:
    day = _day(timezone.localtime(version.signed_at).date()) if version.signed_at else "　　年　　月　　日"
    return {"label": "校长签发", "name": version.signed_by or "", "at": day}


def _day(on: date | None) -> str:
    return f"{on.year}年{on.month}月{on.day}日" if on else "—"
