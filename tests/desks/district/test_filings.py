"""The filing desk of the district: the list, several at once, the review, the record of earlier terms."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kehou.chapters.basis.models import Term
from kehou.chapters.filing import actions as filing
from kehou.chapters.filing import queries
from kehou.chapters.filing.models import Filing
from kehou.chapters.planning.queries import is_cleared
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import StaffMember
from tests.filing import AUGUST, ready, submitted
from tests.world import World, moment

NEXT_WEEK = moment(9, on=date(2026, 9, 3))


@pytest.fixture
def officer(client: Client, world: World, at_moment) -> Client:
    at_moment(NEXT_WEEK)
    client.force_login(world.district["basic_education"])
    return client


@pytest.fixture
def waiting(world: World) -> Filing:
    return submitted(world)


def review(one: Filing) -> str:
    return reverse("district:filing", args=(one.pk,))


def decide(client: Client, one: Filing, **given: object):
    return client.post(reverse("district:filing_decision", args=(one.pk,)), given)


def test_it_accepts_with_a_number_and_hands_out_the_receipt(officer: Client, world: World, waiting: Filing):
    listed = officer.get(reverse("district:filings")).content.decode()
    assert "已提交" in listed and "未报送" in listed and "9月4日" in listed
    page = officer.get(review(waiting)).content.decode()
    assert "实施方案、经费方案" in page and "报送备案" in page and "带组人员都在名单上" in page and "科学小实验" in page
    assert decide(officer, waiting, decision="accept").status_code == 302
    assert is_cleared(world.riverside.school, world.term)
    assert "LP-KHFW-2026秋-2150990002-01" in officer.get(review(waiting)).content.decode()
    assert decide(officer, waiting, decision="accept").status_code == 409
    for name in ("filing_receipt", "filing_pack_pdf"):
        assert officer.get(reverse(f"district:{name}", args=(waiting.pk,))).content.startswith(b"%PDF")
    document = json.loads(officer.get(reverse("district:filing_pack_json", args=(waiting.pk,))).content)
    assert document["number"].endswith("-01") and document["digest"] == waiting.pack.digest


def test_it_is_sent_back_by_item_and_what_was_typed_stays(officer: Client, world: World, waiting: Filing):
    nothing = decide(officer, waiting, decision="return")
    assert (nothing.status_code, "退回补正要写明" in nothing.content.decode()) == (409, True)
    half = decide(officer, waiting, decision="return", item=["F3", "F4"], reason_F4="写清楚周次").content.decode()
    assert "服务人员名单勾了退回却没有写怎样改" in half and "写清楚周次" in half
    assert decide(officer, waiting, decision="return", item=["F4"], reason_F4="写清楚周次").status_code == 302
    assert Filing.objects.get().state == "returned"
    assert "写清楚周次" in officer.get(review(waiting)).content.decode()
    assert decide(officer, waiting, decision="?").status_code == 404


def test_what_is_red_asks_for_a_reason(officer: Client, world: World):
    ready(world)
    StaffMember.objects.filter(pk=world.riverside.staff["teacher"].pk).update(state="left", left_on=AUGUST.date())
    one = submitted(world)
    page = officer.get(review(one)).content.decode()
    assert "有不符合项仍通过的理由" in page and "却不在服务人员名单上" in page
    assert decide(officer, one, decision="accept").status_code == 409
    accepting = {"filing": [one.pk], "term": world.term.code}
    said = officer.post(reverse("district:filing_acceptance"), accepting, follow=True).content.decode()
    assert "没有通过" in said and "不能批量通过" in said and not is_cleared(world.riverside.school, world.term)
    assert decide(officer, one, decision="accept", despite="已换人").status_code == 302


def test_several_are_accepted_at_once(officer: Client, world: World, waiting: Filing):
    other = submitted(world, place=world.hill)
    given = {"filing": [waiting.pk, other.pk, "x"], "term": world.term.code}
    said = officer.post(reverse("district:filing_acceptance"), given, follow=True).content.decode()
    assert "2所学校备案通过" in said and is_cleared(world.hill.school, world.term)
    assert "还没有勾选学校" in officer.post(reverse("district:filing_acceptance"), follow=True).content.decode()


def test_late_ones_come_first_and_can_be_listed(officer: Client, world: World, waiting: Filing, at_moment):
    at_moment(moment(9, on=date(2026, 9, 9)))
    page = officer.get(reverse("district:filings"), {"state": "late"}).content.decode()
    assert "已超期" in page and world.riverside.school.name in page
    assert "超期未答复不等于通过" in officer.get(review(waiting)).content.decode()
    found = officer.get(reverse("district:filings"), {"q": "明月山"}).content.decode()
    assert world.riverside.school.name not in found.split("<table")[1]
    assert officer.get(reverse("district:filings"), {"as": "sheet"})["Content-Type"].endswith("sheet")


def test_the_list_costs_the_same_for_any_number_of_schools(officer: Client, world: World, waiting: Filing):
    counts = []
    for size in (1, 20):
        for number in range(size):
            School.objects.create(
                code=f"21509{size:02d}{number:03d}", name=f"试验{size}-{number}", kind="primary", town="双桂街道"
            )
        officer.get(reverse("district:filings"))
        with CaptureQueriesContext(connection) as spent:
            assert officer.get(reverse("district:filings")).status_code == 200
        counts.append(len(spent))
    assert counts[0] == counts[1]


def test_who_looks_on_does_not_decide(officer: Client, world: World, waiting: Filing):
    officer.force_login(world.district["inspector"])
    assert "退回补正" not in officer.get(review(waiting)).content.decode().split("<main")[1]
    assert decide(officer, waiting, decision="accept").status_code == 403
    assert "勾选的通过" not in officer.get(reverse("district:filings")).content.decode()


def test_an_earlier_term_is_recorded_and_compared_with(officer: Client, world: World, waiting: Filing):
    spring = Term.objects.create(
        code="2026-spring", name="2025—2026学年第二学期", school_year=2025, from_on=date(2026, 3, 1),
        until_on=date(2026, 7, 8), service_from_on=date(2026, 3, 9), service_until_on=date(2026, 7, 1),
    )  # fmt: skip
    where, document = reverse("district:filing_past"), json.dumps(queries.pack_document(waiting.pack))
    given = {
        "school": world.riverside.school.pk, "term": spring.pk, "number": "LP-KHFW-2026春-2150990002-01",
        "accepted_on": "2026-02-27", "document": SimpleUploadedFile("a.json", b"{]"),
    }  # fmt: skip
    refused = officer.post(where, given)
    assert (refused.status_code, "不是从本系统下载的" in refused.content.decode()) == (422, True)
    given |= {"document": SimpleUploadedFile("a.json", document.encode()), "accepted_on": "2020-02-27"}
    refused = officer.post(where, given).content.decode()
    assert "更早的学期没有备案可补" in refused and "LP-KHFW-2026春-2150990002-01" in refused
    given |= {"document": SimpleUploadedFile("a.json", document.encode()), "accepted_on": "2026-02-27"}
    assert officer.post(where, given).status_code == 302
    assert Filing.objects.get(term=spring).kind == "past"
    page = officer.get(review(waiting)).content.decode()
    assert "与2025—2026学年第二学期往期补录" in page and "与上次相同" in page


def test_it_lapses_with_a_reason(officer: Client, world: World, waiting: Filing):
    filing.accept(waiting, by=world.by_district("basic_education"), at=NEXT_WEEK)
    assert decide(officer, waiting, decision="lapse", reason=" ").status_code == 409
    assert decide(officer, waiting, decision="lapse", reason="材料不实").status_code == 302
    assert not is_cleared(world.riverside.school, world.term)
