"""What may be done to the timetable: `from kehou.chapters.timetable import actions as timetable`."""

from kehou.chapters.timetable.actions.changes import cancel, change, move, restore, substitute
from kehou.chapters.timetable.actions.dismissals import change_dismissals
from kehou.chapters.timetable.actions.duties import end_duty, give_duties, give_duty
from kehou.chapters.timetable.actions.making import Outcome, make_sessions

__all__ = [
    "Outcome", "cancel", "change", "change_dismissals", "end_duty", "give_duties", "give_duty", "make_sessions", "move",
    "restore", "substitute",
]  # fmt: skip
