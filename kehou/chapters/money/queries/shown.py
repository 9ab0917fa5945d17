"""Accounts as everybody may see them: no count and no sum from which a small group could be read (2.1-k, 2.6.3-k).

What was waived, divided by the price, is the number of children for whom it was, and what finance made up for it is the
same sum again. So where that group is small, both are left out, what was charged is told after the waiver, the balance
without what finance gave in its place, and no days from which the full price could be multiplied.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kehou.chapters.basis.models import Term
from kehou.chapters.money.queries.accounts import Account, SchoolTotals, Spent, totals_by_school
from kehou.chapters.schools.models import School
from kehou.rules.small_cells import across


@dataclass(frozen=True, slots=True)
class PublicAccount:
    """An account without what would tell of few children: None where it is not told."""

    account: Account
    tells_pupils: bool
    tells_waivers: bool

    @property
    def gross_fen(self) -> int:
        """Return what was charged: less the waivers where these are not told."""
        return self.account.gross_fen if self.tells_waivers else self.account.due_fen

    @property
    def waived_fen(self) -> int | None:
        return self.account.waived_fen if self.tells_waivers else None

    @property
    def waived_bills(self) -> int | None:
        return self.account.waived_bills if self.tells_waivers else None

    @property
    def compensated_fen(self) -> int | None:
        return self.account.compensated_fen if self.tells_waivers else None

    @property
    def balance_fen(self) -> int:
        """Return what is left, without what finance gave for the waivers where these are not told."""
        return self.account.balance_fen - (0 if self.tells_waivers else self.account.compensated_fen)

    @property
    def pupils(self) -> int | None:
        return self.account.pupils if self.tells_pupils else None

    @property
    def pupil_days(self) -> int | None:
        return self.account.pupil_days if self.tells_pupils and self.tells_waivers else None

    @property
    def collected_fen(self) -> int:
        return self.account.collected_fen

    @property
    def refunded_fen(self) -> int:
        return self.account.refunded_fen

    @property
    def appropriated_fen(self) -> int:
        return self.account.appropriated_fen

    @property
    def spending(self) -> tuple[Spent, ...]:
        return self.account.spending

    @property
    def spent_fen(self) -> int:
        return self.account.spent_fen


@dataclass(frozen=True)
class PublicAccounts:
    """The accounts of all schools side by side, and whether the district's whole may be told in full."""

    rows: tuple[tuple[School, PublicAccount], ...]
    tells_pupils: bool
    tells_waivers: bool

    def of_school(self, school: School, account: Account) -> PublicAccount:
        """Return an account of one school, told as far as its row."""
        row = next(row for one, row in self.rows if one.pk == school.pk)
        return PublicAccount(account, row.tells_pupils, row.tells_waivers)

    def of_district(self, account: Account) -> PublicAccount:
        """Return the account of the whole, told as far as no school's hidden share would follow from it."""
        return PublicAccount(account, self.tells_pupils, self.tells_waivers)


def public_accounts(term: Term, *, least: int, month: date | None = None) -> PublicAccounts:
    """Return the account of every school in a term or month as everybody may see it, by code.

    A school whose group is below `least` is hidden, and others with it until what the whole less those told leaves is
    no small group (`small_cells.across`).
    """
    totals = totals_by_school(term, month=month)
    counted = [one for one in totals if one.account.pupils]  # of nobody there is nothing to hide
    pupils, pupils_whole = _told({one.school.code: (one.account.pupils,) for one in counted}, least)
    waivers, waivers_whole = _told({one.school.code: _split(one) for one in counted}, least)
    return PublicAccounts(
        tuple(
            (
                one.school,
                PublicAccount(
                    one.account,
                    tells_pupils=not one.account.pupils or one.school.code in pupils,
                    tells_waivers=not one.account.pupils or one.school.code in waivers,
                ),
            )
            for one in totals
        ),
        pupils_whole,
        waivers_whole,
    )


def _split(one: SchoolTotals) -> tuple[int, int]:
    return one.account.waived_pupils, one.account.pupils - one.account.waived_pupils


def _told(counts: dict[str, tuple[int, ...]], least: int) -> tuple[set[str], bool]:
    """Return the codes whose counts may be told, and whether those of the whole may."""
    found = across(counts, least=least)
    return set(found.listed), None not in found.whole
