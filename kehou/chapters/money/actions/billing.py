"""The bills of a month: of a whole school by the worker, of one child at the desk. Run again, it adds and adjusts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Sum

from kehou.chapters.journal import actions as journal
from kehou.chapters.money import letters
from kehou.chapters.money.actions.settling import adjust, changed_among
from kehou.chapters.money.models import Bill, BillingRun, BillLine, Payee, PriceTerms
from kehou.chapters.money.queries import SchoolMonth, Sheet, month_of_school, refusals_before_billing
from kehou.chapters.people.models import Pupil
from kehou.chapters.schools.models import School
from kehou.lib import jobs
from kehou.lib.actors import SYSTEM, Actor
from kehou.lib.statements import insert_into
from kehou.rules import fees
from kehou.rules.money import yuan
from kehou.rules.parameters import REGISTRY, Parameters
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refusal, Refused, insist, refuse

REASON = "按实际天数结算"
_ROWS = 1000  # of one INSERT


@transaction.atomic
def register_payee(
    school: School, *, account_name: str, bank: str, account_number: str, by: Actor, at: datetime
) -> Payee:
    """Register the special account that a school's bills name; the one before is closed (2.6.1-e, 2.6.3-a).

    :raises Refused: R-FEE-05 when the account is not written out
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    name, bank, number = account_name.strip(), bank.strip(), account_number.replace(" ", "")
    if not (name and bank and number):
        raise Refused(refuse("R-FEE-05", "payee_incomplete"))
    standing_one = Payee.objects.filter(school=school, closed_on__isnull=True).first()
    if standing_one and (standing_one.account_name, standing_one.bank, standing_one.account_number) == (
        name, bank, number,
    ):  # fmt: skip
        return standing_one
    Payee.objects.filter(school=school, closed_on__isnull=True).update(closed_on=at.date())
    payee = Payee.objects.create(
        school=school, account_name=name, bank=bank, account_number=number, registered_on=at.date()
    )
    journal.write("money.payee_registered", about=payee, by=by, at=at, school_code=school.code, account=number)
    return payee


# --- A whole school ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ran:
    """What one run did: bills made, bills adjusted, children left out because the agreement is not signed."""

    made: int
    adjusted: int
    unsigned: int
    bills: int
    gross_fen: int
    waived_fen: int
    due_fen: int


@jobs.task(retries=3)
def make_bills(report: jobs.Progress, *, school_id: int, month: str) -> dict[str, Any]:
    """Make or settle a school's bills of a month (`2026-11-01`)."""
    school = School.objects.get(pk=school_id)
    report.step(0, 1, "读取报名、考勤和停课")
    with report.fenced():
        ran = run_bills(school, date.fromisoformat(month), by=report.by, at=report.at)
    report.step(1, 1, f"新开{ran.made}张，调整{ran.adjusted}张")
    report.link(f"/school/{school.code}/bills/?month={month[:7]}")
    return asdict(ran)


@transaction.atomic
def ask_for_bills(school: School, month: date, *, by: Actor, at: datetime) -> jobs.JobReport:
    """Let the worker make a school's bills of a month; asked again after corrections, it adjusts what has changed.

    :raises Refused: R-GATE-00, R-FILING-02, R-FEE-01, R-FEE-05, before anything is queued
    """
    month = month.replace(day=1)
    insist(*refusals_before_billing(school, month))
    report = jobs.ask(
        make_bills,
        key=f"bills:{school.code}:{month:%Y-%m}",
        title=f"{month.year}年{month.month}月缴费单",
        by=by,
        at=at,
        school_code=school.code,
        school_id=school.pk,
        month=month.isoformat(),
    )
    if report.state == jobs.JobReport.DONE:
        jobs.again(report, by=by, at=at)
    return report


@jobs.task(retries=1, every=timedelta(days=1), title="结算上月缴费单")
def settle_months(report: jobs.Progress) -> dict[str, int]:
    """Settle every school's month that is over and not settled: leave, cancellations, exits become refunds.

    A school whose month is refused stays for tomorrow and holds nobody else back; the report counts it.
    """
    first = report.at.date().replace(day=1)
    waiting = list(
        BillingRun.objects.filter(settled_at__isnull=True, month__lt=first).select_related("school").order_by("pk")
    )
    refused = 0
    for number, run in enumerate(waiting, start=1):
        saying = run.school.name
        try:
            with report.fenced():
                run_bills(run.school, run.month, by=SYSTEM, at=report.at, gate=False)
        except Refused as no:
            refused += 1
            saying += f"：{say(no.refusal)}"
        report.step(number, len(waiting), saying)
    return {"settled": len(waiting) - refused, "refused": refused}


