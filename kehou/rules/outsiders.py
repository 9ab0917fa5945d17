"""Outsiders: only after a stated shortage (2.4-e), volunteers without pay (2.4-g), the mix of who serves (2.4-h)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kehou.rules.staffing import KINDS, inhouse_percent
from kehou.rules.verdicts import Refusal, refuse

OWN_KINDS = ("in_service", "gatekeeper", "other")  # who is at the school anyway is not asked in from outside
# What a shortage is stated for (学校艺体等师资不足), with the words by which own staff are found.
AREAS: dict[str, tuple[str, tuple[str, ...]]] = {
    "music": ("音乐", ("音乐", "合唱", "声乐", "器乐", "竹笛", "古筝", "钢琴", "鼓")),
    "dance": ("舞蹈", ("舞蹈", "啦啦操", "健美操")),
    "art": ("美术与书法", ("美术", "绘画", "书法", "国画", "版画", "剪纸")),
    "opera": ("戏曲与朗诵", ("戏曲", "梁山灯戏", "朗诵", "曲艺", "主持")),
    "sports": ("体育", ("体育", "篮球", "足球", "乒乓球", "羽毛球", "跳绳", "武术", "田径", "游泳")),
    "heritage": ("非遗与民间工艺", ("年画", "竹编", "竹帘", "剪纸", "非遗", "灯戏", "泥塑", "扎染")),
    "science": ("科学与信息科技", ("科学", "编程", "机器人", "航模", "信息科技", "无人机")),
    "labour": ("劳动实践", ("劳动", "园艺", "烹饪", "木工", "种植")),
    "other": ("其他实践活动", ()),
}
AREA_TITLES = {key: title for key, (title, _) in AREAS.items()}


def has_area(area: str, *texts: str) -> bool:
    """Return whether somebody's subject or skills speak for an area."""
    return any(word in text for word in AREAS[area][1] for text in texts)


def refusals_of_statement(*, area: str, need: str, reason: str, hours: int | None) -> tuple[Refusal, ...]:
    """Return what a shortage statement lacks: what is needed, how much, and why own staff do not suffice (R-EXT-01)."""
    found = []
    if area not in AREAS:
        found.append(refuse("R-EXT-01", "area_unknown"))
    if len(need.strip()) < 4:
        found.append(refuse("R-EXT-01", "need_missing"))
    if not hours or hours < 1:
        found.append(refuse("R-EXT-01", "hours_missing"))
    if len(reason.strip()) < 8:
        found.append(refuse("R-EXT-01", "reason_missing"))
    return tuple(found)


def refusal_without_statement(name: str, *, kind: str, stated: bool) -> Refusal | None:
    """Return why an outsider cannot be proposed or scheduled: the school has to state the shortage first (R-EXT-01)."""
    return None if kind in OWN_KINDS or stated else refuse("R-EXT-01", "shortage_not_stated", name=name)


def refusal_to_pay(name: str, *, is_volunteer: bool) -> Refusal | None:
    """Return why somebody may not stand in a pay run: whoever serves as a volunteer is not paid (R-EXT-03)."""
    return refuse("R-EXT-03", "volunteer_in_pay_run", name=name) if is_volunteer else None


def refusals_of_hours(*, minutes: int | None, on: date, today: date, what: str) -> tuple[Refusal, ...]:
    """Return what is wrong with a line of a volunteer's hours (R-EXT-03): minutes of one day that has been."""
    found = []
    if not minutes or not 10 <= minutes <= 480:
        found.append(refuse("R-EXT-03", "odd_minutes"))
    if on > today:
        found.append(refuse("R-EXT-03", "day_to_come"))
    if not what.strip():
        found.append(refuse("R-EXT-03", "without_activity"))
    return tuple(found)


def hours_in_words(minutes: int) -> str:
    """Return minutes as a certificate prints them: 90 is `1小时30分`."""
    hours, rest = divmod(minutes, 60)
    return "".join((f"{hours}小时" if hours else "", f"{rest}分" if rest or not hours else ""))


# --- The mix ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MixLine:
    """One kind of people in the mix: how many serve, how many class hours a week, how many of them unpaid."""

    kind: str
    title: str
    people: int
    hours: int
    percent: int


@dataclass(frozen=True, slots=True)
class Mix:
    """Who gives the class hours of a week (2.4-h) and the share of in-service staff (2.4-b)."""

    lines: tuple[MixLine, ...]
    people: int
    hours: int
    volunteers: int
    volunteer_hours: int
    inhouse: int | None


def mix_of(people: Iterable[tuple[str, int, bool]]) -> Mix:
    """Return the mix of (kind, class hours a week, serves unpaid); every kind has its line, empty or not."""
    rows = list(people)
    hours_by_kind = dict.fromkeys(KINDS, 0)
    heads: dict[str, int] = dict.fromkeys(KINDS, 0)
    for kind, hours, _ in rows:
        hours_by_kind[kind] = hours_by_kind.get(kind, 0) + hours
        heads[kind] = heads.get(kind, 0) + 1
    total = sum(hours_by_kind.values())
    lines = tuple(
        MixLine(kind, KINDS.get(kind, kind), heads[kind], hours, hours * 100 // total if total else 0)
        for kind, hours in hours_by_kind.items()
    )
    unpaid = [hours for _, hours, is_volunteer in rows if is_volunteer]
    return Mix(lines, len(rows), total, len(unpaid), sum(unpaid), inhouse_percent(hours_by_kind))


def concentration(hours: Mapping[str, int], *, all_hours: int) -> dict[str, int]:
    """Return for each organisation the percent of a school's featured class hours that its people lead (P10-4)."""
    return {name: own * 100 // all_hours if all_hours else 0 for name, own in hours.items()}


def warning_of_concentration(name: str, *, percent: int, most: int) -> Refusal | None:
    """Return the warning that one organisation leads too much of a school's featured hours (P10-4)."""
    return None if percent <= most else refuse("P10-4", "too_much_of_one", name=name, percent=percent, most=most)


def warning_of_spread(name: str, *, schools: int, most: int) -> Refusal | None:
    """Return the warning that one organisation serves too many schools of the district (P10-4)."""
    return None if schools <= most else refuse("P10-4", "too_many_schools", name=name, schools=schools, most=most)
