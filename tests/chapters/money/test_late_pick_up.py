"""The family's part (3.2-h): what it answers for stands in the agreement; who is late is waited for and pays nothing."""

from __future__ import annotations

import pytest

from kehou.chapters.attendance import actions as attendance
from kehou.chapters.attendance.models import Release
from kehou.chapters.disclosure import actions as disclosure
from kehou.chapters.journal.models import Letter
from kehou.chapters.money import actions as money
from kehou.chapters.money.queries import explain
from kehou.chapters.money.queries.bills import bills_of_pupil
from kehou.rules.agreement_text import clauses_of_agreement
from kehou.rules.attendance import MarkState, Way
from kehou.rules.verdicts import Refused
from tests.billing import AFTER, FIRST, NOVEMBER, bill_of, open_books, run
from tests.chapters.enrolment.test_agreements import placed
from tests.groups import make_session
from tests.registration import open_stage
from tests.world import TODAY, World, moment


@pytest.mark.clause("3.2-h")
def test_the_agreement_names_the_guardians_duties_and_that_late_costs_nothing(world: World) -> None:
    content = placed(open_stage(world), world.mei).content
    said = {title: " ".join(words) for title, words in clauses_of_agreement(content)}
    duties = said["五、监护人的责任"]
    assert all(words in duties for words in ("如实告知孩子的健康", "按时接孩子", "及时请假", "离校方式：家长接"))
    assert "迟到接孩子不收费" in said["四、学校的责任"] and "最晚到18:50" in said["四、学校的责任"]


@pytest.mark.clause("3.2-h")
def test_a_child_fetched_late_is_handed_to_the_leader_on_duty_and_the_bill_stays_as_it_is(world: World) -> None:
    open_books(world)
    run(world)
    session = make_session(world.riverside, world.term, [world.mei])
    teacher = world.riverside.by("teacher")
    attendance.mark(session, {world.mei.pk: MarkState.PRESENT}, by=teacher, at=moment(16))
    leader = world.riverside.who["duty_leader"].name
    attendance.release(world.mei, TODAY, way=Way.DUTY_LEADER, to_name=leader, by=teacher, at=moment(19, 5))
    assert Release.objects.get().released_at == moment(19, 5), "the lateness is on record"
    assert "19:05" in Letter.objects.filter(kind="released").latest("pk").title
    run(world, at=AFTER)
    bill = bills_of_pupil(world.mei).get()
    assert bill.due_fen == 110_00
    assert not any(word in line.why for line in explain(bill).lines for word in ("晚", "迟", "看管"))


@pytest.mark.clause("3.2-h")
@pytest.mark.parametrize("item", ["晚接看管费", "迟接押金", "延时看管费"])
def test_nobody_can_ask_for_money_for_it_by_bill_or_notice(world: World, item: str) -> None:
    open_books(world)
    cashier = world.riverside.by("cashier")
    with pytest.raises(Refused) as no:
        money.make_bill(world.mei, NOVEMBER, by=cashier, at=FIRST, item=item)
    assert no.value.refusal.key == "R-FEE-04:other_item"
    facts = {"school": world.riverside.school, "term": world.term, "by": world.riverside.by("principal"), "at": FIRST}
    with pytest.raises(Refused) as no:
        disclosure.publish("notice", title="关于接孩子", content={"text": f"请按时接孩子，晚到的交{item}。"}, **facts)
    assert no.value.refusal.code in ("P4-3", "R-FEE-04")
    kind = "notice"
    assert disclosure.publish(kind, title="关于接孩子", content={"text": "请按时接孩子，晚到不收费。"}, **facts).pk
    assert money.make_bill(world.mei, NOVEMBER, by=cashier, at=FIRST).due_fen == bill_of(world.mei).due_fen == 110_00
