"""Full template texts of the 22 policy documents, filled from what a school has: names, posts, telephones, parameters.

    chapters_of(9, facts)    # the chapters of 场地设施设备安全管理制度, ready to be read, changed and signed

`facts` are words by name; what is not known yet reads （待定） and keeps the principal from signing (R-DOC-01).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date

from kehou.rules import emergency as cards
from kehou.rules.money import yuan
from kehou.rules.parameters import Parameters
from kehou.rules.policy_documents import KINDS, Chapter, in_words, numeral
from kehou.rules.policy_texts import emergency, everyday, management, money, people, safety

OPEN = cards.OPEN
_TEXTS: Mapping[int, str] = {
    1: management.ORGANISATION, 2: money.FUND, 4: safety.PREVENTION, 5: safety.OUTBREAK, 6: management.MANAGERS,
    7: management.ENTRY_AND_EXIT, 8: safety.SAFETY, 9: safety.PLACES, 10: safety.GATE, 11: safety.HOME_AND_SCHOOL,
    12: everyday.ATTENDANCE, 13: everyday.GOING_HOME, 14: money.FEES, 15: money.PUBLICITY, 16: everyday.COMPLAINTS,
    17: everyday.QUALITY, 18: people.PRIVACY, 19: people.PROTECTION, 20: people.THIRD_PARTY, 21: everyday.COMMITTEE,
    22: everyday.ARCHIVE,
}  # fmt: skip


def chapters_of(number: int, facts: Mapping[str, str]) -> list[Chapter]:
    """Return the template of a document with the facts of a school in it. :raises KeyError: if there is no such kind"""
    known = _Words(facts)
    if number == 3:
        return [*_chapters(emergency.BEFORE, known), _scenes(facts), *_chapters(emergency.AFTER, known)]
    return _chapters(_TEXTS[number], known)


def _scenes(facts: Mapping[str, str]) -> Chapter:
    lines = []
    for number, card in enumerate(cards.CARDS, 1):
        one = cards.filled(card, facts)
        lines.append(
            f"（{numeral(number)}）{one.title}。前3分钟：{'；'.join(one.first)}。谁打电话：{one.calls}"
            f"谁留下：{one.stays}孩子去哪里：{one.children}随后：{one.after}"
        )
    return Chapter("十类场景处置", "\n".join(lines))


def _chapters(text: str, known: Mapping[str, str]) -> list[Chapter]:
    found: list[tuple[str, list[str]]] = []
    for line in text.strip().splitlines():
        if line.startswith("# "):
            found.append((line[2:], []))
        elif line.strip():
            found[-1][1].append(line.format_map(known))
    return [Chapter(title, "\n".join(lines)) for title, lines in found]


class _Words(dict[str, str]):
    def __init__(self, facts: Mapping[str, str]) -> None:
        super().__init__({key: value for key, value in facts.items() if value})

    def __missing__(self, key: str) -> str:
        return OPEN


_SURPLUS = {"refund": "超过部分退还家长", "lower_price": "下学期相应降低收费"}
_NOTICE = cards.NOTICE.format(
    when="＿月＿日＿时", place="＿＿", scene="＿＿", state="目前＿＿", ask="＿＿", phone="＿＿"
)


def words_of_parameters(parameters: Parameters, *, in_force: date) -> dict[str, str]:
    """Return what the texts say of the district's parameters on a day, in words: 5 课时 is `5`, money in 元."""
    fee, fund, pay, staff = parameters.fee, parameters.fund, parameters.pay, parameters.staff
    keep, sla = parameters.retention, parameters.complaint.sla
    return {
        "in_force": in_words(in_force),
        "review_months": str(parameters.shelf.review_months),
        "drills": str(parameters.shelf.drills_per_term),
        "min_on_site": str(parameters.ratio.min_on_site),
        "ratios": "、".join(f"{one}类活动每名成人不超过{most}人" for one, most in parameters.ratio.by_risk.items()),
        "ratio_d": str(parameters.ratio.by_risk["D"]),
        "alarm": str(parameters.attendance.alarm_minutes),
        "seal_at": f"{parameters.attendance.seal_at:%H:%M}",
        "max_end": f"{parameters.time.max_end:%H:%M}",
        "alone_grade": numeral(parameters.enrol.alone_from_grade),
        "min_contacts": str(parameters.enrol.min_contacts),
        "inhouse": str(staff.inhouse_share_min),
        "check_days": str(staff.check_validity_days),
        "daily_hours": str(staff.daily_hours),
        "weekly_hours": str(staff.weekly_hours),
        "tariff": "、".join(f"每天{hours}课时{yuan(fen)}元" for hours, fen in sorted(fee.tariff.items())),
        "upper_cap": f"{yuan(fee.upper_cap)}元",
        "leave_before": f"{fee.leave_policy.before:%H:%M}",
        "sick_note_days": str(fee.leave_policy.sick_note_days),
        "refund_days": str(fee.refund_working_days),
        "receipt_kind": "财政电子票据" if parameters.receipt.kind == "fiscal" else "税务电子发票",
        "utility_cap": str(fund.utility_share_cap),
        "mgmt_cap": str(pay.mgmt_share_cap),
        "surplus": str(fund.surplus_rule.percent),
        "surplus_then": _SURPLUS[fund.surplus_rule.then],
        "money_day": str(parameters.pub.deadlines.money_working_day),
        "shown_days": str(parameters.pub.deadlines.shown_days),
        "first_reply": str(sla.first_reply),
        "finish": str(sla.finish),
        "revisit_days": str(sla.revisit_days),
        **{field.name: str(getattr(keep, field.name)) for field in fields(keep)},
        "notice": _NOTICE,
    }


def is_complete() -> bool:
    """Return whether every kind of the shelf has a text."""
    return {kind.number for kind in KINDS} == {3, *_TEXTS}
