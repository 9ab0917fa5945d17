"""Two persons at once: one round, one opinion a household, one signature, one final version, one answer."""

from __future__ import annotations

import pytest

from kehou.chapters.planning import actions as planning
from kehou.chapters.planning.models import AmendmentConsent, Notice, OpinionRound, OpinionSheet, PlanVersion
from kehou.rules.planning import Change, ChangeKind, Party
from tests.chapters.planning import stage
from tests.chapters.planning.stage import AGREE, day
from tests.races.test_seats import race, refused
from tests.world import build

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 4


def test_a_round_is_opened_once():
    way = stage.drafted(build())
    stage.met(way)
    results = race(*[lambda: planning.open_round(way.plan, 1, closes_at=day(6), by=way.office, at=day(1))] * MANY)
    assert refused(results) == MANY - 1 and OpinionRound.objects.count() == 1


@pytest.mark.clause("2.7.2-c")
def test_two_parents_of_one_household_or_a_form_sent_twice_is_one_opinion():
    world = build()
    way = stage.drafted(world)
    found = stage.first_round(way)

    def give():
        return planning.give_opinion(found, Party.GUARDIAN, stances=AGREE, words={}, account=world.guardian, at=day(2))

    assert refused(race(*[give] * MANY)) == MANY - 1
    assert OpinionSheet.objects.count() == 1


def test_the_open_form_sent_twice_is_one():
    way = stage.drafted(build())
    stage.first_round(way)
    stage.told(way)
    second = stage.second_round(way, answered=False)

    def give():
        return planning.give_by_link(second, stances=AGREE, words={}, signed="", nonce="one", at=day(8))

    assert refused(race(*[give] * MANY)) == MANY - 1
    assert OpinionSheet.objects.count() == 1


@pytest.mark.clause("4-b")
def test_the_final_version_is_prepared_and_signed_once():
    way = stage.prepared(build())
    results = race(*[lambda: planning.prepare_final(way.plan, by=way.office, at=day(13))] * 2)
    assert refused(results) == 2  # it is prepared already
    results = race(*[lambda: planning.sign_version(way.final, by=way.principal, at=day(13))] * MANY)
    assert refused(results) == MANY - 1
    assert PlanVersion.objects.filter(signed_at__isnull=False).count() == 1


def test_signed_or_given_back_never_both():
    way = stage.prepared(build())
    results = race(
        lambda: planning.sign_version(way.final, by=way.principal, at=day(13)),
        lambda: planning.return_version(way.final, reason="写细些", by=way.principal, at=day(13)),
    )
    assert refused(results) == 1
    version = PlanVersion.objects.get(pk=way.final.pk)
    assert (version.signed_at is None) != (version.returned_at is None)


def test_a_notice_is_issued_once():
    way = stage.drafted(build())
    stage.first_round(way)
    results = race(*[lambda: planning.issue_notice(way.plan, by=way.office, at=day(6))] * MANY)
    assert refused(results) == MANY - 1 and Notice.objects.count() == 1


def test_two_editors_save_one_after_the_other():
    way = stage.drafted(build())
    seen = way.plan.sections.get(key="safety").revision

    def edit(words):
        return lambda: planning.edit_section(way.plan, "safety", body=words, seen=seen, by=way.office, at=day(0.1))

    results = race(edit("甲"), edit("乙"), edit("丙"))
    assert refused(results) == 2
    assert way.plan.sections.get(key="safety").revision == seen + 1


def test_agreeing_and_leaving_at_once_is_one_answer():
    world = build()
    way = stage.signed(world)
    amendment = planning.propose_amendment(
        way.plan, reason="原因", changes=[Change(ChangeKind.TIME, "足球", "旧", "新")], from_on=day(45).date(),
        answer_by=day(38), by=way.office, at=day(30),
    )  # fmt: skip
    planning.tell_affected(amendment, {world.mei.pk: ""}, by=way.office, at=day(30))
    consent = AmendmentConsent.objects.get()

    def answer(agrees):
        return lambda: planning.answer_amendment(consent, agrees=agrees, by=world.by_guardian(), at=day(31))

    assert refused(race(answer(True), answer(False))) == 1
