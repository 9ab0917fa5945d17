"""统筹摇号 at the office: step by step, each with its reason; two persons; preview before publishing; seats by hand."""

from __future__ import annotations

import io
import json
import re

import pytest
from django.urls import reverse
from pypdf import PdfReader

from kehou.chapters.allocation.models import Draw, Placement
from kehou.chapters.enrolment.models import Agreement, Enrolment
from kehou.chapters.programme.models import Slot
from kehou.lib import jobs
from kehou.rules.choice import DayWish
from tests.registration import AFTER, DURING, committed, drawn, open_stage, planned, published, review_all, submit
from tests.world import make_pupil

FOOTBALL = "校园足球"


@pytest.fixture
def stage(world, at_moment):
    at_moment(DURING)
    stage = open_stage(world)
    for pupil in (world.mei, world.bo):
        submit(stage, pupil, DayWish(1, 2, ((stage.slot(FOOTBALL),), (stage.slot("科学小实验"),))))
    return stage


def url(world, name="draw", *args):
    return reverse(f"school:{name}", args=(world.riverside.school.code, *args))


def office(client, world, role="asp_manager"):
    client.force_login(world.riverside.who[role])
    return client


@pytest.mark.parametrize("name", ["draw", "placements", "waiting"])
def test_who_may_look(client, stage, world, name):
    planned(stage)
    for role, status in (("asp_manager", 200), ("principal", 200), ("cashier", 403)):
        assert office(client, world, role).get(url(world, name)).status_code == status
    client.force_login(world.hill.who["asp_manager"])
    assert client.get(url(world, name)).status_code == 404


@pytest.mark.clause("2.7.3-c")
def test_the_whole_way_from_naming_to_publishing(client, stage, world, at_moment):
    page = (
        office(client, world)
        .post(url(world, "draw_plan"), {"kind": "ssq", "period": "2026104"}, follow=True)
        .content.decode()
    )
    assert "双色球第2026104期" in page
    early = client.post(url(world, "draw_commitment"), follow=True).content.decode()
    assert "没有经过班级审核" in early
    review_all(stage)
    at_moment(AFTER)
    page = client.post(url(world, "draw_commitment"), follow=True).content.decode()
    assert Draw.objects.get().root in page
    page = client.post(url(world, "draw_beacon"), {"result": "3 7 12 19 25 31 + 8"}, follow=True).content.decode()
    assert "现在有1人录过" in page
    office(client, world, "principal").post(url(world, "draw_beacon"), {"result": "03-07-12-19-25-31 08"})
    assert client.post(url(world, "draw_run")).status_code == 403
    office(client, world).post(url(world, "draw_run"))
    jobs.work_off()
    assert Draw.objects.get().state == "drawn"
    assert office(client, world).get(url(world, "draw_publication")).status_code == 403
    office(client, world, "principal")
    page = client.get(url(world, "draw_publication")).content.decode()
    assert "2名学生录取" in page
    assert Draw.objects.get().state == "drawn"
    page = client.post(url(world, "draw_publication"), follow=True).content.decode()
    assert "家长都收到了来信" in page
    assert Agreement.objects.filter(state="to_sign").count() == 2


@pytest.mark.parametrize("result", ["", "1 2 3", "3 7 12 19 25 99 + 8", "随便"])
def test_a_wrong_result_is_refused_in_words(client, stage, world, at_moment, result):
    draw = committed(stage)
    at_moment(AFTER)
    page = office(client, world).post(url(world, "draw_beacon"), {"result": result}, follow=True).content.decode()
    assert "不是双色球第2026104期的结果：红球6个、蓝球1个" in page and "ssq:" not in page
    assert f'value="{result}"' in page, "what was typed is still there to be mended"
    assert not draw.beacon_entries.exists()


def test_naming_too_late_is_refused(client, stage, world, at_moment):
    at_moment(AFTER)
    fields = {"kind": "ssq", "period": "2026104"}
    page = office(client, world).post(url(world, "draw_plan"), fields, follow=True).content.decode()
    assert "截止后再定没有人会信" in page
    assert not Draw.objects.exists()


def test_drawing_twice_is_one_draw(client, stage, world, at_moment):
    draw = drawn(stage)
    at_moment(AFTER)
    before = Placement.objects.count()
    page = office(client, world).post(url(world, "draw_run"), follow=True).content.decode()
    assert "已经摇过号，一次报名只摇一次" in page
    jobs.work_off()
    assert Placement.objects.count() == before
    draw.refresh_from_db()
    assert draw.state == "drawn"


