"""A day's transfers into the special account, taken from the bank's statement: many payments in a few statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.money import letters
from kehou.chapters.money.actions.settling import state_of
from kehou.chapters.money.models import Bill, Payment
from kehou.chapters.schools.models import School
from kehou.lib.actors import Actor
from kehou.lib.masked import keyed_hash
from kehou.rules import fees
from kehou.rules.verdicts import Refusal, Refused, refuse


@dataclass(frozen=True, slots=True)
class Transfer:
    """One line of the statement: the bank's reference, who paid, and the bills it pays whole (V28)."""

    reference: str
    payer: str
    bill_ids: Sequence[int]
    at: datetime


@transaction.atomic
def record_transfers(
    school: School, transfers: Sequence[Transfer], *, by: Actor, at: datetime, method: str = "transfer"
) -> list[Payment]:
    """Note many payments at once, each bill whole and once; lines whose reference is known already are passed over.

    :raises Refused: R-FEE-02 for a bill of another school, R-FEE-06 when a bill has nothing open; nothing is noted then
    """
    known = set(
        Payment.objects.filter(bill__school=school, reference__in=[one.reference for one in transfers]).values_list(
            "reference", flat=True
        )
    )
    fresh = [one for one in transfers if one.reference not in known]
    wanted = sorted({pk for one in fresh for pk in one.bill_ids})
    # Locked in one order, as at the counter: whoever comes second sees what the first has done.
    bills = {
        bill.pk: bill
        for bill in Bill.objects.select_for_update(of=("self",))
        .select_related("school", "pupil")
        .filter(pk__in=wanted, school=school)
        .order_by("pk")
    }
    refusals: list[Refusal | None] = [
        None if pk in bills else refuse("R-FEE-02", "bill_not_found") for pk in wanted
    ] + [
        fees.refusal_to_pay(bill.number, open_fen=fees.open_fen(bill.due_fen, bill.paid_fen, bill.returned_fen))
        for bill in bills.values()
    ]
    if standing := [one for one in refusals if one is not None]:
        raise Refused(*standing)
    payments = Payment.objects.bulk_create(
        [_payment(bills[pk], one, method, by) for one in fresh for pk in one.bill_ids], batch_size=500
    )
    for payment in payments:
        bill = bills[payment.bill_id]
        bill.paid_fen += payment.amount_fen
        bill.state = state_of(bill, at)
    Bill.objects.bulk_update(bills.values(), ["paid_fen", "state"], batch_size=300)
    journal.write_many(
        (("money.paid", one, {"bill": bills[one.bill_id].number, "amount_fen": one.amount_fen}) for one in payments),
        by=by,
        at=at,
        school_code=school.code,
    )
    letters.of_payments(payments, at=at)
    return payments


def _payment(bill: Bill, transfer: Transfer, method: str, by: Actor) -> Payment:
    number = f"SJ{bill.number.removeprefix('JF')}-1"
    return Payment(
        bill=bill,
        amount_fen=fees.open_fen(bill.due_fen, bill.paid_fen, bill.returned_fen),
        method=method,
        reference=transfer.reference.strip()[:60],
        payer=transfer.payer.strip()[:60],
        receipt_number=number,
        check_code=keyed_hash(number, purpose="receipt")[:16],
        received_by=str(by),
        received_by_account=by.account_id,
        received_at=transfer.at,
    )
