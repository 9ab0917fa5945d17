"""What is checked in a pack, clause by clause, on its content alone: frozen years ago or assembled a moment ago.

A check is green, red (it carries a refusal and `red` is true) or a remark for the reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kehou.rules.filing.pack import PARTS, Content
from kehou.rules.parameters import Parameters
from kehou.rules.verdicts import Refusal, refuse

Contents = Mapping[str, Content]


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist: the part, what was asked, the rule behind it, and what is wrong, if anything."""

    part: str
    title: str
    code: str
    refusal: Refusal | None = None
    red: bool = True

    @property
    def state(self) -> str:
        """Return green, red or remark."""
        return "green" if self.refusal is None else "red" if self.red else "remark"


def red_in(checks: Iterable[Check]) -> list[Check]:
    """Return the red ones."""
    return [check for check in checks if check.state == "red"]


def checks_of(contents: Contents, parameters: Parameters, *, amendment: bool) -> tuple[Check, ...]:
    """Return every check of a pack in the order of its parts; `contents` is part code → content."""
    found: list[Check] = []
    for kind in PARTS.values():
        if kind.code == "F9" and not amendment:
            continue
        content = contents.get(kind.code, {})
        if formed := _formed(kind.code, content, amendment=amendment):
            found.append(formed)
        if content.get("formed"):
            for check in _BY_PART.get(kind.code, ()):
                found += check(content, contents, parameters)
    return tuple(found)


def _formed(code: str, content: Content, *, amendment: bool) -> Check | None:
    """Return whether a part is there; nothing for a part that only some schools have and this one has not."""
    kind = PARTS[code]
    if content.get("formed"):
        return Check(code, "材料已形成", kind.rule)
    if kind.required or (code == "F9" and amendment):
        return Check(code, "材料已形成", kind.rule, refuse(kind.rule, "part_missing", part=f"{code} {kind.title}"))
    if code == "F8":
        return None
    return Check(code, "材料已形成", kind.rule, refuse("R-FILING-03", "part_absent"), red=False)


def _measure(content: Content, name: str, default: Any) -> Any:
    return content.get("measures", {}).get(name, default)


# --- F3 服务人员名单 --------------------------------------------------------------------------------------------------


def _people_are_cleared(content: Content, contents: Contents, parameters: Parameters) -> Iterator[Check]:
    wrong = _measure(content, "not_cleared", [])
    no = refuse("R-FILING-01", "not_cleared", count=len(wrong), names=_names(wrong)) if wrong else None
    yield Check("F3", "每个人都通过准入检查", "R-FILE-03", no)
    ending = _measure(content, "ending", [])
    soon = refuse("R-FILING-01", "proof_ends", count=len(ending), names=_names(ending)) if ending else None
    yield Check("F3", "准入材料在学期内有效", "R-FILE-03", soon, red=False)


def _in_service_first(content: Content, contents: Contents, parameters: Parameters) -> Iterator[Check]:
    people, own = _measure(content, "people", 0), _measure(content, "in_service", 0)
    least = parameters.staff.inhouse_share_min
    percent = own * 100 // people if people else 0
    no = refuse("R-STAF-02", "few_of_the_list", percent=percent, least=least) if percent < least else None
    yield Check("F3", "以在职教职工为主", "R-STAF-02", no, red=False)


# --- F4 内容项目表 ----------------------------------------------------------------------------------------------------


def _led_from_the_list(content: Content, contents: Contents, parameters: Parameters) -> Iterator[Check]:
    listed = set(_measure(contents.get("F3", {}), "names", []))
    strangers = sorted(set(_measure(content, "leaders", [])) - listed)
    no = refuse("R-FILING-01", "leads_without_list", names=_names(strangers)) if strangers else None
    yield Check("F4", "带组人员都在名单上", "R-FILING-01", no)


def _basic_care(content: Content, contents: Contents, parameters: Parameters) -> Iterator[Check]:
    no = None if _measure(content, "basic", 0) else refuse("R-FILING-03", "without_basic_care")
    yield Check("F4", "有作业辅导等基本服务", "R-CONT-02", no)


