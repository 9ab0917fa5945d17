"""The templates are lawful rows once a school has given them a place and people."""

from __future__ import annotations

from datetime import time

import pytest

from kehou.rules.forty import FORTY, Template, templates_for
from kehou.rules.parameters import Parameters
from kehou.rules.programme import AIM_WORDS
from kehou.rules.timetable import Category, Context, Domain, Draft, Place, refusals_to_publish_activity

DISMISSED = {(grade, day): time(16, 50) if grade > 6 else time(15, 50) for grade in range(1, 10) for day in range(1, 6)}
AFTERNOON = Context(Parameters(), dismissals=DISMISSED, rooms={"x": Place("x", "某处", 300, shared=True)})


@pytest.mark.clause("2.3-d")
@pytest.mark.parametrize("template", FORTY, ids=lambda one: one.name)
def test_each_can_be_published_with_enough_adults(template: Template) -> None:
    row = Draft(
        name=template.name, category=template.category, kind=template.kind, domains=frozenset(template.domains),
        aim=template.aim, grades=frozenset(template.grades), room="x", leaders=("1",), adults=10,
        weekdays=frozenset(template.weekdays), hours=template.class_hours, capacity=template.capacity,
        minimum=template.minimum, risk=template.risk_class, kit=template.kit,
    )  # fmt: skip
    assert refusals_to_publish_activity(row, AFTERNOON) == ()
    assert any(word in template.aim for word in AIM_WORDS)


@pytest.mark.clause("2.3-g")
def test_they_are_forty_and_cover_the_ten_contents_and_the_five_domains() -> None:
    assert len(FORTY) == 40 and len({one.name for one in FORTY}) == 40
    assert {one.category for one in FORTY} == {one.value for one in Category} - {"other"}
    for grades in ((1, 2, 3, 4, 5, 6), (7, 8, 9)):
        assert {sign for one in templates_for(grades) for sign in one.domains} == {one.value for one in Domain}
