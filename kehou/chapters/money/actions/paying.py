"""Money that comes in: whole bills, several children in one sitting, once whatever is pressed twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from kehou.chapters.journal import actions as journal
from kehou.chapters.money import letters
from kehou.chapters.money.actions.settling import move
from kehou.chapters.money.models import Bill, Payment
from kehou.chapters.schools.models import School
from kehou.lib.actors import Actor
from kehou.lib.masked import keyed_hash
from kehou.lib.statements import insert_objects, update_objects
from kehou.rules import fees
from kehou.rules.verdicts import Refusal, insist, refuse


@dataclass(frozen=True, slots=True)
class Transfer:
    """One sitting at the counter or one line of the bank's statement: who paid which bills, when, by which number."""

    reference: str
    payer: str
    bills: Sequence[int]
    paid_at: datetime
    given_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of a statement: payments made now, those known before, lines that were refused."""

    payments: list[Payment]
    known: int
    refused: list[tuple[str, Refusal]]


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
    one = Transfer(reference.strip()[:60], payer, sorted({bill.pk for bill in bills}), at, given_fen)
    locked = _locked(school, one.bills)
    known = list(_known(school, [one.reference]))
    if known and [payment.bill_id for payment in known] == list(one.bills):
        return known
    insist(*_refusals(one, locked, {one.reference} if known else set()))
    return _enter(school, [one], locked, method=method, by=by, at=at)


@transaction.atomic
def record_transfers(school: School, transfers: Iterable[Transfer], *, by: Actor, at: datetime) -> Entered:
    """Note a statement of the special account: every line that pays whole bills, once; the others with their reasons.

    A fixed number of statements whatever the number of lines.
    """
    wanted = list(transfers)
    locked = _locked(school, [bill for one in wanted for bill in one.bills])
    known = {payment.reference for payment in _known(school, [one.reference for one in wanted])}
    good: list[Transfer] = []
    refused: list[tuple[str, Refusal]] = []
    taken: set[str] = set()
    paid: set[int] = set()
    for one in wanted:
        if one.reference in known:
            continue
        # Within one statement a bill is paid once: a second line for it finds nothing open.
        twice = next((locked[bill] for bill in one.bills if bill in paid), None)
        again = [refuse("R-FEE-06", "nothing_to_pay", number=twice.number)] if twice else []
        if found := again or _refusals(one, locked, taken):
            refused.append((one.reference, found[0]))
            continue
        good.append(one)
        taken.add(one.reference)
        paid.update(one.bills)
    payments = _enter(school, good, locked, method="transfer", by=by, at=at) if good else []
    return Entered(payments, len(wanted) - len(good) - len(refused), refused)


def _locked(school: School, ids: Sequence[int]) -> dict[int, Bill]:
    """Return bills by id, locked in one order: whoever comes second waits and then sees what the first has done."""
    rows = Bill.objects.select_for_update(of=("self",), no_key=True).select_related("school")
    return {bill.pk: bill for bill in rows.filter(pk__in=ids, school=school).order_by("pk")}


def _known(school: School, references: Sequence[str]) -> Iterable[Payment]:
    rows = Payment.objects.filter(reference__in=references, bill__school=school)
    return rows.select_related("bill__school").order_by("bill")


def _open(bill: Bill) -> int:
    return fees.open_fen(bill.due_fen, bill.paid_fen, bill.returned_fen)


def _refusals(one: Transfer, locked: dict[int, Bill], taken: set[str]) -> list[Refusal]:
    """Return why a sitting cannot be entered."""
    bills = [locked[bill] for bill in one.bills if bill in locked]
    found = [
        None if one.reference else refuse("R-FEE-06", "without_reference"),
        refuse("R-FEE-06", "reference_used", reference=one.reference) if one.reference in taken else None,
        None if one.bills else refuse("R-FEE-02", "pick_a_bill"),
        refuse("R-FEE-02", "bill_not_found") if len(bills) < len(one.bills) else None,
        *(fees.refusal_to_pay(bill.number, open_fen=_open(bill)) for bill in bills),
    ]
    standing = [no for no in found if no is not None]
    if not standing:
        whole, numbers = sum(map(_open, bills)), "、".join(bill.number for bill in bills)
        sum_wrong = fees.refusal_to_pay(numbers, open_fen=whole, given_fen=one.given_fen)
        standing = [sum_wrong] if sum_wrong else []
    return standing


def _enter(
    school: School, sittings: Sequence[Transfer], locked: dict[int, Bill], *, method: str, by: Actor, at: datetime
) -> list[Payment]:
    """Write the payments of sittings that nothing stands against; bills, journal and letters with them."""
    payments = insert_objects(_payments(sittings, locked, method=method, by=by))
    paid = [locked[bill] for one in sittings for bill in one.bills]
    for bill in paid:
        bill.paid_fen += _open(bill)
        move(bill, at)
    update_objects(paid, "paid_fen", "state")
    journal.write_many(
        (("money.paid", one, {"bill": one.bill.number, "amount_fen": one.amount_fen}) for one in payments),
        by=by,
        at=at,
        school_code=school.code,
    )
    letters.of_payments(payments, at=at)
    return payments


def _payments(sittings: Sequence[Transfer], locked: dict[int, Bill], *, method: str, by: Actor) -> Iterable[Payment]:
    """Yield the payments; the number of a receipt says which bill and the how manieth payment of it."""
    earlier = dict(
        Payment.objects.filter(bill__in=list(locked))
        .values_list("bill")
        .annotate(n=Count("pk"))
        .values_list("bill", "n")
    )
    for one in sittings:
        for bill_id in one.bills:
            bill = locked[bill_id]
            number = f"SJ{bill.number.removeprefix('JF')}-{earlier.get(bill_id, 0) + 1}"
            yield Payment(
                bill=bill,
                amount_fen=_open(bill),
                method=method if method in fees.METHODS else "counter",
                reference=one.reference,
                payer=one.payer.strip()[:60],
                receipt_number=number,
                check_code=keyed_hash(number, purpose="receipt")[:16],
                received_by=str(by),
                received_by_account=by.account_id,
                received_at=one.paid_at,
            )
