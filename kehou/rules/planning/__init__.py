"""The service plan (一校一案) and how it is talked over: sections, sources, rounds of opinions, notice, amendment.

refusals_of_draft(bodies, sources)      # why a plan cannot be shown to families yet (R-TRACE-01)
refusals_to_finish(ready, parameters)   # why it cannot be final (R-PC-01, R-GATE-03, -04, -05, R-NOTI-02)
differences(before, after)              # what changed between two versions, section by section
"""

from kehou.rules.planning.amendment import (
    MOVES_SESSIONS,
    Change,
    ChangeKind,
    Renewal,
    newest_over,
    refusal_of_consent,
    refusal_of_moving,
    refusals_of_amendment,
)
from kehou.rules.planning.committee import MeetingFacts, Vote, quorum_of, refusal_of_meeting, refusals_to_close_meeting
from kehou.rules.planning.consultation import (
    PARTIES_ASKED,
    Decision,
    Party,
    Ready,
    Stance,
    Topic,
    closing_of,
    read_opinions,
    refusal_of_answer,
    refusals_of_adoption,
    refusals_to_finish,
    refusals_to_open_round,
)
from kehou.rules.planning.differences import Difference, Piece, differences
from kehou.rules.planning.drafting import Demand, Ledger, Offered, Terms, first_draft
from kehou.rules.planning.notice import NOTICE_SECTIONS, NOTICE_WORDS, refusal_without_receipt, refusals_of_notice
from kehou.rules.planning.sections import (
    SECTIONS,
    Section,
    Source,
    SourceKind,
    marks_in,
    refusals_of_draft,
    without_marks,
)

__all__ = [
    "MOVES_SESSIONS", "NOTICE_SECTIONS", "NOTICE_WORDS", "PARTIES_ASKED", "SECTIONS", "Change", "ChangeKind",
    "Decision", "Demand", "Difference", "Ledger", "MeetingFacts", "Offered", "Party", "Piece", "Ready", "Renewal",
    "Section", "Source", "SourceKind", "Stance", "Terms", "Topic", "Vote", "closing_of", "differences", "first_draft",
    "marks_in", "newest_over", "quorum_of", "read_opinions", "refusal_of_answer", "refusal_of_consent",
    "refusal_of_meeting", "refusal_of_moving", "refusal_without_receipt", "refusals_of_adoption",
    "refusals_of_amendment", "refusals_of_draft", "refusals_of_notice", "refusals_to_close_meeting",
    "refusals_to_finish", "refusals_to_open_round",
    "without_marks",
]  # fmt: skip
