"""第三方机构: criteria, selection by a panel, publicity, approved list, yearly review, exit (P8-2, P2-6, P7-2, P10-5).

The table of moves is `states.PROVIDER`: no step may be left out. What each step asks for stands here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kehou.rules.verdicts import Refusal, refuse

CHECKS = {
    "abnormal": "经营异常名录",
    "dishonesty": "严重违法失信名单",
    "struck_off": "其他区县名单清退记录",
    "conduct": "教育、公安、文旅等部门意见",
}
CRITERIA = {
    "quality": "内容与质量",
    "people": "人员与资质",
    "safety": "安全与管理",
    "price": "价格公益",
    "record": "业绩与口碑",
}
REVIEW_ITEMS = {
    "teaching": "活动质量",
    "safety": "安全管理",
    "punctual": "守时与人员稳定",
    "no_selling": "不推销不招生",
    "families": "学生家长反映",
}
MOST_POINTS = 100 // len(CRITERIA)
REVIEW_MOST = 100 // len(REVIEW_ITEMS)
EXITS = {"expired": "期满不续", "asked": "本机构申请退出", "review": "评估不合格", "struck": "违规清退"}
_SUBJECT = re.compile(
    r"(学科类?(?:校外)?培训|(?:语文|数学|英语|物理|化学|奥数|作文|中考|小升初|升学)[^，。；、非]{0,6}(?:培训|辅导|补习|补课|提高班)|文化课(?:培训|辅导)|课外辅导)"
)
_CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


@dataclass(frozen=True, slots=True)
class OrgFacts:
    """What an organisation hands in."""

    name: str
    credit_code: str
    legal_person: str
    licence_number: str
    licence_until: date | None
    founded_on: date
    scope: str
    address: str
    teaching_address: str = ""


def has_right_credit_code(code: str) -> bool:
    """Say whether a unified social credit code (GB 32100) is eighteen signs long and ends in its check sign."""
    if len(code) != 18 or any(sign not in _CREDIT_SIGNS for sign in code):
        return False
    sum_ = sum(weight * _CREDIT_SIGNS.index(sign) for weight, sign in zip(_CREDIT_WEIGHTS, code[:17], strict=True))
    return _CREDIT_SIGNS[(31 - sum_ % 31) % 31] == code[17]


def credit_code(first_seventeen: str) -> str:
    """Return a code with its check sign."""
    return next(code for sign in _CREDIT_SIGNS if has_right_credit_code(code := first_seventeen + sign))


def refusals_of_organisation(facts: OrgFacts, *, on: date, least_years: int) -> tuple[Refusal, ...]:
    """Return why an organisation cannot apply: wrong code, expired licence (P7-2), subject training (P2-6), young."""
    found = []
    if not has_right_credit_code(facts.credit_code):
        found.append(refuse("P8-2", "credit_code_wrong"))
    if facts.licence_until is not None and facts.licence_until <= on:
        found.append(refuse("P7-2", "licence_expired", day=f"{facts.licence_until:%Y年%-m月%-d日}"))
    if word := _SUBJECT.search(facts.scope):
        found.append(refuse("P2-6", "subject_training", words=word[0]))
    if _years(facts.founded_on, on) < least_years:
        found.append(refuse("P8-2", "too_young", years=least_years))
    return tuple(found)


def _years(start: date, end: date) -> int:
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


# --- Addresses --------------------------------------------------------------------------------------------------------


def _bare(address: str) -> str:
    plain = "".join(chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign for sign in address)
    return re.sub(r"[\s,，。．.、\-—()（）#]|重庆市|梁平区|演示", "", plain)


def refusal_of_school_address(address: str, schools: Iterable[tuple[str, str]]) -> Refusal | None:
    """Return which school's address an organisation gives as its teaching place (P10-5); `schools`: (name, address)."""
    given = _bare(address)
    if not given:
        return None
    for name, place in schools:
        bare_name, bare_place = _bare(name), _bare(place)
        if bare_name in given or (len(bare_place) >= 6 and (bare_place in given or given in bare_place)):
            return refuse("P10-5", "school_address", school=name)
    return None


