"""The resource ledger on paper, and the sheet with which somebody walks through the buildings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import Equipment, Room, School
from kehou.chapters.schools.queries.census import COLUMNS
from kehou.lib.paper import Paper
from kehou.lib.paper.register import issue
from kehou.rules.resources import Part

BASIS = "《关于梁平区中小学生课后服务工作的实施意见（试行）》二（七）1"
CHECK_BASIS = "《关于梁平区中小学生课后服务工作的实施意见（试行）》三（二）"
_SHARES = dict.fromkeys(("名称", "器材", "内容", "特长", "雨天安排", "分项容量"), 4) | {"最近检查": 3}


def ledger_paper(
    school: School,
    term: Term,
    parts: Mapping[str, Sequence[Sequence[Any]]],
    *,
    version: str,
    issued_at: datetime,
    number: str = "",
    digest: str = "",
    closed_by: str = "",
    address: str = "",
    mark: str = "",
) -> Paper:
    """Return the ledger: five parts with all their rows; a part without rows says 无 (R-RES-02).

    `address` is where its code is verified: a closed version by its `digest`; a draft carries no code.
    """
    sections = [_section(part, parts.get(part.value, ())) for part in Part]
    facts = [["五个部分", "、".join(f"{part.label}{len(parts.get(part.value, ()))}" for part in Part)]]
    facts += [["定稿人", closed_by], ["台账校验码", digest]] if digest else []
    return issue(
        "record",
        {"wide": True, "facts": facts, "sections": sections},
        title="课后服务资源台账",
        number=number,
        school=school.name,
        term=term.name,
        version=version,
        basis=BASIS,
        issued_at=issued_at,
        verify_url=verify_address(address, digest),
        mark=mark,
    )


def _section(part: Part, rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    columns = COLUMNS[part]
    return {
        "title": f"{part.label}（{len(rows)}项）" if rows else f"{part.label}：无",
        "table": {
            "columns": list(columns),
            "rows": [list(row) for row in rows],
            "widths": [_SHARES.get(name, 2) for name in columns],
            "empty": "无",
        },
    }


def verify_address(address: str, digest: str) -> str:
    """Return what a QR code leads to: the public page on the closed ledger with this hash; nothing without one."""
    return f"{address.rstrip('/')}/verify/{digest[:24]}/" if address and digest else ""


def check_sheet(
    school: School, term: Term, rows: Iterable[Room | Equipment], *, issued_at: datetime, address: str = "",
    digest: str = "",
) -> Paper:  # fmt: skip
    """Return the blank sheet of a safety check: each row with its keeper and last check, and room to write (3.2-d).

    Its code leads to the closed ledger of the term whose rows it lists, by `digest`; before a closing it has none.
    """
    columns = ["编号", "名称", "位置", "保管人", "上次检查", "好", "有问题（写明）", "要不要停用"]
    body = [
        [
            row.code, row.name, row.building if isinstance(row, Room) else (row.room.name if row.room else row.place),
            row.keeper, row.checked_on.isoformat() if row.checked_on else "", "□", "", "",
        ]
        for row in rows
    ]  # fmt: skip
    table = {"columns": columns, "rows": body, "widths": [2, 3, 3, 2, 2, 1, 6, 2], "empty": "台账里还没有场地和设备"}
    words = ["检查日期：          　　检查人签名：                    　　查完请到“安全检查”登记。"]
    return issue(
        "record",
        {"wide": True, "sections": [{"words": words, "table": table}]},
        title="场地设备安全检查表",
        number="",
        school=school.name,
        term=term.name,
        version="",
        basis=CHECK_BASIS,
        issued_at=issued_at,
        verify_url=verify_address(address, digest),
    )
