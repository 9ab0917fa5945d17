"""What is handed in is known by its content, refused in words at every upload, and nothing typed beside it is lost."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kehou.chapters.planning.models import PlanAttachment
from kehou.chapters.programme import actions as programme
from kehou.chapters.staffing.models import Proof
from kehou.lib.upload_names import shortened
from kehou.lib.uploads import LIMIT_BYTES
from tests.chapters.planning import stage
from tests.chapters.planning.shelf_stage import furnished
from tests.chapters.planning.stage import BEGAN

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def archive(*names: str) -> bytes:
    """Return a zip file with these entries."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return made.getvalue()


OFFICE = archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")
REFUSED = {
    "an Office file with macros, named as a PDF": (OFFICE, "这是 Office 文件（可能带宏）"),
    "an old Office file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "这是 Office 文件（可能带宏）"),
    "a PDF with a password": (PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R/Encrypt 9 0 R"), "这个PDF设了密码"),
    "a page of the web, named as a PDF": (b"<html><script>alert(1)</script>", "不是PDF、JPEG或PNG"),
    "a PDF of more than 20 MB": (PDF + b"\0" * LIMIT_BYTES, "最多20 MB"),
}


@pytest.fixture
def desk(world, client, at_moment):
    at_moment(BEGAN)
    client.force_login(world.riverside.who["asp_manager"])
    return lambda name, given, *more: client.post(
        reverse(f"school:{name}", args=(world.riverside.school.code, *more)), given, follow=True
    )


def handed(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("附件.pdf", content, "application/pdf")


@pytest.mark.parametrize("what", REFUSED)
def test_a_plan_takes_no_other_attachment_and_keeps_its_title(world, desk, what):
    stage.drafted(world)
    content, words = REFUSED[what]
    answer = desk("plan_attachments", {"title": "场地平面图，附说明", "file": handed(content)})
    said = answer.content.decode()
    assert answer.status_code == 422 and words in said and "场地平面图，附说明" in said
    assert not PlanAttachment.objects.exists()
    desk("plan_attachments", {"title": "场地平面图，附说明", "file": handed(PDF)})
    assert PlanAttachment.objects.get().title == "场地平面图，附说明"


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_of_a_person_takes_no_other_proof_and_keeps_what_was_typed(world, desk, what):
    member = world.riverside.staff["teacher"]
    before = Proof.objects.filter(member=member).count()
    content, words = REFUSED[what]
    given = {"kind": "qualification", "reference": "教师资格-2026-017", "original_seen": "on", "scan": handed(content)}
    said = desk("staff_proofs", given, member.pk).content.decode()
    assert words in said and "教师资格-2026-017" in said
    assert Proof.objects.filter(member=member).count() == before


@pytest.mark.parametrize("what", REFUSED)
def test_the_shelf_takes_no_other_document(world, desk, what):
    furnished(world)
    content, words = REFUSED[what]
    assert words in desk("policy_scanning", {"scan": handed(content)}, 1).content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (archive("xl/workbook.xml", "xl/vbaProject.bin"), "文件里带有宏"),
        (OFFICE, "文件里带有宏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, "设了打开密码"),
        (PDF, "这不是电子表格（PDF 文档）"),
        (b"a" * 20_000_001, "文件太大"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("page", ["equipment_sheet", "room_sheet", "table_sheet"])
def test_a_sheet_is_a_sheet_without_macros_and_passwords(world, desk, content, words, page):
    programme.start_table(world.riverside.school, world.term, by=world.riverside.by("asp_manager"), at=BEGAN)
    answer = desk(page, {"file": SimpleUploadedFile("表.xlsx", content)})
    assert words in answer.content.decode()


LONG_NAMES = {
    "three thousand letters": "场" * 3_000 + ".pdf",
    "twelve thousand letters": "a" * 12_000 + ".pdf",
    "an ending that no disk holds": "图." + "页" * 200,
}


@pytest.mark.parametrize("size", [0, 3_000_000])  # kept in memory, kept on the disk
@pytest.mark.parametrize("what", LONG_NAMES)
def test_no_upload_fails_for_the_length_of_a_name(world, desk, what, size):
    stage.drafted(world)
    file = SimpleUploadedFile("x.pdf", PDF + b"\0" * size, "application/pdf")
    file._name = LONG_NAMES[what]  # past the cut that Django makes where a test names a file
    answer = desk("plan_attachments", {"title": "场地平面图，附说明", "file": file})
    assert answer.status_code == 200 and PlanAttachment.objects.get().title == "场地平面图，附说明"


def test_a_name_is_cut_in_its_middle():
    assert shortened("名册.xlsx") == "名册.xlsx"
    assert shortened("a" * 500 + ".xlsx") == "a" * 115 + ".xlsx"
    assert shortened("v1.2 的" + "长" * 30) == "v1_2 的" + "长" * 30
