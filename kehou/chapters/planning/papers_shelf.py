"""Papers of the shelf: documents, catalogue, cards, organisation, letter, matrix, drills, records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from kehou.chapters.basis.models import Term
from kehou.chapters.planning.models import (
    Drill,
    GroupSeat,
    PolicyVersion,
    ResponsibilityLetter,
    SafetyRecord,
)
from kehou.chapters.planning.queries.participation import Share
from kehou.chapters.schools.models import School
from kehou.lib.paper import Paper
from kehou.lib.paper.register import issue
from kehou.rules.emergency import BY_CODE, Card
from kehou.rules.organisation import GroupPost
from kehou.rules.participation import Point
from kehou.rules.policy_documents import KINDS, articles
from kehou.rules.safety_matrix import HOURS, Row

POLICY = "《关于梁平区中小学生课后服务工作的实施意见（试行）》"
KEEP = "长期"
BLANK_DAY = "　　年　　月　　日"
WEEK = "一二三四五六日"


def _made(template: str, data: Mapping[str, Any], school: School, at: datetime, title: str, **head: str) -> Paper:
    known = {"number": "", "term": "", "version": "", "basis": POLICY, "verify_url": "", **head}
    return issue(template, data, title=title, school=school.name, issued_at=at, **known)


def policy_paper(version: PolicyVersion, *, address: str, at: datetime) -> Paper:
    """Return a policy document as it was signed, or a draft with 草稿 across it."""
    data = {
        "facts": _facts(version),
        "sections": _sections(version),
        "signatures": [_signature("校长签发", version.approved_by, version.approved_at)],
        "retention": KEEP,
    }
    return _made(
        "record", data, version.school, version.approved_at or at, version.kind.title,
        number=version.code, version=str(version.version), basis=f"{POLICY} {version.kind.clause}",
        verify_url=f"{address.rstrip('/')}/verify/{version.code}/" if version.approved_at else "",
        mark="" if version.approved_at else "草稿",
    )  # fmt: skip


def _facts(version: PolicyVersion) -> list[list[str]]:
    return [
        ["负责人", version.responsible or "—"],
        ["批准日", _day(timezone.localtime(version.approved_at).date()) if version.approved_at else "—"],
        ["执行日", _day(version.in_force_from)],
        ["下次复审", _day(version.review_by)],
    ]


def _sections(version: PolicyVersion) -> list[dict[str, Any]]:
    if version.scan and not version.chapters:
        return [{"title": "正文", "words": [f"正文见学校上传的签章文件，文件摘要 {version.scan_digest[:16]}。"]}]
    return [
        {"title": title, "words": [f"{number}　{words}" for number, words in rows]}
        for title, rows in articles(version.text)
    ]


def _signature(label: str, who: str | None, at: datetime | None) -> dict[str, str]:
    return {"label": label, "name": who or "", "at": _day(timezone.localtime(at).date()) if at else BLANK_DAY}


def _day(on: Any) -> str:
    return f"{on.year}年{on.month}月{on.day}日" if on else "—"


def catalogue_paper(school: School, term: Term, versions: Sequence[PolicyVersion], *, at: datetime) -> Paper:
    """Return the catalogue of the documents in force and all their texts as one paper (F5 of the filing)."""
    by = {one.number: one for one in versions}
    rows = []
    for kind in KINDS:
        one = by.get(kind.number)
        need = "必备" if kind.required else "建议"
        rows.append(
            [f"{kind.mark}{kind.title}", need, f"第{one.version}版", _day(one.in_force_from), one.responsible,
             _day(one.review_by)]
            if one
            else [f"{kind.mark}{kind.title}", need, "还没有", "", "", ""]
        )  # fmt: skip
    columns = ["制度", "类别", "版本", "执行日", "负责人", "下次复审"]
    table = {"columns": columns, "rows": rows, "widths": [5, 1, 2, 3, 2, 3]}
    texts = [
        {"title": f"{one.kind.mark}{one.kind.title}", "words": [
            f"{title}　{number}　{words}" if at_first == 0 else f"{number}　{words}"
            for title, rows in articles(one.text)
            for at_first, (number, words) in enumerate(rows)
        ] or [f"正文见学校上传的签章文件，文件摘要 {one.scan_digest[:16]}。"]}
        for one in versions
    ]  # fmt: skip
    data = {"sections": [{"title": "目录", "table": table}, *texts], "retention": KEEP}
    return _made("record", data, school, at, "管理制度目录及文本", term=term.name, basis=f"{POLICY} 二（五）")


def cards_paper(
    school: School, cards: Iterable[Card], phones: Sequence[Sequence[str]], *, small: bool, at: datetime
) -> Paper:
    """Return the emergency cards for the wall, a page a card: A4, or A5 across."""
    rows = [
        {"number": card.number, "title": card.title, "first": list(card.first), "calls": card.calls,
         "stays": card.stays, "children": card.children, "after": card.after}
        for card in cards
    ]  # fmt: skip
    data = {"cards": rows, "phones": [list(one) for one in phones], "small": small}
    return _made("emergency-cards", data, school, at, "应急卡", basis=f"{POLICY} 二（五）、三（二）")


def organisation_paper(
    school: School,
    term: Term,
    board: Iterable[tuple[GroupPost, GroupSeat | None, GroupSeat | None]],
    *,
    at: datetime,
) -> Paper:
    """Return the leading group with posts, holders, deputies and duties, for the notice board."""
    rows = [
        [post.title, holder.name if holder else "", deputy.name if deputy else "", post.duties]
        for post, holder, deputy in board
    ]
    table = {"columns": ["岗位", "姓名", "备岗", "职责"], "rows": rows, "widths": [3, 2, 2, 9]}
    data = {"sections": [{"table": table}], "signatures": [{"label": "校长"}, {"label": "学校（盖章）"}]}
    return _made("record", data, school, at, "课后服务工作领导小组", term=term.name, basis=f"{POLICY} 三（一）")


def letter_paper(letter: ResponsibilityLetter) -> Paper:
    """Return the principal's letter of responsibility as it was signed."""
    data = {
        "sections": [{"words": letter.text.split("\n")}],
        "signatures": [_signature("校长", letter.signed_by, letter.signed_at)],
        "retention": KEEP,
    }
    return _made(
        "record", data, letter.school, letter.signed_at, "课后服务校长责任书", term=letter.term.name,
        basis=f"{POLICY} 三（二）",
    )  # fmt: skip