@pytest.mark.clause("2.1-k")
def test_what_leaves_the_school_has_no_names(client, stage, world, at_moment):
    published(stage)
    at_moment(AFTER)
    sheets = [office(client, world).get(url(world, "draw_paper") + size).content for size in ("", "?size=a3")]
    wide = [float(PdfReader(io.BytesIO(sheet)).pages[0].mediabox.width) / 72 * 25.4 for sheet in sheets]
    assert [round(width) for width in wide] == [210, 297]
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(sheets[1])).pages)
    assert "收到第几号" in words and "陈小" not in words and "先到先得" in words and "内容摘要" in words
    public = reverse("public:draw_poster", args=(Draw.objects.get().pk,))
    assert client.get(public).content.startswith(b"%PDF-")
    page = client.get(reverse("public:draw", args=(Draw.objects.get().pk,))).content.decode()
    assert "收到第几号为止" in page and "校园足球" in page and "陈小" not in page
    record = b"".join(client.get(url(world, "draw_record")).streaming_content).decode()
    assert "陈小梅" not in record and json.loads(record)["pupils"]


def test_before_publishing_nothing_leaves_the_school(client, stage, world, at_moment):
    drawn(stage)
    at_moment(AFTER)
    office(client, world)
    for name in ("draw_paper", "draw_record"):
        assert client.get(url(world, name)).status_code == 404


def test_a_change_by_hand_needs_a_reason_and_a_seat(client, stage, world, at_moment):
    published(stage)
    at_moment(AFTER)
    science = Placement.objects.get(slot=stage.slot("科学小实验"))
    address = url(world, "placement", science.pk)
    full = office(client, world).post(address, {"slot": stage.slot(FOOTBALL), "reason": "家长要求调整"})
    assert full.status_code == 422 and "已经满了" in full.content.decode()
    silent = client.post(address, {"slot": stage.slot("作业答疑站"), "reason": ""})
    assert silent.status_code == 422 and "写明原因" in silent.content.decode()
    for reason in ("陈小梅的家长来电话", "低保家庭，照顾一下", "请回电13912345678"):  # everybody reads it in the record
        told = client.post(address, {"slot": stage.slot("作业答疑站"), "reason": reason})
        assert told.status_code == 422 and reason in told.content.decode(), "said why, and what was typed stays"
    client.post(address, {"slot": stage.slot("作业答疑站"), "reason": "孩子对试剂过敏"})
    science.refresh_from_db()
    assert science.ended_at is not None
    assert Placement.objects.filter(source="manual", ended_at=None).count() == 1


def test_the_lists_are_searched_filtered_and_taken_away(client, stage, world, at_moment):
    published(stage)
    at_moment(AFTER)
    office(client, world)
    page = client.get(url(world, "placements") + f"?q=小梅&slot={stage.slot(FOOTBALL)}").content.decode()
    assert "陈小波" not in page.split("<tbody>")[-1]
    for name in ("placements", "waiting"):
        assert b"".join(client.get(url(world, name) + "?as=sheet").streaming_content)[:2] == b"PK"


# --- Agreements -------------------------------------------------------------------------------------------------------


@pytest.mark.clause("2.7.3-g")
def test_paper_is_scanned_in_and_the_principal_seals_all(client, stage, world, at_moment):
    from django.core.files.uploadedfile import SimpleUploadedFile

    published(stage)
    at_moment(AFTER)
    office(client, world)
    for agreement in Agreement.objects.all():
        address = url(world, "agreement_scan", agreement.pk)
        fields = {"digest": agreement.digest, "name": "陈梅妈妈"}
        without = client.post(address, fields)
        assert without.status_code == 422 and "扫描件" in without.content.decode()
        client.post(address, {**fields, "scan": SimpleUploadedFile("a.pdf", b"%PDF-1.4 x")})
    assert client.post(url(world, "agreement_seals")).status_code == 403
    page = office(client, world, "principal").post(url(world, "agreement_seals"), follow=True).content.decode()
    assert "2份协议已盖章生效" in page
    assert Enrolment.objects.count() == 2
    again = client.post(url(world, "agreement_seals"), follow=True).content.decode()
    assert "没有家长已签、等待盖章的协议" in again


