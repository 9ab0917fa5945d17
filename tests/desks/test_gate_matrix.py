"""The matrix of issue 4: each gate × each way in refuses with its code and its clause, and nothing is written.

A cell is a gate, a way in (action, page, import, command) and an attempt, at a school that has come just as far as the
gate. An action answers with the code of its rule; a page says the sentence and, under it, the clause. There is no
further desk for machines (ADR 0013); the one command that acts works off jobs, and a forged job meets the same action.
`test_gate_ways` names the ways that do not exist and proves it by the sources.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Registration
from kehou.chapters.filing import actions as filing
from kehou.chapters.filing.models import Pack
from kehou.chapters.money.actions.billing import make_bills
from kehou.chapters.money.models import Bill
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning.models import AdoptionTable, Clearance, OpinionRound, PlanVersion
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.models import ActivityTable, TablePublication
from kehou.chapters.timetable import actions as timetable
from kehou.chapters.timetable.actions.following import follow_calendar
from kehou.chapters.timetable.models import Session
from kehou.lib import jobs
from kehou.rules.clauses import clauses_of
from kehou.rules.verdicts import Refused
from tests.chapters.planning import stage
from tests.chapters.planning.stage import day
from tests.chapters.programme.stage import homework, row
from tests.consultation import closed_survey, consult
from tests.filing import AUGUST, BY_PASSWORD, accepted, prepared, ready
from tests.world import World, moment

OPENS, CLOSES = moment(8, on=date(2026, 9, 1)), moment(18, on=date(2026, 9, 10))
OPENING = {"opens_at": "2026-09-01T08:00", "closes_at": "2026-09-10T18:00", "method": "gsd"}
EARLY = "2026-08-23T09:00"  # two days after round 1 opens
SHEET = "活动名称,类别,类型,年级,星期,课时,人数上限,目标\n花样跳绳,文体,特色,3,周一,1,20,兴趣".encode()


# --- How far the school has come --------------------------------------------------------------------------------------


def nothing(world: World) -> None:
    """Leave the term empty."""


def drafted(world: World) -> None:
    stage.drafted(world)


def asked_once(world: World) -> None:
    stage.first_round(stage.drafted(world))


def asked_twice(world: World) -> None:
    way = stage.drafted(world)
    stage.met(way)
    stage.first_round(way)
    stage.told(way)
    stage.second_round(way)


def listed(world: World) -> None:
    """Draw up a table, and no plan."""
    by = world.riverside.by("asp_manager")
    table = programme.start_table(world.riverside.school, world.term, by=by, at=AUGUST)
    programme.add_activity(table, homework(world.riverside), by=by, at=AUGUST)


def consulted(world: World) -> None:
    """Do everything but the filing."""
    closed_survey(world)
    consult(world)
    ready(world)


def cleared(world: World) -> None:
    """Forge the acceptance, with nothing before it."""
    Clearance.objects.create(
        school=world.riverside.school, term=world.term, receipt_number="1", cleared_by="科", cleared_at=AUGUST
    )


def cleared_without_table(world: World) -> None:
    consult(world)
    cleared(world)


def changed_after_acceptance(world: World) -> None:
    """Get the filing accepted, then publish the table with an activity that lay in no filing."""
    one, place = accepted(world), world.riverside
    table = ActivityTable.objects.get(school=place.school)
    by = place.by("asp_manager")
    programme.reopen(table, reason="家长要求", by=by, at=AUGUST)
    new = row(
        place, name="围棋入门", grades=(1,), slots={5: 1}, room=place.rooms["P-01"], leader=place.staff["duty_leader"]
    )
    programme.add_activity(table, new, by=by, at=AUGUST)
    programme.publish(table, by=place.by("principal"), at=AUGUST)
    timetable.make_sessions(place.school, world.term, by=by, at=AUGUST)  # of what was filed
    assert one.number


# --- The ways in: an action answers with codes, a page with its words ---------------------------------------------------

Answer = tuple[set[str], str]  # codes of an action's refusal, text of a page


def acted(act: Callable[[World], Any]) -> Callable[[World, Client], Answer]:
    """Return the way through an action."""

    def go(world: World, client: Client) -> Answer:
        with pytest.raises(Refused) as no:
            act(world)
        return {one.code for one in no.value.refusals}, ""

    return go


def posted(
    name: str, given: dict[str, Any], *more: Any, role: str = "asp_manager"
) -> Callable[[World, Client], Answer]:
    """Return the way over a page of the school's desk."""

    def go(world: World, client: Client) -> Answer:
        client.force_login(world.riverside.who[role])
        address = reverse(f"school:{name}", args=(world.riverside.school.code, *more))
        answer = client.post(
            address, {key: value() if callable(value) else value for key, value in given.items()}, follow=True
        )
        assert answer.status_code in (200, 409, 422), answer.status_code
        return set(), answer.content.decode()

    return go


