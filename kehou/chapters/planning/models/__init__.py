"""What comes before the gate: consultation, plan, documents, and the clearance that opens it."""

from kehou.chapters.planning.models.amendment import Amendment, AmendmentConsent
from kehou.chapters.planning.models.clearance import Clearance
from kehou.chapters.planning.models.committee import Attendee, CommitteeComment, CommitteeMeeting, MeetingItem
from kehou.chapters.planning.models.consultation import (
    AdoptionTable,
    Asked,
    Opinion,
    OpinionGroup,
    OpinionRound,
    OpinionSheet,
    OpinionSlip,
)
from kehou.chapters.planning.models.notice import Notice, NoticeReceipt
from kehou.chapters.planning.models.plan import Plan, PlanAttachment, PlanSection, PlanSource, PlanVersion

__all__ = [
    "AdoptionTable", "Amendment", "AmendmentConsent", "Asked", "Attendee", "Clearance", "CommitteeComment",
    "CommitteeMeeting", "MeetingItem", "Notice", "NoticeReceipt", "Opinion", "OpinionGroup", "OpinionRound",
    "OpinionSheet", "OpinionSlip", "Plan", "PlanAttachment", "PlanSection", "PlanSource", "PlanVersion",
]  # fmt: skip
