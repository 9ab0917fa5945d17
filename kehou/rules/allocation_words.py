"""Why a child got what it got, in one paragraph that a grandmother can read aloud."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kehou.rules.allocation.randomness import refusal_to_draw
from kehou.rules.verdicts import Refusal, refuse

Passed = tuple[str, int, int | None, bool]  # name, seats, closed at which turn, closed for want of pupils

# What may change a seat after the draw, as the public record names it.
CHANGE_KINDS = {
    "hand": "手工调整",
    "offer": "候补递补",
    "swap": "互换",
    "refill": "补选",
    "cancelled": "停组改排",
    "left": "退出",
}
REFILL_METHOD = "补选：有位置的先保住自己的位置，其余按上次摇号的号倒过来，号靠后的先选；上次没有号的，用这次的号"
_LOTTERY = {
    "balanced": "每名学生每天一个号，一周里搭配着摇：有一天靠前，就有一天靠后；多报一天少报一天，每一天的机会都一样",
    "independent": "每名学生每天一个号，各天分开摇",
    "single": "每名学生一周一个号",
}
_GUARANTEE = {
    "auto": "位置够时报名的人人都留着一个位置，看不出谁要优先保障；不够时为优先保障的学生留出位置，只公布留了多少",
    "everyone": "报名的学生人人都留着一个位置，谁也看不出谁要优先保障",
    "block": "先为优先保障的学生留出位置，只公布留了多少，不公布是谁",
    "flagged": "优先保障的学生留着位置；谁要优先保障不公开，所以结果由区教委保管",
}
_DIGITS = "零一二三四五六七八九十"


def explain(
    *, position: int | None, tier: int | None, placed: bool, passed: Sequence[Passed], by_hand: str = ""
) -> str:
    """Return the reason in words: closing positions against the child's own number, then what followed."""
    if by_hand:
        return f"这是学校调整的安排，原因：{by_hand}。"
    if position is None:
        return ""
    parts = [_missed(name, seats, closed_at, too_few) for name, seats, closed_at, too_few in passed]
    said = "；".join(parts)
    own = f"您孩子的号是{position}"
    if not passed:
        return f"{own}，轮到时{_got(tier, placed)}。"
    return f"{said}；{own}，所以{_got(tier, placed)}。"


def rule_lines(rules: Mapping[str, str]) -> list[str]:
    """Return the rules of a round (the fields of `allocation.Rules`) in sentences, beside the method itself."""
    lottery = _LOTTERY.get(rules.get("lottery", ""), "")
    said = ["摇出的号只在一样好的安排里定先后" if rules.get("mechanism") == "mcf" else lottery]
    if rules.get("siblings") == "linked":
        said.append("家里要求用同一个号的兄弟姐妹，用同一个号")
    if rules.get("minimum") == "close-worst":
        said.append("报名不够开班人数的组，从差得最多的停起，其余的用原来的号重排，停一个排一次；要给人留位置的组不停")
    said.append(_GUARANTEE.get(rules.get("guarantee", ""), ""))
    return [f"{line}。" for line in said if line]


def explain_team(*, position: int, won: str, passed: Sequence[Passed]) -> str:
    """Return how the teams went that a family asked for on a day; they are drawn before everything else."""
    parts = [_missed(name, seats, closed_at, too_few) for name, seats, closed_at, too_few in passed]
    said = "".join(f"{part}；" for part in parts)
    end = f"所以进了“{won}”，这几天都在队里" if won else "所以没有进队，这一天按其他志愿摇"
    return f"一周几天是同一个队的活动先摇：{said}您孩子在队里的号是{position}，{end}。"


def _missed(name: str, seats: int, closed_at: int | None, too_few: bool) -> str:
    if too_few:
        return f"“{name}”报名人数不够，没有开班"
    if closed_at is None:
        return f"“{name}”的{seats}个位置轮到时已经没有了"
    return f"“{name}”{seats}个位置，收到第{closed_at - 1}号为止"


def _got(tier: int | None, placed: bool) -> str:
    if not placed:
        return "这一天暂时没有安排到位置"
    if not tier:
        return "安排到有空位的活动"
    return f"得到第{_DIGITS[tier] if tier <= 10 else tier}志愿"


_SOURCES = {"ssq": "双色球第{}期", "dlt": "大乐透第{}期", "drand": "公共信标第{}轮", "ceremony": "现场见证人公开的数"}


