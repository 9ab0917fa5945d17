"""The gate chain on paper, for an auditor: one school's with every step, the district's with every school."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from kehou.chapters.basis.models import Term
from kehou.chapters.filing.queries.chain import Chain, chain_content
from kehou.lib.paper import Paper
from kehou.lib.paper.register import issue
from kehou.lib.paper.wording import in_words
from kehou.rules.steps import STEPS

BASIS = "《关于梁平区中小学生课后服务工作的实施意见（试行）》二（一）、二（七）、四"
_CLOSING = "前一步没有办成，后一步不能开始；超期不等于通过。摘要是该环节材料校验码的前16位，可以逐项核验。"
_DISTRICT_COLUMNS = ("序", "学校", "完成", "超期", "现在的环节", "在等", "期限", "备案", "备案摘要", "项目表摘要")


def chain_paper(chain: Chain, *, address: str, at: datetime) -> Paper:
    """Return the gate chain of a school's term for an auditor: every step, its evidence with hash, who owes it."""
    content = chain_content(chain)
    rows = [
        [
            str(number), step["title"], step["state"], step["words"], _day(step["on"]), step["who"],
            step["digest"][:16], _day(step["due"]), step["owes"], step["blocked_by"] and f"先要{step['blocked_by']}",
        ]
        for number, step in enumerate(content["steps"], 1)
    ]  # fmt: skip
    columns = ["序", "环节", "状态", "情况", "日期", "经办", "摘要", "期限", "在等", "受阻"]
    data = {
        "facts": [["完成", f"{chain.done}／{len(chain.steps)}"], ["超期", f"{chain.late}步"]],
        "sections": [{"table": {"columns": columns, "rows": rows, "widths": [1, 3, 2, 5, 4, 2, 5, 4, 3, 3]}}],
        "wide": True,
        "closing": [_CLOSING],
    }
    return issue(
        "record",
        data,
        title="课后服务闸门链",
        number="",
        version="",
        issued_at=at,
        verify_url=f"{address.rstrip('/')}/filings/{chain.school.code}/?term={chain.term.code}",
        school=chain.school.name,
        term=chain.term.name,
        basis=BASIS,
    )


def district_chain_paper(chains: Sequence[Chain], term: Term, *, address: str, at: datetime) -> Paper:
    """Return the chains of all schools of a term on paper: how far each has come, what it waits for, its hashes."""
    steps = [
        [kind.title, *(str(sum(one.step(kind.key).state == state for one in chains)) for state in ("done", "late"))]
        for kind in STEPS
    ]
    data = {
        "facts": [
            ["学校", f"{len(chains)}所"],
            ["全部办完", f"{sum(one.now is None for one in chains)}所"],
            ["有超期环节", f"{sum(one.late > 0 for one in chains)}所"],
        ],
        "sections": [
            {"title": "各校", "table": {
                "columns": list(_DISTRICT_COLUMNS), "rows": [_row(number, one) for number, one in enumerate(chains, 1)],
                "widths": [2, 7, 3, 3, 6, 5, 8, 10, 10, 10],
            }},
            {"title": "各环节", "table": {
                "columns": ["环节", "已完成（所）", "已超期（所）"], "rows": steps, "widths": [4, 2, 2],
            }},
        ],
        "wide": True,
        "closing": [_CLOSING],
    }  # fmt: skip
    return issue(
        "record",
        data,
        title="全区课后服务闸门链",
        number="",
        version="",
        issued_at=at,
        verify_url=f"{address.rstrip('/')}/filings/?term={term.code}",
        school="全区",
        term=term.name,
        basis=BASIS,
    )


def _day(iso: str) -> str:
    return str(in_words(date.fromisoformat(iso))) if iso else ""


def _row(number: int, one: Chain) -> list[Any]:
    now, filing, table = one.now, one.step("filing").facts, one.step("table").facts
    due = in_words(now.due_on) if now and now.due_on else ""
    return [
        str(number), one.school.name, f"{one.done}/{len(one.steps)}", str(one.late),
        now.kind.title if now else "已办完", now.owes if now else "", due,
        filing.words or "没有报送", filing.digest[:16], table.digest[:16],
    ]  # fmt: skip
