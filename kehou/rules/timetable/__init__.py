"""Time, place and people of the afternoons: clock times of class hours, sellable tiers, the activity table, sessions.

sellable_tiers(time(16, 50), parameters)            # (1, 2): three class hours would end at 19:20
refusals_to_plan_activity(draft, context)           # every problem of a row, each with its form field
warnings_of_table(rows, grades=range(1, 7))         # what the whole table lacks
"""

from kehou.rules.timetable.activities import (
    ActivityKind,
    Category,
    Context,
    Domain,
    Draft,
    Place,
    Problem,
    bookings_of,
    missing_in,
    refusals_to_plan_activity,
    refusals_to_publish_activity,
    span_of,
    start_of,
    warning_of_small_group,
)
from kehou.rules.timetable.bookings import EVERY_WEEK, Booking, refusal_to_assign, refusal_to_book_room
from kehou.rules.timetable.hours import (
    ClassHour,
    class_hours,
    end_of,
    latest_dismissal,
    length_of,
    minutes_of_class_hour,
    refusal_of_length,
    refusal_to_end,
    refusal_to_meet,
    refusal_to_meet_on_weekday,
    refusal_to_sell_tier,
    refusal_to_start,
    season_on,
    sellable_tiers,
    warning_of_dark_way_home,
    warning_of_early_end,
)
from kehou.rules.timetable.sessions import Meeting, refusals_to_meet
from kehou.rules.timetable.tables import warnings_of_table

__all__ = [
    "EVERY_WEEK",
    "ActivityKind",
    "Booking",
    "Category",
    "ClassHour",
    "Context",
    "Domain",
    "Draft",
    "Meeting",
    "Place",
    "Problem",
    "bookings_of",
    "class_hours",
    "end_of",
    "latest_dismissal",
    "length_of",
    "minutes_of_class_hour",
    "missing_in",
    "refusal_of_length",
    "refusal_to_assign",
    "refusal_to_book_room",
    "refusal_to_end",
    "refusal_to_meet",
    "refusal_to_meet_on_weekday",
    "refusal_to_sell_tier",
    "refusal_to_start",
    "refusals_to_meet",
    "refusals_to_plan_activity",
    "refusals_to_publish_activity",
    "season_on",
    "sellable_tiers",
    "span_of",
    "start_of",
    "warning_of_dark_way_home",
    "warning_of_early_end",
    "warning_of_small_group",
    "warnings_of_table",
]
