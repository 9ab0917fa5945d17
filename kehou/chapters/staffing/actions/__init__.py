"""What may be done about the adults of the service: `from kehou.chapters.staffing import actions as staffing`."""

from kehou.chapters.staffing.actions.members import (
    GIVEN_BY_SCHOOL,
    MOST_WEEKLY_HOURS,
    StaffFacts,
    add_staff,
    change_staff,
    employ,
    leave,
)

__all__ = ["GIVEN_BY_SCHOOL", "MOST_WEEKLY_HOURS", "StaffFacts", "add_staff", "change_staff", "employ", "leave"]
