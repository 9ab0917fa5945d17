"""Two lines that never touch: finance appropriates, the school spends from it for the permitted uses (2.6.3)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.journal import actions as journal
from kehou.chapters.money.models import Appropriation, Expense
from kehou.chapters.money.queries import available_fen
from kehou.chapters.schools.models import School
from kehou.lib.actors import Actor
from kehou.rules import fund
from kehou.rules.verdicts import insist, refuse


@transaction.atomic
def record_appropriation(
    school: School, *, on: date, amount_fen: int, voucher: str, by: Actor, at: datetime, source: str = "fees"
) -> Appropriation:
    """Note what finance has put at a school's disposal (拨付); the same voucher is the same money.

    `source`: fees of families, or waiver: finance's own money in place of what was waived.

    :raises Refused: R-FUND-03 without amount or voucher, or for a voucher of another sum; R-FUND-06 without a source
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    voucher = voucher.strip()[:40]
    standing = Appropriation.objects.filter(school=school, voucher=voucher).first()
    insist(
        None if voucher else refuse("R-FUND-03", "without_voucher"),
        None if amount_fen > 0 else refuse("R-FUND-03", "no_amount"),
        refuse("R-FUND-03", "voucher_twice", voucher=voucher)
        if standing and (standing.amount_fen, standing.on, standing.source) != (amount_fen, on, source)
        else None,
        None if source in fund.SOURCES else refuse("R-FUND-06", "source_unknown"),
    )
    if standing:
        return standing
    made = Appropriation.objects.create(
        school=school, on=on, source=source, amount_fen=amount_fen, voucher=voucher, recorded_by=str(by), recorded_at=at
    )
    journal.write(
        "money.appropriated",
        about=made,
        by=by,
        at=at,
        school_code=school.code,
        amount_fen=amount_fen,
        voucher=voucher,
        source=source,
    )
    return made


@transaction.atomic
def record_expense(
    school: School, *, on: date, use: str, description: str, voucher: str, amount_fen: int, by: Actor, at: datetime
) -> Expense:
    """Note what the fund was spent on, under one of the permitted uses.

    :raises Refused: R-FUND-02 beyond what was appropriated, R-FUND-03 another use or a voucher twice, R-FUND-07 a
        management fee, R-FUND-08 an unrelated cost
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)  # what is left to spend is asked and taken once
    voucher = voucher.strip()[:40]
    spending = fund.Spending(
        use=use,
        description=description,
        amount_fen=amount_fen,
        voucher=voucher,
        available_fen=available_fen(school),
        voucher_known=Expense.objects.filter(school=school, voucher=voucher).exists(),
    )
    insist(*fund.refusals_to_spend(spending, parameters_on(on).fund))
    expense = Expense.objects.create(
        school=school,
        on=on,
        use=use,
        description=description.strip()[:120],
        voucher=voucher,
        amount_fen=amount_fen,
        recorded_by=str(by),
        recorded_at=at,
    )
    journal.write(
        "money.spent", about=expense, by=by, at=at, school_code=school.code, use=use, amount_fen=amount_fen,
        voucher=voucher,
    )  # fmt: skip
    return expense
