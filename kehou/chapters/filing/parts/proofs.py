"""How a pack of the planning chapter becomes a part: its proofs as a table, its problems for the checks."""

from __future__ import annotations

from typing import Any

from kehou.chapters.planning.models import PolicyVersion
from kehou.chapters.planning.queries.organisation import Pack, Proof
from kehou.rules.filing import Evidence, Part, Section, Table, unformed
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refusal

_COLUMNS = ("文件", "日期", "批准或登记", "内容摘要")


def part_of(code: str, pack: Pack, *, without: str) -> Part:
    """Return a part of what proves it; unformed (`without`) while nothing is signed or recorded."""
    signed = [proof for proof in pack.evidence if proof.digest]
    if not signed:
        return unformed(code, without)
    return Part(
        code,
        formed=True,
        facts=(("文件", f"{len(signed)}份"), ("待补", f"{len(pack.problems) + len(pack.warnings)}项")),
        tables=(Table("目录", _COLUMNS, tuple(_row(one) for one in pack.evidence), keys=1, widths=(5, 3, 3, 3)),),
        evidence=evidence_in(pack),
        measures={
            "problems": [plain(one) for one in pack.problems],
            "warnings": [plain(one) for one in pack.warnings],
        },
    )


def evidence_in(pack: Pack) -> tuple[Evidence, ...]:
    """Return what of a pack carries a hash."""
    return tuple(Evidence(one.title, one.digest, _day(one), _who(one)) for one in pack.evidence if one.digest)


def texts_of(version: PolicyVersion) -> tuple[Section, ...]:
    """Return the words of a document, a section for each chapter; of a scanned paper its hash instead."""
    name = f"{version.kind.mark}{version.kind.title}"
    if version.scan and not version.chapters:
        return (Section(name, (f"学校原件的扫描件，摘要{version.scan_digest}",)),)
    return tuple(Section(f"{name}　{one.title}", tuple(one.body.split("\n"))) for one in version.text)


def _row(proof: Proof) -> tuple[str, ...]:
    return (proof.title, _day(proof) or "还没有", _who(proof), proof.digest[:16])


def _day(proof: Proof) -> str:
    return proof.on.isoformat() if proof.on else ""


def _who(proof: Proof) -> str:
    return proof.by.split("（")[0]


def plain(no: Refusal) -> dict[str, Any]:
    """Return a problem as it is kept in the pack: its rule and what it said on that day."""
    return {"code": no.code, "said": say(no)}
