"""Nobody with a conduct problem, a bad record or a missing step comes to the pupils, by any way of scheduling.

Clauses 3.3-f (P6), 3.3-g (P7), 3.3-h (P8): each person is first shown to be admitted without the flaw, then refused with
it at the picker, in the table and for the sessions that lie ahead.
"""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from pypdf import PdfReader

from kehou.chapters.programme import actions as programme
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.file_papers import file_paper
from kehou.chapters.staffing.models import EntryCheck, StaffMember
from kehou.chapters.staffing.queries import choice_of
from kehou.chapters.timetable import actions as timetable
from kehou.chapters.timetable.models import Session
from kehou.chapters.timetable.queries import led_by
from kehou.lib.paper import Paper
from kehou.rules.providers import CHECKS
from tests.chapters.programme import stage
from tests.chapters.staffing.outside import applied, officer, organisation
from tests.chapters.staffing.test_files import (
    AT,
    SEEN,
    SONG,
    give_materials,
    identity,
    keys,
    pass_check,
    refused,
    sign,
    through,
)
from tests.chapters.timetable.stage import NOW, SCIENCE, make, open_school
from tests.people import put_on_roster
from tests.world import TODAY, World, make_account


@pytest.fixture
def song(world: World) -> StaffMember:
    by = world.riverside.by("asp_manager")
    return staffing.add_staff(world.riverside.school, SONG, by=by, at=AT, account=make_account("宋师傅"))


def in_use(world: World, member: StaffMember) -> StaffMember:
    """Bring somebody into use and onto the accepted list: offered and schedulable."""
    through(world, member)
    staffing.admit(member.school, [member], by=world.riverside.by("principal"), at=AT)
    put_on_roster([member], world.term)
    member.refresh_from_db()
    assert member in choice_of(world.riverside.school, world.term, on=TODAY).offered
    return member


def insist_on_nowhere(world: World, member: StaffMember) -> None:
    """The picker does not offer them and says why, and the table takes no row that they lead."""
    place = world.riverside
    choice = choice_of(place.school, world.term, on=TODAY)
    assert member not in choice.offered
    assert member in [one for one, _ in choice.missing] or member.state in ("suspended", "left")
    table = programme.start_table(place.school, world.term, by=place.by("asp_manager"), at=AT)
    facts = stage.row(place, leader=member)
    assert refused(programme.add_activity, table, facts, by=place.by("asp_manager"), at=AT)
    assert not table.activities.exists()


# --- 3.3-f ------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("3.3-f")
def test_a_teacher_on_the_conduct_list_loses_what_lies_ahead_and_is_offered_nowhere(world: World) -> None:
    open_school(world)
    make(world)
    teacher = Session.objects.filter(slot__activity__name=SCIENCE).first().leader  # type: ignore[union-attr]
    assert teacher is not None
    by, head = world.by_district("basic_education"), world.by_district("basic_education_head")
    staffing.verify_identity(teacher, identity(), by=world.riverside.by("asp_manager"), at=NOW)
    facts = staffing.RestrictionFacts(teacher.name, identity(), "conduct", "师德处理决定1号", NOW.date())
    kept = timetable.restrict(facts, until_on=None, by=by, at=NOW)
    teacher.refresh_from_db()
    assert teacher.state == "suspended"
    assert not Session.objects.filter(leader=teacher, on__gt=NOW.date()).exists()
    assert teacher not in choice_of(world.riverside.school, world.term, on=NOW.date()).offered
    # P6-4: neither by the school alone nor by one officer
    assert refused(timetable.resume, teacher, by=world.riverside.by("principal"), at=NOW)
    staffing.propose_release(kept, reason="期满", by=by, at=NOW)
    assert refused(staffing.release, kept, by=by, at=NOW) == ["R-FILE-03:same_person_twice"]
    staffing.release(kept, by=head, at=NOW)


@pytest.mark.clause("3.3-f")
def test_a_substantiated_complaint_suspends_until_the_district_agrees(world: World) -> None:
    teacher, by = world.riverside.staff["teacher"], world.riverside.by("asp_manager")
    assert teacher in choice_of(world.riverside.school, world.term, on=TODAY).offered
    timetable.suspend(teacher, reason="体罚投诉属实", conduct=True, by=by, at=AT)
    teacher.refresh_from_db()
    insist_on_nowhere(world, teacher)
    assert refused(timetable.resume, teacher, by=by, at=AT) == ["R-EXT-04:district_decides"]


