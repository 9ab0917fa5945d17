"""Filing with the district: prepared, signed and submitted at school; received, returned or accepted in the district.

Each move is compared and set on the table `kehou.rules.states.FILING`; accepting delivers the clearance that opens the
master gate (4-c, R-GATE-00) and the roster that may serve (2.4-p).
"""

from kehou.chapters.filing.actions.archiving import archive
from kehou.chapters.filing.actions.deciding import Answered, accept, accept_many, lapse, receive, send_back
from kehou.chapters.filing.actions.past import record_past
from kehou.chapters.filing.actions.preparing import answer_item, begin_amendment, give_up, prepare
from kehou.chapters.filing.actions.reminding import tell_of_late_filings, tell_of_late_filings_now
from kehou.chapters.filing.actions.sending import submit, withdraw
from kehou.chapters.filing.actions.signing import Ink, ink_of, sign, unsign

__all__ = [
    "Answered",
    "Ink",
    "accept",
    "accept_many",
    "answer_item",
    "archive",
    "begin_amendment",
    "give_up",
    "ink_of",
    "lapse",
    "prepare",
    "receive",
    "record_past",
    "send_back",
    "sign",
    "submit",
    "tell_of_late_filings",
    "tell_of_late_filings_now",
    "unsign",
    "withdraw",
]
