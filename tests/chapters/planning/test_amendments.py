"""A plan in force changes: why, whom it touches, new consent where time, price or place changes, filed as a difference."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kehou.chapters.journal.models import Letter
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning import queries
from kehou.lib.uploads import Upload
from kehou.rules.planning import Change, ChangeKind
from kehou.rules.verdicts import Refused
from tests.chapters.planning import stage
from tests.chapters.planning.stage import day

NOW = day(30)
BEGINS = day(45).date()
TIME = Change(ChangeKind.TIME, "校园足球", "16:40开始", "16:20开始")
CONTENT = Change(ChangeKind.CONTENT, "围棋", "没有", "每周二开设")


def keys(no):
    return {one.key for one in no.value.refusals}


def proposed(way, *changes, **more):
    facts = {"reason": "天黑得早。", "from_on": BEGINS, "answer_by": NOW + timedelta(days=7)} | more
    return planning.propose_amendment(way.plan, changes=changes or (TIME,), by=way.office, at=NOW, **facts)


def amend(way, amendment):
    section = way.plan.sections.get(key="times")
    body = section.body + "\n冬季足球提前20分钟。"
    planning.edit_section(way.plan, "times", body=body, seen=section.revision, by=way.office, at=NOW)
    return amendment


@pytest.mark.clause("2.7.2-g")
def test_an_amendment_says_why_what_and_leaves_time_to_answer(world):
    way = stage.signed(world)
    with pytest.raises(Refused) as no:
        proposed(way, reason="", answer_by=None)
    assert keys(no) == {"R-AMD-01:no_reason", "R-AMD-01:deadline_between"}
    with pytest.raises(Refused) as no:
        planning.propose_amendment(
            way.plan, reason="原因", changes=(), from_on=NOW.date(), answer_by=None, by=way.office, at=NOW
        )
    assert keys(no) == {"R-AMD-01:nothing_changes", "R-AMD-01:begins_in_the_past"}
    with pytest.raises(Refused) as no:  # it stands beside the public plan
        proposed(way, reason="陈小梅家是低保户，要早走。")
    assert keys(no) == {"R-PRIV-02:names_a_pupil", "R-PRIV-02:aid_words"}
    assert not proposed(way, CONTENT, answer_by=None).is_material
    with pytest.raises(Refused) as no:
        proposed(way)
    assert "R-AMD-01:one_at_a_time" in keys(no)


def test_before_the_plan_is_in_force_nothing_is_amended(world):
    way = stage.drafted(world)
    with pytest.raises(Refused) as no:
        proposed(way)
    assert {one.code for one in no.value.refusals} == {"R-FLOW-01"}


@pytest.mark.clause("2.7.2-g")
def test_a_material_change_waits_for_the_families_it_touches(world):
    way = stage.signed(world)
    amendment = amend(way, proposed(way))
    with pytest.raises(Refused) as no:
        planning.prepare_amendment(amendment, by=way.office, at=NOW)
    assert "R-AMD-01:not_told" in keys(no)
    planning.tell_affected(amendment, {world.mei.pk: "周一足球", world.bo.pk: "周一足球"}, by=way.office, at=NOW)
    letter = Letter.objects.filter(to_account=world.guardian.pk, title__contains="有调整").get()
    assert "16:40开始改为16:20开始" in letter.body and "不花钱退出" in letter.body
    with pytest.raises(Refused) as no:
        planning.prepare_amendment(amendment, by=way.office, at=NOW)
    assert keys(no) == {"R-AMD-01:families_still_asked"} and no.value.refusal.fact("waiting") == 2
    (mei,) = queries.consents_for(world.mei, NOW)
    planning.answer_amendment(mei, agrees=True, account=world.guardian, by=world.by_guardian(), at=NOW)
    with pytest.raises(Refused) as no:
        planning.answer_amendment(mei, agrees=False, account=world.guardian, by=world.by_guardian(), at=NOW)
    assert keys(no) == {"R-AMD-01:answered_already"}
    late = NOW + timedelta(days=8)
    (bo,) = queries.consents_for(world.bo, late)
    with pytest.raises(Refused) as no:
        planning.answer_amendment(bo, agrees=True, account=world.guardian, by=world.by_guardian(), at=late)
    assert keys(no) == {"R-AMD-01:answers_are_over"}
    version = planning.prepare_amendment(amendment, by=way.office, at=late)
    amendment.refresh_from_db()
    with pytest.raises(Refused):
        planning.sign_amendment(amendment, by=way.office, at=late)
    planning.sign_amendment(amendment, by=way.principal, at=late)
    assert queries.signed_version(way.plan) == version
    # Silence keeps the old arrangement; the new one holds for who agreed and for whom it does not touch.
    (renewal,) = queries.renewals_of(way.plan.school, world.term)
    assert renewal.old == {world.bo.pk}


@pytest.mark.clause("2.7.2-g")
def test_what_is_filed_anew_is_the_difference(world):
    way = stage.signed(world)
    amendment = amend(way, proposed(way))
    planning.tell_affected(amendment, {world.mei.pk: "周一足球"}, by=way.office, at=NOW)
    (consent,) = queries.consents_for(world.mei, NOW)
    planning.answer_amendment(consent, agrees=False, account=world.guardian, by=world.by_guardian(), at=NOW)
    planning.prepare_amendment(amendment, by=way.office, at=NOW)
    done = planning.sign_amendment(amendment, by=way.principal, at=NOW)
    diff = queries.difference_of(done)
    assert (diff.affected, diff.left, diff.silent) == (1, 1, 0)
    assert [one.key for one in diff.sections] == ["times"]
    assert [one.words for one in diff.sections[0].pieces if one.kind == "in"] == ["冬季足球提前20分钟。"]
    assert diff.changes == (TIME,) and len(diff.digest) == 64


def test_a_change_of_content_is_told_and_needs_no_answer(world):
    way = stage.signed(world)
    amendment = amend(way, proposed(way, CONTENT, answer_by=None))
    planning.tell_affected(amendment, {world.mei.pk: ""}, by=way.office, at=NOW)
    (consent,) = queries.consents_for(world.mei, NOW)
    with pytest.raises(Refused) as no:
        planning.answer_amendment(consent, agrees=True, by=world.by_guardian(), at=NOW)
    assert keys(no) == {"R-AMD-01:not_asked"}
    planning.prepare_amendment(amendment, by=way.office, at=NOW)
    planning.sign_amendment(amendment, by=way.principal, at=NOW)
    assert queries.renewals_of(way.plan.school, world.term) == []


def test_taken_back_the_text_is_again_what_was_in_force(world):
    way = stage.signed(world)
    before = queries.signed_version(way.plan)
    amendment = amend(way, proposed(way))
    planning.tell_affected(amendment, {world.mei.pk: "周一足球"}, by=way.office, at=NOW)
    planning.withdraw_amendment(amendment, reason="天气好转。", by=way.office, at=NOW)
    way.plan.refresh_from_db()
    assert way.plan.state == "in_force" and queries.bodies_of(way.plan) == before.bodies
    assert queries.renewals_of(way.plan.school, world.term) == []
    assert queries.consents_for(world.mei, NOW) == [] and queries.standing_amendment(way.plan) is None
    assert Letter.objects.filter(to_account=world.guardian.pk, title__contains="已撤回").exists()
    proposed(way)  # another may follow


@pytest.mark.clause("2.7.2-g")
def test_a_family_that_was_talked_to_later_agrees_on_paper_with_its_scan(world):
    way = stage.signed(world)
    amendment = amend(way, proposed(way))
    planning.tell_affected(amendment, {world.mei.pk: "周一足球", world.bo.pk: "周一足球"}, by=way.office, at=NOW)
    late = NOW + timedelta(days=8)
    mei, bo = amendment.consents.order_by("pk")
    with pytest.raises(Refused) as no:
        planning.record_paper_consent(mei, scan=None, by=way.office, at=late)
    assert keys(no) == {"R-AMD-01:paper_needs_scan"}
    kept = planning.record_paper_consent(mei, scan=Upload(b"%PDF-1.7", "pdf"), by=way.office, at=late)
    assert kept.answer == "agreed" and kept.scan.read() == b"%PDF-1.7" and kept.answered_by.endswith("（纸质）")
    with pytest.raises(Refused) as no:
        planning.record_paper_consent(mei, scan=Upload(b"%PDF-1.7", "pdf"), by=way.office, at=late)
    assert keys(no) == {"R-AMD-01:answered_already"}
    (renewal,) = queries.renewals_of(way.plan.school, world.term)
    assert renewal.old == {bo.pupil_id}
    planning.withdraw_amendment(amendment, reason="天气好转。", by=way.office, at=late)
    with pytest.raises(Refused) as no:
        planning.record_paper_consent(bo, scan=Upload(b"%PDF-1.7", "pdf"), by=way.office, at=late)
    assert keys(no) == {"R-AMD-01:not_asked"}
