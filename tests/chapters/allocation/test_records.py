"""The public record after the draw: each change is a line of it, in the words of a role, and both checks still hold."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta

import pytest

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation import queries
from kehou.chapters.allocation.models import Offer, Placement, SeatChange
from kehou.chapters.allocation.records import change_lines, changes_of, public_record, record_bytes
from kehou.chapters.allocation.rounds import pseudonym
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Agreement, Enrolment, Registration
from kehou.rules.allocation import verify
from kehou.rules.choice import DayWish
from kehou.rules.verdicts import Refused
from tests.consultation import hand_over_notice
from tests.registration import AFTER, drawn, open_stage, published, submit
from tests.world import make_pupil, moment

pytestmark = pytest.mark.django_db
SERVICE = moment(19, on=date(2026, 9, 16))
WHY = "与哥哥同组，方便一起接"


@pytest.fixture
def stage(world):
    """Three children want one football seat; all hold science, two wait."""
    stage = open_stage(world)
    for pupil in (world.mei, world.bo, make_pupil(world.riverside, "林小雨", grade=4, guardian=world.guardian)):
        submit(stage, pupil, DayWish(1, 2, ((stage.slot("校园足球"),), (stage.slot("科学小实验"),))))
    return stage


def seat_in(stage, name: str) -> Placement:
    return Placement.objects.filter(slot=stage.slot(name), ended_at=None).select_related("application", "slot").first()


def test_as_drawn_the_file_is_byte_for_byte_the_one_whose_hash_is_printed(stage):
    draw = published(stage)
    with draw.record.open("rb") as file:
        as_drawn = file.read()
    assert record_bytes(draw) == as_drawn
    assert hashlib.sha256(as_drawn).hexdigest() == draw.record_digest
    assert public_record(draw)["changes"] == []


@pytest.mark.clause("2.7.3-c")
def test_a_change_by_hand_stands_in_the_public_record_with_its_reason_and_no_name(stage, world):
    draw = published(stage)
    seat = seat_in(stage, "科学小实验")
    allocation.remove(seat, reason=WHY, by=world.riverside.by("asp_manager"), at=SERVICE)
    record = public_record(draw)
    (line,) = record["changes"]
    assert (line["kind"], line["pid"], line["reason"]) == ("hand", pseudonym(draw, seat.application_id), WHY)
    assert (line["by"], line["to"]) == (world.riverside.by("asp_manager").post, None)
    assert line["from"].startswith(f"{seat.slot_id}-")
    assert verify(json.loads(record_bytes(draw))) == []
    whole = record_bytes(draw).decode()
    assert seat.application.pupil.name not in whole and world.riverside.who["asp_manager"].name not in whole


def test_a_line_taken_out_or_altered_is_noticed(stage, world):
    draw = published(stage)
    allocation.remove(seat_in(stage, "科学小实验"), reason=WHY, by=world.riverside.by("asp_manager"), at=SERVICE)
    record = public_record(draw)
    assert verify({**record, "changes": []})
    assert verify({**record, "changes": [{**record["changes"][0], "reason": "别的原因"}]})


def test_an_exit_and_the_offer_that_follows_are_told_as_what_they_are(stage, world):
    draw = published(stage)
    for agreement in Agreement.objects.filter(state="to_sign").select_related("application__pupil__homeroom"):
        hand_over_notice([agreement.application.pupil])
        enrolment.sign_as_family(
            agreement,
            read_digest=agreement.digest,
            name="妈妈",
            pupil=enrolment.Acknowledgement("name", agreement.application.pupil.name),
            image=b"\x89PNG\r\n\x1a\n",
            by=world.by_guardian(),
            at=AFTER,
        )
    enrolment.seal(Agreement.objects.all(), by=world.riverside.by("principal"), at=AFTER)
    leaver = seat_in(stage, "校园足球").application
    allocation.leave(Enrolment.objects.get(application=leaver), by=world.by_guardian(), at=SERVICE)
    offer = Offer.objects.get()
    allocation.answer_offer(offer, accepts=True, by=world.by_guardian(), at=SERVICE + timedelta(hours=1))
    told = dict.fromkeys((one.kind, one.application_id, one.role) for one in changes_of(draw))
    assert list(told) == [("left", leaver.pk, "家长"), ("offer", offer.application_id, "家长")]
    moved = changes_of(draw).last()
    assert (moved.frees_id, moved.takes_id) == (stage.slot("科学小实验"), stage.slot("校园足球"))
    assert verify(json.loads(record_bytes(draw))) == []
    assert change_lines(changes_of(draw), draw)[0].pid == pseudonym(draw, leaver.pk)


def test_before_the_result_is_public_there_is_nothing_to_change(stage, world):
    drawn(stage)
    with pytest.raises(Refused, match="by_hand_after_publishing"):
        allocation.remove(seat_in(stage, "科学小实验"), reason=WHY, by=world.riverside.by("asp_manager"), at=AFTER)
    assert not SeatChange.objects.exists()


@pytest.mark.parametrize("rounds", [1, 2])
def test_the_districts_list_costs_two_statements(stage, world, rounds, django_assert_num_queries):
    if rounds == 2:
        hill = open_stage_at_hill(world)
        assert hill
    published(stage)
    with django_assert_num_queries(2):
        found = queries.rounds_in(world.term)
        assert [one.school.name for one in found]
    assert len(found) == rounds and found[0].draw.state == "published"


def open_stage_at_hill(world):
    """Write a second school's registration like the first."""
    mine = Registration.objects.get()
    mine.pk, mine.school = None, world.hill.school
    mine.save(force_insert=True)
    return mine
