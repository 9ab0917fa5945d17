"""Jobs and the journal as pages."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from kehou.chapters.journal import actions as journal_actions
from kehou.chapters.journal.models import Entry, Seal
from kehou.chapters.people import actions as people
from kehou.chapters.people.actions.pupils import unmask_id_number
from kehou.lib import jobs
from kehou.lib.models import JobReport
from tests.chapters.journal.test_chain import by_sql
from tests.lib import errands
from tests.world import World, moment


@pytest.fixture(autouse=True)
def morning(at_moment) -> None:
    at_moment(moment())


def asked(world: World, task: jobs.Job = errands.count, **more: object) -> JobReport:
    arguments = {"to": 3} if task is errands.count else {}
    return jobs.ask(task, key="k", title="生成账单", by=world.riverside.by("cashier"), at=moment(), **arguments)


def test_a_job_shows_how_far_it_is_and_its_reason(client: Client, world: World):
    report = asked(world, errands.give_up)
    client.force_login(world.district["system_admin"])
    page = client.get(reverse("district:job", args=(report.pk,))).content.decode()
    assert "等待" in page and "hx-get" in page
    jobs.work_off()
    page = client.get(reverse("district:job", args=(report.pk,))).content.decode()
    assert "名单是空的" in page and "再试一次" in page and "hx-get" not in page.split("<main")[1]
    assert "名单是空的" in client.get(reverse("district:jobs"), {"state": "failed"}).content.decode()
    part = client.get(reverse("district:job", args=(report.pk,)), headers={"HX-Request": "true"}).content.decode()
    assert part.count("<html") == 0 and "没有完成" in part


def test_a_result_is_linked_only_for_whom_its_page_opens(client: Client, world: World):
    school = world.riverside.school.code
    report = asked(world, errands.give_up)
    link = reverse("school:draw", args=(school,))
    JobReport.objects.update(state="done", result_link=link, school_code=school)
    client.force_login(world.district["system_admin"])
    assert "看结果" not in client.get(reverse("district:job", args=(report.pk,))).content.decode()
    for role, shown in (("asp_manager", True), ("cashier", False)):
        client.force_login(world.riverside.who[role])
        page = client.get(reverse("school:job", args=(school, report.pk))).content.decode()
        assert ("看结果" in page) is shown and (link in page.split("<main")[1]) is shown


def test_a_job_is_tried_again(client: Client, world: World):
    report = asked(world, errands.give_up)
    client.force_login(world.district["system_admin"])
    again = reverse("district:job_again", args=(report.pk,))
    client.post(again)
    assert JobReport.objects.get().turn == 1  # it still waits
    jobs.work_off()
    client.post(again)
    report.refresh_from_db()
    assert (report.state, report.turn) == ("waiting", 2)


def test_the_jobs_are_searched(client: Client, world: World):
    asked(world)
    JobReport.objects.update(school_code=world.riverside.school.code)
    client.force_login(world.district["system_admin"])
    assert "生成账单" in client.get(reverse("district:jobs"), {"q": "账单"}).content.decode()
    assert "生成账单" not in client.get(reverse("district:jobs"), {"q": "摇号"}).content.decode()
    name = world.riverside.school.name
    by_school = client.get(reverse("district:jobs"), {"q": name}).content.decode()
    assert "生成账单" in by_school and f'<td data-label="学校">{name}</td>' in by_school, "a name, not a number"


def test_the_journal_is_read_searched_and_verified(client: Client, world: World):
    people.give_start_password(world.riverside.who["cashier"], by=world.by_district("security_admin"), at=moment())
    journal_actions.seal_now(at=moment())
    client.force_login(world.district["audit_admin"])
    address = reverse("district:journal")
    assert "发放初始密码" in client.get(address).content.decode()
    assert "发放初始密码" not in client.get(address, {"family": "money."}).content.decode().split("<table")[-1]
    assert "没有这样的记录" in client.get(address, {"q": "无此人"}).content.decode()
    assert "没有这样的记录" in client.get(address, {"since": "2026-12-01"}).content.decode()
    client.post(reverse("district:verification"))
    jobs.work_off()
    assert "核验完好" in client.get(address).content.decode()
    client.post(reverse("district:verification"))
    assert JobReport.objects.get(key="verify the journal").turn == 2


def test_a_journal_whose_end_was_cut_off_is_found_out_by_the_seal_noted_earlier(client: Client, world: World):
    def verify(head: str) -> str:
        assert client.post(reverse("district:verification"), {"head": head}).status_code == 302
        jobs.work_off()
        return client.get(reverse("district:journal")).content.decode()

    client.force_login(world.district["audit_admin"])
    for name in ("cashier", "teacher"):
        people.give_start_password(world.riverside.who[name], by=world.by_district("security_admin"), at=moment())
        journal_actions.seal_now(at=moment())
    newest = Seal.objects.order_by("-number").first()
    noted = f"{newest.number}:{newest.digest}"
    first = verify("")
    assert "核验完好" in first and noted in first and "末尾被整段删去是查不出来的" in first
    assert f"与抄录的第{newest.number}号封签一致" in verify(f" {noted.upper()} "), "a second run has its own head"
    last = newest.ranges[0][0]
    by_sql(f"DELETE FROM journal_seal WHERE number = {newest.number}")
    by_sql(f"DELETE FROM journal_entry WHERE id >= {last}")
    assert "核验完好" in verify(""), "without the seal nobody can tell"
    assert f"当初抄录的第{newest.number}号封签不见了" in verify(noted)
    assert "核验完好" in verify(""), "and a later run without one does not keep the head of an earlier one"


@pytest.mark.parametrize("head", ["abc", "12", "12:", "x:" + "0" * 64, "12:" + "g" * 64, "0:" + "0" * 64])
def test_a_seal_that_cannot_be_read_is_said_and_never_passes_for_a_good_result(client: Client, world: World, head: str):
    client.force_login(world.district["audit_admin"])
    answer = client.post(reverse("district:verification"), {"head": head})
    assert answer.status_code == 409 and "这不是封签" in answer.content.decode()
    assert f'value="{head}"' in answer.content.decode()
    assert not JobReport.objects.exists()
    with pytest.raises(CommandError, match="不是封签"):
        call_command("journal", "verify", head=head)


def test_the_journal_costs_the_same_for_any_number_of_entries(client: Client, world: World, django_assert_num_queries):
    client.force_login(world.district["audit_admin"])
    for size in (2, 40):
        rows = [("people.renamed", world.guardian, {}) for _ in range(size)]
        journal_actions.write_many(rows, by=world.by_guardian(), at=moment())
        with django_assert_num_queries(11):
            client.get(reverse("district:journal"))


def test_who_looked_at_an_id_number_and_why_is_seen_without_the_child(client: Client, world: World):
    world.mei.id_number = "500999201603150017"
    world.mei.save()
    unmask_id_number(world.mei, reason="核对学籍信息", by=world.riverside.by("asp_manager"), at=moment())
    client.force_login(world.district["audit_admin"])
    page = client.get(reverse("district:unmaskings")).content.decode()
    assert "核对学籍信息" in page and "陈小梅" not in page and "500999" not in page
    assert world.riverside.school.name in page and f"学生 编号{world.mei.pk}" in page
    assert Entry.objects.filter(verb="people.id_number_unmasked").count() == 1


def test_the_audit_officer_sees_no_child(client: Client, world: World):
    journal_actions.write("people.pupil_left", about=world.mei, by=world.riverside.by("asp_manager"), at=moment())
    client.force_login(world.district["audit_admin"])
    page = client.get(reverse("district:journal")).content.decode()
    assert "学生离校转出" in page and f"编号{world.mei.pk}" in page and "陈小梅" not in page
