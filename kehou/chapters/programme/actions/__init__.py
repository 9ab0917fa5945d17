"""What may be done to an activity table: `from kehou.chapters.programme import actions as programme`."""

from kehou.chapters.programme.actions.activities import add_activities, add_activity, change_activity, withdraw_activity
from kehou.chapters.programme.actions.beginning import copy_from, start_from_proposal, take_over_proposal
from kehou.chapters.programme.actions.filed import accept_table
from kehou.chapters.programme.actions.permits import (
    ask_off_campus,
    ask_release,
    decide_permit,
    revoke_permit,
    withdraw_permit,
)
from kehou.chapters.programme.actions.resources import let_go, retire_room
from kehou.chapters.programme.actions.sheet import Taken, take_table
from kehou.chapters.programme.actions.table import publish, reopen, retime, start_table
from kehou.chapters.programme.actions.visits import agree_to_visit, end_visit, propose_visit
from kehou.chapters.programme.queries.facts import ActivityFacts
from kehou.chapters.schools.actions import SheetRefused

__all__ = [
    "ActivityFacts", "SheetRefused", "Taken", "accept_table", "add_activities", "add_activity", "agree_to_visit",
    "ask_off_campus", "ask_release", "change_activity", "copy_from", "decide_permit",
    "end_visit", "let_go", "propose_visit", "publish", "reopen", "retime", "retire_room", "revoke_permit",
    "start_from_proposal", "start_table", "take_over_proposal", "take_table", "withdraw_activity", "withdraw_permit",
]  # fmt: skip
