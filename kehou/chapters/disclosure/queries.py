"""What stands on the public board, and what a draft of it would say today."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from kehou.chapters.basis.models import Instrument, Term
from kehou.chapters.basis.queries import calendar_of, holidays_within, parameters_on
from kehou.chapters.disclosure.models import Publication
from kehou.chapters.money.queries import account_of, payee_of, public_accounts, warning_of_surplus
from kehou.chapters.schools.models import School
from kehou.chapters.schools.queries import school_term
from kehou.lib.paper.wording import in_words
from kehou.rules import fees
from kehou.rules.fees.examples import examples
from kehou.rules.freshness import Due, dues_of
from kehou.rules.money import yuan
from kehou.rules.parameters import Parameters
from kehou.rules.parameters.money_groups import FEE_MODES
from kehou.rules.publication import KINDS
from kehou.rules.sentences import say
from kehou.rules.spans import DAY, Span


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a content in its canonical form."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def standing(*, school: School | None = None, kind: str = "", term: Term | None = None) -> QuerySet[Publication]:
    """Return what is shown now, newest first; of one school, kind or term if given."""
    rows = Publication.objects.filter(withdrawn_at__isnull=True).select_related("school", "term")
    if school:
        rows = rows.filter(school=school)
    if kind:
        rows = rows.filter(kind=kind)
    if term:
        rows = rows.filter(term=term)
    return rows.order_by("-published_at", "-pk")


def of_school(school: School, *, text: str = "") -> QuerySet[Publication]:
    """Return everything a school has published, withdrawn too, newest first."""
    rows = Publication.objects.filter(school=school).select_related("term").order_by("-published_at", "-pk")
    rows = rows.prefetch_related("postings")
    return rows.filter(Q(title__icontains=text) | Q(number__icontains=text)) if text else rows


def publication_by_number(number: str) -> Publication | None:
    """Return one publication, withdrawn or not: whoever kept its address can see what became of it."""
    return Publication.objects.filter(number=number).select_related("school", "term").first()


def publication_by_digest(start: str) -> Publication | None:
    """Return the publication whose digest begins with at least sixteen hex digits, or None."""
    if len(start) < 16:
        return None
    return Publication.objects.filter(digest__startswith=start).select_related("school", "term").first()


# --- Freshness --------------------------------------------------------------------------------------------------------


def dues_by_school(schools: Iterable[School], term: Term, *, on: date) -> dict[int, tuple[Due, ...]]:
    """Return by school id what each owes the public of a term by now (R-PUB-04): three statements, however many."""
    known = list(schools)
    service = Span(term.service_from_on, term.service_until_on)
    shown: dict[int, dict[tuple[str, str], date]] = {}
    rows = Publication.objects.filter(withdrawn_at__isnull=True, term=term, school__in=known, kind__in=KINDS)
    for school, kind, period, at in rows.values_list("school", "kind", "period", "published_at"):
        shown.setdefault(school, {})[kind, period] = timezone.localtime(at).date()
    holidays = holidays_within(term.from_on, term.until_on + 60 * DAY)
    working_day = parameters_on(on).pub.deadlines.money_working_day
    return {
        one.pk: dues_of(
            service, shown.get(one.pk, {}), charges=one.charges_fee, working_day=working_day, holidays=holidays, on=on
        )
        for one in known
    }


# --- Drafts -----------------------------------------------------------------------------------------------------------


def account_content(school: School, term: Term, *, month: date | None, on: date) -> dict[str, Any]:
    """Return the figures of 收支公示表 as they stand (2.6.3-k): no names, nothing that tells of a small group."""
    account = account_of(school, term, month=month)
    shown = parameters_on(on).pub.deadlines.shown_days
    told = public_accounts(term, month=month, least=parameters_on(on).survey.min_cell).of_school(school, account)
    return {
        "period": f"{month.year}年{month.month}月" if month else term.name,
        "posted": f"{in_words(on)}至{in_words(on + shown * DAY)}",
        "posted_from": on.isoformat(),
        "posted_until": (on + shown * DAY).isoformat(),
        "gross_fen": told.gross_fen,
        "waived_fen": told.waived_fen,
        "waived_count": told.waived_bills,
        "due_fen": account.due_fen,
        "collected_fen": account.collected_fen,
        "refunded_fen": account.refunded_fen,
        "appropriated_fen": account.appropriated_fen,
        "compensated_fen": told.compensated_fen,
        "balance_fen": told.balance_fen,
        "surplus": say(over) if not month and (over := warning_of_surplus(account, term, on=on)) else "",
        "pupils": told.pupils,
        "pupil_days": told.pupil_days,
        "spending": [
            {"use": one.use, "title": one.title, "fen": one.fen, "count": one.count, "share": one.share}
            for one in account.spending
        ],
    }


def price_content(school: School, term: Term, *, on: date) -> dict[str, Any]:
    """Return what stands on 收费公示牌 : item, prices, rule, waiver, refund, account, phones (domain/06, 26)."""
    parameters, payee = parameters_on(on), payee_of(school)
    extra = school_term(school, term)
    return {
        "item": fees.FEE_ITEM,
        "tiers": [
            {"hours": hours, "month_fen": fen, "day_fen": fen // parameters.fee.ref_days}
            for hours, fen in parameters.fee.tariff.items()
        ],
        "rule": rule_in_words(parameters),
        "examples": _examples(term, parameters),
        "basis": basis_number(on),
        "waiver": "农村脱贫户和低保家庭的孩子由学校按名单直接减免，不用您申请，也不用交证明。",
        "refund": refund_in_words(parameters),
        "payee": payee.account_name if payee else "",
        "bank": payee.bank if payee else "",
        "account": payee.account_number if payee else "",
        "ticket": {"fiscal": "财政电子票据", "tax": "税务电子发票"}[parameters.receipt.kind],
        "phones": [
            [who, phone]
            for who, phone in (("学校", school.phone), ("投诉", extra.complaint_phone if extra else ""))
            if phone
        ],
    }


def _examples(term: Term, parameters: Parameters) -> list[dict[str, Any]]:
    """Return the cases a notice board has room for: an ordinary month, a long one, three days a week, joining late."""
    found = examples(calendar_of(term), parameters.fee)
    few = found[1:2] + found[3:4] + found[-6:-5] + found[-1:]
    return [{"case": one.case, "why": one.why, "fen": one.statement.due_fen} for one in dict.fromkeys(few)]


def basis_number(on: date) -> str:
    """Return the number of the instrument that the price rests on, or the policy's own name."""
    found = Instrument.objects.filter(
        Q(valid_until_on__isnull=True) | Q(valid_until_on__gt=on), valid_from_on__lte=on, title__contains="课后服务"
    ).order_by("-issued_on")
    first = found.values_list("number", flat=True).first()
    return first or "《关于梁平区中小学生课后服务工作的实施意见（试行）》二（六）1"


def rule_in_words(parameters: Parameters) -> str:
    """Return how a month is computed under the parameters, as a family reads it."""
    fee = parameters.fee
    if fee.mode != "DAY20_CAP":
        return FEE_MODES[fee.mode]
    units = "、".join(f"{hours}课时{yuan(fen // fee.ref_days)}元" for hours, fen in fee.tariff.items())
    return f"按天计费：{units}一天；一个月加起来不超过这一档的月标准。没有服务的日子不收。"


def refund_in_words(parameters: Parameters) -> str:
    """Return which days are not charged and how money comes back."""
    policy = parameters.fee.leave_policy
    return (
        f"学校停课、取消的不收；当天{policy.before:%H:%M}前请假的不收；病假{policy.sick_note_days}天内补证明的不收；"
        f"退出从下一个服务日起不收。多缴的不用申请，{parameters.fee.refund_working_days}个工作日内退回原账户。"
    )
