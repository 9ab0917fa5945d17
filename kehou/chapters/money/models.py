"""Every yuan: one item, one payee, whole fen, signed lines; nothing paid is edited."""

from __future__ import annotations

from typing import Any

from django.db import models

from kehou.chapters.enrolment.models import Enrolment
from kehou.chapters.people.models import Pupil
from kehou.chapters.schools.models import School
from kehou.lib.constraints import together, within
from kehou.lib.masked import MaskedTextField
from kehou.rules.fees import FEE_ITEM as ITEM  # clause 2.6.1-d: the one item of the catalogue

USES = ["U1", "U2", "U3", "U4", "U5", "U6"]
SOURCES = ["fees", "waiver"]


class WrittenOnce(models.Model):
    """A row of the ledger: written once, reversed by another row, never changed."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row once. :raises TypeError: when it is saved again"""
        if not self._state.adding:
            raise TypeError("a row of the ledger is written once; reverse it")
        super().save(*args, **kwargs)


class Payee(models.Model):
    """The registered special account of a school; no other account may be named on a bill (R-FEE-05)."""

    school = models.ForeignKey(School, models.PROTECT, related_name="payees")
    account_name = models.CharField(max_length=80)
    bank = models.CharField(max_length=60)
    account_number = models.CharField(max_length=40)
    registered_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school"], condition=models.Q(closed_on__isnull=True), name="one_payee_a_school"
            )
        ]

    class Secrecy:
        open = {"school", "account_name", "bank", "account_number", "registered_on", "closed_on"}
        masked: dict[str, object] = {}

    def __str__(self) -> str:
        return self.account_name


class PriceTerms(WrittenOnce):
    """The parameters that bills were computed with, kept so that they can be computed again years later (0-c)."""

    digest = models.CharField(max_length=64, unique=True)
    content = models.JSONField()
    first_used_at = models.DateTimeField()

    class Secrecy:
        open = {"digest", "content", "first_used_at"}
        masked: dict[str, object] = {}


class BillingRun(models.Model):
    """The bills of one school for one month. Running it again adds what is new and adjusts what has changed.

    `numbered` is the last number given to a bill; the counts are those after the latest run.
    """

    school = models.ForeignKey(School, models.PROTECT, related_name="billing_runs")
    month = models.DateField()  # its first day
    started_by = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)  # the first run after the month was over
    runs = models.PositiveIntegerField(default=0)
    numbered = models.PositiveIntegerField(default=0)
    bills = models.PositiveIntegerField(default=0)
    gross_fen = models.BigIntegerField(default=0)
    waived_fen = models.BigIntegerField(default=0)
    due_fen = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "month"], name="one_billing_run_a_month")]

    class Secrecy:
        open = {
            "school", "month", "started_at", "finished_at", "settled_at", "runs", "numbered", "bills", "gross_fen",
            "waived_fen", "due_fen",
        }  # fmt: skip
        masked = {"started_by": "某人"}

    def __str__(self) -> str:
        return f"{self.school.name}{self.month.year}年{self.month.month}月缴费单"


