"""Sending a page asks for the right to the act, not the right to see it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.basis.models import Instrument, ParameterVersion
from kehou.lib.models import JobReport
from kehou.rules.permissions import ROLES
from tests.desks.test_permissions import Doors, address, rows
from tests.test_architecture import ROOT
from tests.world import World, moment

# The right depends on what is sent: a tariff is the price office's, a ratio the education office's.
BY_CONTENT = {"district/parameters.py:proposals", "district/parameters.py:decision"}
# A guardian's own: taking the child's record away, confirming that the notice was read.
OWN = {"guardian/card.py:export", "guardian/opinions.py:notice"}


def acting_on_sight() -> Iterator[str]:
    """Yield the views that do something and ask for no more than a right to see."""
    for path in sorted((ROOT / "kehou/desks").rglob("*.py")):
        functions = {
            node.name: node
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.FunctionDef)
        }
        for name, node in functions.items():
            gates = [ast.unparse(one) for one in node.decorator_list]
            if any("_SEE" in one and "to_post" not in one for one in gates) and _acts(node, functions, {name}):
                yield f"{path.relative_to(ROOT / 'kehou/desks')}:{name}"


def _acts(node: ast.AST, functions: dict[str, ast.FunctionDef], seen: set[str]) -> bool:
    for call in (one for one in ast.walk(node) if isinstance(one, ast.Call)):
        if {"by", "at"} <= {word.arg for word in call.keywords}:
            return True
        called = call.func.id if isinstance(call.func, ast.Name) else ""
        if called in functions and called not in seen and _acts(functions[called], functions, seen | {called}):
            return True
    return False


def test_no_page_acts_for_who_may_only_see() -> None:
    assert set(acting_on_sight()) == BY_CONTENT | OWN


@pytest.mark.parametrize("desk", ["school", "district"])
def test_a_page_is_sent_by_who_may_do_it(world: World, desk: str) -> None:
    wrong, doors = [], Doors()
    people = world.riverside.who if desk == "school" else world.district
    for name, pattern, needs in rows(desk):
        to_post = pattern.callback.needs_to_post
        if to_post is needs:
            continue
        where = address(pattern, name, world)
        for role, account in people.items():
            status = doors.client_of(account).post(where).status_code
            may = {needs, to_post} <= ROLES[role].permissions
            if (status == 403) is may:
                wrong.append(f"{name}: {role} gets {status}")
    assert wrong == []


def test_a_parameter_is_changed_by_the_office_it_belongs_to(client: Client, world: World, at_moment) -> None:
    at_moment(moment(9))
    for role, account in world.district.items():
        client.force_login(account)
        status = client.post(reverse("district:proposals", args=["attendance.alarm_minutes"]), {}).status_code
        may = "parameter.propose" in {one.value for one in ROLES[role].permissions}
        assert (status == 422) is may, f"{role} gets {status}"
    assert not ParameterVersion.objects.filter(state="proposed").exists()


def test_an_instrument_is_corrected_by_who_may_edit(client: Client, world: World, at_moment) -> None:
    at_moment(moment(9))
    one = Instrument.objects.create(
        number="梁平教〔2026〕99号", title="课后服务工作的通知", issuer="区教委", issued_on=moment(9).date(),
        valid_from_on=moment(9).date(),
    )  # fmt: skip
    for role, account in world.district.items():
        client.force_login(account)
        status = client.post(reverse("district:instrument", args=[one.pk]), {}).status_code
        held = {permission.value for permission in ROLES[role].permissions}
        expected = 422 if {"parameter.see", "instrument.edit"} <= held else 403
        assert status == expected, f"{role} gets {status}"


def test_a_job_that_failed_is_run_again_by_who_may_run_it(client: Client, world: World, at_moment) -> None:
    at_moment(moment(9))
    code = world.riverside.school.code
    report = JobReport.objects.create(
        key="bills",
        title="生成账单",
        task_path="x",
        asked_by="出纳",
        state=JobReport.FAILED,
        school_code=code,
        asked_at=moment(8),
    )
    again = reverse("school:job_again", args=[code, report.pk])
    client.force_login(world.riverside.who["cashier"])
    page = client.get(reverse("school:job", args=[code, report.pk])).content.decode()
    assert client.post(again).status_code == 403 and "再试一次" not in page
    client.force_login(world.riverside.who["asp_manager"])
    assert "再试一次" in client.get(reverse("school:job", args=[code, report.pk])).content.decode()
    client.force_login(world.district["finance"])
    assert client.post(reverse("district:job_again", args=[report.pk])).status_code == 403
