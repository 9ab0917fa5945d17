"""The fourth part of the ledger (师资) goes out as a sheet, is corrected and comes back; the census sees it (2.7.1-b)."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kehou.chapters.schools import actions as schools
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.staffing.queries import ledger_code
from kehou.lib import sheets
from kehou.lib.sheets.reading import open_sheets
from tests.chapters.programme.stage import AT
from tests.desks.school.stage import url
from tests.world import World

HEAD = "编号,姓名,人员类型,学科,特长,愿意服务的日子,每周课时"


@pytest.fixture
def office(world: World, client: Client, at_moment) -> Client:
    at_moment(AT)
    client.force_login(world.riverside.who["asp_manager"])
    return client


def send(office: Client, world: World, content: bytes, name: str = "师资.csv", step: str = "take"):
    return office.post(url("resource_staff_sheet", world), {"file": SimpleUploadedFile(name, content), "step": step})


def csv(*rows: str) -> bytes:
    return "\n".join((HEAD, *rows)).encode()


@pytest.mark.clause("2.7.1-b")
def test_exported_edited_and_brought_back_it_updates_and_never_doubles(office: Client, world: World):
    content = b"".join(office.get(url("resource_staff", world) + "?as=sheet").streaming_content)
    before = list(world.riverside.school.staff.order_by("pk").values_list("pk", "name"))
    assert send(office, world, content, "师资.xlsx").status_code == 302
    assert "新增0人，修改0人" in office.get(url("resource_staff", world)).content.decode()

    header, *rows = [list(cells) for _, cells in next(iter(open_sheets(io.BytesIO(content)).grids)).rows]
    at = {name: number for number, name in enumerate(header)}
    rows[0][at["特长"]], rows[0][at["愿意服务的日子"]], rows[0][at["每周课时"]] = "书法二级、年画", "周二、周四", 6
    stream = io.BytesIO()
    sheets.write_workbook(
        stream,
        sheets.Table(
            "师资", [sheets.Column(str(name), "whole" if name == "每周课时" else "text") for name in header], rows
        ),
    )
    assert send(office, world, stream.getvalue(), "师资.xlsx", "try").status_code == 302
    one = StaffMember.objects.get(pk=int(str(rows[0][0]).removeprefix("S-")))
    assert one.skills != "书法二级、年画", "only looked at"
    assert send(office, world, stream.getvalue(), "师资.xlsx").status_code == 302
    one.refresh_from_db()
    assert (one.skills, one.weekdays, one.weekly_cap) == ("书法二级、年画", [2, 4], 6)
    assert list(world.riverside.school.staff.order_by("pk").values_list("pk", "name")) == before
    assert "书法二级" in office.get(url("resource_staff", world)).content.decode().split("用表格")[0]


@pytest.mark.clause("2.7.1-b")
def test_a_name_alone_finds_the_person_and_a_new_name_is_taken_on_once(office: Client, world: World):
    known, count = world.riverside.school.staff.first(), world.riverside.school.staff.count()
    content = csv(f",{known.name},,,竹笛,,", ",新来的冉老师,在职教职工,音乐,合唱,每天,4")
    for _ in range(2):
        assert send(office, world, content).status_code == 302
    known.refresh_from_db()
    assert known.skills == "竹笛" and world.riverside.school.staff.count() == count + 1


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (("S-999999,某人,,,,,",), "第2行：编号“S-999999”不是本校名单上的人"),
        ((",冉老师,,音乐,,周八,4",), "第2行"),
        ((",冉老师,外星人,,,,",), "人员类型"),
        ((",冉老师,,,,,二十",), "每周课时"),
        ((",冉老师,,,,,99",), "每周愿意承担的课时"),
        ((",冉老师,,,,,3", ",冉老师,,,,,4"), "第3行：“冉老师”在第2行已经有了"),
        (("S-1,,,,,,",), "“姓名”没有填"),
    ],
)
def test_a_wrong_row_is_said_with_its_row_and_nothing_is_written(office: Client, world: World, rows, words):
    known, before = world.riverside.school.staff.first(), world.riverside.school.staff.count()
    answer = send(office, world, csv(f",{known.name},,,改了,,", *rows).replace(b"\xef\xbb\xbf", b""))
    page = answer.content.decode()
    assert answer.status_code == 409 and "一行也没有写" in page
    assert words.replace("第3行", "第4行").replace("第2行", "第3行") in page
    known.refresh_from_db()
    assert known.skills != "改了" and world.riverside.school.staff.count() == before


def test_two_of_one_name_are_told_apart_by_their_number_only(office: Client, world: World):
    place, by = world.riverside, world.riverside.by("asp_manager")
    pair = [staffing.add_staff(place.school, staffing.StaffFacts(name="李梅"), by=by, at=AT) for _ in range(2)]
    answer = send(office, world, csv(",李梅,,,刺绣,,"))
    assert answer.status_code == 409 and "本校有几位“李梅”" in answer.content.decode()
    assert send(office, world, csv(f"{ledger_code(pair[1])},李梅,,,刺绣,,")).status_code == 302
    assert [StaffMember.objects.get(pk=one.pk).skills for one in pair] == ["", "刺绣"]


def test_another_schools_person_is_no_ones_here(office: Client, world: World):
    other = world.hill.school.staff.first()
    answer = send(office, world, csv(f"{ledger_code(other)},{other.name},,,改了,,"))
    assert answer.status_code == 409 and "不是本校名单上的人" in answer.content.decode()


@pytest.mark.clause("2.7.1-b")
def test_the_census_carries_people_over_and_marks_who_was_corrected_who_came_and_who_left(office: Client, world: World):
    place, by = world.riverside, world.riverside.by("asp_manager")
    census = staffing.open_census(place.school, world.term, by=by, at=AT)
    items = census.items.filter(part="staff")
    people = list(place.school.staff.all())
    assert {one.key for one in items} == {f"staff:{one.pk}" for one in people}
    assert {one.state for one in items} == {"pending"}
    known = people[0]
    send(office, world, csv(f"{ledger_code(known)},{known.name},,,竹笛,,", ",冉老师,,音乐,,,4"))
    assert items.get(key=f"staff:{known.pk}").state == "changed"
    assert items.get(name="冉老师").state == "added"
    staffing.leave(people[1], on=AT.date(), reason="调走", by=by, at=AT)
    assert items.get(key=f"staff:{people[1].pk}").state == "struck"
    schools.confirm_items(census, list(items.filter(state="pending").values_list("pk", flat=True)), by=by, at=AT)
    assert not items.filter(state="pending").exists()


def test_whoever_may_not_change_the_staff_is_not_offered_the_sheet(world: World, client: Client, at_moment):
    at_moment(AT)
    client.force_login(world.riverside.who["gatekeeper"])
    assert client.post(url("resource_staff_sheet", world)).status_code == 403
