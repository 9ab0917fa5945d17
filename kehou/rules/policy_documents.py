"""The 22 policy documents of a school (制度): eleven that the policy names, eleven that are advised (2.5, 3.1, 3.2).

R-DOC-01: every required one is present, signed and in force; R-DOC-02 says which of the advised ones are missing. A
document is reviewed every so many months (`shelf.review_months`); one that is overdue is warned about, not void.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kehou.rules.verdicts import Refusal, refuse


@dataclass(frozen=True, slots=True)
class PolicyKind:
    """One kind of document: its number on the shelf, what it is called, whose work it is (a post of the group)."""

    number: int
    title: str
    required: bool
    clause: str
    post: str

    @property
    def mark(self) -> str:
        """Return the number as the catalogue prints it: ①."""
        return chr(0x2460 + self.number - 1) if self.number <= 20 else chr(0x3251 + self.number - 21)


_NAMED = (
    ("管理机构及工作职责", "2.5-b", "head"),
    ("经费管理制度", "2.5-c", "finance"),
    ("突发事件应急预案", "2.5-d", "safety"),
    ("传染病防控管理制度", "2.5-e", "safety"),
    ("传染病应急预案", "2.5-e", "safety"),
    ("管理人员工作制度", "2.5-f", "deputy_head"),
    ("准入和退出管理制度", "2.5-g", "manager"),
    ("安全管理制度", "3.1-j", "safety"),
    ("场地设施设备安全管理制度", "3.2-d", "safety"),
    ("门卫登记制度", "3.2-e", "safety"),
    ("家校安全联系责任制", "3.1-k", "manager"),
)
_ADVISED = (
    ("考勤与请假制度", "manager"),
    ("离校接送制度", "safety"),
    ("收费退费与减免制度", "finance"),
    ("公示制度", "manager"),
    ("投诉与意见处理制度", "deputy_head"),
    ("督查与质量管理制度", "quality"),
    ("个人信息保护制度", "privacy"),
    ("未成年人保护与师德制度", "deputy_head"),
    ("第三方管理制度", "manager"),
    ("家长委员会参与制度", "committee"),
    ("档案管理制度", "manager"),
)
KINDS: tuple[PolicyKind, ...] = (
    *(PolicyKind(number, title, True, clause, post) for number, (title, clause, post) in enumerate(_NAMED, 1)),
    *(PolicyKind(number, title, False, "2.5-h", post) for number, (title, post) in enumerate(_ADVISED, 12)),
)
BY_NUMBER: Mapping[int, PolicyKind] = {kind.number: kind for kind in KINDS}
REQUIRED = tuple(kind.number for kind in KINDS if kind.required)
EMERGENCY_PLAN = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """What lies in one place of the shelf: the version in force and when it is to be reviewed; a draft beside it."""

    in_force_from: date | None = None
    review_by: date | None = None
    has_draft: bool = False


def problems_of_shelf(shelf: Mapping[int, Standing], *, on: date) -> tuple[Refusal, ...]:
    """Return what is missing or overdue on a day, required documents first: R-DOC-01, then R-DOC-02.

    A document counts from the day it is in force.
    """
    found = []
    for kind in KINDS:
        here = shelf.get(kind.number, Standing())
        code, said = ("R-DOC-01" if kind.required else "R-DOC-02"), f"{kind.mark}{kind.title}"
        if here.in_force_from is None:
            found.append(refuse(code, "only_a_draft" if here.has_draft else "not_adopted", title=said))
        elif here.in_force_from > on:
            found.append(refuse(code, "not_yet_in_force", title=said, day=in_words(here.in_force_from)))
        elif here.review_by is not None and here.review_by < on:
            found.append(refuse(code, "review_overdue", title=said, day=in_words(here.review_by)))
    return tuple(found)


def blocks(problem: Refusal) -> bool:
    """Return whether a problem of the shelf means that a required document is not there; the others only warn."""
    return problem.code == "R-DOC-01" and problem.why != "review_overdue"


def in_words(day: date) -> str:
    """Return a day as a document writes it."""
    return f"{day.year}年{day.month}月{day.day}日"


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, the last of the month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a document. Each line of `body` is one article; their numbers run through the whole document."""

    title: str
    body: str


def refusals_to_sign(
    chapters: Iterable[Chapter], *, scanned: bool, responsible: str, in_force_from: date, on: date
) -> tuple[Refusal, ...]:
    """Return every reason why the principal cannot sign a document as it is (R-DOC-01)."""
    written = [chapter for chapter in chapters if chapter.body.strip()]
    text = "".join(chapter.body for chapter in written)
    return tuple(
        one
        for one in (
            None if written or scanned else refuse("R-DOC-01", "without_text"),
            refuse("R-DOC-01", "place_left_open", words="（待定）") if "（待定）" in text and not scanned else None,
            None if responsible.strip() else refuse("R-DOC-01", "nobody_responsible"),
            refuse("R-DOC-01", "in_force_before_signing") if in_force_from < on else None,
        )
        if one
    )


def articles(chapters: Iterable[Chapter]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return (chapter, [(第一条, words)]) with the numbers that the printed text carries."""
    found, number = [], 0
    for chapter in chapters:
        rows = []
        for line in chapter.body.splitlines():
            if line.strip():
                number += 1
                rows.append((f"第{numeral(number)}条", line.strip()))
        found.append((chapter.title, rows))
    return found


def numeral(number: int) -> str:
    """Return 1 to 999 in Chinese numerals: 21 is 二十一."""
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    if number < 20:
        return "十" + (digits[number % 10] if number % 10 else "")
    if number < 100:
        return digits[number // 10] + "十" + (digits[number % 10] if number % 10 else "")
    rest = number % 100
    hundreds = digits[number // 100] + "百"
    if not rest:
        return hundreds
    return hundreds + ("零" + digits[rest] if rest < 10 else ("一" if rest < 20 else "") + numeral(rest))
