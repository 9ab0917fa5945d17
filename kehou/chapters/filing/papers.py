"""The pack on paper: whole, each part alone, and the receipt of the district (备案回执)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.utils import timezone

from kehou.chapters.filing.models import Filing, Pack, PackPart
from kehou.chapters.filing.queries import contents_of
from kehou.lib.paper import Paper
from kehou.lib.paper.register import issue
from kehou.rules.filing import PARTS, digest_of

BASIS = "《关于梁平区中小学生课后服务工作的实施意见（试行）》二（四）、二（六）2、四"
DISTRICT = "梁平区教育委员会"
_CLOSING = "学校可以按备案材料开放报名和开展服务。人员增减、方案调整，须报变更备案；变更通过以前，按本次备案执行。"


def _verify(address: str, code: str) -> str:
    return f"{address.rstrip('/')}/verify/{quote(code)}/"


def _head(filing: Filing) -> dict[str, Any]:
    return {"school": filing.school.name, "term": filing.term.name, "basis": BASIS}


def pack_paper(pack: Pack, *, address: str) -> Paper:
    """Return everything that was signed as one paper: cover, contents, a chapter for each part."""
    filing, contents = pack.filing, contents_of(pack)
    parts = [{**contents[code], "digest": digest_of(contents[code])} for code in PARTS if code in contents]
    formed = sum(part["formed"] for part in parts)
    data = {
        "facts": [
            ["学校", filing.school.name], ["学期", filing.term.name], ["种类", filing.kind_title],
            ["状态", filing.state_title], ["备案编号", filing.number or "通过后编号"], ["材料", f"{formed}份"],
        ],
        "note": filing.note,
        "digest": pack.digest,
        "parts": [{**part, "measures": {}} for part in parts],
        "signature": _signature(pack),
    }  # fmt: skip
    return issue(
        "filing-pack",
        data,
        title=f"课后服务{filing.kind_title}材料",
        number=filing.number,
        version=str(pack.turn),
        issued_at=pack.signed_at,
        verify_url=_verify(address, pack.digest[:24]),
        **_head(filing),
    )


def _signature(pack: Pack) -> dict[str, Any]:
    line: dict[str, Any] = {"label": "校长", "name": pack.signed_by.split("（")[0], "at": pack.signed_at}
    if pack.picture:
        with pack.picture.open("rb") as file:
            line["png"] = file.read()
    else:
        line["name"] += f"（{pack.ink_title}）"
    return line


def part_paper(part: PackPart, *, address: str) -> Paper:
    """Return one part of a pack as a paper of its own."""
    content, filing = part.content, part.pack.filing
    sections = [
        *({"title": one["title"], "words": one["words"]} for one in content["sections"]),
        *({"title": one["title"], "table": _ruled(one)} for one in content["tables"]),
        {"title": "依据", "words": [_said(one) for one in content["evidence"]]},
    ]
    data = {
        "opening": "" if content["formed"] else content["waits_for"],
        "facts": content["facts"],
        "sections": [one for one in sections if one.get("words") != []],
        "wide": any(len(one["columns"]) > 6 for one in content["tables"]),
        "signatures": [_signature(part.pack)],
    }
    return issue(
        "record",
        data,
        title=PARTS[part.code].title,
        number=f"{filing.number} {part.code}".strip(),
        version=str(part.pack.turn),
        issued_at=part.pack.signed_at,
        verify_url=_verify(address, part.digest[:24]),
        **_head(filing),
    )


def _ruled(table: dict[str, Any]) -> dict[str, Any]:
    return {"columns": table["columns"], "rows": table["rows"], "widths": table["widths"]}


def _said(evidence: dict[str, str]) -> str:
    return "　".join(filter(None, (evidence["what"], evidence["on"], evidence["who"], evidence["digest"][:16])))


def receipt_paper(filing: Filing, *, address: str) -> Paper:
    """Return the receipt of an accepted filing: what was filed, with which hash, when it was accepted, by whom.

    :raises LookupError: for a filing that was never accepted
    """
    if not filing.number or filing.pack is None or filing.decided_at is None:
        raise LookupError("not accepted")
    return issue(
        "record",
        _receipt(filing, filing.pack),
        title="课后服务备案回执",
        number=filing.number,
        version="",
        issued_at=filing.decided_at,
        verify_url=_verify(address, filing.number),
        **_head(filing),
    )


def _receipt(filing: Filing, pack: Pack) -> dict[str, Any]:
    rows = [
        [one["code"], one["title"], "已收" if one["formed"] else "无", one["digest"][:24]]
        for one in pack.manifest["parts"]
    ]
    submitted = filing.submitted_at and timezone.localtime(filing.submitted_at)
    return {
        "opening": f"{filing.school.name}报送的{filing.term.name}课后服务{filing.kind_title}材料，经审核予以备案。",
        "facts": [
            ["备案编号", filing.number], ["种类", filing.kind_title],
            ["报送时间", f"{submitted:%Y-%m-%d %H:%M}" if submitted else "—"],
            ["通过时间", f"{timezone.localtime(filing.decided_at):%Y-%m-%d %H:%M}"],
            ["经办", (filing.decided_by or "").split("（")[0]], ["状态", filing.state_title],
        ],
        "sections": [
            {
                "title": "收到的材料",
                "table": {"columns": ["序号", "材料", "情况", "内容摘要"], "rows": rows, "widths": [1, 5, 1, 4]},
            },
            {"title": "全部材料的摘要（SHA-256）", "words": [pack.digest]},
            *([{"title": "审核说明", "words": [filing.reason]}] if filing.reason else []),
        ],
        "closing": [_CLOSING],
        "signatures": [{"label": f"{DISTRICT}（盖章）", "at": filing.decided_at}],
    }  # fmt: skip