def matrix_paper(school: School, term: Term, rows: Iterable[Row], *, at: datetime) -> Paper:
    """Return the safety duty matrix across, a line a place and class hour."""
    known = list(rows)
    weekdays = sorted({when[0] for row in known for when in row.spots})
    lines = []
    for row in known:
        for hour in sorted({when[1] for when in row.spots}):
            cells = [row.spots.get((weekday, hour)) for weekday in weekdays]
            lines.append(
                [row.name, HOURS[hour], *("—" if one is None else "、".join(one.persons) or "【缺】" for one in cells)]
            )
    columns = ["地点", "课时", *(f"周{WEEK[weekday - 1]}" for weekday in weekdays)]
    table = {"columns": columns, "rows": lines, "widths": [3, 2, *([3] * len(weekdays))]}
    data = {"wide": True, "sections": [{"table": table}], "signatures": [{"label": "安全负责人"}, {"label": "校长"}]}
    return _made("record", data, school, at, "安全职责矩阵", term=term.name, basis=f"{POLICY} 三（一）")


def drill_paper(drill: Drill, *, at: datetime) -> Paper:
    """Return a drill's plan with its record, or with room to write it by hand where it was not held yet."""
    card = BY_CODE[drill.scenario]
    plan = [["场景", card.title], ["计划日期", _day(drill.planned_on)], ["地点", drill.place], ["负责人", drill.leader]]
    held = [
        ["演练日期", _day(drill.held_on) if drill.held_on else BLANK_DAY],
        ["参加人数", f"{drill.people}人" if drill.people else "　　　人"],
        ["用时", f"{drill.minutes}分钟" if drill.minutes else "　　　分钟"],
        ["记录人", drill.recorded_by or ""],
    ]
    room = "＿" * 60
    data = {
        "facts": plan,
        "sections": [
            {"title": "一、步骤", "words": [*([drill.plan] if drill.plan else []), *card.first]},
            {"title": "二、记录", "facts": held},
            {"title": "三、发现的问题", "words": [drill.findings or room]},
            {"title": "四、改进措施", "words": [drill.measures or ("—" if drill.held_on else room)]},
        ],
        "signatures": [{"label": "负责人"}, {"label": "安全负责人"}, {"label": "校长"}],
    }
    title = "应急演练计划与记录"
    return _made("record", data, drill.school, at, title, term=drill.term.name, basis=f"{POLICY} 二（五）")


def records_paper(school: School, term: Term, records: Iterable[SafetyRecord], *, at: datetime) -> Paper:
    """Return the term's liaison, traffic and publicity records."""
    rows = [
        [str(one), _day(one.held_on), one.partner, one.words, one.measures, one.recorded_by]
        for one in records
        if not one.struck_at
    ]
    columns = ["种类", "日期", "对方或渠道", "内容", "措施", "记录人"]
    table = {"columns": columns, "rows": rows, "widths": [2, 2, 2, 5, 5, 2], "empty": "本学期还没有记录"}
    data = {"wide": True, "sections": [{"table": table}], "signatures": [{"label": "安全负责人"}, {"label": "派出所"}]}
    return _made("record", data, school, at, "警校联系与交通研判记录", term=term.name, basis=f"{POLICY} 三（二）")


def participation_paper(school: School, term: Term, shares: Sequence[Share], *, at: datetime) -> Paper:
    """Return the sheet of what parents' representatives took part in, by the six points (2.5-q)."""
    rows = [[one.point.label, _day(one.on), "、".join(one.who), one.words] for one in reversed(shares)]
    table = {
        "columns": ["环节", "日期", "家长代表", "做了什么"],
        "rows": rows,
        "widths": [1, 1, 1, 3],
        "empty": "还没有记录",
    }
    known = {one.point for one in shares}
    facts = [[point.label, "有记录" if point in known else "还没有"] for point in Point]
    data = {"facts": facts, "sections": [{"title": "参与记录", "table": table}], "retention": KEEP}
    return _made("record", data, school, at, "家长代表全过程参与情况表", term=term.name, basis=f"{POLICY} 二（五）")
