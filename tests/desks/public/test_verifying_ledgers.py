"""The ledger and the sheet for a walk carry a code; it opens a public page that says whether the ledger still stands."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from kehou.chapters.schools.models import CensusClosing
from kehou.chapters.schools.papers import verify_address
from tests.consultation import BEGAN, closed_census
from tests.filing import AUGUST
from tests.world import World


@pytest.fixture(autouse=True)
def august(at_moment) -> None:
    at_moment(AUGUST)


def words(answer) -> str:
    content = b"".join(answer.streaming_content)
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_the_code_of_a_closed_ledger_says_what_it_is_and_a_later_version_replaces_it(client: Client, world: World):
    one = closed_census(world)
    page = client.get(f"/verify/{one.digest[:24]}/")
    said = page.content.decode()
    assert page.status_code == 200 and "课后服务资源台账" in said and world.riverside.school.name in said
    assert "现行" in said and one.closed_by not in said
    CensusClosing.objects.create(
        census=one.census, version=2, document={"parts": {}}, digest="b" * 64, closed_by="办公室",
        closed_at=BEGAN + timedelta(days=1),
    )  # fmt: skip
    assert "已有新的版本" in client.get(f"/verify/{one.digest[:24]}/").content.decode()
    assert client.get(f"/verify/{'a1' * 12}/").status_code == 404
    assert client.get(f"/verify/{one.digest[:8]}/").status_code == 404, "too short to be a code"


@pytest.mark.parametrize("name", ["resource_paper", "check_sheet"])
def test_the_papers_carry_the_code_once_the_ledger_is_closed(client: Client, world: World, name: str):
    client.force_login(world.riverside.who["asp_manager"])
    address = reverse(f"school:{name}", args=(world.riverside.school.code,))
    # A draft carries no code; a sheet of checks is found by its own digits, as it stood when it was printed.
    assert ("核验" in words(client.get(address))) == (name == "check_sheet")
    closed_census(world)
    assert "核验" in words(client.get(address))


def test_a_draft_has_no_code():
    assert verify_address("https://kehou.example/", "") == ""
    assert verify_address("https://kehou.example/", "c" * 64) == f"https://kehou.example/verify/{'c' * 24}/"
