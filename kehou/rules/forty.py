"""The forty activities that a school may take as templates and adapt (2.3-d; domain/06 §3.5).

Pure data: numbers 1 to 25 come from a primary school, 26 to 40 from a junior school.
"""

# ruff: noqa: E501 (a table is read one row a line)
from __future__ import annotations

from dataclasses import dataclass

BASIC, FEATURED = "basic", "featured"
WEEK = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Template:
    """One activity to adapt. `weekdays` are ISO; `week_of_month` 1 is the first such weekday of every month.

    `place` names the room a school looks for; 本班教室 is each child's own classroom.
    """

    number: int
    name: str
    category: str
    kind: str
    domains: tuple[str, ...]
    grades: range
    capacity: int
    place: str
    class_hours: int
    weekdays: tuple[int, ...]
    aim: str
    risk_class: str = "A"
    week_of_month: int | None = None
    free: bool = False
    heritage: bool = False


_M, _I, _P, _A, _L = "moral", "intellectual", "physical", "aesthetic", "labour"


def _t(
    number: int, name: str, category: str, kind: str, domains: tuple[str, ...], first: int, last: int, capacity: int,
    place: str, class_hours: int, weekdays: tuple[int, ...], aim: str, risk: str = "A", week: int | None = None,
    *, free: bool = False, heritage: bool = False,
) -> Template:  # fmt: skip
    return Template(
        number, name, category, kind, domains, range(first, last + 1), capacity, place, class_hours, weekdays, aim,
        risk, week, free, heritage,
    )  # fmt: skip


