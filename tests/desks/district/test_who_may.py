"""Which department opens which page: a table over every page of the desk."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.world import World, moment

EC, HEAD, SUP, RI, FIN, DRC = "basic_education", "basic_education_head", "supervision", "inspector", "finance", "price"
DRC2, HR, POL, SEC, SYS, AUD = "price_head", "hr", "police", "security_admin", "system_admin", "audit_admin"
DEPARTMENTS = {EC, HEAD, SUP, RI, FIN, DRC, DRC2, HR}
PARAMETERS = {EC, HEAD, SUP, FIN, DRC, DRC2, HR}
PAGES: dict[str, tuple[tuple[object, ...], set[str]]] = {
    "overview": ((), DEPARTMENTS),
    "waves": ((), {EC, HEAD, SUP, POL}),
    "money": ((), {EC, HEAD, FIN}),
    "fund_plans": ((), {EC, HEAD, FIN}),
    "parameters": ((), PARAMETERS),
    "parameter": (("fee.tariff",), PARAMETERS),
    "instruments": ((), PARAMETERS),
    "instrument_new": ((), {EC, HEAD}),
    "calendar": ((), DEPARTMENTS),
    "term_new": ((), {EC, HEAD}),
    "term": (("2026-autumn",), {EC, HEAD}),
    "day": (("2026-12-01",), {EC, HEAD}),
    "notice": ((), {EC, HEAD}),
    "closures": ((), DEPARTMENTS),
    "closure_new": ((), {EC, HEAD}),
    "exceptions": ((), DEPARTMENTS),
    "exception_new": ((), {EC, HEAD}),
    "draws": ((), {EC, HEAD, SUP}),
    "permits": ((), {EC, HEAD, SUP, RI}),
    "filings": ((), {EC, HEAD, SUP, RI}),
    "schools": ((), DEPARTMENTS),
    "school": (("2150990002",), DEPARTMENTS),
    "school_new": ((), {EC, HEAD}),
    "school_edit": (("2150990002",), {EC, HEAD}),
    "accounts": ((), {SEC}),
    "account_new": ((), {SEC}),
    "jobs": ((), {EC, HEAD, SYS}),
    "journal": ((), {AUD}),
    "unmaskings": ((), {AUD}),
}


@pytest.fixture(autouse=True)
def morning(at_moment) -> None:
    at_moment(moment())


@pytest.mark.clause("1-a")
@pytest.mark.parametrize("name", PAGES)
def test_each_department_sees_its_own(client: Client, world: World, name: str):
    args, may = PAGES[name]
    address = reverse(f"district:{name}", args=args)
    assert client.get(address).status_code == 302
    for stranger in (world.riverside.who["principal"], world.guardian, world.stranger):
        client.force_login(stranger)
        assert client.get(address).status_code == 404
    opened = set()
    for role, account in world.district.items():
        client.force_login(account)
        status = client.get(address).status_code
        assert status in (200, 403), (role, status)
        if status == 200:
            opened.add(role)
    assert opened == may


@pytest.mark.parametrize(
    ("role", "first"),
    [(EC, "overview"), (POL, "waves"), (SEC, "accounts"), (SYS, "jobs"), (AUD, "journal"), (FIN, "overview")],
)
def test_each_sits_down_at_the_first_page_it_may_open(client: Client, world: World, role: str, first: str):
    client.force_login(world.district[role])
    assert client.get(reverse("district:home"))["Location"] == reverse(f"district:{first}")


def test_a_stranger_finds_no_district(client: Client, world: World):
    client.force_login(world.riverside.who["principal"])
    assert client.get(reverse("district:home")).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "overview",
        "waves",
        "money",
        "parameters",
        "instruments",
        "calendar",
        "closures",
        "exceptions",
        "filings",
        "schools",
        "jobs",
    ],
)
def test_every_list_can_be_taken_away(client: Client, world: World, name: str):
    client.force_login(world.district[HEAD])
    answer = client.get(reverse(f"district:{name}"), {"as": "sheet"})
    assert answer["Content-Type"].endswith("sheet"), name
    assert b"".join(answer.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]


@pytest.mark.parametrize(("role", "name"), [(SEC, "accounts"), (AUD, "journal"), (AUD, "unmaskings")])
def test_the_lists_of_the_three_officers_too(client: Client, world: World, role: str, name: str):
    client.force_login(world.district[role])
    assert client.get(reverse(f"district:{name}"), {"as": "sheet"})["Content-Type"].endswith("sheet")
