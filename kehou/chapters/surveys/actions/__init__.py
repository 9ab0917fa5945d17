"""What may be done to a survey: build it, open it, give out tickets, answer, remind, close."""

from kehou.chapters.surveys.actions.answering import Filled, answer, answer_many
from kehou.chapters.surveys.actions.building import add_item, change_survey, move_item, remove_item, start_survey
from kehou.chapters.surveys.actions.chasing import Folded, chase_on_paper
from kehou.chapters.surveys.actions.opening import close_survey, invite_newcomers, open_survey, remind
from kehou.chapters.surveys.actions.piles import begin_pile, close_pile, scan_pile, type_in
from kehou.chapters.surveys.actions.tickets import hand_out_slips, take_ticket, take_tickets

__all__ = [
    "Filled", "Folded", "add_item", "answer", "answer_many", "begin_pile", "change_survey", "chase_on_paper",
    "close_pile", "close_survey",
    "hand_out_slips", "invite_newcomers", "move_item", "open_survey", "remind", "remove_item", "scan_pile",
    "start_survey", "take_ticket", "take_tickets", "type_in",
]  # fmt: skip
