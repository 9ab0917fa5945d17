"""What is published, on paper for the notice board (公示栏): A4, or A3 to be read from two metres."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from kehou.chapters.disclosure.models import Publication
from kehou.lib.paper import Paper
from kehou.lib.paper.register import issue
from kehou.rules.publication import ITEMS

BASIS = "《关于梁平区中小学生课后服务工作的实施意见（试行）》二（五）、二（六）"


def poster(publication: Publication, *, address: str, a3: bool = False) -> Paper:
    """Return a publication as a poster with its hash and a QR to check it. :raises LookupError: for a kind without"""
    template, data = _LAYOUTS[publication.kind](publication)
    link = reverse("public:publication", args=(publication.number,))
    school = publication.school.name if publication.school else "梁平区教育委员会"
    return issue(
        template,
        {**data, **({"poster": True} if a3 and template == "price-board" else {})},
        title=publication.title.removeprefix(school) or publication.title,  # the school stands above it already
        number=publication.number,
        school=school,
        term=publication.term.name if publication.term else "",
        version=str(publication.version),
        basis=BASIS,
        issued_at=publication.published_at,
        verify_url=f"{address.rstrip('/')}{link}",
        code=publication.number,
    )


def _prices(publication: Publication) -> tuple[str, dict[str, Any]]:
    content = publication.content
    examples = [{"case": one["case"], "why": one["why"], "fen": one["fen"]} for one in content.get("examples", [])]
    return "price-board", {
        "item": content["item"],
        "tiers": [
            {"label": f"每天{tier['hours']}课时", "month_fen": tier["month_fen"], "day_fen": tier["day_fen"]}
            for tier in content["tiers"]
        ],
        "rule": content["rule"],
        "examples": examples,
        "basis_number": content["basis"],
        "waiver": content["waiver"],
        "refund": content["refund"],
        "payee": publication.school.name if publication.school else "",
        "account_name": f"{content['payee']} {content['bank']} {content['account']}".strip(),
        "ticket": content["ticket"],
        "phones": content["phones"] or [["学校", "见校门公示"]],
    }


def _account(publication: Publication) -> tuple[str, dict[str, Any]]:
    content = publication.content
    is_told = content["waived_fen"] is not None
    rows = (
        ("应收", content["gross_fen"], "" if is_told else "已扣减免"),
        *([("减免", content["waived_fen"], "由学校按名单直接减免")] if is_told else []),
        ("实收（缴入专户）", content["collected_fen"], ""),
        ("退费", content["refunded_fen"], "退回原账户"),
        ("财政拨付", content["appropriated_fen"], "支出只用拨付的款项"),
        *([("减免补偿", content.get("compensated_fen", 0), "财政为减免的孩子补的")] if is_told else []),
    )
    return "accounts", {
        "period": content["period"],
        "posted_from": date.fromisoformat(content["posted_from"]),
        "posted_until": date.fromisoformat(content["posted_until"]),
        "income": [{"what": what, "fen": fen, "note": note} for what, fen, note in rows],
        "spending": [
            {"use": one["title"], "fen": one["fen"], "count": one["count"]} for one in content["spending"] if one["fen"]
        ],
        "balance_fen": content["balance_fen"],
        "pupils": _shown(content["pupils"]),
        "pupil_days": _shown(content["pupil_days"]),
        **({"waived_count": f"{content['waived_count']:,}", "waived_fen": content["waived_fen"]} if is_told else {}),
        "note": " ".join(filter(None, (content.get("note", ""), content.get("surplus", "")))),
    }


def _shown(count: int | None) -> str:
    return "不公布" if count is None else f"{count:,}"


def _items(publication: Publication) -> tuple[str, dict[str, Any]]:
    content = publication.content
    sections = [{"title": title, "words": [str(content[key])]} for key, title in ITEMS.items() if content.get(key)]
    return "record", {"opening": content.get("text", ""), "sections": sections}


_LAYOUTS = {"prices": _prices, "account": _account, "service": _items, "notice": _items}
