"""A filing goes from the school to the district and back; only its acceptance opens the gate."""

from __future__ import annotations

from datetime import date

import pytest

from kehou.chapters.filing import actions as filing
from kehou.chapters.filing import queries
from kehou.chapters.filing.models import Filing
from kehou.chapters.journal.models import Entry, Letter
from kehou.chapters.planning.queries import is_cleared, refusal_before_clearance
from kehou.rules.verdicts import Refused
from tests.world import World, moment

AUGUST = moment(9, on=date(2026, 8, 28))


def prepared(world: World, note: str = "实施方案、经费方案、名单、项目表") -> Filing:
    by = world.riverside.by("asp_manager")
    return filing.prepare(world.riverside.school, world.term, note=note, by=by, at=AUGUST)


def submitted(world: World) -> Filing:
    one = filing.sign(prepared(world), by=world.riverside.by("principal"), at=AUGUST)
    return filing.submit(one, by=world.riverside.by("principal"), at=AUGUST)


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
    assert not is_cleared(world.riverside.school, world.term)
    assert Filing.objects.get().rounds == 0


def test_nothing_is_signed_that_says_nothing(world: World):
    assert whys(filing.sign, prepared(world, " "), by=world.riverside.by("principal"), at=AUGUST) == [
        "R-FILING-03:without_note"
    ]


def test_it_is_returned_with_a_reason_mended_and_sent_again(world: World):
    district, principal = world.by_district("basic_education"), world.riverside.by("principal")
    one = submitted(world)
    assert whys(filing.send_back, one, reason=" ", by=district, at=AUGUST) == ["R-FILING-03:return_without_reason"]
    one = filing.send_back(one, reason="名单缺安全责任书", by=district, at=AUGUST)
    letter = Letter.objects.get(to_account=world.riverside.who["principal"].pk, title__contains="退回")
    assert letter.body == "名单缺安全责任书"
    one = prepared(world, "补齐责任书")
    one = filing.submit(filing.sign(one, by=principal, at=AUGUST), by=principal, at=AUGUST)
    assert filing.accept(one, by=district, at=AUGUST).number.endswith("-01")


def test_while_it_lies_in_the_district_the_school_does_not_change_it(world: World):
    submitted(world)
    assert whys(prepared, world, "偷偷改") == ["R-FLOW-01:no_such_move"]
    assert Filing.objects.get().note != "偷偷改"


def test_a_signature_can_be_taken_back_before_it_is_sent(world: World):
    principal = world.riverside.by("principal")
    one = filing.sign(prepared(world), by=principal, at=AUGUST)
    one = filing.unsign(one, by=principal, at=AUGUST)
    assert (one.state, one.signed_at) == ("draft", None)


def test_two_officers_decide_the_same_thing_once(world: World):
    first = submitted(world)
    second = Filing.objects.select_related("school", "term").get()
    district = world.by_district("basic_education")
    filing.accept(first, by=district, at=AUGUST)
    assert whys(filing.send_back, second, reason="缺", by=district, at=AUGUST) == ["R-FLOW-01:moved_meanwhile"]
    assert Filing.objects.get().state == "accepted"


def test_taken_back_it_closes_the_gate(world: World):
    district = world.by_district("basic_education")
    one = filing.accept(submitted(world), by=district, at=AUGUST)
    filing.lapse(one, reason="材料不实", by=district, at=AUGUST)
    assert not is_cleared(world.riverside.school, world.term)


def test_the_district_is_told_and_sees_until_when_to_answer(world: World, django_assert_num_queries):
    submitted(world)
    assert Letter.objects.filter(to_account=world.district["basic_education"].pk).count() == 1
    with django_assert_num_queries(4):
        rows = queries.filings_by_school(world.term, on=date(2026, 9, 7))
    assert [(row.school.pk, row.due_on, row.late) for row in rows] == [
        (world.riverside.school.pk, date(2026, 9, 4), True),
        (world.hill.school.pk, None, False),
    ]
    assert [row.state_title for row in rows] == ["已提交", "未报送"]
    assert queries.filings_by_school(world.term, on=date(2026, 9, 7), state="accepted") == []
    assert queries.counts_by_state(world.term) == {"submitted": 1}