class Bill(models.Model):
    """What one child owes for one month. Its sums are those of its lines.

    `state`: see `kehou.rules.states.BILL`. `reckoning` is the month as it was first computed (rules.fees.records);
    later ones are in its adjustments. `returned_fen` are refunds paid or under way.
    """

    number = models.CharField(max_length=40, unique=True)
    school = models.ForeignKey(School, models.PROTECT, related_name="bills", db_index=False)
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="bills", db_index=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="bills")
    run = models.ForeignKey(BillingRun, models.PROTECT, related_name="made", db_index=False)
    month = models.DateField()
    item = models.CharField(max_length=30, default=ITEM)
    payee = models.ForeignKey(Payee, models.PROTECT, related_name="bills", db_index=False)
    terms = models.ForeignKey(PriceTerms, models.PROTECT, related_name="bills", db_index=False)
    reckoning = models.TextField()
    charged_days = models.PositiveSmallIntegerField()
    gross_fen = models.BigIntegerField()
    waived_fen = models.BigIntegerField(default=0)
    due_fen = models.BigIntegerField()
    paid_fen = models.BigIntegerField(default=0)
    returned_fen = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, default="to_pay")
    made_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)  # of being unpaid, once

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "month", "school"], condition=~models.Q(state="void"), name="one_bill_a_month"
            ),
            models.CheckConstraint(condition=models.Q(item=ITEM), name="one_item_only"),
            within("gross_fen", 0, 16000, name="bill_is_between_0_and_160_yuan"),
            models.CheckConstraint(
                condition=models.Q(due_fen=models.F("gross_fen") - models.F("waived_fen")),
                name="due_is_gross_less_waived",
            ),
            models.CheckConstraint(
                condition=models.Q(returned_fen__gte=0, returned_fen__lte=models.F("paid_fen")),
                name="no_more_goes_back_than_came_in",
            ),
        ]
        indexes = [
            models.Index(fields=["school", "month", "state"], name="money_bill_list"),
            models.Index(fields=["pupil", "month"], name="money_bill_of_a_child"),  # the unique one is without the void
        ]

    class Secrecy:
        open = {"number", "school", "run", "month", "item", "payee", "terms", "state", "made_at", "reminded_at"}
        masked = {
            "pupil": None, "enrolment": None, "reckoning": "", "charged_days": 0, "gross_fen": 0, "waived_fen": 0,
            "due_fen": 0, "paid_fen": 0, "returned_fen": 0,
        }  # fmt: skip

    def __str__(self) -> str:
        return self.number


class Adjustment(WrittenOnce):
    """A bill computed again: why, by whom, with which month; the sums after it. What was billed stays."""

    bill = models.ForeignKey(Bill, models.PROTECT, related_name="adjustments")
    version = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=120)
    reckoning = models.TextField()
    gross_fen = models.BigIntegerField()
    waived_fen = models.BigIntegerField()
    written_by = models.CharField(max_length=80)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bill", "version"], name="adjustment_version_once")]

    class Secrecy:
        open = {"bill", "version", "written_at"}
        masked = {"reason": "", "reckoning": "", "gross_fen": 0, "waived_fen": 0, "written_by": "某人"}


class BillLine(WrittenOnce):
    """One signed line: `key` and `facts` make the sentence on the guardian's page. Added, never changed.

    `kind`: fee, waiver, change, void, remark (see `kehou.rules.fees.kind_of`).
    """

    bill = models.ForeignKey(Bill, models.PROTECT, related_name="lines", db_index=False)
    turn = models.PositiveSmallIntegerField()
    adjustment = models.ForeignKey(Adjustment, models.PROTECT, null=True, related_name="lines")
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    amount_fen = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bill", "turn"], name="bill_line_has_its_turn")]

    class Secrecy:
        open = {"bill", "turn", "adjustment", "kind", "key"}
        masked = {"facts": {}, "amount_fen": 0}


class Payment(WrittenOnce):
    """Money that came in for a bill. Several bills of one sitting share the `reference`, each has its own receipt."""

    bill = models.ForeignKey(Bill, models.PROTECT, related_name="payments", db_index=False)
    amount_fen = models.BigIntegerField()
    method = models.CharField(max_length=12)  # counter, transfer
    reference = models.CharField(max_length=60, db_index=True)
    payer = models.CharField(max_length=60, blank=True)
    receipt_number = models.CharField(max_length=40, unique=True)
    check_code = models.CharField(max_length=16, unique=True)  # in the QR of the receipt
    received_by = models.CharField(max_length=80)
    received_by_account = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="payment_brings_something"),
            models.UniqueConstraint(fields=["bill", "reference"], name="a_repeated_entry_is_the_same_payment"),
        ]

    class Secrecy:
        open = {"bill", "method", "receipt_number", "received_at"}
        masked = {
            "amount_fen": 0, "reference": "", "payer": "某人", "check_code": "", "received_by": "某人",
            "received_by_account": None,
        }  # fmt: skip

    def __str__(self) -> str:
        return self.receipt_number


