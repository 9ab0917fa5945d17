"""A job is done once, whoever dies; it says how far it is and why it failed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django_tasks_db.models import DBTaskResult

from kehou.lib import clock, jobs
from kehou.lib.actors import SYSTEM, Actor
from kehou.lib.jobs import running, schedule, tasks
from kehou.lib.jobs.reaping import Reaper
from kehou.lib.jobs.worker import do_one
from kehou.lib.models import DueJob, JobLease, JobReport
from tests.lib import errands

BY = Actor(7, "王芳", "课后服务管理员", "2150990001")


def asked(task: jobs.Job = errands.count, key: str = "k", **arguments: object) -> JobReport:
    if task is errands.count:
        arguments.setdefault("to", 3)
    return jobs.ask(task, key=key, title="数数", by=BY, at=clock.now(), school_code=BY.school_code, **arguments)


def ready_now() -> None:
    DBTaskResult.objects.filter(status="READY").update(run_after=clock.wall() - timedelta(seconds=1))


def test_what_was_done_at_once_is_a_job_that_is_done_and_not_queued(db: None) -> None:
    at = clock.now()
    done = jobs.Done(steps=3, saying="数完了", result={"to": 3}, link="/x/", took=timedelta(seconds=9))
    report = jobs.note_done(
        errands.count, key="k", title="数数", by=BY, at=at, done=done, school_code=BY.school_code, to=3
    )
    assert (report.state, report.finished_at, report.saying) == (JobReport.DONE, at + timedelta(seconds=9), "数完了")
    assert not DBTaskResult.objects.exists() and asked().pk == report.pk
    with pytest.raises(ValueError, match="already"):
        jobs.note_done(errands.count, key="k", title="数数", by=BY, at=at, done=done)


# --- Asking -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_it_is_done_and_says_what_came_of_it():
    report = asked()
    assert (report.state, report.asked_by) == (JobReport.WAITING, "王芳")
    assert jobs.work_off() == 1
    report.refresh_from_db()
    assert (report.state, report.result, report.result_link) == (JobReport.DONE, {"counted": 3}, "/counted/")
    assert (report.done_steps, report.all_steps, report.percent, report.saying) == (3, 3, 100, "第3个")
    assert errands.done_steps("k") == ["0", "1", "2"]
    assert not JobLease.objects.exists()
    assert list(DBTaskResult.objects.values_list("status", flat=True)) == ["SUCCESSFUL"]


@pytest.mark.django_db
def test_asking_twice_for_one_key_gives_one_job():
    assert asked().pk == asked().pk
    assert jobs.work_off() == 1
    assert asked().state == JobReport.DONE  # done is done
    assert jobs.work_off() == 0
    assert asked(key="another").state == JobReport.WAITING


@pytest.mark.django_db(transaction=True)
def test_it_vanishes_with_the_transaction_that_asked_for_it():
    class Undo(Exception):
        pass

    with pytest.raises(Undo), transaction.atomic():
        asked()
        raise Undo
    assert not JobReport.objects.exists()
    assert not DBTaskResult.objects.exists()


@pytest.mark.django_db
def test_it_may_be_done_again_when_it_is_over_and_not_before():
    report = asked()
    assert not jobs.again(report, by=SYSTEM, at=clock.now())
    jobs.work_off()
    report.refresh_from_db()
    assert jobs.again(report, by=SYSTEM, at=clock.now())
    assert (report.state, report.asked_by) == (JobReport.WAITING, "系统")
    assert jobs.work_off() == 1


# --- Failing ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_accident_is_tried_again_with_growing_pauses():
    report = asked(errands.stumble, times=2)
    jobs.work_off()
    report.refresh_from_db()
    assert (report.state, report.attempts, report.problem) == (JobReport.WAITING, 1, "数据库一时没有回应。")
    assert report.next_try_at > clock.wall()
    assert jobs.work_off() == 0  # not before the pause is over
    for _ in range(2):
        ready_now()
        jobs.work_off()
    report.refresh_from_db()
    assert (report.state, report.attempts, report.problem, report.next_try_at) == (JobReport.DONE, 3, "", None)


def test_the_pauses_grow_up_to_an_hour():
    pauses = [tasks.pause_after(attempts).total_seconds() for attempts in range(1, 8)]
    assert pauses == [10, 40, 160, 640, 2560, 3600, 3600]


@pytest.mark.django_db
def test_it_stops_trying_and_says_so_in_words():
    report = asked(errands.stumble, times=99)
    for _ in range(5):
        ready_now()
        jobs.work_off()
    report.refresh_from_db()
    assert (report.state, report.attempts) == (JobReport.FAILED, 3)
    assert report.problem == "数据库一时没有回应。已试3次，不再自动重试。"
    assert asked(errands.stumble, times=0).state == JobReport.WAITING  # asked again it begins anew
    assert jobs.work_off() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("task", "words"), [(errands.give_up, "名单是空的。"), (errands.be_refused, "没有“x”这个参数。")]
)
def test_an_answer_is_not_an_accident(task, words):
    report = asked(task)
    jobs.work_off()
    report.refresh_from_db()
    assert (report.state, report.attempts, report.problem) == (JobReport.FAILED, 1, words)


@pytest.mark.django_db
def test_a_job_that_the_program_no_longer_knows_fails_in_words():
    report = asked()
    JobReport.objects.update(task_path="tests.lib.errands.gone")
    jobs.work_off()
    report.refresh_from_db()
    assert report.state == JobReport.FAILED
    assert "没有这个任务" in report.problem


# --- Dying ------------------------------------------------------------------------------------------------------------


def killed_at_work(report: JobReport) -> JobLease:
    """Leave the traces of a worker that was killed in the middle."""
    row = DBTaskResult.objects.get(id=report.job_id)
    row.claim("dead")
    running._take(report.pk, report.turn)
    return JobLease.objects.get()


@pytest.mark.django_db
@override_settings(JOB_LEASE_SECONDS=0, JOB_BEAT_SECONDS=0)
def test_a_stopped_heart_gives_its_job_to_another():
    report = asked()
    killed_at_work(report)
    reaper = Reaper()
    assert [reaper.look() for _ in range(3)] == [0, 0, 1]  # sees it, knocks, takes it
    report.refresh_from_db()
    assert (report.state, report.problem) == (JobReport.WAITING, "做到一半时工作进程意外停止。")
    assert jobs.work_off() == 1
    report.refresh_from_db()
    assert (report.state, report.attempts) == (JobReport.DONE, 2)
    reaper.look()
    assert not DBTaskResult.objects.running().exists()


@pytest.mark.django_db
@override_settings(JOB_LEASE_SECONDS=0, JOB_BEAT_SECONDS=0)
def test_a_beating_heart_keeps_its_job():
    lease = killed_at_work(asked())
    reaper = Reaper()
    for _ in range(5):
        assert reaper.look() == 0
        JobLease.objects.filter(pk=lease.pk).update(beat_at=clock.wall())
    assert JobReport.objects.get().state == JobReport.RUNNING


@pytest.mark.django_db
def test_who_lost_the_lease_writes_nothing_more():
    report = asked()
    killed_at_work(report)
    report.refresh_from_db()
    slow = jobs.Progress(report, at=clock.now())
    running.give_back(report, why="x")
    with pytest.raises(jobs.LeaseLost), slow.fenced():
        pytest.fail("the transaction was opened")
    with pytest.raises(jobs.LeaseLost):
        running._close(slow, state=JobReport.DONE)
    slow.lost = True  # the heart has noticed
    with pytest.raises(jobs.LeaseLost):
        slow.step(1, 2)


@pytest.mark.django_db
@override_settings(JOB_LEASE_SECONDS=0, JOB_BEAT_SECONDS=0)
def test_a_worker_killed_before_it_took_the_lease_is_noticed_too():
    report = asked()
    DBTaskResult.objects.get(id=report.job_id).claim("dead")
    time.sleep(0.01)
    assert Reaper().look() == 1
    assert jobs.work_off() == 1
    assert JobReport.objects.get().state == JobReport.DONE
    assert not DBTaskResult.objects.running().exists()


@pytest.mark.django_db
def test_an_old_turn_finds_nothing_to_do():
    report = asked()
    running.run(report.pk, report.turn + 1, beating=False)
    running.run(report.pk, report.turn - 1, beating=False)
    assert JobReport.objects.get().state == JobReport.WAITING


def start_worker(*more: str) -> subprocess.Popen[bytes]:
    """Start a real worker on the test database."""
    database = connection.settings_dict
    address = f"sqlite:///{database['NAME']}"
    if connection.vendor == "postgresql":
        address = f"postgres://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    environment = os.environ | {
        "DATABASE_URL": address, "JOB_LEASE_SECONDS": "1", "JOB_BEAT_SECONDS": "1", "DEMONSTRATION": "True",
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "manage.py", "worker", *more], env=environment)


def until(happened, seconds: float = 40.0) -> None:
    patience = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < patience, "it did not happen"
        time.sleep(0.05)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_nothing_running_and_nothing_done_twice():
    report = asked(to=20, pause=0.1)
    first = start_worker()
    try:
        until(lambda: len(errands.done_steps("k")) >= 5)
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    so_far = len(errands.done_steps("k"))
    report.refresh_from_db()
    assert (report.state, so_far < 20) == (JobReport.RUNNING, True)

    second = start_worker()
    try:
        until(lambda: JobReport.objects.get(pk=report.pk).state == JobReport.DONE)
        until(lambda: not DBTaskResult.objects.running().exists())
        second.send_signal(signal.SIGTERM)
        assert second.wait(10) == 0
    finally:
        second.kill()
        second.wait()
    report.refresh_from_db()
    assert (report.attempts, report.result) == (2, {"counted": 20})
    assert errands.done_steps("k") == [str(number) for number in range(20)]
    assert not JobLease.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_told_to_stop_finishes_the_job_at_hand():
    asked(to=10, pause=0.1)
    asked(key="next")
    worker = start_worker()
    try:
        until(lambda: errands.done_steps("k"))
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(20) == 0
    finally:
        worker.kill()
        worker.wait()
    assert errands.done_steps("k") == [str(number) for number in range(10)]
    assert JobReport.objects.get(key="next").state == JobReport.WAITING


@pytest.mark.django_db(transaction=True)
def test_a_job_that_kills_its_workers_is_closed():
    report = asked(errands.kill_the_worker)
    for _ in range(2):
        assert start_worker("--until-empty").wait(30) == -signal.SIGKILL
        with override_settings(JOB_LEASE_SECONDS=0, JOB_BEAT_SECONDS=0):
            reaper = Reaper()
            for _ in range(3):
                reaper.look()
    report.refresh_from_db()
    assert (report.state, report.attempts) == (JobReport.FAILED, 2)
    assert report.problem == "做到一半时工作进程意外停止。已试2次，不再自动重试。"


@pytest.mark.django_db(transaction=True)
@override_settings(JOB_BEAT_SECONDS=0.05)
def test_the_page_sees_progress_while_it_runs():
    seen = []

    def watch(report: jobs.Progress) -> None:
        report.step(1, 4, "读名册")
        before = JobLease.objects.get().beat_at
        until(lambda: JobLease.objects.get().beat_at > before, 5)
        until(lambda: JobReport.objects.get().done_steps == 1, 5)
        seen.append(JobReport.objects.get().percent)

    watch.__module__, watch.__qualname__ = "tests.lib.errands", "watching"
    errands.watching = jobs.Job(run=watch)
    asked(errands.watching)
    assert do_one()
    assert seen == [25]
    assert JobReport.objects.get().state == JobReport.DONE


# --- Coming back ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_scheduled_job_comes_back_and_two_workers_ask_once():
    schedule.prepare()
    schedule.prepare()
    due = DueJob.objects.get(name=errands.come_back.path)
    DueJob.objects.exclude(pk=due.pk).update(due_at=clock.wall() + timedelta(days=1))
    assert schedule.tick() == 1
    assert schedule.tick() == 0
    assert not schedule._ask_if_first(due)  # the other worker, which had read the same row
    jobs.work_off()
    DueJob.objects.filter(pk=due.pk).update(due_at=clock.wall() - timedelta(days=3))
    assert (schedule.tick(), schedule.tick()) == (1, 0)  # three days switched off are one run
    due.refresh_from_db()
    assert clock.wall() < due.due_at <= clock.wall() + timedelta(minutes=5)
    assert JobReport.objects.filter(key=f"due:{due.name}").count() == 1


@pytest.mark.django_db
def test_a_scheduled_job_still_at_work_is_not_asked_again():
    schedule.prepare()
    DueJob.objects.exclude(name=errands.come_back.path).delete()
    assert schedule.tick() == 1
    DueJob.objects.update(due_at=clock.wall())
    assert schedule.tick() == 0


@pytest.mark.django_db
def test_a_job_that_left_the_program_leaves_the_schedule():
    DueJob.objects.create(name="gone", task_path="gone", title="旧", every_seconds=60, due_at=clock.wall())
    schedule.prepare()
    assert not DueJob.objects.filter(name="gone").exists()


def test_a_schedule_needs_a_title():
    with pytest.raises(ValueError, match="title"):
        jobs.task(every=timedelta(days=1))
