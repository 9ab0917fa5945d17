"""The parameters of time, eligibility, the gate, enrolment and grouping, with the defaults we ship.

Those of the afternoons are in `care_groups`, those of money in `money_groups`.

Each group is a frozen dataclass, each field one parameter: `slot.class_hour_minutes` is `Slot.class_hour_minutes`.
Terms, days off and swap days are not parameters but the calendar; which field may leave the building is declared on the
models (`privacy.field_acl` of the registry), roles and permissions are code.
"""

# ruff: noqa: RUF009 (`parameter` returns a dataclass field)
from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import ClassVar

from kehou.rules.parameters.composites import Part, Record, Season, Seasons, Table
from kehou.rules.parameters.kinds import Chart, Choice, Choices, Clock, Number, Words, YesNo
from kehou.rules.parameters.parameter import parameter

CATEGORIES = {
    "left_behind": "留守儿童",
    "migrant_child": "进城务工人员随迁子女",
    "poverty_relief_household": "农村脱贫户家庭儿童",
    "dibao_family": "低保家庭儿童",
    "lower_grades": "中低年级学生",
}
DAYS = Number(0, 365, "天")
WORKING_DAYS = Number(0, 60, "个工作日")
PERCENT = Number(0, 100, "%")


@dataclass(frozen=True)
class Slot:
    """How long a class hour is and how many fit into an afternoon."""

    title: ClassVar[str] = "课时"
    class_hour_minutes: int = parameter(
        "一课时的时长",
        Number(30, 60, "分钟"),
        40,
        "2.2-g",
        why="文件未定课时长度；40分钟使15:50、16:00放学的年级能开满三课时",
    )
    junior_class_hour_minutes: int = parameter(
        "初中一课时的时长", Number(30, 60, "分钟"), 40, "2.2-g", why="初中可改为45分钟，与上课一致"
    )
    break_minutes: int = parameter("课时之间休息", Number(0, 30, "分钟"), 10, "2.2-g", why="让孩子喝水、如厕、换教室")
    gap_after_dismissal_minutes: int = parameter(
        "放学到第一课时", Number(0, 30, "分钟"), 10, "2.2-b", why="放学后先集合、点名，再开始"
    )
    max_per_day: int = parameter("每天最多课时", Number(1, 3, "课时"), 3, "2.6.1-i", why="收费标准只有三档")


@dataclass(frozen=True)
class Time:
    """Bounds of the afternoon."""

    title: ClassVar[str] = "服务时间"
    max_end: time = parameter(
        "最晚结束时间",
        Clock(time(15, 0), time(18, 30)),
        time(18, 30),
        "2.2-c",
        why="文件：一般不晚于18:30；市里：不得晚于",
    )
    min_end: time = parameter(
        "最后一课时不宜早于",
        Clock(time(15, 0), time(18, 30)),
        time(17, 30),
        "2.2-c",
        why="双减：结束时间不早于当地下班时间，早了只提醒",
    )
    end_exception: bool = parameter(
        "超过最晚时间的例外",
        YesNo("可以申请，逐校报区教委批准", "不受理"),
        True,
        "2.2-c",
        why="“一般”二字留有余地；例外须有理由、有期限",
    )
    season: tuple[Season, ...] = parameter(
        "作息季节",
        Seasons(),
        (Season("夏季作息", 5, 1), Season("冬季作息", 10, 1)),
        "2.2-e",
        why="冬季天黑早，按季节换作息",
    )


@dataclass(frozen=True)
class Elig:
    """Who may take part."""

    title: ClassVar[str] = "服务对象"
    stages: tuple[str, ...] = parameter(
        "学段",
        Choices({"primary": "小学", "junior": "初中", "senior": "高中"}),
        ("primary", "junior"),
        "2.1-a",
        why="市里文件只到义务教育阶段，普通高中未纳入",
    )
    private: str = parameter(
        "民办学校",
        Choice({"plan_only": "报方案备案，不收这项费", "full": "与公办相同", "excluded": "不纳入"}),
        "plan_only",
        "2.1-a",
        why="民办学校收费另有规定",
    )
    boarding: str = parameter(
        "住校生",
        Choice({"daytime_only": "只参加白天的课时", "full": "与走读相同", "excluded": "不纳入"}),
        "daytime_only",
        "2.1-a",
        why="晚自习不是课后服务",
    )


