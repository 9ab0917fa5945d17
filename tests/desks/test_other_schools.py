"""Every URL with ids, driven by who may open it at school A: with A's own rows, and with the rows of school B.

Two schools are filled alike, one row of every model that leads to a school, each under one number of its own that no
other row bears. So one number stands for whatever a page looks up, and no page needs to be told here. A's number must
find something wherever a page looks at all; B's number must never.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.test import Client
from django.urls import URLPattern

from kehou.chapters.people.models import Account
from kehou.chapters.schools.models import School
from kehou.rules.permissions import ROLES, Permission
from tests.test_architecture import OURS, views
from tests.world import FROM, TODAY, World, make_account, moment

A, B = 1_000_001, 2_000_002
PAST = ("from_on", "opens", "opened", "made", "since", "start", "issued", "published", "starts_on", "written")
FUTURE = ("until", "closes", "expires", "due", "last", "ends_on", "by_on", "lapses")
ACROSS = {"school:visit_offer"}  # another school's request for a visiting teacher is what one answers there
LEAST_FOUND = 0.75  # of the pages with ids; the others want rows in a state that one filling cannot give to all


def targets(model: type[models.Model]) -> Iterator[type[models.Model]]:
    for field in model._meta.local_fields:
        if field.is_relation and field.related_model in OURS:
            yield field.related_model


def of_a_school() -> set[type[models.Model]]:
    """Return the models from which a chain of keys leads to a school, and the school itself."""
    found: set[type[models.Model]] = {School}
    while True:
        more = {model for model in OURS if model not in found and any(one in found for one in targets(model))}
        if not more:
            return found
        found |= more


def value(field: models.Field, number: int, bound: set, account: Account) -> Any:
    """Return something that a field takes; what belongs to the school is the row with the same number."""
    kind = field.get_internal_type()
    if field.is_relation:
        if field.related_model is Account:
            return account.pk
        if field.related_model in bound:
            return number
        shared = field.related_model.objects.values_list("pk", flat=True).first()
        return None if field.null else shared or number
    if field.has_default():
        return field.get_default()
    if field.null and kind not in ("DateTimeField", "DateField", "BigIntegerField"):
        return None
    if kind in ("DateField", "DateTimeField"):
        if field.null:
            return None
        days = 40 if any(word in field.name for word in FUTURE) else -40 if any(w in field.name for w in PAST) else 0
        on = TODAY + timedelta(days)
        return on if kind == "DateField" else moment(12, on=on)
    if kind == "BigIntegerField" and "account" in field.name:
        return account.pk
    simple: dict[str, Any] = {
        "BooleanField": True, "TimeField": time(16), "JSONField": {}, "BinaryField": b"", "FileField": "none.pdf",
        "UUIDField": f"{number:032d}", "DurationField": timedelta(), "FloatField": 1.0, "DecimalField": 1,
    }  # fmt: skip
    if kind in simple:
        return simple[kind]
    if "Integer" in kind:
        return 1
    length = getattr(field, "max_length", None) or 12
    return "" if field.blank and not field.unique else f"x{number}"[:length]


def fill(number: int, account: Account, bound: set) -> None:
    """Write one row of every model under one number, past all constraints but the keys."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        for model in sorted(bound, key=lambda one: one._meta.label):
            row = model(pk=number)
            for field in model._meta.local_fields:
                if not field.primary_key:
                    setattr(row, field.attname, value(field, number, bound, account))
            if model is School:
                row.code, row.name, row.kind = str(2_150_000_000 + number), f"学校{number}", "primary"
            names = list(model._meta.local_fields)
            marks = ", ".join(["%s"] * len(names))
            columns = ", ".join(f'"{f.column}"' for f in names)
            values = [f.get_db_prep_save(getattr(row, f.attname), connection) for f in names]
            cursor.execute(f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({marks})', values)


@pytest.fixture
def two_schools(world: World, at_moment) -> Iterator[dict[str, Client]]:
    """Return a browser for each role of school A; school B is filled alike, and each has its own people."""
    at_moment(moment(16, 20))
    bound = of_a_school()
    mine, theirs = make_account("甲校的人"), make_account("乙校的人")
    try:
        fill(A, mine, {model for model in OURS if model not in bound and not model.objects.exists()})
        fill(A, mine, bound)
        fill(B, theirs, bound)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
    Post = apps.get_model("people.Post")
    Post.objects.filter(pk__in=(A, B)).delete()
    browsers = {}
    for role, meaning in ROLES.items():
        if meaning.desk in ("teacher", "school"):
            account = mine if role == "teacher" else make_account(meaning.title)
            Post.objects.create(account=account, role=role, school_id=A, homeroom_id=A, from_on=FROM)
            browsers[role] = Client(raise_request_exception=False)
            browsers[role].force_login(account)
    yield browsers


def with_ids(desk: str) -> Iterator[tuple[str, URLPattern, Permission]]:
    for name, pattern in views():
        needs = getattr(pattern.callback, "needs", None)
        if name.startswith(f"{desk}:") and "_id>" in str(pattern.pattern) and isinstance(needs, Permission):
            yield name, pattern, needs


def asked(client: Client, where: str) -> int:
    """Return the status of a question, and of what is sent where a page takes only that; nothing of it stays."""
    for method in (client.get, client.post):
        with transaction.atomic():
            status = method(where).status_code
            transaction.set_rollback(True)
        if status != 405:
            return status
    return 405


@pytest.mark.timeout(600)
@pytest.mark.clause("1-a")
@pytest.mark.parametrize("desk", ["school", "teacher"])
def test_who_may_open_a_page_finds_the_rows_of_their_own_school_only(two_schools: dict[str, Client], desk: str) -> None:
    code, leaks, found, all_pages = School.objects.get(pk=A).code, [], set(), set()
    for name, pattern, needs in with_ids(desk):
        all_pages.add(name)
        for role in [one for one in two_schools if needs in ROLES[one].permissions]:
            route = f"/{desk}/{code}/{pattern.pattern}"
            own, foreign = (re.sub(r"<[^>]+>", str(number), route) for number in (A, B))
            if name not in ACROSS and (status := asked(two_schools[role], foreign)) != 404:
                leaks.append(f"{name}: {role} gets {status} for a row of another school")
            if asked(two_schools[role], own) != 404:
                found.add(name)
    assert leaks == []
    assert len(found) >= LEAST_FOUND * len(all_pages), f"looked for nothing: {sorted(all_pages - found)}"
