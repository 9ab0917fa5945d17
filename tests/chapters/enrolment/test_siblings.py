"""Sharing a number: asked for by the guardian, ended by the guardian, frozen with the round, public without a name."""

from __future__ import annotations

import json
from datetime import date

import pytest

from kehou.chapters.allocation.rounds import freeze_round
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import SameNumber
from kehou.chapters.enrolment.siblings import sharing_with
from kehou.chapters.journal.models import Entry, Letter
from kehou.chapters.people.models import Guardianship
from kehou.lib.uploads import Upload
from kehou.rules.allocation.verifier import verify
from kehou.rules.verdicts import Refused
from tests.registration import AFTER, CLOSES, DURING, committed, decline, drawn, open_stage, planned, submit
from tests.world import FROM, make_pupil

SCAN = Upload(b"%PDF-1.7 signed", "pdf")


@pytest.fixture
def stage(world):
    stage = open_stage(world)
    submit(stage, world.mei)
    submit(stage, world.bo)
    return stage


def link(stage, *pupils, by=None, at=DURING, scan=None):
    return enrolment.link_siblings(stage.registration, pupils, by=by or stage.world.by_guardian(), at=at, scan=scan)


def why(refused) -> list[str]:
    return [refusal.why for refusal in refused.value.refusals]


def families(stage) -> list[str | None]:
    return [student.family for student in freeze_round(planned(stage), states=("submitted",)).round.students]


def test_two_siblings_enter_the_round_under_one_code_and_a_stranger_under_none(stage, world):
    lin = make_pupil(world.riverside, "林小雨", grade=4, guardian=world.other_guardian)
    submit(stage, lin)
    link(stage, world.mei, world.bo)
    mei, bo, other = families(stage)
    assert mei == bo and mei and other is None
    assert "陈" not in mei


def test_the_public_record_holds_and_names_nobody(stage, world):
    link(stage, world.mei, world.bo)
    draw = drawn(stage)
    record = json.loads(draw.record.read())
    assert verify(record) == []
    assert len({row[3] for row in record["pupils"]}) == 1 and record["pupils"][0][3]
    text = json.dumps(record, ensure_ascii=False)
    assert "陈小" not in text and SameNumber.objects.first().group not in text


def test_it_is_ended_until_the_deadline_and_written_down(stage, world):
    link(stage, world.mei, world.bo)
    enrolment.unlink_siblings(stage.application(world.bo), by=world.by_guardian(), at=DURING)
    assert families(stage) == [None, None]
    assert sharing_with(stage.application(world.mei)) == []
    verbs = list(Entry.objects.filter(verb__contains="siblings").values_list("verb", flat=True))
    assert verbs.count("enrolment.siblings_linked") == verbs.count("enrolment.siblings_unlinked") == 2
    with pytest.raises(Refused) as refused:
        enrolment.unlink_siblings(stage.application(world.bo), by=world.by_guardian(), at=DURING)
    assert why(refused) == ["siblings_not_linked"]


def test_after_the_deadline_and_after_freezing_nothing_moves(stage, world):
    link(stage, world.mei, world.bo)
    for act in (
        lambda: enrolment.unlink_siblings(stage.application(world.bo), by=world.by_guardian(), at=CLOSES),
        lambda: link(stage, world.mei, world.bo, at=CLOSES),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert why(refused) == ["registration_closed"]
    committed(stage)
    with pytest.raises(Refused) as refused:
        enrolment.unlink_siblings(stage.application(world.bo), by=world.by_guardian(), at=AFTER)
    assert why(refused) == ["choice_is_settled"]


def test_a_brother_who_stays_away_leaves_the_other_with_a_number_of_its_own(stage, world):
    link(stage, world.mei, world.bo)
    enrolment.submit(stage.registration, world.bo, decline(), by=world.by_guardian(), at=DURING)
    assert families(stage) == [None]


def test_who_may_not(stage, world):
    lin = make_pupil(world.riverside, "林小雨", grade=4, guardian=world.other_guardian)
    far = make_pupil(world.hill, "陈小远", grade=7, guardian=world.guardian)
    silent = make_pupil(world.riverside, "陈小静", grade=4, guardian=world.guardian)
    submit(stage, lin)
    for other, reason in (
        (lin, "sibling_of_another_family"),
        (far, "sibling_at_another_school"),
        (silent, "sibling_not_in_the_round"),
    ):
        with pytest.raises(Refused) as refused:
            link(stage, world.mei, other)
        assert why(refused) == [reason]
    assert not SameNumber.objects.exists()


def test_an_only_child_is_told_so(stage, world):
    alone = make_pupil(world.riverside, "林小雨", grade=4, guardian=world.stranger)
    submit(stage, alone)
    from kehou.lib.actors import Actor

    with pytest.raises(Refused) as refused:
        link(stage, alone, by=Actor(world.stranger.pk, world.stranger.name, "母亲"))
    assert why(refused) == ["only_child"]


def test_a_third_child_joins_and_the_earlier_pair_is_kept_as_ended(stage, world):
    link(stage, world.mei, world.bo)
    jing = make_pupil(world.riverside, "陈小静", grade=4, guardian=world.guardian)
    submit(stage, jing)
    link(stage, world.mei, world.bo, jing)
    assert len(set(families(stage))) == 1
    assert SameNumber.objects.filter(ended_at=None).count() == 3 and SameNumber.objects.count() == 5


def test_both_guardians_are_told_each_about_an_own_child(stage, world):
    father = world.other_guardian
    Guardianship.objects.create(pupil=world.bo, account=father, relation="父亲", from_on=FROM)
    link(stage, world.mei, world.bo)
    letters = {letter.to_account: letter for letter in Letter.objects.filter(kind="siblings")}
    assert set(letters) == {world.guardian.pk, father.pk}
    assert "陈小波" in letters[father.pk].title and "陈小梅" not in letters[father.pk].title + letters[father.pk].body


def test_the_office_enters_a_signed_paper_and_nothing_without_it(stage, world):
    office = world.riverside.by("asp_manager")
    with pytest.raises(Refused) as refused:
        link(stage, world.mei, world.bo, by=office)
    assert why(refused) == ["siblings_need_scan"]
    rows = link(stage, world.mei, world.bo, by=office, scan=SCAN)
    assert {row.channel for row in SameNumber.objects.all()} == {"paper"} and rows[0].scan.read() == SCAN.content
    with pytest.raises(Refused) as refused:
        enrolment.unlink_siblings(stage.application(world.mei), by=office, at=DURING)
    assert why(refused) == ["siblings_need_scan"]


def test_the_office_cannot_pair_children_of_different_guardians(stage, world):
    lin = make_pupil(world.riverside, "林小雨", grade=4, guardian=world.other_guardian)
    without_phone = make_pupil(world.riverside, "陈小禾", grade=4)
    submit(stage, lin)
    submit(stage, without_phone)
    office = world.riverside.by("asp_manager")
    with pytest.raises(Refused) as refused:
        link(stage, world.mei, lin, by=office, scan=SCAN)
    assert set(why(refused)) == {"sibling_of_another_family"}
    link(stage, world.mei, without_phone, by=office, scan=SCAN)
    assert len(set(families(stage)) - {None}) == 1


def test_a_guardian_of_last_year_is_no_guardian(stage, world):
    Guardianship.objects.filter(pupil=world.bo, account=world.guardian).update(until_on=date(2026, 9, 1))
    make_pupil(world.riverside, "陈小静", grade=4, guardian=world.guardian)
    with pytest.raises(Refused) as refused:
        link(stage, world.mei, world.bo)
    assert why(refused) == ["sibling_of_another_family"]
