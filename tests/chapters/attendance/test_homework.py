"""The homework board: declared by the class teacher, said by families, flagged where both policy and word part (2.3-p)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.attendance import actions as attendance
from kehou.chapters.attendance.homework import ClassDay, board
from kehou.chapters.attendance.models import HomeworkNote, HomeworkReport
from kehou.chapters.journal.models import Entry
from kehou.chapters.programme.models import Activity
from kehou.rules.verdicts import Refused
from tests.groups import make_session
from tests.world import TODAY, World, make_pupil, moment

AT = moment(17, 40)


def helped(world: World, category: str = "homework_help") -> None:
    """Let Mei's class be helped with its homework today."""
    make_session(world.riverside, world.term, [world.mei])
    Activity.objects.update(category=category)


def day(world: World) -> ClassDay:
    (row,) = board(world.riverside.school, [world.mei.homeroom], [TODAY])
    return row[0]


def declare(world: World, minutes: int, reason: str = "", on=TODAY) -> HomeworkNote:
    by = world.riverside.by("homeroom_teacher")
    return attendance.declare_homework(world.mei.homeroom, on, minutes=minutes, reason=reason, by=by, at=AT)


@pytest.mark.clause("2.3-p")
def test_where_homework_was_helped_with_none_is_taken_home_or_the_day_is_flagged_with_its_reason(world: World) -> None:
    helped(world)
    assert day(world) == ClassDay(world.mei.homeroom, TODAY, True, None, "", ())
    with pytest.raises(Refused, match="say_why"):
        declare(world, 20)
    assert declare(world, 0).minutes == 0 and day(world).flags == ()
    declare(world, 20, "默写的生字没有写完")
    found = day(world)
    assert [one.key for one in found.flags] == ["R-HW-01:taken_home"] and found.reason and found.minutes == 20
    assert HomeworkNote.objects.count() == 1, "the last word of the day counts"
    with pytest.raises(Refused, match="day_out_of_reach"):
        declare(world, 0, on=TODAY - timedelta(days=9))


@pytest.mark.clause("2.3-p")
def test_another_group_is_no_help_with_homework(world: World) -> None:
    helped(world, "popular_science")
    declare(world, 20)
    assert day(world).flags == () and not day(world).tutored


@pytest.mark.clause("2.3-p")
def test_families_say_it_with_one_tap_and_the_school_hears_how_many_and_never_who(world: World) -> None:
    helped(world)
    children = [world.mei] + [
        make_pupil(world.riverside, f"同学{turn}", grade=world.mei.homeroom.grade, guardian=world.guardian)
        for turn in range(2)
    ]
    for turn, child in enumerate(children):
        assert day(world).flags == (), f"{turn} of a class is shown to nobody"
        for _ in range(2):
            attendance.report_homework(child, TODAY, by=world.by_guardian(), at=AT)
    assert HomeworkReport.objects.count() == 3
    (flag,) = day(world).flags
    assert flag.key == "R-HW-02:families_say" and flag.fact("reports") == 3
    entries = Entry.objects.filter(verb="attendance.homework_reported")
    assert {one.school_code for one in entries} == {""} and "同学" not in str(list(entries.values_list("about_label")))
    with pytest.raises(Refused, match="not_of_these_days"):
        attendance.report_homework(world.mei, TODAY + timedelta(days=1), by=world.by_guardian(), at=AT)


