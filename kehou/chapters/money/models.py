"""Every yuan: one item, one payee, whole fen, signed lines; nothing paid is edited."""

from __future__ import annotations

from django.db import models

from kehou.chapters.enrolment.models import Enrolment
from kehou.chapters.people.models import Pupil
from kehou.chapters.schools.models import School
from kehou.lib.constraints import within

ITEM = "课后延时服务费"  # clause 2.6.1-d: the one item of the catalogue


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


class BillingRun(models.Model):
    """The bills of one school for one month, made by the worker."""

    school = models.ForeignKey(School, models.PROTECT, related_name="billing_runs")
    month = models.DateField()  # its first day
    started_by = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    bills = models.PositiveIntegerField(default=0)
    gross_fen = models.BigIntegerField(default=0)
    waived_fen = models.BigIntegerField(default=0)
    due_fen = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "month"], name="one_billing_run_a_month")]

    class Secrecy:
        open = {"school", "month", "started_at", "finished_at", "bills", "gross_fen", "waived_fen", "due_fen"}
        masked = {"started_by": "某人"}


class Bill(models.Model):
    """What one child owes for one month. Sums are those of its lines.

    `state`: to_pay, paid, settled, void. `parameters` are the numbers it was computed with, kept for recomputing.
    """

    number = models.CharField(max_length=40, unique=True)
    school = models.ForeignKey(School, models.PROTECT, related_name="bills")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="bills")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="bills")
    run = models.ForeignKey(BillingRun, models.PROTECT, null=True, related_name="made")
    month = models.DateField()
    item = models.CharField(max_length=30, default=ITEM)
    payee = models.ForeignKey(Payee, models.PROTECT, related_name="bills")
    parameters = models.JSONField(default=dict)
    gross_fen = models.BigIntegerField()
    waived_fen = models.BigIntegerField(default=0)
    due_fen = models.BigIntegerField()
    paid_fen = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, default="to_pay", db_index=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pupil", "school", "month"], name="one_bill_a_month"),
            models.CheckConstraint(condition=models.Q(item=ITEM), name="one_item_only"),
            within("gross_fen", 0, 16000, name="bill_is_between_0_and_160_yuan"),
            models.CheckConstraint(
                condition=models.Q(due_fen=models.F("gross_fen") - models.F("waived_fen")),
                name="due_is_gross_less_waived",
            ),
        ]
        indexes = [models.Index(fields=["school", "month", "state"], name="money_bill_list")]

    class Secrecy:
        open = {"number", "school", "run", "month", "item", "payee", "parameters", "state", "made_at"}
        masked = {
            "pupil": None, "enrolment": None, "gross_fen": 0, "waived_fen": 0, "due_fen": 0, "paid_fen": 0,
        }  # fmt: skip


class BillLine(models.Model):
    """One signed line: `key` and `facts` make the sentence on the guardian's page. Added, never changed."""

    bill = models.ForeignKey(Bill, models.PROTECT, related_name="lines")
    turn = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)  # days, cap, waiver, adjustment, refund
    key = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    amount_fen = models.BigIntegerField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bill", "turn"], name="bill_line_has_its_turn")]

    class Secrecy:
        open = {"bill", "turn", "kind", "key", "written_at"}
        masked = {"facts": {}, "amount_fen": 0}


class Payment(models.Model):
    """Money that came in for a bill. `reference` makes a repeated entry the same payment."""

    bill = models.ForeignKey(Bill, models.PROTECT, related_name="payments")
    amount_fen = models.BigIntegerField()
    method = models.CharField(max_length=12)  # counter, transfer
    reference = models.CharField(max_length=60, unique=True)
    receipt_number = models.CharField(max_length=40, unique=True)
    received_by = models.CharField(max_length=80)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="payment_brings_something")]

    class Secrecy:
        open = {"bill", "method", "receipt_number", "received_at"}
        masked = {"amount_fen": 0, "reference": "", "received_by": "某人"}


class Refund(models.Model):
    """Money that goes back: by itself or asked for; paid by the finance office. `state`: made, approved, paid."""

    bill = models.ForeignKey(Bill, models.PROTECT, related_name="refunds")
    amount_fen = models.BigIntegerField()
    key = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="made")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    approved_by = models.CharField(max_length=80, blank=True)
    approved_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    paid_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="refund_returns_something")]

    class Secrecy:
        open = {"bill", "key", "state", "made_at", "approved_at", "paid_at"}
        masked = {"amount_fen": 0, "facts": {}, "made_by": "某人", "approved_by": "某人", "paid_by": "某人"}


class Expense(models.Model):
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
            models.CheckConstraint(
                condition=models.Q(use__in=["U1", "U2", "U3", "U4", "U5", "U6"]), name="use_is_permitted"
            ),
        ]

    class Secrecy:
        open = {"school", "on", "use", "description", "voucher", "amount_fen", "recorded_at"}
        masked = {"recorded_by": "某人"}
