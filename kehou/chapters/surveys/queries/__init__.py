"""Questions about surveys: which is open, who was reached, what came back. Nobody's answer can be asked for by name."""

from kehou.chapters.surveys.queries.district import core_results, rates_of, surveys_in
from kehou.chapters.surveys.queries.finding import (
    STATES,
    family_of,
    item_of,
    items_of,
    number_of,
    questions_of,
    refusal_to_answer,
    state_of,
    survey_by_number,
    surveys_for,
    surveys_of,
    ticket_of,
)
from kehou.chapters.surveys.queries.reach import ClassReach, Reach, reach_by_class, reach_of, silent_accounts, uninvited
from kehou.chapters.surveys.queries.results import Proposal, Result, Results, answers_of, proposal_of, results_of

__all__ = [
    "STATES", "ClassReach", "Proposal", "Reach", "Result", "Results", "answers_of", "core_results", "family_of",
    "item_of", "items_of", "number_of", "proposal_of", "questions_of", "rates_of", "reach_by_class", "reach_of",
    "refusal_to_answer", "results_of", "silent_accounts", "state_of", "survey_by_number", "surveys_for", "surveys_in",
    "surveys_of", "ticket_of", "uninvited",
]  # fmt: skip
