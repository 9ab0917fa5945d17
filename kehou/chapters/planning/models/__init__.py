"""What comes before the gate: consultation, plan, documents, and the clearance that opens it."""

from kehou.chapters.planning.models.clearance import Clearance

__all__ = ["Clearance"]
