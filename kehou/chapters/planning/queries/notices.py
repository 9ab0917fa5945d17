"""The notice that stands, who has it in hand, and whether a family may sign yet (2.1-e, R-NOTI-01)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from kehou.chapters.basis.models import Term
from kehou.chapters.people.models import Pupil
from kehou.chapters.planning.models import Notice, NoticeReceipt, Plan
from kehou.chapters.schools.models import School
from kehou.lib.prepared import Prepared
from kehou.rules.planning import refusal_without_receipt, without_marks
from kehou.rules.planning.notice import ALSO, NOTICE_SECTIONS, NOTICE_WORDS, PAYING_WORDS, PRIVACY_WORDS
from kehou.rules.verdicts import Refusal


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a notice has arrived: children on the register, receipts online and on paper."""

    children: int
    online: int
    paper: int

    @property
    def missing(self) -> int:
        """Return for how many children nobody has it in hand."""
        return self.children - self.online - self.paper

    @property
    def percent(self) -> int:
        """Return the share delivered, rounded down: 100 means all."""
        return (self.online + self.paper) * 100 // self.children if self.children else 0


def topics_of(bodies: Mapping[str, str], *, charges_fee: bool = True) -> list[dict[str, str]]:
    """Return the parts of a notice as the plan's sections say them: the four topics first, what is the same last."""
    said = [
        {"key": key, "title": title, "words": _words(bodies, sections)}
        for key, title, sections in (*NOTICE_SECTIONS, *ALSO)
    ]
    if charges_fee:
        at = next(turn for turn, one in enumerate(said, 1) if one["key"] == "money")
        said.insert(at, {"key": "paying", "title": "缴费方式", "words": PAYING_WORDS})
    return [*said, {"key": "privacy", "title": "信息使用说明", "words": PRIVACY_WORDS}]


def _words(bodies: Mapping[str, str], sections: Iterable[str]) -> str:
    return without_marks("\n".join(bodies[one] for one in sections if bodies.get(one, "").strip()))


def notice_content(plan: Plan, bodies: Mapping[str, str], *, phones: list[list[str]], version: int) -> dict[str, Any]:
    """Return what a notice says and what its hash is made of."""
    return {
        "school": plan.school.name,
        "school_code": plan.school.code,
        "term": plan.term.name,
        "period": [plan.term.service_from_on.isoformat(), plan.term.service_until_on.isoformat()],
        "version": version,
        "words": NOTICE_WORDS,
        "topics": topics_of(bodies, charges_fee=plan.school.charges_fee),
        "phones": phones,
    }


# Every guardian's first page asks these two (ADR 0014).
_NOTICE = Prepared(
    lambda school, on: (
        Notice.objects.filter(plan__school=school, plan__term__until_on__gt=on)
        .select_related("plan__school", "plan__term")
        .order_by("plan__term__from_on", "-version")[:1]
    ),
    school=int,
    on=date,
)
_RECEIPT = Prepared(
    lambda notice, pupil: NoticeReceipt.objects.filter(notice=notice, pupil=pupil), notice=int, pupil=int
)


def latest_notice(school: School, term: Term) -> Notice | None:
    """Return the version that families have to read."""
    found = Notice.objects.filter(plan__school=school, plan__term=term).order_by("-version")
    return found.select_related("plan__school", "plan__term").first()


def notice_by_digest(digest: str) -> Notice | None:
    """Return the notice whose hash begins so, for whoever checks a paper."""
    return Notice.objects.filter(digest__startswith=digest).select_related("plan__school", "plan__term").first()


def receipt_of(notice: Notice, pupil: Pupil) -> NoticeReceipt | None:
    """Return the receipt of a child's family."""
    return _RECEIPT.first(notice=notice.pk, pupil=pupil.pk)


def refusals_before_agreements(pupils: Iterable[Pupil], term: Term) -> dict[int, Refusal]:
    """Return by id whose family cannot sign an agreement yet, and why (R-NOTI-01): two queries a school."""
    found: dict[int, Refusal] = {}
    by_school: dict[int, list[int]] = {}
    for pupil in pupils:
        by_school.setdefault(pupil.school_id, []).append(pupil.pk)
    for school, ids in by_school.items():
        latest = Notice.objects.filter(plan__school=school, plan__term=term).order_by("-version").first()
        receipts = NoticeReceipt.objects.filter(notice=latest, pupil_id__in=ids)
        received = set(receipts.values_list("pupil_id", flat=True)) if latest else set()
        for pupil_id in ids:
            refusal = refusal_without_receipt(issued=latest is not None, received=pupil_id in received)
            if refusal is not None:
                found[pupil_id] = refusal
    return found


def refusal_before_agreement(pupil: Pupil, term: Term) -> Refusal | None:
    """Return why this child's family cannot sign an agreement yet (R-NOTI-01)."""
    return refusals_before_agreements([pupil], term).get(pupil.pk)


def delivery_of(notice: Notice) -> Delivery:
    """Return how far a notice has arrived: three queries."""
    here = Pupil.objects.filter(school=notice.plan.school, state=Pupil.IN_SCHOOL)
    receipts = notice.receipts.filter(pupil__school=notice.plan.school, pupil__state=Pupil.IN_SCHOOL)
    return Delivery(
        here.count(),
        receipts.filter(method=NoticeReceipt.ONLINE).count(),
        receipts.filter(method=NoticeReceipt.PAPER).count(),
    )


def without_receipt(notice: Notice, *, homeroom: int | None = None, text: str = "") -> QuerySet[Pupil]:
    """Return the children whose family has not confirmed, by class and name: for the paper list."""
    received = NoticeReceipt.objects.filter(notice=notice, pupil=OuterRef("pk"))
    rows = Pupil.objects.filter(~Exists(received), school=notice.plan.school, state=Pupil.IN_SCHOOL)
    if homeroom:
        rows = rows.filter(homeroom=homeroom)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(name_sort__icontains=text))
    return rows.select_related("homeroom").order_by("homeroom__grade", "homeroom__number", "name_sort", "pk")


def receipts_of(notice: Notice) -> QuerySet[NoticeReceipt]:
    """Return the delivery ledger: who confirmed, how and when."""
    return notice.receipts.select_related("pupil__homeroom", "account").order_by(
        "pupil__homeroom__grade", "pupil__homeroom__number", "pupil__name_sort"
    )


def term_of_notice(school: School, on: date) -> Notice | None:
    """Return the newest notice of the term that a day falls in or comes before."""
    return _NOTICE.first(school=school.pk, on=on)
