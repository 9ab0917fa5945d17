"""What may be done before the gate opens: `from kehou.chapters.planning import actions as planning`."""

from kehou.chapters.planning.actions.adopting import decide, group_opinions, merge_groups, publish_adoption, ungroup
from kehou.chapters.planning.actions.amending import (
    answer_amendment,
    prepare_amendment,
    propose_amendment,
    record_paper_consent,
    sign_amendment,
    tell_affected,
    withdraw_amendment,
)
from kehou.chapters.planning.actions.answering import (
    OpinionRefused,
    give_by_link,
    give_by_slip,
    give_many,
    give_opinion,
    give_pupil_opinion,
)
from kehou.chapters.planning.actions.clearance import clear, withdraw_clearance
from kehou.chapters.planning.actions.contacts import acknowledge_contact, name_class_teachers, name_contact
from kehou.chapters.planning.actions.drafting import (
    ChangedMeanwhile,
    attach,
    cite_again,
    detach,
    edit_section,
    start_plan,
)
from kehou.chapters.planning.actions.fund_plan import (
    draft_fund,
    drop_fund_draft,
    edit_fund,
    sign_fund,
)
from kehou.chapters.planning.actions.meetings import (
    close_minutes,
    comment,
    note_meeting,
    scan_minutes,
    sign_minutes,
    write_item,
)
from kehou.chapters.planning.actions.notices import (
    compose,
    confirm_many,
    confirm_notice,
    issue_notice,
    record_paper_receipts,
)
from kehou.chapters.planning.actions.organisation import (
    ITEMS,
    appoint,
    confirm_safety,
    letter_text,
    sign_letter,
    vacate,
)
from kehou.chapters.planning.actions.participating import note_participation, strike_participation
from kehou.chapters.planning.actions.rounds import extend_round, open_round, print_slips
from kehou.chapters.planning.actions.safety import (
    add_point,
    plan_drill,
    plan_duties,
    put_in_charge,
    record_drill,
    record_safety,
    relieve,
    remove_point,
    set_emergency_facts,
    strike_record,
)
from kehou.chapters.planning.actions.shelf import (
    DraftChanged,
    draft_missing,
    draft_policy,
    drop_policy_draft,
    edit_policy,
    remind_of_reviews,
    review_policy,
    scan_policy,
    sign_policies,
    sign_policy,
    watch_reviews,
)
from kehou.chapters.planning.actions.versions import prepare_final, return_version, sign_version

__all__ = [
    "ITEMS", "ChangedMeanwhile", "DraftChanged", "OpinionRefused", "acknowledge_contact", "add_point",
    "answer_amendment", "appoint", "attach", "cite_again", "clear", "close_minutes", "comment", "compose",
    "confirm_many", "confirm_notice", "confirm_safety", "decide", "detach", "draft_fund", "draft_missing",
    "draft_policy", "drop_fund_draft", "drop_policy_draft", "edit_fund", "edit_policy", "edit_section",
    "extend_round", "give_by_link", "give_by_slip", "give_many", "give_opinion", "give_pupil_opinion",
    "group_opinions", "issue_notice", "letter_text", "merge_groups", "name_class_teachers", "name_contact",
    "note_meeting", "note_participation", "open_round", "plan_drill", "plan_duties", "prepare_amendment",
    "prepare_final", "print_slips", "propose_amendment", "publish_adoption", "put_in_charge", "record_drill",
    "record_paper_consent", "record_paper_receipts", "record_safety", "relieve", "remind_of_reviews",
    "remove_point", "return_version", "review_policy", "scan_minutes", "scan_policy", "set_emergency_facts",
    "sign_amendment", "sign_fund", "sign_letter", "sign_minutes", "sign_policies", "sign_policy", "sign_version",
    "start_plan", "strike_participation", "strike_record", "tell_affected", "ungroup", "vacate", "watch_reviews",
    "withdraw_amendment", "withdraw_clearance", "write_item",
]  # fmt: skip
