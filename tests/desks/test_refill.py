"""补选 from all sides: the office opens, freezes and draws, families rank, the principal publishes, anybody checks."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation.models import Draw, RefillWish
from kehou.chapters.allocation.rounds import pseudonym
from kehou.lib import jobs
from kehou.rules.allocation import sealed_word, verify, verify_follows, verify_receipt
from kehou.rules.verdicts import Refused
from tests.desks.guardian.family import parent
from tests.desks.guardian.family import url as at_home
from tests.refilling import (
    CLOSES,
    FOOTBALL,
    FROZEN,
    NAMED,
    OPENED,
    PUBLIC,
    SCIENCE,
    WRITING,
    ask,
    base_of,
    opened,
    refill_stage,
    run,
)
from tests.registration import AFTER
from tests.swapping import holds, office

TYPED = "2 5 11 18 24 30 + 6"
FIELDS = {"closes_at": "2026-09-18T17:00", "kind": "ssq", "period": NAMED.partition(":")[2]}


@pytest.fixture
def stage(world, at_moment):
    at_moment(AFTER)
    stage, _ = refill_stage(world)
    at_moment(OPENED)
    return stage


def url(world, name="refill"):
    return reverse(f"school:{name}", args=(world.riverside.school.code,))


def ranks(stage, *names):
    return {f"rank_{stage.slot(name)}": rank for rank, name in enumerate(names, start=1)}


def test_who_may_look_and_who_may_act(client, stage, world):
    for role, look, act in (("asp_manager", 200, 302), ("principal", 200, 403), ("cashier", 403, 403)):
        office(client, world, role)
        assert client.get(url(world)).status_code == look
        assert client.post(url(world, "refill_opening"), FIELDS).status_code == act
    office(client, world, "asp_manager")
    assert client.get(url(world, "refill_publication")).status_code == 403
    assert client.get(url(world).replace(world.riverside.school.code, "none")).status_code == 404


def test_the_whole_way_without_a_script(client, stage, world, at_moment):
    page = office(client, world).post(url(world, "refill_opening"), FIELDS, follow=True).content.decode()
    assert "补选已开始" in page and "双色球第2026108期" in page
    parent(client, world)
    assert "补选开始了" in client.get(at_home("result", world.bo)).content.decode()
    assert "补选：想换活动或还在候补" in client.get(at_home("home", world.bo)).content.decode()
    assert "第1想去" in client.get(at_home("refill", world.bo)).content.decode()
    page = client.post(at_home("refill_asking", world.bo, 1), ranks(stage, FOOTBALL), follow=True).content.decode()
    assert "已收到，回执码" in page and "已填报" in page
    assert "补选：想换活动" not in client.get(at_home("home", world.bo)).content.decode()
    client.post(at_home("step_back", world.mei))
    page = office(client, world).get(url(world)).content.decode()
    assert "1 份" in page and "还在填报" in page and FOOTBALL in page
    at_moment(FROZEN)
    assert "志愿已封存" in client.post(url(world, "refill_commitment"), follow=True).content.decode()
    wrong = client.post(url(world, "refill_beacon"), {"result": "3 7 12", "reveals": "柚子"}, follow=True)
    assert 'value="3 7 12"' in wrong.content.decode(), "what was typed is still there to be mended"
    for role in ("asp_manager", "principal"):
        office(client, world, role).post(url(world, "refill_beacon"), {"result": TYPED})
    office(client, world).post(url(world, "refill_running"))
    jobs.work_off()
    page = client.get(url(world)).content.decode()
    assert "1份填报：0份补到位置，1份换到更想去的" in page and "位置都没有动" in page and holds(world.bo) == SCIENCE
    assert f"换到{FOOTBALL}" not in page  # what came of each is nobody's to read before it is public
    at_moment(PUBLIC)
    page = office(client, world, "principal").get(url(world, "refill_publication")).content.decode()
    assert FOOTBALL in page and world.bo.name not in page
    page = client.post(url(world, "refill_publication"), follow=True).content.decode()
    assert "已公布" in page and f"换到{FOOTBALL}" in page and holds(world.bo) == FOOTBALL
    parent(client, world)
    page = client.get(at_home("refill", world.bo)).content.decode()
    assert "补上了" in page and "号靠后的先选" in page
    assert "补选得来" in client.get(at_home("result", world.bo)).content.decode()


@pytest.mark.clause("2.7.3-c")
def test_anybody_can_check_the_round_and_a_family_its_receipt(client, stage, world, at_moment):
    refill = opened(stage)
    ask(stage, refill, world.bo, WRITING)
    done = run(stage, refill)
    page = client.get(reverse("public:draw", args=(done.pk,))).content.decode()
    assert "补选" in page and "号倒过来" in page and f'data-draw-before="/draws/{done.base_id}/record.json"' in page
    assert (
        reverse("public:draw", args=(done.pk,))
        in client.get(reverse("public:draw", args=(done.base_id,))).content.decode()
    )
    assert "补选" in client.get(reverse("public:draws")).content.decode()

    def record(pk):
        answer = client.get(reverse("public:draw_record", args=(pk,)))
        return json.loads(b"".join(answer.streaming_content))

    refilled, before = record(done.pk), record(done.base_id)
    assert verify(refilled) == [] and verify_follows(refilled, before) == []
    assert world.bo.name not in json.dumps(refilled, ensure_ascii=False)
    at_moment(PUBLIC)
    answer = parent(client, world).get(at_home("refill_receipt", world.bo))
    assert verify_receipt(refilled, json.loads(answer.content)) == []


def test_what_was_chosen_is_kept_when_it_cannot_stand(client, stage, world):
    opened(stage)
    fields = {f"rank_{stage.slot(FOOTBALL)}": "2", f"rank_{stage.slot(WRITING)}": "2"}
    answer = parent(client, world).post(at_home("refill_asking", world.bo, 1), fields)
    page = answer.content.decode()
    assert answer.status_code == 422 and "第2位只给一个" in page
    assert page.count('<option value="2" selected>') == 2
    assert not RefillWish.objects.exists()
    assert client.post(at_home("refill_asking", world.bo, 2), fields).status_code == 422
    assert client.post(at_home("refill_asking", world.bo, 1), {}).status_code == 422


def test_a_family_takes_back_what_it_asked_and_nobody_elses(client, stage, world):
    refill = opened(stage)
    ask(stage, refill, world.bo, FOOTBALL)
    parent(client, world)
    assert client.post(at_home("refill_withdrawal", world.mei, 1)).status_code == 404
    page = client.post(at_home("refill_withdrawal", world.bo, 1), follow=True).content.decode()
    assert "已撤回，安排不变" in page
    assert RefillWish.objects.get().withdrawn_at is not None


def test_before_a_round_and_after_the_hour_the_page_says_why(client, stage, world, at_moment):
    parent(client, world)
    assert "现在没有补选" in client.get(at_home("refill", world.mei)).content.decode()
    assert client.post(at_home("refill_asking", world.mei, 1), {}).status_code == 404
    opened(stage)
    at_moment(CLOSES)
    page = client.get(at_home("refill", world.mei)).content.decode()
    assert "截止，不能再填" in page
    assert client.get(at_home("refill_receipt", world.mei)).status_code == 404


def test_the_form_is_filled_with_what_the_child_waits_for(client, world, at_moment):
    from kehou.rules.choice import DayWish
    from tests.refilling import CARE
    from tests.registration import open_stage, published, submit

    at_moment(AFTER)
    stage = open_stage(world, rows=((CARE, (1,), 1, 1, 40, 0, True, True), (FOOTBALL, (1,), 1, 1, 1, 0, False, False)))
    for child in (world.mei, world.bo):
        submit(stage, child, DayWish(1, 1, ((stage.slot(FOOTBALL),),)))
    published(stage)
    at_moment(OPENED)
    opened(stage)
    pages = [parent(client, world).get(at_home("refill", child)).content.decode() for child in (world.mei, world.bo)]
    assert sum("已按原来的顺序替您选好" in page for page in pages) == 1
    assert not RefillWish.objects.exists()


def test_what_cannot_be_opened_is_refused_with_everything_kept(client, stage, world):
    wrong = {"closes_at": "2026-09-15T17:00", "kind": "ssq", "period": "12"}
    answer = office(client, world).post(url(world, "refill_opening"), wrong)
    page = answer.content.decode()
    assert answer.status_code == 422 and "截止时间要晚于现在" in page and "写法不对" in page
    assert 'value="12"' in page and not Draw.objects.filter(base__isnull=False).exists()


def test_calling_off_needs_a_reason(client, stage, world):
    opened(stage)
    office(client, world)
    assert "写明原因" in client.post(url(world, "refill_voiding"), {"reason": ""}, follow=True).content.decode()
    page = client.post(url(world, "refill_voiding"), {"reason": "教室要维修"}, follow=True).content.decode()
    assert "已作废" in page and client.post(url(world, "refill_voiding"), {"reason": "教室要维修"}).status_code == 404


def test_the_list_is_searched_and_taken_away(client, stage, world):
    refill = opened(stage)
    ask(stage, refill, world.mei, SCIENCE)
    ask(stage, refill, world.bo, FOOTBALL)
    page = office(client, world).get(url(world), {"q": world.bo.name}).content.decode()
    assert "1 份" in page
    answer = client.get(url(world), {"as": "sheet"})
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    rows = list(load_workbook(BytesIO(content)).active.iter_rows(values_only=True))
    assert {row[1] for row in rows} >= {world.mei.name, world.bo.name}


def test_the_page_asks_as_much_for_many_as_for_few(client, stage, world, django_assert_max_num_queries):
    refill = opened(stage)
    office(client, world)

    def count() -> int:
        with django_assert_max_num_queries(80) as asked:
            client.get(url(world))
        return len(asked)

    ask(stage, refill, world.mei, SCIENCE)
    one = count()
    ask(stage, refill, world.bo, FOOTBALL)
    assert count() == one


def test_the_district_sees_the_round_and_the_draw_stays_the_draw(client, stage, world, at_moment):
    refill = opened(stage)
    ask(stage, refill, world.bo, WRITING)
    run(stage, refill)
    at_moment(PUBLIC + timedelta(days=1))
    client.force_login(world.district["basic_education"])
    page = client.get(reverse("district:draws"), {"term": world.term.code}).content.decode()
    assert "补选" in page and reverse("public:draw", args=(refill.pk,)) in page
    assert reverse("public:draw", args=(base_of(stage).pk,)) in page


@pytest.mark.clause("2.7.3-c")
def test_the_board_gets_a_sheet_of_the_round_without_names(client, stage, world, at_moment):
    refill = opened(stage)
    ask(stage, refill, world.bo, FOOTBALL)
    refill = run(stage, refill, upto="drawn")
    at_moment(PUBLIC)
    office(client, world)
    assert client.get(url(world, "refill_paper")).status_code == 404
    allocation.publish_refill(refill, by=world.riverside.by("principal"), at=PUBLIC)
    sheets = [client.get(url(world, "refill_paper") + size).content for size in ("", "?size=a3")]
    wide = [float(PdfReader(BytesIO(sheet)).pages[0].mediabox.width) / 72 * 25.4 for sheet in sheets]
    assert [round(width) for width in wide] == [210, 297]
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(sheets[0])).pages)
    assert "补选结果公示" in words and "没有补上1人" in words.replace(" ", "") and "号倒过来" in words
    assert pseudonym(base_of(stage), stage.application(world.bo).pk) in words
    assert "陈小" not in words and SCIENCE not in words  # nobody asked for it
    assert client.get(reverse("public:draw_poster", args=(refill.pk,))).content.startswith(b"%PDF-")
    page = client.get(reverse("public:draw", args=(refill.pk,))).content.decode()
    assert "各组收到第几号" in page and "只列有人想去的组" in page and FOOTBALL in page and SCIENCE not in page


def test_witnesses_of_a_round_seal_before_and_are_read_by_everybody_after(client, stage, world, at_moment):
    spoken = ["竹报平安", "柚香四溢", "湖光山色"]
    named = ",".join(map(sealed_word, spoken))
    refill = opened(stage, randomness=named)
    ask(stage, refill, world.bo, FOOTBALL)
    at_moment(FROZEN)
    page = office(client, world).get(url(world)).content.decode()
    assert (
        "少一位、错一个字都不能摇" in page and named.split(",")[0].partition(":")[2] in page and spoken[0] not in page
    )
    by = world.riverside.by("asp_manager")
    refill = allocation.commit_refill(refill, by=by, at=FROZEN)
    with pytest.raises(Refused):
        allocation.enter_beacon(refill, beacon="ceremony", reveals=spoken[:2], by=by, at=FROZEN)
    for role in ("asp_manager", "principal"):
        allocation.enter_beacon(refill, beacon="ceremony", reveals=spoken, by=world.riverside.by(role), at=FROZEN)
    allocation.draw_lots(refill, by=by, at=FROZEN)
    allocation.publish_refill(refill, by=world.riverside.by("principal"), at=PUBLIC)
    at_moment(PUBLIC)
    client.logout()
    page = client.get(reverse("public:draw", args=(refill.pk,))).content.decode()
    assert all(f"“{word}”" in page for word in spoken) and "和校验码都对得上" in page
