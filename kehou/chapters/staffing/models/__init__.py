"""The adults of the service: who they are, what they offered, and what their file holds."""

from kehou.chapters.staffing.models.member import StaffMember

__all__ = ["StaffMember"]