@transaction.atomic
def run_bills(school: School, month: date, *, by: Actor, at: datetime, gate: bool = True) -> Ran:
    """Make the bills of a school for a month, and adjust those whose facts have changed since (V1–V22).

    Done twice it does nothing the second time. `gate` False only for settling what was rightly billed before.

    :raises Refused: R-GATE-00, R-FILING-02, R-FEE-01, R-FEE-05
    """
    month = month.replace(day=1)
    if gate:
        insist(*refusals_before_billing(school, month))
    run = _run(school, month, by=by, at=at)
    reckoned = month_of_school(school, month)
    if reckoned is None:
        raise Refused(refuse("R-FEE-01", "no_service_in_month", month=month.month))
    bills = Bill.objects.filter(school=school, month=month).exclude(state="void")
    sheets = {one.enrolment_id: one for one in reckoned.sheets}
    adjusted = adjust(changed_among(bills, sheets), reason=REASON, by=by, at=at)
    billed = set(bills.values_list("pupil", flat=True))
    fresh = [one for one in reckoned.sheets if one.concerns and one.pupil_id not in billed]
    made = _make(reckoned, [one for one in fresh if one.agreed], run=run, at=at)
    over = at.date() >= (reckoned.span.end or at.date())
    if over:
        Bill.objects.filter(school=school, month=month, state="paid").update(state="settled")
    ran = _close_run(run, made=made, adjusted=len(adjusted), unsigned=sum(not one.agreed for one in fresh), at=at)
    BillingRun.objects.filter(pk=run.pk, settled_at__isnull=True).update(settled_at=at if over else None)
    journal.write(
        "money.bills_run", about=run, by=by, at=at, school_code=school.code, month=f"{month:%Y-%m}", **asdict(ran)
    )
    return ran


def _run(school: School, month: date, *, by: Actor, at: datetime) -> BillingRun:
    """Return the run of the month, locked: two runs of one school's month follow each other."""
    BillingRun.objects.get_or_create(
        school=school, month=month, defaults={"started_by": str(by), "started_at": at, "finished_at": None}
    )
    return BillingRun.objects.select_for_update(no_key=True).get(school=school, month=month)


def _close_run(run: BillingRun, *, made: int, adjusted: int, unsigned: int, at: datetime) -> Ran:
    sums = run.made.exclude(state="void").aggregate(
        bills=Count("pk"), gross=Sum("gross_fen"), waived=Sum("waived_fen"), due=Sum("due_fen")
    )
    gross, waived, due = (sums[name] or 0 for name in ("gross", "waived", "due"))
    BillingRun.objects.filter(pk=run.pk).update(
        finished_at=at, runs=run.runs + 1, bills=sums["bills"], gross_fen=gross, waived_fen=waived, due_fen=due
    )
    return Ran(made, adjusted, unsigned, sums["bills"], gross, waived, due)


# --- One child --------------------------------------------------------------------------------------------------------


@transaction.atomic
def make_bill(
    pupil: Pupil, month: date, *, by: Actor, at: datetime, item: str = fees.FEE_ITEM, account_number: str = ""
) -> Bill:
    """Make one child's bill of a month beside the run, for a child who joined after it.

    `item` and `account_number` are what the caller would like to have on it: anything but the one item and the
    registered account is refused.

    :raises Refused: R-GATE-00, R-FILING-02, R-FEE-01, R-FEE-02, R-FEE-04, R-FEE-05
    """
    month, school = month.replace(day=1), pupil.school
    found = list(refusals_before_billing(school, month))
    reckoned = month_of_school(school, month, pupil_ids=[pupil.pk])
    sheet = next((one for one in reckoned.sheets if one.concerns), None) if reckoned else None
    found += _refusals_of_one(school, sheet, item=item, account_number=account_number, month=month)
    insist(*found)
    assert reckoned is not None and sheet is not None
    run = _run(school, month, by=by, at=at)
    if old := Bill.objects.filter(pupil=pupil, school=school, month=month).exclude(state="void").first():
        raise Refused(refuse("R-FEE-02", "bill_standing_already", month=month.month, number=old.number))
    _make(reckoned, [sheet], run=run, at=at)
    _close_run(run, made=1, adjusted=0, unsigned=0, at=at)
    bill = Bill.objects.exclude(state="void").get(pupil=pupil, school=school, month=month)
    journal.write("money.bill_made", about=bill, by=by, at=at, school_code=school.code, due_fen=bill.due_fen)
    return bill


