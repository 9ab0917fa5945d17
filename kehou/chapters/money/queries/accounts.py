"""Where every yuan went: the account of a school or the district in a month or a term. No names in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.money.models import Appropriation, Bill, Expense, Refund
from kehou.chapters.schools.models import School
from kehou.rules import fund
from kehou.rules.spans import Span, month_of, months_of
from kehou.rules.verdicts import Refusal


@dataclass(frozen=True, slots=True)
class Spent:
    """One use: how much, in how many vouchers, its share of all spending in tenths of a percent."""

    use: str
    title: str
    fen: int = 0
    count: int = 0
    share: int = 0


@dataclass(frozen=True)
class Account:
    """收支公示表 in figures. `due_fen` is billed less waived; what is still to come in is due less collected.

    `appropriated_fen` came out of the special account, `compensated_fen` is finance's own, in place of what was waived.
    """

    bills: int = 0
    gross_fen: int = 0
    waived_fen: int = 0
    waived_bills: int = 0
    waived_pupils: int = 0
    due_fen: int = 0
    collected_fen: int = 0
    refunded_fen: int = 0
    refunding_fen: int = 0
    appropriated_fen: int = 0
    compensated_fen: int = 0
    pupils: int = 0
    pupil_days: int = 0
    spending: tuple[Spent, ...] = field(default=())

    @property
    def income_fen(self) -> int:
        """Return what came in from families and stays."""
        return self.collected_fen - self.refunded_fen

    @property
    def uncompensated_fen(self) -> int:
        """Return what was waived and nobody has made up for (3.1-e)."""
        return self.waived_fen - self.compensated_fen

    @property
    def spent_fen(self) -> int:
        """Return the sum of all uses."""
        return sum(one.fen for one in self.spending)

    @property
    def balance_fen(self) -> int:
        """Return what is left of the income and of what finance gave in place of the waivers."""
        return self.income_fen + self.compensated_fen - self.spent_fen

    @property
    def unappropriated_fen(self) -> int:
        """Return what lies in the special account and was not put at the schools' disposal (2.6.3-h)."""
        return self.income_fen - self.appropriated_fen


def months_of_term(term: Term) -> list[date]:
    """Return the first days of the months in which the service of a term is held."""
    return [month.start for month in months_of(Span(term.service_from_on, term.service_until_on))]


def days_of_term(term: Term) -> Span:
    """Return the days whose spending belongs to a term: until the next one begins."""
    following = Term.objects.filter(from_on__gte=term.until_on).order_by("from_on").first()
    return Span(term.from_on, following.from_on if following else None)


def account_of(school: School, term: Term, *, month: date | None = None) -> Account:
    """Return the account of one school in a term, or in one of its months: four statements."""
    return _account(term, month, {"school": school})


def district_account(term: Term, *, month: date | None = None) -> Account:
    """Return the account of the whole district in a term or a month: four statements."""
    return _account(term, month, {})


def _account(term: Term, month: date | None, of: Mapping[str, Any]) -> Account:
    months, span = ([month.replace(day=1)], month_of(month)) if month else (months_of_term(term), days_of_term(term))
    bills = Bill.objects.filter(month__in=months, **of).exclude(state="void")
    sums = _aggregate(bills, **_SUMS, pupils=Count("pupil", distinct=True))
    back = {f"bill__{name}": value for name, value in of.items()}
    back_rows = Refund.objects.filter(bill__month__in=months, **back)
    spent = _spent(within(Expense.objects.filter(**of), span))
    given = _aggregate(within(Appropriation.objects.filter(**of), span), **_GIVEN)
    return Account(**sums, **_aggregate(back_rows, **_REFUNDS), **given, spending=spent)


_SUMS: dict[str, Any] = {
    "bills": Count("pk"),
    "waived_bills": Count("pk", filter=Q(waived_fen__gt=0)),
    "waived_pupils": Count("pupil", filter=Q(waived_fen__gt=0), distinct=True),
}
_REFUNDS: dict[str, Any] = {
    "refunded_fen": Sum("amount_fen", filter=Q(state="paid")),
    "refunding_fen": Sum("amount_fen", filter=Q(state__in=["made", "approved"])),
}
_GIVEN: dict[str, Any] = {
    "appropriated_fen": Sum("amount_fen", filter=Q(source="fees")),
    "compensated_fen": Sum("amount_fen", filter=Q(source="waiver")),
}
_COLUMNS = {
    "gross_fen": "gross_fen", "waived_fen": "waived_fen", "due_fen": "due_fen", "collected_fen": "paid_fen",
    "pupil_days": "charged_days",
}  # fmt: skip
_SUMS |= {name: Sum(column) for name, column in _COLUMNS.items()}


