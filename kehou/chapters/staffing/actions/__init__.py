"""What may be done about who serves: the list, voluntary sign-up, shortage, organisations, volunteers, visits."""

from kehou.chapters.staffing.actions.listing import (
    Handed,
    accept_application,
    answer_objection,
    call_for_providers,
    enlist,
    leave_list,
    object_to,
    readmit,
    record_check,
    record_score,
    refusal_of_listing,
    refusal_of_panel,
    refusals_to_accept,
    register_candidacy,
    review_listing,
    select,
    show,
)
from kehou.chapters.staffing.actions.members import (
    GIVEN_BY_SCHOOL,
    StaffFacts,
    add_staff,
    change_staff,
    employ,
    leave,
)
from kehou.chapters.staffing.actions.shortages import (
    change_shortage,
    engage,
    sign_shortage,
    state_shortage,
    withdraw_shortage,
)
from kehou.chapters.staffing.actions.signing_up import (
    Bond,
    add_commitments,
    ask_change,
    close_sign_up,
    decide_change,
    open_sign_up,
    remove_commitment,
    sign_up,
    sign_up_many,
    wanted_offer,
)
from kehou.chapters.staffing.actions.uses import (
    begin_service,
    bind_provider,
    choose_provider,
    drop_person,
    end_use,
    name_person,
    review_use,
)
from kehou.chapters.staffing.actions.visiting import (
    Proposal,
    agree_to_visit,
    end_visit,
    propose_visit,
    state_need,
    withdraw_need,
)
from kehou.chapters.staffing.actions.volunteers import (
    Served,
    confirm_hours,
    credit_sessions,
    drop_hours,
    enter_hours,
    issue_certificate,
    revoke_certificate,
)

__all__ = [
    "GIVEN_BY_SCHOOL", "Bond", "Handed", "Proposal", "Served", "StaffFacts", "accept_application", "add_commitments",
    "add_staff", "agree_to_visit", "answer_objection", "ask_change", "begin_service", "bind_provider",
    "call_for_providers", "change_shortage", "change_staff", "choose_provider", "close_sign_up", "confirm_hours",
    "credit_sessions", "decide_change", "drop_hours", "drop_person", "employ", "end_use", "end_visit", "engage",
    "enlist", "enter_hours", "issue_certificate", "leave", "leave_list", "name_person", "object_to", "open_sign_up",
    "propose_visit", "readmit", "record_check", "record_score", "refusal_of_listing", "refusal_of_panel",
    "refusals_to_accept", "register_candidacy", "remove_commitment", "review_listing", "review_use",
    "revoke_certificate", "select", "show", "sign_shortage", "sign_up", "sign_up_many", "state_need", "state_shortage",
    "wanted_offer", "withdraw_need", "withdraw_shortage",
]  # fmt: skip