def test_the_board_shows_who_has_not_signed(client, stage, world, at_moment):
    published(stage)
    at_moment(AFTER)
    page = office(client, world).get(url(world, "agreements") + "?state=to_sign").content.decode()
    assert "陈小梅" in page and "待家长签" in page
    pdf = client.get(url(world, "agreement_pdf", Agreement.objects.first().pk))
    assert pdf.content.startswith(b"%PDF-")
    client.force_login(world.hill.who["asp_manager"])
    assert client.get(url(world, "agreements")).status_code == 404


# --- 试摇 -------------------------------------------------------------------------------------------------------------


def test_a_rehearsal_tells_medians_and_writes_no_seat(client, world, at_moment):
    at_moment(DURING)
    stage = open_stage(world)
    for n in range(12):
        child = make_pupil(world.riverside, f"学生{n}", grade=3 + n % 2, guardian=world.guardian)
        submit(stage, child, DayWish(1, 2, ((stage.slot(FOOTBALL),), (stage.slot("科学小实验"),))))
    planned(stage)
    assert office(client, world, "principal").get(url(world, "rehearsal")).status_code == 403
    office(client, world).post(url(world, "rehearsal"))
    jobs.work_off()
    page = client.get(url(world, "rehearsal")).content.decode()
    assert "12名学生，12人次" in page and "一周只有一个号" in page
    assert "三年级" not in page.split("<tbody>")[1]  # six pupils are too few to be counted in public
    assert "学生3" not in page
    assert not Placement.objects.exists()
    assert stage.application(child).state == "submitted"


def with_children_of_staff(world, stage, theirs: int, others: int) -> None:
    """Let pupils of grade 4 ask for football: so many whose father teaches here, so many whose father does not."""
    for n in range(theirs + others):
        guardian = world.riverside.who["teacher"] if n < theirs else world.guardian
        child = make_pupil(world.riverside, f"学生{n}", grade=4, guardian=guardian)
        submit(stage, child, DayWish(1, 2, ((stage.slot(FOOTBALL),), (stage.slot("科学小实验"),))))


@pytest.mark.clause("2.1-k")
def test_a_rehearsal_sets_children_of_staff_beside_the_others_in_an_order_that_can_be_read(client, world, at_moment):
    at_moment(DURING)
    stage = open_stage(world)
    with_children_of_staff(world, stage, 10, 12)
    planned(stage)
    office(client, world).post(url(world, "rehearsal"))
    jobs.work_off()
    page = client.get(url(world, "rehearsal")).content.decode()
    names = re.findall(r'<th scope="row">([^<]+)</th>', page)
    assert names == ["全部", "四年级", "本校教职工子女", "不是本校教职工子女的学生"]


def test_a_rehearsal_counts_children_not_days(client, world, at_moment):
    at_moment(DURING)
    stage = open_stage(world)
    with_children_of_staff(world, stage, 9, 12)
    planned(stage)
    office(client, world).post(url(world, "rehearsal"))
    jobs.work_off()
    assert "教职工子女" not in client.get(url(world, "rehearsal")).content.decode()


def test_a_rehearsal_that_cannot_begin_says_why_in_words(client, stage, world, at_moment):
    at_moment(DURING)
    planned(stage)
    Slot.objects.update(withdrawn_at=DURING)
    office(client, world).post(url(world, "rehearsal"))
    jobs.work_off()
    page = client.get(url(world, "rehearsal")).content.decode()
    assert "这一轮还没有可报的课程" in page and "R-ALLOC" not in page


@pytest.mark.clause("2.3-j")
def test_how_children_of_staff_fared_stands_beside_the_others_at_school_in_public_and_in_the_district(
    client, world, at_moment
):
    at_moment(AFTER)
    stage = open_stage(world)
    with_children_of_staff(world, stage, 10, 12)
    draw = published(stage)
    for page in (url(world, "draw"), reverse("public:draw", args=(draw.pk,))):
        said = office(client, world).get(page).content.decode()
        assert "本校教职工子女没有优先：10人次里" in said and "其他学生12人次里" in said
    client.force_login(world.district["basic_education"])
    said = client.get(reverse("district:draws")).content.decode()
    assert "各类学生的结果" in said and "本校教职工子女" in said and "留守儿童" not in said


def test_a_rehearsal_is_for_a_planned_draw_only(client, stage, world, at_moment):
    committed(stage)
    at_moment(AFTER)
    assert office(client, world).get(url(world, "rehearsal")).status_code == 404
