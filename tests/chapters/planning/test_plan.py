"""The plan: drafted from what is known with every note in place, written by two without loss, signed by two persons."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from kehou.chapters.planning import actions as planning
from kehou.chapters.planning import queries
from kehou.chapters.planning.models import Plan
from kehou.chapters.schools import actions as schools
from kehou.lib.uploads import Upload
from kehou.rules.planning import Offered, marks_in
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused
from tests.chapters.planning import stage
from tests.chapters.planning.stage import BEGAN, OFFERED, day
from tests.consultation import closed_census, closed_survey


def keys(no):
    return {one.key for one in no.value.refusals}


@pytest.mark.clause("2.7.2-a", "2.2-f")
def test_the_first_draft_cites_survey_ledger_and_table(world):
    way = stage.drafted(world)
    bodies = queries.bodies_of(way.plan)
    kinds = {one.number: one.kind.value for one in queries.sources_of(way.plan, BEGAN)}
    assert {kinds[number] for number in marks_in(bodies["needs"])} == {"survey", "ledger"}
    assert "survey" in {kinds[number] for number in marks_in(bodies["times"])}
    assert {kinds[number] for number in marks_in(bodies["table"])} >= {"table"}
    assert "校园足球：周一、周三" in bodies["table"] and "4处" in bodies["basics"]
    survey = way.plan.sources.get(kind="survey")
    assert survey.survey.title in survey.label and len(survey.digest) == 64
    zero = way.plan.versions.get(number=0)
    assert zero.stage == "draft" and zero.bodies == bodies
    assert queries.draft_refusals(way.plan, BEGAN) == []


@pytest.mark.clause("2.2-f", "2.7.2-a")
def test_without_a_closed_survey_there_is_no_draft_and_without_its_note_no_round(world):
    place, by = world.riverside, world.riverside.by("asp_manager")
    closed_census(world, at=BEGAN)
    with pytest.raises(Refused) as no:
        planning.start_plan(place.school, world.term, survey=None, offered=OFFERED, by=by, at=BEGAN)
    assert keys(no) == {"R-TRACE-01:no_survey"}
    running = closed_survey(world, at=BEGAN)
    running.closed_at = running.closed_by = None
    running.closes_at = BEGAN + timedelta(days=1)
    running.save()
    with pytest.raises(Refused) as no:
        planning.start_plan(place.school, world.term, survey=running, offered=OFFERED, by=by, at=BEGAN)
    assert keys(no) == {"R-TRACE-01:survey_still_open"}
    other = closed_survey(world, "hill", at=BEGAN)
    with pytest.raises(Refused) as no:
        planning.start_plan(place.school, world.term, survey=other, offered=OFFERED, by=by, at=BEGAN)
    assert keys(no) == {"R-TRACE-01:no_survey"}
    running.delete()
    way = stage.drafted(world)
    times = way.plan.sections.get(key="times")
    planning.edit_section(way.plan, "times", body="每天两课时。", seen=times.revision, by=way.office, at=day(0.1))
    with pytest.raises(Refused) as no:
        stage.first_round(way)
    assert keys(no) == {"R-TRACE-01:section_without_source"} and "意向调查" in say(no.value.refusal)


@pytest.mark.clause("2.7.1-a")
def test_a_plan_waits_for_the_census_of_its_term_and_a_closed_version_is_enough(world, at_moment, client):
    place, by, survey = world.riverside, world.riverside.by("asp_manager"), closed_survey(world, at=BEGAN)
    at_moment(BEGAN)
    client.force_login(place.who["asp_manager"])
    page = reverse("school:plan_draft", args=(place.school.code,))
    given = {"survey": survey.pk}
    assert "先核对台账并定稿" in client.get(page).content.decode()
    answer = client.post(page, given)
    assert answer.status_code == 422 and "先核对台账并定稿" in answer.content.decode() and not Plan.objects.exists()
    with pytest.raises(Refused) as no:
        planning.start_plan(place.school, world.term, survey=survey, offered=OFFERED, by=by, at=BEGAN)
    assert keys(no) == {"R-RES-01:census_open"} and world.term.name in say(no.value.refusal)
    closed_census(world, "hill", at=BEGAN)  # another school's ledger says nothing of this one's
    assert client.post(page, given).status_code == 422
    closing = closed_census(world, at=BEGAN)
    schools.reopen_census(closing.census, reason="新添一批电子琴", by=by, at=BEGAN)
    assert client.post(page, given).status_code == 302 and Plan.objects.get().school == place.school


def test_a_second_plan_of_the_term_is_refused(world):
    way = stage.drafted(world)
    with pytest.raises(Refused) as no:
        planning.start_plan(
            way.plan.school,
            world.term,
            survey=way.plan.sources.get(kind="survey").survey,
            offered=None,
            by=way.office,
            at=BEGAN,
        )
    assert keys(no) == {"R-TRACE-01:plan_exists"}


def test_the_second_editor_is_shown_the_first_and_loses_nothing(world):
    way = stage.drafted(world)
    seen = way.plan.sections.get(key="safety").revision
    planning.edit_section(way.plan, "safety", body="第一个人写的。", seen=seen, by=way.office, at=day(0.1))
    with pytest.raises(planning.ChangedMeanwhile) as no:
        planning.edit_section(way.plan, "safety", body="第二个人写的。", seen=seen, by=way.principal, at=day(0.1))
    assert no.value.standing.body == "第一个人写的。" and way.office.name in say(no.value.refusal)
    saved = planning.edit_section(way.plan, "safety", body="合成的。", seen=seen + 1, by=way.principal, at=day(0.1))
    assert (saved.body, saved.revision) == ("合成的。", seen + 2)
    again = planning.edit_section(way.plan, "safety", body="合成的。", seen=1, by=way.office, at=day(0.1))
    assert again.revision == saved.revision  # the same words twice are no conflict


def test_versions_are_kept_and_two_can_be_compared(world):
    way = stage.drafted(world)
    first = stage.first_round(way).version
    section = way.plan.sections.get(key="safety")
    body = section.body + "\n校门口增加一名值守。"
    planning.edit_section(way.plan, "safety", body=body, seen=section.revision, by=way.office, at=day(6))
    (difference,) = queries.compare(first, queries.bodies_of(way.plan))
    assert (difference.key, [one.words for one in difference.pieces if one.kind == "in"]) == (
        "safety",
        ["校门口增加一名值守。"],
    )
    assert first.bodies["safety"] == section.body  # what families read is as it was


def test_an_attachment_is_in_the_versions_that_had_it(world):
    way = stage.drafted(world)
    added = planning.attach(
        way.plan, title="场地平面图", upload=Upload(b"%PDF-1.7 x", "pdf"), by=way.office, at=day(0.1)
    )
    version = stage.first_round(way).version
    assert (
        version.content["attachments"] == [["场地平面图", added.digest]]
        and "附件1：场地平面图" in version.bodies["attachments"]
    )
    planning.detach(added, by=way.office, at=day(2))
    assert list(queries.attachments_of(way.plan)) == []


def test_new_sources_keep_the_words_and_take_the_new_hash(world):
    way = stage.drafted(world)
    before = queries.bodies_of(way.plan)
    newer = Offered("内容项目表草稿，截至2026-08-25", ("围棋：周二",), "b" * 64)
    planning.cite_again(way.plan, survey=None, offered=newer, by=way.office, at=day(5))
    assert queries.bodies_of(way.plan) == before
    assert way.plan.sources.get(kind="table").digest == "b" * 64
    planning.cite_again(way.plan, survey=None, offered=None, by=way.office, at=day(5))
    assert way.plan.sources.get(kind="table").digest == "b" * 64


# --- Final ------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("4-b", "2.7.2-f", "2.5-p", "2.7.2-b", "2.7.2-c", "2.7.2-d", "2.7.2-e")
def test_a_final_plan_needs_everything_that_comes_before_it(world):
    way = stage.drafted(world)

    def missing(at):
        with pytest.raises(Refused) as no:
            planning.prepare_final(way.plan, by=way.office, at=at)
        return {one.code for one in no.value.refusals}

    assert missing(day(0.1)) == {"R-PC-01", "R-GATE-03", "R-NOTI-02", "R-GATE-04", "R-GATE-05"}
    stage.met(way)
    assert "R-PC-01" not in missing(day(0.3))
    stage.first_round(way)
    assert "R-GATE-03" not in missing(day(6))
    stage.told(way)
    assert "R-NOTI-02" not in missing(day(6))
    stage.second_round(way)
    assert missing(day(8)) == {"R-GATE-04", "R-GATE-05"}
    assert missing(day(10)) == {"R-GATE-05"}
    stage.adopted(way)
    version = planning.prepare_final(way.plan, by=way.office, at=day(12))
    assert version.stage == "final" and "冬天早点结束（1条）——采纳" in version.bodies["adoption"]


@pytest.mark.clause("4-b")
def test_prepared_by_one_and_signed_by_another(world):
    way = stage.prepared(world)
    with pytest.raises(Refused) as no:
        planning.sign_version(way.final, by=way.office, at=day(12))
    assert keys(no) == {"R-GATE-05:same_person"}
    version = planning.sign_version(way.final, by=way.principal, at=day(12))
    assert version.signed_by.startswith(way.principal.name)
    assert queries.signed_version(way.plan) == version
    with pytest.raises(Refused):
        planning.sign_version(version, by=way.principal, at=day(13))
    with pytest.raises(Refused) as no:
        planning.edit_section(way.plan, "safety", body="改了", seen=1, by=way.office, at=day(13))
    assert keys(no) == {"R-TRACE-01:plan_is_closed"}


def test_the_principal_gives_it_back_and_the_office_mends_it(world):
    way = stage.prepared(world)
    with pytest.raises(Refused):
        planning.return_version(way.final, reason=" ", by=way.principal, at=day(12))
    planning.return_version(way.final, reason="安全一节写细些", by=way.principal, at=day(12))
    section = way.plan.sections.get(key="safety")
    planning.edit_section(
        way.plan, "safety", body=section.body + "细。", seen=section.revision, by=way.office, at=day(13)
    )
    with pytest.raises(Refused):  # what was given back is not signed
        planning.sign_version(way.final, by=way.principal, at=day(13))
    second = planning.prepare_final(way.plan, by=way.office, at=day(13))
    planning.sign_version(second, by=way.principal, at=day(14))
    assert queries.signed_version(way.plan) == second
