"""What may be done before the gate opens: `from kehou.chapters.planning import actions as planning`."""

from kehou.chapters.planning.actions.clearance import clear, withdraw_clearance

__all__ = ["clear", "withdraw_clearance"]
