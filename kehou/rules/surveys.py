"""The questionnaire of demand (意向调查, domain/06 §3.7 (1)): its items, when it may open, what an answer may be.

The district's core items stand in every school's questionnaire in the same words, so that answers can be compared
(R-SURV-03); a school adds its own. Not taking part is an answer like any other and asks nothing further.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kehou.rules.labels import Labelled
from kehou.rules.timetable import Category
from kehou.rules.verdicts import Refusal, refuse
from kehou.rules.wall import hour_in_words

SHEETS = 3  # how many children one link answers for; the same for everybody, so that it says nothing about a family
LONGEST_TEXT = 300
LARGEST_NUMBER = 999


class Kind(Labelled):
    """How an item is answered."""

    SINGLE = "single", "单选"
    MULTI = "multi", "多选"
    RANK = "rank", "排序"
    NUMBER = "number", "填数"
    TEXT = "text", "填文字"
    PICTURE = "picture", "看图选（孩子答）"


CHOSEN = frozenset({Kind.SINGLE, Kind.MULTI, Kind.RANK, Kind.PICTURE})
PICTURES = ("walk", "palette", "plant-2", "book")  # icons of the child's page, in the order of its options


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `most` options may be picked; `if_needed` items are not asked of those who need nothing."""

    code: str
    kind: Kind
    text: str
    options: tuple[str, ...] = ()
    most: int = 1
    is_core: bool = False
    required: bool = False
    if_needed: bool = False


NEED, HOURS, LEAVE_BY, WISHES, WORRY, WEEKDAYS, CHILD = (
    "need", "hours", "leave_by", "wishes", "worry", "weekdays", "child",
)  # fmt: skip
WANTED, NOT_WANTED, UNDECIDED = range(3)  # the options of NEED
_CATEGORIES = tuple(one.label for one in Category if one is not Category.OTHER)

# The five core items as we ship them, by their words in the parameter `survey.core_items`.
_KNOWN = {
    "是否需要课后服务": Item(NEED, Kind.SINGLE, "是否需要课后服务", ("需要", "不需要", "再看看"), required=True),
    "希望的时长": Item(
        HOURS, Kind.SINGLE, "希望每天几课时", ("1课时", "2课时", "3课时"), required=True, if_needed=True
    ),
    "希望的离校时间": Item(
        LEAVE_BY, Kind.SINGLE, "希望最晚什么时候离校", ("17:00前", "17:30前", "18:00前", "18:30前"),
        required=True, if_needed=True,
    ),
    "最想参加的三类活动": Item(
        WISHES, Kind.RANK, "最想参加的三类活动（按喜欢的先后）", (*_CATEGORIES, "都不想"), most=3, required=True,
        if_needed=True,
    ),
    "最担心的事": Item(WORRY, Kind.MULTI, "最担心的事", ("安全", "收费", "作业", "质量", "接送", "其他"), most=6),
}  # fmt: skip

# What a school's questionnaire begins with beside the core; each may be taken out.
SCHOOL_ITEMS = (
    Item(WEEKDAYS, Kind.MULTI, "希望参加的星期", ("周一", "周二", "周三", "周四", "周五"), most=5, if_needed=True),
    Item("care_now", Kind.SINGLE, "放学后现在由谁照看", ("父母", "祖辈", "亲友", "托管机构", "自己在家")),
    Item("way", Kind.SINGLE, "上学的路程", ("步行15分钟内", "步行更久", "坐车30分钟内", "坐车更久")),
    Item("homework_help", Kind.SINGLE, "是否需要作业答疑", ("需要", "不需要"), if_needed=True),
    Item("volunteer", Kind.SINGLE, "您能否来做志愿服务", ("能", "不能", "以后再说")),
    Item("fee_known", Kind.SINGLE, "是否清楚课后服务怎样收费", ("清楚", "不太清楚", "不清楚")),
    Item("special_needs", Kind.TEXT, "孩子有没有特殊需要（自愿填写，请不要写姓名）"),
    Item("remarks", Kind.TEXT, "其他意见（请不要写姓名）"),
    Item(CHILD, Kind.PICTURE, "最想做的事", ("跑跑跳跳", "唱歌画画", "种菜做实验", "看书写字")),
)
OPENING_WORDS = (
    "各位家长，本表只用来了解您和孩子的真实需要，用于安排活动和老师。填不填、怎么填都不影响孩子在校的任何待遇；"
    "班主任看不到您是否选择“不需要”。"
)


