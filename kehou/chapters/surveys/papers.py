"""The questionnaire on paper, one for each ticket, to be filled in by pen and typed in by the office."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import segno

from kehou.chapters.surveys.actions import Folded
from kehou.chapters.surveys.models import Survey, Ticket
from kehou.chapters.surveys.queries import items_of, number_of
from kehou.lib.paper import Paper, render
from kehou.lib.paper.press import DRAFT
from kehou.lib.paper.register import issue
from kehou.rules.surveys import Item
from kehou.rules.wall import on_the_wall

FORM = "学生意向调查表"  # document 1 of the catalogue


def survey_paper(survey: Survey, tickets: Iterable[Ticket], *, address: str, at: datetime) -> Paper:
    """Return the PDF: one questionnaire a ticket, or one without a code where there is none.

    `address` is where this installation answers; the QR code of a copy opens the form of its ticket, the one of the
    foot says to anybody which questionnaire of which school it is and whether it may still be answered.
    """
    root = address.rstrip("/")
    copies = [
        {"code": in_fours(ticket.secret), "qr": _qr(f"{root}/s/{ticket.secret}/")} for ticket in tickets
    ] or [{"code": "", "qr": ""}]  # fmt: skip
    number = number_of(survey)
    return issue(
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
        title=FORM if FORM in survey.title else f"{FORM}（{survey.title}）",
        number=number,
        school=survey.school.name,
        term=survey.term.name,
        version="",
        basis="《关于梁平区中小学生课后服务工作的实施意见（试行）》二（七）1",
        issued_at=survey.opened_at or at,
        verify_url="" if survey.is_draft else f"{root}/verify/{number}/",
        mark=DRAFT if survey.is_draft else "",
    )


def chase_paper(survey: Survey, homeroom: str, sheets: Iterable[Folded], *, address: str, at: datetime) -> Paper:
    """Return the PDF: a list of whom to hand a sheet, and a sheet to fold for each; outside they are all alike.

    It is an errand of the office, no official paper: it bears no number and is in no register (ADR 18).
    """
    root = address.rstrip("/")
    until = f"{on_the_wall(survey.closes_at):%Y年%-m月%-d日}"
    families = [
        {
            "children": one.children,
            "lines": _inside(survey, one, until),
            "code": in_fours(one.secret) if one.secret else "",
            "qr": _qr(f"{root}/s/{one.secret}/") if one.secret else "",
        }
        for one in sheets
    ]
    return render(
        "survey-chase",
        {
            "homeroom": homeroom,
            "words": "请把每一张对折好交给这些孩子带回家：没有手机账号的家庭人人都有一张，外面都一样。"
            "请不要打开，不要问填了没有、填了什么。",
            "families": families,
        },
        title=f"{survey.title}：提醒",
        number="",
        school=survey.school.name,
        term=survey.term.name,
        version="",
        basis="《关于梁平区中小学生课后服务工作的实施意见（试行）》二（七）1",
        issued_at=at,
        verify_url="",
    )


def _inside(survey: Survey, one: Folded, until: str) -> list[str]:
    free = "填不填、怎么填都不影响孩子在校的任何待遇。"
    if one.answered:
        return ["家长您好：您家的意向调查已经收到，谢谢！", "要改可以到学校办公室，截止以前都可以。", free]
    asked = f"家长您好：《{survey.title}》{until}截止，还来得及填。"
    if one.answered is None:
        return [asked, "已经填过的请不用理会。问卷找不到了，可以到学校办公室再要一份空白的。", free]
    return [asked, "扫码在手机上填，或在上次发的问卷上填好交回；找不到了可以到学校办公室再要一份。", free]


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
