"""The fifteen sections of the plan (document 9), the sources they rest on, and the notes that tie both together.

A note is `〔注3〕` in the text; source 3 stands at the end of the plan. What was drawn from survey, ledger or table
keeps its note, so that whoever reads a figure can look it up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kehou.rules.labels import Labelled
from kehou.rules.verdicts import Refusal, refuse

_NOTE = re.compile(r"〔注(\d{1,3})〕")
LONGEST_SECTION = 6000


class SourceKind(Labelled):
    """What a statement of the plan can rest on."""

    SURVEY = "survey", "意向调查"
    LEDGER = "ledger", "资源台账"
    TABLE = "table", "内容项目表"
    TARIFF = "tariff", "收费标准"
    BASIS = "basis", "政策依据"
    SCHOOL = "school", "学校基础数据"


@dataclass(frozen=True, slots=True)
class Source:
    """One source with its number: what it is, of which day, the hash of what it said; a survey must be closed."""

    number: int
    kind: SourceKind
    label: str
    digest: str = ""
    closed: bool = True


class Section(Labelled):
    """The sections in their order."""

    BASICS = "basics", "基本情况"
    NEEDS = "needs", "需求与资源结论"
    ORGANISATION = "organisation", "组织机构"
    CHILDREN = "children", "服务对象与保障群体"
    TIMES = "times", "时间与课时"
    TABLE = "table", "内容项目表"
    PEOPLE = "people", "人员与资质"
    RULES = "rules", "管理制度清单"
    SAFETY = "safety", "安全与接送"
    MONEY = "money", "收费与经费"
    OPENNESS = "openness", "公开与监督"
    QUALITY = "quality", "质量与督查"
    EMERGENCY = "emergency", "应急"
    ADOPTION = "adoption", "意见采纳情况"
    ATTACHMENTS = "attachments", "附件"


SECTIONS: tuple[Section, ...] = tuple(Section)
# Written by themselves from the adoption table and the list of attachments when a version is made.
WRITTEN_LAST = frozenset({Section.ADOPTION, Section.ATTACHMENTS})
# What these sections say must be drawn from such a source (2.2-f, 2.7.2-a).
_RESTS_ON: Mapping[Section, tuple[SourceKind, ...]] = {
    Section.NEEDS: (SourceKind.SURVEY, SourceKind.LEDGER),
    Section.TIMES: (SourceKind.SURVEY,),
    Section.TABLE: (SourceKind.TABLE,),
    Section.MONEY: (SourceKind.TARIFF,),
}

# Each line of these is a conclusion that somebody counted: whoever reads it must be able to look it up.
_PROVEN_LINE_BY_LINE = frozenset({Section.NEEDS})
_SHOWN = 20


def marks_in(text: str) -> list[int]:
    """Return the numbers of the notes in a text, in their order, each once."""
    return list(dict.fromkeys(int(number) for number in _NOTE.findall(text)))


def without_marks(text: str) -> str:
    """Return a text as a family reads it, where no list of sources follows: the marks of the notes left out."""
    return _NOTE.sub("", text)


def refusals_of_draft(bodies: Mapping[str, str], sources: Iterable[Source]) -> list[Refusal]:
    """Return why nobody can be asked about this plan yet (R-TRACE-01): no closed survey, a section unproven."""
    known = {one.number: one for one in sources}
    surveys = [one for one in known.values() if one.kind is SourceKind.SURVEY]
    found = []
    if not surveys:
        found.append(refuse("R-TRACE-01", "no_survey"))
    elif not any(one.closed for one in surveys):
        found.append(refuse("R-TRACE-01", "survey_still_open"))
    for section in SECTIONS:
        found += _refusals_of_section(section, bodies.get(section, ""), known)
    return found


def _refusals_of_section(section: Section, body: str, known: Mapping[int, Source]) -> Iterable[Refusal]:
    if section in WRITTEN_LAST:
        return
    if not body.strip():
        yield refuse("R-TRACE-01", "section_is_empty", section=section.label)
        return
    marks = marks_in(body)
    if strange := [number for number in marks if number not in known]:
        yield refuse("R-TRACE-01", "note_without_source", section=section.label, number=strange[0])
    kinds = {known[number].kind for number in marks if number in known}
    for kind in _RESTS_ON.get(section, ()):
        if kind not in kinds:
            yield refuse("R-TRACE-01", "section_without_source", section=section.label, source=kind.label)
    if section in _PROVEN_LINE_BY_LINE:
        bare = [line.strip() for line in body.splitlines() if line.strip() and not marks_in(line)]
        for line in bare[:1]:
            yield refuse("R-TRACE-01", "statement_without_source", section=section.label, words=line[:_SHOWN])
