"""The price that each child of a school is billed at: the one its family has agreed to (2.7.2-g, R-AMD-01)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on, was_ever_decided
from kehou.chapters.enrolment.models import Enrolment
from kehou.chapters.money.models import Bill, BillLine
from kehou.chapters.planning.queries import prices_agreed_to
from kehou.chapters.schools.models import School
from kehou.rules import fees
from kehou.rules.parameters import Chart, Parameters
from kehou.rules.parameters.money_groups import Fee
from kehou.rules.wall import on_the_wall

IN_FORCE = 0


class AgreedPrices:
    """The terms of a school's month: those in force first, then those that some families keep.

    No statement where no price was ever decided, one while it is the one that everybody signed, four when it has
    changed within the term.
    """

    def __init__(
        self, school: School, term: Term, *, on: date, parameters: Parameters, pupil_ids: Collection[int] | None
    ) -> None:
        """Read what was agreed. `on` is the first service day of the month, `parameters` those in force on it."""
        self.terms: list[Parameters] = [parameters]
        self._by_enrolment: dict[int, int] = {}
        rows = Enrolment.objects.filter(school=school, term=term)
        if pupil_ids is not None:
            rows = rows.filter(pupil__in=pupil_ids)
        self._term, self._fee = term, parameters.fee
        if self._has_changed(rows):
            self._read(rows, prices_agreed_to(school, term, on=on))

    def of(self, enrolment: int) -> int:
        """Return under which of `terms` an enrolment is billed."""
        return self._by_enrolment.get(enrolment, IN_FORCE)

    def _has_changed(self, rows: Any) -> bool:
        if not was_ever_decided("fee"):
            return False
        stated = rows.order_by().values_list("agreement__content__tiers", flat=True).distinct()
        tariffs = [fees.signed_tariff(tiers) for tiers in stated]
        at_first = parameters_on(self._term.service_from_on).fee
        return not fees.same_price(at_first, self._fee) or any(one and one != self._fee.tariff for one in tariffs)

    def _read(self, rows: Any, agreed: dict[int, date]) -> None:
        known: dict[Fee, int] = {}
        columns = ("pk", "pupil", "agreement__content__tiers", "agreement__drawn_up_at")
        for enrolment, pupil, tiers, drawn_up_at in rows.values_list(*columns):
            signed_on = max(self._term.service_from_on, on_the_wall(drawn_up_at).date())
            newer = agreed.get(pupil)
            if newer is not None and newer > signed_on:
                basis = parameters_on(newer).fee
            else:
                basis = parameters_on(signed_on).fee
                basis = replace(basis, tariff=Chart(fees.signed_tariff(tiers) or basis.tariff))
            if fees.same_price(kept := fees.fee_kept(self._fee, basis), self._fee):
                continue
            if kept not in known:
                known[kept] = len(self.terms)
                self.terms.append(replace(self.terms[IN_FORCE], fee=kept))
            self._by_enrolment[enrolment] = known[kept]


def fee_agreed(enrolment: Enrolment, *, on: date) -> Fee:
    """Return what one enrolment's family pays by on a day: what is in force, or what it has agreed to before."""
    in_force = parameters_on(on)
    prices = AgreedPrices(enrolment.school, enrolment.term, on=on, parameters=in_force, pupil_ids=[enrolment.pupil_id])
    return prices.terms[prices.of(enrolment.pk)].fee


def billed_as_agreed(school: School, month: date) -> int:
    """Return how many standing bills of a month keep the price that the family had agreed to before it changed."""
    standing = Bill.objects.filter(school=school, month=month).exclude(state="void")
    return BillLine.objects.filter(bill__in=standing, key=fees.KEPT).values("bill").distinct().count()