# --- Checks, scores, publicity ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one enquiry; `found_on` is the day of what was found."""

    kind: str
    clean: bool
    found_on: date | None = None


def refusals_of_checks(checks: Iterable[Check], *, on: date, clean_years: int) -> tuple[Refusal, ...]:
    """Return what the enquiries say against an organisation, and which are missing (P7-2, P8-2)."""
    by_kind = {one.kind: one for one in checks}
    found = []
    if missing := [title for key, title in CHECKS.items() if key not in by_kind]:
        found.append(refuse("P8-2", "check_missing", checks="、".join(missing)))
    for kind in ("abnormal", "dishonesty", "conduct"):
        if kind in by_kind and not by_kind[kind].clean:
            found.append(refuse("P7-2", "bad_record", record=CHECKS[kind]))
    struck = by_kind.get("struck_off")
    if struck and not struck.clean and (struck.found_on is None or _years(struck.found_on, on) < clean_years):
        found.append(refuse("P7-2", "struck_off_elsewhere", years=clean_years))
    return tuple(found)


def refusals_of_points(points: Mapping[str, int | None], most: int, items: Mapping[str, str]) -> tuple[Refusal, ...]:
    """Return which items of a score sheet are not scored from 0 to `most` (P8-2)."""
    wrong = [title for key, title in items.items() if (one := points.get(key)) is None or not 0 <= one <= most]
    return (refuse("P8-2", "points_wrong", items="、".join(wrong), most=most),) if wrong else ()


def refusal_to_select(totals: Sequence[int], *, panel: int, passing: int) -> Refusal | None:
    """Return why an organisation is not selected: too few of the panel have scored, or the mean is too low (P8-2)."""
    if len(totals) < panel:
        return refuse("P8-2", "panel_too_small", have=len(totals), panel=panel)
    if sum(totals) < passing * len(totals):
        return refuse("P8-2", "score_too_low", mean=sum(totals) // len(totals), passing=passing)
    return None


def refusal_to_list(*, shown_until: date | None, on: date, open_objections: int, upheld: int) -> Refusal | None:
    """Return why an organisation does not come on the list yet: publicity lasts, or an objection stands (P8-2).

    `shown_until` is the last day of the publicity.
    """
    if shown_until is None:
        return refuse("P8-2", "not_shown")
    if on <= shown_until:
        return refuse("P8-2", "still_shown", day=f"{shown_until.month}月{shown_until.day}日")
    if open_objections:
        return refuse("P8-2", "objection_open", count=open_objections)
    return refuse("P8-2", "objection_upheld") if upheld else None


def refusal_to_return(*, left_on: date | None, readmitted: bool) -> Refusal | None:
    """Return why an organisation that has left cannot apply again: the district has to let it back (R-EXT-04)."""
    return None if left_on is None or readmitted else refuse("R-EXT-04", "needs_readmission")


def refusal_to_choose(*, listed_until: date | None, on: date) -> Refusal | None:
    """Return why a school cannot choose an organisation: not on the list, or its year is over (P8-2)."""
    if listed_until is None:
        return refuse("P8-2", "not_on_the_list")
    return (
        None if on < listed_until else refuse("P8-2", "listing_over", day=f"{listed_until.month}月{listed_until.day}日")
    )


def refusals_of_exit(kind: str, reason: str) -> tuple[Refusal, ...]:
    """Return what an exit lacks: its kind and the reason that is kept (R-EXT-04)."""
    found = []
    if kind not in EXITS:
        found.append(refuse("R-EXT-04", "exit_kind_missing"))
    if len(reason.strip()) < 4:
        found.append(refuse("R-EXT-04", "reason_missing"))
    return tuple(found)
