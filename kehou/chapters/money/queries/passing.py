"""What was collected and has not been passed on to the schools (2.6.3-h): how much, since which month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Sum

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.money.models import Appropriation, Bill, Refund
from kehou.chapters.money.queries.accounts import SchoolTotals, days_of_term, months_of_term, warning_of_surplus, within
from kehou.chapters.schools.models import School
from kehou.rules import fund
from kehou.rules.verdicts import Refusal


def held_by_school(term: Term, *, on: date, school: School | None = None) -> dict[int, fund.Held]:
    """Return by school id what of a term's income lies in the special account: three statements, however many.

    Income counts by the month that was billed; the month of `on` is not over and left out. A school whose income was
    all passed on is not in it.
    """
    months = months_of_term(term)
    of: dict[str, Any] = {"school": school} if school else {}
    income: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    bills = Bill.objects.filter(month__in=months, **of).exclude(state="void")
    for key, month, fen in bills.values_list("school", "month").annotate(fen=Sum("paid_fen")):
        income[key][month] += fen
    back = Refund.objects.filter(
        state="paid", bill__month__in=months, **{f"bill__{name}": value for name, value in of.items()}
    )
    for key, month, fen in back.values_list("bill__school", "bill__month").annotate(fen=Sum("amount_fen")):
        income[key][month] -= fen
    given = within(Appropriation.objects.filter(source="fees", **of), days_of_term(term))
    passed = dict(given.values_list("school").annotate(fen=Sum("amount_fen")))
    found = {key: fund.held_back(by_month, passed.get(key, 0), on) for key, by_month in income.items()}
    return {key: held for key, held in found.items() if held is not None}


def warnings_by_school(
    rows: Iterable[SchoolTotals], term: Term, *, on: date, school: School | None = None
) -> dict[int, tuple[Refusal, ...]]:
    """Return by school id what is not right in the accounts of a whole term; a school in order is not in it.

    Income kept back (R-FUND-06) and a surplus after the term (R-FEE-03). There is none of a single month: its income
    may lawfully be passed on in the next.
    """
    rules, held = parameters_on(on).fund, held_by_school(term, on=on, school=school)
    found = {
        row.school.pk: (
            fund.warning_of_holding_back(held.get(row.school.pk), rules),
            warning_of_surplus(row.account, term, on=on),
        )
        for row in rows
    }
    return {key: said for key, both in found.items() if (said := tuple(one for one in both if one))}
