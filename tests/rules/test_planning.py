"""The plan's own rules: notes and sources, differences, votes, opinions, notice, amendment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules import planning as rules
from kehou.rules.parameters import Parameters
from kehou.rules.planning import (
    NOTICE_SECTIONS,
    SECTIONS,
    Change,
    ChangeKind,
    Demand,
    Ledger,
    MeetingFacts,
    Offered,
    Party,
    Renewal,
    Stance,
    Terms,
    Topic,
    Vote,
    newest_over,
    refusal_of_moving,
)

OURS = Parameters.of()
AT = datetime(2026, 8, 20, 9, tzinfo=UTC)
DEMAND = Demand("意向调查", "2026-08-14", 321, "a" * 64, 82, (("希望最晚几点离校", "17:30", 40),))
LEDGER = Ledger("2026-08-15", 22, 900, 4, 31, 3, "b" * 64)
TERMS = Terms(
    "柚香路小学", "第一学期", 900, 24, "一至六年级", "2026-09-07至2027-01-15", "一至二年级15:40", "18:30", 40,
    {"1": 6000, "2": 11000, "3": 16000}, complaint_phone="023-1",
)  # fmt: skip
OFFERED = Offered("项目表草稿", ("足球：周一",), "c" * 64)


@pytest.mark.clause("2.7.2-a", "2.2-f")
def test_the_first_draft_is_whole_and_every_drawn_figure_has_its_note():
    bodies, sources = rules.first_draft(DEMAND, LEDGER, TERMS, OFFERED)
    assert set(bodies) == {section.value for section in SECTIONS}
    assert rules.refusals_of_draft(bodies, sources) == []
    kinds = {one.number: one.kind.value for one in sources}
    for figure, kind in (
        ("82%", "survey"),
        ("17:30", "survey"),
        ("900人", "ledger"),
        ("60.00元", "tariff"),
        ("足球", "table"),
    ):
        lines = [
            line for body in bodies.values() for line in body.split("\n") if figure in line and "在读学生" not in line
        ]
        cited = {kinds[number] for line in lines for number in rules.marks_in(line)}
        assert kind in cited or kind == "table", figure
    assert (
        "不收课后延时服务费"
        in rules.first_draft(DEMAND, LEDGER, Terms(**{**_fields(TERMS), "charges_fee": False}), None)[0]["money"]
    )


@pytest.mark.clause("2.7.2-a")
def test_every_statement_of_the_first_draft_cites_a_source_that_stands_at_its_end():
    for offered in (OFFERED, None):
        bodies, sources = rules.first_draft(DEMAND, LEDGER, TERMS, offered)
        known = {one.number for one in sources}
        assert len(known) == len(sources)
        activities = set(offered.lines) if offered else set()  # listed under a line that has the note
        for line in (line for body in bodies.values() for line in body.split("\n") if line):
            marks = rules.marks_in(line)
            assert marks or line in activities, line
            assert set(marks) <= known, line


def _fields(one):
    return {name: getattr(one, name) for name in one.__slots__}


def test_without_a_table_the_draft_says_that_its_section_is_empty():
    bodies, sources = rules.first_draft(DEMAND, LEDGER, TERMS, None)
    assert [no.key for no in rules.refusals_of_draft(bodies, sources)] == ["R-TRACE-01:section_is_empty"]


@pytest.mark.clause("2.2-f")
@pytest.mark.parametrize(
    ("section", "body", "why"),
    [
        ("times", "每天两课时。", "section_without_source"),
        ("needs", "需要的多。〔注1〕", "section_without_source"),
        ("needs", "需要的多。〔注1〕〔注2〕〔注9〕", "note_without_source"),
        ("needs", "需要的多。〔注1〕〔注2〕\n家长都赞成。", "statement_without_source"),
        ("safety", " ", "section_is_empty"),
    ],
)
def test_a_section_without_its_source_is_refused(section, body, why):
    bodies, sources = rules.first_draft(DEMAND, LEDGER, TERMS, OFFERED)
    found = rules.refusals_of_draft(bodies | {section: body}, sources)
    assert {no.why for no in found} == {why}


@given(st.lists(st.sampled_from("甲乙丙丁"), max_size=8), st.lists(st.sampled_from("甲乙丙丁"), max_size=8))
def test_a_difference_gives_both_texts_back(old, new):
    before, after = "\n".join(old), "\n".join(new)
    found = rules.differences({"safety": before}, {"safety": after})
    assert bool(found) == (before != after)
    for one in found:
        assert "\n".join(piece.words for piece in one.pieces if piece.kind != "in") == before
        assert "\n".join(piece.words for piece in one.pieces if piece.kind != "out") == after


def test_what_is_shown_of_a_difference_counts_what_it_leaves_out():
    before = "\n".join(f"第{number}行" for number in range(9))
    (one,) = rules.differences({"safety": before}, {"safety": before.replace("第4行", "改过")})
    assert [piece.words for piece in one.shown] == [
        "……（3行没有变）",
        "第3行",
        "第4行",
        "改过",
        "第5行",
        "……（3行没有变）",
    ]


@given(st.integers(1, 60))
def test_a_quorum_is_more_than_half_and_never_more_than_all(members):
    assert members / 2 < rules.quorum_of(members) <= members


@pytest.mark.clause("2.7.2-b")
def test_a_meeting_with_quorum_votes_answers_and_signatures_may_close():
    items = (Vote("时间", "早些", 3, 1, 0, "冬季提前"),)
    assert rules.refusals_to_close_meeting(MeetingFacts(5, 4, 4, False, items)) == []
    assert rules.refusals_to_close_meeting(MeetingFacts(5, 4, 0, True, items)) == []
    assert [no.why for no in rules.refusals_to_close_meeting(MeetingFacts(9, 4, 4, False, items))] == ["no_quorum"]


SAID = {topic.value: "agree" for topic in Topic}


@given(st.dictionaries(st.sampled_from([one.value for one in Topic]), st.sampled_from([*Stance, "nonsense", ""])))
def test_every_topic_is_answered_or_named(typed):
    found, wrong = rules.read_opinions(typed, dict.fromkeys(typed, "因为"))
    assert {one.value for one in found} | set(wrong) == {one.value for one in Topic}
    assert not {one.value for one in found} & set(wrong)


def test_who_disagrees_says_what_to_change_and_a_child_need_not():
    _, wrong = rules.read_opinions(SAID | {"fee": "disagree"}, {})
    assert wrong["fee"].why == "say_what_to_change"
    found, wrong = rules.read_opinions({"time": "disagree"}, {}, topics=(Topic.TIME,), pictures=True)
    assert not wrong and found[Topic.TIME] == (Stance.DISAGREE, "")
    _, wrong = rules.read_opinions(SAID, {"fee": "长" * 501})
    assert wrong["fee"].why == "opinion_too_long"


@pytest.mark.clause("2.7.2-c", "2.7.2-e")
@given(st.integers(1, 2), st.integers(0, 12 * 24))
def test_a_round_shorter_than_its_days_cannot_be_opened(number, hours):
    least = rules.consultation.least_days(number, OURS)
    found = rules.refusals_to_open_round(
        number,
        opens_at=AT,
        closes_at=AT + timedelta(hours=hours),
        first_closes_at=AT,
        notice_issued=True,
        committee_met=True,
        parameters=OURS,
    )
    assert bool(found) == (hours < least * 24)
    assert rules.closing_of(AT, number, OURS) - AT == timedelta(days=least)


@pytest.mark.clause("2.7.2-b")
@pytest.mark.parametrize(("number", "met", "why"), [(1, False, {"R-PC-01"}), (1, True, set()), (2, False, set())])
def test_the_committee_discusses_the_draft_before_the_families_are_asked(number, met, why):
    found = rules.refusals_to_open_round(
        number, opens_at=AT, closes_at=AT + timedelta(days=5), first_closes_at=AT, notice_issued=True,
        committee_met=met, parameters=OURS,
    )  # fmt: skip
    assert {no.code for no in found} == why


@pytest.mark.clause("2.7.2-e")
def test_the_parties_of_each_round():
    span = {"opens_at": AT, "closes_at": AT + timedelta(days=5), "at": AT}
    assert {one for one in Party if rules.refusal_of_answer(number=1, party=one, **span) is None} == {Party.GUARDIAN}
    assert {one for one in Party if rules.refusal_of_answer(number=2, party=one, **span) is None} == set(Party)


@pytest.mark.clause("2.7.2-f")
@pytest.mark.parametrize(
    ("answer", "whys"),
    [
        ({"decision": "rejected", "reason": "标准由区里定", "section": ""}, set()),
        ({"decision": "adopted", "reason": "改了", "section": "times"}, set()),
        ({"decision": "partly", "reason": "改了一些", "section": ""}, {"adopted_where"}),
        ({"decision": "", "reason": " ", "section": ""}, {"no_decision", "no_reason"}),
    ],
)
def test_an_answer_decides_gives_a_reason_and_says_where(answer, whys):
    assert {no.why for no in rules.refusals_of_adoption(**answer)} == whys


@pytest.mark.clause("2.7.2-d")
def test_the_four_topics_of_the_notice_are_those_of_the_clause():
    assert [title for _, title, _ in NOTICE_SECTIONS] == ["服务时间", "服务内容", "安全保障", "管理制度"]
    full = {key: "内容" for key, _, _ in NOTICE_SECTIONS}
    assert rules.refusals_of_notice(full) == []
    for key, title, _ in NOTICE_SECTIONS:
        assert [no.fact("topic") for no in rules.refusals_of_notice({**full, key: ""})] == [title]


@pytest.mark.clause("2.1-e")
def test_no_agreement_without_the_notice_in_hand():
    assert rules.refusal_without_receipt(issued=True, received=True) is None
    assert rules.refusal_without_receipt(issued=True, received=False).why == "notice_not_received"
    assert rules.refusal_without_receipt(issued=False, received=False).why == "no_notice_yet"


@pytest.mark.clause("2.7.2-g")
@pytest.mark.parametrize("kind", list(ChangeKind))
def test_time_price_and_place_need_new_consent(kind):
    change = Change(kind, "足球", "旧", "新")
    assert change.is_material == (kind in (ChangeKind.TIME, ChangeKind.PRICE, ChangeKind.PLACE))
    facts = {"reason": "原因", "changes": [change], "from_on": date(2026, 9, 20), "at": AT, "affected": 3}
    assert [no.why for no in rules.refusals_of_amendment(answer_by=None, **facts)] == (
        ["deadline_between"] if change.is_material else []
    )
    assert rules.refusals_of_amendment(answer_by=AT + timedelta(days=5), **facts) == []
    assert (
        rules.refusal_of_consent(material=change.is_material, waiting=2, over=False) is not None
    ) == change.is_material
    assert rules.refusal_of_consent(material=True, waiting=2, over=True) is None


renewals = st.builds(
    Renewal,
    number=st.integers(1, 9),
    from_on=st.dates(date(2026, 9, 1), date(2027, 1, 15)),
    activities=st.frozensets(st.integers(1, 4), max_size=2),
    weekdays=st.frozensets(st.integers(1, 5), max_size=2),
    old=st.frozensets(st.integers(1, 6), max_size=4),
)


@given(st.lists(renewals, max_size=5), st.frozensets(st.integers(1, 6)), st.integers(1, 4), st.integers(1, 5))
def test_a_meeting_moves_only_when_nobody_in_it_keeps_the_old_arrangement(known, children, activity, weekday):
    on = date(2026, 12, 2)
    newest = newest_over(known, activity=activity, weekday=weekday, on=on)
    no = refusal_of_moving("围棋", newest, children, lasting=True)
    covering = [one for one in known if one.covers(activity=activity, weekday=weekday, on=on)]
    if not children:
        assert no is None
    elif not covering:
        assert no and no.key == "R-AMD-01:families_not_asked" and no.fact("children") == len(children)
        assert refusal_of_moving("围棋", newest, children, lasting=False) is None
    else:
        assert newest and newest.number == max(one.number for one in covering)
        assert (no is None) == newest.old.isdisjoint(children)
        assert no == refusal_of_moving("围棋", newest, children, lasting=False)
