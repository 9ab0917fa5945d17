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
from kehou.chapters.planning.models.contacts import ClassContact
from kehou.chapters.planning.models.fund_plan import FundPlanVersion
from kehou.chapters.planning.models.notice import Notice, NoticeReceipt
from kehou.chapters.planning.models.organisation import GroupSeat, ResponsibilityLetter, SafetyConfirmation
from kehou.chapters.planning.models.participation import Participation
from kehou.chapters.planning.models.plan import Plan, PlanAttachment, PlanSection, PlanSource, PlanVersion
from kehou.chapters.planning.models.safety import Drill, DutyCell, DutyPoint, EmergencyFacts, SafetyRecord
from kehou.chapters.planning.models.shelf import PolicyReview, PolicyVersion

__all__ = [
    "AdoptionTable", "Amendment", "AmendmentConsent", "Asked", "Attendee", "ClassContact", "Clearance",
    "CommitteeComment", "CommitteeMeeting", "Drill", "DutyCell", "DutyPoint", "EmergencyFacts", "FundPlanVersion",
    "GroupSeat", "MeetingItem", "Notice", "NoticeReceipt", "Opinion", "OpinionGroup", "OpinionRound",
    "OpinionSheet", "OpinionSlip", "Participation", "Plan", "PlanAttachment", "PlanSection", "PlanSource",
    "PlanVersion", "PolicyReview", "PolicyVersion", "ResponsibilityLetter", "SafetyConfirmation", "SafetyRecord",
]  # fmt: skip
