"""What every day leaves behind: who came through the gate, what is taken home in writing, something that went wrong."""

from __future__ import annotations

from datetime import date, timedelta

from kehou.chapters.attendance import actions as attendance
from kehou.chapters.attendance.guests import guests_on
from kehou.chapters.staffing import actions as staffing
from kehou.lib.demonstration import YOUXIANG
from kehou.rules.gate_log import TAIL
from kehou.rules.staffing.incidents import IncidentKind, IncidentResult
from seeds.people import SCHOOL_YEAR
from seeds.term import TODAY, SchoolStory, at

FELL_ON = date(2026, 10, 14)
_VISITORS = (("唐国强", "4417", "检修消防栓"), ("罗敏", "023X", "送图书"))


def keep(story: SchoolStory) -> None:
    """Write down the last days of one school: the day before is whole, today has begun."""
    _gate(story, TODAY - timedelta(days=1))
    _homework(story)
    if story.staffed.school.code == YOUXIANG:
        _accident(story)


def _gate(story: SchoolStory, on: date) -> None:
    """Let yesterday's outsiders in and out, and two visitors with somebody beside them."""
    school, leader = story.staffed.school, story.staffed.by["duty_leader"]
    for turn, guest in enumerate(one for one in guests_on(school, on) if one.unfit is None):
        if guest.member.id_number:
            tail = str(guest.member.id_number)[-TAIL:]
            entry = attendance.let_in(
                school, name=guest.member.name, member=guest.member, tail=tail, by=leader, at=at(on, 15, 30 + turn % 25)
            )
            attendance.let_out(entry, by=leader, at=at(on, 17, 45))
    for turn, (name, tail, purpose) in enumerate(_VISITORS):
        who = {"purpose": purpose, "host": leader.name, "escort": leader.name}
        entry = attendance.let_in(school, name=name, tail=tail, **who, by=leader, at=at(on, 14, 10 + turn))
        attendance.let_out(entry, by=leader, at=at(on, 15, 5 + turn))


def _homework(story: SchoolStory) -> None:
    """Let the class teachers say what is taken home: nothing where it was helped with, and one class says why not."""
    homerooms = list(story.staffed.school.homerooms.filter(school_year=SCHOOL_YEAR).order_by("grade", "number"))
    by = story.staffed.by["asp_manager"]
    for back in (2, 1):
        on = TODAY - timedelta(days=back)
        for turn, homeroom in enumerate(homerooms):
            late = turn == 3 and back == 1
            attendance.declare_homework(
                homeroom, on, minutes=15 if late else 0, reason="单元作文当堂没有写完" if late else "", by=by,
                at=at(on, 18, 5),
            )  # fmt: skip


def _accident(story: SchoolStory) -> None:
    """Keep what happened in the ball group in October, what its leader says, and how it ended."""
    member, by = story.staffed.leaders[3], story.staffed.by["asp_manager"]
    one = staffing.record_incident(
        member, kind=IncidentKind.ACCIDENT, on=FELL_ON, what="跳绳时一名学生绊倒，膝盖擦伤，校医处理后由家长接回。",
        by=by, at=at(FELL_ON, 17, 30),
    )  # fmt: skip
    staffing.state_to_incident(one, "当时在旁边，马上扶起送医务室，电话告知了家长。", by=by, at=at(FELL_ON, 18))
    staffing.conclude_incident(
        one, result=IncidentResult.TRUE, outcome="处置及时，已在例会上提醒先检查鞋带和场地。", by=by,
        at=at(FELL_ON + timedelta(days=2), 10),
    )  # fmt: skip
