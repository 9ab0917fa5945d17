"""What may be done from the choice to the way out: `from kehou.chapters.enrolment import actions as enrolment`."""

from kehou.chapters.enrolment.actions.agreements import (
    draw_up_agreements,
    next_service_day,
    seal,
)
from kehou.chapters.enrolment.actions.guiding import answer_suggestion, suggest, withdraw_suggestion
from kehou.chapters.enrolment.actions.leaving import change_days, exit_day, hours_on, leave
from kehou.chapters.enrolment.actions.linking import link_siblings, unlink_siblings
from kehou.chapters.enrolment.actions.registration import (
    admit_late,
    extend_registration,
    freeze,
    open_change_window,
    open_registration,
    refusals_to_open,
)
from kehou.chapters.enrolment.actions.reviewing import pass_all, review
from kehou.chapters.enrolment.actions.signing import Acknowledgement, Signing, sign_as_families, sign_as_family
from kehou.chapters.enrolment.actions.submitting import Receipt, submit
from kehou.chapters.enrolment.wording import Served

__all__ = [
    "Acknowledgement", "Receipt", "Served", "Signing", "admit_late", "answer_suggestion", "change_days",
    "draw_up_agreements",
    "exit_day", "extend_registration", "freeze", "hours_on", "leave", "link_siblings", "next_service_day",
    "open_change_window", "open_registration", "pass_all", "refusals_to_open", "review", "seal", "sign_as_families",
    "sign_as_family", "submit", "suggest", "unlink_siblings", "withdraw_suggestion",
]  # fmt: skip
