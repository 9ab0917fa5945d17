"""Two officers, two workers, two thumbs at the same instant: what is decided, asked or used, is so once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from kehou.chapters.basis import actions as basis
from kehou.chapters.basis.models import ParameterVersion
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.filing import actions as filing
from kehou.chapters.filing.models import Filing
from kehou.chapters.journal import actions as journal
from kehou.chapters.journal.models import Entry, Seal
from kehou.chapters.people.actions import sign_in
from kehou.chapters.planning.models import Clearance
from kehou.lib import clock, jobs
from kehou.lib.actors import SYSTEM, Actor
from kehou.lib.jobs import running, schedule
from kehou.lib.models import DueJob, JobReport
from kehou.rules.verdicts import Refused
from tests.filing import submitted as filed
from tests.lib import errands
from tests.races.test_seats import race
from tests.world import TODAY, build, moment

pytestmark = pytest.mark.django_db(transaction=True)
AT = moment()
THREADS = 6


def done(results: list[object]) -> list[object]:
    """Return what was not refused."""
    return [one for one in results if not isinstance(one, Refused)]


def test_a_proposal_is_decided_once():
    ground = basis.add_instrument("1号", title="批复", issuer="区", issued_on=date(2026, 1, 1), by=SYSTEM, at=AT)
    soon = TODAY + timedelta(days=10)
    version = basis.propose_parameter(
        "slot.break_minutes", 5, from_on=soon, instrument=ground, approval_reference="1", by=SYSTEM, at=AT
    )
    officers = [Actor(number, f"科长{number}", "科长") for number in range(THREADS)]
    decide = [
        (lambda by=by: basis.approve_parameter(version, by=by, at=AT))
        if by.account_id % 2
        else (lambda by=by: basis.reject_parameter(version, reason="不", by=by, at=AT))
        for by in officers
    ]
    assert len(done(race(*decide))) == 1
    state = ParameterVersion.objects.get().state
    assert parameters_on(soon).slot.break_minutes == (5 if state == "in_force" else 10)
    assert Entry.objects.filter(verb__in=("basis.parameter_approved", "basis.parameter_rejected")).count() == 1


def test_two_proposals_for_one_day_come_into_force_once():
    ground = basis.add_instrument("1号", title="批复", issuer="区", issued_on=date(2026, 1, 1), by=SYSTEM, at=AT)
    soon = TODAY + timedelta(days=10)
    versions = [
        basis.propose_parameter(
            "slot.break_minutes", minutes, from_on=soon, instrument=ground, approval_reference="1", by=SYSTEM, at=AT
        )
        for minutes in range(THREADS)
    ]
    race(*[lambda one=one: basis.approve_parameter(one, by=SYSTEM, at=AT) for one in versions])
    assert ParameterVersion.objects.filter(state=ParameterVersion.IN_FORCE).count() == 1


def test_a_filing_is_accepted_once_and_gets_one_number():
    world = build()
    filed(world, at=AT)
    district = world.by_district("basic_education")

    def accepting():
        seen = Filing.objects.select_related("school", "term", "pack").get()
        return lambda: filing.accept(seen, by=district, at=AT)

    assert len(done(race(*[accepting() for _ in range(THREADS)]))) == 1
    row = Filing.objects.get()
    assert (row.number[-2:], Clearance.objects.count()) == ("01", 1)


def test_two_officers_one_accepts_one_returns_and_the_school_withdraws():
    world = build()
    filed(world, at=AT)
    district, principal = world.by_district("basic_education"), world.riverside.by("principal")

    def way(act: Callable[..., object], **given: object) -> Callable[[], object]:
        seen = Filing.objects.select_related("school", "term", "pack").get()
        return lambda: act(seen, at=AT, **given)

    ways = [
        *(way(filing.accept, by=district) for _ in range(2)),
        *(way(filing.send_back, items={"F3": "改"}, by=district) for _ in range(2)),
        *(way(filing.withdraw, by=principal) for _ in range(2)),
    ]
    assert len(done(race(*ways))) == 1
    row = Filing.objects.get()
    assert row.state in ("accepted", "returned", "draft")
    assert Clearance.objects.count() == (row.state == "accepted")
    assert row.items.count() == (row.state == "returned")


def test_a_school_begins_one_amendment():
    world = build()
    filing.accept(filed(world, at=AT), by=world.by_district("basic_education"), at=AT)
    manager = world.riverside.by("asp_manager")

    def begin():
        return lambda: filing.begin_amendment(world.riverside.school, world.term, reason="加人", by=manager, at=AT)

    assert len(done(race(*[begin() for _ in range(THREADS)]))) == 1
    assert Filing.objects.filter(kind="amendment").count() == 1


def test_a_one_time_code_lets_one_in():
    world = build()
    phone = world.guardian.phone
    code = sign_in.ask_code(phone, address="1", at=AT)
    came_in = done(race(*[lambda: sign_in.check_code(phone, code, address="1", at=AT) for _ in range(THREADS)]))
    assert len(came_in) == 1


def test_a_job_is_asked_once_and_taken_once():
    def asking():
        return lambda: jobs.ask(errands.count, key="k", title="t", by=SYSTEM, at=AT, to=3)

    reports = race(*[asking() for _ in range(THREADS)])
    assert len({report.pk for report in reports}) == 1
    assert (JobReport.objects.count(), DBTaskResult.objects.count()) == (1, 1)
    report = reports[0]
    race(*[lambda: running.run(report.pk, report.turn) for _ in range(THREADS)])
    assert errands.done_steps("k") == ["0", "1", "2"]
    assert JobReport.objects.get().attempts == 1


def test_workers_ask_for_a_due_job_once():
    schedule.prepare()
    DueJob.objects.exclude(name=errands.come_back.path).delete()
    due = DueJob.objects.get()
    assert due.due_at <= clock.wall()
    assert sum(race(*[schedule.tick for _ in range(THREADS)])) == 1
    assert DBTaskResult.objects.count() == 1


def test_two_workers_that_seal_at_once_make_one_chain():
    world = build()
    journal.write_many([("basis.day_set", world.term, {})] * 30, by=SYSTEM, at=AT)
    race(*[lambda: journal.seal_now(at=AT) for _ in range(THREADS)])
    journal.seal_now(at=AT)
    assert journal.verify_now() == []
    assert sum(seal.entries for seal in Seal.objects.all()) == Entry.objects.count()
