"""What holds for a school by itself: its grades, its rooms, its seasons and dismissal times."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

from kehou.rules.calendar import day_name, sunset, weekday_name
from kehou.rules.spans import Span
from kehou.rules.verdicts import Refusal, refuse

KINDS = {"primary": "小学", "junior": "初级中学", "nine_year": "九年一贯制学校", "special": "特殊教育学校"}
_GRADES = {"primary": range(1, 7), "junior": range(7, 10), "nine_year": range(1, 10), "special": range(1, 10)}
ROOM_KINDS = {"room": "功能室", "ground": "活动场地", "homeroom": "教室", "off_campus": "校外实践场地"}

# A dismissal outside the afternoon is a slip of the pen: the service follows the afternoon's lessons (2.2-b).
EARLIEST_DISMISSAL, LATEST_DISMISSAL = time(12, 0), time(18, 30)


# How far a child lives (2.2-d): on foot a quarter of an hour, half an hour, more or by bus.
COMMUTES = {"near": "近", "middle": "中", "far": "远"}


def grades_of(kind: str) -> tuple[int, ...]:
    """Return the grades that a kind of school may have."""
    return tuple(_GRADES[kind])


def refusal_of_grade(kind: str, grade: int) -> Refusal | None:
    """Return why a school of this kind cannot have a homeroom of this grade."""
    if grade not in grades_of(kind):
        return refuse("R-ELIG-01", "grade_not_of_this_school", kind=KINDS[kind], grade=grade)
    return None


def refusal_of_season(span: Span, name: str, others: Iterable[tuple[str, Span]]) -> Refusal | None:
    """Return why a season cannot hold on these days: on every day exactly one does (R-TIME-05)."""
    for other, days in others:
        if span.overlaps(days):
            return refuse("R-TIME-05", "seasons_overlap", name=name, other=other)
    return None


def refusal_of_missing_season(service: Span, seasons: Iterable[Span]) -> Refusal | None:
    """Return the first day of the service on which no season holds (R-TIME-05)."""
    standing = tuple(seasons)
    bare = next((day for day in service.days() if not any(day in span for span in standing)), None)
    return refuse("R-TIME-05", "no_season", day=f"{bare.month}月{bare.day}日") if bare else None


def refusal_of_dismissal(grade: int, weekday: int, at: time) -> Refusal | None:
    """Return why this cannot be the dismissal of an afternoon (R-TIME-02)."""
    if EARLIEST_DISMISSAL <= at <= LATEST_DISMISSAL:
        return None
    return refuse("R-TIME-02", "dismissal_not_in_the_afternoon", grade=grade, weekday=weekday_name(weekday), at=at)


def refusal_of_room(*, kind: str, capacity: int, seats: int | None) -> Refusal | None:
    """Return why a room cannot take so many children (R-GRP-01)."""
    if capacity < 1:
        return refuse("R-GRP-01", "room_without_places")
    if kind == "room" and seats is not None and capacity > seats:
        return refuse("R-GRP-01", "room_takes_more_than_its_seats", capacity=capacity, seats=seats)
    return None


def warning_of_dark_season(name: str, days: Iterable[date], last_end: time, *, far: int) -> Refusal | None:
    """Return the warning that children with a far way home would walk in the dark in a season (R-TIME-04, 2.2-d).

    `last_end` is when the last class hour that can be chosen ends, `far` how many pupils have a far way home.
    """
    earliest = min(((sunset(day), day) for day in days), default=None)
    if earliest is None or not far or last_end <= earliest[0]:
        return None
    moment, day = earliest
    return refuse("R-TIME-04", "dark_season", season=name, sunset=moment, day=day_name(day), end=last_end, far=far)


def warning_of_dark_ground(room: str, season: str, days: Iterable[date], last_end: time | None) -> Refusal | None:
    """Return the warning that a ground without light is used after dark on the darkest of these days (R-TIME-04)."""
    earliest = min(((sunset(day), day) for day in days), default=None)
    if earliest is None or last_end is None or last_end <= earliest[0]:
        return None
    moment, day = earliest
    return refuse(
        "R-TIME-04", "ground_without_light", room=room, season=season, sunset=moment, day=day_name(day), end=last_end
    )
