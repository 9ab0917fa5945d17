"""Paths of what comes before the first service day: rules, consultation, filing, table, people, draw."""

from __future__ import annotations

from kehou.rules.labels import Labelled
from kehou.rules.states.moves import path


class ParameterChangeState(Labelled):
    """A change of a parameter."""

    PROPOSED = "proposed", "已提出"
    IN_FORCE = "in_force", "已批准"
    REJECTED = "rejected", "未批准"
    WITHDRAWN = "withdrawn", "已撤回"


_P = ParameterChangeState
PARAMETER_CHANGE = path(
    "parameter_change",
    "参数修改",
    _P,
    {_P.PROPOSED: {_P.IN_FORCE, _P.REJECTED, _P.WITHDRAWN}, _P.IN_FORCE: {_P.WITHDRAWN}},
    clock="收费标准须两人办理；已批准的，生效前可以撤回",
)


class ServiceState(Labelled):
    """The service of one school in one term: each step is blocked by the one before (R-GATE-00…05)."""

    PREPARING = "preparing", "筹备"
    SURVEYING = "surveying", "调研"
    PLANNING = "planning", "方案"
    FILING = "filing", "备案中"
    FILED = "filed", "已备案"
    REGISTERING = "registering", "报名"
    SERVING = "serving", "服务中"
    SETTLING = "settling", "结算"
    ARCHIVED = "archived", "归档"


_T = ServiceState
SERVICE = path(
    "service",
    "学期服务",
    _T,
    {
        _T.PREPARING: {_T.SURVEYING},
        _T.SURVEYING: {_T.PLANNING},
        _T.PLANNING: {_T.FILING},
        _T.FILING: {_T.FILED, _T.PLANNING},
        _T.FILED: {_T.REGISTERING},
        _T.REGISTERING: {_T.SERVING},
        _T.SERVING: {_T.SETTLING},
        _T.SETTLING: {_T.ARCHIVED},
    },
)


class ConsultationState(Labelled):
    """A round of opinions."""

    NOT_OPEN = "not_open", "未开"
    OPEN = "open", "进行中"
    CLOSED = "closed", "已截止"
    ANSWERED = "answered", "已采纳答复"


_C = ConsultationState
CONSULTATION = path(
    "consultation",
    "征求意见",
    _C,
    {_C.NOT_OPEN: {_C.OPEN}, _C.OPEN: {_C.CLOSED}, _C.CLOSED: {_C.ANSWERED}},
    clock="第一轮至少5天，第二轮至少3天，到期自动截止",
)


class PlanState(Labelled):
    """The service plan of a school in a term. What was signed is changed by an amendment only."""

    DRAFTING = "drafting", "编写中"
    PREPARED = "prepared", "待校长签发"
    IN_FORCE = "in_force", "已签发"
    AMENDING = "amending", "调整中"
    AMENDED = "amended", "调整稿待签发"


_L = PlanState
PLAN = path(
    "plan",
    "实施方案",
    _L,
    {
        _L.DRAFTING: {_L.PREPARED},
        _L.PREPARED: {_L.IN_FORCE, _L.DRAFTING},
        _L.IN_FORCE: {_L.AMENDING},
        _L.AMENDING: {_L.AMENDED, _L.IN_FORCE},
        _L.AMENDED: {_L.IN_FORCE, _L.AMENDING},
    },
    clock="两轮征求意见、逐条答复以后定稿；定稿和签发是两个人",
)


class FilingState(Labelled):
    """One filing of a school in a term: the first, or an amendment. Silence is not acceptance.

    An amendment is a filing of its own: what it amends stays in force until it is accepted itself.
    """

    DRAFT = "draft", "草稿"
    SIGNED = "signed", "校长已签发"
    SUBMITTED = "submitted", "已提交"
    RECEIVED = "received", "已受理"
    RETURNED = "returned", "退回补正"
    ACCEPTED = "accepted", "通过"
    AMENDED = "amended", "已变更"
    LAPSED = "lapsed", "失效"
    GIVEN_UP = "given_up", "已撤销"


_F = FilingState
FILING = path(
    "filing",
    "备案",
    _F,
    {
        _F.DRAFT: {_F.SIGNED, _F.GIVEN_UP},
        _F.SIGNED: {_F.SUBMITTED, _F.DRAFT},
        _F.SUBMITTED: {_F.RECEIVED, _F.RETURNED, _F.DRAFT},
        _F.RECEIVED: {_F.ACCEPTED, _F.RETURNED},
        _F.RETURNED: {_F.SIGNED, _F.GIVEN_UP},
        _F.ACCEPTED: {_F.AMENDED, _F.LAPSED},
    },
    clock="区教委5个工作日答复，学校3个工作日补正，超期不等于通过",
)


class CensusState(Labelled):
    """The census of resources of a school in a term. Each closing is kept as a version."""

    OPEN = "open", "核对中"
    CLOSED = "closed", "已定稿"


_Z = CensusState
CENSUS = path(
    "census",
    "资源调查",
    _Z,
    {_Z.OPEN: {_Z.CLOSED}, _Z.CLOSED: {_Z.OPEN}},
    clock="每学期一次，编写实施方案以前完成",
)


