"""Forty activities to begin from: what schools of a hill district really offer, to be adapted to one's own (2.3-d).

They are data, not a recommendation: place, leader and capacity are the school's. The district keeps them as its own
(`basis.actions.change_template`); these are the first versions, before it has changed anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kehou.rules.timetable import Category, Domain


@dataclass(frozen=True, slots=True)
class Template:
    """One activity to adapt. `place` is only a word; `week_of_month` is set for what meets once a month."""

    number: int
    stage: str  # primary, junior
    name: str
    category: str
    kind: str
    domains: tuple[str, ...]
    grades: tuple[int, ...]
    capacity: int
    minimum: int
    place: str
    class_hours: int
    weekdays: tuple[int, ...]
    week_of_month: int | None
    risk_class: str
    kit: str
    aim: str

    @property
    def in_homeroom(self) -> bool:
        """Return whether it meets in each child's own classroom."""
        return self.place == "本班教室"

    @property
    def is_base_care(self) -> bool:
        """Return whether it is homework or reading for everybody: what fills free hours and holds the guarantee."""
        return self.kind == "basic" and self.capacity >= 35 and len(self.weekdays) == 5


# number|name|category|kind|domains|grades|capacity|place|hours|weekdays, w2 for the second of the month|risk|kit|aim
_ROWS = """
1|作业静心屋|作业辅导|基础|智|1-2|35|本班教室|1|12345|A|无|培养专注的兴趣和当日事当日毕的习惯，不讲新课
2|作业答疑站|作业辅导|基础|智|3-6|40|本班教室|1|12345|A|无|自主完成作业，答疑解惑，发展自主学习的特长
3|小步前进帮扶组（免费帮扶）|作业辅导|基础|智|3-6|10|资源教室|1|24|A|学具|一人一策补短板，重建学习的兴趣
4|阅读漂流|自主阅读|基础|智德|1-6|45|图书室|1|12345|A|图书|读整本的书，开阔视野
5|绘本剧场|自主阅读|特色|美|1-2|30|多功能厅|1|3|A|绘本、头饰|读演结合，激发表达的兴趣
6|花样跳绳|文体|特色|体|1-6|40|操场A|1|135|C|跳绳|强健体魄，培养运动兴趣
7|校园足球|文体|特色|体|3-6|30|足球场|2|24|C|足球、标志桶|发展足球特长和团队意识
8|小篮球|文体|特色|体|3-6|30|篮球场|2|13|C|小篮球|发展篮球特长，学会配合
9|乒乓启蒙|文体|特色|体|2-6|24|乒乓室|1|245|C|球拍、球|培养运动兴趣，保护视力
10|童声合唱|社团|特色|美|3-6|50|音乐室1|1|14|B|钢琴、谱子|发展歌唱特长，体验合作之美
11|竹笛入门|兴趣小组|特色|美|3-6|25|音乐室2|1|35|B|竹笛（学校提供）|培养民乐兴趣
12|硬笔书写|兴趣小组|特色|美|2-5|35|书法室|1|24|B|字帖|写好中国字，培养书写特长
13|梁平木版年画体验|社团|特色|美劳|3-6|20|美术室|2|3|C|刻板、颜料、围裙|走近家乡非遗，动手实践
14|竹编与竹帘小手作|劳动体验|特色|劳美|4-6|20|劳动教室|2|2|C|竹丝、手套|动手实践，学一门家乡手艺
15|癞子锣鼓少年队|社团|特色|美|4-6|24|风雨操场|1|5|B|锣鼓（学校提供）|传承家乡锣鼓，发展打击乐特长
16|梁山灯戏小戏迷|社团|特色|美德|3-6|24|多功能厅|2|4|B|戏服、道具|学唱家乡戏，开阔视野
17|柚园小农夫|劳动体验|特色|劳|3-6|30|校内种植园|1|13|C|小锄头、水壶、手套|种植观察，劳动实践
18|整理收纳与缝纽扣|劳动体验|特色|劳|1-3|30|劳动教室|1|1|B|针线包|学会自理，生活实践
19|科学小实验|科普|特色|智|3-6|28|科学室|1|13|C|实验器材、护目镜|培养探究的兴趣，动手实践
20|湿地观鸟与自然笔记|科普|特色|智德|4-6|24|科学室|2|5|B|望远镜、笔记本|认识双桂湖湿地，开阔视野
21|图形化编程与小机器人|科普|特色|智|4-6|30|计算机室|2|24|B|计算机、套件|培养计算思维的兴趣和特长
22|纸飞机与航模|科普|特色|智|3-6|30|操场B|1|3|B|卡纸、航模|培养航空兴趣，动手实践
23|安全小卫士|安全演练|基础|德体|1-6|45|操场B|1|5w1|A|演练道具|避险、防溺水，把安全练成习惯的实践
24|小小法治课|法治宣传|基础|德|3-6|200|报告厅|1|5w2|A|无|民警进校公益宣讲，开阔法治视野
25|家长讲坛|公益讲座|基础|德智|1-6|200|报告厅|1|5w3|A|无|听职业故事，开阔视野
26|自主作业与答疑|作业辅导|基础|智|7-9|45|本班教室|1|12345|A|无|自主完成作业，答疑不讲新课，发展自学特长
27|学困生伙伴计划（免费帮扶）|作业辅导|基础|智|7-9|12|资源教室|1|24|A|学具|结对互助，重建学习的兴趣
28|整本书共读|自主阅读|基础|智德|7-9|40|图书馆|1|13|A|图书|读整本的书，开阔视野
29|校园广播与新闻采写|社团|特色|智德|7-8|20|广播室|1|2|A|录音设备|采编播实践，发展表达特长
30|篮球|文体|特色|体|7-9|36|篮球场|1|135|C|篮球|强健体魄，发展篮球特长
31|田径与体能|文体|特色|体|7-9|40|田径场|1|24|C|秒表、标志桶|打好体能，培养运动兴趣
32|羽毛球|文体|特色|体|7-9|24|体育馆|1|14|C|球拍、球|发展羽毛球特长
33|民乐小乐队|社团|特色|美|7-8|30|音乐室|2|3|B|民乐器|合奏实践，发展民乐特长
34|抬儿调传唱|社团|特色|美|7-8|30|音乐室|1|5|B|谱子|传唱家乡抬儿调，开阔视野
35|创意素描与年画再设计|兴趣小组|特色|美|7-8|28|美术室|2|2|B|画板、铅笔|发展美术特长，走近年画
36|开源硬件与创客|科普|特色|智|7-8|24|创客室|2|4|C|开发板、工具|动手实践，培养创造的兴趣
37|天文与气象观测|科普|特色|智|7-8|24|地理室|1|3|B|望远镜、气象箱|开阔视野，长期观测实践（限白天）
38|木工与生活维修|劳动体验|特色|劳|7-9|20|劳技室|2|5|C|手工具、护目镜|修修补补的生活实践
39|急救与消防演练|安全演练|基础|德体|7-9|50|操场|1|4w1|A|模拟人、灭火器|学会自救互救的实践
40|模拟法庭|法治宣传|特色|德智|8-9|30|报告厅|2|5w2|A|卷宗|角色实践，开阔法治视野
"""


def _read(line: str) -> Template:
    number, name, category, kind, domains, grades, capacity, place, hours, days, risk, kit, aim = line.split("|")
    low, _, high = grades.partition("-")
    weekdays, _, week = days.partition("w")
    return Template(
        number=int(number),
        stage="primary" if int(number) <= 25 else "junior",
        name=name,
        category=next(one.value for one in Category if one.label == category),
        kind="basic" if kind == "基础" else "featured",
        domains=tuple(next(one.value for one in Domain if one.label == sign) for sign in domains),
        grades=tuple(range(int(low), int(high) + 1)),
        capacity=int(capacity),
        minimum=min(15, int(capacity) // 2),
        place=place,
        class_hours=int(hours),
        weekdays=tuple(int(day) for day in weekdays),
        week_of_month=int(week) if week else None,
        risk_class=risk,
        kit=kit,
        aim=aim,
    )


FORTY: tuple[Template, ...] = tuple(_read(line) for line in _ROWS.strip().splitlines())


def templates_for(grades: tuple[int, ...], among: Sequence[Template] = FORTY) -> tuple[Template, ...]:
    """Return the templates of which a school has at least one grade."""
    return tuple(one for one in among if set(one.grades) & set(grades))