FORTY: tuple[Template, ...] = (
    _t(1, "作业静心屋", "homework_help", BASIC, (_I,), 1, 2, 35, "本班教室", 1, WEEK, "实践：自己整理、按时完成"),
    _t(2, "作业答疑站", "homework_help", BASIC, (_I,), 3, 6, 40, "本班教室", 1, WEEK, "实践：独立完成书面作业，有疑当天解决"),
    _t(3, "小步前进帮扶组", "homework_help", BASIC, (_I,), 3, 6, 10, "资源教室", 1, (2, 4), "实践：学习有困难的孩子得到免费帮扶", free=True),
    _t(4, "阅读漂流", "free_reading", BASIC, (_I, _M), 1, 6, 45, "图书室", 1, WEEK, "视野：整本书阅读与分享"),
    _t(5, "绘本剧场", "free_reading", FEATURED, (_A,), 1, 2, 30, "多功能厅", 1, (3,), "兴趣：把绘本演出来", "B"),
    _t(6, "花样跳绳", "arts_sports", FEATURED, (_P,), 1, 6, 40, "操场A", 1, (1, 3, 5), "特长：协调与耐力", "C"),
    _t(7, "校园足球", "arts_sports", FEATURED, (_P,), 3, 6, 30, "足球场", 2, (2, 4), "特长：团队配合", "C"),
    _t(8, "小篮球", "arts_sports", FEATURED, (_P,), 3, 6, 30, "篮球场", 2, (1, 3), "特长：运球与配合", "C"),
    _t(9, "乒乓启蒙", "arts_sports", FEATURED, (_P,), 2, 6, 24, "乒乓室", 1, (2, 4, 5), "兴趣：球感与反应", "C"),
    _t(10, "童声合唱", "club", FEATURED, (_A,), 3, 6, 50, "音乐室1", 1, (1, 4), "特长：合声与表达", "B"),
    _t(11, "竹笛入门", "interest_group", FEATURED, (_A,), 3, 6, 25, "音乐室2", 1, (3, 5), "兴趣：会吹三支曲子", "B"),
    _t(12, "硬笔书写", "interest_group", FEATURED, (_A,), 2, 5, 35, "书法室", 1, (2, 4), "特长：写一手端正的字", "B"),
    _t(13, "梁平木版年画体验", "club", FEATURED, (_A, _L), 3, 6, 20, "美术室", 2, (3,), "实践：跟传承人印一张年画", "B", heritage=True),
    _t(14, "竹编与竹帘小手作", "labour_experience", FEATURED, (_L, _A), 4, 6, 20, "劳动教室", 2, (2,), "实践：编一件能用的器物", "C", heritage=True),
    _t(15, "癞子锣鼓少年队", "club", FEATURED, (_A,), 4, 6, 24, "风雨操场", 1, (5,), "兴趣：家乡的鼓点", "B", heritage=True),
    _t(16, "梁山灯戏小戏迷", "club", FEATURED, (_A, _M), 3, 6, 24, "多功能厅", 2, (4,), "视野：听懂一出灯戏", "B", heritage=True),
    _t(17, "柚园小农夫", "labour_experience", FEATURED, (_L,), 3, 6, 30, "校内种植园", 1, (1, 3), "实践：照看一棵柚树", "C"),
    _t(18, "整理收纳与缝纽扣", "labour_experience", FEATURED, (_L,), 1, 3, 30, "劳动教室", 1, (1,), "实践：自己的事自己做", "B"),
    _t(19, "科学小实验", "popular_science", FEATURED, (_I,), 3, 6, 28, "科学室", 1, (1, 3), "兴趣：动手提问", "C"),
    _t(20, "湿地观鸟与自然笔记", "popular_science", FEATURED, (_I, _M), 4, 6, 24, "科学室", 2, (5,), "视野：认识家门口的湿地", "B"),
    _t(21, "图形化编程与小机器人", "popular_science", FEATURED, (_I,), 4, 6, 30, "计算机室", 2, (2, 4), "特长：让机器人走迷宫", "B"),
    _t(22, "纸飞机与航模", "popular_science", FEATURED, (_I,), 3, 6, 30, "操场B", 1, (3,), "兴趣：折、飞、改", "B"),
    _t(23, "安全小卫士", "safety_drill", BASIC, (_M, _P), 1, 6, 45, "操场A", 1, (5,), "实践：避险与防溺水演练", "C", 1),
    _t(24, "小小法治课", "law_education", BASIC, (_M,), 3, 6, 200, "报告厅", 1, (5,), "视野：派出所民警讲身边的法", "A", 2),
    _t(25, "家长讲坛", "public_lecture", BASIC, (_M, _I), 1, 6, 200, "报告厅", 1, (5,), "视野：听大人讲自己的职业", "A", 3),
    _t(26, "自主作业与答疑", "homework_help", BASIC, (_I,), 7, 9, 45, "本班教室", 1, WEEK, "实践：当天作业当天清"),
    _t(27, "学困生伙伴计划", "homework_help", BASIC, (_I,), 7, 9, 12, "资源教室", 1, (2, 4), "实践：同伴互助，免费帮扶", free=True),
    _t(28, "整本书共读", "free_reading", BASIC, (_I, _M), 7, 9, 40, "图书馆", 1, (1, 3), "视野：一学期读完三本书"),
    _t(29, "校园广播与新闻采写", "club", FEATURED, (_I, _M), 7, 8, 20, "广播室", 1, (2,), "特长：采访与表达", "B"),
    _t(30, "篮球", "arts_sports", FEATURED, (_P,), 7, 9, 36, "篮球场", 1, (1, 3, 5), "特长：对抗与配合", "C"),
    _t(31, "田径与体能", "arts_sports", FEATURED, (_P,), 7, 9, 40, "田径场", 1, (2, 4), "特长：耐力与力量", "C"),
    _t(32, "羽毛球", "arts_sports", FEATURED, (_P,), 7, 9, 24, "体育馆", 1, (1, 4), "兴趣：步法与球感", "C"),
    _t(33, "民乐小乐队", "club", FEATURED, (_A,), 7, 8, 30, "音乐室", 2, (3,), "特长：合奏", "B"),
    _t(34, "抬儿调传唱", "club", FEATURED, (_A,), 7, 8, 30, "音乐室", 1, (5,), "视野：唱家乡的号子", "B", heritage=True),
    _t(35, "创意素描与年画再设计", "interest_group", FEATURED, (_A,), 7, 8, 28, "美术室", 2, (2,), "特长：从年画里找图案", "B"),
    _t(36, "开源硬件与创客", "popular_science", FEATURED, (_I,), 7, 8, 24, "创客室", 2, (4,), "特长：做一个能用的小装置", "B"),
    _t(37, "天文与气象观测", "popular_science", FEATURED, (_I,), 7, 8, 24, "地理室", 1, (3,), "视野：记录一学期的天气", "B"),
    _t(38, "木工与生活维修", "labour_experience", FEATURED, (_L,), 7, 9, 20, "劳技室", 2, (5,), "实践：修好一件坏东西", "C"),
    _t(39, "急救与消防演练", "safety_drill", BASIC, (_M, _P), 7, 9, 50, "操场", 1, (4,), "实践：会做心肺复苏", "C", 1),
    _t(40, "模拟法庭", "law_education", FEATURED, (_M, _I), 8, 9, 30, "报告厅", 2, (5,), "视野：从案件里学讲理", "A", 2),
)  # fmt: skip
