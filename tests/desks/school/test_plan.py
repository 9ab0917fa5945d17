"""The plan's pages: drafted, written by two, talked over, answered, told, signed, amended; each by whose job it is."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kehou.chapters.people.models import Account
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning import queries
from kehou.chapters.planning.models import Amendment, CommitteeMeeting, OpinionSheet, Plan
from kehou.rules.planning import Change, ChangeKind, Topic
from tests.chapters.planning import stage
from tests.chapters.planning.stage import AGREE, day
from tests.consultation import closed_census, closed_survey
from tests.world import World, make_pupil

YES = {f"stance_{topic.value}": "agree" for topic in Topic}
PDF = b"%PDF-1.7 signed"


def at(name: str, world: World, *args: Any) -> str:
    return reverse(f"school:{name}", args=[world.riverside.school.code, *args])


def enter(client: Client, account: Account) -> Client:
    client.force_login(account)
    return client


@pytest.fixture
def office(client: Client, world: World, at_moment: Any) -> Client:
    at_moment(day(0))
    return enter(client, world.riverside.who["asp_manager"])


def text(answer: Any) -> str:
    return answer.content.decode()


def test_the_draft_is_made_on_a_page_and_every_page_teaches_before(office: Client, world: World) -> None:
    for name in ("plan", "committee", "consultation", "notice", "amendments", "adoption", "plan_versions"):
        assert "本学期还没有实施方案" in text(office.get(at(name, world)))
    assert "还没有意向调查" in text(office.get(at("plan_draft", world)))
    closed_census(world, at=day(0))
    survey = closed_survey(world, at=day(0))
    answer = office.post(at("plan_draft", world), {"survey": survey.pk}, follow=True)
    assert "初稿已经写好" in text(answer) and "〔注1〕" in text(answer)
    assert "内容项目表”还没有写" in text(answer)  # there is no table yet: the page says so
    assert office.post(at("plan_draft", world), {"survey": survey.pk}).status_code == 422


@pytest.mark.clause("2.7.2-a")
def test_two_editors_lose_nothing(office: Client, world: World) -> None:
    stage.drafted(world)
    url = at("plan_section", world, "safety")
    seen = Plan.objects.get().sections.get(key="safety").revision
    assert office.post(url, {"body": "先存的一句。", "seen": seen}).status_code == 302
    late = office.post(url, {"body": "后存的一句。", "seen": seen})
    page = text(late)
    assert late.status_code == 409 and "先存的一句。" in page and "后存的一句。" in page and "刚有人改过" in page
    assert office.post(url, {"body": "两句合在一起。", "seen": seen + 1}).status_code == 302
    assert Plan.objects.get().sections.get(key="safety").body == "两句合在一起。"
    assert office.get(at("plan_section", world, "adoption")).status_code == 404


def test_a_round_is_opened_followed_and_lengthened_but_never_cut(office: Client, world: World, at_moment: Any) -> None:
    child = make_pupil(world.riverside, "没有手机的孩子", grade=1)
    stage.met(stage.drafted(world))
    short = office.post(at("round_opening", world, 1), {"closes_at": "2026-08-22T09:00"})
    assert short.status_code == 409 and "至少要5天" in text(short) and "2026-08-22T09:00" in text(short)
    page = office.post(at("round_opening", world, 1), {"closes_at": "2026-08-26T20:00"}, follow=True)
    assert "没有答复的不列名单" in text(page) and "到" in text(page)
    cut = office.post(at("round_extension", world, 1), {"closes_at": "2026-08-21T20:00"}, follow=True)
    assert "只能延长，不能提前截止" in text(cut)
    assert "已延长" in text(
        office.post(at("round_extension", world, 1), {"closes_at": "2026-08-27T20:00"}, follow=True)
    )
    pdf = office.post(at("round_slips", world, 1, child.homeroom_id))
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF")
    assert office.get(at("round_blank", world, 1)).content.startswith(b"%PDF")
    slip = Plan.objects.get().rounds.get().slips.get()
    wrong = office.post(at("round_paper", world, 1), {"code": "nothing", **YES})
    assert wrong.status_code == 422 and "没有这个填写码" in text(wrong)
    partly = office.post(at("round_paper", world, 1), {"code": slip.secret, **YES, "stance_fee": "disagree"})
    assert partly.status_code == 422 and "希望怎么改" in text(partly) and slip.secret in text(partly)
    assert office.post(at("round_paper", world, 1), {"code": slip.secret, **YES}).status_code == 302
    at_moment(day(9))
    assert "同意" in text(office.get(at("round", world, 1)))
    sheet = office.get(at("round", world, 1) + "?as=sheet")
    assert sheet["Content-Disposition"].startswith("attachment")


@pytest.mark.clause("2.5-p", "2.7.2-b")
def test_the_committee_comments_and_signs_what_the_office_noted(office: Client, world: World, at_moment: Any) -> None:
    stage.drafted(world)
    at_moment(day(0.3))
    member = world.riverside.who["parents_committee"]
    made = office.post(
        at("meeting_new", world), {"held_on": "2026-08-20", "place": "会议室", "chair": "", "present": [member.pk]}
    )
    meeting = CommitteeMeeting.objects.get()
    assert made.url == at("meeting", world, meeting.pk)
    item = {"title": "收费", "opinion": "太贵", "in_favour": 0, "against": 1, "abstained": 0, "answer": ""}
    assert office.post(at("meeting_items", world, meeting.pk), item).status_code == 302
    assert "请写明学校的答复" in text(office.get(at("meeting", world, meeting.pk)))
    assert "没有签名" in text(office.post(at("meeting_closing", world, meeting.pk), follow=True))
    again = {**item, "answer": "标准由区里定", "item": meeting.items.get().pk}
    office.post(at("meeting_items", world, meeting.pk), again)
    assert meeting.items.count() == 1
    assert office.post(at("meeting_items", world, meeting.pk), {**again, "item": "²"}).status_code == 302  # a new one
    enter(office, member)
    assert "请核对下面的纪要后签名" in text(office.get(at("meeting", world, meeting.pk)))
    comment = office.post(at("committee_comments", world), {"section": "times", "words": "冬天早些"}, follow=True)
    assert "意见已送到办公室" in text(comment) and "冬天早些" in text(comment)
    assert office.post(at("committee_comments", world), {"words": ""}).status_code == 422
    assert office.post(at("meeting_closing", world, meeting.pk)).status_code == 403
    enter(office, world.riverside.who["asp_manager"])
    office.post(at("meeting_scan", world, meeting.pk), {"scan": SimpleUploadedFile("a.pdf", PDF)})
    assert "纪要已定稿" in text(office.post(at("meeting_closing", world, meeting.pk), follow=True))
    assert office.get(at("meeting_paper", world, meeting.pk)).content.startswith(b"%PDF")
    assert b"".join(office.get(at("meeting_scan_file", world, meeting.pk)).streaming_content) == PDF


@pytest.mark.clause("2.1-e", "2.7.2-d")
def test_the_notice_is_read_before_it_goes_out_and_signed_for_on_paper(
    office: Client, world: World, at_moment: Any
) -> None:
    way = stage.drafted(world)
    stage.first_round(way)
    early = office.post(at("notice_issue", world))
    assert early.status_code == 409 and "第一轮征求意见截止以后" in text(early)
    at_moment(day(6))
    assert "安全保障" in text(office.get(at("notice_issue", world)))
    assert "告知书已发给每一户" in text(office.post(at("notice_issue", world), follow=True))
    assert office.get(at("notice_print", world)).content.startswith(b"%PDF")
    assert office.get(at("notice_list", world)).content.startswith(b"%PDF")
    bare = office.post(at("notice_receipts", world), {"pupil": [world.mei.pk]}, follow=True)
    assert "请上传签好的告知书" in text(bare)
    done = office.post(
        at("notice_receipts", world),
        {"pupil": [world.mei.pk, world.lan.pk], "scan": SimpleUploadedFile("a.pdf", PDF)},
        follow=True,
    )
    assert "已登记1人" in text(done)  # the child of another school is not this office's
    assert office.get(at("notice", world) + "?as=sheet")["Content-Disposition"].startswith("attachment")


@pytest.mark.clause("2.7.2-f", "4-b")
def test_opinions_are_grouped_answered_published_and_the_principal_signs(
    office: Client, world: World, at_moment: Any
) -> None:
    way = stage.drafted(world)
    stage.met(way)
    stage.first_round(way)
    stage.told(way)
    stage.second_round(way)
    at_moment(day(11))
    (one,) = queries.ungrouped(way.plan)
    assert "冬天早点结束" in text(office.get(at("adoption", world)))
    assert "还有1条意见没有归组" in text(office.post(at("adoption_publication", world), follow=True))
    office.post(at("grouping", world), {"opinion": [str(one.pk), "nonsense"], "title": "冬季提前"})
    group = way.plan.groups.get()
    url = at("opinion_group", world, group.pk)
    bad = office.post(url, {"title": "冬季提前", "decision": "adopted", "reason": "改", "section": "", "seen": 1})
    assert bad.status_code == 409 and "请选择改在方案的哪一节" in text(bad)
    office.post(url, {"title": "冬季提前", "decision": "adopted", "reason": "改为17:10", "section": "times", "seen": 1})
    office.post(at("group_split", world, group.pk), {"opinion": [str(one.pk)]})
    assert not way.plan.groups.exists()  # split to nothing: grouped anew
    office.post(at("grouping", world), {"opinion": [str(one.pk)], "title": "冬季提前"})
    group = way.plan.groups.get()
    office.post(
        at("opinion_group", world, group.pk),
        {"title": "冬季提前", "decision": "adopted", "reason": "改为17:10", "section": "times", "seen": 1},
    )
    assert "意见采纳表已公布" in text(office.post(at("adoption_publication", world), follow=True))
    assert office.get(at("adoption_print", world)).content.startswith(b"%PDF")
    assert "等校长签发" in text(office.post(at("plan_final", world), follow=True))
    assert office.post(at("plan_signature", world)).status_code == 403
    enter(office, world.riverside.who["principal"])
    assert "退回办公室" in text(office.get(at("plan_signature", world)))
    assert "方案已签发" in text(office.post(at("plan_signature", world), follow=True))
    version = queries.signed_version(way.plan)
    assert version and office.get(at("plan_version_paper", world, version.number)).content.startswith(b"%PDF")
    assert "冬季提前（1条）——采纳" in text(office.get(at("plan_version", world, version.number)))
    _everybody_reads(office, world, version.digest)


def _everybody_reads(office: Client, world: World, digest: str) -> None:
    office.logout()
    code, term = world.riverside.school.code, world.term.code
    assert "冬季提前（1条）" in text(office.get(reverse("public:adoption", args=[code, term])))
    assert "由校长签发" in text(office.get(reverse("public:plan", args=[code, term])))
    assert office.get(reverse("public:plan_print", args=[code, term])).content.startswith(b"%PDF")
    assert "服务时间" in text(office.get(reverse("public:notice", args=[code, term])))
    found = text(office.get(reverse("public:verify", args=[digest[:16]])))
    assert "课后服务实施方案" in found and "现行" in found
    assert "实施方案" in text(office.get(reverse("public:school", args=[code])))


def test_before_it_is_signed_the_public_sees_no_plan(office: Client, world: World) -> None:
    stage.drafted(world)
    code, term = world.riverside.school.code, world.term.code
    for name in ("plan", "plan_print", "notice", "adoption"):
        assert office.get(reverse(f"public:{name}", args=[code, term])).status_code == 404


@pytest.mark.clause("2.7.2-g")
def test_an_amendment_goes_its_way_on_pages(office: Client, world: World, at_moment: Any) -> None:
    stage.signed(world)
    at_moment(day(30))
    facts = {
        "reason": "天黑得早",
        "kind": "time",
        "what": "足球",
        "was": "16:40",
        "becomes": "16:20",
        "from_on": "2026-10-05",
    }
    late = office.post(at("amendment_new", world), facts)
    assert late.status_code == 422 and "要家长重新同意" in text(late) and "天黑得早" in text(late)
    unread = office.post(at("amendment_new", world), facts | {"answer_by": "2026-09-28T20:00", "more": "乱写"})
    assert "读不懂" in text(unread)
    made = office.post(
        at("amendment_new", world), facts | {"answer_by": "2026-09-28T20:00", "more": "内容|围棋|没有|周二"}
    )
    amendment = Amendment.objects.get()
    assert made.url == at("amendment", world, 1) and len(amendment.changes) == 2
    assert "算一算涉及多少人" in text(office.get(at("amendment_telling", world, 1)))
    assert "涉及 <b>0</b>" in text(office.get(at("amendment_telling", world, 1) + "?weekday=1"))
    planning.tell_affected(amendment, {world.mei.pk: "周一足球"}, by=world.riverside.by("asp_manager"), at=day(30))
    assert "按原来的安排" in text(office.get(at("amendment", world, 1)))
    assert "还有1户没有答复" in text(office.post(at("amendment_preparing", world, 1), follow=True))
    (mei,) = amendment.consents.all()
    page, paper = text(office.get(at("amendment", world, 1))), at("amendment_paper", world, 1, mei.pk)
    assert paper in page and "请附上家长签字" in text(office.post(paper))
    assert "已登记陈小梅家长的纸质同意" in text(
        office.post(paper, {"scan": SimpleUploadedFile("a.pdf", PDF)}, follow=True)
    )
    assert b"".join(office.get(at("amendment_consent_scan", world, 1, mei.pk)).streaming_content) == PDF
    assert office.get(at("amendment", world, 1) + "?as=sheet")["Content-Disposition"].startswith("attachment")
    assert "已撤回" in text(office.post(at("amendment_withdrawal", world, 1), {"reason": "天气好转。"}, follow=True))


@pytest.mark.parametrize("opinions", [2, 12])
def test_the_adoption_page_costs_the_same_for_two_opinions_and_for_twelve(
    office: Client, world: World, at_moment: Any, opinions: int, django_assert_max_num_queries: Any
) -> None:
    way = stage.drafted(world)
    stage.first_round(way)
    stage.told(way)
    second = stage.second_round(way, answered=False)
    for number in range(opinions):
        words = {
            "stances": AGREE | {"fee": "suggest"},
            "words": {"fee": f"意见{number}"},
            "signed": "",
            "nonce": f"n{number}",
        }
        planning.give_by_link(second, **words, at=day(8))
    assert OpinionSheet.objects.count() == opinions
    at_moment(day(11))
    office.get(at("adoption", world))
    with django_assert_max_num_queries(22):
        office.get(at("adoption", world))


def test_a_second_amendment_waits(office: Client, world: World, at_moment: Any) -> None:
    way = stage.signed(world)
    at_moment(day(30))
    planning.propose_amendment(
        way.plan, reason="原因", changes=[Change(ChangeKind.CONTENT, "围棋", "没有", "周二")], from_on=day(45).date(),
        answer_by=None, by=way.office, at=day(30),
    )  # fmt: skip
    assert "提出调整" not in text(office.get(at("amendments", world))).split("<main")[1].split("<h1")[0]
    facts = {
        "reason": "又一次",
        "kind": "content",
        "what": "象棋",
        "was": "没有",
        "becomes": "周三",
        "from_on": "2026-10-05",
    }
    assert "还有一次调整没有办完" in text(office.post(at("amendment_new", world), facts))
