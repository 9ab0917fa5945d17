"""What schools ask the district to allow: words that the reading of the table blocks, and a trip off campus."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.models import ActivityTable
from kehou.chapters.programme.queries import ActivityFacts
from kehou.chapters.schools.models import Room
from kehou.lib.actors import Actor
from seeds.people import Staffed
from seeds.term import SchoolStory, at

# Name, aim, why the school asks, what the district decides: None where the school takes it back.
IN_AUGUST = (
    ("柚苗培优小组", "选优良柚苗培育，观察、记录，学一门农事", "“培优”指培育优良柚苗，是劳动实践，不涉及任何学科", "看过活动内容，确是育苗劳动，准予使用"),
    ("数学提高班", "巩固课堂知识，提前学一点下学期的内容", "部分家长希望在课后服务里给孩子提高数学", "提前学习属学科类教学，课后服务不得开设"),
    ("经典诵读考级班", "诵读古诗文，准备考级", "沿用了去年的名称和目标，请区里看能不能用", None),
)  # fmt: skip
IN_NOVEMBER = (
    "竹苗培优小组", "认识竹鞭，选优良竹苗育在校园里", "“培优”指培育优良竹苗，春季接着种，不涉及任何学科"
)  # fmt: skip
FREE = {5: 1}  # Friday, the first class hour
ASKED, TAKEN_BACK, DECIDED = (at(date(2026, 8, 20), 10), at(date(2026, 8, 20), 15), at(date(2026, 8, 22), 11))


def ask_in_august(staffed: Staffed, table: ActivityTable, officer: Actor) -> None:
    """Let the largest school ask before it publishes: one is released, one refused, one taken back."""
    for name, aim, reason, decision in IN_AUGUST:
        facts = ActivityFacts(name=name, aim=aim, grades=(4, 5, 6), slots=FREE, capacity=20)
        made = programme.ask_release(
            table, facts, reason=reason, sent={"name": name, "aim": aim}, by=staffed.by["asp_manager"], at=ASKED
        )
        if decision is None:
            programme.withdraw_permit(made, by=staffed.by["asp_manager"], at=TAKEN_BACK)
        else:
            programme.decide_permit(made, grant="准予" in decision, reason=decision, by=officer, at=DECIDED)


def ask_in_november(story: SchoolStory, table: ActivityTable, moment: datetime) -> None:
    """Let a school whose table is open ask for spring: words, and a walk in the wetland; the district has not decided."""
    by, free = story.staffed.by["asp_manager"], [one for one in story.staffed.leaders if one.subject == "数学"]
    name, aim, reason = IN_NOVEMBER
    grades = tuple(sorted(story.staffed.plan.classes))[-3:]
    facts = ActivityFacts(name=name, aim=aim, grades=grades, slots=FREE, capacity=20)
    programme.ask_release(table, facts, reason=reason, sent={"name": name, "aim": aim}, by=by, at=moment)
    walk = replace(
        facts, name="湿地观鸟", aim="认识冬候鸟，做观察记录", category="popular_science", kind="special",
        domains=("intellectual", "labour"), room=Room.objects.get(school=story.staffed.school, code="W-01"),
        leader=free[0], helpers=free[1:3], minimum=8, capacity=16, risk_class="D", kit="望远镜、记录本",
    )  # fmt: skip
    row = programme.add_activity(table, walk, by=by, at=moment)
    programme.ask_off_campus(
        row,
        route="14:50在校门口集合，乘学校校车到双桂湖湿地公园东门，步行800米到科普点；16:50原路返回，17:20到校",
        safety_plan="三名教师带队，急救包一个；过马路由教师前后护送；下雨改在本班看纪录片；走散时原地等、拨打教师电话",
        consent="逐户发告知书，家长签字同意才去，不去的孩子留校自主阅读",
        reason="冬候鸟只在十一月到二月停留，校内看不到",
        by=by,
        at=moment,
    )  # fmt: skip
    programme.withdraw_activity(row, by=by, at=moment)  # it comes into the table when it is approved
