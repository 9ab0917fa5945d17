"""How the house writes money, days, people and weekdays: filters for every template (a builtin, no `{% load %}`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from kehou.lib import masking, typed
from kehou.lib.masked import SealedText
from kehou.rules import sentences
from kehou.rules.allocation_words import say_beacon
from kehou.rules.clauses import clause
from kehou.rules.verdicts import Refusal

register = template.Library()

_DIGITS = "〇一二三四五六七八九"
_WEEKDAYS = "一二三四五六日"
NOTHING = "—"
_PHONE = re.compile(r"(?<![0-9A-Za-z-])(\d{3,4}(?:-\d{3,8})+)(?![0-9A-Za-z-])")


# What a form sent in somebody's own words.
register.filter("texts", typed.texts)


# --- Money ------------------------------------------------------------------------------------------------------------


@register.filter
def amount(fen: int | None) -> str:
    """Return an amount without its unit, for columns headed 元: 11356000 is `113,560.00`, -1650 is `−16.50`."""
    if fen is None or fen == "":
        return NOTHING
    whole, part = divmod(abs(int(fen)), 100)
    return f"{'−' if int(fen) < 0 else ''}{whole:,}.{part:02d}"


@register.filter
def yuan(fen: int | None) -> str:
    """Return an amount with its unit: 6600 is `66.00元`."""
    return NOTHING if fen is None or fen == "" else f"{amount(fen)}元"


@register.filter
def share(part: int, whole: int) -> str:
    """Return `part` of `whole` as a percentage with one decimal: `24.8%`; a dash where there is no whole."""
    return f"{part * 100 / whole:.1f}%" if whole else NOTHING


# --- Days and times ---------------------------------------------------------------------------------------------------


def _local(at: date | datetime) -> date | datetime:
    return timezone.localtime(at) if isinstance(at, datetime) and timezone.is_aware(at) else at


@register.filter
def day(on: date | datetime | None) -> str:
    """Return a day as pages print it: `9月7日 周一`."""
    if not on:
        return NOTHING
    on = _local(on)
    return f"{on.month}月{on.day}日 周{_WEEKDAYS[on.weekday()]}"


@register.filter
def full_day(on: date | datetime | None) -> str:
    """Return a day with its year, for papers and archives: `2026年9月7日 周一`."""
    return f"{_local(on).year}年{day(on)}" if on else NOTHING


@register.filter
def bare_day(on: date | datetime | None) -> str:
    """Return a day without its weekday, for narrow columns: `9月7日`."""
    return f"{_local(on).month}月{_local(on).day}日" if on else NOTHING


@register.filter
def month(on: date | None) -> str:
    """Return a month: `2026年11月`."""
    return f"{on.year}年{on.month}月" if on else NOTHING


@register.filter
def clock(at: time | datetime | None) -> str:
    """Return a time of day: `17:31`."""
    if at is None or at == "":
        return NOTHING
    return f"{_local(at) if isinstance(at, datetime) else at:%H:%M}"


@register.filter
def moment(at: datetime | None) -> str:
    """Return an instant: `9月7日 周一 17:31`."""
    return f"{day(at)} {clock(at)}" if at else NOTHING


@register.filter
def full_moment(at: datetime | None) -> str:
    """Return an instant with its year: `2026年9月7日 周一 17:31`."""
    return f"{full_day(at)} {clock(at)}" if at else NOTHING


@register.filter
def iso(at: date | datetime | time | None) -> str:
    """Return the machine's form, for the `datetime` attribute of `<time>`."""
    if at is None or at == "":
        return ""
    return (_local(at) if isinstance(at, datetime) else at).isoformat()


@register.filter
def remaining(until: date | datetime | None, now: datetime) -> str:
    """Return how long there is still time, in the words of a deadline: `还有2天`, `还有3小时`, `已过2天`.

    Days are counted on the calendar, so that a deadline tomorrow morning is one day away this evening.
    """
    if not until:
        return ""
    until, now = _local(until), timezone.localtime(now)
    days = (_date_of(until) - now.date()).days
    if days:
        return f"还有{days}天" if days > 0 else f"已过{-days}天"
    if not isinstance(until, datetime):
        return "今天截止"
    seconds = int((until - now).total_seconds())
    if seconds < 0:
        return "今天已截止"
    return f"还有{seconds // 3600}小时" if seconds >= 3600 else f"还有{max(1, seconds // 60)}分钟"


