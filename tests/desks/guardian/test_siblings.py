"""同一个号 on the phone and at the office's desk: what it means, who can be ticked, the receipt, the list."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kehou.chapters.enrolment.models import SameNumber
from tests.desks.guardian.family import parent, url
from tests.registration import CLOSES, DURING, open_stage, submit
from tests.world import make_pupil


@pytest.fixture
def stage(world, at_moment):
    at_moment(DURING)
    stage = open_stage(world)
    submit(stage, world.mei)
    return stage


def both(world) -> dict[str, list[int]]:
    return {"pupil": [world.mei.pk, world.bo.pk]}


def test_a_child_without_an_application_cannot_be_ticked_and_the_page_says_why(client, stage, world):
    page = parent(client, world).get(url("siblings", world.mei)).content.decode()
    assert "机会一样大" in page and "陈小波还没有提交参加的申请" in page and "disabled" in page
    answer = client.post(url("siblings", world.mei), both(world))
    assert answer.status_code == 422 and "还没有记下" in answer.content.decode()
    assert not SameNumber.objects.exists()


def test_it_is_agreed_stands_on_both_receipts_and_is_taken_back(client, stage, world):
    submit(stage, world.bo)
    assert "各用各的号" in parent(client, world).get(url("receipt", world.bo)).content.decode()
    page = client.post(url("siblings", world.mei), both(world), follow=True).content.decode()
    assert "现在用同一个号" in page
    for child, other in ((world.mei, "陈小波"), (world.bo, "陈小梅")):
        assert f"摇号时和{other}用同一个号" in client.get(url("receipt", child)).content.decode()
    page = client.post(url("siblings_removal", world.bo), follow=True).content.decode()
    assert "每个孩子各用各的号" in page and not SameNumber.objects.filter(ended_at=None).exists()


def test_after_the_deadline_both_buttons_say_why(client, stage, world, at_moment):
    submit(stage, world.bo)
    parent(client, world).post(url("siblings", world.mei), both(world))
    at_moment(CLOSES)
    page = client.get(url("siblings", world.mei)).content.decode()
    assert page.count("报名已在9月5日18:00截止") >= 2
    assert client.post(url("siblings", world.mei), both(world)).status_code == 422
    assert "截止" in client.post(url("siblings_removal", world.mei), follow=True).content.decode()
    assert SameNumber.objects.filter(ended_at=None).count() == 2


def test_a_child_of_another_family_in_the_request_is_not_taken(client, stage, world):
    lin = make_pupil(world.riverside, "林小雨", grade=4, guardian=world.other_guardian)
    submit(stage, lin)
    answer = parent(client, world).post(url("siblings", world.mei), {"pupil": [world.mei.pk, lin.pk]})
    assert answer.status_code == 422 and "林小雨" not in answer.content.decode()


def test_an_only_child_reads_that_it_needs_none(client, stage, world):
    lin = make_pupil(world.riverside, "林小雨", grade=4, guardian=world.stranger)
    client.force_login(world.stranger)
    assert "用不着同一个号" in client.get(url("siblings", lin)).content.decode()


def test_the_office_enters_it_from_paper_lists_it_and_keeps_the_scan(client, stage, world):
    submit(stage, world.bo)
    client.force_login(world.riverside.who["asp_manager"])
    code = world.riverside.school.code
    here = reverse("school:siblings_entry", args=(code, world.mei.pk))
    page = client.get(here).content.decode()
    assert "陈小波" in page
    answer = client.post(here, {"pupil": [world.bo.pk], "act": "link"})
    assert (
        answer.status_code == 422
        and "签过字的扫描件" in answer.content.decode()
        and "checked" in answer.content.decode()
    )
    scan = SimpleUploadedFile("同号.pdf", b"%PDF-1.7\nsigned")
    page = client.post(here, {"pupil": [world.bo.pk], "act": "link", "scan": scan}, follow=True).content.decode()
    assert "陈小波" in page and "签字的纸" in page
    link = SameNumber.objects.first()
    assert b"".join(client.get(reverse("school:siblings_scan", args=(code, link.pk)))) == b"%PDF-1.7\nsigned"
    assert client.get(reverse("school:siblings", args=(code,)) + "?as=sheet").status_code == 200
    found = client.get(reverse("school:siblings", args=(code,)) + "?q=小波").content.decode()
    assert "陈小梅" in found  # a name finds the whole family
    scan = SimpleUploadedFile("取消.pdf", b"%PDF-1.7\nended")
    client.post(here, {"act": "end", "scan": scan})
    assert not SameNumber.objects.filter(ended_at=None).exists()
    client.force_login(world.hill.who["asp_manager"])
    assert client.get(here).status_code == 404