class Refund(models.Model):
    """Money that goes back: made by itself, approved by a second person, paid by finance.

    `state`: see `kehou.rules.states.REFUND`. `route` original or bank: a guardian's own account, two approvers (V30).
    `reroutes`: how often it was sent elsewhere; approvals count for the route they were given for.
    """

    bill = models.ForeignKey(Bill, models.PROTECT, related_name="refunds")
    amount_fen = models.BigIntegerField()
    reason = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, default="made", db_index=True)
    route = models.CharField(max_length=10, default="original")
    holder = models.CharField(max_length=60, blank=True)
    account_number = MaskedTextField(null=True)
    due_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    made_by_account = models.BigIntegerField(null=True)
    reroutes = models.PositiveSmallIntegerField(default=0)
    rerouted_at = models.DateTimeField(null=True)
    rerouted_by = models.CharField(max_length=80, null=True)
    rerouted_by_account = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    refused_because = models.CharField(max_length=120, blank=True)
    voucher = models.CharField(max_length=60, blank=True)
    paid_at = models.DateTimeField(null=True)
    paid_by = models.CharField(max_length=80, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="refund_returns_something"),
            models.UniqueConstraint(
                fields=["bill"], condition=models.Q(state="made"), name="one_refund_of_a_bill_waits"
            ),
            together("paid_at", "paid_by", name="refund_payment_has_who_and_when"),
            together("rerouted_at", "rerouted_by", name="refund_reroute_has_who_and_when"),
        ]

    class Secrecy:
        open = {"bill", "state", "route", "due_on", "made_at", "reroutes", "rerouted_at", "decided_at", "paid_at"}
        masked = {
            "amount_fen": 0, "reason": "", "holder": "某人", "account_number": None, "made_by": "某人",
            "made_by_account": None, "rerouted_by": "某人", "rerouted_by_account": None, "decided_by": "某人",
            "refused_because": "", "voucher": "", "paid_by": "某人",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.bill.number} 退费"

    @property
    def standing_approvals(self) -> list[RefundApproval]:
        """Return the approvals of the route it takes now; one query, none when they are prefetched."""
        return [one for one in self.approvals.all() if one.reroute == self.reroutes]

    @property
    def withdrawn_approvals(self) -> list[RefundApproval]:
        """Return the approvals of a route it takes no more: they stay to be read, and count no longer."""
        return [one for one in self.approvals.all() if one.reroute != self.reroutes]


class RefundApproval(WrittenOnce):
    """One person who approved a refund on its way of then: never who asked for it, never twice the same."""

    refund = models.ForeignKey(Refund, models.PROTECT, related_name="approvals")
    account_id = models.BigIntegerField()
    approved_by = models.CharField(max_length=80)
    approved_at = models.DateTimeField()
    reroute = models.PositiveSmallIntegerField(default=0)  # the refund's `reroutes` of that moment

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["refund", "account_id", "reroute"], name="a_person_approves_once")
        ]

    class Secrecy:
        open = {"refund", "approved_at", "reroute"}
        masked = {"account_id": 0, "approved_by": "某人"}


class Appropriation(WrittenOnce):
    """Money that finance put at a school's disposal: all that it may spend (2.6.3-b).

    `source` fees: what families paid, out of the special account; waiver: finance's own money in place of what was
    waived (3.1-e).
    """

    school = models.ForeignKey(School, models.PROTECT, related_name="appropriations")
    on = models.DateField()
    source = models.CharField(max_length=8, default="fees")
    amount_fen = models.BigIntegerField()
    voucher = models.CharField(max_length=40)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "voucher"], name="appropriation_once_a_voucher"),
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="appropriation_brings_something"),
            models.CheckConstraint(condition=models.Q(source__in=SOURCES), name="appropriation_has_a_source"),
        ]

    class Secrecy:
        open = {"school", "on", "source", "amount_fen", "voucher", "recorded_at"}
        masked = {"recorded_by": "某人"}


class Expense(WrittenOnce):
    """Money spent from the appropriation under one of the permitted uses U1…U6 (2.6.3)."""

    school = models.ForeignKey(School, models.PROTECT, related_name="expenses")
    on = models.DateField()
    use = models.CharField(max_length=2)
    description = models.CharField(max_length=120)
    voucher = models.CharField(max_length=40)
    amount_fen = models.BigIntegerField()
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "voucher"], name="voucher_once_a_school"),
            models.CheckConstraint(condition=models.Q(use__in=USES), name="use_is_permitted"),
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="expense_costs_something"),
        ]
        indexes = [models.Index(fields=["school", "on"], name="money_expense_list")]

    class Secrecy:
        open = {"school", "on", "use", "description", "voucher", "amount_fen", "recorded_at"}
        masked = {"recorded_by": "某人"}
