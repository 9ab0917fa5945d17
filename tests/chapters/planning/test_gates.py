"""The facts that the gates ask for, from the records themselves, and the evidence of each step."""

from __future__ import annotations

import pytest

from kehou.chapters.planning import queries
from kehou.rules.gates import chain
from kehou.rules.parameters import Parameters
from tests.chapters.planning import stage
from tests.chapters.planning.stage import day
from tests.consultation import consult


def closed(world, at):
    facts = queries.gate_facts(world.riverside.school, world.term, at.date())
    return {gate.code for gate, no in chain(facts, Parameters.of()) if no}


@pytest.mark.clause("2.1-c", "2.7.2-c", "2.7.2-e", "2.7.2-f")
def test_each_step_opens_its_gate_and_no_other(world):
    always = {"R-GATE-00", "R-GATE-02"}
    assert closed(world, day(0)) == {"R-GATE-03", "R-GATE-01", "R-GATE-04"} | always
    way = stage.drafted(world)
    stage.first_round(way)
    assert closed(world, day(5)) == {"R-GATE-01", "R-GATE-04"} | always
    assert closed(world, day(6)) == {"R-GATE-04"} | always
    stage.told(way)
    stage.second_round(way)
    assert closed(world, day(10)) == {"R-GATE-05"} | always  # one opinion without an answer
    stage.adopted(way)
    assert closed(world, day(11)) == always


@pytest.mark.clause("2.1-c")
def test_registration_waits_for_the_first_round_to_the_minute(world):
    school = world.riverside.school
    assert queries.refusal_before_registration(school, world.term, day(0)).key == "R-GATE-01:nobody_asked"
    way = stage.drafted(world)
    stage.first_round(way)
    assert queries.refusal_before_registration(school, world.term, day(5)).key == "R-GATE-01:round_still_open"
    assert queries.refusal_before_registration(school, world.term, day(6)) is None
    assert queries.refusal_before_registration(world.hill.school, world.term, day(6)) is not None


def test_every_step_names_its_evidence(world):
    school = world.riverside.school
    assert [one.done for one in queries.evidence_of(school, world.term, day(0))] == [False] * 7
    way = stage.signed(world)
    found = queries.evidence_of(school, world.term, day(13))
    assert [one.key for one in found] == ["draft", "meeting", "round1", "notice", "round2", "adoption", "final"]
    assert all(one.done and one.at and one.by and len(one.digest) == 64 for one in found)
    assert found[-1].digest == queries.signed_version(way.plan).digest


@pytest.mark.clause("4-b")
def test_what_needs_the_final_plan_waits_for_the_signature(world):
    school = world.riverside.school
    no = queries.refusal_before_final(school, world.term, step="报送备案")
    assert no.key == "R-GATE-05:no_final_plan"
    stage.prepared(world)
    assert queries.refusal_before_final(school, world.term, step="报送备案") is not None
    consult(world, "hill")
    assert queries.refusal_before_final(world.hill.school, world.term, step="报送备案") is None


def test_the_bare_rows_of_other_tests_pass_the_same_gates(world):
    consult(world)
    assert queries.refusal_before_registration(world.riverside.school, world.term, day(0)) is None
    assert queries.refusal_before_agreement(world.mei, world.term) is None
