"""Paths of the afternoons and of what follows: sessions, corrections, money, publication, complaints, rectification."""

from __future__ import annotations

from kehou.rules.labels import Labelled
from kehou.rules.states.moves import path


class SessionState(Labelled):
    """A session as it is planned. What happens in it is told by its register and by the closing of the day."""

    PLANNED = "planned", "计划"
    CANCELLED = "cancelled", "取消"


_S = SessionState
SESSION = path("session", "课次", _S, {_S.PLANNED: {_S.CANCELLED}, _S.CANCELLED: {_S.PLANNED}})


class RegisterState(Labelled):
    """A roll call: once closed it is corrected, never changed; sealed in the evening."""

    OPEN = "open", "点名中"
    CLOSED = "closed", "点名结束"
    SEALED = "sealed", "已封存"


_R = RegisterState
REGISTER = path(
    "register",
    "点名册",
    _R,
    {_R.OPEN: {_R.CLOSED}, _R.CLOSED: {_R.SEALED}},
    clock="开始10分钟后提醒未到的孩子，当日21:00封存",
)


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
        _B.SETTLED: {_B.TO_PAY, _B.PAID},
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


class PayRunState(Labelled):
    """A month's pay of those who serve."""

    DRAWN_UP = "drawn_up", "已取数"
    CHECKED_BY_STAFF = "checked_by_staff", "本人已核对"
    APPROVED_BY_SCHOOL = "by_school", "学校已审"
    APPROVED_BY_FINANCE = "by_finance", "财务已审"
    PAID = "paid", "已发放"
    ANSWERED = "answered", "已反馈"


_W = PayRunState
PAY_RUN = path(
    "pay_run",
    "补助发放",
    _W,
    {
        _W.DRAWN_UP: {_W.CHECKED_BY_STAFF},
        _W.CHECKED_BY_STAFF: {_W.APPROVED_BY_SCHOOL, _W.DRAWN_UP},
        _W.APPROVED_BY_SCHOOL: {_W.APPROVED_BY_FINANCE, _W.DRAWN_UP},
        _W.APPROVED_BY_FINANCE: {_W.PAID},
        _W.PAID: {_W.ANSWERED},
    },
    clock="本人核对3天，每月10日前发放",
)


class PublicationState(Labelled):
    """Something posted in public: first cleared of personal data, then signed, shown, kept."""

    DRAFT = "draft", "拟稿"
    CLEARED = "cleared", "脱敏检查通过"
    SIGNED = "signed", "已签发"
    SHOWN = "shown", "公示中"
    KEPT = "kept", "到期留存"
    WITHDRAWN = "withdrawn", "已撤回更正"


_U = PublicationState
PUBLICATION = path(
    "publication",
    "公示",
    _U,
    {
        _U.DRAFT: {_U.CLEARED},
        _U.CLEARED: {_U.SIGNED, _U.DRAFT},
        _U.SIGNED: {_U.SHOWN},
        _U.SHOWN: {_U.KEPT, _U.WITHDRAWN},
    },
    clock="收支公示不少于7天",
)


class ComplaintState(Labelled):
    """A complaint. The school complained of is not the one that closes it."""

    RECEIVED = "received", "受理"
    ASSIGNED = "assigned", "分办"
    EXAMINED = "examined", "核查"
    ANSWERED = "answered", "答复"
    RATED = "rated", "已评价"
    REVISITED = "revisited", "已回访"


_K = ComplaintState
COMPLAINT = path(
    "complaint",
    "投诉",
    _K,
    {
        _K.RECEIVED: {_K.ASSIGNED},
        _K.ASSIGNED: {_K.EXAMINED},
        _K.EXAMINED: {_K.ANSWERED, _K.ASSIGNED},
        _K.ANSWERED: {_K.RATED, _K.REVISITED, _K.EXAMINED},
        _K.RATED: {_K.REVISITED, _K.EXAMINED},
    },
    clock="首次答复2个工作日，办结15个工作日，30天回访",
)


class RectificationState(Labelled):
    """A shortcoming found by an inspector until it is mended."""

    NOTICED = "noticed", "已通知"
    PLANNED = "planned", "整改方案"
    UNDER_WAY = "under_way", "实施中"
    PROVEN = "proven", "已交佐证"
    RECHECKED = "rechecked", "复查"
    CLOSED = "closed", "销号"
    ESCALATED = "escalated", "升级"


_N = RectificationState
RECTIFICATION = path(
    "rectification",
    "整改",
    _N,
    {
        _N.NOTICED: {_N.PLANNED, _N.ESCALATED},
        _N.PLANNED: {_N.UNDER_WAY, _N.ESCALATED},
        _N.UNDER_WAY: {_N.PROVEN, _N.ESCALATED},
        _N.PROVEN: {_N.RECHECKED},
        _N.RECHECKED: {_N.CLOSED, _N.UNDER_WAY, _N.ESCALATED},
        _N.ESCALATED: {_N.PLANNED},
    },
    clock="按等级定期限，逾期升级到督导室",
)
