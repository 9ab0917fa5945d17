"""A filing goes from the school to the district and back; only its acceptance opens the gate."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kehou.chapters.filing import actions as filing
from kehou.chapters.filing import queries
from kehou.chapters.filing.models import Filing, ReturnedItem
from kehou.chapters.journal.models import Entry, Letter
from kehou.chapters.planning.queries import is_cleared, refusal_before_clearance
from kehou.rules.verdicts import Refused
from tests.filing import AUGUST, BY_PASSWORD, accepted, prepared, ready, signed, submitted
from tests.world import World

ITEMS = {"F3": "名单缺安全责任书"}


def whys(action, *args, **more) -> list[str]:
    with pytest.raises(Refused) as no:
        action(*args, **more)
    return [refusal.key for refusal in no.value.refusals]


@pytest.mark.clause("4-c")
@pytest.mark.clause("2.7.5-d")
def test_acceptance_opens_the_gate_and_gives_a_number(world: World):
    school, by = world.riverside.school, world.by_district("basic_education")
    one = submitted(world)
    assert refusal_before_clearance(school, world.term) is not None
    one = filing.accept(one, by=by, at=AUGUST)
    assert (one.state, one.number) == ("accepted", "LP-KHFW-2026秋-2150990002-01")
    assert is_cleared(school, world.term)
    assert not is_cleared(world.hill.school, world.term)
    verbs = list(Entry.objects.filter(verb__startswith="filing.").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["filing.prepared", "filing.signed", "filing.submitted", "filing.received", "filing.accepted"]


@pytest.mark.clause("4-c")
def test_no_step_is_left_out(world: World):
    one = prepared(world)
    by, district = world.riverside.by("principal"), world.by_district("basic_education")
    assert whys(filing.submit, one, by=by, at=AUGUST) == ["R-FLOW-01:no_such_move"]
    assert whys(filing.accept, one, by=district, at=AUGUST) == ["R-FLOW-01:no_such_move"]
    assert whys(filing.withdraw, one, by=by, at=AUGUST) == ["R-FLOW-01:no_such_move"]
    assert not is_cleared(world.riverside.school, world.term)
    assert Filing.objects.get().number == ""


def test_nothing_is_signed_without_a_note_or_with_a_part_missing(world: World):
    one = prepared(world, " ")
    by = world.riverside.by("principal")
    assert whys(filing.sign, one, ink=BY_PASSWORD, by=by, at=AUGUST) == [
        "R-FILING-03:without_note", "R-GATE-05:part_missing", "R-FILING-02:part_missing", "R-GATE-02:part_missing",
        "R-DOC-01:part_missing", "R-DOC-01:part_missing",
    ]  # fmt: skip
    ready(world)
    filing.sign(prepared(world), ink=BY_PASSWORD, by=by, at=AUGUST)


def test_nothing_is_signed_without_ink(world: World):
    ready(world)
    by = world.riverside.by("principal")
    assert whys(filing.sign, prepared(world), ink=filing.Ink(), by=by, at=AUGUST) == ["R-FILING-03:without_ink"]
    assert Filing.objects.get().state == "draft"


def test_ink_is_a_line_or_the_own_password(world: World):
    principal = world.riverside.who["principal"]
    principal.set_password("柚子树下-2026")
    principal.save()
    given = {"address": "1.2.3.4", "at": AUGUST}
    assert filing.ink_of(principal, picture=None, password="", **given) == filing.Ink()
    assert filing.ink_of(principal, picture=b"png", password="", **given).picture == b"png"
    assert filing.ink_of(principal, picture=None, password="柚子树下-2026", **given).confirmed
    assert whys(filing.ink_of, principal, picture=None, password="猜的", **given) == ["R-ACC-01:wrong_password"]


def test_it_is_returned_by_item_answered_and_sent_again(world: World):
    district, principal = world.by_district("basic_education"), world.riverside.by("principal")
    one = submitted(world)
    for wrong, why in (
        ({}, "return_without_reason"), ({"F3": " "}, "item_without_reason"), ({"X": "改"}, "return_of_no_part"),
    ):  # fmt: skip
        assert whys(filing.send_back, one, items=wrong, by=district, at=AUGUST) == [f"R-FILING-03:{why}"]
    one = filing.send_back(one, items=ITEMS, by=district, at=AUGUST)
    letter = Letter.objects.get(to_account=world.riverside.who["principal"].pk, title__contains="退回")
    assert letter.body == "服务人员名单：名单缺安全责任书"
    assert queries.due_on(one, world.term, on=AUGUST.date()) == date(2026, 9, 2)  # three working days
    assert whys(filing.sign, one, ink=BY_PASSWORD, by=principal, at=AUGUST) == ["R-FILING-03:item_without_answer"]
    item = ReturnedItem.objects.get()
    assert whys(filing.answer_item, item, answer=" ", by=principal, at=AUGUST) == ["R-FILING-03:answer_is_empty"]
    filing.answer_item(item, answer="补齐两份", by=principal, at=AUGUST)
    one = filing.submit(filing.sign(one, ink=BY_PASSWORD, by=principal, at=AUGUST), by=principal, at=AUGUST)
    assert [pack.turn for pack in queries.packs_of(one)] == [2, 1]
    assert filing.accept(one, by=district, at=AUGUST).number.endswith("-01")
    assert whys(filing.answer_item, item, answer="再补", by=principal, at=AUGUST) == ["R-FILING-03:no_such_item"]


def test_while_it_lies_in_the_district_the_school_does_not_change_it(world: World):
    submitted(world)
    assert whys(prepared, world, "偷偷改") == ["R-FLOW-01:filing_not_at_hand"]
    assert Filing.objects.get().note != "偷偷改"


def test_a_signature_can_be_taken_back_before_it_is_sent(world: World):
    one = filing.unsign(signed(world), by=world.riverside.by("principal"), at=AUGUST)
    assert (one.state, one.pack, one.packs.count()) == ("draft", None, 1)


def test_what_nobody_has_taken_in_hand_can_be_withdrawn(world: World):
    principal, district = world.riverside.by("principal"), world.by_district("basic_education")
    one = filing.withdraw(submitted(world), by=principal, at=AUGUST)
    assert (one.state, one.pack, one.submitted_at) == ("draft", None, None)
    one = filing.submit(filing.sign(one, ink=BY_PASSWORD, by=principal, at=AUGUST), by=principal, at=AUGUST)
    one = filing.receive(one, by=district, at=AUGUST)
    assert whys(filing.withdraw, one, by=principal, at=AUGUST) == ["R-FLOW-01:no_such_move"]


def test_two_officers_decide_the_same_thing_once(world: World):
    first = submitted(world)
    second = Filing.objects.select_related("school", "term").get()
    district = world.by_district("basic_education")
    filing.accept(first, by=district, at=AUGUST)
    assert whys(filing.send_back, second, items=ITEMS, by=district, at=AUGUST) == ["R-FLOW-01:moved_meanwhile"]
    assert Filing.objects.get().state == "accepted"


def test_what_was_signed_anew_is_not_accepted_by_the_old_page(world: World):
    principal, district = world.riverside.by("principal"), world.by_district("basic_education")
    seen = submitted(world)
    one = filing.withdraw(seen, by=principal, at=AUGUST)
    filing.submit(filing.sign(one, ink=BY_PASSWORD, by=principal, at=AUGUST), by=principal, at=AUGUST)
    assert whys(filing.accept, seen, by=district, at=AUGUST) == ["R-FLOW-01:moved_meanwhile"]


def test_taken_back_it_closes_the_gate_and_the_school_may_file_anew(world: World):
    district = world.by_district("basic_education")
    one = accepted(world)
    assert whys(filing.lapse, one, reason=" ", by=district, at=AUGUST) == ["R-FILING-03:lapse_without_reason"]
    filing.lapse(one, reason="材料不实", by=district, at=AUGUST)
    assert not is_cleared(world.riverside.school, world.term)
    one = filing.accept(submitted(world), by=district, at=AUGUST)
    assert (one.order, one.number[-2:]) == (2, "02")
    assert is_cleared(world.riverside.school, world.term)


def test_the_district_is_told_and_sees_until_when_to_answer(world: World, django_assert_num_queries):
    submitted(world)
    assert Letter.objects.filter(to_account=world.district["basic_education"].pk).count() == 1
    with django_assert_num_queries(4):
        rows = queries.filings_by_school(world.term, on=date(2026, 9, 7))
    assert [(row.school.pk, row.due_on, row.late, row.owes) for row in rows] == [
        (world.hill.school.pk, date(2026, 8, 24), True, "学校"),
        (world.riverside.school.pk, date(2026, 9, 4), True, "区教委"),
    ]
    assert [row.state_title for row in rows] == ["未报送", "已提交"]
    assert queries.filings_by_school(world.term, on=date(2026, 9, 7), state="accepted") == []
    assert queries.counts_by_state(rows) == {"none": 1, "submitted": 1, "late": 2}


@pytest.mark.clause("4-c")
def test_silence_is_told_to_both_sides_once_and_is_never_acceptance(world: World):
    one = submitted(world)
    assert filing.tell_of_late_filings_now(at=AUGUST + timedelta(days=3)) == 1  # Hill has not reported at all
    late = AUGUST + timedelta(days=10)
    assert filing.tell_of_late_filings_now(at=late) == 1
    told = Letter.objects.filter(title__contains="超期未答复")
    assert set(told.values_list("to_account", flat=True)) == {
        world.riverside.who["principal"].pk,
        world.riverside.who["asp_manager"].pk,
        world.district["basic_education"].pk,
        world.district["basic_education_head"].pk,
    }
    assert "不等于通过" in told.first().body
    assert filing.tell_of_late_filings_now(at=late + timedelta(days=40)) == 0
    assert Filing.objects.get(pk=one.pk).state == "submitted"
    assert not is_cleared(world.riverside.school, world.term)
    assert Letter.objects.filter(to_account=world.hill.who["principal"].pk, title__contains="超期未报送").count() == 1