def within(rows: QuerySet[Any], span: Span) -> QuerySet[Any]:
    """Return the rows whose day lies in a span."""
    rows = rows.filter(on__gte=span.start)
    return rows.filter(on__lt=span.end) if span.end else rows


def _spent(rows: QuerySet[Expense]) -> tuple[Spent, ...]:
    """Return every use in the policy's order, those without spending too."""
    found = {
        use: (fen, count) for use, fen, count in rows.values_list("use").annotate(fen=Sum("amount_fen"), n=Count("pk"))
    }
    parts = fund.shares({use: found.get(use, (0, 0))[0] for use in fund.USES})
    return tuple(Spent(use, title, *found.get(use, (0, 0)), share=parts[use]) for use, (title, _) in fund.USES.items())


def warning_of_surplus(account: Account, term: Term, *, on: date) -> Refusal | None:
    """Return the warning that a term that is over leaves more than a service without profit may keep (R-FEE-03)."""
    if on < term.service_until_on:
        return None
    return fund.warning_of_surplus(
        account.income_fen + account.compensated_fen, account.spent_fen, parameters_on(on).fund
    )


def available_fen(school: School) -> int:
    """Return what was appropriated to a school and is not spent: all it may spend (2.6.3-b)."""
    given = Appropriation.objects.filter(school=school).aggregate(fen=Sum("amount_fen"))["fen"] or 0
    spent = Expense.objects.filter(school=school).aggregate(fen=Sum("amount_fen"))["fen"] or 0
    return given - spent


@dataclass(frozen=True)
class SchoolTotals:
    """One row of the district's table."""

    school: School
    account: Account


def totals_by_school(term: Term, *, month: date | None = None, text: str = "") -> list[SchoolTotals]:
    """Return the account of every school in a term or month, by code: five statements whatever their number."""
    schools = School.objects.order_by("code")
    if text := text.strip():
        schools = schools.filter(Q(name__icontains=text) | Q(code__icontains=text) | Q(town__icontains=text))
    months, span = ([month.replace(day=1)], month_of(month)) if month else (months_of_term(term), days_of_term(term))
    bills = Bill.objects.filter(month__in=months).exclude(state="void")
    sums = _by_school(bills, "school", **_SUMS, pupils=Count("pupil", distinct=True))
    refunds = _by_school(Refund.objects.filter(bill__month__in=months), "bill__school", **_REFUNDS)
    given = _by_school(within(Appropriation.objects.all(), span), "school", **_GIVEN)
    spent: dict[int, dict[str, tuple[int, int]]] = {}
    rows = within(Expense.objects.all(), span).values_list("school", "use")
    for school, use, fen, count in rows.annotate(fen=Sum("amount_fen"), n=Count("pk")):
        spent.setdefault(school, {})[use] = (fen, count)
    return [
        SchoolTotals(
            one,
            Account(
                **sums.get(one.pk, {}),
                **refunds.get(one.pk, {}),
                **given.get(one.pk, {}),
                spending=tuple(
                    Spent(use, title, *spent.get(one.pk, {}).get(use, (0, 0))) for use, (title, _) in fund.USES.items()
                ),
            ),
        )
        for one in schools
    ]


def _aggregate(rows: QuerySet[Any], **figures: Any) -> dict[str, int]:
    # Under other names than the columns: an aggregate called like one would hide it from the next.
    found = rows.aggregate(**{f"sum_{name}": figure for name, figure in figures.items()})
    return {name: found[f"sum_{name}"] or 0 for name in figures}


def _by_school(rows: QuerySet[Any], path: str, **figures: Any) -> dict[int, dict[str, int]]:
    found = rows.values(path).annotate(**{f"sum_{name}": figure for name, figure in figures.items()})
    return {row[path]: {name: row[f"sum_{name}"] or 0 for name in figures} for row in found}
