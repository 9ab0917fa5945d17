"""Opinions: everybody asked once, nobody's answer found, no early end; grouped, answered, published."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kehou.chapters.journal.models import Entry, Letter
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning import queries
from kehou.chapters.planning.models import Asked, Opinion, OpinionRound, OpinionSheet
from kehou.rules.planning import Party, Stance
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused
from tests.chapters.planning import stage
from tests.chapters.planning.stage import AGREE, day
from tests.world import make_pupil


def keys(no):
    return {one.key for one in no.value.refusals}


@pytest.mark.clause("2.7.2-c", "2.1-c")
def test_the_first_round_asks_every_household_once_and_is_five_days_long(world):
    make_pupil(world.riverside, "没有手机的孩子", grade=1)
    way = stage.drafted(world)
    with pytest.raises(Refused) as no:
        planning.open_round(way.plan, 1, closes_at=day(6), by=way.office, at=day(1))
    assert keys(no) == {"R-PC-01:round_before_minutes"}
    stage.met(way)
    with pytest.raises(Refused) as no:
        planning.open_round(way.plan, 1, closes_at=day(1 + 4.9), by=way.office, at=day(1))
    assert keys(no) == {"R-GATE-03:first_round_too_short"}
    found = stage.first_round(way)
    assert found.families == 2  # Mei and Bo have one guardian; the third child gets a slip
    assert Letter.objects.filter(to_account=world.guardian.pk, kind="planning").count() == 1
    assert [count.asked for count in queries.counts_by_party(found)] == [2]
    with pytest.raises(Refused) as no:
        planning.open_round(way.plan, 1, closes_at=day(20), by=way.office, at=day(2))
    assert keys(no) == {"R-GATE-03:opened_already"}


@pytest.mark.clause("2.7.2-c")
def test_a_round_ends_by_itself_and_never_early(world):
    way = stage.drafted(world)
    found = stage.first_round(way)
    assert not hasattr(planning, "close_round")
    with pytest.raises(Refused) as no:
        planning.extend_round(found, until=found.closes_at - timedelta(hours=1), by=way.office, at=day(2))
    assert keys(no) == {"R-GATE-03:only_longer"}
    later = planning.extend_round(found, until=found.closes_at + timedelta(days=1), by=way.office, at=day(2))
    way.rounds[1] = later
    assert queries.state_of(later, day(6.5)) == "open" and queries.state_of(later, day(7)) == "over"
    with pytest.raises(Refused) as no:
        stage.give(way, 1, Party.GUARDIAN, world.guardian, AGREE, {}, at=day(7))
    assert keys(no) == {"R-GATE-03:round_is_over"}
    with pytest.raises(Refused):
        planning.extend_round(later, until=day(20), by=way.office, at=day(8))


def test_a_household_answers_once_and_what_it_says_leads_to_nobody(world):
    way = stage.drafted(world)
    stage.first_round(way)
    with pytest.raises(planning.OpinionRefused) as no:
        stage.give(way, 1, Party.GUARDIAN, world.guardian, {**AGREE, "fee": "disagree", "time": ""}, {})
    assert {key: one.why for key, one in no.value.wrong.items()} == {
        "fee": "say_what_to_change",
        "time": "topic_not_answered",
    }
    sheet = stage.give(way, 1, Party.GUARDIAN, world.guardian, {**AGREE, "fee": "disagree"}, {"fee": "再便宜些"})
    assert sheet.signed == ""
    with pytest.raises(Refused) as no:
        stage.give(way, 1, Party.GUARDIAN, world.guardian, AGREE, {})
    assert keys(no) == {"R-GATE-03:answered_already"}
    leads = {field.name for field in (*OpinionSheet._meta.get_fields(), *Opinion._meta.get_fields())}
    assert not leads & {"account", "pupil", "asked", "slip", "received_at"}
    assert Asked.objects.get(party=Party.GUARDIAN).has_answered


def test_a_slip_works_once_typed_by_the_office_or_by_the_family(world):
    child = make_pupil(world.riverside, "没有手机的孩子", grade=1)
    way = stage.drafted(world)
    found = stage.first_round(way)
    assert queries.slip_of(found.slips.get().secret) is None  # not printed yet
    (slip,) = planning.print_slips(found, child.homeroom, by=way.office, at=day(1))
    with pytest.raises(Refused) as no:
        planning.print_slips(found, child.homeroom, by=way.office, at=day(1))
    assert keys(no) == {"R-GATE-03:nothing_to_print"}
    again = queries.slip_of(f"{slip.secret[:4]} {slip.secret[4:].upper()}")
    assert again == slip
    sheet = planning.give_by_slip(slip, stances=AGREE, words={}, by=way.office, at=day(2))
    assert sheet.channel == "paper"
    with pytest.raises(Refused) as no:
        planning.give_by_slip(slip, stances=AGREE, words={}, at=day(2))
    assert keys(no) == {"R-GATE-03:answered_already"}
    assert [(one.asked, one.answered) for one in queries.counts_by_party(found)] == [(2, 1)]


@pytest.mark.clause("2.7.2-e")
def test_the_second_round_asks_all_parties_after_the_notice(world):
    way = stage.drafted(world)
    stage.first_round(way)
    with pytest.raises(Refused) as no:
        planning.open_round(way.plan, 2, closes_at=day(9), by=way.office, at=day(5))
    assert keys(no) == {"R-GATE-04:second_before_first", "R-NOTI-02:notice_before_second_round"}
    stage.told(way)
    with pytest.raises(Refused) as no:
        planning.open_round(way.plan, 2, closes_at=day(9.5), by=way.office, at=day(7))
    assert keys(no) == {"R-GATE-04:second_round_too_short"}
    found = stage.second_round(way, answered=False)
    assert queries.gate_facts(way.plan.school, world.term, day(11).date()).second_round.kinds_of_party == 0
    stage.give(way, 2, Party.TEACHER, world.riverside.who["teacher"], AGREE, {})
    planning.give_pupil_opinion(
        found, world.mei, stances={"time": "agree", "content": "suggest", "pickup": "agree"}, at=day(8)
    )
    form = {"stances": AGREE, "words": {}, "signed": "街道办", "nonce": "n1"}
    planning.give_by_link(found, **form, at=day(8))
    with pytest.raises(Refused) as no:  # the same form sent twice is one
        planning.give_by_link(found, **form, at=day(8))
    assert keys(no) == {"R-GATE-03:answered_already"}
    with pytest.raises(Refused):  # a child answers once
        planning.give_pupil_opinion(
            found, world.mei, stances=dict.fromkeys(("time", "content", "pickup"), "agree"), at=day(8)
        )
    counts = {one.party: (one.asked, one.answered) for one in queries.counts_by_party(found)}
    assert counts[Party.COMMUNITY] == (None, 1) and counts[Party.PUPIL] == (2, 1) and counts[Party.TEACHER][1] == 1
    assert queries.gate_facts(way.plan.school, world.term, day(11).date()).second_round.kinds_of_party == 3


@pytest.mark.clause("2.7.2-e")
def test_one_kind_of_party_does_not_make_a_second_round(world):
    way = stage.drafted(world)
    stage.met(way)
    stage.first_round(way)
    stage.told(way)
    stage.second_round(way, answered=False)
    stage.give(way, 2, Party.GUARDIAN, world.guardian, AGREE, {})
    stage.adopted(way)
    with pytest.raises(Refused) as no:
        planning.prepare_final(way.plan, by=way.office, at=day(12))
    assert keys(no) == {"R-GATE-04:one_kind_of_party"}


def test_a_teacher_is_not_asked_in_the_first_round(world):
    way = stage.drafted(world)
    stage.first_round(way)
    with pytest.raises(Refused) as no:
        stage.give(way, 1, Party.TEACHER, world.riverside.who["teacher"], AGREE, {})
    assert keys(no) == {"R-GATE-03:party_not_asked"}


# --- 你提我改 ----------------------------------------------------------------------------------------------------------


def asked_twice(world):
    way = stage.drafted(world)
    stage.met(way)
    stage.first_round(way)
    stage.give(way, 1, Party.GUARDIAN, world.guardian, {**AGREE, "fee": "disagree"}, {"fee": "再便宜些"})
    stage.told(way)
    stage.second_round(way)
    return way


@pytest.mark.clause("2.7.2-f", "4-b")
def test_every_opinion_has_one_group_and_every_group_an_answer(world):
    way = asked_twice(world)
    loose = list(queries.ungrouped(way.plan))
    assert {(one.topic, one.stance) for one in loose} == {("fee", Stance.DISAGREE), ("time", Stance.SUGGEST)}
    with pytest.raises(Refused) as no:
        planning.publish_adoption(way.plan, by=way.office, at=day(11))
    assert keys(no) == {"R-GATE-05:opinions_ungrouped"}
    group = planning.group_opinions(way.plan, [one.pk for one in loose], title="都在一组", by=way.office, at=day(11))
    with pytest.raises(Refused) as no:
        planning.publish_adoption(way.plan, by=way.office, at=day(11))
    assert keys(no) == {"R-GATE-05:opinions_unanswered"}
    planning.ungroup(way.plan, [loose[0].pk], by=way.office, at=day(11))  # split
    other = planning.group_opinions(way.plan, [loose[0].pk], title="收费", by=way.office, at=day(11))
    assert {one.size for one in queries.groups_of(way.plan)} == {1}
    merged = planning.merge_groups([group, other], title="合起来", by=way.office, at=day(11))
    assert [one.size for one in queries.groups_of(way.plan)] == [2] and merged.title == "合起来"
    assert Entry.objects.get(verb="planning.groups_merged").facts["groups"] == 2
    with pytest.raises(Refused) as no:
        planning.decide(merged, decision="adopted", reason="", section="", seen=1, by=way.office, at=day(11))
    assert keys(no) == {"R-GATE-05:no_reason", "R-GATE-05:adopted_where"}
    planning.decide(merged, decision="rejected", reason="标准由区里定", section="", seen=1, by=way.office, at=day(11))
    with pytest.raises(Refused) as no:
        planning.decide(merged, decision="adopted", reason="改", section="times", seen=1, by=way.principal, at=day(11))
    assert keys(no) == {"R-FLOW-01:moved_meanwhile"}
    table = planning.publish_adoption(way.plan, by=way.office, at=day(11))
    assert table.content["rows"][0]["decision"] == "不采纳" and say
    assert Letter.objects.filter(to_account=world.guardian.pk, title__startswith="你提我改").count() == 1
    assert (
        Letter.objects.filter(to_account=world.riverside.who["teacher"].pk, title__startswith="你提我改").count() == 1
    )
    with pytest.raises(Refused) as no:
        planning.ungroup(way.plan, [loose[0].pk], by=way.office, at=day(11))
    assert keys(no) == {"R-GATE-05:published_meanwhile"}


def test_opinions_are_grouped_after_the_round_only(world):
    way = stage.drafted(world)
    stage.first_round(way)
    stage.give(way, 1, Party.GUARDIAN, world.guardian, {**AGREE, "fee": "disagree"}, {"fee": "再便宜些"})
    one = queries.ungrouped(way.plan).get()
    with pytest.raises(Refused) as no:
        planning.group_opinions(way.plan, [one.pk], title="收费", by=way.office, at=day(3))
    assert keys(no) == {"R-GATE-05:group_is_empty"}


def test_the_counts_say_who_was_asked_and_nobody_by_name_or_class(world):
    way = asked_twice(world)
    topics = {one.topic.value: (one.agree, one.disagree, one.suggest) for one in queries.counts_by_topic(way.rounds[1])}
    assert topics["fee"] == (0, 1, 0) and topics["time"] == (1, 0, 0)


def test_many_at_once_are_as_many_alone(world):
    from kehou.rules.planning import Topic

    way = stage.drafted(world)
    found = stage.first_round(way)
    said = dict.fromkeys(Topic, ("agree", ""))
    rows = [(world.guardian.pk, said), (world.other_guardian.pk, said)]
    assert planning.give_many(found, Party.GUARDIAN, rows, at=day(2)) == 1
    assert planning.give_many(found, Party.GUARDIAN, rows, at=day(2)) == 0


def test_a_round_that_is_over_says_the_hour_of_the_clock_on_the_wall(world):
    way = stage.drafted(world)
    stage.first_round(way)
    found = OpinionRound.objects.get()  # as it is read back, in the database's own zone
    no = queries.refusal_to_answer(found, Party.GUARDIAN, day(7))
    assert no is not None and "8月26日 09:00" in say(no)
