"""Questions about who serves at a school."""

from kehou.chapters.staffing.queries.members import staff_of, staff_record

__all__ = ["staff_of", "staff_record"]
