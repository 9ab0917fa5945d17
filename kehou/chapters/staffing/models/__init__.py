"""The adults of the service: who they are, what they offered, their files; who comes from outside."""

from kehou.chapters.staffing.models.evidence import EntryCheck, Proof, QuizAttempt, Training
from kehou.chapters.staffing.models.incidents import StaffIncident
from kehou.chapters.staffing.models.member import StaffMember
from kehou.chapters.staffing.models.papers import PaperSignature, PaperText, SignedPaper
from kehou.chapters.staffing.models.providers import (
    Candidacy,
    ListReview,
    Objection,
    PanelScore,
    Provider,
    ProviderCall,
    ProviderExit,
    Readmission,
    StatusCheck,
)
from kehou.chapters.staffing.models.shortages import Engagement, ShortageStatement
from kehou.chapters.staffing.models.signing_up import Commitment, SignUp, SignUpChange, SignUpWindow
from kehou.chapters.staffing.models.standing import (
    AcceptedRoster,
    Departure,
    Restriction,
    ReturnRequest,
    StaffList,
    Suspension,
)
from kehou.chapters.staffing.models.uses import ProviderPerson, ProviderUse, UseReview
from kehou.chapters.staffing.models.visiting import Agreeing, Visit, VisitNeed
from kehou.chapters.staffing.models.volunteers import Certificate, VolunteerHours

__all__ = [
    "AcceptedRoster",
    "Agreeing",
    "Candidacy",
    "Certificate",
    "Commitment",
    "Departure",
    "Engagement",
    "EntryCheck",
    "ListReview",
    "Objection",
    "PanelScore",
    "PaperSignature",
    "PaperText",
    "Proof",
    "Provider",
    "ProviderCall",
    "ProviderExit",
    "ProviderPerson",
    "ProviderUse",
    "QuizAttempt",
    "Readmission",
    "Restriction",
    "ReturnRequest",
    "ShortageStatement",
    "SignUp",
    "SignUpChange",
    "SignUpWindow",
    "SignedPaper",
    "StaffIncident",
    "StaffList",
    "StaffMember",
    "StatusCheck",
    "Suspension",
    "Training",
    "UseReview",
    "Visit",
    "VisitNeed",
    "VolunteerHours",
]