class TableState(Labelled):
    """The activity table of a school in a term. What was published is kept as it was."""

    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已公布"
    REOPENED = "reopened", "重新打开"


_A = TableState
ACTIVITY_TABLE = path(
    "activity_table",
    "内容项目表",
    _A,
    {_A.DRAFT: {_A.PUBLISHED}, _A.PUBLISHED: {_A.REOPENED}, _A.REOPENED: {_A.PUBLISHED}},
    clock="公布至少5天后才能截止报名",
)


class RosterImportState(Labelled):
    """A roster file: read first, taken whole or not at all."""

    READ = "read", "已预检"
    TAKEN = "taken", "已导入"
    DROPPED = "dropped", "已放弃"


_R = RosterImportState
ROSTER_IMPORT = path("roster_import", "名册导入", _R, {_R.READ: {_R.TAKEN, _R.DROPPED}})


class PersonState(Labelled):
    """Somebody who serves: only who is in use can be scheduled."""

    PROPOSED = "proposed", "拟入"
    PAPERS = "papers", "材料齐"
    CHECKED = "checked", "查询通过"
    BOUND = "bound", "协议与责任书已签"
    TRAINED = "trained", "已培训"
    IN_USE = "in_use", "在用"
    SUSPENDED = "suspended", "暂停"
    LEFT = "left", "退出"


_S = PersonState
PERSON = path(
    "person",
    "服务人员",
    _S,
    {
        _S.PROPOSED: {_S.PAPERS, _S.LEFT},
        _S.PAPERS: {_S.CHECKED, _S.LEFT},
        _S.CHECKED: {_S.BOUND, _S.LEFT},
        _S.BOUND: {_S.TRAINED, _S.LEFT},
        _S.TRAINED: {_S.IN_USE, _S.LEFT},
        _S.IN_USE: {_S.SUSPENDED, _S.LEFT},
        _S.SUSPENDED: {_S.IN_USE, _S.LEFT},
    },
    clock="入职查询12个月有效，到期前30天提醒",
)


class ProviderState(Labelled):
    """An organisation from outside."""

    NEEDED = "needed", "需求"
    APPLIED = "applied", "申报"
    SELECTED = "selected", "遴选"
    SHOWN = "shown", "公示"
    LISTED = "listed", "入名单"
    CHOSEN = "chosen", "选用"
    BOUND = "bound", "已签协议"
    SERVING = "serving", "服务中"
    REVIEWED = "reviewed", "已评估"
    LEFT = "left", "退出"


_O = ProviderState
PROVIDER = path(
    "provider",
    "第三方机构",
    _O,
    {
        _O.NEEDED: {_O.APPLIED, _O.LEFT},
        _O.APPLIED: {_O.SELECTED, _O.LEFT},
        _O.SELECTED: {_O.SHOWN, _O.LEFT},
        _O.SHOWN: {_O.LISTED, _O.LEFT},
        _O.LISTED: {_O.CHOSEN, _O.LEFT},
        _O.CHOSEN: {_O.BOUND, _O.LEFT},
        _O.BOUND: {_O.SERVING, _O.LEFT},
        _O.SERVING: {_O.REVIEWED, _O.LEFT},
        _O.REVIEWED: {_O.LISTED, _O.LEFT},
    },
    clock="公示至少5个工作日，每年评估",
)


class DrawState(Labelled):
    """A draw: the requests are frozen before the randomness exists."""

    PLANNED = "planned", "已定办法"
    COMMITTED = "committed", "已封存志愿"
    DRAWN = "drawn", "已摇号"
    PUBLISHED = "published", "已公布"
    VOID = "void", "作废"


_D = DrawState
DRAW = path(
    "draw",
    "统筹摇号",
    _D,
    {_D.PLANNED: {_D.COMMITTED, _D.VOID}, _D.COMMITTED: {_D.DRAWN, _D.VOID}, _D.DRAWN: {_D.PUBLISHED, _D.VOID}},
)


class SwapsState(Labelled):
    """A round of swaps among children who have places: asked for until an hour, then carried out once."""

    OPEN = "open", "正在征集"
    DONE = "done", "已办理"
    CANCELLED = "cancelled", "已取消"


_X = SwapsState
SWAPS = path("swaps", "互换", _X, {_X.OPEN: {_X.DONE, _X.CANCELLED}}, clock="到学校写明的时间为止")


class PermitState(Labelled):
    """What a school asks the district to allow: a blocked wording, an activity off campus."""

    ASKED = "asked", "等区教委决定"
    GRANTED = "granted", "已同意"
    REFUSED = "refused", "未同意"
    WITHDRAWN = "withdrawn", "学校已撤回"
    REVOKED = "revoked", "区教委已撤销"


_Q = PermitState
PERMIT = path(
    "permit",
    "放行或批准的申请",
    _Q,
    {_Q.ASKED: {_Q.GRANTED, _Q.REFUSED, _Q.WITHDRAWN}, _Q.GRANTED: {_Q.REVOKED}},
    clock="项目表公布以前",
)
