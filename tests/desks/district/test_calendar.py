"""Terms, month view, days, the notice as a file, closures, exceptions, instruments."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kehou.chapters.basis.models import CalendarDay, Closure, Instrument, Term
from kehou.chapters.basis.queries import calendar_of
from kehou.chapters.schools.models import EndException
from kehou.lib import sheets
from tests.world import World, moment


@pytest.fixture
def officer(client: Client, world: World, at_moment) -> Client:
    at_moment(moment())
    client.force_login(world.district["basic_education"])
    return client


def test_the_month_view_counts_school_and_service_days(officer: Client, world: World):
    page = officer.get(reverse("district:calendar")).content.decode()
    assert "上学22天" in page or "上学" in page
    assert "服务日 <b>90</b> 天" in page
    assert "按周五" in page and "按周三" in page  # the two swap days
    assert "国庆节" in page


def test_a_day_is_edited_and_becomes_ordinary_again(officer: Client, world: World):
    address = reverse("district:day", args=("2026-12-05",))  # a Saturday
    refused = officer.post(address, {"kind": "school", "name": "调休"})
    assert (refused.status_code, "按星期几的课表" in refused.content.decode()) == (422, True)
    assert officer.post(address, {"kind": "school", "follows": "2", "name": "调休"}).status_code == 302
    assert calendar_of(world.term).weekday_followed(date(2026, 12, 5)) == 2
    officer.post(reverse("district:day_removal", args=("2026-12-05",)))
    assert calendar_of(world.term).weekday_followed(date(2026, 12, 5)) is None
    assert officer.get(reverse("district:day", args=("2026-13-05",))).status_code == 404


def test_a_term_is_added_and_moved(officer: Client, world: World):
    typed = {
        "school_year": "2026", "half": "spring", "name": "2026—2027学年第二学期", "first": "2027-01-20",
        "last": "2027-07-02", "service_first": "2027-03-08", "service_last": "2027-06-25",
    }  # fmt: skip
    refused = officer.post(reverse("district:term_new"), typed)
    assert (refused.status_code, "日期重叠" in refused.content.decode()) == (422, True)
    assert officer.post(reverse("district:term_new"), typed | {"first": "2027-03-01"}).status_code == 302
    term = Term.objects.get(code="2027-spring")
    assert term.until_on == date(2027, 7, 3)
    moved = {key: typed[key] for key in ("name", "service_first", "service_last")} | {
        "first": "2027-03-01",
        "last": "2027-07-09",
    }
    assert officer.post(reverse("district:term", args=("2027-spring",)), moved).status_code == 302
    term.refresh_from_db()
    assert term.until_on == date(2027, 7, 10)
    backwards = officer.post(reverse("district:term", args=("2027-spring",)), moved | {"last": "2027-02-01"})
    assert "最后一天早于第一天" in backwards.content.decode()


def upload(*rows: tuple[object, ...]) -> SimpleUploadedFile:
    stream = io.BytesIO()
    columns = [sheets.Column(name) for name in ("日期", "安排", "按星期几上课", "名称")]
    sheets.write_workbook(stream, sheets.Table("放假", columns, rows))
    return SimpleUploadedFile("notice.xlsx", stream.getvalue())


def test_a_notice_is_shown_first_and_taken_when_confirmed(officer: Client, world: World):
    address = reverse("district:notice")
    page = officer.post(address, {"file": upload(("2027-01-09", "上课", "星期一", "元旦调休"))}).content.decode()
    assert "新增" in page and not CalendarDay.objects.filter(on=date(2027, 1, 9)).exists()
    parcel = page.split('name="parcel" value="')[1].split('"')[0]
    assert officer.post(reverse("district:notice_taking"), {"parcel": parcel}).status_code == 302
    assert CalendarDay.objects.get(on=date(2027, 1, 9)).follows_weekday == 1
    officer.post(reverse("district:notice_taking"), {"parcel": parcel[:-3] + "xyz"})
    assert CalendarDay.objects.filter(on__year=2027).count() == 2


def test_a_notice_with_a_fault_says_where_and_cannot_be_confirmed(officer: Client, world: World):
    page = officer.post(
        reverse("district:notice"), {"file": upload(("2027-01-08", "上课", "星期一", "x"))}
    ).content.decode()
    assert "第2行" in page and 'name="parcel"' not in page
    not_a_sheet = officer.post(reverse("district:notice"), {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.4 x")})
    assert not_a_sheet.status_code == 422
    assert officer.get(reverse("district:notice"), {"as": "sheet"})["Content-Type"].endswith("sheet")


def test_lessons_are_called_off_for_one_school_and_it_is_taken_back(officer: Client, world: World):
    typed = {"school": world.hill.school.pk, "first": "2026-11-20", "last": "2026-11-20", "reason": "暴雨红色预警"}
    assert officer.post(reverse("district:closure_new"), typed).status_code == 302
    closure = Closure.objects.get()
    assert (closure.school_code, closure.until_on) == (world.hill.school.code, date(2026, 11, 21))
    assert "暴雨红色预警" in officer.get(reverse("district:closures"), {"q": "明月山"}).content.decode()
    past = officer.post(reverse("district:closure_new"), typed | {"first": "2026-11-10"})
    assert (past.status_code, "已经过去" in past.content.decode()) == (422, True)
    lifting = reverse("district:closure_lifting", args=(closure.pk,))
    assert officer.post(lifting).status_code == 302
    assert officer.post(lifting).status_code == 409


@pytest.mark.clause("2.2-c")
def test_a_later_end_needs_reason_reference_and_end_date(officer: Client, world: World):
    typed = {
        "school": world.hill.school.pk, "latest_end": "18:50", "first": "2026-11-20", "last": "2026-12-31",
        "reason": "山区末班车19:10", "approval_reference": "梁教基〔2026〕12号",
    }  # fmt: skip
    early = officer.post(reverse("district:exception_new"), typed | {"latest_end": "18:00"})
    assert early.status_code == 422
    assert officer.post(reverse("district:exception_new"), typed | {"reason": ""}).status_code == 422
    assert officer.post(reverse("district:exception_new"), typed).status_code == 302
    assert EndException.objects.get().until_on == date(2027, 1, 1)
    assert "山区末班车" in officer.get(reverse("district:exceptions")).content.decode()


def test_an_instrument_is_registered_once_and_may_lose_force(officer: Client, world: World):
    typed = {"number": "梁教〔2026〕3号", "title": "关于课后服务的通知", "issuer": "区教委", "issued_on": "2026-08-01"}
    assert officer.post(reverse("district:instrument_new"), typed).status_code == 302
    again = officer.post(reverse("district:instrument_new"), typed)
    assert (again.status_code, "已经登记过" in again.content.decode()) == (422, True)
    one = Instrument.objects.get()
    edit = reverse("district:instrument", args=(one.pk,))
    assert officer.post(edit, typed | {"valid_until_on": "2026-12-31"}).status_code == 302
    one.refresh_from_db()
    assert (one.number, one.valid_until_on) == ("梁教〔2026〕3号", date(2026, 12, 31))
    officer.force_login(world.district["finance"])
    assert "保存" not in officer.get(edit).content.decode()
    assert officer.post(edit, typed).status_code == 403


def test_a_correction_over_what_was_not_seen_is_told_and_nothing_typed_is_lost(officer: Client, world: World):
    typed = {"number": "梁教〔2026〕3号", "title": "关于课后服务的通知", "issuer": "区教委", "issued_on": "2026-08-01"}
    officer.post(reverse("district:instrument_new"), typed)
    one = Instrument.objects.get()
    edit = reverse("district:instrument", args=(one.pk,))
    seen = officer.get(edit).context["form"]["seen"].value()
    assert officer.post(edit, typed | {"seen": seen, "note": "甲写的"}).status_code == 302
    late = officer.post(edit, typed | {"seen": seen, "note": "乙写的"})
    said = late.content.decode()
    assert (late.status_code, "刚刚被别人更正过" in said) == (422, True)
    assert "甲写的" in said and "乙写的" in said, "what stands, and what was typed"
    one.refresh_from_db()
    assert one.note == "甲写的"
    again = late.context["form"]["seen"].value()
    assert again != seen and officer.post(edit, typed | {"seen": again, "note": "两人的"}).status_code == 302
    one.refresh_from_db()
    assert one.note == "两人的"