def core_items(words: Iterable[str]) -> tuple[Item, ...]:
    """Return the district's core items of the parameter's words, in their order.

    A word of ours has its shape here. Any other is written `题目：选项/选项/选项` (one of them),
    `题目（多选）：选项/选项`, or only `题目`, which is answered in writing.
    """
    found = []
    for number, word in enumerate(words, 1):
        known = _KNOWN.get(word.strip())
        found.append(_core(known) if known else _written(number, word))
    return tuple(found)


def _core(item: Item) -> Item:
    return Item(item.code, item.kind, item.text, item.options, item.most, True, item.required, item.if_needed)


def _written(number: int, word: str) -> Item:
    text, _, rest = re.sub("[:：]", "：", word.strip(), count=1).partition("：")
    options = tuple(dict.fromkeys(option.strip() for option in re.split("[/／、]", rest) if option.strip()))
    if len(options) < 2:
        return Item(f"core_{number}", Kind.TEXT, word.strip(), is_core=True)
    if "多选" in text:
        return Item(f"core_{number}", Kind.MULTI, text, options, len(options), is_core=True)
    return Item(f"core_{number}", Kind.SINGLE, text, options, is_core=True, required=True)


# --- Building ---------------------------------------------------------------------------------------------------------


def refusals_of_item(item: Item) -> tuple[Refusal, ...]:
    """Return why an item of a school's own cannot stand in a questionnaire."""
    found = []
    if not item.text.strip():
        found.append(refuse("R-SURV-03", "item_without_words"))
    if item.kind in CHOSEN and len(item.options) < 2:
        found.append(refuse("R-SURV-03", "too_few_options"))
    if len(set(item.options)) != len(item.options):
        found.append(refuse("R-SURV-03", "option_twice"))
    if item.kind is Kind.PICTURE and len(item.options) != len(PICTURES):
        found.append(refuse("R-SURV-03", "four_pictures", pictures=len(PICTURES)))
    if item.kind in (Kind.MULTI, Kind.RANK) and not 1 <= item.most <= max(1, len(item.options)):
        found.append(refuse("R-SURV-03", "picks_beyond_options", options=len(item.options)))
    return tuple(found)


def refusals_to_open(
    items: Sequence[Item],
    core: Sequence[Item],
    *,
    opens_at: datetime,
    closes_at: datetime,
    least_days: int,
    at: datetime,
) -> tuple[Refusal, ...]:
    """Return every reason why a questionnaire may not open now: core items, items, a window of `least_days` ahead."""
    found: list[Refusal] = []
    standing = {item.code: item for item in items}
    for item in core:
        if standing.get(item.code) != item:
            found.append(refuse("R-SURV-03", "core_item_missing", item=item.text))
    for item in items:
        found += [no for no in refusals_of_item(item) if no not in found]
    if closes_at <= at or closes_at - max(opens_at, at) < timedelta(days=least_days):
        found.append(refuse("R-SURV-01", "window_too_short", days=least_days))
    return tuple(found)


