"""家校课后服务安全联系责任表: who answers for each class; and the calling list of one class for its contact (3.1-k)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from kehou.chapters.basis.models import Term
from kehou.chapters.planning.models import ClassContact
from kehou.chapters.planning.papers_shelf import KEEP, POLICY
from kehou.chapters.planning.queries.contacts import ChildLine, ClassLine
from kehou.chapters.schools.models import School
from kehou.lib.paper import Paper
from kehou.lib.paper.register import issue
from kehou.rules.contacts import DUTIES, FAMILY_DUTY

BASIS = f"{POLICY} 三（一）"


def contacts_paper(school: School, term: Term, lines: Iterable[ClassLine], *, at: datetime) -> Paper:
    """Return the list of all classes with their contacts, deputies, acknowledgements and how many were reached."""
    rows = [
        [
            str(one.homeroom),
            f"{one.contact.account.name} {one.contact.account.phone}" if one.contact else "【缺】",
            f"{one.contact.deputy.name} {one.contact.deputy.phone}" if one.contact and one.contact.deputy else "【缺】",
            _acknowledged(one.contact),
            f"{one.reached}／{one.children}",
        ]
        for one in lines
    ]
    columns = ["班级", "安全联系人", "备岗", "确认责任", "电话已打通／参加人数"]
    table = {"columns": columns, "rows": rows, "widths": [2, 4, 4, 3, 3], "empty": "还没有班级"}
    data = {
        "sections": [
            {"title": "一、联系人名单", "table": table},
            {"title": "二、学校联系人的责任", "words": list(DUTIES)},
            {"title": "三、家长的责任", "words": [FAMILY_DUTY]},
        ],
        "signatures": [{"label": "安全负责人"}, {"label": "校长"}],
        "retention": KEEP,
    }
    return issue(
        "record", data, title="家校课后服务安全联系责任表", number="", school=school.name, term=term.name, version="",
        basis=BASIS, issued_at=at, verify_url="",
    )  # fmt: skip


def _acknowledged(contact: ClassContact | None) -> str:
    if contact is None or contact.acknowledged_at is None:
        return "还没有"
    return f"{timezone.localtime(contact.acknowledged_at):%Y-%m-%d}"


def calling_paper(contact: ClassContact, children: Iterable[ChildLine], *, at: datetime) -> Paper:
    """Return whom to call of each child of a class, in turn: for its contact alone, to be kept under lock."""
    rows = [
        [
            one.pupil.name,
            "；".join(f"{person.turn}. {person.relation}{person.name} {person.phone}" for person in one.contacts),
            "已打通" if one.is_reached else "",
        ]
        for one in children
    ]
    table = {"columns": ["学生", "依次拨打", "核对"], "rows": rows, "widths": [2, 7, 2], "empty": "没有参加的孩子"}
    data = {
        "facts": [["安全联系人", contact.account.name], ["备岗", contact.deputy.name if contact.deputy else "—"]],
        "sections": [{"title": "呼叫顺序", "table": table}, {"title": "责任", "words": list(DUTIES)}],
        "signatures": [{"label": "安全联系人"}],
    }
    return issue(
        "record", data, title=f"{contact.homeroom}课后服务安全联系表（只限联系人使用）", number="",
        school=contact.homeroom.school.name, term=contact.term.name, version="", basis=BASIS, issued_at=at,
        verify_url="",
    )  # fmt: skip
