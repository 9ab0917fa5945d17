"""The stage of the filings: Riverside with a published table and people, so that its pack can be signed."""

from __future__ import annotations

from datetime import date, datetime

from kehou.chapters.filing import actions as filing
from kehou.chapters.filing.models import Filing
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning.queries import parameters_of_term
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.models import ActivityTable
from kehou.rules.fund_plan import starting_plan
from tests.chapters.planning.shelf_stage import AT, ON, adopted
from tests.chapters.programme.stage import homework, row
from tests.consultation import consult
from tests.world import Place, World, moment

AUGUST = moment(9, on=date(2026, 8, 28))
BY_PASSWORD = filing.Ink(confirmed=True)


def ready(world: World, place: Place | None = None, *, at: datetime = AUGUST) -> ActivityTable:
    """Return the published table of a place that has everything a pack needs."""
    here = place or world.riverside
    manager = here.by("asp_manager")
    consult(world, "riverside" if here is world.riverside else "hill")
    grades = tuple(sorted({grade for grade, _ in here.homerooms}))
    table = programme.start_table(here.school, world.term, by=manager, at=at)
    for facts in (homework(here, grades), row(here, grades=grades[:2])):
        programme.add_activity(table, facts, by=manager, at=at)
    consult(world, here)
    programme.publish(table, by=here.by("principal"), at=at)
    furnish(world, here)
    table.refresh_from_db()
    return table


def furnish(world: World, here: Place) -> None:
    """Give a place its papers: the leading group with its letter, the shelf, the fund plan, what belongs to safety."""
    manager, principal, term = here.by("asp_manager"), here.by("principal"), world.term
    adopted(world, place=here)
    planning.sign_letter(here.school, term, by=principal, at=AT)
    people = [(1, 40), (2, 200), (3, 20)]
    plan = starting_plan(parameters_of_term(term), months=5, people_by_tier=people, waived=12)
    draft = planning.draft_fund(here.school, term, plan, by=here.by("cashier"), at=AT)
    planning.sign_fund(here.school, term, edition=draft.edition, approved_on=ON, by=principal, at=AT)
    planning.plan_drill(
        here.school, term, scenario="fire", planned_on=date(2026, 10, 21), place="教学楼", leader="值班领导", plan="",
        by=manager, at=AT,
    )  # fmt: skip
    for kind, partner in (("liaison", "双桂派出所"), ("traffic", "")):
        planning.record_safety(
            here.school, term, kind=kind, partner=partner, words="放学时段到正门疏导", measures="分三批离校", held_on=ON,
            by=manager, at=AT,
        )  # fmt: skip


def prepared(
    world: World, note: str = "实施方案、经费方案、名单、项目表", *, place: Place | None = None, at: datetime = AUGUST
) -> Filing:
    """Return the filing of a place with its note."""
    here = place or world.riverside
    return filing.prepare(here.school, world.term, note=note, by=here.by("asp_manager"), at=at)


def signed(world: World, *, place: Place | None = None, at: datetime = AUGUST) -> Filing:
    """Return a filing that the principal has signed; the pack is made ready first."""
    here = place or world.riverside
    if not ActivityTable.objects.filter(school=here.school, term=world.term).exists():
        ready(world, here, at=at)
    one = prepared(world, place=here, at=at)
    return filing.sign(one, ink=BY_PASSWORD, by=here.by("principal"), at=at)


def submitted(world: World, *, place: Place | None = None, at: datetime = AUGUST) -> Filing:
    """Return a filing that lies with the district."""
    here = place or world.riverside
    return filing.submit(signed(world, place=here, at=at), by=here.by("principal"), at=at)


def accepted(world: World, *, place: Place | None = None, at: datetime = AUGUST) -> Filing:
    """Return an accepted filing."""
    return filing.accept(submitted(world, place=place, at=at), by=world.by_district("basic_education"), at=at)
