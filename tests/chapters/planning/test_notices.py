"""The notice: four topics, every family, a receipt before an agreement."""

from __future__ import annotations

import io
import math
from datetime import timedelta

import pytest
import segno
from pypdf import PdfReader

from kehou.chapters.journal.models import Letter
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning import queries
from kehou.chapters.planning.plan_papers import notice_paper
from kehou.chapters.schools.models import SchoolTerm
from kehou.rules.planning import without_marks
from kehou.rules.verdicts import Refused
from tests.chapters.planning import stage
from tests.chapters.planning.stage import SCAN, day
from tests.world import make_pupil


def drawn_in(pdf: bytes, address: str) -> bool:
    """Return whether the QR code of an address is drawn in a PDF: its modules, one by one."""
    modules = [bool(one) for row in segno.make(address, error="m", micro=False).matrix for one in row]
    across = math.isqrt(len(modules))
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for one in page["/Resources"].get("/XObject", {}).values():
            picture = one.get_object()
            width, dots = picture["/Width"], picture.get_data()
            scale = width // (across + 4)
            if width != scale * (across + 4) or len(dots) != width * width:
                continue
            at = [(turn + 2) * scale + scale // 2 for turn in range(across)]
            if [dots[y * width + x] < 128 for y in at for x in at] == modules:
                return True
    return False


def keys(no):
    return {one.key for one in no.value.refusals}


@pytest.mark.clause("2.7.2-d")
@pytest.mark.parametrize(
    ("sections", "topic"),
    [
        (("times",), "服务时间"),
        (("table",), "服务内容"),
        (("safety", "emergency"), "安全保障"),
        (("rules",), "管理制度"),
    ],
)
def test_a_notice_speaks_of_all_four_topics(world, sections, topic):
    way = stage.drafted(world)
    stage.first_round(way)
    for key in sections:
        section = way.plan.sections.get(key=key)
        planning.edit_section(way.plan, key, body="", seen=section.revision, by=way.office, at=day(6))
    with pytest.raises(Refused) as no:
        stage.told(way)
    assert keys(no) == {"R-NOTI-02:topic_missing"} and no.value.refusal.fact("topic") == topic


@pytest.mark.clause("2.7.2-d", "2.1-e")
def test_the_notice_is_composed_of_the_plan_and_goes_to_every_household(world):
    way = stage.drafted(world)
    with pytest.raises(Refused) as no:
        planning.issue_notice(way.plan, by=way.office, at=day(1))
    assert keys(no) == {"R-NOTI-02:first_round_first"}
    stage.first_round(way)
    notice = stage.told(way)
    topics = {one["key"]: one["words"] for one in notice.content["topics"]}
    times = queries.bodies_of(way.plan)["times"]
    assert "〔注" in times and topics["time"] == without_marks(times), "who reads the letter has no list of sources"
    last = world.term.service_until_on - timedelta(days=1)
    assert f"至{last.year}年{last.month}月{last.day}日" in topics["time"], "the last day of service, as everywhere"
    assert all(topics[key] for key in ("content", "safety", "rules"))
    assert ["学校投诉", "023-53200000"] in notice.content["phones"]
    assert Letter.objects.filter(to_account=world.guardian.pk, title__contains="告知书").count() == 1
    with pytest.raises(Refused) as no:
        planning.issue_notice(way.plan, by=way.office, at=day(6))
    assert keys(no) == {"R-NOTI-02:nothing_new"}
    section = way.plan.sections.get(key="safety")
    planning.edit_section(
        way.plan, "safety", body=section.body + "加一人。", seen=section.revision, by=way.office, at=day(6)
    )
    assert planning.issue_notice(way.plan, by=way.office, at=day(6.5)).version == 2


@pytest.mark.clause("2.7.2-d")
def test_the_notice_on_paper_says_when_where_the_table_is_how_money_comes_back_and_what_data_are_for(world):
    way = stage.drafted(world)
    stage.first_round(way)
    SchoolTerm.objects.update(inspector="秦岚", inspector_phone="023-53220000")
    made = notice_paper(stage.told(way), address="https://kehou.example/")
    address = f"https://kehou.example/tables/{way.plan.school.code}/{way.plan.term.code}/"
    assert drawn_in(made.pdf, address), "whoever holds the letter reaches the table with a phone"
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(made.pdf)).pages)
    last = world.term.service_until_on - timedelta(days=1)
    for part in (
        f"至{last.year}年{last.month}月{last.day}日",
        f"https://kehou.example/tables/{way.plan.school.code}/{way.plan.term.code}/",
        "多缴的退回",
        "不收集照片脸部特征、指纹和定位",
        "023-53200000",
        "区教委12345",
        "责任督学秦岚023-53220000",
        "缴入学校登记的教育收费专户",
        "送达回执",
        "送达方式：线上告知、纸质签收",
        "保存期限：长期",
    ):
        assert part in text, part


@pytest.mark.clause("2.1-e")
def test_the_delivery_ledger_counts_phones_and_paper_up_to_all(world):
    child = make_pupil(world.riverside, "没有手机的孩子", grade=1)
    way = stage.drafted(world)
    assert queries.refusal_before_agreement(world.mei, world.term).key == "R-NOTI-01:no_notice_yet"
    stage.first_round(way)
    notice = stage.told(way)
    assert queries.refusal_before_agreement(world.mei, world.term).key == "R-NOTI-01:notice_not_received"
    delivery = queries.delivery_of(notice)
    assert (delivery.children, delivery.missing, delivery.percent) == (3, 3, 0)
    for _ in range(2):  # a second tap changes nothing
        planning.confirm_notice(
            notice, [world.mei, world.bo, world.lan], account=world.guardian, by=world.by_guardian(), at=day(7)
        )
    assert queries.refusal_before_agreement(world.mei, world.term) is None
    assert [one.name for one in queries.without_receipt(notice)] == ["没有手机的孩子"]
    with pytest.raises(Refused) as no:
        planning.record_paper_receipts(notice, [child], scan=None, by=way.office, at=day(7))
    assert keys(no) == {"R-NOTI-01:paper_needs_scan"}
    assert planning.record_paper_receipts(notice, [child, world.mei], scan=SCAN, by=way.office, at=day(7)) == 1
    delivery = queries.delivery_of(notice)
    assert (delivery.online, delivery.paper, delivery.percent) == (2, 1, 100)
    with pytest.raises(Refused) as no:
        planning.record_paper_receipts(notice, [child], scan=SCAN, by=way.office, at=day(7))
    assert keys(no) == {"R-NOTI-01:nobody_ticked"}


def test_a_newer_version_is_read_anew(world):
    way = stage.drafted(world)
    stage.first_round(way)
    notice = stage.told(way)
    planning.confirm_many(notice, [world.mei, world.bo], at=day(7))
    section = way.plan.sections.get(key="times")
    planning.edit_section(
        way.plan, "times", body=section.body + "冬季提前。", seen=section.revision, by=way.office, at=day(7)
    )
    planning.issue_notice(way.plan, by=way.office, at=day(7))
    assert queries.refusal_before_agreement(world.mei, world.term).why == "notice_not_received"
