"""How a Chinese name sorts and is found: by pinyin, with the readings that surnames take."""

from __future__ import annotations

from functools import lru_cache

# Surnames whose usual reading is not the one of the word (zhái not dí, shàn not dān …).
_SURNAMES = {
    "翟": "zhai", "单": "shan", "曾": "zeng", "仇": "qiu", "区": "ou", "解": "xie", "查": "zha", "任": "ren",
    "朴": "piao", "覃": "qin", "乐": "yue", "冼": "xian", "盖": "ge", "缪": "miao", "晟": "cheng", "员": "yun",
}  # fmt: skip


@lru_cache(maxsize=100_000)
def sort_key(name: str) -> str:
    """Return the key under which a name sorts and is found: pinyin without tones, syllables separated by a space."""
    from pypinyin import lazy_pinyin  # its dictionary takes half a second: whoever writes no name never loads it

    syllables = lazy_pinyin(name)
    if name[:1] in _SURNAMES and syllables:
        syllables[0] = _SURNAMES[name[0]]
    return " ".join(syllables)[:120].lower()
