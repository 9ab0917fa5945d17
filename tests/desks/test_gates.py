"""Each gate × each way in: action, page, job of the worker, command. What is held back is refused by the facts, always
with the code of its rule, and nothing is written (R-GATE-00…02, 2.4-p, 2.6.2-f, 4-c)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import get_commands
from django.test import Client
from django.urls import reverse

from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Registration
from kehou.chapters.filing import actions as filing
from kehou.chapters.filing.models import Filing, Pack
from kehou.chapters.money import actions as money
from kehou.chapters.money.actions.billing import make_bills, run_bills
from kehou.chapters.money.models import Bill, BillingRun
from kehou.chapters.planning.models import Clearance
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.models import TablePublication
from kehou.chapters.timetable import actions as timetable
from kehou.chapters.timetable.actions.following import follow_calendar
from kehou.chapters.timetable.models import Session
from kehou.lib import jobs
from kehou.rules.clauses import clauses_of
from kehou.rules.verdicts import Refused
from tests.chapters.programme.stage import homework
from tests.consultation import closed_survey, consult
from tests.filing import AUGUST, BY_PASSWORD, prepared, ready
from tests.world import World, moment

OPENS, CLOSES = moment(8, on=date(2026, 9, 1)), moment(18, on=date(2026, 9, 10))
MONTH = date(2026, 9, 1)
Way = Callable[[World, Client], list[str]]


def refused(act: Callable[[], Any]) -> list[str]:
    """Return the codes of what an action refuses."""
    with pytest.raises(Refused) as no:
        act()
    return sorted({one.code for one in no.value.refusals})


def page(client: Client, account: Any, name: str, given: dict[str, Any], world: World) -> str:
    """Return what a page says after a POST that must not succeed."""
    client.force_login(account)
    answer = client.post(reverse(f"school:{name}", args=(world.riverside.school.code,)), given)
    assert answer.status_code in (200, 409, 422), answer.status_code
    return answer.content.decode()


# --- The ways in ------------------------------------------------------------------------------------------------------


def open_by_action(world: World) -> list[str]:
    return refused(
        lambda: enrolment.open_registration(
            world.riverside.school, world.term, opens_at=OPENS, closes_at=CLOSES, method="gsd",
            by=world.riverside.by("asp_manager"), at=AUGUST,
        )
    )  # fmt: skip


def sessions_by_action(world: World) -> list[str]:
    by = world.riverside.by("asp_manager")
    return refused(lambda: timetable.make_sessions(world.riverside.school, world.term, by=by, at=AUGUST))


def bills_by_action(world: World) -> list[str]:
    by = world.riverside.by("cashier")
    return refused(lambda: money.ask_for_bills(world.riverside.school, MONTH, by=by, at=AUGUST))


def bill_of_one(world: World) -> list[str]:
    by = world.riverside.by("cashier")
    return refused(lambda: money.make_bill(world.mei, MONTH, by=by, at=AUGUST))


def bills_by_hand(world: World) -> list[str]:
    return refused(lambda: run_bills(world.riverside.school, MONTH, by=world.riverside.by("cashier"), at=AUGUST))


ACTIONS = {
    "registration": (open_by_action, "R-GATE-00"),
    "sessions": (sessions_by_action, "R-GATE-00"),
    "bills": (bills_by_action, "R-GATE-00"),
    "bill of one child": (bill_of_one, "R-GATE-00"),
    "bills run by hand": (bills_by_hand, "R-GATE-00"),
}


@pytest.fixture(autouse=True)
def august(at_moment) -> None:
    at_moment(AUGUST)


@pytest.fixture
def consulted(world: World) -> World:
    """Return the world with everything done but the filing."""
    closed_survey(world)
    consult(world)
    ready(world)
    return world


@pytest.mark.clause("4-c")
@pytest.mark.parametrize("what", ACTIONS)
def test_nothing_begins_by_an_action_before_the_filing(consulted: World, what: str):
    act, code = ACTIONS[what]
    assert code in act(consulted)
    assert clauses_of(code)
    assert not Registration.objects.exists() and not Session.objects.exists() and not Bill.objects.exists()


@pytest.mark.clause("2.6.2-f")
def test_without_an_accepted_fund_plan_no_bill_is_made_whatever_the_way(consulted: World):
    for act in (bills_by_action, bill_of_one, bills_by_hand):
        assert "R-FILING-02" in act(consulted)
    assert not BillingRun.objects.exists() and not jobs.JobReport.objects.exists()


@pytest.mark.clause("4-c")
def test_nothing_begins_by_a_page_before_the_filing(client: Client, consulted: World):
    who = consulted.riverside.who
    opening = {"opens_at": "2026-09-01T08:00", "closes_at": "2026-09-10T18:00", "method": "gsd"}
    assert "备案" in page(client, who["asp_manager"], "registration_opening", opening, consulted)
    assert "本学期备案还没有通过，不能开缴费单" in page(
        client, who["cashier"], "bill_run", {"month": "2026-09"}, consulted
    )
    assert "备案还没有通过" in page(client, who["asp_manager"], "session_making", {}, consulted)
    assert not Registration.objects.exists() and not Session.objects.exists() and not Bill.objects.exists()


def test_a_job_asked_for_by_another_way_is_refused_by_the_worker(consulted: World):
    by, school = consulted.riverside.by("cashier"), consulted.riverside.school
    asked = jobs.ask(
        make_bills, key="forged", title="缴费单", by=by, at=AUGUST, school_code=school.code, school_id=school.pk,
        month=MONTH.isoformat(),
    )  # fmt: skip
    followed = jobs.ask(
        follow_calendar, key="forged too", title="课次", by=by, at=AUGUST, school_code=school.code, school=school.code,
        term=consulted.term.code,
    )  # fmt: skip
    jobs.work_off()
    asked.refresh_from_db()
    followed.refresh_from_db()
    assert asked.state == "failed" and "备案" in asked.problem
    assert followed.result.get("made", 0) == 0
    assert not Bill.objects.exists() and not Session.objects.exists()


def test_no_command_opens_bills_or_makes_sessions():
    """What the house can be told at the console is listed here; a new command has to be looked at."""
    ours = {name for name, app in get_commands().items() if str(app).startswith("kehou.")}
    assert ours <= {"seed", "seed_later", "demo", "install", "worker", "journal", "content_lint", "roster"}


@pytest.mark.clause("4-c")
def test_after_a_lapse_the_gate_is_shut_again(consulted: World):
    one = filing.sign(prepared(consulted), ink=BY_PASSWORD, by=consulted.riverside.by("principal"), at=AUGUST)
    one = filing.submit(one, by=consulted.riverside.by("principal"), at=AUGUST)
    district = consulted.by_district("basic_education")
    one = filing.accept(one, by=district, at=AUGUST)
    timetable.make_sessions(
        consulted.riverside.school, consulted.term, by=consulted.riverside.by("asp_manager"), at=AUGUST
    )
    made = Session.objects.count()
    filing.lapse(one, reason="材料不实", by=district, at=AUGUST + timedelta(hours=1))
    for act in (open_by_action, sessions_by_action, bills_by_action):
        assert "R-GATE-00" in act(consulted)
    assert Session.objects.count() == made  # what stands is not undone in a moment


@pytest.mark.clause("4-b")
def test_nobody_registers_and_no_table_is_published_before_the_families_were_asked(world: World, client: Client):
    Clearance.objects.create(
        school=world.riverside.school, term=world.term, receipt_number="1", cleared_by="科", cleared_at=AUGUST
    )
    assert "R-GATE-01" in open_by_action(world)
    place = world.riverside
    table = programme.start_table(place.school, world.term, by=place.by("asp_manager"), at=AUGUST)
    programme.add_activity(table, homework(place), by=place.by("asp_manager"), at=AUGUST)
    assert "R-GATE-05" in refused(lambda: programme.publish(table, by=place.by("principal"), at=AUGUST))
    assert not TablePublication.objects.exists()
    opening = {"opens_at": "2026-09-01T08:00", "closes_at": "2026-09-10T18:00", "method": "gsd"}
    assert "征求" in page(client, place.who["asp_manager"], "registration_opening", opening, world)


def test_the_table_is_asked_for_as_well_where_it_is_needed(world: World):
    consult(world)
    Clearance.objects.create(
        school=world.riverside.school, term=world.term, receipt_number="1", cleared_by="科", cleared_at=AUGUST
    )
    assert open_by_action(world) == ["R-GATE-02"]
    assert sessions_by_action(world) == ["R-GATE-02"]


def test_a_filing_is_not_signed_past_its_gates(world: World, client: Client):
    assert {"R-GATE-02", "R-GATE-05"} <= set(
        refused(lambda: filing.sign(prepared(world), ink=BY_PASSWORD, by=world.riverside.by("principal"), at=AUGUST))
    )
    said = page(client, world.riverside.who["principal"], "filing_move", {"move": "sign", "password": ""}, world)
    assert "公布后再签发备案" in said
    assert Filing.objects.get().state == "draft" and not Pack.objects.exists()


@pytest.mark.parametrize("state", ["draft", "signed", "submitted", "received", "returned", "lapsed", "given_up"])
def test_no_state_but_accepted_opens_anything(consulted: World, state: str):
    """Whatever a filing's row says, only the clearance that acceptance delivers is asked."""
    prepared(consulted)
    Filing.objects.update(state=state)
    assert "R-GATE-00" in open_by_action(consulted) and "R-GATE-00" in sessions_by_action(consulted)
    Filing.objects.update(state="accepted")  # somebody who writes the row by hand gains nothing
    assert "R-GATE-00" in open_by_action(consulted)
