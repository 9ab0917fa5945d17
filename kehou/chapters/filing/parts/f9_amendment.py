"""F9 调整备案: what differs from the pack in force, part by part, with the reason (2.4-p: every later change)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kehou.chapters.planning.queries import AmendmentDiff
from kehou.rules.filing import PARTS, Evidence, Part, Section, Table, differences, unformed

_KINDS = {"added": "增加", "removed": "减少", "changed": "改动"}


def build(
    before: Mapping[str, Any], after: Mapping[str, Any], *, reason: str, number: str, digest: str, on: str,
    amended: Sequence[AmendmentDiff] = (),
) -> Part:  # fmt: skip
    """Return the difference between two sets of contents (by code); unformed where there is none.

    `amended` are the amendments of the plan signed since: what changed in the school's words, what the families said.
    """
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
        tables=(
            Table("变更明细", ("材料", "内容", "变更", "原来", "现在"), rows, keys=2, widths=(3, 4, 2, 4, 4)),
            *([_plan_table(amended)] if amended else []),
        ),
        evidence=(
            Evidence("变更前的备案材料", digest, on),
            *(Evidence(f"实施方案第{one.number}次调整", one.digest) for one in amended),
        ),
        measures={"changes": len(rows), "amended": [one.number for one in amended]},
    )


def _plan_table(amended: Sequence[AmendmentDiff]) -> Table:
    """Say each change of the plan with its day, its reason and how the families it touches answered, in figures."""
    columns = ("调整", "事项", "原来", "现在", "起始日", "原因", "家长答复")
    rows = tuple(
        (f"第{one.number}次", f"{change.kind.label}：{change.what}", change.was, change.becomes,
         one.from_on.isoformat(), one.reason, _answers(one))
        for one in amended
        for change in one.changes
    )  # fmt: skip
    return Table("实施方案调整", columns, rows, keys=2, widths=(2, 3, 3, 3, 3, 4, 4))


def _answers(one: AmendmentDiff) -> str:
    if not one.is_material:
        return f"已告知{one.affected}人，不需要重新同意"
    return f"涉及{one.affected}人：同意{one.agreed}，退出{one.left}，未答复{one.silent}（按原来的安排）"
