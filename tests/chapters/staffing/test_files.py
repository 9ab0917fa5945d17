"""The path of a person: nothing is left out, each gate says what is missing, the end takes somebody off (2.4-i…p)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kehou.chapters.journal.models import Letter
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.file_papers import certificate, contents_of, file_paper, staff_paper
from kehou.chapters.staffing.models import EntryCheck, StaffMember
from kehou.chapters.staffing.queries import (
    board_of,
    choice_of,
    file_of,
    refusal_to_schedule,
    staff_paper_by_check_code,
    terms_of_files,
)
from kehou.lib.uploads import upload_of
from kehou.rules.sentences import say
from kehou.rules.staffing import KINDS
from kehou.rules.staffing.files import missing
from kehou.rules.staffing.kinds import QUALIFICATIONS, REQUIRED
from kehou.rules.staffing.questions import BY_KEY, TOPICS
from kehou.rules.verdicts import Refused
from tests.lib.papers import png
from tests.people import put_on_roster
from tests.world import TODAY, World, make_account, moment

AT = moment(9)
ID = "500999196803090017"
SONG = staffing.StaffFacts(name="宋师傅", kind="heritage_inheritor", skills="木版年画", weekdays=(1, 3), weekly_cap=4)
PNG = png()
SEEN = {"original_seen": True}


def identity(order: int = 1) -> str:
    from kehou.rules.identity import check_sign

    body = f"50010119680309{order:03d}"
    return body + check_sign(body)


def keys(member: StaffMember, on: date = TODAY) -> list[str]:
    found = missing(file_of(member, on=on), terms_of_files(on), on)
    assert all(say(one) for one in found)
    return [one.key for one in found]


def refused(act: object, *args: object, **facts: object) -> list[str]:
    with pytest.raises(Refused) as no:
        act(*args, **facts)  # type: ignore[operator]
    assert all(say(one) for one in no.value.refusals)
    return [one.key for one in no.value.refusals]


@pytest.fixture
def song(world: World) -> StaffMember:
    return staffing.add_staff(
        world.riverside.school, SONG, by=world.riverside.by("asp_manager"), at=AT, account=make_account("宋师傅")
    )


def give_materials(world: World, member: StaffMember, last: date = date(2027, 8, 31)) -> None:
    by = world.riverside.by("asp_manager")
    if not member.id_hash:
        staffing.verify_identity(member, identity(), by=by, at=AT)
    for kind in REQUIRED[member.kind]:
        if kind != "identity":
            staffing.record_proof(member, staffing.ProofFacts(kind, last_on=last, **SEEN), by=by, at=AT)


def sign(member: StaffMember, *kinds: str) -> None:
    for one in member.papers.filter(state="to_sign", kind__in=kinds).select_related("member__school"):
        staffing.sign_paper(one, read_digest=one.digest, name=member.name, image=PNG, by=own(member), at=AT)


def own(member: StaffMember):  # type: ignore[no-untyped-def]
    from kehou.lib.actors import Actor

    return Actor(member.account_id, member.name, "教师", member.school.code)


def pass_check(world: World, member: StaffMember) -> None:
    by = world.riverside.by("asp_manager")
    (check,) = staffing.ask_checks(member.school, [member], by=by, at=AT)
    staffing.answer_check(check, "passed", reference="梁公查1号", by=world.by_district("police"), at=AT)


def through(world: World, member: StaffMember) -> StaffMember:
    """Bring somebody to the last step before the principal."""
    manager, principal = world.riverside.by("asp_manager"), world.riverside.by("principal")
    give_materials(world, member)
    sign(member, "consent")
    pass_check(world, member)
    staffing.draw_up_papers(member.school, [member], world.term, by=manager, at=AT)
    sign(member, "requirements", "agreement", "letter")
    staffing.seal_papers(member.papers.filter(state="signed"), by=principal, at=AT)
    facts = staffing.TrainingFacts(TODAY, "何老师", 120, score=90)
    staffing.record_training(member.school, [member], facts, by=manager, at=AT)
    return StaffMember.objects.select_related("school").get(pk=member.pk)


# --- The whole way ----------------------------------------------------------------------------------------------------


@pytest.mark.clause("2.4-i")
@pytest.mark.clause("2.5-g")
def test_the_path_is_walked_step_by_step_and_the_file_prints(world: World, song: StaffMember) -> None:
    manager, principal = world.riverside.by("asp_manager"), world.riverside.by("principal")
    states = [song.state]
    assert keys(song)[:2] == ["R-FILE-01:proof_missing", "R-EXT-02:proof_missing"]
    assert refused(staffing.admit, song.school, [song], by=principal, at=AT)

    def now() -> str:
        song.refresh_from_db()
        states.append(song.state)
        return song.state

    give_materials(world, song)
    assert now() == "papers"
    assert keys(song)[0] == "R-FILE-03:consent_absent"
    sign(song, "consent")
    pass_check(world, song)
    assert now() == "checked"
    staffing.draw_up_papers(song.school, [song], world.term, by=manager, at=AT)
    sign(song, "requirements", "agreement", "letter")
    assert keys(song)[:2] == ["R-FILE-06:agreement_waits_for_school", "R-FILE-07:letter_waits_for_school"]
    staffing.seal_papers(song.papers.filter(state="signed"), by=principal, at=AT)
    assert now() == "bound"
    facts = staffing.TrainingFacts(TODAY, "何老师", 120, score=90)
    staffing.record_training(song.school, [song], facts, by=manager, at=AT)
    assert now() == "trained"
    assert board_of([song], on=TODAY)[0].percent == 100
    staffing.admit(song.school, [song], by=principal, at=AT)
    assert now() == "in_use" and keys(song) == []
    assert states == ["proposed", "papers", "checked", "bound", "trained", "in_use"]
    printed = file_paper(song, at=AT)
    assert printed.pdf.startswith(b"%PDF") and printed.missing == ()


@pytest.mark.clause("2.4-f")
@pytest.mark.parametrize("kind", ["parent", "retired_teacher", "sports_arts", "folk_artist", "craftsman", "heritage_inheritor", "enterprise"])  # fmt: skip
def test_each_of_the_seven_kinds_has_its_own_proof(world: World, kind: str) -> None:
    by, school = world.riverside.by("asp_manager"), world.riverside.school
    facts = staffing.StaffFacts("某人", kind, unpaid=kind == "parent")
    member = staffing.add_staff(school, facts, by=by, at=AT)
    lacks = next(no for no in missing(file_of(member, on=TODAY), terms_of_files(TODAY), TODAY) if no.code == "R-EXT-02")
    assert QUALIFICATIONS[kind] in say(lacks) and kind in KINDS
    proof = staffing.ProofFacts("qualification", reference="1号", scan=upload_of(PNG))
    staffing.record_proof(member, proof, by=by, at=AT)
    assert "R-EXT-02:proof_missing" not in keys(member)
    assert refused(staffing.record_proof, member, staffing.ProofFacts("assessment", **SEEN), by=by, at=AT) == [
        "R-FILE-01:proof_not_for_kind",
        "R-FILE-01:end_missing",
    ]


# --- The gates --------------------------------------------------------------------------------------------------------


@pytest.mark.clause("2.4-j1")
@pytest.mark.clause("2.4-j3")
def test_an_ended_qualification_or_health_certificate_ends_the_scheduling(world: World, song: StaffMember) -> None:
    song = through(world, song)
    staffing.admit(song.school, [song], by=world.riverside.by("principal"), at=AT)
    put_on_roster([song], world.term)
    last = TODAY + timedelta(days=9)
    by = world.riverside.by("asp_manager")
    for kind, code in (("qualification", "R-FILE-02"), ("health", "R-FILE-04")):
        staffing.record_proof(song, staffing.ProofFacts(kind, last_on=last, **SEEN), by=by, at=AT)
        song.refresh_from_db()
        assert refusal_to_schedule(song, world.term, on=last) is None
        assert f"{code}:proof_expired" in keys(song, last + timedelta(days=1))
        no = refusal_to_schedule(song, world.term, on=last + timedelta(days=1))
        assert no is not None and no.key == "R-FILE-01:ended"


@pytest.mark.clause("2.4-j3")
def test_of_health_only_the_last_day_is_kept(world: World, song: StaffMember) -> None:
    by = world.riverside.by("asp_manager")
    pictured = staffing.ProofFacts("health", last_on=date(2027, 8, 31), scan=upload_of(PNG))
    assert refused(staffing.record_proof, song, pictured, by=by, at=AT) == ["R-FILE-01:no_scan_of_this"]
    ended = staffing.ProofFacts("health", last_on=TODAY - timedelta(days=1))
    assert refused(staffing.record_proof, song, ended, by=by, at=AT) == [
        "R-FILE-01:end_in_the_past",
        "R-FILE-01:nothing_seen",
    ]


@pytest.mark.clause("2.4-j2")
def test_no_check_without_consent_and_only_its_result_is_kept(world: World, song: StaffMember) -> None:
    by, police = world.riverside.by("asp_manager"), world.by_district("police")
    assert refused(staffing.ask_checks, song.school, [song], by=by, at=AT) == ["R-FILE-03:identity_first"]
    give_materials(world, song)
    assert refused(staffing.ask_checks, song.school, [song], by=by, at=AT) == ["R-FILE-03:consent_absent"]
    sign(song, "consent")
    (check,) = staffing.ask_checks(song.school, [song], by=by, at=AT)
    assert refused(staffing.ask_checks, song.school, [song], by=by, at=AT) == ["R-FILE-03:asked_already"]
    assert refused(staffing.answer_check, check, "", reference=" ", by=police, at=AT) == [
        "R-FILE-03:answer_unknown",
        "R-FILE-03:reference_missing",
    ]
    staffing.answer_check(check, "failed", reference="梁公查2号", by=police, at=AT)
    assert keys(song)[0] == "R-FILE-03:check_failed"
    names = {field.name for field in EntryCheck._meta.fields}
    assert not names & {"detail", "finding", "record", "note", "reason"}, "never what was found"


@pytest.mark.clause("2.4-j2")
def test_a_check_holds_a_year_and_a_year_only(world: World, song: StaffMember) -> None:
    through(world, song)
    assert keys(song, TODAY + timedelta(days=364)) != [] and "check_expired" not in str(
        keys(song, TODAY + timedelta(days=364))
    )
    assert "R-FILE-03:check_expired" in keys(song, TODAY + timedelta(days=365))


@pytest.mark.clause("2.4-j2")
def test_in_service_staff_need_the_years_conduct_assessment(world: World) -> None:
    by = world.riverside.by("asp_manager")
    member = staffing.add_staff(world.riverside.school, staffing.StaffFacts("新老师"), by=by, at=AT)
    assert "R-FILE-03:proof_missing" in keys(member)


def test_one_number_is_one_person_under_one_name(world: World, song: StaffMember) -> None:
    by = world.riverside.by("asp_manager")
    staffing.verify_identity(song, identity(), by=by, at=AT)
    song.refresh_from_db()
    assert identity() not in repr(song.id_number) and str(song.id_number) == identity()
    other = staffing.add_staff(world.hill.school, staffing.StaffFacts("别名", "craftsman"), by=by, at=AT)
    assert refused(staffing.verify_identity, other, identity(), by=by, at=AT) == ["R-FILE-01:id_of_another_name"]
    assert refused(staffing.verify_identity, other, "500101196803090011", by=by, at=AT)[0].startswith("R-ELIG-01")


# --- Papers -----------------------------------------------------------------------------------------------------------


def test_the_requirement_sheet_of_the_role_is_acknowledged_before_the_first_session(
    world: World, song: StaffMember
) -> None:
    through(world, song)
    sheet = song.papers.get(kind="requirements")
    words = str(contents_of(sheet))
    assert "材料不向孩子收费" in words and sheet.text.role == "external" and sheet.state == "in_force"
    by = world.riverside.by("asp_manager")
    song = staffing.change_staff(song, staffing.StaffFacts("宋师傅", "heritage_inheritor", unpaid=True), by=by, at=AT)
    assert "R-FILE-05:requirements_not_read" in keys(song), "a volunteer is told what a volunteer must do"


@pytest.mark.clause("2.4-o")
def test_agreement_and_letter_are_signed_by_both_and_both_hold_a_copy(world: World, song: StaffMember) -> None:
    through(world, song)
    agreement, letter = (song.papers.get(kind=kind) for kind in ("agreement", "letter"))
    for paper in (agreement, letter):
        assert {one.party for one in paper.signatures.all()} == {"person", "school"}
        assert paper.term == world.term and paper.delivered_how == "inbox"
        printed = staff_paper(paper, address="https://kehou.example.test/")
        assert printed.pdf.startswith(b"%PDF") and staff_paper_by_check_code(paper.check_code) == paper
    words = str(contents_of(agreement))
    assert (
        "本人的权利" in words
        and "本人的义务" in words
        and "每周不超过4课时" in words
        and "{" not in str(contents_of(agreement)["sections"][0]["words"])
    )
    assert "看不到孩子、说不清孩子在哪里，就是必须马上报告的事" in str(contents_of(letter))
    (told,) = Letter.objects.filter(to_account=song.account_id, kind="staff.papers")
    assert told.title == "协议和责任书已由学校签署", "one letter for both"
    after = world.term.until_on
    assert {"R-FILE-06:agreement_expired", "R-FILE-07:letter_expired"} <= set(keys(song, after)), "one a semester"


@pytest.mark.clause("2.4-o")
def test_without_an_account_the_copy_is_handed_over_on_paper(world: World) -> None:
    by, principal = world.riverside.by("asp_manager"), world.riverside.by("principal")
    member = staffing.add_staff(world.riverside.school, SONG, by=by, at=AT)
    staffing.draw_up_papers(member.school, [member], world.term, by=by, at=AT)
    papers = list(member.papers.select_related("member__school"))
    first = papers[0]
    facts = {"name": "宋师傅", "by": by, "at": AT}
    assert refused(staffing.sign_paper, first, read_digest="0", image=PNG, **facts) == [
        "R-FILE-06:text_changed_meanwhile"
    ]
    assert refused(staffing.sign_paper, first, read_digest=first.digest, **facts) == ["R-FILE-06:signature_is_empty"]
    for one in papers:
        staffing.sign_paper(one, read_digest=one.digest, scan=upload_of(PNG), **facts)
    assert refused(staffing.sign_paper, first, read_digest=first.digest, image=PNG, **facts) == [
        "R-FILE-06:signed_already"
    ]
    sealed = staffing.seal_papers(member.papers.filter(state="signed"), by=principal, at=AT)
    assert "R-FILE-09:copy_not_delivered" in keys(member)
    staffing.deliver_copies(sealed, by=by, at=AT)
    assert "R-FILE-09:copy_not_delivered" not in keys(member)
    assert refused(staffing.seal_papers, sealed, by=principal, at=AT) == ["R-FILE-06:nothing_to_seal"]


# --- Training ---------------------------------------------------------------------------------------------------------


@pytest.mark.clause("2.4-n")
def test_the_quiz_is_passed_for_a_year_or_taken_again(world: World, song: StaffMember) -> None:
    attempt = staffing.begin_quiz(song, by=own(song), at=AT)
    assert staffing.begin_quiz(song, by=own(song), at=AT) == attempt
    assert {BY_KEY[key].topic for key in attempt.questions} == set(TOPICS)
    assert refused(staffing.hand_in_quiz, attempt, {}, by=own(song), at=AT) == ["R-FILE-08:not_all_answered"]
    wrong = {key: (BY_KEY[key].right + 1) % 3 for key in attempt.questions}
    failed = staffing.hand_in_quiz(attempt, wrong, by=own(song), at=AT)
    assert (failed.score, failed.passed) == (0, False) and "R-FILE-08:not_trained" in keys(song)
    again = staffing.begin_quiz(song, by=own(song), at=AT)
    assert again.questions != attempt.questions
    right = {key: BY_KEY[key].right for key in again.questions}
    assert staffing.hand_in_quiz(again, right, by=own(song), at=AT).passed
    assert "R-FILE-08:not_trained" not in keys(song)
    assert "R-FILE-08:training_expired" in keys(song, TODAY + timedelta(days=365))
    printed = certificate(song.trainings.select_related("member__school").get(), address="https://kehou.example.test/")
    assert printed.pdf.startswith(b"%PDF")
    assert refused(staffing.hand_in_quiz, again, right, by=own(song), at=AT) == ["R-FILE-08:attempt_over"]


@pytest.mark.clause("2.4-n")
def test_a_training_in_a_room_covers_all_topics(world: World, song: StaffMember) -> None:
    by = world.riverside.by("asp_manager")
    short = staffing.TrainingFacts(TODAY, "", 60, topics=("safety",), score=70)
    assert refused(staffing.record_training, song.school, [song], short, by=by, at=AT) == [
        "R-FILE-08:hours_missing",
        "R-FILE-08:topics_missing",
        "R-FILE-08:below_the_mark",
    ]


# --- The accepted roster ----------------------------------------------------------------------------------------------


@pytest.mark.clause("2.4-p")
def test_only_who_is_on_the_accepted_roster_is_offered(world: World, song: StaffMember) -> None:
    place, officer = world.riverside, world.by_district("basic_education")
    through(world, song)
    staffing.admit(song.school, [song], by=place.by("principal"), at=AT)
    choice = choice_of(place.school, world.term, on=TODAY)
    assert song not in choice.offered
    assert [no.key for one, no in choice.missing if one == song] == ["R-FILING-01:not_on_accepted_roster"]
    people = [*place.staff.values(), song]
    roster = staffing.accept_roster(place.school, world.term, people, "LP-02", by=officer, at=AT)
    assert staffing.accept_roster(place.school, world.term, people, "LP-02", by=officer, at=AT) == roster
    assert song in choice_of(place.school, world.term, on=TODAY).offered
    staffing.accept_roster(place.school, world.term, [song], "LP-03", by=officer, at=AT)
    offered = choice_of(place.school, world.term, on=TODAY).offered
    assert offered == [song], "the newest list replaces the one before"
    stranger = world.hill.staff["teacher"]
    assert refused(staffing.accept_roster, place.school, world.term, [stranger], "X", by=officer, at=AT) == [
        "R-FILING-01:roster_of_another_school"
    ]


@pytest.mark.clause("2.4-p")
def test_before_the_district_has_answered_only_a_draft_names_people(world: World) -> None:
    place = world.riverside
    place.school.accepted_rosters.all().delete()
    teacher = place.staff["teacher"]
    assert refusal_to_schedule(teacher, world.term, on=TODAY, planning=True) is None
    no = refusal_to_schedule(teacher, world.term, on=TODAY)
    assert no is not None and no.key == "R-FILING-01:roster_not_accepted"


def test_a_picker_asks_a_constant_number_of_questions(world: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(4):
        choice_of(world.riverside.school, world.term, on=TODAY)
    StaffMember.objects.bulk_create(StaffMember(school=world.riverside.school, name=f"新{n}") for n in range(30))
    with django_assert_num_queries(4):
        assert len(choice_of(world.riverside.school, world.term, on=TODAY).missing) == 30
