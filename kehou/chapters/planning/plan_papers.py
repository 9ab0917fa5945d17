"""Plan, minutes, notice, opinion form and adoption table on paper, each with its hash and QR code."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import segno
from django.utils import timezone

from kehou.chapters.people.models import Pupil
from kehou.chapters.planning.models import (
    AdoptionTable,
    CommitteeMeeting,
    Notice,
    OpinionRound,
    OpinionSlip,
    Plan,
    PlanVersion,
)
from kehou.lib.paper import Paper
from kehou.lib.paper.register import issue
from kehou.rules.labels import term_mark
from kehou.rules.planning import Section, Topic, without_marks

BASIS = "《关于梁平区中小学生课后服务工作的实施意见（试行）》二（七）2"
# Which section of the plan each topic of the form is about.
ABOUT = {
    Topic.TIME: Section.TIMES,
    Topic.CONTENT: Section.TABLE,
    Topic.SAFETY: Section.SAFETY,
    Topic.FEE: Section.MONEY,
    Topic.RULES: Section.RULES,
    Topic.PICKUP: Section.SAFETY,
}
_SHORT = 90
# 送达回执 on the letter itself, for a school that sends it home with the child.
SLIP = (
    "送达回执：＿＿年级＿＿班　学生＿＿＿＿＿＿　我已收到这份告知书。"
    "签收人＿＿＿＿＿＿　与孩子的关系＿＿＿＿　＿＿月＿＿日"
)


def _paper(template: str, plan: Plan, data: dict[str, Any], *, title: str, **more: Any) -> Paper:
    facts = {"number": "", "version": "", "basis": BASIS, "verify_url": ""} | more
    return issue(template, data, title=title, school=plan.school.name, term=plan.term.name, **facts)


def _check(address: str, digest: str) -> str:
    return f"{address.rstrip('/')}/verify/{digest[:16]}/" if address and digest else ""


def plan_paper(version: PlanVersion, *, address: str) -> Paper:
    """Return the plan (document 9) as a version says it: sections, sources as notes at the end, attachments."""
    plan = version.plan
    sections = [{"title": title, "words": body.split("\n")} for _, title, body in version.content["sections"] if body]
    notes = [
        f"〔注{number}〕{label}" + (f"（{digest[:16]}）" if digest else "")
        for number, label, digest in version.content["sources"]
    ]
    if notes:
        sections.append({"title": "注", "words": notes})
    signed = {"label": "校长签发", "name": version.signed_by or "", "at": version.signed_at}
    return _paper(
        "record",
        plan,
        {"sections": sections, "signatures": [signed] if version.signed_at else [], "retention": "长期"},
        title="课后服务实施方案",
        number=f"FA-{term_mark(plan.term.code)}-{plan.school.code}-{version.number:02d}",
        version=str(version),
        issued_at=version.signed_at or version.made_at,
        verify_url=_check(address, version.digest) if version.signed_at else "",
    )


def minutes_paper(meeting: CommitteeMeeting, *, at: datetime) -> Paper:
    """Return the minutes of a committee meeting (document 21) with the signatures that were given by finger."""
    attendees = list(meeting.attendees.order_by("pk"))
    rows = [
        [one.title, one.opinion or "—", f"赞成{one.in_favour} 反对{one.against} 弃权{one.abstained}", one.answer or "—"]
        for one in meeting.items.order_by("pk")
    ]
    signatures = [
        {"label": one.name, "png": one.signature.read() if one.signature else None, "at": one.signed_at}
        for one in attendees
    ]
    data = {
        "facts": [
            ["时间", f"{meeting.held_on:%Y年%-m月%-d日}"],
            ["地点", meeting.place],
            ["主持", meeting.chair or "—"],
            ["到会", f"{len(attendees)}人（委员共{meeting.members}人）"],
            ["讨论的方案", f"{meeting.version} {meeting.version.digest[:16]}"],
            ["到会委员", "、".join(one.name for one in attendees)],
        ],
        "sections": [
            {
                "title": "议题、意见与表决",
                "table": {"columns": ["议题", "委员意见", "表决", "学校答复"], "rows": rows, "widths": [3, 4, 3, 4]},
            }
        ],
        "signatures": signatures,
        "retention": "长期",
    }
    return _paper("record", meeting.plan, data, title="家长委员会研讨纪要", issued_at=meeting.closed_at or at)


def notice_paper(notice: Notice, *, address: str, pupils: Iterable[Pupil] = ()) -> Paper:
    """Return the notice (document 3); with `pupils` the list on which their families sign for it."""
    content = notice.content
    sections: list[dict[str, Any]] = [
        {"title": one["title"], "words": one["words"].split("\n")} for one in content["topics"] if one["words"]
    ]
    sections.append({"title": "咨询与投诉", "facts": content["phones"]})
    rows = [[str(pupil.homeroom), pupil.name, "", "", ""] for pupil in pupils]
    if rows:
        columns = ["班级", "学生", "签收人", "与孩子的关系", "日期"]
        sections = [{"title": "签收", "table": {"columns": columns, "rows": rows, "widths": [3, 3, 4, 3, 3]}}]
    first, after = (date.fromisoformat(day) for day in content["period"])
    codes = []
    facts = [["服务起止", f"{_day(first)}至{_day(after - timedelta(days=1))}"]]
    if address:
        table = f"{address.rstrip('/')}/tables/{notice.plan.school.code}/{notice.plan.term.code}/"
        facts.append(["内容项目表", f"公布以后在 {table}"])
        codes.append({"label": "学生课后服务内容项目表", "png": _qr(table)})
    data = {
        "facts": [] if rows else facts,
        "codes": [] if rows else codes,
        "opening": content["words"]
        if not rows
        else f"已收到{notice.plan.school.name}课后服务告知书第{notice.version}版。",
        "sections": sections,
        "closing": [] if rows else [SLIP],
        "delivery": "线上告知、纸质签收",
    }
    return _paper(
        "record",
        notice.plan,
        data,
        title="课后服务告知书" if not rows else "告知书签收表",
        number=f"GZ-{term_mark(notice.plan.term.code)}-{notice.plan.school.code}-{notice.version:02d}",
        version=str(notice.version),
        issued_at=notice.issued_at,
        verify_url=_check(address, notice.digest),
    )


def adoption_paper(table: AdoptionTable, *, address: str) -> Paper:
    """Return the adoption table (意见采纳情况表) as it was published."""
    rows = [
        [one["topic"], f"{one['title']}（{one['opinions']}条）", one["decision"], one["reason"], one["section"] or "—"]
        for one in table.content["rows"]
    ]
    columns = ["事项", "意见", "答复", "理由", "改在哪一节"]
    section = {"title": "你提我改", "table": {"columns": columns, "rows": rows, "widths": [2, 4, 2, 5, 2]}}
    return _paper(
        "record",
        table.plan,
        {"sections": [section], "wide": True},
        title="意见采纳情况表",
        number=f"CN-{term_mark(table.plan.term.code)}-{table.plan.school.code}",
        issued_at=table.published_at,
        verify_url=_check(address, table.digest),
    )


def opinion_paper(found: OpinionRound, slips: Iterable[OpinionSlip], *, address: str) -> Paper:
    """Return the opinion form (document 2): one copy a slip, or one without a code to hang up."""
    root = address.rstrip("/")
    bodies = found.version.bodies
    copies = [{"code": in_fours(one.secret), "qr": _qr(f"{root}/o/{one.secret}/")} for one in slips]
    if not copies and found.number == 2:
        copies = [{"code": "", "qr": _qr(f"{root}/o/all/{found.secret}/")}]
    topics = [
        {"number": turn, "title": topic.label, "plan": _short(bodies.get(ABOUT[topic].value, ""))}
        for turn, topic in enumerate(Topic, 1)
    ]
    plan = found.plan
    data = {
        "words": f"请看《{plan}》（{found.version}），逐条说说您的意见。",
        "deadline": f"{timezone.localtime(found.closes_at):%Y年%-m月%-d日 %H:%M}",
        "answers": f"每一类意见都会答复，公布在 {root}/plans/{plan.school.code}/{plan.term.code}/adoption/",
        "topics": topics,
        "copies": copies or [{"code": "", "qr": ""}],
    }
    return _paper(
        "opinion-form",
        plan,
        data,
        title=f"征求意见表（第{'一二'[found.number - 1]}轮）",
        issued_at=found.opened_at,
        version=str(found.version.number),
    )


def in_fours(secret: str) -> str:
    """Return a code as it is read aloud and typed: in fours."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)).upper()


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def _short(body: str) -> str:
    text = without_marks(body).replace("\n", " ")
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"


def _qr(address: str) -> bytes:
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="png", scale=4, border=2)
    return drawn.getvalue()
