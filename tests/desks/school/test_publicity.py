"""加强宣传 (3.1-l): what the school told the public, where and with which link, is on record, listed and printed."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from pypdf import PdfReader

from kehou.chapters.planning.models import SafetyRecord
from tests.desks.school.stage import url
from tests.world import World, moment

TOLD = {
    "kind": "publicity", "held_on": "2026-11-17", "partner": "校园公众号，文章编号2026-11-17", "words": "介绍课后服务的时间、内容和安全安排",
    "measures": "家长会上再讲一遍",
}  # fmt: skip


@pytest.mark.clause("3.1-l")
def test_publicity_is_recorded_with_its_channel_found_printed_and_struck_with_a_reason(
    client: Client, world: World, at_moment
) -> None:
    at_moment(moment(9))
    client.force_login(world.riverside.who["asp_manager"])
    address = url("safety_records", world)
    for wrong, status in (({"partner": ""}, 409), ({"words": " "}, 422), ({"held_on": "2026-11-19"}, 409)):
        answer = client.post(address, {**TOLD, **wrong})
        assert answer.status_code == status and "家长会上再讲一遍" in answer.content.decode(), wrong
    assert not SafetyRecord.objects.exists()
    assert client.post(address, TOLD).status_code == 302
    assert "文章编号2026-11-17" in client.get(address + "?kind=publicity").content.decode()
    assert "文章编号2026-11-17" not in client.get(address + "?kind=liaison").content.decode()
    assert client.get(address + "?as=sheet").status_code == 200
    paper = client.get(url("safety_records_paper", world)).content
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages).replace("\n", "")
    assert "宣传" in printed and "介绍课后服务的时间" in printed
    record = SafetyRecord.objects.get()
    client.post(url("safety_striking", world, record.pk), {"because": " "})
    assert SafetyRecord.objects.get().struck_at is None
    client.post(url("safety_striking", world, record.pk), {"because": "文章已经撤下"})
    assert "文章已经撤下" in client.get(address).content.decode()
    client.force_login(world.riverside.who["cashier"])
    assert client.post(address, TOLD).status_code == 403 and SafetyRecord.objects.count() == 1
