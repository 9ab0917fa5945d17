"""On paper: what a guardian agrees to about a child, each purpose apart; blank for the pen, or as it was answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kehou.chapters.people.models import Consent, Pupil
from kehou.lib.paper import Paper
from kehou.lib.paper.register import issue
from kehou.rules.choice import CONSENT_TEXT, CONSENTS
from kehou.rules.consent_text import CONSENT_TEXTS

TICKED, EMPTY = "■", "□"


def latest_consents(pupil: Pupil) -> dict[str, Consent]:
    """Return the latest answer to each purpose that was answered."""
    return {consent.purpose: consent for consent in pupil.consents.order_by("answered_at", "pk")}


def _row(key: str, what: str, how: str, until: str, answer: Consent | None) -> list[str]:
    yes, no = (TICKED if answer and answer.given is one else EMPTY for one in (True, False))
    return [CONSENTS[key], what, how, until, f"{yes}同意", f"{no}不同意"]


def consent_paper(
    pupil: Pupil, kind: str, *, term: str, phone: str, at: datetime, given: Mapping[str, Consent] | None = None
) -> Paper:
    """Return document 24 or 25 of domain/06 3.7 for a child: `kind` is a key of `CONSENT_TEXTS`.

    `given` are the answers that stand; without them every box is empty and the guardian signs by pen. `phone` is where
    the school takes questions, `term` the name of the term.
    """
    text, answers = CONSENT_TEXTS[kind], given or {}
    rows = [_row(key, *about, answers.get(key)) for key, about in text.purposes.items()]
    columns = ["为了什么", "用到什么", "怎么用、在哪里", "多久", "同意", "不同意"]
    last = max(
        (one for key, one in answers.items() if key in text.purposes), key=lambda one: one.answered_at, default=None
    )
    signed = {"name": last.answered_by, "at": last.answered_at} if last else {}
    data = {
        "opening": text.opening,
        "facts": [
            ["处理者", pupil.school.name],
            ["负责人", "学校个人信息保护负责人"],
            ["学生", pupil.name],
            ["班级", str(pupil.homeroom)],
        ],
        "sections": [
            {"title": "逐项决定", "table": {"columns": columns, "rows": rows, "widths": [5, 4, 4, 3, 2, 2]}},
            {"title": "怎么保护", "words": [text.safety]},
            {"title": "不同意会怎样", "words": [text.refusing]},
            {"title": "以后想改", "words": [text.afterwards]},
        ],
        "signatures": [{"label": "监护人", **signed}],
        "telephone": phone,
    }
    return issue(
        "record", data, title=text.title, number="", school=pupil.school.name, term=term, version=CONSENT_TEXT,
        basis="《个人信息保护法》第十四条、第三十一条；《儿童个人信息网络保护规定》第八条、第九条",
        issued_at=last.answered_at if last else at, verify_url="",
    )  # fmt: skip
