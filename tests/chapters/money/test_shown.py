"""What everybody sees of the accounts tells nobody of few children: not by itself, not by the whole less the others."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from kehou.chapters.money.queries import Account, SchoolTotals, public_accounts, shown
from kehou.chapters.schools.models import School


def told(monkeypatch: pytest.MonkeyPatch, counts: dict[str, tuple[int, int]]) -> shown.PublicAccounts:
    """Return the public accounts of schools with so many pupils, of whom so many pay nothing of 110 yuan."""
    rows = [
        SchoolTotals(
            School(pk=at, code=code),
            Account(
                bills=pupils, pupils=pupils, pupil_days=20 * pupils, gross_fen=pupils * 110_00,
                waived_fen=waived * 110_00, waived_bills=waived, waived_pupils=waived,
                due_fen=(pupils - waived) * 110_00, collected_fen=(pupils - waived) * 110_00,
                compensated_fen=waived * 110_00,
            ),
        )
        for at, (code, (pupils, waived)) in enumerate(counts.items(), start=1)
    ]  # fmt: skip
    monkeypatch.setattr(shown, "totals_by_school", lambda term, month=None: rows)
    return public_accounts(SimpleNamespace(), least=10, month=date(2026, 11, 1))  # type: ignore[arg-type]


@pytest.mark.clause("2.1-k")
def test_what_was_waived_for_few_is_in_no_figure_of_a_school(monkeypatch):
    counts = {"a": (200, 3), "b": (200, 40), "c": (300, 50), "d": (0, 0)}
    every = told(monkeypatch, counts)
    rows = {school.code: account for school, account in every.rows}
    few = rows["a"]
    assert (few.waived_fen, few.waived_bills, few.compensated_fen, few.pupil_days) == (None, None, None, None)
    assert few.gross_fen == few.collected_fen == few.balance_fen == 197 * 110_00, "nothing less something is the waiver"
    assert few.pupils == 200
    # The whole less c is a and b: 43 children of two schools. Less b and c it would be three children of one.
    assert rows["b"].waived_fen is None and rows["c"].waived_fen == 50 * 110_00
    assert every.tells_waivers and rows["d"].waived_fen == 0


@pytest.mark.clause("2.1-k")
def test_a_small_school_does_not_follow_from_the_whole_less_the_others(monkeypatch):
    every = told(monkeypatch, {"a": (7, 0), "b": (30, 0), "c": (400, 0)})
    assert [account.pupils for _, account in every.rows] == [None, None, 400]
    assert every.tells_pupils
    assert not told(monkeypatch, {"a": (7, 0)}).tells_pupils