def open_registration(world: World) -> None:
    by = world.riverside.by("asp_manager")
    enrolment.open_registration(
        world.riverside.school, world.term, opens_at=OPENS, closes_at=CLOSES, method="gsd", by=by, at=AUGUST
    )


def make_sessions(world: World) -> None:
    by = world.riverside.by("asp_manager")
    timetable.make_sessions(world.riverside.school, world.term, by=by, at=AUGUST)


def make_sessions_of_all(world: World) -> None:
    """Make the sessions again: those of the new activity are refused, though the others stand."""
    by = world.riverside.by("asp_manager")
    raise Refused(*timetable.make_sessions(world.riverside.school, world.term, by=by, at=AUGUST).refusals)


def follow_the_calendar(world: World, client: Client) -> Answer:
    """Let the worker bring the sessions in line with the calendar."""
    school = world.riverside.school
    jobs.ask(
        follow_calendar, key="forged", title="按校历核对课次", by=world.riverside.by("asp_manager"), at=AUGUST,
        school_code=school.code, school=school.code, term=world.term.code,
    )  # fmt: skip
    jobs.work_off()
    assert not Session.objects.filter(slot__activity__name="围棋入门").exists()
    return {"R-GATE-00"}, ""


def follow_the_calendar_without_a_table(world: World, client: Client) -> Answer:
    """Let the worker bring the sessions in line: it closes days and makes nothing; what would make them refuses."""
    school = world.riverside.school
    asked = jobs.ask(
        follow_calendar, key="forged", title="按校历核对课次", by=world.riverside.by("asp_manager"), at=AUGUST,
        school_code=school.code, school=school.code, term=world.term.code,
    )  # fmt: skip
    jobs.work_off()
    asked.refresh_from_db()
    assert (asked.state, asked.result["made"]) == ("done", 0)
    return acted(make_sessions)(world, client)


def bring_in_a_past_filing(world: World) -> None:
    """Bring in a filing of the running term as if it were an old one, then try to open."""
    filing.record_past(
        world.riverside.school, world.term, number="旧-1", accepted_on=date(2026, 8, 20),
        by=world.by_district("basic_education"), at=AUGUST,
    )  # fmt: skip
    open_registration(world)


def open_round(number: int, closes: Any, at: Any) -> Callable[[World], None]:
    def go(world: World) -> None:
        plan = world.riverside.school.plans.get()
        planning.open_round(plan, number, closes_at=closes, by=world.riverside.by("asp_manager"), at=at)

    return go


def publish_answers(world: World) -> None:
    planning.publish_adoption(world.riverside.school.plans.get(), by=world.riverside.by("asp_manager"), at=day(12))


def finish_plan(world: World) -> None:
    planning.prepare_final(world.riverside.school.plans.get(), by=world.riverside.by("asp_manager"), at=day(12))


def publish_table(world: World) -> None:
    table = world.riverside.school.activity_tables.get()
    programme.publish(table, by=world.riverside.by("principal"), at=AUGUST)


def sign_filing(world: World) -> None:
    filing.sign(prepared(world), ink=BY_PASSWORD, by=world.riverside.by("principal"), at=AUGUST)


def worked_off(world: World, client: Client) -> Answer:
    """Forge a job and let it be worked off as the worker's command does."""
    school = world.riverside.school
    asked = jobs.ask(
        make_bills, key="forged", title="缴费单", by=world.riverside.by("cashier"), at=AUGUST, school_code=school.code,
        school_id=school.pk, month="2026-09-01",
    )  # fmt: skip
    jobs.work_off()
    asked.refresh_from_db()
    assert asked.state == "failed"
    return set(), asked.problem


@dataclass(frozen=True)
class Cell:
    """One cell: the gate, the way in, how far the school has come, the attempt, what a page says, the hour."""

    gate: str
    way: str
    before: Callable[[World], None]
    attempt: Callable[[World, Client], Answer]
    words: str = ""
    at: Any = AUGUST

    def __str__(self) -> str:
        return f"{self.gate} {self.way}"


