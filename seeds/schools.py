"""The twelve schools of domain/07 §4.4, and as many more as size L wants.

`full` is a school's number of pupils as the domain reference states it; together they are 8,530, so size M, which is
fixed at 5,200, takes the same share of every school's classes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time

from kehou.lib import demonstration as cast


@dataclass(frozen=True, slots=True)
class Plan:
    """One school to be built. `classes` gives the number of homerooms of each grade."""

    code: str
    name: str
    kind: str
    town: str
    full: int
    classes: dict[int, int]
    early: time  # dismissal of grades 1 and 2
    late: time  # dismissal of the other grades of the primary stage
    junior: time = time(16, 50)
    is_private: bool = False
    has_boarders: bool = False
    hilly: bool = False
    join: int = 85  # percent of the families that take part
    sites: tuple[str, ...] = ()  # where there are teaching points: the main site first

    def site(self, grade: int) -> str:
        """Return where a grade is taught: a teaching point keeps one grade of small children near their homes."""
        if not self.sites:
            return ""
        return self.sites[grade] if 1 <= grade < len(self.sites) else self.sites[0]

    def dismissal(self, grade: int) -> time:
        """Return when a grade is dismissed in summer."""
        if grade >= 7:
            return self.junior
        return self.early if grade <= 2 else self.late


_PRIMARY = {"early": time(15, 40), "late": time(15, 50)}


def _grades(first: int, last: int, each: int) -> dict[int, int]:
    return dict.fromkeys(range(first, last + 1), each)


TWELVE: tuple[Plan, ...] = (
    Plan(cast.YOUXIANG, "柚香路小学（演示）", "primary", "双桂街道", 1860, _grades(1, 6, 7), **_PRIMARY, join=88),
    Plan(cast.HUPAN, "双桂湖畔小学（演示）", "primary", "双桂街道", 1240, _grades(1, 6, 5), **_PRIMARY, join=86),
    Plan(cast.JINDAI, "金带桥小学（演示）", "primary", "金带街道", 620, _grades(1, 6, 3), **_PRIMARY, join=100),
    Plan(
        cast.ZHUHAI, "竹海中心小学（演示）", "primary", "竹山镇", 240, _grades(1, 6, 2), time(15, 20), time(15, 20),
        hilly=True, join=78, sites=("中心校", "竹丰教学点", "百里教学点"),
    ),
    Plan(cast.PINGJIN, "屏锦柚林小学（演示）", "primary", "屏锦镇", 910, _grades(1, 6, 4), **_PRIMARY, join=83),
    Plan(cast.NIANHUA, "年画村小学（演示）", "primary", "屏锦镇", 96, _grades(1, 6, 1), time(15, 40), time(15, 40), join=80),
    Plan(cast.MINGYUE, "明月山初级中学（演示）", "junior", "聚奎镇", 780, _grades(7, 9, 6), **_PRIMARY, join=82),
    Plan(
        cast.GAOLIANG, "高梁坝中学（演示）", "junior", "梁山街道", 1420, {7: 11, 8: 11, 9: 10}, **_PRIMARY,
        junior=time(16, 40), join=84,
    ),
    Plan(cast.YUNLONG, "云龙溪学校（演示）", "nine_year", "云龙镇", 540, _grades(1, 9, 2), **_PRIMARY, join=81),
    Plan(
        cast.LIYUE, "礼乐初级中学（演示）", "junior", "礼让镇", 430, _grades(7, 9, 4), **_PRIMARY, has_boarders=True, join=85
    ),
    Plan(cast.QIMING, "启明特殊教育学校（演示）", "special", "双桂街道", 84, _grades(1, 9, 1), time(15, 30), time(15, 30), join=90),
    Plan(
        cast.XINSHENG, "新盛民办启航小学（演示）", "primary", "新盛镇", 310, _grades(1, 6, 2), **_PRIMARY, is_private=True,
        join=75,
    ),
)  # fmt: skip

# The towns of domain/07 §4.3, for the schools that only size L has.
TOWNS = (
    "梁山街道 双桂街道 合兴街道 仁贤街道 金带街道 礼让镇 云龙镇 屏锦镇 袁驿镇 新盛镇 福禄镇 聚奎镇 明达镇 荫平镇 和林镇 回龙镇 碧山镇 "
    "虎城镇 七星镇 龙门镇 文化镇 石安镇 柏家镇 大观镇 竹山镇 蟠龙镇 安胜镇 复平镇 紫照镇 星桥镇 曲水镇 铁门乡 龙胜乡"
).split()
_LANDSCAPE = "柚林 竹溪 明月 荷塘 稻香 双桂 白鹤 清泉 梅坝 松岭 桃源 银杏".split()


@dataclass(frozen=True, slots=True)
class Size:
    """How large a demonstration is: pupils in all, schools, and how many past service days are lived through."""

    key: str
    pupils: int
    schools: int
    days: int


SIZES = {
    "S": Size("S", 900, 5, 1),
    "M": Size("M", 5_200, 12, 2),
    "L": Size("L", 62_000, 110, 1),
}
_OF_SIZE_S = (cast.YOUXIANG, cast.HUPAN, cast.ZHUHAI, cast.NIANHUA, cast.GAOLIANG)


def plans_of(size: Size) -> list[tuple[Plan, int]]:
    """Return the schools of a size, each with its number of pupils; they sum to `size.pupils`."""
    plans = [plan for plan in TWELVE if size.key != "S" or plan.code in _OF_SIZE_S]
    plans += [_further(number) for number in range(size.schools - len(plans))]
    whole = sum(plan.full for plan in plans)
    counts = [max(sum(plan.classes.values()), plan.full * size.pupils // whole) for plan in plans]
    counts[0] += size.pupils - sum(counts)
    return [(_with_classes(plan, count), count) for plan, count in zip(plans, counts, strict=True)]


def _with_classes(plan: Plan, pupils: int) -> Plan:
    """Return the plan with so many homerooms that a class has some forty children at most."""
    grades = list(plan.classes)
    each = max(1, round(pupils / len(grades) / 38 + 0.3))
    return replace(plan, classes={grade: min(plan.classes[grade], each) for grade in grades})


# What each kind of further school is called, its number of pupils and its homerooms.
_FURTHER = {
    "primary": ("小学", "21509920", "primary", 760, _grades(1, 6, 4)),
    "point": ("教学点", "21509910", "primary", 110, _grades(1, 6, 1)),
    "junior": ("初级中学", "31509910", "junior", 900, _grades(7, 9, 8)),
    "nine_year": ("学校", "31509920", "nine_year", 880, _grades(1, 9, 3)),
}
_TURNS = ("primary", "point", "primary", "junior", "primary", "nine_year", "point")


def _further(number: int) -> Plan:
    """Return one of the schools that only size L has: primaries, teaching points, juniors."""
    town = TOWNS[number % len(TOWNS)]
    landscape = _LANDSCAPE[number // len(TOWNS) * 3 % len(_LANDSCAPE)]
    title, code, kind, pupils, classes = _FURTHER[_TURNS[number % len(_TURNS)]]
    name = f"{town[:-1]}{landscape}{title}{number}（演示）"
    return Plan(f"{code}{number:02d}", name, kind, town, pupils, classes, **_PRIMARY)