@dataclass(frozen=True)
class Prio:
    """Who comes first when seats are scarce."""

    title: ClassVar[str] = "优先保障"
    categories: tuple[str, ...] = parameter(
        "优先保障的群体", Words(), tuple(CATEGORIES.values()), "2.1-f", "2.1-j", why="文件点名五类，“等群体”可增加"
    )
    weights: Chart[str, int] = parameter(
        "优先权重",
        Table(CATEGORIES, Number(0, 100), open=True),
        Chart(dict.fromkeys(CATEGORIES, 10)),
        "2.1-f",
        "2.1-i",
        why="现在各类同等优先，统筹按保障名额和摇号，不看权重；留给以后需要分先后的地方",
        later="分级优先",
    )
    lower_grades_to: int = parameter(
        "中低年级到几年级", Number(1, 9, "年级"), 4, "2.1-i", why="文件只说中低年级，按一至四年级"
    )


@dataclass(frozen=True, slots=True)
class Windows:
    """Least days of each window before registration."""

    first_consultation: int
    second_consultation: int
    table_published: int


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Working days: before the first service day until which a step is done, after the last one for the last two."""

    basics: int
    ledger: int
    survey: int
    draft: int
    meeting: int
    round1: int
    notice: int
    round2: int
    final: int
    readiness: int
    table: int
    registration: int
    draw: int
    agreements: int
    settlement: int
    archive: int


@dataclass(frozen=True)
class Gate:
    """Windows before registration, and the work calendar of the whole term."""

    title: ClassVar[str] = "报名前的期限"
    windows: Windows = parameter(
        "各环节至少天数",
        Record(
            Windows,
            {
                "first_consultation": Part("第一轮征求意见", DAYS),
                "second_consultation": Part("第二轮征求意见", DAYS),
                "table_published": Part("项目表公布到报名", DAYS),
            },
        ),
        Windows(5, 3, 5),
        "2.1-c",
        "2.3-h",
        "2.7.2-c",
        "2.7.2-e",
        why="家长要有时间看、有时间说",
    )
    work_calendar: WorkCalendar = parameter(
        "工作日历",
        Record(
            WorkCalendar,
            {
                "basics": Part("校历与放学时间，服务开始前", WORKING_DAYS),
                "ledger": Part("资源台账，服务开始前", WORKING_DAYS),
                "survey": Part("意向调查，服务开始前", WORKING_DAYS),
                "draft": Part("方案初稿，服务开始前", WORKING_DAYS),
                "meeting": Part("家委会研讨，服务开始前", WORKING_DAYS),
                "round1": Part("征求意见，服务开始前", WORKING_DAYS),
                "notice": Part("告知书，服务开始前", WORKING_DAYS),
                "round2": Part("再次征求意见，服务开始前", WORKING_DAYS),
                "final": Part("方案定稿，服务开始前", WORKING_DAYS),
                "readiness": Part("制度、组织、人员，服务开始前", WORKING_DAYS),
                "table": Part("项目表公布，服务开始前", WORKING_DAYS),
                "registration": Part("报名截止，服务开始前", WORKING_DAYS),
                "draw": Part("统筹分配，服务开始前", WORKING_DAYS),
                "agreements": Part("协议签署，服务开始前", WORKING_DAYS),
                "settlement": Part("结算与公示，服务结束后", WORKING_DAYS),
                "archive": Part("归档，服务结束后", WORKING_DAYS),
            },
        ),
        WorkCalendar(40, 38, 34, 30, 28, 22, 20, 17, 14, 12, 11, 5, 3, 1, 15, 30),
        "2.7.2-c",
        "2.7.2-e",
        "4-b",
        "4-c",
        why="从第一个服务日倒排，每一步都留出下一步的时间",
    )


@dataclass(frozen=True, slots=True)
class FilingDeadlines:
    """Clocks of the filing in working days."""

    before_service: int
    answer: int
    correction: int


@dataclass(frozen=True)
class Filing:
    """The filing with the district."""

    title: ClassVar[str] = "备案"
    deadlines: FilingDeadlines = parameter(
        "备案期限",
        Record(
            FilingDeadlines,
            {
                "before_service": Part("服务开始前报送", WORKING_DAYS),
                "answer": Part("区教委答复", WORKING_DAYS),
                "correction": Part("学校补正", WORKING_DAYS),
            },
        ),
        FilingDeadlines(10, 5, 3),
        "4-c",
        why="超期未答复不等于通过",
    )
    types: tuple[str, ...] = parameter(
        "备案种类",
        Words(),
        ("实施方案", "经费管理方案", "服务人员名单", "案例报告"),
        "2.4-p",
        "2.6.2-f",
        "4-c",
        why="文件点名要报的材料；现在前三种作为一份备案一起报",
        later="案例报告与单项备案",
    )


@dataclass(frozen=True)
class Enrol:
    """Application and class review."""

    title: ClassVar[str] = "报名与审核"
    review_working_days: int = parameter(
        "班级审核期限", WORKING_DAYS, 2, "2.7.3-b", why="从报名截止算起；班主任只核对身份、年级和健康提示，两天够用"
    )
    min_contacts: int = parameter("紧急联系人至少", Number(1, 5, "人"), 2, "3.1-k", why="一个人联系不上时还有第二个")
    alone_from_grade: int = parameter(
        "可以自行离校的年级", Number(1, 9, "年级起"), 5, "3.2-n", why="还须监护人签字同意"
    )


@dataclass(frozen=True)
class Agreement:
    """The three-party agreement."""

    title: ClassVar[str] = "协议"
    pupil_ack: int = parameter(
        "学生本人写姓名的年级",
        Number(1, 9, "年级起"),
        3,
        "2.7.3-g",
        why="更小的孩子用图画确认；学生确认单独不产生法律效力",
    )
    sign_working_days: int = parameter("签署期限", WORKING_DAYS, 3, "2.7.3-g", why="过期名额留给候补")


@dataclass(frozen=True)
class Alloc:
    """The draw."""

    title: ClassVar[str] = "统筹（摇号）"
    method: str = parameter(
        "统筹办法",
        Choice({"gsd": "志愿优先摇号", "da": "按号逐轮受理", "mcf": "全校整体最优"}),
        "gsd",
        "2.3-j",
        "2.7.3-c",
        why="学校开放报名时先选好的办法；不比谁手快，办法在报名前公布",
    )
    seed_publication: str = parameter(
        "摇号种子",
        Choice({"commit_reveal": "先公布摘要，摇后公开", "after_draw": "摇后公开"}),
        "commit_reveal",
        "2.7.3-c",
        why="封存后还没摇，摘要和随机数来源就在公开页上；任何人可以重算",
    )
    offer_working_days: int = parameter(
        "候补名额答复时限",
        Number(1, 10, "个工作日"),
        2,
        "2.3-j",
        why="空出的名额按候补顺序通知，家长在这几个工作日内答复，到期18:00转给下一位",
    )


@dataclass(frozen=True)
class Group:
    """Size of a group."""

    title: ClassVar[str] = "编组"
    min: int = parameter(
        "每组通常不少于", Number(1, 60, "人"), 15, "2.3-m", why="每课时补助50元时约17人保本；小规模学校可放宽"
    )
    max: int = parameter("每组最多", Number(0, 300, "人"), 0, "2.3-m", why="0表示只看场地容量")
