"""闸门链 of the district: schools by steps, narrowed, taken away, one school on paper."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kehou.chapters.schools.models import School
from tests.consultation import closed_census
from tests.filing import accepted
from tests.world import World, moment


@pytest.fixture
def officer(client: Client, world: World, at_moment) -> Client:
    at_moment(moment(9, on=date(2026, 9, 3)))
    client.force_login(world.district["basic_education"])
    return client


def main_of(client: Client, **query: str) -> str:
    return client.get(reverse("district:chains"), query).content.decode().split("<tbody")[-1]


def test_every_school_stands_with_all_its_steps(officer: Client, world: World):
    one = accepted(world)
    rows = main_of(officer)
    assert rows.count("chain-sign--done") > 4 and one.number in rows
    assert "意向调查" in rows and world.hill.school.name in rows


def test_it_is_narrowed_by_step_state_and_name(officer: Client, world: World):
    accepted(world)
    done = main_of(officer, step="filing", state="done")
    assert world.riverside.school.name in done and world.hill.school.name not in done
    late = main_of(officer, step="filing", state="late")
    assert world.hill.school.name in late and world.riverside.school.name not in late
    assert world.riverside.school.name not in main_of(officer, q="明月山")
    closed_census(world)
    assert world.riverside.school.name in main_of(officer, step="survey")
    assert "没有这样的学校" in officer.get(reverse("district:chains"), {"step": "archive"}).content.decode()
    assert world.riverside.school.name in main_of(officer, step="?", state="?")


def test_it_is_taken_away_and_printed(officer: Client, world: World):
    assert officer.get(reverse("district:chains"), {"as": "sheet"})["Content-Type"].endswith("sheet")
    where = reverse("district:chain", args=(world.riverside.school.code,))
    assert "意向调查" in officer.get(where).content.decode()
    paper = officer.get(reverse("district:chain_pdf", args=(world.riverside.school.code,)))
    assert paper.content.startswith(b"%PDF")
    assert officer.get(reverse("district:chains_pdf")).content.startswith(b"%PDF")
    assert officer.get(reverse("district:chain", args=("9999999999",))).status_code == 404


def test_the_page_costs_the_same_for_any_number_of_schools(officer: Client, world: World):
    counts = []
    for size in (1, 20):
        for number in range(size):
            School.objects.create(
                code=f"21509{size:02d}{number:03d}", name=f"试验{size}-{number}", kind="primary", town="双桂街道"
            )
        officer.get(reverse("district:chains"))
        with CaptureQueriesContext(connection) as spent:
            assert officer.get(reverse("district:chains")).status_code == 200
        counts.append(len(spent))
    assert counts[0] == counts[1]