@pytest.mark.clause("2.3-p")
def test_teacher_family_and_office_do_it_on_pages(client: Client, world: World, at_moment) -> None:
    at_moment(AT)
    helped(world)
    code = world.riverside.school.code
    teacher = Client()
    teacher.force_login(world.riverside.who["homeroom_teacher"])
    page, own = reverse("teacher:homework", args=(code,)), world.riverside.who["homeroom_teacher"].posts.get().homeroom
    wrong = teacher.post(page, {"homeroom": own.pk, "on": TODAY.isoformat(), "minutes": "很多"})
    assert wrong.status_code == 409 and "很多" in wrong.content.decode()
    teacher.post(page, {"homeroom": own.pk, "on": TODAY.isoformat(), "minutes": "0"})
    assert HomeworkNote.objects.get().homeroom == own
    other = (
        world.riverside.homerooms[6, 1] if own != world.riverside.homerooms[6, 1] else world.riverside.homerooms[1, 1]
    )
    assert teacher.post(page, {"homeroom": other.pk, "minutes": "0"}).status_code == 404
    family = Client()
    family.force_login(world.guardian)
    family.post(reverse("guardian:homework", args=(world.mei.pk,)))
    assert HomeworkReport.objects.get().pupil == world.mei
    stranger = Client()
    stranger.force_login(world.stranger)
    assert stranger.post(reverse("guardian:homework", args=(world.mei.pk,))).status_code == 404
    declare(world, 20, "没写完")
    client.force_login(world.riverside.who["principal"])
    shown = client.get(reverse("school:homework", args=(code,))).content.decode()
    assert "又留了20分钟书面家庭作业" in shown and "没写完" in shown and "2.3-p" in shown
    sheet = client.get(reverse("school:homework", args=(code,)), {"as": "sheet"})
    assert sheet.status_code == 200
    client.force_login(world.riverside.who["cashier"])
    assert client.get(reverse("school:homework", args=(code,))).status_code == 403


def test_only_days_of_service_are_asked_about_and_days_to_come_are_not_missed(
    client: Client, world: World, at_moment
) -> None:
    at_moment(AT)
    code = world.riverside.school.code
    client.force_login(world.riverside.who["homeroom_teacher"])
    mine = client.get(reverse("teacher:homework", args=(code,))).content.decode()
    assert "<b>11月16日</b>" in mine and "<b>11月15日</b>" not in mine, "the 15th is a Sunday"
    client.force_login(world.riverside.who["principal"])
    week = client.get(reverse("school:homework", args=(code,))).content.decode()
    here = f'<th scope="row">{world.mei.homeroom}</th>'
    row = week[week.index(here) : week.index("</tr>", week.index(here))]
    assert (row.count("没有填"), row.count("还没到")) == (3, 2)
    swapped = client.get(reverse("school:homework", args=(code,)), {"on": "2026-09-16"}).content.decode()
    assert 'scope="col">9月20日' in swapped, "a Sunday on which there is school"


def test_what_was_said_by_mistake_is_taken_back(client: Client, world: World, at_moment) -> None:
    at_moment(AT)
    client.force_login(world.guardian)
    say, unsay = (reverse(f"guardian:{name}", args=(world.mei.pk,)) for name in ("homework", "homework_removal"))
    client.post(say)
    page = client.post(unsay, follow=True).content.decode()
    assert "已撤回11月18日的反映" in page and not HomeworkReport.objects.exists()
    assert Entry.objects.get(verb="attendance.homework_unsaid").school_code == ""
    assert "没有反映过" in client.post(unsay, follow=True).content.decode()
    client.force_login(world.stranger)
    assert client.post(unsay).status_code == 404


def test_a_refused_declaration_keeps_what_was_typed_and_a_class_that_is_none_is_not_found(
    client: Client, world: World, at_moment
) -> None:
    at_moment(AT)
    client.force_login(world.riverside.who["homeroom_teacher"])
    page, own = reverse("teacher:homework", args=(world.riverside.school.code,)), world.mei.homeroom
    wrong = client.post(page, {"homeroom": own.pk, "on": "2026-11-17", "minutes": "999", "reason": "没写完"})
    kept = wrong.content.decode()
    assert wrong.status_code == 409 and all(f'value="{one}"' in kept for one in ("2026-11-17", "999", "没写完"))
    assert client.post(page, {"homeroom": "三年级", "minutes": "0"}).status_code == 404