def _refusals_of_one(
    school: School, sheet: Sheet | None, *, item: str, account_number: str, month: date
) -> Iterable[Refusal]:
    registered = frozenset(
        Payee.objects.filter(school=school, closed_on__isnull=True).values_list("account_number", flat=True)
    )
    facts = fees.BillFacts(
        month=month.month,
        filing_accepted=True,
        fund_plan_accepted=True,
        tariff_in_force=True,
        enrolled=sheet is not None,
        agreement_in_force=sheet is not None and sheet.agreed,
        item=item,
        payee_account=account_number or next(iter(registered), ""),
        registered_accounts=registered or frozenset({""}),
        amount_fen=0,
        cap_fen=0,
    )
    return fees.refusals_to_bill(facts)


# --- Writing ----------------------------------------------------------------------------------------------------------


def _make(reckoned: SchoolMonth, sheets: Sequence[Sheet], *, run: BillingRun, at: datetime) -> int:
    """Write bills, their lines and the letters, a fixed number of statements a thousand; return how many."""
    if not sheets:
        return 0
    payee = Payee.objects.get(school=reckoned.school, closed_on__isnull=True)
    terms = {turn: _terms(reckoned.terms[turn], at) for turn in {one.terms for one in sheets}}
    names = dict(Pupil.objects.filter(pk__in=[one.pupil_id for one in sheets]).values_list("pk", "name"))
    _refuse_out_of_bounds(reckoned, sheets)
    stem = f"JF{reckoned.school.code}{reckoned.first:%Y%m}"
    rows = []
    for number, sheet in enumerate(sheets, start=run.numbered + 1):
        price = reckoned.price(sheet)
        who = (f"{stem}{number:05d}", reckoned.school.pk, sheet.pupil_id, sheet.enrolment_id, run.pk, reckoned.first)
        sums = (price.charged_days, price.gross_fen, price.waived_fen, price.due_fen)
        state = "to_pay" if price.due_fen else "settled"
        rows.append((*who, payee.pk, terms[sheet.terms].pk, sheet.reckoning, *sums, state, at))
    ids = _insert_bills(rows)
    _insert_lines((ids[sheet.pupil_id], reckoned.price(sheet).lines) for sheet in sheets)
    run.numbered += len(rows)
    BillingRun.objects.filter(pk=run.pk).update(numbered=run.numbered)
    letters.of_bills(
        reckoned.first,
        (
            (one.pupil_id, names[one.pupil_id], price.due_fen, price.lines)
            for one in sheets
            for price in (reckoned.price(one),)
        ),
        at=at,
        school_code=reckoned.school.code,
    )
    return len(rows)


def _refuse_out_of_bounds(reckoned: SchoolMonth, sheets: Sequence[Sheet]) -> None:
    cap = reckoned.parameters.fee.upper_cap
    for one in sheets:
        gross = reckoned.price(one).gross_fen
        if not 0 <= gross <= cap:
            raise Refused(refuse("R-FEE-06", "out_of_bounds", amount=yuan(gross), cap=yuan(cap)))


_KEPT = [key for key in REGISTRY if key.startswith(("fee.", "waiver.")) or key == "slot.max_per_day"]


def _terms(parameters: Parameters, at: datetime) -> PriceTerms:
    """Return the row that keeps the parameters a bill is computed with."""
    content = {key: REGISTRY[key].dump(parameters.value(key)) for key in _KEPT}
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    terms, _ = PriceTerms.objects.get_or_create(digest=digest, defaults={"content": content, "first_used_at": at})
    return terms


def _insert_bills(rows: Sequence[tuple[Any, ...]]) -> dict[int, int]:
    """Insert bills and return their ids by pupil."""
    statement = insert_into(
        Bill, "number", "school_id", "pupil_id", "enrolment_id", "run_id", "month", "payee_id", "terms_id", "reckoning",
        "charged_days", "gross_fen", "waived_fen", "due_fen", "state", "made_at", connection=connection,
    )  # fmt: skip
    ids: dict[int, int] = {}
    for start in range(0, len(rows), _ROWS):
        with statement.run(connection, rows[start : start + _ROWS], tail=" RETURNING pupil_id, id") as cursor:
            ids.update(cursor.fetchall())
    return ids


def _insert_lines(lines: Iterable[tuple[int, Sequence[fees.Line]]]) -> None:
    statement = insert_into(BillLine, "bill_id", "turn", "kind", "key", "facts", "amount_fen", connection=connection)
    rows: list[tuple[Any, ...]] = []
    for bill_id, written in lines:
        rows += [
            (bill_id, turn, fees.kind_of(one), one.key, dict(one.facts), one.amount_fen)
            for turn, one in enumerate(written, start=1)
        ]
    for start in range(0, len(rows), _ROWS):
        statement.run(connection, rows[start : start + _ROWS]).close()
