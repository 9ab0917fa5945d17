"""Schools, their homerooms, when they dismiss, and their resource ledger with its census, checks and repairs."""

from kehou.chapters.schools.models.ledger import Census, CensusClosing, CensusItem, CensusNone, Equipment, Room
from kehou.chapters.schools.models.safety import Repair, SafetyCheck
from kehou.chapters.schools.models.school import DismissalTime, EndException, Homeroom, School, SchoolTerm, Season

__all__ = [
    "Census", "CensusClosing", "CensusItem", "CensusNone", "DismissalTime", "EndException", "Equipment", "Homeroom",
    "Repair", "Room", "SafetyCheck", "School", "SchoolTerm", "Season",
]  # fmt: skip
