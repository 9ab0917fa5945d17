"""Questions about sessions: what is planned, what a change would do, who is on duty."""

from kehou.chapters.timetable.queries.consequences import Change, Consequences, consequences_of
from kehou.chapters.timetable.queries.duties import duties_within, roster_of
from kehou.chapters.timetable.queries.rooms import (
    Found,
    Report,
    Search,
    Use,
    free_rooms,
    room_use,
    sessions_in_shut_rooms,
    week_of,
)
from kehou.chapters.timetable.queries.sessions import Clash, busy_then, clashes_in, filtered, led_by, sessions_within
from kehou.chapters.timetable.queries.wanted import Wanted, wanted_sessions

__all__ = [
    "Change", "Clash", "Consequences", "Found", "Report", "Search", "Use", "Wanted", "busy_then", "clashes_in",
    "consequences_of", "duties_within", "filtered", "free_rooms", "led_by", "room_use", "roster_of",
    "sessions_in_shut_rooms", "sessions_within",
    "wanted_sessions", "week_of",
]  # fmt: skip
