"""Importing a roster at the school desk: upload, read the problems, take it or give it up."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kehou.chapters.people.models import Pupil, RosterImport
from kehou.lib.jobs import work_off
from kehou.lib.sheets.rosters import read_roster
from tests.chapters.people.test_rosters import file_of
from tests.rules.roster.sheets import number, pupil
from tests.world import World, make_pupil, moment

Stand = Callable[[datetime], None]
pytestmark = pytest.mark.django_db


def url(name: str, world: World, *args: object) -> str:
    return reverse(f"school:{name}", args=(world.riverside.school.code, *args))


@pytest.fixture
def office(client: Client, world: World, at_moment: Stand) -> Client:
    at_moment(moment())
    client.force_login(world.riverside.who["asp_manager"])
    return client


def upload(client: Client, world: World, content: bytes, name: str = "名册.csv") -> RosterImport:
    answer = client.post(url("rosters", world), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    kept = RosterImport.objects.latest("pk")
    assert answer["Location"] == url("roster", world, kept.pk)
    return kept


@pytest.mark.parametrize(
    ("who", "status"), [("asp_manager", 200), ("principal", 403), ("teacher", 403), ("aid_officer", 403)]
)
def test_who_may_import(client: Client, world: World, at_moment: Stand, who: str, status: int) -> None:
    at_moment(moment())
    client.force_login(world.riverside.who[who])
    assert client.get(url("rosters", world)).status_code == status
    client.force_login(world.hill.who[who])
    assert client.get(url("rosters", world)).status_code == 404


def test_the_roster_of_another_school_does_not_exist(office: Client, world: World) -> None:
    kept = upload(office, world, file_of(pupil(1)))
    office.force_login(world.hill.who["asp_manager"])
    assert office.get(reverse("school:roster", args=(world.hill.school.code, kept.pk))).status_code == 404


def test_the_empty_list_teaches_and_the_template_can_be_read(office: Client, world: World) -> None:
    page = office.get(url("rosters", world)).content.decode()
    assert "还没有导入过名册" in page and "5.00999E+17" in page
    content = b"".join(office.get(url("roster_template", world)))
    report = read_roster(io.BytesIO(content), on=moment().date())
    assert [problem.code for problem in report.problems] == ["name_characters", "id_missing"], "the example is refused"


def test_a_file_is_read_dry_and_every_problem_is_shown_with_its_row(office: Client, world: World) -> None:
    kept = upload(office, world, file_of(pupil(1, name="王　一"), pupil(3, phone="1")))
    page = office.get(url("roster", world, kept.pk)).content.decode()
    assert "E（家长电话）" in page and "手机号应为 11 位" in page and "只导入没有问题的1人" in page
    assert not Pupil.objects.filter(name="王一").exists()
    repairs = office.get(url("roster", world, kept.pk) + "?show=repairs").content.decode()
    assert "王　一" in repairs and number() not in repairs
    sheet = openpyxl.load_workbook(
        io.BytesIO(b"".join(office.get(url("roster", world, kept.pk) + "?show=problems&as=sheet")))
    ).active
    assert [cell.value for cell in sheet[2]][1:3] == [3, "E（家长电话）"]
    assert "没有找到" in office.get(url("roster", world, kept.pk) + "?q=不存在的词").content.decode()


def test_refused_rows_are_left_out_only_if_somebody_says_so(office: Client, world: World) -> None:
    kept = upload(office, world, file_of(pupil(1), pupil(3, phone="1")))
    refused = office.post(url("roster_taking", world, kept.pk))
    assert refused.status_code == 409 and "还有1行有问题" in refused.content.decode()
    office.post(url("roster_taking", world, kept.pk), {"leave_out": "yes"})
    waiting = office.get(url("roster", world, kept.pk)).content.decode()
    assert "正在进行" in waiting and "排队中" in waiting
    work_off()
    page = office.get(url("roster", world, kept.pk)).content.decode()
    assert "已导入" in page and "新增1人" in page
    part = office.get(url("roster", world, kept.pk), headers={"HX-Request": "true"}).content.decode()
    assert "新增1人" in part and "<html" not in part
    assert Pupil.objects.filter(name="王一诺").count() == 1


def test_who_is_missing_from_the_roster_is_ticked_by_a_person(office: Client, world: World) -> None:
    gone = make_pupil(world.riverside, "赵走", grade=3, number=2)
    kept = upload(office, world, file_of(pupil(1)))
    office.post(url("roster_taking", world, kept.pk))
    work_off()
    page = office.get(url("roster", world, kept.pk) + "?show=left").content.decode()
    assert "赵走已离校" in page
    office.post(url("roster_leavers", world, kept.pk), {"pupil": [gone.pk, world.mei.pk, "x"]})
    gone.refresh_from_db()
    world.mei.refresh_from_db()
    assert (gone.state, world.mei.state) == ("left", "in_school"), "only who was proposed"


def test_a_roster_can_be_given_up_once(office: Client, world: World) -> None:
    kept = upload(office, world, file_of(pupil(1)))
    assert office.post(url("roster_dropping", world, kept.pk)).status_code == 302
    again = office.post(url("roster_dropping", world, kept.pk))
    assert again.status_code == 409 and "已经导入或放弃" in again.content.decode()


def test_no_file_an_empty_file_and_a_picture_are_answered_in_words(office: Client, world: World) -> None:
    assert "请选择文件" in office.post(url("rosters", world)).content.decode()
    for content, words in ((b"", "文件是空的"), (b"\x89PNG\r\n\x1a\n....", "这不是电子表格")):
        kept = upload(office, world, content, "名册.xlsx")
        page = office.get(url("roster", world, kept.pk)).content.decode()
        assert words in page and "没有可以导入的学生" in page


@pytest.mark.parametrize("rows", [2, 40])
def test_the_page_costs_the_same_however_many_rows(
    office: Client, world: World, django_assert_max_num_queries, rows: int
) -> None:
    kept = upload(office, world, file_of(*(pupil(at, phone="1") for at in range(1, rows))))
    with django_assert_max_num_queries(9):
        office.get(url("roster", world, kept.pk))
