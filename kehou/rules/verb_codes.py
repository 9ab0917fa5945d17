"""Codes among the facts of a journal entry that mean one thing in one chapter and another elsewhere, in words."""

from __future__ import annotations

from collections.abc import Mapping

from kehou.rules import emergency, fund, organisation, planning, providers, schools
from kehou.rules.planning.consultation import Decision
from kehou.rules.resources import Gravity
from kehou.rules.staffing.incidents import IncidentKind, IncidentResult
from kehou.rules.staffing.kinds import PROOFS
from kehou.rules.states import FILING, PERSON

Words = Mapping[str, str]

_SAFETY = {"liaison": "与派出所联系", "traffic": "交通安全研判", "publicity": "宣传"}
_PARTIES = {"home": "派出学校", "host": "接收学校", "teacher": "教师本人"}
# What begins a verb, the name of the fact: the words of its codes.
_OF: tuple[tuple[str, str, Words], ...] = (
    ("planning.", "section", {one.value: one.label for one in planning.SECTIONS}),
    ("planning.", "decision", {one.value: one.label for one in Decision}),
    ("planning.", "post", {one.code: one.title for one in organisation.POSTS}),
    ("planning.", "scenario", {one.code: one.title for one in emergency.CARDS}),
    ("planning.safety_recorded", "kind", _SAFETY),
    ("schools.repair_opened", "kind", {one.value: one.label for one in Gravity}),
    ("schools.", "kind", schools.KINDS),
    ("staffing.provider_checked", "kind", providers.CHECKS),
    ("staffing.provider_left", "kind", providers.EXITS),
    ("staffing.restricted", "kind", {"ban": "从业禁止", "conduct": "师德限制"}),
    ("staffing.incident_recorded", "kind", {one.value: one.label for one in IncidentKind}),
    ("staffing.incident_concluded", "result", {one.value: one.label for one in IncidentResult}),
    ("staffing.suspended", "kind", {"plain": "一般暂停", "conduct": "师德调查"}),
    ("staffing.warned", "kind", {"check": "入职查询", **PROOFS}),
    ("staffing.visit_agreed", "party", _PARTIES),
    ("staffing.", "was", PERSON.labels),
    ("staffing.", "becomes", PERSON.labels),
    ("filing.", "was", FILING.labels),
    ("money.", "source", fund.SOURCES),
    ("money.", "use", {code: title for code, (title, _) in fund.USES.items()}),
    ("enrolment.", "channel", {"online": "网上", "paper": "纸质"}),
    ("allocation.", "mechanism", {"gsd": "志愿优先", "da": "按号逐轮受理", "mcf": "全校整体最优"}),
    (
        "allocation.", "lottery",
        {
            "balanced": "各天的号互相补偿", "independent": "每天各摇一次", "single": "全周一个号",
            "reversed": "与上次的号相反",
        },
    ),
    ("allocation.", "siblings", {"linked": "同一个号", "off": "各摇各的"}),
    ("allocation.", "minimum", {"close-worst": "先停差得最多的组", "report": "只报告，不停组"}),
    (
        "allocation.", "objective",
        {
            "borda": "志愿位次之和最好", "maxcard": "有位置的最多", "fair": "先照顾位次最差的",
            "rankmax": "第一志愿最多", "weekly": "全周合计最好",
        },
    ),
    (
        "allocation.", "guarantee",
        {
            "auto": "位置够时人人保证，不够时预留", "everyone": "人人保证有位置", "block": "预留基础托管位置",
            "flagged": "摇号时逐个保留",
        },
    ),
)  # fmt: skip


def code_in_words(verb: str, fact: str, code: str) -> str | None:
    """Return what a code means as this fact of this verb; None where nothing particular is known."""
    words = (words for begins, name, words in _OF if name == fact and verb.startswith(begins))
    return next((found[code] for found in words if code in found), None)
