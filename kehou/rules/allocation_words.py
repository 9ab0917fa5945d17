"""Why a child got what it got, in one paragraph that a grandmother can read aloud."""

from __future__ import annotations

import re
from collections.abc import Sequence

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
_BALLS = {"ssq": (6, 1, "红球6个、蓝球1个"), "dlt": (5, 2, "前区5个、后区2个")}


def name_of(kind: str, period: str, seals: Sequence[str] = ()) -> str:
    """Return public randomness as `allocation.randomness` names it, from what the office chose on the page.

    `seals` are the witnesses' sealed codes for kind "ceremony".
    """
    if kind == "ceremony":
        return ",".join(f"ceremony:{seal.strip().lower()}" for seal in seals if seal.strip())
    return f"{kind}:{period.strip()}" if kind and period.strip() else ""


def asked_results(named: str) -> list[tuple[str, str]]:
    """Return for each public draw that was named (its name in words, what to type); witnesses are not in it."""
    asked = []
    for part in named.split(",") if named else []:
        kind = part.partition(":")[0]
        if kind != "ceremony":
            asked.append((say_randomness(part), _BALLS[kind][2] if kind in _BALLS else "公布的原样"))
    return asked


def result_of(named: str, typed: Sequence[str]) -> str:
    """Return the beacon from what a person typed, draw by draw: `3 7 12 19 25 31 + 8` is enough for balls.

    What cannot be read as balls is passed on as it was typed, so that the rule refuses it in words.
    """
    draws = [part for part in named.split(",") if part and not part.startswith("ceremony:")]
    if not draws:
        return "ceremony"
    return ",".join(_drawn(part, text.strip()) for part, text in zip(draws, [*typed, *[""] * len(draws)], strict=False))


def _drawn(part: str, text: str) -> str:
    kind = part.partition(":")[0]
    if text.startswith(f"{part}:"):
        return text
    if kind in _BALLS:
        main, extra, _ = _BALLS[kind]
        balls = [f"{int(ball):02d}" for ball in re.findall(r"\d{1,2}", text)]
        if len(balls) == main + extra:
            return f"{part}:{'-'.join(balls[:main])}+{'-'.join(balls[main:])}"
    return f"{part}:{text}"
