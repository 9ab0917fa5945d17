"""F9 调整备案: what differs from the pack in force, part by part, with the reason (2.4-p: every later change)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kehou.rules.filing import PARTS, Evidence, Part, Section, Table, differences, unformed

_KINDS = {"added": "增加", "removed": "减少", "changed": "改动"}


def build(
    before: Mapping[str, Any], after: Mapping[str, Any], *, reason: str, number: str, digest: str, on: str
) -> Part:
    """Return the difference between two sets of contents (by code); unformed where there is none."""
    rows = tuple(
        (f"{code} {kind.title}", one.field, _KINDS[one.kind], one.before, one.after)
        for code, kind in PARTS.items()
        for one in differences(before.get(code), after.get(code))
    )
    if not rows:
        return unformed("F9", "与通过备案的材料相比没有变化")
    changed = tuple(dict.fromkeys(row[0] for row in rows))
    return Part(
        "F9",
        formed=True,
        facts=(("变更前", number), ("涉及", "、".join(changed)), ("变更", f"{len(rows)}处")),
        sections=(Section("变更原因", (reason,)),),
        tables=(Table("变更明细", ("材料", "内容", "变更", "原来", "现在"), rows, keys=2, widths=(3, 4, 2, 4, 4)),),
        evidence=(Evidence("变更前的备案材料", digest, on),),
        measures={"changes": len(rows)},
    )
