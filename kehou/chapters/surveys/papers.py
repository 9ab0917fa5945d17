"""The questionnaire on paper, one for each ticket, to be filled in by pen and typed in by the office."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import segno

from kehou.chapters.surveys.models import Survey, Ticket
from kehou.chapters.surveys.queries import items_of
from kehou.lib.paper import Paper, render
from kehou.rules.surveys import Item
from kehou.rules.wall import on_the_wall


def survey_paper(survey: Survey, tickets: Iterable[Ticket], *, address: str, at: datetime) -> Paper:
    """Return the PDF: one questionnaire a ticket, or one without a code where there is none.

    `address` is where this installation answers; the QR code of a copy opens the form of its ticket.
    """
    root = address.rstrip("/")
    copies = [
        {"code": in_fours(ticket.secret), "qr": _qr(f"{root}/s/{ticket.secret}/")} for ticket in tickets
    ] or [{"code": "", "qr": ""}]  # fmt: skip
    return render(
        "survey-form",
        {
            "words": survey.words,
            "promise": "本表不记名，请不要写姓名；折好后交回。"
            if survey.anonymous
            else "本表只由学校办公室录入，班主任看不到内容。",
            "deadline": f"{on_the_wall(survey.closes_at):%Y年%-m月%-d日}",
            "items": [_item(number, item) for number, item in enumerate(items_of(survey), 1)],
            "copies": copies,
        },
        title=survey.title,
        number="",
        school=survey.school.name,
        term=survey.term.name,
        version="",
        basis="《关于梁平区中小学生课后服务工作的实施意见（试行）》二（七）1",
        issued_at=at,
        verify_url="",
    )


def in_fours(secret: str) -> str:
    """Return a code as it is read aloud and typed: in fours."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)).upper()


def _item(number: int, item: Item) -> dict[str, Any]:
    return {
        "number": number,
        "kind": item.kind.value,
        "text": item.text,
        "options": list(item.options),
        "most": item.most,
        "skip": item.if_needed,
    }


def _qr(address: str) -> bytes:
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="png", scale=4, border=2)
    return drawn.getvalue()
