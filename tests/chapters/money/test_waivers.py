"""A waiver needs nobody to ask for it, says nothing of its ground, and gives back what was paid (2.6.1-j)."""

from __future__ import annotations

from datetime import date

import pytest

from kehou.chapters.journal.models import Letter
from kehou.chapters.money import actions as money
from kehou.chapters.money.actions.care import Ground
from kehou.chapters.money.models import Refund
from kehou.chapters.people import actions as people
from tests.billing import AFTER, FIRST, NOVEMBER, OCTOBER, bill_of, open_books, pay, run
from tests.chapters.money.test_billing import words
from tests.world import World, moment


@pytest.mark.clause("2.6.1-j")
def test_v18_a_listed_child_pays_nothing_and_nobody_was_asked(world: World) -> None:
    open_books(world)
    people.record_care(
        world.mei, "dibao_family", source="区资助中心2026年秋季名单", from_on=date(2026, 9, 1),
        by=world.riverside.by("aid_officer"), at=FIRST,
    )  # fmt: skip
    run(world)
    bill = bill_of(world.mei)
    assert (bill.gross_fen, bill.waived_fen, bill.due_fen, bill.state) == (110_00, 110_00, 0, "settled")
    assert words(bill)[-1] == "减免100%，免收110.00元"
    letter = Letter.objects.get(kind="bill", title__contains="小梅")
    assert "免缴费" in letter.title and "低保" not in letter.body
    assert bill_of(world.bo).waived_fen == 0
    void = money.void_bill(bill, reason="开错班级", by=world.riverside.by("cashier"), at=FIRST)
    assert (void.state, void.waived_fen) == ("void", 0)  # nothing was paid on it


@pytest.mark.clause("2.6.1-j")
def test_v20_a_waiver_recognised_late_gives_back_what_was_paid(world: World) -> None:
    open_books(world)
    run(world, OCTOBER, at=moment(9, on=date(2026, 10, 9)))
    run(world, NOVEMBER)
    pay(world, bill_of(world.mei, OCTOBER), bill_of(world.mei, NOVEMBER))
    record = money.recognise(late_ground(world), by=world.riverside.by("aid_officer"), at=AFTER)
    assert record.category == "poverty_relief_household"
    assert sum(Refund.objects.values_list("amount_fen", flat=True)) == 99_00 + 110_00
    bill = bill_of(world.mei, OCTOBER)
    assert (bill.due_fen, bill.waived_fen) == (0, 99_00)
    assert not any("脱贫" in line for line in words(bill))
    money.end_recognition(record, on=date(2026, 11, 1), by=world.riverside.by("aid_officer"), at=AFTER)
    assert (bill_of(world.mei, OCTOBER).due_fen, bill_of(world.mei, NOVEMBER).due_fen) == (0, 110_00)
    assert sum(Refund.objects.exclude(state="replaced").values_list("amount_fen", flat=True)) == 99_00


def late_ground(world: World) -> Ground:
    """Return the ground of V20: recognised in December back to October."""
    return Ground(world.mei, "poverty_relief_household", "区乡村振兴局名单", date(2026, 10, 1))
