"""The window: behind the gate, long enough after the table, by a method named beforehand, moved later only."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Registration
from kehou.chapters.journal.models import Entry
from kehou.chapters.planning.models import OpinionRound
from kehou.rules.verdicts import Refused
from tests.consultation import consult
from tests.registration import AFTER, CLOSES, DURING, OPENS, PUBLISHED, clear, open_stage, publish_table, submit
from tests.world import moment


def why(refused) -> list[str]:
    return [refusal.key for refusal in refused.value.refusals]


def open_it(world, **changes):
    values = {"opens_at": OPENS, "closes_at": CLOSES, "method": "gsd", "at": PUBLISHED} | changes
    return enrolment.open_registration(
        world.riverside.school, world.term, by=world.riverside.by("asp_manager"), **values
    )


def test_it_opens_once_the_filing_is_accepted_and_the_table_is_public(world):
    clear(publish_table(world))
    registration = open_it(world)
    assert (registration.method, registration.table.version) == ("gsd", 1)
    assert Entry.objects.get(verb="enrolment.registration_opened").facts["method"] == "gsd"


@pytest.mark.clause("4-c")
def test_it_stays_shut_before_the_filing_is_accepted(world):
    publish_table(world)
    consult(world)
    with pytest.raises(Refused) as refused:
        open_it(world)
    assert why(refused) == ["R-GATE-00:registration_before_filing"]


@pytest.mark.clause("2.1-c")
def test_it_stays_shut_until_families_were_asked_and_the_round_is_over(world):
    clear(publish_table(world))
    OpinionRound.objects.filter(number=1).update(closes_at=PUBLISHED + timedelta(hours=1))
    with pytest.raises(Refused) as refused:
        open_it(world)
    assert why(refused) == ["R-GATE-01:round_still_open"]
    OpinionRound.objects.all().delete()
    with pytest.raises(Refused) as refused:
        open_it(world)
    assert why(refused) == ["R-GATE-01:nobody_asked"]
    assert not Registration.objects.exists()


@pytest.mark.clause("2.3-h")
def test_it_stays_shut_without_a_published_table(world):
    stage = publish_table(world)
    clear(stage)
    stage.publication.delete()
    with pytest.raises(Refused) as refused:
        open_it(world)
    assert why(refused) == ["R-GATE-02:table_not_published_yet"]


@pytest.mark.clause("2.3-h")
def test_families_have_five_days_with_the_table(world):
    clear(publish_table(world))
    least = PUBLISHED + timedelta(days=5)
    with pytest.raises(Refused) as refused:
        open_it(world, opens_at=PUBLISHED, closes_at=least - timedelta(minutes=1))
    assert why(refused) == ["R-GATE-02:closes_too_early"]
    assert open_it(world, opens_at=PUBLISHED, closes_at=least)


@pytest.mark.clause("2.3-j")
def test_the_method_is_named_before_the_first_family_chooses(world):
    clear(publish_table(world))
    with pytest.raises(Refused) as refused:
        open_it(world, method="")
    assert why(refused) == ["R-ALLOC-01:method_not_named"]


@pytest.mark.parametrize("closes", [OPENS, OPENS - timedelta(days=1)])
def test_a_window_has_a_length(world, closes):
    clear(publish_table(world))
    with pytest.raises(Refused) as refused:
        open_it(world, closes_at=closes)
    assert "R-GATE-02:window_is_empty" in why(refused)


@pytest.mark.clause("2.2-i")
def test_a_registration_is_for_one_term_and_once(world):
    clear(publish_table(world))
    with pytest.raises(Refused) as refused:
        open_it(world, closes_at=moment(18, on=world.term.service_until_on))
    assert why(refused) == ["R-ENR-01:window_after_the_term"]
    open_it(world)
    with pytest.raises(Refused) as refused:
        open_it(world)
    assert why(refused) == ["R-GATE-02:registration_is_open_already"]
    assert Registration.objects.count() == 1


def test_every_reason_is_said_at_once(world):
    with pytest.raises(Refused) as refused:
        open_it(world, method="", closes_at=OPENS)
    assert len(why(refused)) == 5


def test_the_deadline_moves_later_only(world):
    stage = open_stage(world)
    office = world.riverside.by("asp_manager")
    longer = CLOSES + timedelta(days=1)
    row = enrolment.extend_registration(stage.registration, until=longer, reason="一个班漏发通知", by=office, at=DURING)
    assert row.closes_at == longer
    with pytest.raises(Refused) as refused:
        enrolment.extend_registration(stage.registration, until=CLOSES, reason="", by=office, at=DURING)
    assert why(refused) == ["R-GATE-02:deadline_only_moves_later"]


def test_the_choices_are_settled_a_minute_after_the_deadline_and_once(world):
    stage = open_stage(world)
    submit(stage, world.mei)
    office = world.riverside.by("asp_manager")
    with pytest.raises(Refused) as refused:
        enrolment.freeze(stage.registration, by=office, at=CLOSES + timedelta(seconds=59))
    assert why(refused) == ["R-FLOW-01:freeze_before_deadline"]
    enrolment.freeze(stage.registration, by=office, at=CLOSES + timedelta(seconds=60))
    with pytest.raises(Refused) as refused:
        enrolment.freeze(stage.registration, by=office, at=AFTER)
    assert why(refused) == ["R-ALLOC-02:frozen_already"]
    with pytest.raises(Refused) as refused:
        enrolment.extend_registration(
            stage.registration, until=CLOSES + timedelta(days=1), reason="", by=office, at=AFTER
        )
    assert why(refused) == ["R-ALLOC-02:choices_are_frozen"]


def test_a_change_window_lies_in_the_service(world):
    stage = open_stage(world)
    office = world.riverside.by("asp_manager")
    window = {"name": "试听周", "by": office, "at": AFTER}
    assert enrolment.open_change_window(
        stage.registration, from_on=date(2026, 9, 7), until_on=date(2026, 9, 20), **window
    )
    with pytest.raises(Refused):
        enrolment.open_change_window(stage.registration, from_on=date(2026, 9, 1), until_on=date(2026, 9, 20), **window)
