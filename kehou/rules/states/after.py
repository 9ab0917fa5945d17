"""Paths of the afternoons and of what follows: sessions, corrections, money.

A register that is closed and a publication that is withdrawn are records with who and when, not paths. Pay, complaints
and rectification get their paths with their chapters.
"""

from __future__ import annotations

from kehou.rules.labels import Labelled
from kehou.rules.states.moves import path


class SessionState(Labelled):
    """A session as it is planned. What happens in it is told by its register and by the closing of the day."""

    PLANNED = "planned", "计划"
    CANCELLED = "cancelled", "取消"


_S = SessionState
SESSION = path("session", "课次", _S, {_S.PLANNED: {_S.CANCELLED}, _S.CANCELLED: {_S.PLANNED}})


class CorrectionState(Labelled):
    """A correction of a closed register, decided by somebody else than who asked."""

    ASKED = "asked", "已提出"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"


_C = CorrectionState
CORRECTION = path("correction", "点名更正", _C, {_C.ASKED: {_C.APPROVED, _C.REFUSED}})


class BillState(Labelled):
    """A bill. Adjustments are new lines; only the state tells whether something is still to be paid."""

    TO_PAY = "to_pay", "待缴"
    PAID = "paid", "已缴"
    SETTLED = "settled", "结清"
    VOID = "void", "作废"


_B = BillState
BILL = path(
    "bill",
    "缴费单",
    _B,
    {
        _B.TO_PAY: {_B.PAID, _B.SETTLED, _B.VOID},
        _B.PAID: {_B.TO_PAY, _B.SETTLED},
        # A waiver found later, or a month computed again, opens a settled bill by a new line.
        # One that is waived whole is settled from the start, and can still turn out to be no bill at all.
        _B.SETTLED: {_B.TO_PAY, _B.PAID, _B.VOID},
    },
    clock="只提醒监护人本人；未缴不影响当月服务",
)


class RefundState(Labelled):
    """Money that goes back."""

    MADE = "made", "待审核"
    APPROVED = "approved", "已审核，待退付"
    PAID = "paid", "已到账"
    REFUSED = "refused", "未通过"
    REPLACED = "replaced", "已由新的一笔代替"


_F = RefundState
REFUND = path(
    "refund",
    "退费",
    _F,
    {_F.MADE: {_F.APPROVED, _F.REFUSED, _F.REPLACED}, _F.REFUSED: {_F.REPLACED}, _F.APPROVED: {_F.PAID}},
    clock="15个工作日到账，时长公开统计",
)
