"""Why a child got what it got, in one paragraph that a grandmother can read aloud."""

from __future__ import annotations

from collections.abc import Sequence

Passed = tuple[str, int, int | None, bool]  # name, seats, closed at which turn, closed for want of pupils

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
