"""Result, offers, agreement, stepping back: what a family reads and presses after the draw."""

from __future__ import annotations

import pytest

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation.models import Offer, Placement
from kehou.chapters.enrolment.models import Agreement
from kehou.chapters.programme.models import Activity
from kehou.rules.choice import DayWish
from tests.consultation import hand_over_notice
from tests.desks.guardian.family import PNG, SIGNATURE, parent, url
from tests.registration import AFTER, DURING, drawn, open_stage, published, submit
from tests.world import make_pupil

FOOTBALL = "校园足球"


@pytest.fixture
def stage(world, at_moment):
    at_moment(AFTER)
    stage = open_stage(world)
    for pupil in (world.mei, world.bo):
        wish = DayWish(1, 2, ((stage.slot(FOOTBALL),), (stage.slot("科学小实验"),)))
        submit(stage, pupil, wish)
    return stage


def winner_and_other(stage, world):
    winner = Placement.objects.get(slot=stage.slot(FOOTBALL)).application.pupil
    return winner, world.bo if winner == world.mei else world.mei


def test_before_it_is_public_nobody_sees_a_result(client, stage, world):
    drawn(stage)
    page = parent(client, world).get(url("result", world.mei)).content.decode()
    assert "结果还没有公布" in page and FOOTBALL not in page


@pytest.mark.clause("2.7.3-c")
def test_the_reason_names_the_closing_position_and_the_own_number(client, stage, world):
    published(stage)
    winner, other = winner_and_other(stage, world)
    parent(client, world)
    assert "您孩子的号是1，轮到时得到第一志愿" in client.get(url("result", winner)).content.decode()
    page = client.get(url("result", other)).content.decode()
    assert "“校园足球”1个位置，收到第1号为止；您孩子的号是2，所以得到第二志愿。" in page
    assert "候补第1位" in page


def test_who_asked_for_a_team_of_several_days_reads_how_it_went(client, world, at_moment):
    at_moment(AFTER)
    stage = open_stage(world)
    Activity.objects.filter(name=FOOTBALL).update(one_team=True)
    for pupil in (world.mei, world.bo):
        science = [(stage.slot("科学小实验", day),) for day in (1, 3)]
        submit(
            stage,
            pupil,
            *(DayWish(d, 2, ((stage.slot(FOOTBALL, d),), s)) for d, s in zip((1, 3), science, strict=True)),
        )
    published(stage)
    winner = Placement.objects.filter(slot=stage.slot(FOOTBALL)).get().application.pupil
    other = world.bo if winner == world.mei else world.mei
    parent(client, world)
    page = client.get(url("result", winner)).content.decode()
    assert page.count("您孩子在队里的号是1，所以进了“校园足球”，这几天都在队里。") == 2
    page = client.get(url("result", other)).content.decode()
    assert "收到第1号为止；您孩子在队里的号是2，所以没有进队，这一天按其他志愿摇。" in page
    assert "轮到时得到第一志愿" in page


def test_an_offer_is_taken_on_the_page_and_only_by_its_family(client, stage, world):
    published(stage)
    winner, other = winner_and_other(stage, world)
    allocation.give_up(stage.application(winner), by=world.by_guardian(), at=AFTER)
    offer = Offer.objects.get()
    client.force_login(world.other_guardian)
    assert client.post(url("offer_answer", other, offer.pk), {"answer": "take"}).status_code == 404
    parent(client, world)
    assert "有一个位置给您" in client.get(url("result", other)).content.decode()
    page = client.post(url("offer_answer", other, offer.pk), {"answer": "take"}, follow=True).content.decode()
    assert "位置是您的了" in page and FOOTBALL in page
    again = client.post(url("offer_answer", other, offer.pk), {"answer": "leave"}, follow=True).content.decode()
    assert "已经答复过了" in again


def sign(client, pupil, **changes):
    agreement = Agreement.objects.get(application__pupil=pupil)
    fields = {"digest": agreement.digest, "pupil_name": pupil.name, "signature": SIGNATURE + PNG} | changes
    return client.post(url("agreement", pupil), fields, follow=True)


@pytest.mark.clause("2.7.3-g", "2.7.3-h")
def test_the_agreement_is_read_and_signed_by_finger(client, stage, world):
    published(stage)
    page = parent(client, world).get(url("agreement", world.mei)).content.decode()
    for words in ("自愿与期限", "离校方式：家长接", "考勤与请假制度", "最晚到18:50"):
        assert words in page
    assert "已签署" in sign(client, world.mei).content.decode()
    agreement = Agreement.objects.get(application__pupil=world.mei)
    assert agreement.state == "guardian_signed"
    assert agreement.signatures.get(party="guardian").method == "finger"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"signature": ""}, "还没有签名"),
        ({"signature": "data:image/svg+xml;base64,AAAA"}, "还没有签名"),
        ({"signature": SIGNATURE + PNG[:60]}, "还没有签名"),  # a picture that breaks off could not be printed
        ({"pupil_name": "妈妈代签"}, "请孩子写上自己的姓名"),
        ({"digest": "0" * 64}, "协议内容刚刚换了新版"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_signed(client, stage, world, changes, words):
    published(stage)
    answer = sign(parent(client, world), world.mei, **changes)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Agreement.objects.get(application__pupil=world.mei).signatures.exists()


def test_the_youngest_choose_a_picture(client, world, at_moment):
    at_moment(AFTER)
    stage = open_stage(world)
    small = make_pupil(world.riverside, "陈小豆", grade=1, guardian=world.guardian)
    hand_over_notice([small])
    submit(stage, small, DayWish(1, 1))
    published(stage)
    assert "选一幅图" in parent(client, world).get(url("agreement", small)).content.decode()
    sign(client, small, pupil_name="", picture="sun")
    assert Agreement.objects.get().signatures.get(party="pupil").method == "picture"


def test_the_pdf_is_there_for_the_family_only(client, stage, world):
    published(stage)
    answer = parent(client, world).get(url("agreement_paper", world.mei))
    assert "XY-2026%E7%A7%8B-" in answer["Content-Disposition"], "the number in Chinese, and a file name all the same"
    assert answer.content.startswith(b"%PDF-")
    client.force_login(world.other_guardian)
    assert client.get(url("agreement_paper", world.mei)).status_code == 404


def test_stepping_back_is_shown_first_and_costs_nothing(client, stage, world):
    published(stage)
    page = parent(client, world).get(url("step_back", world.mei)).content.decode()
    assert "不产生任何费用" in page
    assert stage.application(world.mei).state == "allocated"
    client.post(url("step_back", world.mei))
    assert stage.application(world.mei).state == "ended"


def test_home_leads_to_what_there_is_to_do(client, stage, world, at_moment):
    published(stage)
    page = parent(client, world).get(url("home", world.mei)).content.decode()
    assert "阅读并签署协议" in page and "已录取，待签协议" in page


def test_home_asks_a_silent_family_to_answer_and_no_longer(client, world, at_moment):
    at_moment(DURING)
    stage = open_stage(world)
    asks = "选择参加或不参加"
    assert asks in parent(client, world).get(url("home", world.mei)).content.decode()
    submit(stage, world.mei)
    assert asks not in client.get(url("home", world.mei)).content.decode()


def test_start_leads_to_the_eldest_child(client, world, at_moment):
    at_moment(DURING)
    answer = parent(client, world).get("/guardian/")
    assert answer["Location"] in (url("home", world.mei), url("home", world.bo))
    client.force_login(world.stranger)
    assert "这里将是您的孩子" in client.get("/guardian/").content.decode()
