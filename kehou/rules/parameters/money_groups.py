"""The parameters of money: fee, waiver, receipt, fund, pay."""

# ruff: noqa: RUF009 (`parameter` returns a dataclass field)
from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import ClassVar

from kehou.rules.parameters.composites import Part, Record, Table, Tariff
from kehou.rules.parameters.groups import PERCENT, WORKING_DAYS
from kehou.rules.parameters.kinds import Chart, Choice, Clock, Money, Number, Words, YesNo
from kehou.rules.parameters.parameter import parameter

FEE_MODES = {
    "DAY20_CAP": "按日计价、按月封顶",
    "FULL_MONTH": "参加即按整月",
    "PLANNED_DAYS": "按当月服务天数折算",
    "HALF_MONTH": "不足半月按半月",
    "BY_CLASS_HOUR": "按课时计价、按月封顶",
}
WAIVER_CATEGORIES = {
    "poverty_relief_household": "农村脱贫户",
    "dibao_family": "低保家庭",
    "relapse_monitored": "防止返贫监测对象",
    "extreme_hardship": "特困供养",
    "orphan": "孤儿",
    "unsupported_child": "事实无人抚养儿童",
    "disabled_pupil": "残疾学生",
    "martyr_child": "烈士子女",
}
NAMED_IN_THE_POLICY = ("poverty_relief_household", "dibao_family")
USES = ("U1 校内教师补助", "U2 外聘人员补助", "U3 水电费", "U4 购买器材", "U5 耗材补充", "U6 其他直接支出")
PAY_TYPES = {
    "homework_help": "作业辅导与阅读（每课时）",
    "featured": "特色活动（每课时）",
    "support_group": "学困帮扶小组（每课时）",
    "duty": "值班门卫巡查（每天）",
    "external": "外聘专业人员（每课时）",
    "volunteer": "志愿者",
}


@dataclass(frozen=True, slots=True)
class LeavePolicy:
    """Which days of absence are not charged."""

    before: time
    sick_note_days: int


@dataclass(frozen=True, slots=True)
class Dunning:
    """Who is reminded of an unpaid bill, and how many days after it was made."""

    to: str
    after_days: int


@dataclass(frozen=True)
class Fee:
    """The one fee."""

    title: ClassVar[str] = "收费"
    tariff: Chart[int, int] = parameter(
        "每月收费标准",
        Tariff(0, 100_000),
        Chart({1: 6000, 2: 11000, 3: 16000}),
        "2.6.1-f",
        "2.6.1-g",
        "2.6.1-h",
        "2.6.1-i",
        why="每天1课时60元、2课时110元、3课时160元",
        decided_by="DRC",
        two_persons=True,
    )
    upper_cap: int = parameter(
        "每生每月最高",
        Money(0, 100_000),
        16000,
        "2.6.1-f",
        "3.1-d",
        why="文件：每生每月60至160元；收费标准不得超过它",
        decided_by="DRC",
        two_persons=True,
    )
    mode: str = parameter(
        "计费办法",
        Choice(FEE_MODES),
        "DAY20_CAP",
        "2.6.1-f",
        "2.6.1-c",
        why="文件未定“月”怎么算；按日计价、封顶，绝不多于整月",
        decided_by="DRC",
        two_persons=True,
    )
    ref_days: int = parameter(
        "一个月按几天折算日价",
        Number(15, 31, "天"),
        20,
        "2.6.1-f",
        why="60、110、160元除以20天，正好3.00、5.50、8.00元",
        decided_by="DRC",
        two_persons=True,
    )
    mixed_hours: bool = parameter(
        "各天课时可以不同",
        YesNo("可以", "不可以"),
        True,
        "2.2-h",
        why="逐日相加，以最多课时那一档封顶；不可以时，一张申请里各天只能选同样的课时",
        decided_by="DRC",
    )
    leave_policy: LeavePolicy = parameter(
        "请假与退费",
        Record(
            LeavePolicy,
            {
                "before": Part("当日几点前请假不计费", Clock()),
                "sick_note_days": Part("病假补证明", Number(0, 30, "天内")),
            },
        ),
        LeavePolicy(time(12, 0), 3),
        "2.6.1-c",
        why="学校取消一律退；及时请假退；未请假未到不退",
        decided_by="DRC",
    )
    proration: str = parameter(
        "中途参加或退出",
        Choice({"by_day": "按天计算，退出从下一个服务日起", "none": "不折算"}),
        "by_day",
        "2.2-i",
        "2.6.1-c",
        why="用几天算几天",
        decided_by="DRC",
    )
    dunning: Dunning = parameter(
        "未缴费提醒",
        Record(
            Dunning,
            {
                "to": Part("提醒谁", Choice({"guardian_only": "只提醒监护人本人", "none": "不提醒"})),
                "after_days": Part("出单多少天后", Number(3, 90, "天")),
            },
        ),
        Dunning("guardian_only", 10),
        "2.6.1-b",
        why="每张缴费单只提醒一次，写信给监护人本人；没有班级名单，当月绝不因未缴费停孩子的课",
        decided_by="EC",
    )
    refund_working_days: int = parameter(
        "退费到账期限", WORKING_DAYS, 15, "2.6.1-c", why="退费时长公开统计", decided_by="FIN"
    )


