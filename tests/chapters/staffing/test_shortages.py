"""A stated shortage before an outsider (2.4-e); volunteers with hours and without pay (2.4-g); the mix (2.4-b, 2.4-h)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kehou.chapters.attendance import actions as attendance
from kehou.chapters.journal.models import Entry
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.queries import mix_at, mix_of_district
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing import queries
from kehou.chapters.staffing.models import Certificate, ShortageStatement, VolunteerHours
from kehou.chapters.staffing.papers import certificate_paper, mix_paper, shortage_paper, sign_up_form
from kehou.rules.attendance import MarkState
from kehou.rules.outsiders import refusal_to_pay
from kehou.rules.sentences import say
from kehou.rules.staffing import KINDS, warning_of_share
from kehou.rules.verdicts import Refused
from tests.chapters.programme.stage import homework, row
from tests.chapters.staffing.outside import AT, window_at
from tests.groups import make_session
from tests.world import TODAY, World, moment

SONG = staffing.StaffFacts(name="宋师傅", kind="heritage_inheritor", skills="竹编", weekly_cap=4)


def keys(no: pytest.ExceptionInfo[Refused]) -> list[str]:
    assert all(say(one) for one in no.value.refusals)
    return [one.key for one in no.value.refusals]


def state(world: World, area: str = "music") -> ShortageStatement:
    place = world.riverside
    return staffing.state_shortage(
        place.school, world.term, area=area, need="三至六年级合唱", hours=4, reason="全校只有一位音乐老师，课时已满",
        by=place.by("asp_manager"), at=AT,
    )  # fmt: skip


@pytest.mark.clause("2.4-e")
def test_nobody_is_asked_in_before_the_shortage_is_stated_and_signed(world: World) -> None:
    place, manager = world.riverside, world.riverside.by("asp_manager")
    ShortageStatement.objects.filter(school=place.school).update(withdrawn_by="x", withdrawn_at=AT)
    with pytest.raises(Refused) as no:
        staffing.add_staff(place.school, SONG, by=manager, at=AT)
    assert keys(no) == ["R-EXT-01:shortage_not_stated"]
    place.school.staff.filter(account=place.who["teacher"]).update(subject="音乐")
    stated = state(world)
    assert (stated.own_people, stated.own_hours) == (1, 10)  # counted, not typed
    with pytest.raises(Refused):  # written is not signed
        staffing.add_staff(place.school, SONG, by=manager, at=AT)
    staffing.sign_shortage(stated, by=place.by("principal"), at=AT)
    member = staffing.add_staff(place.school, SONG, by=manager, at=AT, paid=True)
    assert member.pk in queries.engaged_in(place.school, world.term)
    assert staffing.add_staff(place.school, staffing.StaffFacts(name="本校老师"), by=manager, at=AT)


@pytest.mark.clause("2.4-e")
def test_an_outsider_without_ground_is_not_scheduled(world: World) -> None:
    place, manager = world.riverside, world.riverside.by("asp_manager")
    table = programme.start_table(place.school, world.term, by=manager, at=AT)
    facts = row(place, leader=place.staff["volunteer"], risk_class="A", slots={1: 1})
    ShortageStatement.objects.filter(school=place.school).update(withdrawn_by="x", withdrawn_at=AT)
    with pytest.raises(Refused) as no:
        programme.add_activity(table, facts, by=manager, at=AT)
    assert keys(no) == ["R-EXT-01:shortage_not_stated"]
    stated = staffing.sign_shortage(state(world), by=place.by("principal"), at=AT)
    staffing.engage(stated, place.staff["volunteer"], by=manager, at=AT)
    programme.add_activity(table, facts, by=manager, at=AT)
    with pytest.raises(Refused) as no:
        staffing.withdraw_shortage(stated, by=manager, at=AT)
    assert keys(no) == ["R-EXT-01:statement_in_use"]


def test_a_statement_on_whose_ground_nobody_is_here_is_taken_back_once(world: World) -> None:
    manager = world.riverside.by("asp_manager")
    stated = staffing.withdraw_shortage(state(world), by=manager, at=AT)
    assert (stated.withdrawn_by, stated.withdrawn_at) == (str(manager), AT)
    with pytest.raises(Refused) as no:
        staffing.withdraw_shortage(stated, by=manager, at=AT)
    assert keys(no) == ["R-EXT-01:withdrawn"]
    assert Entry.objects.get(verb="staffing.shortage_withdrawn").about_id == str(stated.pk)


def test_a_statement_is_changed_until_it_is_signed_and_stands_once_an_area(world: World) -> None:
    place, manager = world.riverside, world.riverside.by("asp_manager")
    stated = state(world)
    with pytest.raises(Refused) as no:
        state(world)
    assert keys(no) == ["R-EXT-01:stated_already"]
    changed = {"need": "一二年级合唱", "hours": 2, "reason": "唯一的音乐老师休产假了"}
    assert staffing.change_shortage(stated, **changed, by=manager, at=AT).hours == 2
    staffing.sign_shortage(stated, by=place.by("principal"), at=AT)
    for again in (
        lambda: staffing.sign_shortage(stated, by=place.by("principal"), at=AT),
        lambda: staffing.change_shortage(stated, **changed, by=manager, at=AT),
    ):
        with pytest.raises(Refused) as no:
            again()
        assert keys(no) == ["R-EXT-01:signed_already"]
    with pytest.raises(Refused) as no:  # two stand: which is it?
        staffing.add_staff(place.school, SONG, by=manager, at=AT)
    assert keys(no) == ["R-EXT-01:choose_statement"]
    assert staffing.add_staff(place.school, SONG, by=manager, at=AT, area="music")
    with pytest.raises(Refused):
        staffing.engage(stated, world.hill.staff["volunteer"], by=manager, at=AT)
    assert shortage_paper(stated, at=AT).pdf.startswith(b"%PDF")


# --- Volunteers -------------------------------------------------------------------------------------------------------


@pytest.mark.clause("2.4-g")
def test_a_session_led_by_a_volunteer_becomes_hours_and_pay_is_refused(world: World) -> None:
    place = world.riverside
    session = make_session(place, world.term, [world.mei])
    session.leader = place.staff["volunteer"]
    session.save()
    attendance.mark(session, {world.mei.pk: MarkState.PRESENT}, by=place.by("teacher"), at=moment(16))
    attendance.close_register(session, by=place.by("teacher"), at=moment(16, 45))
    line = VolunteerHours.objects.get()
    minutes = (session.ends_at.hour - session.starts_at.hour) * 60 + session.ends_at.minute - session.starts_at.minute
    assert (line.member, line.minutes, line.on) == (place.staff["volunteer"], minutes, TODAY)
    assert line.confirmed_at is not None
    served = staffing.Served(place.staff["volunteer"], TODAY, "再来", minutes, session.pk)
    assert staffing.credit_sessions(place.school, [served], by=place.by("teacher"), at=AT) == 0
    unpaid = queries.volunteers_among([one.pk for one in place.staff.values()], on=TODAY)
    assert unpaid == {place.staff["volunteer"].pk}
    no = refusal_to_pay("周爷爷", is_volunteer=place.staff["volunteer"].pk in unpaid)
    assert no is not None and no.code == "R-EXT-03"


@pytest.mark.clause("2.4-g")
def test_a_paid_outsider_is_no_volunteer(world: World) -> None:
    place, manager = world.riverside, world.riverside.by("asp_manager")
    song = staffing.add_staff(place.school, SONG, by=manager, at=AT, paid=True)
    assert queries.volunteers_among([song.pk], on=TODAY) == frozenset()
    with pytest.raises(Refused) as no:
        staffing.enter_hours(staffing.Served(song, TODAY, "帮忙", 40), by=manager, at=AT)
    assert keys(no) == ["R-EXT-03:not_a_volunteer"]
    assert staffing.credit_sessions(place.school, [staffing.Served(song, TODAY, "x", 40, 1)], by=manager, at=AT) == 0


@pytest.mark.clause("2.4-g")
def test_hours_are_confirmed_by_a_second_person_and_certified(world: World) -> None:
    place, manager, principal = world.riverside, world.riverside.by("asp_manager"), world.riverside.by("principal")
    who = place.staff["volunteer"]
    line = staffing.enter_hours(staffing.Served(who, TODAY, "布置展板", 90), by=manager, at=AT)
    days = {"from_on": date(2026, 9, 1), "until_on": date(2026, 12, 1)}
    with pytest.raises(Refused) as no:
        staffing.issue_certificate(place.school, who, **days, by=principal, at=AT)
    assert keys(no) == ["R-EXT-03:nothing_to_certify"]
    with pytest.raises(Refused) as no:
        staffing.confirm_hours(line, by=manager, at=AT)
    assert keys(no) == ["R-EXT-03:own_hours"]
    staffing.confirm_hours(line, by=principal, at=AT)
    with pytest.raises(Refused) as no:
        staffing.drop_hours(line, by=manager, at=AT)
    assert keys(no) == ["R-EXT-03:confirmed_already"]
    made = staffing.issue_certificate(place.school, who, **days, by=principal, at=AT)
    assert (made.minutes, made.lines[0]["what"], made.number[-3:]) == (90, "布置展板", "001")
    assert queries.certificate_by_code(made.code.lower()) == made
    paper = certificate_paper(made, address="http://testserver/")
    assert paper.pdf.startswith(b"%PDF")
    with pytest.raises(Refused) as no:  # whoever checks the certificate reads why
        staffing.revoke_certificate(made, reason="陈小梅的妈妈要求改", by=principal, at=AT)
    assert keys(no) == ["R-PRIV-02:names_a_pupil"]
    void = staffing.revoke_certificate(made, reason="姓名写错", by=principal, at=AT)
    assert void.revoked_because == "姓名写错"
    with pytest.raises(Refused) as no:
        staffing.revoke_certificate(made, reason="再来", by=principal, at=AT)
    assert keys(no) == ["R-EXT-03:certificate_revoked"]
    assert staffing.issue_certificate(place.school, who, **days, by=principal, at=AT).number[-3:] == "002"
    assert Certificate.objects.values("code").distinct().count() == 2


def test_a_wrong_line_is_dropped_before_it_is_confirmed(world: World) -> None:
    place, manager = world.riverside, world.riverside.by("asp_manager")
    with pytest.raises(Refused) as no:
        staffing.enter_hours(
            staffing.Served(place.staff["volunteer"], TODAY + timedelta(days=1), "", 5), by=manager, at=AT
        )
    assert len(keys(no)) == 3
    line = staffing.enter_hours(staffing.Served(place.staff["volunteer"], TODAY, "帮忙", 40), by=manager, at=AT)
    staffing.drop_hours(line, by=manager, at=AT)
    assert not VolunteerHours.objects.exists()


# --- The mix ----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("2.4-b")
@pytest.mark.clause("2.4-h")
def test_the_mix_of_a_table_is_reported_and_a_low_share_is_warned_of(world: World) -> None:
    place, manager = world.riverside, world.riverside.by("asp_manager")
    table = programme.start_table(place.school, world.term, by=manager, at=AT)
    programme.add_activity(table, homework(place, slots={1: 1}), by=manager, at=AT)
    art = row(place, name="年画", leader=place.staff["volunteer"], slots={2: 1, 4: 1}, risk_class="A")
    programme.add_activity(table, art, by=manager, at=AT)
    mix = mix_at(place.school, world.term)
    assert {line.kind: line.hours for line in mix.lines if line.hours} == {"in_service": 1, "folk_artist": 2}
    assert (mix.inhouse, mix.volunteers, mix.volunteer_hours) == (33, 1, 2)
    assert len(mix.lines) == len(KINDS)  # every kind has its line
    warning = warning_of_share({line.kind: line.hours for line in mix.lines}, least=50)
    assert warning is not None and warning.code == "R-STAF-02"
    assert dict(mix_of_district(world.term))[place.school] == mix
    assert mix_paper(mix, school=place.school, term=world.term, least=50, at=AT).pdf.startswith(b"%PDF")


def test_the_sign_up_form_is_printed(world: World) -> None:
    assert sign_up_form(window_at(world), daily=3, weekly=12, at=AT).pdf.startswith(b"%PDF")
