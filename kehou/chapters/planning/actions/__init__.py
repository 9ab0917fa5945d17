"""What may be done before the gate opens: `from kehou.chapters.planning import actions as planning`."""

from kehou.chapters.planning.actions.adopting import decide, group_opinions, merge_groups, publish_adoption, ungroup
from kehou.chapters.planning.actions.amending import (
    answer_amendment,
    prepare_amendment,
    propose_amendment,
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
from kehou.chapters.planning.actions.drafting import (
    ChangedMeanwhile,
    attach,
    cite_again,
    detach,
    edit_section,
    start_plan,
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
from kehou.chapters.planning.actions.rounds import extend_round, open_round, print_slips
from kehou.chapters.planning.actions.versions import prepare_final, return_version, sign_version

__all__ = [
    "ChangedMeanwhile", "OpinionRefused", "answer_amendment", "attach", "cite_again", "clear", "close_minutes",
    "comment", "compose", "confirm_many", "confirm_notice", "decide", "detach", "edit_section", "extend_round",
    "give_by_link", "give_by_slip", "give_many", "give_opinion", "give_pupil_opinion", "group_opinions",
    "issue_notice", "merge_groups", "note_meeting", "open_round", "prepare_amendment", "prepare_final",
    "print_slips", "propose_amendment", "publish_adoption", "record_paper_receipts", "return_version",
    "scan_minutes", "sign_amendment", "sign_minutes", "sign_version", "start_plan", "tell_affected", "ungroup",
    "withdraw_amendment", "withdraw_clearance", "write_item",
]  # fmt: skip
