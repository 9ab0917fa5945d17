"""Grade and class in the forms that schools write: 三（2）班, 三年级2班, 3.2, 301, 2023级3班, 初一1班, G3.

A name of a class is read as `Named`: what it says, not yet what it means. 2023级 is a year of entry or of leaving;
which grade that is depends on the school year and on whether the school is a primary or a junior school (`grades_of`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from kehou.rules.roster.grid import plain, without_spaces

LAST_CLASS = 40
"""No grade has more classes than this; a larger number is something else (31班 may be 3年级1班)."""

Stage = Literal["primary", "junior", "senior", ""]

_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")}
_NUMBER = r"\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]"
_GRADE = (
    r"(?:(?P<early>小学|小)(?P<g1>[一二三四五六1-6])(?:年级|年)?"
    r"|(?:初中|初)(?P<g2>[一二三四1-4])(?:年级|年)?"
    r"|(?:高中|高)(?P<g3>[一二三1-3])(?:年级|年)?"
    r"|G(?:RADE)?(?P<g4>[1-9])"
    r"|(?P<g5>[一二三四五六七八九]|0?[1-9])(?:年级|年))"
)
_COHORT = r"(?:(?P<stage>小学|小|初中|初|高中|高)?(?P<year>20\d\d|[1-4]\d)(?P<way>级|届))"
_JOINT = r"[-_.,、/·\s]?"
_CLASS = rf"(?:\(?第?(?P<n>{_NUMBER})\)?(?:班|CLASS)?|\[(?P<n2>{_NUMBER})\]班?|C(?:LASS)?(?P<n3>\d{{1,2}}))"
_WHOLE = re.compile(rf"(?:{_GRADE}|{_COHORT}){_JOINT}{_CLASS}")
_GRADE_ONLY = re.compile(rf"(?:{_GRADE}|{_COHORT})")
_SHORT = re.compile(
    rf"(?P<g>[一二三四五六七八九])(?:[-_./·]?\((?P<n>{_NUMBER})\)|[-_./·]?(?P<n2>\d{{1,2}})|(?P<n3>[一二三四五六七八九])|[-_./·](?P<n4>{_NUMBER}))班?"
    r"|(?P<d>[1-9])(?:[-_./·](?P<m>\d{1,2})|\((?P<m2>\d{1,2})\)|\[(?P<m3>\d{1,2})\])班?"
    r"|0?(?P<h>[1-9])(?P<k>\d{2})班?"
)
_YEAR_AND_CLASS = re.compile(r"(?P<year>20\d\d)[-_.]?(?:(?P<n>\d{2})|\((?P<n2>\d{1,2})\))班?")
_CLASS_ONLY = re.compile(rf"(?:第?\(?(?P<n>{_NUMBER})\)?班?|班(?P<n2>\d{{1,2}}))")
_PLAIN_GRADE = re.compile(r"(?P<g>[一二三四五六七八九]|0?[1-9])级?|(?P<year>20\d\d)级?")
_REMARK = re.compile(r"\([^()]*[^\d()一二三四五六七八九十][^()]*\)$")
# A day where a class should stand: 3-2 typed into a cell that Excel took for the second of March.
_DAY = re.compile(r"\d{1,2}月\d{1,2}日|\d{1,2}-[A-Z][a-z]{2}|20\d\d[-/]\d{1,2}[-/]\d{1,2}|[A-Z][a-z]{2}-\d{1,2}")
_IN_TITLE = re.compile(
    rf"(?:{_GRADE}|{_COHORT}|(?P<g>[一二三四五六七八九]|(?<!\d)[1-9](?=[\s]*\()))\s*{_JOINT}\s*[(\[]?\s*(?P<n>{_NUMBER})\s*[)\]]?\s*班"
)
_GRADE_IN_TITLE = re.compile(
    r"(?P<g5>[一二三四五六七八九]|(?<!\d)[1-9])年级|初中?(?P<g2>[一二三])(?:年级)?|(?P<stage>小|初)?(?P<year>20\d\d)(?P<way>级|届)"
    r"|(?!)(?P<g1>)(?P<g3>)(?P<g4>)"
)
_RANGES = tuple("-—–~至到、,和与及/")


@dataclass(frozen=True, slots=True)
class Named:
    """What the name of a class says; every part may be missing. `grade` 1 to 9, 10 and above for senior schools."""

    grade: int | None = None
    number: int | None = None
    year: int | None = None
    stage: Stage = ""
    leaving: bool = False  # 届: the year of leaving, never of entry

    @property
    def tells_grade(self) -> bool:
        """Say whether a grade or a year stands in the name."""
        return self.grade is not None or self.year is not None

    def in_grade(self, other: Named) -> Named:
        """Return this class number in the grade of `other`."""
        return Named(other.grade, self.number, other.year, other.stage, other.leaving)


def value_of(number: str) -> int:
    """Return the value of 12, 十二, 二十 or 三."""
    number = number.replace("〇", "0")
    if number.isdigit():
        return int(number)
    if "十" in number:
        tens, _, ones = number.partition("十")
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return _DIGITS[number]


@lru_cache(maxsize=4096)
def read_class(text: str) -> Named | None:
    """Return what a class cell says: grade and class, or a class alone. None if it is not the name of a class."""
    text = _spelled(text)
    for candidate in (text, _REMARK.sub("", text)):
        if candidate and (named := _read_class(candidate)) is not None:
            return named
    return None


def _read_class(text: str) -> Named | None:
    if found := _WHOLE.fullmatch(text):
        return _within(_named(found, found["n"] or found["n2"] or found["n3"]))
    if found := _YEAR_AND_CLASS.fullmatch(text):
        return _within(Named(number=value_of(found["n"] or found["n2"]), year=int(found["year"])))
    if found := _CLASS_ONLY.fullmatch(text):
        # 二十班 is class 20, 二（十）班 class 10 of grade 2: the brackets tell.
        return _within(Named(number=value_of(found["n"] or found["n2"])))
    if found := _SHORT.fullmatch(text):
        parts = found.groupdict()
        grade = parts["g"] or parts["d"] or parts["h"]
        number = next(parts[name] for name in ("n", "n2", "n3", "n4", "m", "m2", "m3", "k") if parts[name])
        return _within(Named(grade=value_of(grade), number=value_of(number)))
    return _named(found, None) if (found := _GRADE_ONLY.fullmatch(text)) else None


@lru_cache(maxsize=1024)
def read_grade(text: str) -> Named | None:
    """Return what a grade cell says: a grade, a year of entry, or even a whole class."""
    text = _REMARK.sub("", _spelled(text))
    if found := _PLAIN_GRADE.fullmatch(text):
        return Named(year=int(found["year"])) if found["year"] else Named(grade=value_of(found["g"]))
    if found := _GRADE_ONLY.fullmatch(text):
        return _named(found, None)
    named = read_class(text)
    return named if named is not None and named.tells_grade else None


@lru_cache(maxsize=1024)
def find_class(title: str) -> Named | None:
    """Return the one class named inside a title such as 2026年秋季三年级（2）班花名册; None if none or several."""
    text = unicodedata.normalize("NFKC", title)
    return _the_only(text, [(each, _within(_named(each, each["n"], each["g"]))) for each in _IN_TITLE.finditer(text)])


@lru_cache(maxsize=1024)
def find_grade(title: str) -> Named | None:
    """Return the one grade named inside a title such as 三年级学生名单; None if none, several, or 一至六年级."""
    text = unicodedata.normalize("NFKC", title)
    return _the_only(text, [(each, _named(each, None)) for each in _GRADE_IN_TITLE.finditer(text)])


def _the_only(text: str, found: list[tuple[re.Match[str], Named | None]]) -> Named | None:
    """Return what all finds agree on, None if they do not, or if one of them ends a range."""
    if any(text[: each.start()].rstrip()[-1:] in _RANGES for each, _ in found if each.start()):
        return None
    different = {named for _, named in found} - {None}
    return different.pop() if len(different) == 1 else None


def looks_like_a_day(text: str) -> bool:
    """Say whether Excel has made a day of a class: 3月2日 for 3-2."""
    return _DAY.fullmatch(text.strip()) is not None


def _spelled(text: str) -> str:
    text = without_spaces(unicodedata.normalize("NFKC", plain(text))).upper()
    for open_, close in ("[]", "{}", "〔〕", "【】", "<>", "《》", "〈〉"):
        text = text.replace(open_, "(").replace(close, ")")
    return text.replace("班级", "班").replace("—", "-").replace("–", "-").replace("~", "-")


def _named(found: re.Match[str], number: str | None, bare: str | None = None) -> Named:
    """Return the class behind a match of _GRADE or _COHORT."""
    parts = found.groupdict()
    count = value_of(number) if number else None
    if parts["year"]:
        year = int(parts["year"])
        stage: Stage = {"小": "primary", "初": "junior", "高": "senior"}.get((parts["stage"] or " ")[0], "")  # type: ignore[assignment]
        return Named(None, count, year if year > 99 else 2000 + year, stage, parts["way"] == "届")
    if parts["g2"]:
        # 初四 exists where primary school has five years; grade 9 either way.
        return Named(min(9, 6 + value_of(parts["g2"])), count)
    if parts["g3"]:
        return Named(9 + value_of(parts["g3"]), count, stage="senior")
    return Named(value_of(parts["g1"] or parts["g4"] or parts["g5"] or bare or ""), count)


def _within(named: Named) -> Named | None:
    return named if named.number is not None and 1 <= named.number <= LAST_CLASS else None


def school_year(on: date) -> int:
    """Return the year in which the school year of a day began; rosters of the new year are made from August on."""
    return on.year if on.month >= 8 else on.year - 1


def grades_of(named: Named, *, on: date) -> list[int]:
    """Return the grades that a year of entry or leaving can mean on a day: none, one, or one per stage.

    A year that lies ahead is a year of leaving, whatever stands behind it (初2028级 in Chongqing): the two never meet.
    """
    if named.year is None:
        return [] if named.grade is None else [named.grade]
    began = school_year(on)
    by_leaving = named.leaving or named.year > began
    ends: tuple[tuple[Stage, int, int], ...] = (("primary", 1, 6), ("junior", 7, 9))
    grades = []
    for stage, first, last in ends:
        if named.stage in ("", stage):
            grade = last - (named.year - began - 1) if by_leaving else first + began - named.year
            if first <= grade <= last:
                grades.append(grade)
    return grades


def grade_by_age(grades: list[int], born: date, *, on: date) -> int | None:
    """Return the one grade among `grades` that fits a birth date, None if none or several do.

    Within two years where there is a choice (primary and junior readings lie six apart), within three where there is
    none: then a year of entry is told from a year of leaving, five grades apart.
    """
    # A child enters grade 1 in the school year after the sixth birthday, by the end of August.
    usual = school_year(on) - (born.year + (born.month >= 9)) - 5
    near = [grade for grade in grades if abs(grade - usual) <= (2 if len(grades) > 1 else 3)]
    return near[0] if len(near) == 1 else None
