"""Complaints, accidents and penalties stand in somebody's file; a true one about conduct takes them off duty."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from kehou.chapters.journal.models import Entry, Letter
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.file_papers import file_paper
from kehou.chapters.staffing.models import StaffIncident, StaffMember
from kehou.chapters.staffing.queries import refusal_to_schedule
from kehou.chapters.timetable import actions as timetable
from kehou.rules.staffing.incidents import IncidentKind, IncidentResult, takes_off_duty
from tests.chapters.staffing.test_files import AT, refused
from tests.world import TODAY, World

YESTERDAY = TODAY - timedelta(days=1)


def recorded(world: World, kind: IncidentKind = IncidentKind.CONDUCT) -> StaffIncident:
    by = world.riverside.by("asp_manager")
    return staffing.record_incident(
        world.riverside.staff["teacher"], kind=kind, on=YESTERDAY, what="家长反映当众训斥学生。", by=by, at=AT
    )


def teacher(world: World) -> StaffMember:
    return StaffMember.objects.get(pk=world.riverside.staff["teacher"].pk)


@pytest.mark.clause("2.4-i")
def test_what_went_wrong_stands_in_the_file_with_what_the_person_says_and_how_it_ended(world: World) -> None:
    by = world.riverside.by("asp_manager")
    facts = {"kind": IncidentKind.ACCIDENT, "by": by, "at": AT}
    member = teacher(world)
    assert refused(staffing.record_incident, member, on=TODAY + timedelta(days=1), what=" ", **facts) == [
        "R-FILE-01:incident_without_words", "R-FILE-01:incident_ahead",
    ]  # fmt: skip
    one = recorded(world, IncidentKind.ACCIDENT)
    assert Letter.objects.filter(to_account=member.account_id, title__contains="档案").count() == 1
    assert refused(staffing.state_to_incident, one, " ", by=by, at=AT) == ["R-FILE-01:incident_without_outcome"]
    staffing.state_to_incident(one, "当时在扶另一名学生。", by=by, at=AT)
    staffing.conclude_incident(one, result=IncidentResult.PARTLY, outcome="已谈话提醒。", by=by, at=AT)
    for act in (
        lambda: staffing.conclude_incident(one, result=IncidentResult.TRUE, outcome="再来", by=by, at=AT),
        lambda: staffing.state_to_incident(one, "再说", by=by, at=AT),
    ):
        assert refused(act) == ["R-FILE-01:incident_is_over"]
    text = "".join(
        "".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(file_paper(member, at=AT).pdf)).pages
    )
    for part in ("投诉、事故与处分", "事故", "家长反映当众训斥学生", "当时在扶另一名学生", "部分属实：已谈话提醒"):
        assert part in text, part
    assert "家长反映" not in str(list(Entry.objects.values_list("facts"))), "the journal says that, not what"


def test_a_mistake_is_struck_with_a_reason_and_stays_readable(world: World) -> None:
    by, one = world.riverside.by("asp_manager"), recorded(world)
    assert refused(staffing.strike_incident, one, reason=" ", by=by, at=AT) == ["R-EXT-04:say_why"]
    one = staffing.strike_incident(one, reason="同名，登记错人。", by=by, at=AT)
    assert one.state == ("plain", "已更正") and one.what
    assert refused(staffing.strike_incident, one, reason="再来", by=by, at=AT) == ["R-FILE-01:incident_is_over"]
    assert refused(
        timetable.conclude_incident, one, result=IncidentResult.TRUE, outcome="属实", by=by, at=AT
    ) == ["R-FILE-01:incident_is_over"]  # fmt: skip
    assert teacher(world).state == "in_use"


@pytest.mark.clause("3.3-f")
@pytest.mark.parametrize("kind", list(IncidentKind))
@pytest.mark.parametrize("result", list(IncidentResult))
def test_only_a_true_complaint_about_conduct_suspends_and_only_the_district_ends_it(
    world: World, kind: IncidentKind, result: IncidentResult
) -> None:
    by, one = world.riverside.by("asp_manager"), recorded(world, kind)
    assert teacher(world).state == "in_use", "a complaint alone is a question"
    timetable.conclude_incident(one, result=result, outcome="已核查。", by=by, at=AT)
    hit = kind is IncidentKind.CONDUCT and result is not IncidentResult.UNTRUE
    assert takes_off_duty(kind, result) is hit
    assert teacher(world).state == ("suspended" if hit else "in_use")
    if hit:
        assert refusal_to_schedule(teacher(world), world.term, on=TODAY).key == "R-EXT-04:not_in_use"
        assert refused(timetable.resume, teacher(world), by=by, at=AT) == ["R-EXT-04:district_decides"]


@pytest.mark.clause("2.4-i")
def test_office_and_person_do_it_on_pages_and_nobody_else(client: Client, world: World, at_moment) -> None:
    at_moment(AT)
    place, member = world.riverside, teacher(world)
    client.force_login(place.who["asp_manager"])
    new = reverse("school:staff_incident_new", args=(place.school.code, member.pk))
    wrong = client.post(new, {"kind": "complaint", "on": "2030-01-01", "what": "写了半天的情况"})
    assert wrong.status_code == 409 and "写了半天的情况" in wrong.content.decode()
    client.post(new, {"kind": "conduct", "on": YESTERDAY.isoformat(), "what": "家长反映训斥学生。"})
    one = StaffIncident.objects.get()
    own = Client()
    own.force_login(place.who["teacher"])
    assert own.post(new, {"kind": "conduct", "on": YESTERDAY.isoformat(), "what": "x"}).status_code == 403
    page = own.get(reverse("teacher:file", args=(place.school.code,))).content.decode()
    assert "家长反映训斥学生" in page
    say = reverse("teacher:incident_statement", args=(place.school.code, one.pk))
    own.post(say, {"words": "我向学生道过歉。"})
    other = Client()
    other.force_login(place.who["cashier"])
    assert other.post(say, {"words": "替他说"}).status_code in (403, 404)
    file = reverse("school:staff_file", args=(place.school.code, member.pk))
    assert "我向学生道过歉" in client.get(file).content.decode()
    address = reverse("school:staff_incident_conclusion", args=(place.school.code, member.pk, one.pk))
    assert client.post(address, {"result": "true", "outcome": "属实，已诫勉。"}).status_code == 302
    page = client.get(file).content.decode()
    assert "属实，已诫勉" in page and "暂停中" in page
    late = own.post(say, {"words": "我还有一句话"})
    assert late.status_code == 409 and "我还有一句话" in late.content.decode(), "what was written is not lost"
    stranger = Client()
    stranger.force_login(world.hill.who["asp_manager"])
    for url in (new, address):
        assert stranger.get(url).status_code == 404
