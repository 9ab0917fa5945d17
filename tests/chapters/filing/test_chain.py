"""The gate chain: each step done by its own evidence; one school or all for the same number of queries."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from kehou.chapters.disclosure.models import Publication
from kehou.chapters.enrolment.models import Enrolment
from kehou.chapters.filing import actions as filing
from kehou.chapters.filing.chain_papers import chain_paper, district_chain_paper
from kehou.chapters.filing.models import Archive
from kehou.chapters.filing.queries import draft_of
from kehou.chapters.filing.queries.chain import chain_content, chain_of, chains_of
from kehou.chapters.money.models import BillingRun
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning.models import (
    GroupSeat,
    Opinion,
    OpinionRound,
    OpinionSheet,
    PolicyVersion,
    ResponsibilityLetter,
)
from kehou.chapters.programme.models import Activity
from kehou.chapters.programme.queries import safety_gaps, safety_matrix
from kehou.chapters.schools.models import Census, School
from kehou.rules.filing import digest_of
from kehou.rules.safety_matrix import problems_of_matrix
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused
from tests.consultation import closed_census, closed_survey, consult
from tests.filing import AUGUST, accepted, ready
from tests.world import World, moment


def states(world: World, at=AUGUST) -> dict[str, str]:
    chain = chain_of(world.riverside.school, world.term, at=at)
    return {step.kind.key: step.state for step in chain.steps}


@pytest.mark.clause("4-b")
def test_each_step_is_done_by_its_own_evidence(world: World):
    early = moment(9, on=date(2026, 7, 1))
    assert [key for key, state in states(world, early).items() if state == "done"] == ["basics"]
    ledger = chain_of(world.riverside.school, world.term, at=early).step("ledger")
    assert ledger.state == "begun" and ledger.facts.refusal.code == "R-RES-01", "rooms alone are no census"
    closed_census(world)
    shelf = chain_of(world.riverside.school, world.term, at=early).step("readiness")
    assert shelf.facts.refusal and "还有11项必备制度" in say(shelf.facts.refusal)
    assert states(world, early)["survey"] == "now"
    closed_survey(world)
    consult(world)
    ready(world)
    found = states(world)
    for key in ("survey", "draft", "round1", "notice", "round2", "final", "readiness", "table"):
        assert found[key] == "done", key
    assert found["filing"] == "late"  # reported by the 24th of August, or not
    one = accepted(world)
    chain = chain_of(world.riverside.school, world.term, at=AUGUST)
    step = chain.step("filing")
    assert step.state == "done" and one.number in step.facts.words
    assert (step.facts.digest, step.facts.who, step.facts.on) == (
        one.pack.digest, world.district["basic_education"].name, date(2026, 8, 28),
    )  # fmt: skip
    assert chain.step("table").facts.digest and chain.step("final").facts.digest == "f" * 64


def test_people_alone_are_not_ready_one_required_document_is_missing(world: World):
    ready(world)
    assert states(world)["readiness"] == "done"
    PolicyVersion.objects.filter(school=world.riverside.school, number=10).delete()
    step = chain_of(world.riverside.school, world.term, at=AUGUST).step("readiness")
    assert step.state != "done" and "10/11" in step.facts.words
    assert step.facts.refusal and step.facts.refusal.code == "R-DOC-01"


@pytest.mark.clause("2.7.1-c")
def test_a_census_that_is_opened_again_opens_its_step(world: World):
    closing = closed_census(world)
    step = chain_of(world.riverside.school, world.term, at=AUGUST).step("ledger")
    assert (step.state, step.facts.digest) == ("done", closing.digest)
    Census.objects.update(state="open")
    step = chain_of(world.riverside.school, world.term, at=AUGUST).step("ledger")
    assert step.state != "done" and "正在核对" in step.facts.words


@pytest.mark.clause("2.5-a", "3.1-h", "3.1-j")
@pytest.mark.parametrize("lost", ["people", "post", "head", "letter", "duty"])
def test_readiness_asks_for_people_in_use_group_letter_and_somebody_at_every_place(world: World, lost: str):
    ready(world)
    school, said = world.riverside.school, {"by": world.riverside.by("asp_manager"), "at": AUGUST}
    assert states(world)["readiness"] == "done"
    if lost == "people":
        school.staff.update(state="proposed")
    elif lost == "post":
        GroupSeat.objects.filter(post="safety").update(ended_at=AUGUST, ended_by="校长", until_on=AUGUST.date())
    elif lost == "head":
        other = world.riverside.who["teacher"]
        GroupSeat.objects.filter(post="head").update(account=other)
        ResponsibilityLetter.objects.filter(school=school).update(account=other)
    elif lost == "letter":
        ResponsibilityLetter.objects.filter(school=school).delete()
    else:
        planning.add_point(school, "gate", "东门", [1], **said)
    step = chain_of(school, world.term, at=AUGUST).step("readiness")
    code = {"people": "R-FILING-01", "post": "R-ORG-01", "head": "R-ORG-02", "letter": "R-ORG-03", "duty": "R-SAFE-01"}
    assert step.state != "done" and step.facts.refusal.code == code[lost] and say(step.facts.refusal)
    if lost != "people":  # without people there is no list, which is another red check
        checks = draft_of(school, world.term, on=AUGUST.date()).checks
        assert [one.code for one in checks if one.state == "red"] == [code[lost]]


def test_a_place_that_nobody_leads_is_a_gap_unless_somebody_is_put_in_charge(world: World):
    ready(world)
    school = world.riverside.school
    assert safety_gaps(world.term) == safety_gaps(world.term, [school.pk]) == {}
    Activity.objects.filter(name="科学小实验").update(leader=None)
    gaps = safety_gaps(world.term)
    assert gaps == {school.pk: problems_of_matrix(safety_matrix(school, world.term))} and gaps[school.pk]
    activity = Activity.objects.get(name="科学小实验")
    rows = [(f"room:{activity.room_id}", slot.weekday, slot.first_hour, world.riverside.staff["duty_leader"])
            for slot in activity.slots.all()]  # fmt: skip
    planning.plan_duties(school, world.term, rows, by=world.riverside.by("asp_manager"), at=AUGUST)
    assert safety_gaps(world.term) == {}


def test_what_leaves_many_rows_is_proven_by_their_hash(world: World):
    closed_survey(world)
    ready(world)
    chain = chain_of(world.riverside.school, world.term, at=AUGUST)
    shown = {key: chain.step(key).facts.digest for key in ("basics", "readiness")}
    assert all(len(digest) == 64 for digest in shown.values())
    PolicyVersion.objects.filter(school=world.riverside.school, number=3).update(digest="0" * 64)
    again = chain_of(world.riverside.school, world.term, at=AUGUST)
    assert again.step("readiness").facts.digest != shown["readiness"]
    assert again.step("basics").facts.digest == shown["basics"]
    (one,) = OpinionRound.objects.filter(plan__school=world.riverside.school, number=1)
    sheet = OpinionSheet.objects.create(round=one, party="guardian", received_on=date(2026, 8, 12))
    Opinion.objects.create(sheet=sheet, topic="fee", stance="suggest", words="按月退费")
    said = chain_of(world.riverside.school, world.term, at=AUGUST).step("round1").facts.digest
    assert len(said) == 64 and said not in (one.version.digest, "")


def test_a_round_that_still_runs_waits_for_the_families(world: World):
    consult(world)
    during = moment(9, on=date(2026, 8, 12))
    step = chain_of(world.riverside.school, world.term, at=during).step("round1")
    assert step.state in ("begun", "late") and step.owes == "家长" and "截止" in step.facts.words


def test_while_it_lies_with_the_district_the_district_owes(world: World):
    from tests.filing import submitted

    submitted(world)
    step = chain_of(world.riverside.school, world.term, at=AUGUST).step("filing")
    assert (step.owes, step.facts.words) == ("区教委基教科", "已提交")
    assert step.facts.refusal and step.facts.refusal.code == "R-GATE-00"


def test_all_schools_cost_what_one_costs(world: World):
    accepted(world)
    spent = []
    for size in (1, 30):
        for number in range(size):
            School.objects.create(
                code=f"21509{size:02d}{number:03d}", name=f"试验{size}-{number}", kind="primary", town="双桂街道"
            )
        chains_of(School.objects.all(), world.term, at=AUGUST)
        with CaptureQueriesContext(connection) as found:
            assert len(chains_of(School.objects.all(), world.term, at=AUGUST)) >= size
        spent.append(len(found))
    assert spent[0] == spent[1] <= 45


def test_the_chain_prints_for_an_auditor(world: World):
    accepted(world)
    chain = chain_of(world.riverside.school, world.term, at=AUGUST)
    made = chain_paper(chain, address="https://kehou.example/", at=AUGUST)
    assert made.pdf.startswith(b"%PDF") and made.pages <= 2 and made.missing == ()
    all_of_them = chains_of(School.objects.order_by("code"), world.term, at=AUGUST)
    district = district_chain_paper(all_of_them, world.term, address="https://kehou.example/", at=AUGUST)
    assert district.pdf.startswith(b"%PDF") and district.pages <= 3 and district.missing == ()
    for one in (made, district):
        lines = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(one.pdf)).pages).splitlines()
        assert not [line for line in lines if re.search(r"2026-\d\d-\d\d", line)], "days are said in words"
        assert any(re.search(r"2026年\d+月\d+日", line) for line in lines)
    assert any(chain.step("filing").facts.digest[:16] in line for line in lines), "a fingerprint stands in one line"


def test_a_term_is_archived_once_when_all_is_done(world: World):
    after = moment(9, on=date(2027, 2, 20))
    by = world.riverside.by("principal")

    def whys() -> list[str]:
        with pytest.raises(Refused) as no:
            filing.archive(world.riverside.school, world.term, by=by, at=after)
        return [one.key for one in no.value.refusals]

    assert whys() == ["R-FLOW-01:archive_before"]
    closed_census(world)
    _everything(world)
    chain = chain_of(world.riverside.school, world.term, at=after)
    assert chain.now is not None and chain.now.kind.key == "archive", chain.now
    kept = filing.archive(world.riverside.school, world.term, by=by, at=after)
    assert kept.digest == digest_of(Archive.objects.get().content) == digest_of(chain_content(chain))
    assert whys()[0] == "R-FLOW-01:archived_already"
    assert chain_of(world.riverside.school, world.term, at=after).now is None


def _everything(world: World) -> None:
    """Write the bare rows that the steps around a filing are done by."""
    from kehou.chapters.allocation.models import Draw
    from kehou.chapters.enrolment.models import Agreement, Application, Registration
    from kehou.chapters.planning.models import CommitteeMeeting, Plan
    from kehou.chapters.programme.models import TablePublication

    school, term = world.riverside.school, world.term
    closed_survey(world)
    consult(world)
    accepted(world)
    plan = Plan.objects.get(school=school)
    CommitteeMeeting.objects.create(
        plan=plan, version=plan.versions.first(), held_on=date(2026, 8, 14), place="会议室", members=9, chair="王丽",
        noted_by="办公室", noted_at=AUGUST, closed_by="王丽", closed_at=AUGUST, digest="d" * 64,
    )  # fmt: skip
    opened = Registration.objects.create(
        school=school, term=term, opens_at=AUGUST, closes_at=moment(9, on=date(2026, 9, 4)), method="gsd",
        table=TablePublication.objects.get(), opened_by="办公室", opened_at=AUGUST,
    )  # fmt: skip
    Draw.objects.create(registration=opened, state="published", published_at=AUGUST, record_digest="c" * 64)
    application = Application.objects.create(
        registration=opened, pupil=world.mei, state="in_force", joins=True, digest="9" * 64
    )
    agreement = Agreement.objects.create(
        application=application, number="XY-1", content={}, digest="b" * 64, check_code="1" * 16, state="in_force",
        drawn_up_at=AUGUST, sign_by_on=date(2026, 9, 5),
    )  # fmt: skip
    Enrolment.objects.create(
        application=application, pupil=world.mei, school=school, term=term, agreement=agreement,
        from_on=term.service_from_on, until_on=term.service_until_on,
    )  # fmt: skip
    _served(world)


def _served(world: World) -> None:
    """Write a session, the settled months and the public account."""
    from kehou.chapters.programme.models import Slot
    from kehou.chapters.timetable.models import Session

    school, term = world.riverside.school, world.term
    slot = Slot.objects.first()
    Session.objects.create(
        school=school, term=term, slot=slot, planned_on=date(2026, 9, 7), on=date(2026, 9, 7),
        starts_at=slot.starts_at, ends_at=slot.ends_at, leader=world.riverside.staff["teacher"],
    )  # fmt: skip
    for month in (9, 10, 11, 12, 13):
        first = date(2026 + month // 13, (month - 1) % 12 + 1, 1)
        BillingRun.objects.create(school=school, month=first, started_by="报账员", started_at=AUGUST, settled_at=AUGUST)
    Publication.objects.create(
        school=school, term=term, kind="account", number="GS-1", title="收支公示", content={}, digest="a" * 64,
        published_at=AUGUST, published_by="校长",
    )  # fmt: skip
