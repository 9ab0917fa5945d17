"""What is handed in is known by its content, refused in words at every upload, and nothing typed beside it is lost."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kehou.chapters.enrolment.models import Agreement
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning.models import NoticeReceipt, PlanAttachment
from kehou.chapters.programme import actions as programme
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.models import Proof, ShortageStatement
from kehou.lib.upload_names import shortened
from kehou.lib.uploads import LIMIT_BYTES
from kehou.rules.planning import Vote
from tests.chapters.planning import stage
from tests.chapters.planning.shelf_stage import furnished
from tests.chapters.planning.stage import BEGAN
from tests.chapters.staffing.outside import AT, listed
from tests.lib.test_photos import JPEG
from tests.registration import AFTER, open_stage, published, submit

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
@pytest.mark.parametrize("page", ["equipment_sheet", "room_sheet", "table_sheet", "resource_staff_sheet"])
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


# --- Minutes, receipts of the notice, agreements: what is refused loses nothing of what stands beside it ----------------


@pytest.mark.parametrize("what", REFUSED)
def test_minutes_keep_their_items_and_say_what_is_wrong_with_the_scan(world, desk, at_moment, what):
    way = stage.drafted(world)
    at_moment(stage.day(0.3))
    members = [world.riverside.who["parents_committee"]]
    meeting = planning.note_meeting(
        way.plan,
        held_on=BEGAN.date(),
        place="会议室",
        chair="王主任",
        present=members,
        by=way.office,
        at=stage.day(0.2),
    )
    planning.write_item(meeting, Vote("收费", "太贵", 0, 1, 0, "标准由区里定"), by=way.office, at=stage.day(0.2))
    content, words = REFUSED[what]
    said = desk("meeting_scan", {"scan": handed(content)}, meeting.pk).content.decode()
    meeting.refresh_from_db()
    assert words in said and "标准由区里定" in said and "太贵" in said and not meeting.scan
    desk("meeting_scan", {"scan": handed(PDF)}, meeting.pk)
    meeting.refresh_from_db()
    assert meeting.scan and meeting.items.count() == 1


@pytest.mark.parametrize("what", REFUSED)
def test_receipts_of_the_notice_keep_who_was_ticked(world, desk, at_moment, what):
    way = stage.drafted(world)
    stage.met(way)
    stage.first_round(way)
    stage.told(way)
    at_moment(stage.day(7))
    content, words = REFUSED[what]
    answer = desk("notice_receipts", {"pupil": [world.mei.pk], "scan": handed(content)})
    said = answer.content.decode()
    assert answer.status_code == 409 and words in said
    assert f'value="{world.mei.pk}" checked' in said and f'value="{world.bo.pk}" checked' not in said
    assert not NoticeReceipt.objects.filter(method="paper").exists()
    desk("notice_receipts", {"pupil": [world.mei.pk], "scan": handed(PDF)})
    assert NoticeReceipt.objects.get(method="paper").pupil == world.mei


@pytest.mark.parametrize("what", REFUSED)
def test_an_agreement_with_an_organisation_keeps_number_and_days(world, desk, at_moment, what):
    place = world.riverside
    stated, manager = ShortageStatement.objects.get(school=place.school), place.by("asp_manager")
    use = staffing.choose_provider(place.school, world.term, listed(world), stated, what="年画", by=manager, at=AT)
    at_moment(AT)
    content, words = REFUSED[what]
    given = {"number": "梁课服合〔2026〕17号", "signed_on": "2026-09-03", "last_on": "2027-01-15"}
    said = desk("provider_agreement", given | {"scan": handed(content)}, use.pk).content.decode()
    use.refresh_from_db()
    assert words in said and "梁课服合〔2026〕17号" in said and "2026-09-03" in said and not use.agreement
    desk("provider_agreement", given | {"scan": handed(PDF)}, use.pk)
    use.refresh_from_db()
    assert use.agreement


@pytest.mark.parametrize("what", REFUSED)
def test_a_paper_agreement_keeps_the_name_that_was_typed(world, client, at_moment, what):
    here = open_stage(world)
    submit(here, world.mei)
    published(here)
    agreement = Agreement.objects.get()
    at_moment(AFTER)
    client.force_login(world.riverside.who["asp_manager"])
    address = reverse("school:agreement_scan", args=(world.riverside.school.code, agreement.pk))
    content, words = REFUSED[what]
    given = {"digest": agreement.digest, "name": "陈梅的外婆"}
    answer = client.post(address, given | {"scan": handed(content)})
    said = answer.content.decode()
    assert answer.status_code == 422 and words in said and "陈梅的外婆" in said
    agreement.refresh_from_db()
    assert agreement.state == "to_sign"
    photos = [SimpleUploadedFile("1.jpg", JPEG, "image/jpeg"), SimpleUploadedFile("2.jpg", JPEG, "image/jpeg")]
    page = client.post(address, given | {"photos": photos}, follow=True).content.decode()
    assert "纸质协议已登记（扫描件" in page and "KB）" in page
    signature = agreement.signatures.get(party="guardian")
    assert signature.image.read().startswith(b"%PDF-")


def test_where_a_scan_is_asked_the_phone_offers_its_camera(world, client, at_moment):
    here = open_stage(world)
    submit(here, world.mei)
    published(here)
    at_moment(AFTER)
    client.force_login(world.riverside.who["asp_manager"])
    code, agreement = world.riverside.school.code, Agreement.objects.get()
    for name, args in (("agreement_scan", (agreement.pk,)), ("paper_entry", (world.bo.pk,))):
        page = client.get(reverse(f"school:{name}", args=(code, *args))).content.decode()
        assert 'name="photos" accept="image/jpeg,image/png" capture="environment" multiple' in page, name
