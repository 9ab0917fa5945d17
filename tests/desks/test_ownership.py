"""学校管理 (1-b): what a school has written is the school's; the district answers it and never writes in it."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.core import serializers

from kehou.chapters.filing import actions as filing
from kehou.chapters.filing.models import ReturnedItem
from kehou.chapters.journal.models import Letter
from kehou.rules.permissions import ROLES
from kehou.rules.verdicts import Refused
from tests.desks.test_permissions import Doors, address, bare_refusals, rows
from tests.filing import AUGUST, submitted
from tests.world import World

__all__ = ["bare_refusals"]
OWN = (
    "schools",
    "people",
    "staffing",
    "surveys",
    "planning",
    "programme",
    "enrolment",
    "timetable",
    "attendance",
    "money",
)


def written() -> dict[str, Any]:
    """Return every row that a school has written, by table."""
    models = [model for chapter in OWN for model in apps.get_app_config(chapter).get_models()]
    return {model._meta.label: serializers.serialize("json", model._default_manager.order_by("pk")) for model in models}


@pytest.mark.usefixtures("bare_refusals")
@pytest.mark.clause("1-b")
def test_no_office_of_the_district_gets_through_a_door_of_a_school(world: World) -> None:
    wrong, doors = [], Doors()
    strongest = [role for role, it in ROLES.items() if it.desk == "district" and len(it.permissions) > 2]
    for name, pattern, _ in (*rows("school"), *rows("teacher")):
        where = address(pattern, name, world)
        for role in strongest:
            if (status := doors.client_of(world.district[role]).post(where).status_code) not in (404, 405):
                wrong.append(f"{name}: {role} gets {status}")
    assert "basic_education_head" in strongest and wrong == []


@pytest.mark.clause("1-b")
def test_the_district_comments_and_returns_and_every_row_of_the_school_stays_as_it_was(world: World) -> None:
    one, officer = submitted(world), world.by_district("basic_education")
    before = written()
    one = filing.send_back(one, items={"F1": "请写明雨天怎么办", "F4": "科学小实验的场地写清楚"}, by=officer, at=AUGUST)
    assert written() == before
    assert ReturnedItem.objects.count() == 2, "the comment lies beside, item by item"
    letter = Letter.objects.get(to_account=world.riverside.who["principal"].pk, title__contains="退回")
    assert "请写明雨天怎么办" in letter.body
    with pytest.raises(Refused):
        filing.accept(one, by=officer, at=AUGUST)  # it is the school's turn
    assert written() == before
