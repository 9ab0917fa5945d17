"""What may be done from the choice to the way out: `from kehou.chapters.enrolment import actions as enrolment`."""

from kehou.chapters.enrolment.actions.registration import (
    extend_registration,
    freeze,
    open_change_window,
    open_registration,
    refusals_to_open,
)
from kehou.chapters.enrolment.actions.reviewing import pass_all, review
from kehou.chapters.enrolment.actions.submitting import Receipt, submit

__all__ = [
    "Receipt", "extend_registration", "freeze", "open_change_window", "open_registration", "pass_all",
    "refusals_to_open", "review", "submit",
]  # fmt: skip
