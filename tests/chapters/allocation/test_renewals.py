"""续报优先 end to end: members of last term are asked, what they keep is out of the round, who lets go draws with all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation import queries
from kehou.chapters.allocation.models import Placement, Renewal
from kehou.chapters.allocation.renewals import going_on, kept_by_slot
from kehou.chapters.allocation.rounds import freeze_round
from kehou.chapters.basis.models import Term
from kehou.chapters.enrolment.models import Application, Registration
from kehou.chapters.journal.models import Entry, Letter
from kehou.chapters.programme.models import Activity, ActivityTable, Slot
from kehou.lib.uploads import Upload
from kehou.rules.choice import DayWish
from kehou.rules.verdicts import Refused
from tests.registration import OPENS, drawn, open_stage, planned, published, submit
from tests.world import make_pupil, moment

EARLY = moment(9, on=date(2026, 8, 29))
CLOSES = moment(18, on=date(2026, 8, 31))
SCAN = Upload(b"%PDF-1.7 signed", "pdf")


def last_term(stage, *, name: str, weekdays: tuple[int, ...], pupils) -> None:
    """Let pupils hold seats in a group of that name to the end of the spring term."""
    world = stage.world
    school = world.riverside.school
    term, _ = Term.objects.get_or_create(
        code="2026-spring",
        defaults={
            "name": "2026年春", "school_year": 2025, "from_on": date(2026, 2, 20), "until_on": date(2026, 7, 5),
            "service_from_on": date(2026, 3, 1), "service_until_on": date(2026, 6, 30),
        },
    )  # fmt: skip
    table, _ = ActivityTable.objects.get_or_create(
        school=school, term=term, defaults={"state": "published", "made_at": moment(9, on=date(2026, 2, 21))}
    )
    registration, _ = Registration.objects.get_or_create(
        school=school,
        term=term,
        defaults={
            "opens_at": moment(8, on=date(2026, 2, 22)), "closes_at": moment(8, on=date(2026, 2, 26)), "method": "gsd",
            "table": stage.publication, "opened_by": "测试", "opened_at": moment(8, on=date(2026, 2, 22)),
        },
    )  # fmt: skip
    now = stage.slots[name, weekdays[0]].activity
    activity = Activity.objects.create(
        table=table, name=name, category=now.category, kind=now.kind, aim=now.aim, grades=now.grades,
        class_hours=now.class_hours, capacity=30, minimum=0, leader=now.leader, room=now.room,
    )  # fmt: skip
    for weekday in weekdays:
        slot = Slot.objects.create(
            activity=activity, weekday=weekday, first_hour=1, starts_at=now.slots.first().starts_at,
            ends_at=now.slots.first().ends_at,
        )  # fmt: skip
        for pupil in pupils:
            application, _ = Application.objects.get_or_create(
                registration=registration, pupil=pupil, defaults={"joins": True, "digest": "0" * 64, "state": "ended"}
            )
            Placement.objects.create(
                application=application, slot=slot, weekday=weekday,
                from_on=term.service_from_on, until_on=term.service_until_on,
            )  # fmt: skip


@pytest.fixture
def stage(world):
    """Football (Monday, Wednesday; one seat a day) goes on; Mei was in it to the end, Bo wants it now."""
    stage = open_stage(world)
    last_term(stage, name="校园足球", weekdays=(1, 3), pupils=[world.mei])
    return stage


def asked(stage, *, series: bool = False, name: str = "校园足球", at=EARLY, closes_at=CLOSES):
    activity = stage.slots[name, 1].activity
    return allocation.open_renewals(
        stage.table, {activity.pk: series}, closes_at=closes_at, by=stage.world.riverside.by("asp_manager"), at=at
    )


def keeps(stage, pupil, answer: str = "keep", **more):
    one = Renewal.objects.select_related("window__school", "window__term", "activity").get(pupil=pupil)
    return allocation.answer_renewal(one, answer, **{"by": stage.world.by_guardian(), "at": EARLY, **more})


def both_apply(stage, *mei_days: DayWish) -> None:
    football = stage.slot("校园足球")
    submit(stage, stage.world.mei, *(mei_days or (DayWish(1, 2), DayWish(3, 2))))
    submit(stage, stage.world.bo, DayWish(1, 2, ((football,), (stage.slot("科学小实验"),))))


def why(refused) -> list[str]:
    return [refusal.why for refusal in refused.value.refusals]


def test_members_who_stayed_to_the_end_are_found_and_written_to(stage, world):
    window = asked(stage)
    renewal = Renewal.objects.get()
    assert (renewal.pupil, renewal.weekdays, renewal.answer) == (world.mei, [1, 3], "")
    letter = Letter.objects.get(kind="renewal")
    assert letter.to_account == world.guardian.pk and "校园足球" in letter.title
    assert Entry.objects.get(verb="allocation.renewals_opened").facts["asked"] == 1
    assert window.closes_at == CLOSES


def test_who_left_in_the_term_or_is_too_old_now_is_not_asked(stage, world):
    Placement.objects.update(until_on=date(2026, 5, 1), ended_at=moment(9, on=date(2026, 4, 30)))
    assert [one.members for one in going_on(stage.table) if one.activity.name == "校园足球"] == [{}]
    with pytest.raises(Refused) as refused:
        asked(stage)
    assert why(refused) == ["renewal_nobody_to_ask"]


def test_a_kept_seat_leaves_the_round_with_its_request_and_is_given_in_the_draw(stage, world):
    asked(stage)
    keeps(stage, world.mei)
    both_apply(stage)
    round = freeze_round(planned(stage), states=("submitted",)).round
    assert not any("足球" in section.id for section in round.sections)  # the only seat of each day is kept
    assert {request.day for request in round.requests} == {1}
    assert len({request.pid for request in round.requests}) == 1


def test_the_draw_seats_the_member_and_the_other_gets_the_next_wish(stage, world):
    asked(stage)
    keeps(stage, world.mei)
    both_apply(stage)
    draw = published(stage)
    mei, bo = stage.application(world.mei), stage.application(world.bo)
    seats = {(seat.slot.activity.name, seat.weekday, seat.source) for seat in queries.standing(mei)}
    assert seats == {("校园足球", 1, "renewal"), ("校园足球", 3, "renewal")}
    assert mei.state == "allocated"
    assert "科学小实验" in {seat.slot.activity.name for seat in queries.standing(bo)}
    rows = {group.slot.pk: group for group in queries.results(draw)}
    assert rows[stage.slot("校园足球")].renewed == 1 and rows[stage.slot("校园足球")].free == 0


def test_silence_and_letting_go_keep_nothing(stage, world):
    asked(stage)
    keeps(stage, world.mei, "let_go")
    both_apply(stage)
    frozen = freeze_round(planned(stage), states=("submitted",))
    assert frozen.kept == () and any("足球" in section.id for section in frozen.round.sections)


def test_a_kept_day_that_is_not_chosen_goes_back_into_the_round(stage, world):
    asked(stage)
    keeps(stage, world.mei)
    both_apply(stage, DayWish(1, 2), DayWish(3, 1))  # one hour is too short for football
    kept = freeze_round(planned(stage), states=("submitted",)).kept
    assert [(slot, day) for _, slot, day in kept] == [(stage.slot("校园足球", 1), 1)]


def test_a_team_is_kept_whole_or_not_at_all(stage, world):
    asked(stage, series=True)
    keeps(stage, world.mei)
    both_apply(stage, DayWish(1, 2), DayWish(3, 1))
    assert freeze_round(planned(stage), states=("submitted",)).kept == ()


def test_who_does_not_apply_keeps_nothing(stage, world):
    asked(stage)
    keeps(stage, world.mei)
    submit(stage, world.bo, DayWish(1, 2, ((stage.slot("校园足球"),),)))
    assert freeze_round(planned(stage), states=("submitted",)).kept == ()
    assert (
        kept_by_slot(world.riverside.school, world.term)[stage.slot("校园足球")] == 1
    )  # it is counted while it stands


def test_the_hour_beside_a_kept_seat_is_still_asked_for(stage, world):
    last_term(stage, name="科学小实验", weekdays=(1,), pupils=[world.bo])
    asked(stage, name="科学小实验")
    keeps(stage, world.bo)
    both_apply(stage)
    draw = drawn(stage)
    bo = {seat.slot.activity.name: seat.source for seat in queries.standing(stage.application(world.bo))}
    assert bo == {"科学小实验": "renewal", "阅读漂流": "draw"}
    assert draw.record_digest


def test_it_is_asked_once_before_families_choose_and_answered_in_time(stage, world):
    with pytest.raises(Refused) as refused:
        asked(stage, at=OPENS, closes_at=OPENS + timedelta(days=1))
    assert why(refused) == ["renewal_after_opening"]
    asked(stage)
    with pytest.raises(Refused) as refused:
        asked(stage)
    assert why(refused) == ["renewal_stands_already"]
    keeps(stage, world.mei)
    keeps(stage, world.mei, "let_go")
    for answer, at, reason in (("keep", CLOSES, "renewal_is_over"), ("vielleicht", EARLY, "renewal_answer_unknown")):
        with pytest.raises(Refused) as refused:
            keeps(stage, world.mei, answer, at=at)
        assert why(refused) == [reason]
    assert Renewal.objects.get().answer == "let_go"


def test_two_groups_of_the_same_hour_cannot_both_be_kept(stage, world):
    last_term(stage, name="科学小实验", weekdays=(1,), pupils=[world.mei])
    both = {stage.slots[name, 1].activity.pk: False for name in ("校园足球", "科学小实验")}
    allocation.open_renewals(stage.table, both, closes_at=CLOSES, by=world.riverside.by("asp_manager"), at=EARLY)
    first, second = Renewal.objects.select_related("window__school", "window__term", "activity").order_by("pk")
    allocation.answer_renewal(first, "keep", by=world.by_guardian(), at=EARLY)
    with pytest.raises(Refused) as refused:
        allocation.answer_renewal(second, "keep", by=world.by_guardian(), at=EARLY)
    assert why(refused) == ["renewal_overlaps"]


def test_the_office_types_an_answer_from_paper_only(stage, world):
    asked(stage)
    office = world.riverside.by("asp_manager")
    with pytest.raises(Refused) as refused:
        keeps(stage, world.mei, by=office)
    assert why(refused) == ["renewal_needs_scan"]
    assert keeps(stage, world.mei, by=office, scan=SCAN).channel == "paper"


def test_more_members_than_seats_are_not_asked(stage, world):
    lin = make_pupil(world.riverside, "林小雨", grade=3, guardian=world.other_guardian)
    last_term(stage, name="科学小实验", weekdays=(1,), pupils=[world.mei, world.bo, lin])
    with pytest.raises(Refused) as refused:
        asked(stage, name="科学小实验")
    assert why(refused) == ["renewal_more_than_seats"]
