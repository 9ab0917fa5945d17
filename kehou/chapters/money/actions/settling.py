"""A bill computed again: new signed lines beside the old ones, and by itself the refund that follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, QuerySet

from kehou.chapters.basis.queries import holidays_within, parameters_on
from kehou.chapters.journal import actions as journal
from kehou.chapters.money import letters
from kehou.chapters.money.models import Adjustment, Bill, BillLine, Refund
from kehou.chapters.money.queries import reckoning
from kehou.chapters.people.models import Pupil
from kehou.chapters.schools.models import School
from kehou.lib.actors import Actor
from kehou.rules import fees
from kehou.rules.fees import Fen, Line
from kehou.rules.spans import DAY, month_of
from kehou.rules.states import BILL, refusal_of_lost_race, refusal_to_move
from kehou.rules.verdicts import Refused, insist

REPLACED = "按新的情况重算，由新的一笔代替"


@dataclass(frozen=True, slots=True)
class Again:
    """A bill that is to be computed again with another month."""

    bill: Bill
    reckoning: str


def standing(bills: QuerySet[Bill]) -> list[Bill]:
    """Return bills locked, in one order, with what is needed to compute them again: three statements."""
    return list(
        bills.exclude(state="void")
        .select_for_update(of=("self",), no_key=True)
        .select_related("terms", "school")
        .prefetch_related("adjustments")
        .order_by("pk")
    )


def adjust(changed: Sequence[Again], *, reason: str, by: Actor, at: datetime) -> list[Bill]:
    """Write what has changed in locked bills of one school; return those whose amount is another one.

    A fixed number of statements whatever the number of bills.
    """
    if not changed:
        return []
    written = [(one, lines) for one in changed if (lines := _compute(one, reason))]
    _write(written, reason=reason, by=by, at=at)
    settle_up([one.bill for one, _ in written], reason=reason, by=by, at=at)
    told = [(one.bill, lines) for one, lines in written if any(line.amount_fen for line in lines)]
    journal.write_many(
        (("money.bill_adjusted", bill, {"reason": reason, "due_fen": bill.due_fen}) for bill, _ in told),
        by=by,
        at=at,
        school_code=changed[0].bill.school.code,
    )
    letters.of_adjustments(told, at=at)
    return [bill for bill, _ in told]


def _write(written: Sequence[tuple[Again, Sequence[Line]]], *, reason: str, by: Actor, at: datetime) -> None:
    """Write the adjustments and their lines behind those that stand."""
    bills = [one.bill.pk for one, _ in written]
    turns = dict(BillLine.objects.filter(bill__in=bills).values_list("bill").annotate(last=Max("turn")))
    adjustments = Adjustment.objects.bulk_create(
        Adjustment(
            bill=one.bill,
            version=len(one.bill.adjustments.all()) + 1,
            reason=reason,
            reckoning=one.reckoning,
            gross_fen=one.bill.gross_fen,
            waived_fen=one.bill.waived_fen,
            written_by=str(by),
            written_at=at,
        )
        for one, _ in written
    )
    _add_lines([(one.bill, made, lines) for (one, lines), made in zip(written, adjustments, strict=True)], turns)


def _compute(one: Again, reason: str) -> tuple[Line, ...]:
    """Return the lines between a bill and its new month, and let the bill in hand carry the new sums."""
    fee = reckoning.fee_of(one.bill)
    before = fees.price(fees.read_month(reckoning.latest_reckoning(one.bill)), fee)
    # What the bill says counts, even if a later version of the program should compute the old month otherwise.
    before = replace(before, gross_fen=Fen(one.bill.gross_fen), waived_fen=Fen(one.bill.waived_fen))
    after = fees.price(fees.read_month(one.reckoning), fee)
    lines = fees.changes(before, after, reason=reason)
    one.bill.gross_fen, one.bill.waived_fen, one.bill.due_fen = after.gross_fen, after.waived_fen, after.due_fen
    one.bill.charged_days = after.charged_days
    return lines


def _add_lines(written: Iterable[tuple[Bill, Adjustment | None, Sequence[Line]]], turns: dict[int, int]) -> None:
    BillLine.objects.bulk_create(
        (
            BillLine(
                bill=bill,
                adjustment=adjustment,
                turn=turns.get(bill.pk, 0) + at,
                kind=fees.kind_of(line),
                key=line.key,
                facts=dict(line.facts),
                amount_fen=line.amount_fen,
            )
            for bill, adjustment, lines in written
            for at, line in enumerate(lines, start=1)
        ),
        batch_size=1000,
    )


def settle_up(bills: Sequence[Bill], *, reason: str, by: Actor, at: datetime) -> None:
    """Make the refunds that are due, take back those that are not approved and no longer right, move the states."""
    waiting = {one.bill_id: one for one in Refund.objects.filter(bill__in=bills, state="made")}
    replaced: list[int] = []
    refunds: list[Refund] = []
    due_on = None
    for bill in bills:
        old = waiting.get(bill.pk)
        sent = bill.returned_fen - (old.amount_fen if old else 0)
        back = fees.refundable_fen(bill.due_fen, bill.paid_fen, sent)
        bill.returned_fen = sent + back
        if old and old.amount_fen != back:
            replaced.append(old.pk)
        if back and (old is None or old.amount_fen != back):
            due_on = due_on or refund_day(at)
            refunds.append(
                Refund(
                    bill=bill, amount_fen=back, reason=reason, due_on=due_on, made_at=at, made_by=str(by),
                    made_by_account=by.account_id,
                )
            )  # fmt: skip
        move(bill, at)
    if replaced:
        Refund.objects.filter(pk__in=replaced).update(state="replaced", refused_because=REPLACED, decided_at=at)
    Bill.objects.bulk_update(
        bills, ["gross_fen", "waived_fen", "due_fen", "charged_days", "returned_fen", "state"], batch_size=200
    )
    Refund.objects.bulk_create(refunds, batch_size=500)


def refund_day(at: datetime) -> date:
    """Return by when a refund that is made now has to arrive: so many working days."""
    today = at.date()
    days = parameters_on(today).fee.refund_working_days
    return holidays_within(today, today + 60 * DAY).working_day_after(today, days)


def state_of(bill: Bill, at: datetime) -> str:
    """Return where a bill stands: to_pay while anything is open, settled once its month is over, else paid."""
    if fees.open_fen(bill.due_fen, bill.paid_fen, bill.returned_fen):
        return "to_pay"
    end = month_of(bill.month).end
    assert end is not None
    return "settled" if at.date() >= end or not bill.paid_fen else "paid"


def move(bill: Bill, at: datetime) -> None:
    """Let a locked bill stand where its sums put it. :raises Refused: R-FLOW-01 where no move of a bill leads there"""
    to = state_of(bill, at)
    if to != bill.state:
        insist(refusal_to_move(BILL, bill.state, to))
        bill.state = to


@transaction.atomic
def settle_pupils(pupils: Iterable[Pupil], *, reason: str, by: Actor, at: datetime) -> list[Bill]:
    """Compute every bill of some children again, after a waiver found late, an exit, a correction (V13, V20, V22).

    Return the bills whose amount changed; refunds have been made where too much was paid.
    """
    ids = [pupil.pk for pupil in pupils]
    bills = Bill.objects.filter(pupil__in=ids).exclude(state="void")
    schools = School.objects.in_bulk(list(bills.values_list("school", flat=True).distinct()))
    touched = []
    for school, month in sorted(set(bills.values_list("school", "month"))):
        reckoned = reckoning.month_of_school(schools[school], month, pupil_ids=ids)
        sheets = {one.enrolment_id: one for one in reckoned.sheets} if reckoned else {}
        again = changed_among(bills.filter(school=school, month=month), sheets)
        touched += adjust(again, reason=reason, by=by, at=at)
    return touched


def changed_among(bills: QuerySet[Bill], sheets: Mapping[int, reckoning.Sheet]) -> list[Again]:
    """Return those bills, locked, whose month is another one than they were computed with.

    The months are compared as text, before anything is made of the bills: most have not changed.
    """
    asked = bills.exclude(state="void")
    latest = dict(asked.values_list("pk", "reckoning"))
    adjusted = Adjustment.objects.filter(bill__in=asked).order_by("version")
    latest.update(adjusted.values_list("bill_id", "reckoning"))
    changed = [
        bill
        for bill, enrolment in asked.values_list("pk", "enrolment_id")
        if (sheet := sheets.get(enrolment)) and sheet.reckoning != latest[bill]
    ]
    if not changed:
        return []
    return [Again(bill, sheets[bill.enrolment_id].reckoning) for bill in standing(Bill.objects.filter(pk__in=changed))]


@transaction.atomic
def void_bill(bill: Bill, *, reason: str, by: Actor, at: datetime) -> Bill:
    """Take back a bill that should not have been made, by lines that reverse it; it stays readable.

    :raises Refused: R-FEE-06 when something was paid on it, or without a reason; R-FLOW-01 when somebody was quicker
    """
    found = standing(Bill.objects.filter(pk=bill.pk))
    if not found:
        raise Refused(refusal_of_lost_race(BILL))
    bill = found[0]
    insist(fees.refusal_to_void(bill.number, paid_fen=bill.paid_fen, reason=reason))
    turns = dict(BillLine.objects.filter(bill=bill).values_list("bill").annotate(last=Max("turn")))
    _add_lines([(bill, None, fees.reversal(bill.gross_fen, bill.waived_fen, reason=reason.strip()))], turns)
    voidable = Bill.objects.filter(pk=bill.pk, state__in=BILL.sources("void"))
    if not voidable.update(state="void", gross_fen=0, waived_fen=0, due_fen=0, charged_days=0):
        raise Refused(refusal_of_lost_race(BILL))
    journal.write("money.bill_voided", about=bill, by=by, at=at, school_code=bill.school.code, reason=reason.strip())
    bill.refresh_from_db()
    return bill
