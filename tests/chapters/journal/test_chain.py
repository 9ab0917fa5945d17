"""Nobody, the operator included, changes or drops a sealed entry unseen."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from kehou.chapters.basis.models import Instrument
from kehou.chapters.journal import actions as journal
from kehou.chapters.journal import queries
from kehou.chapters.journal.actions import sealing
from kehou.chapters.journal.models import Entry, Seal
from kehou.lib import jobs
from kehou.lib.actors import SYSTEM, Actor
from kehou.rules.chain import say
from tests.world import moment

pytestmark = pytest.mark.django_db
AT = moment()
BY = Actor(3, "周老师", "区教委基教科")


def write(count: int = 1) -> None:
    thing = Instrument(pk=7, title="某意见", number="1号")
    journal.write_many([("basis.tried", thing, {"n": number, "人": "王"}) for number in range(count)], by=BY, at=AT)


def by_sql(sql: str) -> None:
    """Do what only somebody with the keys of the database can do: drop the trigger, then change."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for table in ("journal_entry", "journal_seal"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_is_not_changed")
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_is_not_deleted")
        else:
            cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE journal_seal DISABLE TRIGGER USER")
        cursor.execute(sql)


@pytest.fixture
def sealed(monkeypatch) -> None:
    """Twelve entries in three seals of five, five and two."""
    monkeypatch.setattr(sealing, "BATCH", 5)
    write(12)
    assert journal.seal_now(at=AT) == {"entries": 12, "seals": 3}


def faults(head: str = "") -> list[str]:
    return [fault.kind for fault in journal.verify_now(head=head)]


def test_it_is_sealed_in_batches_and_found_whole(sealed):
    assert faults() == []
    assert queries.unsealed() == 0
    assert journal.seal_now(at=AT) == {"entries": 0, "seals": 0}
    write()
    assert (queries.unsealed(), faults()) == (1, [])
    assert [seal.entries for seal in Seal.objects.order_by("number")] == [5, 5, 2]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("UPDATE journal_entry SET actor_name = '李四' WHERE id = {second}", ["entries_changed"]),
        ("UPDATE journal_entry SET facts = '{{}}' WHERE id = {second}", ["entries_changed"]),
        ("DELETE FROM journal_entry WHERE id = {second}", ["entries_missing"]),
        ("DELETE FROM journal_seal WHERE number = 2", ["seal_missing"]),
        ("UPDATE journal_seal SET digest = 'x' WHERE number = 1", ["entries_changed", "chain_broken"]),
    ],
)
def test_a_change_is_found_and_its_place_is_said(sealed, sql, expected):
    second = Entry.objects.order_by("pk")[1].pk
    by_sql(sql.format(second=second))
    assert faults() == expected
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("journal", "verify", stdout=out, stderr=err)
    assert end.value.code == 1
    assert "号封签" in err.getvalue()


def test_an_entry_slipped_in_among_the_sealed_ones_is_found(sealed, monkeypatch):
    monkeypatch.setattr(queries, "_LOOK_BACK", 1)
    first = Entry.objects.order_by("pk").first()
    entry = {field.attname: getattr(first, field.attname) for field in Entry._meta.fields}
    by_sql(f"DELETE FROM journal_entry WHERE id = {first.pk}")
    Entry.objects.bulk_create([Entry(**{**entry, "id": first.pk - 1})])
    assert faults() == ["entries_missing", "entry_slipped_in"]


def test_cutting_off_the_end_is_found_with_the_seal_that_was_noted_down(sealed):
    newest = queries.head()
    noted = f"{newest.number}:{newest.digest}"
    assert faults(noted) == []
    by_sql("DELETE FROM journal_seal WHERE number = 3")
    by_sql(f"DELETE FROM journal_entry WHERE id >= {newest.ranges[0][0]}")
    assert faults() == []  # the chain alone cannot know
    assert faults(noted) == ["head_missing"]
    write(2)
    journal.seal_now(at=AT)
    assert faults(noted) == ["head_differs"]


def test_a_transaction_that_ended_late_is_sealed_with_the_next(sealed):
    """Numbers are drawn when an entry is written; one that commits later lies behind the seal."""
    newest = Entry.objects.order_by("pk").last()
    row = {field.attname: getattr(newest, field.attname) for field in Entry._meta.fields}
    Entry.objects.bulk_create([Entry(**{**row, "id": newest.pk + 5})])
    journal.seal_now(at=AT)
    Entry.objects.bulk_create([Entry(**{**row, "id": newest.pk + 2})])
    assert faults() == []
    assert journal.seal_now(at=AT) == {"entries": 1, "seals": 1}
    assert faults() == []
    assert queries.head().ranges == [[newest.pk + 2, newest.pk + 2]]


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["journal_entry", "journal_seal"])
@pytest.mark.parametrize("sql", ["UPDATE {table} SET id = id", "DELETE FROM {table}"])
def test_the_database_itself_refuses(table, sql):
    write()
    journal.seal_now(at=AT)
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(table=table))


@pytest.mark.postgres
def test_the_model_refuses_too():
    write()
    entry = Entry.objects.get()
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.update(actor_name="x")


def test_the_worker_seals_and_verifies(sealed):
    report = jobs.ask(journal.verify, key="verify", title="核验", by=SYSTEM, at=AT)
    assert "kehou.chapters.journal.actions.sealing.seal" in jobs.tasks.SCHEDULED
    jobs.work_off()
    report.refresh_from_db()
    assert (report.state, report.result["faults"], report.result["entries"]) == ("done", [], 12)
    by_sql("UPDATE journal_entry SET actor_name = '李四'")
    assert jobs.again(report, by=SYSTEM, at=AT)
    assert report.arguments == {}, "the arguments it had"
    jobs.work_off()
    report.refresh_from_db()
    assert len(report.result["faults"]) == 3
    assert all(isinstance(say(fault), str) for fault in journal.verify_now())


def test_the_commands_say_what_they_found(sealed):
    out = io.StringIO()
    call_command("journal", "verify", stdout=out)
    assert "3个封签全部完好" in out.getvalue()
    write()
    call_command("journal", "seal", stdout=out)
    assert "封存1条" in out.getvalue()
    out = io.StringIO()
    call_command("journal", "head", stdout=out)
    assert out.getvalue().strip() == f"4:{queries.head().digest}"


def test_it_can_be_searched(sealed):
    assert queries.entries(text="周老师").count() == 12
    assert queries.entries(text="李").count() == 0
    assert queries.entries(verb="basis.").count() == 12
    assert queries.entries(school_code="2150990001").count() == 0
    assert queries.history_of(Instrument(pk=7)).count() == 12
