"""Money that comes in at the counter: whole bills, several children in one sitting, once whatever is pressed twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from kehou.chapters.journal import actions as journal
from kehou.chapters.money import letters
from kehou.chapters.money.actions.settling import state_of
from kehou.chapters.money.models import Bill, Payment
from kehou.chapters.schools.models import School
from kehou.lib.actors import Actor
from kehou.lib.masked import keyed_hash
from kehou.rules import fees
from kehou.rules.verdicts import Refused, insist, refuse


@transaction.atomic
def record_payment(
    school: School,
    bills: Iterable[Bill],
    *,
    reference: str,
    method: str,
    payer: str,
    by: Actor,
    at: datetime,
    given_fen: int | None = None,
) -> list[Payment]:
    """Note that bills were paid whole in one sitting (V28); each gets its own receipt.

    The same reference with the same bills is the same payment. `given_fen`, where it is said, is the sum of all.

    :raises Refused: R-FEE-02 for a bill of another school, R-FEE-06 when nothing is open, the sum is another one, or
        the reference belongs to another payment
    """
    wanted = sorted({bill.pk for bill in bills})
    reference = reference.strip()[:60]
    # Locked in one order: whoever comes second waits here and then sees what the first has done.
    rows = list(
        Bill.objects.select_for_update(of=("self",))
        .select_related("school")
        .filter(pk__in=wanted, school=school)
        .order_by("pk")
    )
    insist(
        None if reference else refuse("R-FEE-06", "without_reference"),
        None if wanted else refuse("R-FEE-02", "pick_a_bill"),
        refuse("R-FEE-02", "bill_not_found") if len(rows) < len(wanted) else None,
    )
    known = list(
        Payment.objects.filter(reference=reference, bill__school=school).select_related("bill").order_by("bill")
    )
    if known:
        if [one.bill_id for one in known] == wanted:
            return known
        raise Refused(refuse("R-FEE-06", "reference_used", reference=reference))
    open_of = {bill.pk: fees.open_fen(bill.due_fen, bill.paid_fen, bill.returned_fen) for bill in rows}
    insist(*(fees.refusal_to_pay(bill.number, open_fen=open_of[bill.pk]) for bill in rows))
    numbers = "、".join(bill.number for bill in rows)
    insist(fees.refusal_to_pay(numbers, open_fen=sum(open_of.values()), given_fen=given_fen))
    payments = _write(rows, open_of, reference=reference, method=method, payer=payer, by=by, at=at)
    for bill in rows:
        bill.paid_fen += open_of[bill.pk]
        bill.state = state_of(bill, at)
    Bill.objects.bulk_update(rows, ["paid_fen", "state"])
    journal.write_many(
        (("money.paid", one, {"bill": one.bill.number, "amount_fen": one.amount_fen}) for one in payments),
        by=by,
        at=at,
        school_code=school.code,
    )
    letters.of_payments(payments, at=at)
    return payments


def _write(
    bills: list[Bill], open_of: dict[int, int], *, reference: str, method: str, payer: str, by: Actor, at: datetime
) -> list[Payment]:
    before = dict(
        Payment.objects.filter(bill__in=bills).values_list("bill").annotate(n=Count("pk")).values_list("bill", "n")
    )
    payments = []
    for bill in bills:
        number = f"SJ{bill.number.removeprefix('JF')}-{before.get(bill.pk, 0) + 1}"
        payments.append(
            Payment(
                bill=bill,
                amount_fen=open_of[bill.pk],
                method=method if method in fees.METHODS else "counter",
                reference=reference,
                payer=payer.strip()[:60],
                receipt_number=number,
                check_code=keyed_hash(number, purpose="receipt")[:16],
                received_by=str(by),
                received_by_account=by.account_id,
                received_at=at,
            )
        )
    return Payment.objects.bulk_create(payments)
