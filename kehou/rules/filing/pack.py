"""What lies in a pack: nine parts, each of facts, words, tables and the evidence it was taken from; its hash.

A part is kept and hashed as plain JSON, and the same JSON is shown on the page, printed, checked and compared. What the
checks need as numbers and lists stands in `measures`; people read the rest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PartKind:
    """One of the papers a school files: its code, its name, the rule behind it, whether every filing carries it."""

    code: str
    title: str
    rule: str
    required: bool = True


# domain/06 section 3.12. F9 stands in every amendment and in nothing else; F8 only where a third party was chosen.
PARTS: dict[str, PartKind] = {
    kind.code: kind
    for kind in (
        PartKind("F1", "实施方案", "R-GATE-05"),
        PartKind("F2", "经费管理方案", "R-FILING-02"),
        PartKind("F3", "服务人员名单", "R-FILING-01"),
        PartKind("F4", "学生课后服务内容项目表", "R-GATE-02"),
        PartKind("F5", "管理制度目录及文本", "R-DOC-01"),
        PartKind("F6", "安全与应急预案、交通疏导方案", "R-DOC-01"),
        PartKind("F7", "告知书与协议书样本", "R-AGR-02"),
        PartKind("F8", "第三方选用材料", "R-FILING-03", required=False),
        PartKind("F9", "调整备案（差异）", "R-FILING-01", required=False),
    )
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a part was taken from: what, its hash if it has one, the day (ISO) and by whom."""

    what: str
    digest: str = ""
    on: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its paragraphs."""

    title: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table of words; the first `keys` columns together name a row, so that two versions can be compared."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    keys: int = 1
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One paper as it is assembled. Not `formed`: `waits_for` says in words what has to exist first."""

    code: str
    formed: bool
    facts: tuple[tuple[str, str], ...] = ()
    sections: tuple[Section, ...] = ()
    tables: tuple[Table, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    measures: Mapping[str, Any] = field(default_factory=dict)
    waits_for: str = ""

    def content(self) -> dict[str, Any]:
        """Return the part as plain JSON: what is kept, hashed, shown, printed, checked and compared."""
        return {
            "code": self.code,
            "title": PARTS[self.code].title,
            "formed": self.formed,
            "waits_for": self.waits_for,
            "facts": [list(pair) for pair in self.facts],
            "sections": [{"title": one.title, "words": list(one.words)} for one in self.sections],
            "tables": [
                {
                    "title": one.title,
                    "columns": list(one.columns),
                    "rows": [list(row) for row in one.rows],
                    "keys": one.keys,
                    "widths": list(one.widths) or [1] * len(one.columns),
                }
                for one in self.tables
            ],
            "evidence": [
                {"what": one.what, "digest": one.digest, "on": one.on, "who": one.who} for one in self.evidence
            ],
            "measures": dict(self.measures),
        }


def unformed(code: str, waits_for: str) -> Part:
    """Return a part that is not there yet: the page says what it waits for, and nothing is made up."""
    return Part(code, formed=False, waits_for=waits_for)


def digest_of(content: Content) -> str:
    """Return the SHA-256 in hex of a part or a manifest in its one form: sorted keys, no blanks, UTF-8."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def manifest_of(
    contents: Sequence[Content], *, school: str, term: str, order: int, kind: str, note: str
) -> dict[str, Any]:
    """Return what is hashed as the whole: whose it is, what the school says to it, and the hash of every part."""
    return {
        "school": school,
        "term": term,
        "order": order,
        "kind": kind,
        "note": note,
        "parts": [
            {"code": one["code"], "title": one["title"], "formed": one["formed"], "digest": digest_of(one)}
            for one in contents
        ],
    }