@pytest.mark.clause("3.3-f")
def test_without_the_years_conduct_assessment_nobody_of_the_staff_is_admitted(world: World) -> None:
    place, by = world.riverside, world.riverside.by("asp_manager")
    facts = staffing.StaffFacts("新老师")
    new = staffing.add_staff(place.school, facts, by=by, at=AT, account=make_account("新老师"))
    through(world, new)
    new.proofs.filter(kind="assessment").delete()
    assert "R-FILE-03:proof_missing" in refused(staffing.admit, place.school, [new], by=place.by("principal"), at=AT)
    staffing.record_proof(new, staffing.ProofFacts("assessment", last_on=date(2027, 8, 31), **SEEN), by=by, at=AT)
    staffing.admit(place.school, [new], by=place.by("principal"), at=AT)


# --- 3.3-g ------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("3.3-g")
@pytest.mark.parametrize("flaw", ["absent", "failed", "old"])
def test_without_a_clean_entry_check_of_the_last_year_nobody_serves(world: World, song: StaffMember, flaw: str) -> None:
    in_use(world, song)
    checks = EntryCheck.objects.filter(member=song)
    if flaw == "absent":
        checks.delete()
    elif flaw == "failed":
        checks.update(state="failed")
    else:
        checks.update(answered_on=TODAY - timedelta(days=366))
    staffing.refresh([song], by=world.riverside.by("asp_manager"), at=AT)
    assert any(key.startswith("R-FILE-03:check") for key in keys(song))
    song.refresh_from_db()
    insist_on_nowhere(world, song)


@pytest.mark.clause("3.3-g")
def test_one_number_under_two_names_and_an_unverified_identity_are_refused(world: World, song: StaffMember) -> None:
    by = world.riverside.by("asp_manager")
    staffing.verify_identity(song, identity(), by=by, at=AT)
    other = staffing.add_staff(world.hill.school, staffing.StaffFacts("别名", "craftsman"), by=by, at=AT)
    assert refused(staffing.verify_identity, other, identity(), by=by, at=AT) == ["R-FILE-01:id_of_another_name"]
    assert "R-FILE-01:proof_missing" in keys(other)


@pytest.mark.clause("3.3-g")
@pytest.mark.parametrize("bad", sorted(CHECKS))
def test_an_organisation_with_any_bad_record_gets_no_further(world: World, bad: str) -> None:
    call, by = applied(world).call, officer(world)
    one = staffing.register_candidacy(call, organisation(2), staffing.Handed("music", "合唱", 8000, "1"), by=by, at=AT)
    for kind in CHECKS:
        found = date(2025, 1, 1) if kind == bad == "struck_off" else None
        staffing.record_check(one, kind, clean=kind != bad, reference="查", found_on=found, by=by, at=AT)
    assert refused(staffing.accept_application, one, by=by, at=AT)[0].startswith("P7-2:")


# --- 3.3-h ------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("3.3-h")
@pytest.mark.parametrize("upto", ["proposed", "materials", "checked", "trained", "admitted"])
def test_at_any_step_before_use_and_the_accepted_list_nobody_is_scheduled(
    world: World, song: StaffMember, upto: str
) -> None:
    place = world.riverside
    if upto == "materials":
        give_materials(world, song)
    elif upto == "checked":
        give_materials(world, song)
        sign(song, "consent")
        pass_check(world, song)
    elif upto in ("trained", "admitted"):
        through(world, song)
    if upto == "admitted":  # in use, but not on the list that the district accepted
        staffing.admit(song.school, [song], by=place.by("principal"), at=AT)
    else:
        put_on_roster([song], world.term)  # a forged place on the list opens nothing
    song.refresh_from_db()
    assert song not in choice_of(place.school, world.term, on=TODAY).offered
    if upto != "admitted":  # before the answer a plan may name who is in use; others never
        insist_on_nowhere(world, song)


# --- 2.4-i ------------------------------------------------------------------------------------------------------------


def test_the_printed_file_says_what_the_person_has_led_and_nothing_of_what_lies_ahead(client, world: World) -> None:
    open_school(world)
    make(world)
    teacher = Session.objects.filter(slot__activity__name=SCIENCE).order_by("pk")[0].leader
    assert teacher is not None
    first, second = Session.objects.filter(leader=teacher, slot__activity__name=SCIENCE).order_by("on", "pk")[:2]
    second.state = Session.CANCELLED
    second.save()
    assert led_by(teacher, until=first.on) == []
    (row,) = [one for one in led_by(teacher, until=second.on + timedelta(days=1)) if one[0] == SCIENCE]
    assert row == (SCIENCE, first.on, second.on, 1, 1)
    text = printed(file_paper(teacher, at=NOW, led=[row]))
    assert f"{SCIENCE}{first.on.year}年{first.on.month}月{first.on.day}日" in text and "1次1次" in text
    assert "还没有带过" in printed(file_paper(teacher, at=NOW))
    client.force_login(world.riverside.who["asp_manager"])
    answer = client.get(reverse("school:staff_file_pdf", args=[world.riverside.school.code, teacher.pk]))
    assert answer.status_code == 200


def printed(paper: Paper) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(paper.pdf)).pages)
