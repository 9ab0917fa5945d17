"""The master gate: nothing begins before the district has accepted the filing (4-c)."""

from __future__ import annotations

import pytest

from kehou.chapters.planning import actions as planning
from kehou.chapters.planning.queries import clearance_of, is_cleared, refusal_before_clearance
from kehou.rules.gates import Step
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused
from tests.world import World, moment

AT = moment(9)


@pytest.mark.clause("4-c")
@pytest.mark.parametrize("step", list(Step))
def test_nothing_begins_before_it(world: World, step: Step) -> None:
    school, by = world.riverside.school, world.by_district("basic_education")
    no = refusal_before_clearance(school, world.term, of=step)
    assert no and no.code == "R-GATE-00" and say(no)
    planning.clear(school, world.term, receipt_number="LP-1", by=by, at=AT)
    assert refusal_before_clearance(school, world.term, of=step) is None
    assert refusal_before_clearance(world.hill.school, world.term, of=step) is not None


def test_it_stands_once_and_can_be_taken_back(world: World) -> None:
    school, by = world.riverside.school, world.by_district("basic_education")
    with pytest.raises(Refused) as no:
        planning.withdraw_clearance(school, world.term, reason="无", by=by, at=AT)
    assert no.value.refusal.key == "R-GATE-00:not_cleared"
    with pytest.raises(Refused) as no:
        planning.clear(school, world.term, receipt_number=" ", by=by, at=AT)
    assert no.value.refusal.key == "R-GATE-00:without_number"
    planning.clear(school, world.term, receipt_number="LP-1", by=by, at=AT)
    with pytest.raises(Refused) as no:
        planning.clear(school, world.term, receipt_number="LP-2", by=by, at=AT)
    assert no.value.refusal.key == "R-GATE-00:cleared_already" and "LP-1" in say(no.value.refusal)
    planning.withdraw_clearance(school, world.term, reason="材料有误", by=by, at=AT)
    assert not is_cleared(school, world.term)
    planning.clear(school, world.term, receipt_number="LP-2", by=by, at=AT)
    clearance = clearance_of(school, world.term)
    assert clearance and clearance.receipt_number == "LP-2"
