"""The adults of the service: who they are, what they offered, who comes from outside and on what ground."""

from kehou.chapters.staffing.models.member import StaffMember
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
from kehou.chapters.staffing.models.uses import ProviderPerson, ProviderUse, UseReview
from kehou.chapters.staffing.models.visiting import Agreeing, Visit, VisitNeed
from kehou.chapters.staffing.models.volunteers import Certificate, VolunteerHours

__all__ = [
    "Agreeing", "Candidacy", "Certificate", "Commitment", "Engagement", "ListReview", "Objection", "PanelScore",
    "Provider", "ProviderCall", "ProviderExit", "ProviderPerson", "ProviderUse", "Readmission", "ShortageStatement",
    "SignUp", "SignUpChange", "SignUpWindow", "StaffMember", "StatusCheck", "UseReview", "Visit", "VisitNeed",
    "VolunteerHours",
]  # fmt: skip