@dataclass(frozen=True)
class Waiver:
    """The waiver."""

    title: ClassVar[str] = "减免"
    table: Chart[str, int] = parameter(
        "各类减免比例",
        Table(WAIVER_CATEGORIES, PERCENT, open=True),
        Chart({code: 100 if code in NAMED_IN_THE_POLICY else 0 for code in WAIVER_CATEGORIES}),
        "2.6.1-j",
        "2.1-h",
        why="脱贫户、低保家庭全免；其他类别由区里定",
    )
    source: str = parameter(
        "减免依据",
        Choice({"aid_list": "资助办名单自动匹配", "family_proof": "家庭提交证明"}),
        "aid_list",
        "2.6.1-j",
        why="不让家庭反复证明困难；改为家庭提交证明时，只能逐人登记证明，不能整份名单写入",
    )


@dataclass(frozen=True)
class Receipt:
    """The receipt."""

    title: ClassVar[str] = "票据"
    kind: str = parameter(
        "票据种类",
        Choice({"fiscal": "财政电子票据", "tax": "税务电子发票"}),
        "fiscal",
        "2.6.3-a",
        why="缴入教育收费专户",
        decided_by="FIN",
    )


@dataclass(frozen=True, slots=True)
class SurplusRule:
    """What happens to a surplus."""

    percent: int
    then: str


@dataclass(frozen=True)
class Fund:
    """The fund."""

    title: ClassVar[str] = "经费"
    regime: str = parameter(
        "资金管理",
        Choice({"TWO_LINES": "收支两条线", "SCHOOL_ACCOUNT": "学校账户专账"}),
        "TWO_LINES",
        "2.6.3-b",
        why="收入不能直接支出",
        decided_by="FIN",
    )
    uses: tuple[str, ...] = parameter(
        "允许的用途",
        Words(),
        USES,
        "2.6.3-c",
        "2.6.3-d",
        "2.6.3-e",
        "2.6.3-f",
        "2.6.3-g",
        why="文件列五类，加其他直接支出",
        decided_by="FIN",
    )
    negative_words: tuple[str, ...] = parameter(
        "支出说明中的禁用词",
        Words(),
        ("管理费", "招待", "差旅", "奖金", "福利", "维修校舍", "赞助", "提成"),
        "2.6.3-i",
        "2.6.3-j",
        why="不得截留、提取管理费、列支无关费用",
        decided_by="FIN",
    )
    appropriation_days: int = parameter(
        "收费后多少天内拨付给学校",
        Number(1, 92, "天"),
        30,
        "2.6.3-h",
        "3.1-e",
        why="不得截留；从收费当月月末算起，过期的在经费汇总里标出",
        decided_by="FIN",
    )
    utility_share_cap: int = parameter(
        "水电费占支出不超过", PERCENT, 10, "2.6.3-e", why="按课时和面积分摊", decided_by="FIN"
    )
    surplus_rule: SurplusRule = parameter(
        "结余处理",
        Record(
            SurplusRule,
            {
                "percent": Part("结余超过收入", PERCENT),
                "then": Part("超过时", Choice({"refund": "退还家长", "lower_price": "下学期降价"})),
            },
        ),
        SurplusRule(5, "refund"),
        "2.6.1-c",
        why="非营利；不超过的在本学年内结转并公示",
        decided_by="FIN",
    )


@dataclass(frozen=True)
class Pay:
    """Pay of those who serve."""

    title: ClassVar[str] = "补助"
    types: tuple[str, ...] = parameter(
        "补助类别", Words(), tuple(PAY_TYPES.values()), "2.6.2-a", why="只有经核定的类别可以发放", decided_by="HR"
    )
    caps: Chart[str, int] = parameter(
        "补助标准上限",
        Table(PAY_TYPES, Money(0, 50_000)),
        Chart(
            {
                "homework_help": 5000,
                "featured": 6000,
                "support_group": 6000,
                "duty": 4000,
                "external": 12000,
                "volunteer": 0,
            }
        ),
        "2.6.2-b",
        why="学校方案不得高于此",
        decided_by="HR",
    )
    mgmt_share_cap: int = parameter(
        "管理岗位占补助不超过", PERCENT, 15, "2.6.2-b", why="钱发给带孩子的人", decided_by="HR"
    )
    total_mode: str = parameter(
        "与绩效工资总量",
        Choice({"outside": "不纳入总量", "increment": "作为增量单列"}),
        "outside",
        "2.6.2-d",
        why="本区文件不纳入总量；双减文件为增量单列",
        decided_by="HR",
        later="补助发放",
    )