def warnings_of_reach(*, families: int, reached: int, answered: int, least_percent: int) -> tuple[Refusal, ...]:
    """Return what R-SURV-01 asks to look at: families that nobody has invited, and too few answers."""
    found = []
    if reached < families:
        found.append(refuse("R-SURV-01", "families_not_reached", missing=families - reached, families=families))
    if families and answered * 100 < least_percent * families:
        found.append(refuse("R-SURV-01", "too_few_answers", percent=answered * 100 // families, least=least_percent))
    return tuple(found)


def refusal_of_time(
    *, opened: bool, opens_at: datetime, closes_at: datetime, closed: bool, at: datetime
) -> Refusal | None:
    """Return why nothing can be answered now: not open yet, or over."""
    if not opened or at < opens_at:
        return refuse("R-SURV-01", "not_open_yet", opens=hour_in_words(opens_at))
    if closed or at >= closes_at:
        return refuse("R-SURV-01", "over", closed=hour_in_words(closes_at))
    return None


# --- Answers ----------------------------------------------------------------------------------------------------------

Answers = dict[str, Any]


def read_answers(items: Sequence[Item], typed: Mapping[str, Sequence[str]]) -> tuple[Answers, dict[str, Refusal]]:
    """Return the answers of a form (item code → the values typed), and what is wrong, by item code.

    A choice is kept as the number of its option, several as a list in the order of the ranks (rank) or options (multi).
    What is asked only of those who need the service is dropped for those who do not.
    """
    answers: Answers = {}
    wrong: dict[str, Refusal] = {}
    for item in items:
        if item.if_needed and answers.get(NEED) == NOT_WANTED:
            continue
        values = [value.strip() for value in typed.get(item.code, ()) if value.strip()]
        if not values:
            if item.required:
                wrong[item.code] = refuse("R-SURV-01", "answer_missing", item=item.text)
            continue
        value, no = _value(item, values)
        if no:
            wrong[item.code] = no
        else:
            answers[item.code] = value
    return answers, wrong


def _value(item: Item, values: list[str]) -> tuple[Any, Refusal | None]:
    if item.kind is Kind.TEXT:
        text = values[0]
        too_long = len(text) > LONGEST_TEXT
        return text, refuse("R-SURV-01", "text_too_long", most=LONGEST_TEXT) if too_long else None
    if item.kind is Kind.NUMBER:
        if not re.fullmatch(r"\d{1,3}", values[0]):
            return None, refuse("R-SURV-01", "not_a_number", most=LARGEST_NUMBER)
        return int(values[0]), None
    if not all(re.fullmatch(r"\d{1,3}", value) and int(value) < len(item.options) for value in values):
        return None, refuse("R-SURV-01", "no_such_option", item=item.text)
    picked = [int(value) for value in values]
    if item.kind in (Kind.SINGLE, Kind.PICTURE):
        return picked[0], refuse("R-SURV-01", "one_only", item=item.text) if len(picked) > 1 else None
    if len(set(picked)) != len(picked):
        return None, refuse("R-SURV-01", "picked_twice", item=item.text)
    if len(picked) > item.most:
        return None, refuse("R-SURV-01", "too_many_picked", item=item.text, most=item.most)
    return picked if item.kind is Kind.RANK else sorted(picked), None


def counts_of(item: Item, sheets: Iterable[Mapping[str, Any]]) -> tuple[int, tuple[int, ...]]:
    """Return (how many answered an item, how often each of its options was picked)."""
    counts = [0] * len(item.options)
    answered = 0
    for answers in sheets:
        if item.code not in answers:
            continue
        answered += 1
        value = answers[item.code]
        for option in value if isinstance(value, list) else [value]:
            counts[option] += 1
    return answered, tuple(counts)


# --- Texts that families wrote ----------------------------------------------------------------------------------------

_TELLING = re.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)|(?<!\d)\d{17}[\dXx]|\d{6,}")
_WHO = re.compile(
    "(?:我叫|我是|孩子叫|姓名|名字)[:：是叫]?[一-龥]{2,4}|[一-龥]{2,3}(?:的)?(?:妈妈|爸爸|奶奶|爷爷|外公|外婆|家长)"
)


def softened(text: str) -> str:
    """Return a remark without numbers and names by which its writer could be known."""
    return _WHO.sub("某某", _TELLING.sub("某号码", text))
