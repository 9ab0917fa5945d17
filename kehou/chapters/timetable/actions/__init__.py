"""What may be done to the timetable: `from kehou.chapters.timetable import actions as timetable`."""

from kehou.chapters.timetable.actions.changes import cancel, change, move, restore, substitute
from kehou.chapters.timetable.actions.dismissals import change_dismissals
from kehou.chapters.timetable.actions.duties import end_duty, give_duties, give_duty
from kehou.chapters.timetable.actions.following import (
    declare_closure,
    edit_term,
    follow_calendar,
    lift_closure,
    remove_day,
    set_day,
    take_notice,
)
from kehou.chapters.timetable.actions.making import Outcome, follow_closures, make_sessions
from kehou.chapters.timetable.actions.people import (
    answer_check,
    conclude_incident,
    follow_files,
    keep_people_fit,
    let_go,
    restrict,
    resume,
    suspend,
)

__all__ = [
    "Outcome", "answer_check", "cancel", "change", "change_dismissals", "conclude_incident", "declare_closure",
    "edit_term", "end_duty", "follow_calendar", "follow_closures", "follow_files", "give_duties", "give_duty",
    "keep_people_fit", "let_go", "lift_closure", "make_sessions", "move", "remove_day", "restore", "restrict", "resume",
    "set_day", "substitute", "suspend", "take_notice",
]  # fmt: skip
