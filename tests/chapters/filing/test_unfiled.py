"""What is changed after the acceptance is filed first: the table, the plan (2.7.2-g, 4-c)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kehou.chapters.filing import actions as filing
from kehou.chapters.filing import queries
from kehou.chapters.filing.queries.chain import chain_of
from kehou.chapters.journal.models import Letter
from kehou.chapters.planning import actions as plans
from kehou.chapters.planning import queries as planning
from kehou.chapters.planning.models import PlanVersion
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.models import AcceptedTable, ActivityTable
from kehou.chapters.programme.queries import standing
from kehou.chapters.timetable import actions as timetable
from kehou.chapters.timetable.models import Session
from kehou.rules.clauses import clauses_of
from kehou.rules.planning import Change, ChangeKind
from kehou.rules.sentences import say
from tests.chapters.programme.stage import row
from tests.filing import AUGUST, BY_PASSWORD, accepted
from tests.world import World

SCIENCE, NEW = "科学小实验", "围棋入门"
CHANGED = AUGUST + timedelta(days=20)  # 17 September, a Thursday
LATER = CHANGED + timedelta(days=12)


def make(world: World, at=CHANGED) -> timetable.Outcome:
    return timetable.make_sessions(world.riverside.school, world.term, by=world.riverside.by("asp_manager"), at=at)


def change(world: World, *, new: bool = True, room: str = "", **facts: object) -> ActivityTable:
    """Open the accepted table, change it and publish it again, as nothing keeps a school from doing."""
    place, manager = world.riverside, world.riverside.by("asp_manager")
    table = ActivityTable.objects.select_related("school", "term").get(school=place.school)
    programme.reopen(table, reason="家长要求", by=manager, at=CHANGED)
    science = standing(table).get(name=SCIENCE)
    grades = tuple(science.grades)
    if new:
        programme.add_activity(
            table,
            row(
                place,
                name=NEW,
                grades=grades,
                slots={5: 1},
                leader=place.staff["duty_leader"],
                room=place.rooms["P-01"],
            ),
            by=manager,
            at=CHANGED,
        )
    if room or facts:
        more = {"room": place.rooms[room]} if room else {}
        programme.change_activity(science, row(place, grades=grades, **more, **facts), by=manager, at=CHANGED)
    programme.publish(table, by=place.by("principal"), at=CHANGED)
    table.refresh_from_db()
    return table


def amend(world: World, at=LATER) -> filing.Filing:
    """Report the difference to the district."""
    place, principal = world.riverside, world.riverside.by("principal")
    one = filing.begin_amendment(place.school, world.term, reason="调整项目表", by=place.by("asp_manager"), at=at)
    return filing.submit(filing.sign(one, ink=BY_PASSWORD, by=principal, at=at), by=principal, at=at)


def rooms_of(name: str) -> set[str]:
    rows = Session.objects.filter(slot__activity__name=name, state=Session.PLANNED, on__gt=LATER.date())
    return set(rows.values_list("room__name", flat=True))


@pytest.mark.clause("2.7.2-g", "4-c")
def test_a_new_activity_gets_no_sessions_until_its_difference_is_accepted(world: World):
    one = accepted(world)
    assert AcceptedTable.objects.get().receipt_number == one.number
    make(world, AUGUST)
    assert queries.unfiled_of(world.riverside.school, world.term) is None
    change(world)
    outcome = make(world)
    (no,) = outcome.refusals
    assert no.key == "R-GATE-00:activity_not_filed" and NEW in say(no) and clauses_of(no.code)[0].id == "4-c"
    assert not outcome.changed and not Session.objects.filter(slot__activity__name=NEW).exists()
    amendment = amend(world)
    make(world, LATER)
    assert not Session.objects.filter(slot__activity__name=NEW).exists(), "what lies with the district is no acceptance"
    filing.accept(amendment, by=world.by_district("basic_education"), at=LATER)
    assert not make(world, LATER).refusals
    assert Session.objects.filter(slot__activity__name=NEW).exists()
    assert queries.unfiled_of(world.riverside.school, world.term) is None


@pytest.mark.clause("2.7.2-g", "4-c")
def test_a_changed_place_keeps_the_filed_one_and_a_changed_day_its_filed_day(world: World):
    accepted(world)
    make(world, AUGUST)
    before = rooms_of(SCIENCE)
    days = set(Session.objects.filter(slot__activity__name=SCIENCE).values_list("slot__weekday", flat=True))
    change(world, new=False, room="P-01", slots={5: 1})
    outcome = make(world)
    assert [no.key for no in outcome.refusals] == ["R-GATE-00:change_not_filed"]
    assert "时间、地点" in say(outcome.refusals[0]) and not outcome.changed and outcome.kept
    assert rooms_of(SCIENCE) == before
    filing.accept(amend(world), by=world.by_district("basic_education"), at=LATER)
    assert not make(world, LATER).refusals
    assert rooms_of(SCIENCE) != before
    held = Session.objects.filter(slot__activity__name=SCIENCE, state=Session.PLANNED, on__gt=LATER.date())
    assert set(held.values_list("slot__weekday", flat=True)) == {5} != days


def test_fewer_seats_and_an_activity_that_ends_hold_nobody_back_but_are_filed(world: World):
    accepted(world)
    make(world, AUGUST)
    change(world, new=False, capacity=12)
    assert not make(world).refusals
    found = queries.unfiled_of(world.riverside.school, world.term)
    assert found.what == ("项目表第2版",) and found.since == CHANGED


@pytest.mark.clause("2.7.2-g")
def test_the_gate_chain_opens_again_says_what_is_not_filed_and_until_when(world: World):
    school = world.riverside.school
    one = accepted(world)
    change(world)

    def step(at=CHANGED):
        return chain_of(school, world.term, at=at).step("filing")

    assert step().state == "begun" and one.number in step().facts.words
    assert "项目表第2版还没有报变更备案" in step().facts.words
    assert step().facts.refusal.key == "R-GATE-00:changes_not_filed" and say(step().facts.refusal)
    assert step().due_on == date(2026, 9, 21) and step(LATER).is_late, "three working days, the Sunday is worked"
    amendment = amend(world)
    with_district = step(LATER)
    assert with_district.owes == "区教委基教科" and "变更备案已提交" in with_district.facts.words
    assert with_district.facts.refusal.key == "R-GATE-00:changes_not_accepted" and say(with_district.facts.refusal)
    assert with_district.due_on > LATER.date() and not with_district.is_late, "the clock of the answer runs"
    filing.accept(amendment, by=world.by_district("basic_education"), at=LATER)
    assert step(LATER).state == "done"


def test_an_amended_plan_that_is_signed_waits_for_the_district_as_well(world: World):
    accepted(world)
    place, manager = world.riverside, world.riverside.by("asp_manager")
    plan = planning.plan_of(place.school, world.term)
    made = plans.propose_amendment(
        plan, reason="入冬", changes=[Change(ChangeKind.PLACE, SCIENCE, "科学室", "操场")],
        from_on=LATER.date() + timedelta(days=20), answer_by=LATER, by=manager, at=CHANGED,
    )  # fmt: skip
    assert queries.unfiled_of(place.school, world.term) is None, "what nobody has signed is not in force"
    before = planning.signed_version(plan)
    made.after = PlanVersion.objects.create(
        plan=plan, number=2, stage=PlanVersion.AMENDED, content=before.content, digest="9" * 64, made_by="办公室",
        made_at=LATER, signed_by="校长", signed_at=LATER,
    )  # fmt: skip
    made.save()
    assert queries.unfiled_of(place.school, world.term).what == ("实施方案第1次调整",)


def test_both_sides_are_told_once_when_the_days_for_it_are_over(world: World):
    accepted(world)
    change(world)
    filing.tell_of_late_filings_now(at=CHANGED)
    about = Letter.objects.filter(title__contains="还没有报变更备案")
    assert not about.exists()
    filing.tell_of_late_filings_now(at=LATER)
    assert set(about.values_list("to_account", flat=True)) == {
        world.riverside.who["principal"].pk, world.riverside.who["asp_manager"].pk,
        world.district["basic_education"].pk, world.district["basic_education_head"].pk,
    }  # fmt: skip
    filing.tell_of_late_filings_now(at=LATER + timedelta(days=1))
    assert about.count() == 4
