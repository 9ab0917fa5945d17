"""The resource ledger of a school: equipment, a practice base, the census of the term, the monthly checks, a fault."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from kehou.chapters.basis.models import Term
from kehou.chapters.schools import actions as schools
from kehou.chapters.schools.models import Room, School
from kehou.chapters.schools.queries import equipment_of, rooms_of
from kehou.chapters.staffing import actions as staffing
from kehou.lib.actors import Actor
from kehou.lib.demonstration import DEFAULT_MOMENT

EQUIPMENT = (
    ("E-117", "电子琴", "61键", 12, 11, "音乐室"),
    ("E-203", "放大镜", "手持", 40, 40, "科学室"),
    ("E-305", "羽毛球拍", "", 30, 24, ""),
    ("E-410", "棋盘棋子", "中国象棋", 24, 24, ""),
    ("E-521", "木刻刀", "小号", 36, 33, ""),
)
KEEPERS = ("王老师", "李老师", "周老师")
LOOKED_AT = date(2026, 8, 26)  # before the term, when the buildings were gone through
CHECK_DAYS = (date(2026, 9, 28), date(2026, 10, 26), date(2026, 11, 13))


def stock(school: School, *, by: Actor, at: datetime) -> None:
    """Write the equipment, a practice base outside, and a hall that nothing is held in."""
    rooms = {room.name: room for room in rooms_of(school)}
    for code, name, model, quantity, good, place in EQUIPMENT:
        facts = schools.EquipmentFacts(
            code=code,
            name=name,
            model=model,
            quantity=quantity,
            good=good,
            room=rooms.get(place),
            place="" if place in rooms else "器材室",
            from_fund=code == "E-521",
            asset_number=f"LP-{school.code[-4:]}-{code}",
            keeper=KEEPERS[0],
            checked_on=LOOKED_AT,
        )
        schools.add_equipment(school, facts, by=by, at=at)
    checked = LOOKED_AT
    for facts in (
        schools.RoomFacts(
            code="W-01", name="双桂湖湿地科普点", kind="off_campus", capacity=40, risk_class="D", owner="双桂湖湿地公园",
            distance_m=3200, offers="观鸟、湿地植物", agreement_until=date(2027, 7, 31), transport="步行加公交",
            season="春秋", checked_on=checked, keeper=KEEPERS[1],
        ),
        schools.RoomFacts(
            code="F-90", name="多功能厅", capacity=120, seats=120, building="综合楼", risk_class="A",
            checked_on=checked, keeper=KEEPERS[2],
        ),
    ):  # fmt: skip
        schools.add_room(school, facts, by=by, at=at)


def census(school: School, term: Term, *, by: Actor, at: datetime) -> None:
    """Live through the census of the term: carried over, confirmed place by place, closed."""
    found = staffing.open_census(school, term, by=by, at=at)
    schools.confirm_items(found, found.items.values_list("pk", flat=True), by=by, at=at + timedelta(hours=3))
    staffing.close_census(found, by=by, at=at + timedelta(hours=4))


def checks(school: School, *, by: Actor, gravely: bool) -> None:
    """Record the monthly walks of the term; at one school a hall nobody uses is closed for its ceiling."""
    rows = [*rooms_of(school), *equipment_of(school)]
    for day in CHECK_DAYS:
        at = DEFAULT_MOMENT.at.replace(month=day.month, day=day.day, hour=17)
        schools.record_checks(school, rows, checked_on=day, checker=KEEPERS[0], by=by, at=at)
    hall = Room.objects.get(school=school, code="F-90")
    if gravely:
        at = DEFAULT_MOMENT.at.replace(day=13, hour=17, minute=20)
        schools.open_repair(hall, fault="吊顶松动，正在加固", gravity="red", by=by, at=at)
    else:
        schools.open_repair(
            hall, fault="一盏灯不亮", gravity="yellow", by=by, at=DEFAULT_MOMENT.at.replace(day=13, hour=17)
        )
