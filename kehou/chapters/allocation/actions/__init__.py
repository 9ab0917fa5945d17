"""What may be done about seats: `from kehou.chapters.allocation import actions as allocation`."""

from kehou.chapters.allocation.actions.changing import change_days
from kehou.chapters.allocation.actions.departing import depart
from kehou.chapters.allocation.actions.drawing import commit, draw_lots, enter_beacon, plan, refusal_to_draw_now, void
from kehou.chapters.allocation.actions.protecting import offer_alternative
from kehou.chapters.allocation.actions.publishing import publish
from kehou.chapters.allocation.actions.refill_publishing import publish_refill
from kehou.chapters.allocation.actions.refilling import (
    ask_for_refill,
    commit_refill,
    open_refill,
    void_refill,
    withdraw_refill,
)
from kehou.chapters.allocation.actions.rehearsing import rehearse
from kehou.chapters.allocation.actions.renewing import answer_renewal, open_renewals
from kehou.chapters.allocation.actions.replacing import place_anew
from kehou.chapters.allocation.actions.running import close_overdue_offers, run_draw
from kehou.chapters.allocation.actions.seats import (
    answer_offer,
    expire_offers,
    give_up,
    leave,
    offer_free_seats,
    place,
    release_unsigned,
    remove,
)
from kehou.chapters.allocation.actions.swapping import (
    ask_for_swap,
    cancel_swaps,
    carry_out_swaps,
    open_swaps,
    withdraw_swap,
)
from kehou.chapters.allocation.actions.witnessing import (
    confirm_words,
    dismiss_witness,
    give_up_ceremony,
    name_witnesses,
    reveal_word,
    seal_word,
)

__all__ = [
    "answer_offer",
    "answer_renewal",
    "ask_for_refill",
    "ask_for_swap",
    "cancel_swaps",
    "carry_out_swaps",
    "change_days",
    "close_overdue_offers",
    "commit",
    "commit_refill",
    "confirm_words",
    "depart",
    "dismiss_witness",
    "draw_lots",
    "enter_beacon",
    "expire_offers",
    "give_up",
    "give_up_ceremony",
    "leave",
    "name_witnesses",
    "offer_alternative",
    "offer_free_seats",
    "open_refill",
    "open_renewals",
    "open_swaps",
    "place",
    "place_anew",
    "plan",
    "publish",
    "publish_refill",
    "refusal_to_draw_now",
    "rehearse",
    "release_unsigned",
    "remove",
    "reveal_word",
    "run_draw",
    "seal_word",
    "void",
    "void_refill",
    "withdraw_refill",
    "withdraw_swap",
]  # fmt: skip
