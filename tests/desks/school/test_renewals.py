"""续报优先 at the office's desk and on the phone: chosen, asked, answered, seen by those who choose."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kehou.chapters.allocation.models import Renewal, RenewalWindow
from tests.chapters.allocation.test_renewals import CLOSES, EARLY, last_term
from tests.desks.guardian.family import parent
from tests.desks.guardian.family import url as family_url
from tests.registration import DURING, open_stage


@pytest.fixture
def stage(world, at_moment):
    stage = open_stage(world)
    last_term(stage, name="校园足球", weekdays=(1, 3), pupils=[world.mei])
    at_moment(EARLY)
    return stage


def url(world, name, *args):
    return reverse(f"school:{name}", args=(world.riverside.school.code, *args))


def office(client, world, role="asp_manager"):
    client.force_login(world.riverside.who[role])
    return client


def opened(client, stage, closes_at="2026-08-31T18:00", **more):
    football = stage.slots["校园足球", 1].activity.pk
    return client.post(
        url(stage.world, "renewals_opening"), {"activity": football, "closes_at": closes_at, **more}, follow=True
    )


def test_only_groups_with_members_of_last_term_are_offered(client, stage, world):
    page = office(client, world).get(url(world, "renewals")).content.decode()
    assert "校园足球" in page and "问1名学生是否保留" in page and "科学小实验" not in page
    assert "一周几天是同一个队" in page


def test_what_was_typed_stays_when_it_is_refused(client, stage, world):
    answer = opened(office(client, world), stage, closes_at="2026-09-04T18:00")
    page = answer.content.decode()
    assert answer.status_code == 422 and "续报要在开放报名" in page and "checked" in page and "2026-09-04T18:00" in page
    assert not RenewalWindow.objects.exists()


def test_the_family_answers_and_the_office_sees_it(client, stage, world):
    football = stage.slots["校园足球", 1].activity.pk
    page = opened(office(client, world), stage, series=football).content.decode()
    assert "还没有答复1" in page
    home = parent(client, world).get(family_url("home", world.mei)).content.decode()
    assert "续报：校园足球" in home
    one = Renewal.objects.get()
    page = client.get(family_url("renewals", world.mei)).content.decode()
    assert "几天是同一个队" in page and page.count('name="answer"') == 2
    page = client.post(
        family_url("renewal_answer", world.mei, one.pk), {"answer": "keep"}, follow=True
    ).content.decode()
    assert "已记下保留" in page
    assert client.post(family_url("renewal_answer", world.bo, one.pk), {"answer": "keep"}).status_code == 404
    page = office(client, world).get(url(world, "renewals")).content.decode()
    assert "保留1" in page and "陈小梅" in page
    assert client.get(url(world, "renewals") + "?as=sheet").status_code == 200
    assert office(client, world, "principal").get(url(world, "renewals")).status_code == 200


def test_who_chooses_reads_what_is_left_and_the_member_that_it_has_a_place(client, stage, world, at_moment):
    opened(office(client, world), stage)
    one = Renewal.objects.get()
    parent(client, world).post(family_url("renewal_answer", world.mei, one.pk), {"answer": "keep"})
    at_moment(DURING)
    assert "其中1个由续报的同学保留" in client.get(family_url("application", world.bo)).content.decode()
    page = client.get(family_url("application", world.mei)).content.decode()
    assert "已续报" in page and "不用再填志愿" in page


def test_after_the_hour_the_page_says_so_instead_of_the_buttons(client, stage, world, at_moment):
    opened(office(client, world), stage)
    at_moment(CLOSES)
    page = parent(client, world).get(family_url("renewals", world.mei)).content.decode()
    assert "续报到8月31日18:00为止" in page and 'name="answer"' not in page


def test_an_answer_on_paper_is_typed_with_its_scan(client, stage, world):
    opened(office(client, world), stage)
    one = Renewal.objects.get()
    answer = client.post(url(world, "renewal_answer", one.pk), {"answer": "keep"})
    assert answer.status_code == 422 and "扫描件" in answer.content.decode() and "checked" in answer.content.decode()
    scan = SimpleUploadedFile("续报.pdf", b"%PDF-1.7\nsigned")
    client.post(url(world, "renewal_answer", one.pk), {"answer": "keep", "scan": scan})
    assert Renewal.objects.get().answer == "keep"
    assert b"".join(client.get(url(world, "renewal_scan", one.pk))) == b"%PDF-1.7\nsigned"
