"""纸质申请: typed from a signed form, never without its scan, known by content and not by name."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kehou.chapters.enrolment.models import Application, Submission
from kehou.lib import uploads
from tests.desks.guardian.family import typed
from tests.registration import AFTER, DURING, open_stage, submit

PDF = b"%PDF-1.7\nsigned"


@pytest.fixture
def stage(world, at_moment):
    at_moment(DURING)
    return open_stage(world)


def url(world, name, *args):
    return reverse(f"school:{name}", args=(world.riverside.school.code, *args))


def office(client, world, role="asp_manager"):
    client.force_login(world.riverside.who[role])
    return client


def scan(content=PDF, name="申请.pdf"):
    return SimpleUploadedFile(name, content)


def test_who_may_type_from_paper(client, stage, world):
    for role, status in (("asp_manager", 200), ("principal", 403), ("cashier", 403)):
        assert office(client, world, role).get(url(world, "paper_entry", world.mei.pk)).status_code == status
    client.force_login(world.hill.who["asp_manager"])
    assert client.get(url(world, "paper_entry", world.mei.pk)).status_code == 404
    office(client, world)
    assert client.get(url(world, "paper_entry", world.lan.pk)).status_code == 404


def test_the_child_is_found_and_has_a_form_to_print(client, stage, world):
    page = office(client, world).get(url(world, "paper") + "?q=小梅").content.decode()
    assert "陈小梅" in page and "陈小波" not in page
    assert client.get(url(world, "paper_form", world.mei.pk)).content.startswith(b"%PDF-")


@pytest.mark.clause("2.1-b")
def test_nothing_is_entered_without_the_scan_and_all_that_was_typed_stays(client, stage, world):
    answer = office(client, world).post(url(world, "paper_entry", world.mei.pk), typed(stage))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "必须附上家长签过字" in page and 'value="陈爷爷"' in page
    assert not Application.objects.exists()


def test_a_paper_with_its_scan_is_a_version_and_the_scan_can_be_read(client, stage, world):
    page = (
        office(client, world)
        .post(url(world, "paper_entry", world.mei.pk), {**typed(stage), "scan": scan()}, follow=True)
        .content.decode()
    )
    assert "已录入第1版" in page
    submission = Submission.objects.get()
    assert (submission.channel, submission.submitted_by_account) == ("paper", world.riverside.who["asp_manager"].pk)
    answer = client.get(url(world, "paper_scan", submission.pk))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    client.force_login(world.hill.who["asp_manager"])
    assert client.get(url(world, "paper_scan", submission.pk)).status_code == 404


@pytest.mark.parametrize("content", [b"<html><script>alert(1)</script>", b"MZ\x90\x00", b"", b"GIF89a"])
def test_a_file_is_known_by_what_is_in_it(client, stage, world, content):
    fields = {**typed(stage), "scan": scan(content, "申请.pdf")}
    answer = office(client, world).post(url(world, "paper_entry", world.mei.pk), fields)
    assert answer.status_code == 422
    assert not Application.objects.exists()


def test_a_scan_of_more_than_twenty_megabytes_is_refused_in_words(client, stage, world, monkeypatch):
    assert uploads.LIMIT_BYTES == 20 * 1024 * 1024
    monkeypatch.setattr("kehou.lib.uploads.LIMIT_BYTES", 10)
    fields = {**typed(stage), "scan": scan(PDF * 10)}
    page = office(client, world).post(url(world, "paper_entry", world.mei.pk), fields).content.decode()
    assert "最多20 MB" in page


@pytest.mark.parametrize("head", [b"\xff\xd8\xff\xe0jpeg", b"\x89PNG\r\n\x1a\npng"])
def test_photographs_are_taken_too(client, stage, world, head):
    fields = {**typed(stage), "scan": scan(head, "照片")}
    assert office(client, world).post(url(world, "paper_entry", world.mei.pk), fields).status_code == 302


def test_the_family_s_own_choice_is_not_overwritten_but_followed_by_a_version(client, stage, world):
    submit(stage, world.mei)
    fields = {**typed(stage), "scan": scan()}
    office(client, world).post(url(world, "paper_entry", world.mei.pk), fields)
    assert list(Submission.objects.order_by("version").values_list("version", "channel")) == [
        (1, "online"),
        (2, "paper"),
    ]


def test_after_the_deadline_paper_is_late_as_well(client, stage, world, at_moment):
    at_moment(AFTER)
    fields = {**typed(stage), "scan": scan()}
    answer = office(client, world).post(url(world, "paper_entry", world.mei.pk), fields)
    assert answer.status_code == 422 and "截止" in answer.content.decode()
