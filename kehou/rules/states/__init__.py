"""Where things may go: one table of moves for each, printed as diagrams into docs/reference (domain/06 section 3.13).

refusal_to_move(FILING, filing.state, FilingState.ACCEPTED)    # None, or R-FLOW-01 in words
FILING.sources("accepted")                                     # what a compare-and-set may replace
mermaid(FILING)
"""

from kehou.rules import enrolling
from kehou.rules.states.after import (
    BILL,
    CORRECTION,
    REFUND,
    SESSION,
    BillState,
    CorrectionState,
    RefundState,
    SessionState,
)
from kehou.rules.states.before import (
    ACTIVITY_TABLE,
    CENSUS,
    CONSULTATION,
    DRAW,
    FILING,
    PARAMETER_CHANGE,
    PERMIT,
    PERSON,
    PLAN,
    PROVIDER,
    ROSTER_IMPORT,
    SERVICE,
    SWAPS,
    CensusState,
    ConsultationState,
    DrawState,
    FilingState,
    ParameterChangeState,
    PermitState,
    PersonState,
    PlanState,
    ProviderState,
    RosterImportState,
    ServiceState,
    SwapsState,
    TableState,
)
from kehou.rules.states.moves import Moves, mermaid, path, refusal_of_lost_race, refusal_to_move

APPLICATION = Moves(
    "application", "申请", "submitted", enrolling.APPLICATION_TITLES, enrolling.APPLICATION, clock="班级审核2个工作日"
)
AGREEMENT = Moves(
    "agreement", "协议", "to_sign", enrolling.AGREEMENT_TITLES, enrolling.AGREEMENT, clock="3个工作日内签署"
)

TABLES: tuple[Moves, ...] = (
    PARAMETER_CHANGE, SERVICE, CENSUS, CONSULTATION, PLAN, FILING, ACTIVITY_TABLE, PERMIT, ROSTER_IMPORT, PERSON,
    PROVIDER,
    APPLICATION, DRAW, SWAPS, AGREEMENT, SESSION, CORRECTION, BILL, REFUND,
)  # fmt: skip

__all__ = [
    "ACTIVITY_TABLE",
    "AGREEMENT",
    "APPLICATION",
    "BILL",
    "CENSUS",
    "CONSULTATION",
    "CORRECTION",
    "DRAW",
    "FILING",
    "PARAMETER_CHANGE",
    "PERMIT",
    "PERSON",
    "PLAN",
    "PROVIDER",
    "REFUND",
    "ROSTER_IMPORT",
    "SERVICE",
    "SESSION",
    "SWAPS",
    "TABLES",
    "BillState",
    "CensusState",
    "ConsultationState",
    "CorrectionState",
    "DrawState",
    "FilingState",
    "Moves",
    "ParameterChangeState",
    "PermitState",
    "PersonState",
    "PlanState",
    "ProviderState",
    "RefundState",
    "RosterImportState",
    "ServiceState",
    "SessionState",
    "SwapsState",
    "TableState",
    "mermaid",
    "path",
    "refusal_of_lost_race",
    "refusal_to_move",
]
