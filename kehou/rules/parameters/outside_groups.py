"""The parameters of who comes from outside the school: organisations and visiting teachers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kehou.rules.parameters.groups import PERCENT, WORKING_DAYS
from kehou.rules.parameters.kinds import Number
from kehou.rules.parameters.parameter import parameter

YEARS = Number(0, 20, "年")
POINTS = Number(1, 100, "分")


@dataclass(frozen=True)
class Provider:
    """Third-party organisations."""

    title: ClassVar[str] = "第三方机构"
    founded_years: int = parameter("成立至少", YEARS, 2, "3.3-h", why="要有业绩可查")
    clean_years: int = parameter("被清退后多少年内不得申报", YEARS, 3, "3.3-g", why="有不良记录的机构不得参与")
    panel: int = parameter("遴选组至少", Number(3, 15, "人"), 3, "3.3-h", why="多部门一起选，不由一个人定")
    passing: int = parameter("遴选平均分不低于", POINTS, 70, "3.3-h", why="五项各20分")
    shown_working_days: int = parameter("公示不少于", WORKING_DAYS, 5, "3.3-h", why="让公众有时间提出异议")
    listed_months: int = parameter("名单有效", Number(1, 36, "个月"), 12, "2.5-g", why="每年评估一次")
    review_passing: int = parameter("年度评估平均分不低于", POINTS, 60, "2.5-g", why="不合格的退出")
    school_share_most: int = parameter(
        "一家机构占一校特色课时不超过", PERCENT, 30, "3.3-j", why="不能把学校包给一家机构"
    )
    schools_most: int = parameter("一家机构同时服务学校不超过", Number(1, 100, "所"), 10, "3.3-j", why="防止垄断")


@dataclass(frozen=True)
class Visiting:
    """Teachers who serve at another school as well."""

    title: ClassVar[str] = "走教"
    travel_minutes: int = parameter(
        "两校之间路上预留", Number(0, 120, "分钟"), 20, "2.4-c", why="同一时间只能在一个地方"
    )