def _no_lesson_in_it(content: Content, contents: Contents, parameters: Parameters) -> Iterator[Check]:
    alike = _measure(content, "class_patterns", [])
    no = refuse("R-PROH-02", "class_patterns", count=len(alike), names=_names(alike, "个")) if alike else None
    yield Check("F4", "没有整班、同科教师、多天的编组", "R-PROH-02", no, red=False)
    years = _measure(content, "tutoring_years", [])
    said = "、".join(f"{'一二三四五六七八九'[grade - 1]}年级" for grade in years)
    only = refuse("R-PROH-02", "tutoring_years", grades=said) if years else None
    yield Check("F4", "毕业年级不只有作业辅导", "R-PROH-02", only, red=False)


# --- F7 告知书与协议书样本 --------------------------------------------------------------------------------------------


def _agreement_is_whole(content: Content, contents: Contents, parameters: Parameters) -> Iterator[Check]:
    unissued = None if _measure(content, "notice", True) else refuse("R-NOTI-01", "filed_without_notice")
    yield Check("F7", "告知书已发给家长", "R-NOTI-01", unissued)
    missing = _measure(content, "agreement_lacks", [])
    no = refuse("R-AGR-02", "agreement_lacks", parts="、".join(missing)) if missing else None
    yield Check("F7", "协议书必备内容齐全", "R-AGR-02", no)


# --- F1 实施方案, F8 第三方 -------------------------------------------------------------------------------------------


def _asked_twice(content: Content, contents: Contents, parameters: Parameters) -> Iterator[Check]:
    rounds = _measure(content, "rounds", 0)
    no = refuse("R-GATE-04", "plan_asked_too_little", rounds=rounds) if rounds < 2 else None
    yield Check("F1", "征求意见两轮", "R-GATE-04", no)
    answered = None if _measure(content, "adoption", False) else refuse("R-GATE-05", "without_adoption")
    yield Check("F1", "意见逐条答复并公布采纳表", "R-GATE-05", answered)


def _without_gaps(content: Content, contents: Contents, parameters: Parameters) -> Iterator[Check]:
    """What the papers' own rules said on the day: a gap is red, a warning is for the reader, each with its rule."""
    problems, code = _measure(content, "problems", []), content["code"]
    for one in problems:
        yield Check(code, "没有缺漏", one["code"], refuse(PARTS[code].rule, "gap", said=one["said"]))
    for one in _measure(content, "warnings", []):
        yield Check(code, "没有提醒", one["code"], refuse(PARTS[code].rule, "warned", said=one["said"]), red=False)
    if not problems:
        yield Check(code, "没有缺漏", PARTS[code].rule)


def _is_led(content: Content, contents: Contents, parameters: Parameters) -> Iterator[Check]:
    yield from _each(content, "organisation", "领导小组和校长责任书齐全", "R-ORG-01")


def _is_watched(content: Content, contents: Contents, parameters: Parameters) -> Iterator[Check]:
    yield from _each(content, "safety", "每处场所每个时段有安全责任人", "R-SAFE-01")


def _each(content: Content, measure: str, title: str, code: str) -> Iterator[Check]:
    """Yield a red check for each problem, under its own rule; one green check where there is none."""
    problems = _measure(content, measure, [])
    for one in problems:
        yield Check(content["code"], title, one["code"], refuse(one["code"], "gap", said=one["said"]))
    if not problems:
        yield Check(content["code"], title, code)


def _from_the_list(content: Content, contents: Contents, parameters: Parameters) -> Iterator[Check]:
    unlisted, unsigned = _measure(content, "unlisted", []), _measure(content, "unsigned", [])
    no = refuse("R-EXT-01", "provider_not_listed", names="、".join(unlisted)) if unlisted else None
    yield Check("F8", "机构在区级名单内", "R-EXT-01", no)
    open_one = refuse("R-EXT-01", "provider_without_agreement", names="、".join(unsigned)) if unsigned else None
    yield Check("F8", "已与机构签订协议", "R-EXT-01", open_one)


def _names(names: Iterable[str], unit: str = "人") -> str:
    """Return five names, and how many there are where they are more."""
    listed = list(names)
    return "、".join(listed[:5]) + (f"等{len(listed)}{unit}" if len(listed) > 5 else "")


_Asked = Callable[[Content, Contents, Parameters], Iterator[Check]]
_BY_PART: dict[str, tuple[_Asked, ...]] = {
    "F1": (_asked_twice, _is_led),
    "F2": (_without_gaps,),
    "F5": (_without_gaps,),
    "F6": (_without_gaps, _is_watched),
    "F3": (_people_are_cleared, _in_service_first),
    "F4": (_led_from_the_list, _basic_care, _no_lesson_in_it),
    "F7": (_agreement_is_whole,),
    "F8": (_from_the_list,),
}