MATRIX = [
    Cell("R-GATE-00", "action: registration", consulted, acted(open_registration)),
    Cell("R-GATE-00", "action: sessions", consulted, acted(make_sessions)),
    Cell("R-GATE-00", "page: registration", consulted, posted("registration_opening", OPENING), "备案"),
    Cell("R-GATE-00", "page: sessions", consulted, posted("session_making", {}), "备案还没有通过"),
    Cell("R-GATE-00", "page: bills", consulted, posted("bill_run", {"month": "2026-09"}, role="cashier"), "备案还没有通过"),
    Cell("R-GATE-00", "action: sessions of what was changed since", changed_after_acceptance, acted(make_sessions_of_all)),
    Cell("R-GATE-00", "page: sessions of what was changed since", changed_after_acceptance, posted("session_making", {}),
         "“围棋入门”是备案通过以后新增的活动"),
    Cell("R-GATE-00", "command: the calendar after a change", changed_after_acceptance, follow_the_calendar),
    Cell("R-GATE-00", "import: an old filing", consulted, acted(bring_in_a_past_filing)),
    Cell("R-GATE-00", "command: worker", consulted, worked_off, "备案还没有通过"),
    Cell("R-GATE-01", "action: registration", cleared, acted(open_registration)),
    Cell("R-GATE-01", "page: registration", cleared, posted("registration_opening", OPENING), "还没有征求家长意见"),
    Cell("R-GATE-02", "action: registration", cleared_without_table, acted(open_registration)),
    Cell("R-GATE-02", "action: sessions", cleared_without_table, acted(make_sessions)),
    Cell("R-GATE-02", "page: registration", cleared_without_table, posted("registration_opening", OPENING), "项目表还没有公布"),
    Cell("R-GATE-02", "page: sessions", cleared_without_table, posted("session_making", {}), "项目表还没有公布"),
    Cell("R-GATE-02", "command: the calendar", cleared_without_table, follow_the_calendar_without_a_table),
    Cell("R-GATE-02", "import: a table over a public one", consulted,
         posted("table_sheet", {"step": "take", "file": lambda: SimpleUploadedFile("表.csv", SHEET)}), "要改请先重新打开"),
    Cell("R-GATE-03", "action: round 1", drafted, acted(open_round(1, day(3), day(1)))),
    Cell("R-GATE-03", "page: round 1", drafted, posted("round_opening", {"closes_at": EARLY}, 1), "至少要5天", day(1)),
    Cell("R-GATE-03", "action: final plan", drafted, acted(finish_plan)),
    Cell("R-GATE-03", "page: final plan", drafted, posted("plan_final", {}), "还没有开第一轮征求意见", day(12)),
    Cell("R-GATE-04", "action: round 2", drafted, acted(open_round(2, day(9), day(1)))),
    Cell("R-GATE-04", "page: round 2", drafted, posted("round_opening", {"closes_at": "2026-08-29T09:00"}, 2), "第二轮", day(1)),
    Cell("R-GATE-04", "action: answers", asked_once, acted(publish_answers)),
    Cell("R-GATE-04", "page: answers", asked_once, posted("adoption_publication", {}), "还没有再次征求意见", day(12)),
    Cell("R-GATE-04", "page: final plan", asked_once, posted("plan_final", {}), "还没有再次征求意见", day(12)),
    Cell("R-GATE-05", "action: final plan", asked_twice, acted(finish_plan)),
    Cell("R-GATE-05", "page: final plan", asked_twice, posted("plan_final", {}), "意见采纳表还没有公布", day(12)),
    Cell("R-GATE-05", "action: table", listed, acted(publish_table)),
    Cell("R-GATE-05", "page: table", listed, posted("table_publication", {}, role="principal"), "实施方案还没有由校长签发"),
    Cell("R-GATE-05", "action: filing", nothing, acted(sign_filing)),
    Cell("R-GATE-05", "page: filing", prepared, posted("filing_move", {"move": "sign", "password": ""}, role="principal"), "定稿后再签发"),
]  # fmt: skip


@pytest.mark.clause("4-b", "4-c", "2.7.2-c", "2.7.2-e")
@pytest.mark.parametrize("cell", MATRIX, ids=str)
def test_a_gate_refuses_every_way_in(world: World, client: Client, at_moment, cell: Cell):
    cell.before(world)
    at_moment(cell.at)
    written = _written()
    codes, said = cell.attempt(world, client)
    clauses = clauses_of(cell.gate)
    assert clauses
    if cell.words:
        assert cell.words in said
        if cell.way.startswith("page"):
            assert any(f"（{clause.id}）" in said for clause in clauses), "the page does not say the clause"
    else:
        assert cell.gate in codes
    assert _written() == written


def _written() -> list[int]:
    """Count what no closed gate may let through."""
    rows = (Registration, Session, Bill, Pack, OpinionRound, AdoptionTable, TablePublication, PlanVersion)
    kept = [model.objects.count() for model in rows[:3]]
    # An old filing that is brought in keeps its own pack; it opens nothing.
    return [*kept, Pack.objects.exclude(filing__kind="past").count(), *(model.objects.count() for model in rows[4:])]


def test_the_matrix_leaves_no_gate_out():
    assert {cell.gate for cell in MATRIX} == {f"R-GATE-0{number}" for number in range(6)}
    for gate in {cell.gate for cell in MATRIX}:
        assert {cell.way.split(":")[0] for cell in MATRIX if cell.gate == gate} >= {"action", "page"}
