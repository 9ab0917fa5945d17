"""区级: who serves where, the list of who may not, the police's answers; and the file on school and teacher desks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.journal.models import Entry
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.models import EntryCheck, QuizAttempt, Restriction, StaffMember
from kehou.rules.staffing.questions import BY_KEY
from tests.world import TODAY, World, moment

AT = moment(9)


def page(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.fixture
def waiting(world: World) -> EntryCheck:
    place = world.riverside
    (check,) = staffing.ask_checks(place.school, [place.staff["volunteer"]], by=place.by("asp_manager"), at=AT)
    return check


@pytest.mark.clause("2.4-j2")
def test_the_police_enter_a_result_and_see_no_pupil(client: Client, world: World, waiting: EntryCheck) -> None:
    client.force_login(world.district["police"])
    shown = page(client, "district:checks")
    assert "周爷爷" in shown and "陈小梅" not in shown
    where = reverse("district:check_answer", args=[waiting.pk])
    client.post(where, {"result": "failed"})
    assert EntryCheck.objects.get(pk=waiting.pk).state == "asked", "without a number there is no answer"
    client.post(where, {"result": "failed", "reference": "梁公查3号"})
    assert EntryCheck.objects.get(pk=waiting.pk).state == "failed"
    assert "梁公查3号" in page(client, "district:checks", state="answered")
    client.force_login(world.riverside.who["asp_manager"])
    shown = page(client, "school:staff_file", world.riverside.school.code, waiting.member_id)
    assert "入职查询没有通过" in shown


def test_an_id_number_is_shown_to_whoever_says_why_and_the_reason_is_kept(
    client: Client, world: World, waiting: EntryCheck
) -> None:
    waiting.member.id_number = "11010519491231002X"
    waiting.member.save()
    client.force_login(world.district["police"])
    address = reverse("district:check_number", args=(waiting.pk,))
    for reason in ({}, {"reason": "查询"}):
        answer = client.post(address, reason)
        shown = answer.content.decode()
        assert answer.status_code == 409 and "须写明理由" in shown and "11010519491231002X" not in shown
    assert 'value="查询"' in shown, "what was typed is not lost"
    assert not Entry.objects.filter(verb="people.id_number_unmasked").exists()
    answer = client.post(address, {"reason": "办理湖畔小学的入职查询"})
    assert answer.status_code == 200 and "11010519491231002X" in answer.content.decode()
    assert not any("1101" in cookie.value for cookie in answer.cookies.values())
    kept = Entry.objects.get(verb="people.id_number_unmasked")
    assert kept.facts["reason"] == "办理湖畔小学的入职查询" and kept.actor_id == world.district["police"].pk


def test_the_list_is_kept_and_released_by_two(client: Client, world: World) -> None:
    sent = {
        "name": "某甲",
        "id_number": "11010519491231002X",
        "kind": "ban",
        "basis": "（2026）1号",
        "from_on": "2026-11-01",
    }
    client.force_login(world.district["basic_education"])
    assert client.post(reverse("district:restriction_new"), {**sent, "id_number": "1"}).status_code == 422
    assert client.post(reverse("district:restriction_new"), sent).status_code == 302
    kept = Restriction.objects.get()
    shown = page(client, "district:restrictions")
    assert "（2026）1号" in shown and sent["id_number"] not in shown
    where = reverse("district:restriction_release", args=[kept.pk])
    client.post(where, {"reason": "改判"})
    client.post(where, {"approve": "1"})
    assert Restriction.objects.get().released_at is None
    client.force_login(world.district["basic_education_head"])
    client.post(where, {"approve": "1"})
    assert Restriction.objects.get().released_at is not None


def test_schools_are_counted_and_a_return_is_decided(client: Client, world: World) -> None:
    place = world.riverside
    teacher, by = place.staff["teacher"], place.by("asp_manager")
    staffing.suspend(teacher, reason="投诉属实", conduct=True, by=by, at=AT)
    asked = staffing.ask_return(teacher, reason="已处理完", by=by, at=AT)
    client.force_login(world.district["basic_education"])
    shown = page(client, "district:people")
    assert "已处理完" in shown and place.school.name in shown
    assert "暂停" in page(client, "district:people_of", place.school.code)
    client.post(reverse("district:return_decision", args=[asked.pk]), {"agree": "1", "answer": "同意"})
    asked.refresh_from_db()
    assert asked.state == "agreed"


def test_a_picker_does_not_offer_whose_proof_has_ended_and_says_why(client: Client, world: World) -> None:
    place = world.riverside
    StaffMember.objects.filter(pk=place.staff["volunteer"].pk).update(fit_until_on=TODAY, fit_ends="health")
    client.force_login(place.who["asp_manager"])
    shown = page(client, "school:duty", place.school.code)
    assert "周爷爷</option>" not in shown and "周爷爷的健康证明已在" in shown
    assert "证明已经到期" in page(client, "school:staff", place.school.code)
    assert "周爷爷" in page(client, "school:staff", place.school.code, state="unfit")
    assert "还没有人" not in page(client, "school:staff", place.school.code, state="in_use", q="周爷爷")


@pytest.mark.clause("2.4-n")
def test_a_teacher_takes_the_quiz_and_what_was_typed_stays(client: Client, world: World) -> None:
    place = world.riverside
    client.force_login(place.who["teacher"])
    code = place.school.code
    assert "我的档案" in page(client, "teacher:file", code)
    assert client.post(reverse("teacher:quizzes", args=[code])).status_code == 302
    attempt = QuizAttempt.objects.get()
    where = reverse("teacher:quiz", args=[code, attempt.pk])
    first = attempt.questions[0]
    answer = client.post(where, {first: "1"})
    assert answer.status_code == 422 and "还有9题没有答" in answer.content.decode()
    assert "checked" in answer.content.decode()
    assert client.post(where, {key: str(BY_KEY[key].right) for key in attempt.questions}).status_code == 302
    assert "合格" in client.get(where).content.decode()
    assert client.get(reverse("teacher:file_certificate", args=[code]))["Content-Type"] == "application/pdf"


def test_a_list_is_read_dry_and_taken_whole_or_not_at_all(client: Client, world: World) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    place = world.riverside
    client.force_login(place.who["asp_manager"])
    where = reverse("school:staff_lists", args=[place.school.code])
    before = place.school.staff.count()
    bad = "姓名,人员类型,证件号码\n王一,在职教职工,123\n,飞行员,\n".encode()
    assert client.post(where, {"file": SimpleUploadedFile("名单.csv", bad)}).status_code == 302
    shown = client.get(where).content.decode()
    assert "第2行王一的证件号码不对" in shown and "第3行没有姓名" in shown and "飞行员" in shown
    assert place.school.staff.count() == before
    for hours in ("1" * 400, "²", "16"):
        odd = f"姓名,人员类型,每周最多课时\n王一,在职教职工,{hours}\n".encode()
        assert client.post(where, {"file": SimpleUploadedFile("名单.csv", odd)}).status_code == 302
        assert "“每周最多课时”不是整数" in client.get(where).content.decode()
    good = "姓名,人员类型,证件号码\n王一,在职教职工,11010519491231002X\n赵二,门卫保安,\n".encode()
    client.post(where, {"file": SimpleUploadedFile("名单.csv", good)})
    kept = place.school.staff_lists.order_by("-pk").first()
    assert kept is not None and kept.problems == [] and "110105" not in repr(kept.rows)
    client.post(reverse("school:staff_list_taking", args=[place.school.code, kept.pk]))
    assert place.school.staff.count() == before + 2
    assert place.school.staff.get(name="王一").state == "proposed"


@pytest.mark.clause("2.4-j3")
def test_the_office_records_a_proof_and_an_error_keeps_what_was_typed(client: Client, world: World) -> None:
    place = world.riverside
    member = staffing.add_staff(place.school, staffing.StaffFacts("新老师"), by=place.by("asp_manager"), at=AT)
    client.force_login(place.who["asp_manager"])
    where = reverse("school:staff_proofs", args=[place.school.code, member.pk])
    answer = client.post(where, {"kind": "health", "reference": "体检2026"})
    assert answer.status_code == 409 and "健康证明要填有效期的最后一天" in answer.content.decode()
    assert "体检2026" in answer.content.decode()
    last = (TODAY + timedelta(days=200)).isoformat()
    assert client.post(where, {"kind": "health", "last_on": last, "original_seen": "on"}).status_code == 302
    assert member.proofs.get().valid_until_on == TODAY + timedelta(days=201)
    assert client.get(reverse("school:staff_file_pdf", args=[place.school.code, member.pk])).status_code == 200