def say_randomness(named: str) -> str:
    """Return the name of public randomness as people say it: `双色球第2026134期`; see `allocation.randomness`."""
    said = []
    for part in named.split(",") if named else []:
        kind, _, rest = part.partition(":")
        number = rest.split(":")[1] if kind == "drand" and ":" in rest else rest.split(":")[0]
        said.append(_SOURCES.get(kind, part).format(number))
    return "、".join(dict.fromkeys(said))


_PARTS = {"ssq": ("红球", "蓝球"), "dlt": ("前区", "后区")}


def say_beacon(beacon: str) -> str:
    """Return published results as people read them: `双色球第2026134期 红球 03 07 12 19 25 31 蓝球 08`.

    The record keeps the signs of `allocation.randomness`; what is not of this form is returned as it is.
    """
    return "；".join(map(_said_result, beacon.split(","))) if beacon else ""


def _said_result(result: str) -> str:
    kind, name, drawn = result.partition(":")[0], result.rpartition(":")[0], result.rpartition(":")[2]
    if result == "ceremony":
        return "现场见证人公开的数"
    if kind in _PARTS and "+" in drawn:
        groups = zip(_PARTS[kind], drawn.split("+"), strict=False)
        return f"{say_randomness(name)} " + " ".join(f"{part} {balls.replace('-', ' ')}" for part, balls in groups)
    return f"{say_randomness(name)} {drawn}" if kind in _SOURCES and drawn else result


SOURCES = {"ssq": "双色球", "dlt": "大乐透"}
_BALLS = {
    "ssq": (6, 1, "红球6个、蓝球1个，按从小到大", "3 7 12 19 25 31 + 8"),
    "dlt": (5, 2, "前区5个、后区2个，按从小到大", "5 11 17 22 35 + 3 9"),
}
_AS_IT_IS = ("公布的原样", "64位的十六进制数")


def name_of(kind: str, period: str, seals: Sequence[str] = ()) -> str:
    """Return public randomness as `allocation.randomness` names it, from what the office chose on the page.

    `seals` are the witnesses' sealed codes for kind "ceremony".
    """
    if kind == "ceremony":
        return ",".join(f"ceremony:{seal.strip().lower()}" for seal in seals if seal.strip())
    return f"{kind}:{period.strip()}" if kind and period.strip() else ""


@dataclass(frozen=True, slots=True)
class AskedResult:
    """One public draw that was named: its name in words, what to type and an example, what was typed last."""

    name: str
    what: str
    example: str
    typed: str


def _public_draws(named: str) -> list[str]:
    return [part for part in named.split(",") if part and not part.startswith("ceremony:")]


def asked_results(named: str, typed: Sequence[str] = ()) -> list[AskedResult]:
    """Return what to type for each public draw that was named; witnesses are not in it."""
    parts = _public_draws(named)
    return [
        AskedResult(say_randomness(part), *(_BALLS.get(part.partition(":")[0], ("", "", *_AS_IT_IS))[2:]), text.strip())
        for part, text in zip(parts, [*typed, *[""] * len(parts)], strict=False)
    ]


def refusals_of_typed(named: str, typed: Sequence[str]) -> list[Refusal]:
    """Return for each draw whose result cannot be what a person typed how it should be written."""
    asked = zip(_public_draws(named), asked_results(named, typed), strict=True)
    return [
        refuse("R-ALLOC-02", "result_unreadable", draw=one.name, text=one.typed, what=one.what, example=one.example)
        for part, one in asked
        if refusal_to_draw(part, result_of(part, [one.typed]))
    ]


def result_of(named: str, typed: Sequence[str]) -> str:
    """Return the beacon from what a person typed, draw by draw: `3 7 12 19 25 31 + 8` is enough for balls.

    What cannot be read as balls is passed on as it was typed, so that the rule refuses it in words.
    """
    draws = _public_draws(named)
    if not draws:
        return "ceremony"
    return ",".join(_drawn(part, text.strip()) for part, text in zip(draws, [*typed, *[""] * len(draws)], strict=False))


def _drawn(part: str, text: str) -> str:
    kind = part.partition(":")[0]
    if text.startswith(f"{part}:"):
        return text
    if kind in _BALLS:
        main, extra, *_ = _BALLS[kind]
        balls = [f"{int(ball):02d}" for ball in re.findall(r"\d{1,2}", text)]
        if len(balls) == main + extra:
            return f"{part}:{'-'.join(balls[:main])}+{'-'.join(balls[main:])}"
    return f"{part}:{text}"
