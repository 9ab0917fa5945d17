"""Texts as a reader understands them: full-width signs, spaces in words, sound-alikes, spelt-out syllables undone.

Every sign of the plain text knows where it stood, so that a finding can quote what was written.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Ends of clauses, after NFKC. Within one of them a negation reaches what it negates.
ENDS = ",;!?。\n"
# What people put between the signs of one word, and what does not end a clause.
_SIGNS_KEPT = ENDS + "、:"

# Traditional signs of the words that matter here, each before its simplified one.
_PAIRS = (
    "奧奥數数學学語语補补課课競竞賽赛復复複复習习沖冲衝冲優优劍剑橋桥試试評评單单測测驗验講讲預预銜衔應应級级題题編编強强"
    "練练師师組组織织開开結结識识點点訓训儲储備备實实綱纲陸陆難难專专輔辅導导進进階阶種种歷历華华羅罗盃杯達达標标閱阅"
    "讀读寫写讓让團团隊队業业書书畫画樂乐藝艺體体運运動动際际詞词彙汇過过關关營营從从錯错卷卷"
)
_TRADITIONAL = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))

# canonical word → (pinyin of its signs, patterns of spellings that sound or look alike)
_WORDS: dict[str, tuple[tuple[str, ...], str]] = {
    "奥数": (("ao", "shu"), "[澳傲懊袄嗷熬]数|奥[塾术树鼠署]"),
    "奥赛": (("ao", "sai"), "[澳傲]赛|奥塞"),
    "补课": (("bu", "ke"), "[卜捕哺埔]课|补[客刻克棵]|[衤礻]卜课"),
    "补习": (("bu", "xi"), "卜习|补[席息]"),
    "培优": (("pei", "you"), "[陪赔佩]优(?!秀)|培[尤忧友幽悠]|陪尤"),
    "提优": (("ti", "you"), "题优(?![化先秀质良])|提[尤忧悠]|题尤"),
    "竞赛": (("jing", "sai"), "[竟兢]赛|[竞竟][塞寨]"),
    "冲刺": (("chong", "ci"), "冲[次剌茨赐]|[充宠]刺"),
    "中考": (("zhong", "kao"), "[钟忠仲衷]考(?![虑验察古核])|中[烤铐拷]"),
    "新课": (("xin", "ke"), "[薪昕鑫]课|新棵"),
    "预习": (("yu", "xi"), "予习(?![题惯得])|预[席息]|豫习"),
    "复习": (("fu", "xi"), "[付腹覆]习|复[席息](?!会)"),
    "刷题": (("shua", "ti"), "[唰涮]题|刷提"),
    "试卷": (("shi", "juan"), "[市仕]卷"),
    "押题": (("ya", "ti"), "[压鸭]题(?!材)"),
    "数学": (("shu", "xue"), "数[雪靴穴]"),
    "语文": (("yu", "wen"), "雨文|语闻"),
    "英语": (("ying", "yu"), "[婴鹰莺樱瑛]语|英雨"),
    "物理": (("wu", "li"), "[勿悟]理"),
}
# Initials that nobody writes for anything else.
_INITIALS = {"奥s": "奥数", "补k": "补课", "培y": "培优", "提y": "提优", "z考": "中考", "中k": "中考", "竞s": "竞赛"}


def _spelt(word: str, syllables: tuple[str, ...]) -> str:
    """Return the pattern of a word of which at least one sign is spelt out in letters."""
    mixed = [
        "".join(syllables[place] if spelt >> place & 1 else sign for place, sign in enumerate(word))
        for spelt in range(1, 1 << len(word))
    ]
    return "|".join(f"(?<![a-z]){one}(?![a-z])" for one in mixed)


_RESPELLED = re.compile(
    "|".join(
        f"(?P<w{number}>{alike}|{_spelt(word, syllables)})"
        for number, (word, (syllables, alike)) in enumerate(_WORDS.items())
    )
    + "|"
    + "|".join(f"(?P<i{number}>{initials}(?![a-z]))" for number, initials in enumerate(_INITIALS))
)
_CANONICAL = {f"w{number}": word for number, word in enumerate(_WORDS)} | {
    f"i{number}": word for number, word in enumerate(_INITIALS.values())
}


@dataclass(frozen=True, slots=True)
class Plain:
    """A text made plain, and for each of its signs where it stood in what was written."""

    written: str
    text: str
    places: tuple[int, ...]

    def quote(self, start: int, end: int) -> str:
        """Return what was written where the plain text has `start:end`."""
        if start >= end:
            return ""
        return self.written[self.places[start] : self.places[end - 1] + 1].strip()


def plain(written: str) -> Plain:
    """Return a text as its reader understands it."""
    return _respelled(_tight(*_folded(written), written))


def _folded(written: str) -> tuple[list[str], list[int]]:
    """Return the signs in their ordinary width, case and script, each with its place."""
    signs, places = [], []
    for place, sign in enumerate(written):
        for one in unicodedata.normalize("NFKC", sign):
            if unicodedata.category(one) in ("Cf", "Mn", "Me") or one in "\ufe0f\u200d":
                continue
            signs.append(_TRADITIONAL.get(one, one.lower()))
            places.append(place)
    return signs, places


def _kind(sign: str) -> str:
    """Return what a sign is: a letter, a digit, a Chinese sign, the end of a clause, or something in between."""
    if "a" <= sign <= "z":
        return "letter"
    if sign.isdigit():
        return "digit"
    if sign.isalpha() or unicodedata.category(sign) == "Sc":
        return "sign"
    return "end" if sign in _SIGNS_KEPT else "between"


def _tight(signs: list[str], places: list[int], written: str) -> Plain:
    """Return the text without what stands between the signs of a word; words in letters stay apart."""
    kinds = [_kind(sign) for sign in signs]
    text: list[str] = []
    where: list[int] = []
    at = 0
    while at < len(signs):
        if kinds[at] != "between":
            text.append(signs[at])
            where.append(places[at])
            at += 1
            continue
        after = at
        while after < len(signs) and kinds[after] == "between":
            after += 1
        if _apart(kinds, at - 1, after):
            text.append(" ")
            where.append(places[at])
        at = after
    return Plain(written, "".join(text), tuple(where))


def _apart(kinds: list[str], left: int, right: int) -> bool:
    """Return whether what stands on both sides are two words: `market day`, but not `K E T`."""
    if left < 0 or right >= len(kinds) or {kinds[left], kinds[right]} - {"letter", "digit"}:
        return False
    if kinds[left] == kinds[right] == "letter":
        longer_left = left > 0 and kinds[left - 1] == "letter"
        longer_right = right + 1 < len(kinds) and kinds[right + 1] == "letter"
        return longer_left or longer_right
    return kinds[left] == kinds[right]


def _respelled(tight: Plain) -> Plain:
    """Return the text with every evasive spelling replaced by the word it stands for."""
    text, done = "", 0
    places: list[int] = []
    for match in _RESPELLED.finditer(tight.text):
        word = _CANONICAL[match.lastgroup or ""]
        text += tight.text[done : match.start()] + word
        places += tight.places[done : match.start()]
        # The first sign stands at the first place, the last at the last: a quotation covers what was written.
        places += [tight.places[match.start()]] + [tight.places[match.end() - 1]] * (len(word) - 1)
        done = match.end()
    return Plain(tight.written, text + tight.text[done:], (*places, *tight.places[done:]))
