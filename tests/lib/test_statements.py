"""Rows written past the ORM are the rows that the ORM would have written."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from kehou.chapters.people.models import CareRecord, Contact, Pupil
from kehou.chapters.planning.models import Opinion, OpinionRound, OpinionSheet
from kehou.chapters.staffing.models import Proof
from kehou.chapters.timetable.models import SessionChange
from kehou.lib.statements import insert_into, insert_objects, update_objects
from tests.chapters.planning.stage import drafted
from tests.world import moment

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def stored(model, *pks):
    """Return what the table holds of some rows, without their keys."""
    return [
        {name: value for name, value in row.items() if name != "id"}
        for row in model.objects.filter(pk__in=pks).order_by("pk").values()
    ]


def proof(world, scan=None):
    return Proof(
        member=world.riverside.staff["teacher"], kind="health", valid_until_on=moment().date(), original_seen=True,
        recorded_by="陈敏", recorded_at=moment(), **({"scan": scan} if scan else {}),
    )  # fmt: skip


def test_objects_are_written_as_the_orm_writes_them(world):
    by_orm = Proof.objects.bulk_create([proof(world)])
    by_us = insert_objects([proof(world)])
    assert stored(Proof, by_us[0].pk) == stored(Proof, by_orm[0].pk)
    assert by_us[0]._state.adding is False


def test_masked_text_is_encrypted_and_a_file_is_kept_on_the_way(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    pupil = Pupil(
        school=world.riverside.school, homeroom=world.mei.homeroom, name="新来的", sex="2", born_on=world.mei.born_on,
        id_number="500101201801011234",
    )  # fmt: skip
    insert_objects([pupil])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id_number FROM {Pupil._meta.db_table} WHERE id = %s", [pupil.pk])
        assert b"500101" not in bytes(cursor.fetchone()[0])
    assert str(Pupil.objects.get(pk=pupil.pk).id_number) == "500101201801011234"
    kept = proof(world)
    kept.scan.save("scan.png", ContentFile(b"picture"), save=False)
    insert_objects([kept])
    assert Proof.objects.get(pk=kept.pk).scan.read() == b"picture"


def test_every_object_gets_its_own_key_in_pieces_too(world):
    rows = [
        Contact(pupil=world.mei, turn=turn, name=f"家人{turn}", relation="亲属", phone="19900009999")
        for turn in range(20, 27)
    ]
    with CaptureQueriesContext(
        connection,
    ) as seen:
        insert_objects(rows, batch=3)
    assert sum("INSERT" in one["sql"] for one in seen.captured_queries) == 3
    assert [Contact.objects.get(pk=one.pk).turn for one in rows] == [one.turn for one in rows]
    assert insert_objects([]) == []


def test_what_the_database_refuses_is_refused(world):
    first = Contact(pupil=world.mei, turn=31, name="甲", relation="亲属", phone="19900009999")
    again = Contact(pupil=world.mei, turn=31, name="乙", relation="亲属", phone="19900009999")
    with pytest.raises(IntegrityError):
        insert_objects([first, again])


def test_objects_are_changed_each_in_its_own_way_by_one_statement(world):
    rows = insert_objects(
        CareRecord(
            pupil=child,
            category="left_behind",
            source="名单",
            from_on=moment().date(),
            recorded_by="袁慧",
            recorded_at=moment(),
        )
        for child in (world.mei, world.bo)
    )
    untouched = CareRecord.objects.create(
        pupil=world.lan,
        category="left_behind",
        source="名单",
        from_on=moment().date(),
        recorded_by="袁慧",
        recorded_at=moment(),
    )
    rows[0].source, rows[0].recorded_at = "名单一", moment(11)
    rows[1].source, rows[1].recorded_at, rows[1].category = "名单二", moment(12), "not written"
    with CaptureQueriesContext(connection) as seen:
        update_objects(rows, "source", "recorded_at")
    assert len(seen.captured_queries) == 1
    found = {row.pk: row for row in CareRecord.objects.all()}
    assert [(found[row.pk].source, found[row.pk].recorded_at) for row in rows] == [
        ("名单一", moment(11)),
        ("名单二", moment(12)),
    ]
    assert found[rows[1].pk].category == "left_behind"
    assert found[untouched.pk].source == "名单"
    update_objects([], "source")


def test_a_relation_is_changed_too(world):
    one = Proof.objects.bulk_create([proof(world)])[0]
    one.member = world.hill.staff["teacher"]
    update_objects([one], "member")
    assert Proof.objects.get(pk=one.pk).member_id == world.hill.staff["teacher"].pk


def test_a_column_that_nobody_fills_is_missed(world):
    with pytest.raises(LookupError, match="no default"):
        insert_into(SessionChange, "kind", connection=connection)


def test_a_key_that_is_not_counted_stays_what_it_was(world):
    plan = drafted(world).plan
    asked = OpinionRound.objects.create(
        plan=plan, version=plan.versions.first(), number=1, secret="secret", opened_by="陈敏", opened_at=moment(8),
        opens_at=moment(8), closes_at=moment(20),
    )  # fmt: skip
    sheets = insert_objects(OpinionSheet(round=asked, party="guardian", received_on=moment().date()) for _ in range(3))
    insert_objects(Opinion(sheet=sheet, topic="time", stance="agree") for sheet in sheets)
    assert {sheet.pk for sheet in OpinionSheet.objects.all()} == {sheet.pk for sheet in sheets}
    assert [sheet.opinions.count() for sheet in sheets] == [1, 1, 1]
    sheets[0].signed = "居委会"
    update_objects(sheets[:1], "signed")
    assert OpinionSheet.objects.get(signed="居委会").pk == sheets[0].pk
