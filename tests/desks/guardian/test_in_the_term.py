"""Once the agreement is in force: leave, who fetches, other days, exit, one's own records."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kehou.chapters.allocation.models import Draw, SeatChange, WaitingPlace
from kehou.chapters.attendance.models import HomeworkReport, Leave
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Agreement, Application, Exit
from kehou.chapters.journal.models import Entry
from kehou.chapters.people.models import Consent, PickupPerson
from kehou.chapters.timetable.models import Session
from kehou.rules.choice import DayWish
from tests.desks.guardian.family import parent, url
from tests.registration import AFTER, open_stage, published, submit
from tests.world import moment

WEDNESDAY = moment(11, 30)


@pytest.fixture
def stage(world, at_moment):
    """Mei is enrolled on Mondays and Wednesdays; it is Wednesday, half past eleven."""
    stage = open_stage(world)
    submit(stage, world.mei, DayWish(1, 2), DayWish(3, 1))
    published(stage)
    agreement = Agreement.objects.get()
    enrolment.sign_as_family(
        agreement,
        read_digest=agreement.digest,
        name="妈妈",
        pupil=enrolment.Acknowledgement("name", "陈小梅"),
        image=b"\x89PNG\r\n\x1a\n",
        by=world.by_guardian(),
        at=AFTER,
    )
    enrolment.seal([agreement], by=world.riverside.by("principal"), at=AFTER)
    slot = stage.slots["作业答疑站", 3]
    for day in (date(2026, 11, 18), date(2026, 11, 25)):
        Session.objects.create(
            school=world.riverside.school,
            term=world.term,
            slot=slot,
            on=day,
            planned_on=day,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            leader=world.riverside.staff["teacher"],
        )
    at_moment(WEDNESDAY)
    return stage


@pytest.mark.parametrize(
    "name", ["home", "leave", "pickup", "days", "exit", "card", "contacts", "application", "result", "agreement"]
)
def test_only_the_family_opens_its_pages(client, stage, world, name):
    assert parent(client, world).get(url(name, world.mei)).status_code == 200
    for account in (world.other_guardian, world.riverside.who["homeroom_teacher"]):
        client.force_login(account)
        assert client.get(url(name, world.mei)).status_code == 404
    client.logout()
    assert client.get(url(name, world.mei)).status_code == 302


def test_home_says_where_the_child_is(client, stage, world):
    page = parent(client, world).get(url("home", world.mei)).content.decode()
    assert "在上学" in page and "16:00 开始 作业答疑站" in page and "今天换人接" in page


def test_leave_before_noon_is_not_charged_and_filed_once(client, stage, world):
    parent(client, world)
    fields = {"on": "2026-11-18", "kind": "errand", "reason": "看牙"}
    page = client.post(url("leave", world.mei), fields, follow=True).content.decode()
    assert "这天不计费" in page
    client.post(url("leave", world.mei), fields)
    assert Leave.objects.count() == 1
    assert "今天请假" in client.get(url("home", world.mei)).content.decode()


def test_a_sick_note_handed_in_by_the_family_takes_the_day_off_the_bill(client, stage, world, at_moment):
    at_moment(moment(13))
    parent(client, world).post(url("leave", world.mei), {"on": "2026-11-18", "kind": "sick", "reason": "发烧"})
    leave = Leave.objects.get()
    assert not leave.refunds
    proof = url("leave_proof", world.mei, leave.pk)
    assert proof in client.get(url("leave", world.mei)).content.decode()
    refused = client.post(proof, {"proof": SimpleUploadedFile("病历.docx", b"PK\x03\x04")}, follow=True)
    assert "R-" in refused.content.decode() or "请" in refused.content.decode()
    leave.refresh_from_db()
    assert not leave.refunds
    page = client.post(proof, {"proof": SimpleUploadedFile("病历.pdf", b"%PDF-1.7 a note")}, follow=True)
    assert "病历已收到" in page.content.decode()
    leave.refresh_from_db()
    assert leave.refunds and leave.proof.read() == b"%PDF-1.7 a note"
    again = client.post(proof, {"proof": SimpleUploadedFile("病历.pdf", b"%PDF-1.7 a note")}, follow=True)
    assert "不需要补交" in again.content.decode()


def test_leave_for_a_day_without_service_is_refused_and_typed_text_stays(client, stage, world):
    answer = parent(client, world).post(url("leave", world.mei), {"on": "2026-11-19", "kind": "sick", "reason": "发烧"})
    assert answer.status_code == 422
    assert "发烧" in answer.content.decode()
    assert not Leave.objects.exists()


@pytest.mark.parametrize("on", ["", "morgen", "2026-13-01"])
def test_a_leave_without_a_day_asks_for_it_beside_the_days(client, stage, world, on):
    answer = parent(client, world).post(url("leave", world.mei), {"on": on, "kind": "sick", "reason": "发烧"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("请选择哪一天请假。") == 1 and 'id="on_error"' in page and "已经过去" not in page
    assert "发烧" in page and 'value="sick" checked' in page


def test_a_leave_to_come_can_be_taken_back(client, stage, world):
    parent(client, world).post(url("leave", world.mei), {"on": "2026-11-25", "kind": "errand"})
    leave = Leave.objects.get()
    client.post(url("leave_removal", world.mei, leave.pk))
    leave.refresh_from_db()
    assert leave.withdrawn_at is not None


@pytest.mark.clause("3.2-n")
def test_somebody_else_fetches_today_only(client, stage, world):
    fields = {"for": "today", "name": "王姨", "relation": "邻居", "phone": "13900000009"}
    page = parent(client, world).post(url("pickup", world.mei), fields, follow=True).content.decode()
    assert "只限今天" in page and "王姨" in page
    person = PickupPerson.objects.get()
    assert person.only_on == date(2026, 11, 18)
    client.post(url("pickup_removal", world.mei, person.pk))
    assert not PickupPerson.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize("fields", [{"name": "", "phone": "13900000009"}, {"name": "王姨", "phone": "123"}])
def test_a_person_needs_name_and_telephone(client, stage, world, fields):
    answer = parent(client, world).post(url("pickup", world.mei), {"for": "always", **fields})
    page = answer.content.decode()
    assert answer.status_code == 422
    missing = "phone" if fields["name"] else "name"
    assert f'aria-describedby="{missing}_error"' in page and page.count("field__error") == 1, "beside its field alone"
    assert f'value="{fields["phone"]}"' in page and 'value="always" checked' in page
    assert not PickupPerson.objects.exists()


@pytest.mark.clause("2.1-b")
def test_leaving_is_shown_first_and_then_takes_effect(client, stage, world):
    page = parent(client, world).get(url("exit", world.mei)).content.decode()
    assert "如果今天退出" in page and "11月19日 周四起不再参加" in page
    # November without leaving: 5 Mondays × 5.50 + 4 Wednesdays × 3.00; leaving today: 3 × 5.50 + 3 × 3.00
    assert "39.50元" in page and "25.50元" in page
    assert not Exit.objects.exists()
    client.post(url("exit", world.mei), {"reason": ""})
    assert Exit.objects.get().effective_on == date(2026, 11, 19)


def test_fewer_days_at_once_more_days_in_a_window(client, stage, world):
    parent(client, world)
    more = client.post(url("days", world.mei), {"hours_1": "2", "hours_3": "1", "hours_5": "1"})
    assert more.status_code == 422
    assert "变更期" in more.content.decode()
    page = client.post(url("days", world.mei), {"hours_1": "1", "hours_3": "1"}, follow=True).content.decode()
    assert "已改为每周一三各1课时" in page


def more_on_friday(client, world):
    """Open a change window and ask for an hour on Friday."""
    registration = Agreement.objects.get().application.registration
    enrolment.open_change_window(
        registration,
        name="期中变更周",
        from_on=date(2026, 11, 16),
        until_on=date(2026, 11, 21),
        by=world.riverside.by("asp_manager"),
        at=WEDNESDAY,
    )
    page = parent(client, world).get(url("days", world.mei)).content.decode()
    assert "先到先得" in page and "有人候补的位置只按候补顺序给" in page
    return client.post(url("days", world.mei), {"hours_1": "2", "hours_3": "1", "hours_5": "1"}, follow=True)


@pytest.mark.clause("2.3-j")
def test_a_place_left_after_the_round_goes_to_who_comes_first_and_the_record_says_so(client, stage, world):
    more_on_friday(client, world)
    change = SeatChange.objects.get(weekday=5)
    assert change.takes == stage.slots["作业答疑站", 5] and "先到先得" in change.reason
    draw = change.draw
    assert "先到先得" in client.get(reverse("public:draw", args=(draw.pk,))).content.decode()
    result = client.get(url("result", world.mei)).content.decode()
    assert result.count("摇号以后剩下的空位") == 1


@pytest.mark.clause("2.3-j")
def test_nobody_who_waits_is_passed_by_who_comes_first(client, stage, world):
    submit_to = Application.objects.create(
        registration=stage.registration, pupil=world.bo, state="waiting", joins=True, digest="1" * 64
    )
    draw = Draw.objects.get()
    WaitingPlace.objects.create(draw=draw, application=submit_to, slot=stage.slots["作业答疑站", 5], position=1)
    answer = more_on_friday(client, world)
    assert answer.status_code == 422 and "有人候补的不算" in answer.content.decode()
    assert not SeatChange.objects.filter(weekday=5).exists()


def test_contacts_are_corrected_by_the_family(client, stage, world):
    fields = {
        "contact_1_name": "陈梅妈妈", "contact_1_phone": "13900000001",
        "contact_2_name": "小姨", "contact_2_relation": "小姨", "contact_2_phone": "13900000007",
    }  # fmt: skip
    parent(client, world).post(url("contacts", world.mei), fields)
    assert list(world.mei.contacts.order_by("turn").values_list("name", flat=True)) == ["陈梅妈妈", "小姨"]
    wrong = client.post(
        url("contacts", world.mei), {**fields, "contact_2_phone": "1", "contact_3_phone": "13900000008"}
    )
    page = wrong.content.decode()
    assert wrong.status_code == 422 and 'value="小姨"' in page
    assert 'aria-describedby="contact_2_phone_error"' in page and 'aria-describedby="contact_3_name_error"' in page
    assert page.count('aria-describedby="contact_') == 2
    assert list(world.mei.contacts.order_by("turn").values_list("name", flat=True)) == ["陈梅妈妈", "小姨"]


def test_a_consent_is_withdrawn_as_easily_as_given(client, stage, world):
    parent(client, world).post(url("consents", world.mei), {"consent_basic": "no", "consent_photo_school": "yes"})
    latest = dict(Consent.objects.order_by("answered_at", "pk").values_list("purpose", "given"))
    assert (latest["basic"], latest["photo_school"]) == (False, True)


@pytest.mark.parametrize(("form", "kind"), [("json", "application/json"), ("xlsx", "spreadsheet")])
def test_everything_kept_can_be_taken_along(client, stage, world, form, kind):
    HomeworkReport.objects.create(
        pupil=world.mei, homeroom=world.mei.homeroom, on=WEDNESDAY.date(), reported_at=WEDNESDAY
    )
    answer = parent(client, world).post(url("export", world.mei), {"form": form})
    assert kind in answer["Content-Type"]
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if form == "json":
        assert "陈小梅" in body.decode() and "协议" in body.decode()
        assert "left_behind" not in body.decode()
        assert json.loads(body)["回家还有书面作业"][0]["日期"] == WEDNESDAY.date().isoformat()
        assert json.loads(body)["服务安排的调整"] == []
    assert Entry.objects.get(verb="guardian.exported").facts["form"] == form
