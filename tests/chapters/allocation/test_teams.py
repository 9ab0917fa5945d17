"""A group that is one team on several weekdays: wished for whole, drawn first, held on all its days."""

from __future__ import annotations

import json

import pytest

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation import queries
from kehou.chapters.allocation.models import Placement, WaitingPlace
from kehou.chapters.allocation.records import public_record
from kehou.chapters.allocation.refills import offered_groups
from kehou.chapters.allocation.rounds import freeze_round, pseudonym
from kehou.chapters.allocation.swaps import seats_to_swap
from kehou.chapters.enrolment.queries import forget_offers
from kehou.chapters.programme.models import Activity
from kehou.rules.allocation import SERIES_DAY
from kehou.rules.allocation.verifier import verify
from kehou.rules.allocation_words import explain_team
from kehou.rules.choice import DayWish
from kehou.rules.verdicts import Refused
from tests.registration import AFTER, committed, drawn, open_stage, planned, published, review_all, submit
from tests.rules.allocation.twin import ask


@pytest.fixture
def stage(world):
    """Football has one seat and is one team on Monday and Wednesday."""
    stage = open_stage(world)
    Activity.objects.filter(name="校园足球").update(one_team=True)
    forget_offers()
    return stage


def football(stage, *, others=((), ())):
    return [DayWish(day, 2, ((stage.slot("校园足球", day),), *more)) for day, more in zip((1, 3), others, strict=True)]


@pytest.fixture
def both_want_the_team(stage, world):
    science = [((stage.slot("科学小实验", day),),) for day in (1, 3)]
    submit(stage, world.mei, *football(stage, others=science))
    submit(stage, world.bo, *football(stage, others=science))
    return stage


def seats_of(application) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for seat in queries.standing(application).order_by("weekday", "slot__first_hour"):
        found.setdefault(seat.weekday, []).append(seat.slot.activity.name)
    return found


@pytest.mark.clause("2.3-j")
def test_the_winner_of_a_team_is_in_it_on_all_its_days_and_the_other_on_none(both_want_the_team, world):
    draw = published(both_want_the_team)
    seats = {one: seats_of(both_want_the_team.application(one)) for one in (world.mei, world.bo)}
    (winner,) = [one for one, there in seats.items() if there[1] == ["校园足球"]]
    (loser,) = {world.mei, world.bo} - {winner}
    assert seats[winner] == {1: ["校园足球"], 3: ["校园足球"]}
    assert seats[loser] == {1: ["科学小实验", "阅读漂流"], 3: ["科学小实验", "阅读漂流"]}
    assert not WaitingPlace.objects.filter(slot__activity__name="校园足球").exists()
    closing = {one.slot.weekday: one.closed_at for one in queries.results(draw) if one.slot.activity.one_team}
    assert closing == {1: 2, 3: 2}


def test_the_family_reads_how_the_team_went(both_want_the_team, world):
    published(both_want_the_team)
    days = [queries.result_for(both_want_the_team.application(one))[0] for one in (world.mei, world.bo)]
    (won,) = [day for day in days if day.in_team]
    (lost,) = [day for day in days if not day.in_team]
    assert (won.in_team.activity.name, won.team_position, won.teams) == ("校园足球", 1, [])
    assert lost.team_position == 2
    assert [(one.slot.activity.name, one.seats, one.closed_at) for one in lost.teams] == [("校园足球", 1, 2)]
    words = explain_team(position=2, won="", passed=[("校园足球", 1, 2, False)])
    assert "收到第1号为止" in words
    assert "没有进队" in words


def test_everybody_can_repeat_the_draw_of_a_team(both_want_the_team, world):
    draw = published(both_want_the_team)
    record = json.loads(json.dumps(public_record(draw)))
    assert [turn[2] is not None for turn in record["days"][str(SERIES_DAY)]["turns"]] == [True, False]
    assert verify(record) == []
    assert ask("verify", [[record]]) == [[]]
    first, second = record["days"]["0"]["turns"]
    first[0], second[0] = second[0], first[0]
    assert verify(record)
    assert ask("verify", [[record]])[0]


def test_leaving_the_team_stands_in_the_public_record(both_want_the_team, world):
    draw = published(both_want_the_team)
    seat = Placement.objects.filter(slot__activity__name="校园足球", weekday=3).get()
    allocation.remove(seat, reason="家长书面要求退出周三的队", by=world.riverside.by("asp_manager"), at=AFTER)
    (change,) = public_record(draw)["changes"]
    assert (change["pid"], change["day"]) == (pseudonym(draw, seat.application_id), 3)
    assert change["from"].endswith("校园足球")
    assert verify(json.loads(json.dumps(public_record(draw)))) == []


def test_a_team_wished_for_on_one_of_its_days_is_refused(stage, world):
    with pytest.raises(Refused) as refused:
        submit(stage, world.mei, football(stage)[0])
    (reason,) = refused.value.refusals
    assert reason.key == "R-ALLOC-01:team_wished_in_part"
    assert dict(reason.facts) == {"activity": "校园足球", "day": "周三"}
    submit(stage, world.mei, *football(stage))


def test_who_wishes_for_nothing_but_the_team_and_does_not_win_it_has_no_place(stage, world):
    for one in (world.mei, world.bo):
        days = [DayWish(day.weekday, day.hours, day.tiers, any_place=False) for day in football(stage)]
        submit(stage, one, *days)
    drawn(stage, guarantee="block")
    held = sorted(len(seats_of(stage.application(one))) for one in (world.mei, world.bo))
    assert held == [0, 2]


def test_a_team_with_a_full_day_is_not_drawn_at_all(both_want_the_team, world, monkeypatch):
    """Its seats of Wednesday are all kept by members of last term: nobody joins for Monday only."""
    from kehou.chapters.allocation import rounds

    slot = both_want_the_team.slots["校园足球", 3]
    application = both_want_the_team.application(world.mei)
    monkeypatch.setattr(rounds, "kept_in", lambda *_: {(application.pk, 3): [slot]})
    planned(both_want_the_team)
    review_all(both_want_the_team)
    round = freeze_round(queries.draw_of(both_want_the_team.registration)).round
    assert [section for section in round.sections if "校园足球" in section.id] == []
    assert round.check() == []


def test_in_the_optimised_mode_each_day_is_a_group_of_its_own(both_want_the_team, world):
    both_want_the_team.registration.method = "mcf"
    both_want_the_team.registration.save(update_fields=["method"])
    committed(both_want_the_team, mechanism="mcf")
    round = freeze_round(queries.draw_of(both_want_the_team.registration)).round
    assert SERIES_DAY not in round.days


def test_a_team_is_neither_swapped_nor_refilled(both_want_the_team, world):
    draw = published(both_want_the_team)
    assert "校园足球" not in {slot.activity.name for slot in offered_groups(draw)}
    swappable = [seat for one in (world.mei, world.bo) for seat in seats_to_swap(both_want_the_team.application(one))]
    assert {seat.slot.activity.name for seat in swappable} <= {"科学小实验"}