def _date_of(at: date | datetime) -> date:
    return at.date() if isinstance(at, datetime) else at


# --- Weekdays, grades, classes ----------------------------------------------------------------------------------------


@register.filter
def weekday(number: int) -> str:
    """Return the name of a weekday, Monday being 1: `周一`."""
    return f"周{_WEEKDAYS[int(number) - 1]}"


@register.filter
def weekdays(numbers: Iterable[int]) -> str:
    """Return weekdays in one word: `周一至周五`, `每周一三五`; the dash for none."""
    chosen = sorted(set(numbers))
    if not chosen:
        return NOTHING
    if len(chosen) > 2 and chosen == list(range(chosen[0], chosen[-1] + 1)):
        return f"{weekday(chosen[0])}至{weekday(chosen[-1])}"
    return "每周" + "".join(_WEEKDAYS[number - 1] for number in chosen)


@register.filter
def in_words(number: int) -> str:
    """Return a whole number from 0 to 99 in Chinese: 2 is `二`, 12 is `十二`, 21 is `二十一`."""
    tens, ones = divmod(int(number), 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


@register.filter
def grade(number: int | None) -> str:
    """Return a grade: 3 is `三年级`."""
    return f"{in_words(number)}年级" if number else NOTHING


@register.filter
def grades(numbers: Iterable[int]) -> str:
    """Return grades in one word: `三至六年级`, `一、三年级`."""
    chosen = sorted(set(numbers))
    if not chosen:
        return NOTHING
    if len(chosen) > 1 and chosen == list(range(chosen[0], chosen[-1] + 1)):
        return f"{in_words(chosen[0])}至{in_words(chosen[-1])}年级"
    return "、".join(in_words(number) for number in chosen) + "年级"


# --- People -----------------------------------------------------------------------------------------------------------


@register.filter
def masked_id(number: str | SealedText | None) -> str:
    """Return an identity number of which the last digits stand (privacy.mask_rules): `**************1234`."""
    return masking.masked(str(number), head=0, tail=masking.rule().id_tail) if number else NOTHING


@register.filter
def masked_phone(number: str | None) -> str:
    """Return a telephone number with its middle hidden (privacy.mask_rules): `199****0001`."""
    if not number:
        return NOTHING
    rule = masking.rule()
    return masking.masked(number, head=rule.phone_head, tail=rule.phone_tail)


@register.filter
def whole_phones(text: str | None) -> str:
    """Return a text in which no telephone number breaks at its hyphen: 023-53200110 stays on one line."""
    pieces = _PHONE.split(text or "")  # every second piece is a number
    whole = (
        format_html('<span class="nowrap">{}</span>', piece) if at % 2 else piece for at, piece in enumerate(pieces)
    )
    return format_html_join("", "{}", ((piece,) for piece in whole))


@register.filter
def masked_name(name: str | None) -> str:
    """Return a name of which only the surname stands, for lists that strangers read: `王＊＊`."""
    return f"{name[0]}{'＊' * (len(name) - 1)}" if name else NOTHING


# --- Refusals ---------------------------------------------------------------------------------------------------------


@register.filter
def sentence(refusal: Refusal) -> str:
    """Return a refusal in words."""
    return sentences.say(refusal)


@register.filter
def headings(clause_ids: Iterable[str]) -> str:
    """Return under which headings of the policy some clauses stand, each once: `二（二）服务时间`."""
    return "、".join(dict.fromkeys(clause(one).section for one in clause_ids))


@register.filter
def lookup(mapping: Any, key: Any) -> Any:
    """Return `mapping[key]`, or None: for tables whose columns are known only when the page is drawn.

    Of a list it is what stands at the place `key`.
    """
    if isinstance(mapping, Sequence):
        return mapping[key] if key < len(mapping) else None
    return mapping.get(key)


@register.filter
def beacon(results: str | None) -> str:
    """Return the published results of a draw as people read them; a dash where there are none."""
    return say_beacon(results) if results else NOTHING
