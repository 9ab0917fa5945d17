"""Questions about what comes before the gate, and the first of them: may this school begin?"""

from kehou.chapters.planning.queries.clearance import (
    clearance_of,
    cleared_schools,
    is_cleared,
    refusal_before_clearance,
)

__all__ = ["clearance_of", "cleared_schools", "is_cleared", "refusal_before_clearance"]
