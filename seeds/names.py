"""Names that sound like a district in the southwest, from a fixed seed."""

from __future__ import annotations

from random import Random

# Common surnames of the region, more frequent ones repeated by weight.
_SURNAMES = (
    ("陈", 9), ("李", 8), ("王", 8), ("张", 8), ("刘", 7), ("杨", 6), ("周", 5), ("蒋", 5), ("谭", 5), ("唐", 4),
    ("邓", 4), ("罗", 4), ("黄", 4), ("吴", 4), ("冉", 3), ("何", 3), ("谢", 3), ("袁", 3), ("郑", 3), ("徐", 3),
    ("彭", 3), ("龙", 2), ("向", 2), ("田", 2), ("秦", 2), ("石", 2), ("游", 2), ("熊", 2), ("江", 2), ("钟", 2),
    ("廖", 2), ("覃", 1), ("游", 1), ("蓝", 1), ("翟", 1), ("单", 1), ("欧阳", 1),
)  # fmt: skip
_GIRLS = "雨欣怡梓涵诗语桐佳琪思媛可馨悦彤静萱若曦乐妍芮菲念安晴岚"
_BOYS = "浩宇轩子博文俊杰铭泽睿航天佑嘉明哲凯一鸣逸飞鹏程昊然志远"
_BOTH = "子佳嘉一梓思雨晨乐安欣可若亦林竹清"
_GROWN_WOMEN = "芳敏静丽霞琴英红梅燕玲娟萍慧蓉群素珍秀兰"
_GROWN_MEN = "军强伟勇平波涛建国华明刚毅林辉斌云峰志超"


class Names:
    """Draws names; the same random source gives the same names."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._surnames = [name for name, weight in _SURNAMES for _ in range(weight)]

    def surname(self) -> str:
        """Return a surname."""
        return self._rng.choice(self._surnames)

    def child(self, surname: str, sex: str) -> str:
        """Return a child's name; `sex` is 1 for a boy, 2 for a girl."""
        own = _BOYS if sex == "1" else _GIRLS
        if self._rng.random() < 0.12:
            return surname + self._rng.choice(own)
        return surname + self._rng.choice(_BOTH + own) + self._rng.choice(own)

    def grown(self, *, woman: bool, surname: str = "") -> str:
        """Return a grown-up's name."""
        signs = _GROWN_WOMEN if woman else _GROWN_MEN
        count = 2 if self._rng.random() < 0.7 else 1
        return (surname or self.surname()) + "".join(self._rng.sample(signs, count))
