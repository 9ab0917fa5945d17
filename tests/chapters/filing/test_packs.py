"""The pack: assembled from what exists, frozen at the signature, hashed, printed, checked anew, compared, amended."""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.filing import actions as filing
from kehou.chapters.filing import queries
from kehou.chapters.filing.models import Filing, Pack, PackPart
from kehou.chapters.filing.papers import pack_paper, part_paper, receipt_paper
from kehou.chapters.planning import actions as plans
from kehou.chapters.planning import queries as planning
from kehou.chapters.planning.models import PlanVersion
from kehou.chapters.planning.queries import is_cleared
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.models import ActivityTable
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.models import StaffMember
from kehou.rules.filing import digest_of
from kehou.rules.planning import Change, ChangeKind
from kehou.rules.verdicts import Refused
from tests.filing import AUGUST, BY_PASSWORD, accepted, prepared, ready, signed, submitted
from tests.people import put_in_use
from tests.world import World

LATER = AUGUST + timedelta(days=30)


def whys(action, *args, **more) -> list[str]:
    with pytest.raises(Refused) as no:
        action(*args, **more)
    return [refusal.key for refusal in no.value.refusals]


def newcomer(world: World, name: str = "新来的老师", at=LATER) -> StaffMember:
    by = world.riverside.by("asp_manager")
    member = staffing.add_staff(world.riverside.school, staffing.StaffFacts(name=name), by=by, at=at)
    put_in_use([member], world.term, on_roster=False)
    return member


def test_what_does_not_exist_is_said_and_not_made_up(world: World):
    draft = queries.draft_of(world.riverside.school, world.term, on=AUGUST.date())
    assert set(draft.contents) == {f"F{number}" for number in range(1, 9)}
    assert not draft.contents["F4"]["formed"] and "还没有公布" in draft.contents["F4"]["waits_for"]
    red = {check.part for check in draft.checks if check.state == "red"}
    assert "F4" in red
    ready(world)
    draft = queries.draft_of(world.riverside.school, world.term, on=AUGUST.date())
    table = draft.contents["F4"]
    assert table["formed"] and [row[0] for row in table["tables"][0]["rows"]] == ["作业静心屋", "科学小实验"]
    assert table["evidence"][0]["digest"] and table["evidence"][0]["on"] == "2026-08-28"
    assert "F4" not in {check.part for check in draft.checks if check.state == "red"}


def test_the_list_of_those_who_serve_carries_no_number_of_a_person(world: World):
    content = queries.draft_of(world.riverside.school, world.term, on=AUGUST.date()).contents["F3"]
    names = [row[0] for row in content["tables"][0]["rows"]]
    assert "周爷爷" in names and content["measures"]["in_service"] == 3
    phones = [account.phone for account in world.riverside.who.values()]
    assert not any(phone in json.dumps(content) for phone in phones)


def test_it_is_frozen_at_the_signature_and_the_page_says_what_has_changed_since(world: World):
    one = signed(world)
    before = queries.contents_of(one.pack)
    newcomer(world)
    after = queries.contents_of(Pack.objects.get(pk=one.pack_id))
    assert after == before
    now = queries.draft_of(world.riverside.school, world.term, on=AUGUST.date()).digests()
    kept = {part["code"]: part["digest"] for part in one.pack.manifest["parts"]}
    assert [code for code in now if now[code] != kept[code]] == ["F3"]


def test_anybody_can_compute_the_hashes_again(world: World):
    document = json.loads(json.dumps(queries.pack_document(signed(world).pack)))

    def sha(value) -> str:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    assert sha(document["manifest"]) == document["digest"]
    assert [part["digest"] for part in document["manifest"]["parts"]] == [sha(part) for part in document["parts"]]


def test_a_pack_is_written_once(world: World):
    one = signed(world)
    for rows in (Pack.objects.filter(pk=one.pack_id), PackPart.objects.filter(pack=one.pack_id)):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(digest="0" * 64)


def test_the_whole_pack_each_part_and_the_receipt_print(world: World):
    one = accepted(world)
    pack = Pack.objects.select_related("filing__school", "filing__term").get(pk=one.pack_id)
    whole = pack_paper(pack, address="https://kehou.example/")
    assert whole.pages >= 4 and whole.missing == ()
    for part in PackPart.objects.filter(pack=pack).select_related("pack__filing__school", "pack__filing__term"):
        assert part_paper(part, address="https://kehou.example/").pdf.startswith(b"%PDF")
    assert receipt_paper(one, address="https://kehou.example/").pages == 1
    with pytest.raises(LookupError):
        receipt_paper(prepared_at_hill(world), address="https://kehou.example/")


def prepared_at_hill(world: World) -> Filing:
    return prepared(world, place=world.hill)


@pytest.mark.clause("2.4-p")
def test_who_leads_without_standing_on_the_list_is_red_and_needs_a_reason(world: World):
    ready(world)
    # The leader has left the list of those who serve; the table still names them.
    StaffMember.objects.filter(pk=world.riverside.staff["teacher"].pk).update(state="left", left_on=AUGUST.date())
    one = submitted(world)
    assert one.pack.red == 1
    district = world.by_district("basic_education")
    assert whys(filing.accept, one, by=district, at=AUGUST) == ["R-FILING-03:red_without_reason"]
    one = Filing.objects.get(pk=one.pk)
    assert one.state == "submitted"
    answers = filing.accept_many([one], by=district, at=AUGUST)
    assert [[no.key for no in answer.refusals] for answer in answers] == [["R-FILING-03:red_in_bulk"]]
    assert filing.accept(one, despite="当日已换人，附说明", by=district, at=AUGUST).reason == "当日已换人，附说明"


def test_green_ones_are_accepted_together_and_each_answers_for_itself(world: World):
    first, second = submitted(world), submitted(world, place=world.hill)
    third = prepared_by_another_term(world)
    answers = filing.accept_many([first, second, third], by=world.by_district("basic_education"), at=AUGUST)
    assert [bool(answer.refusals) for answer in answers] == [False, False, True]
    assert {one.number[-2:] for one in Filing.objects.exclude(number="")} == {"01"}


def prepared_by_another_term(world: World) -> Filing:
    spring = Term.objects.create(
        code="2027-spring", name="2026—2027学年第二学期", school_year=2026, from_on=date(2027, 2, 22),
        until_on=date(2027, 7, 7), service_from_on=date(2027, 3, 1), service_until_on=date(2027, 7, 3),
    )  # fmt: skip
    return filing.prepare(world.riverside.school, spring, note="春季", by=world.riverside.by("asp_manager"), at=AUGUST)


# --- Amendments -------------------------------------------------------------------------------------------------------


@pytest.mark.clause("2.4-p")
def test_people_who_come_later_are_an_amendment_with_the_difference(world: World):
    school, term, manager = world.riverside.school, world.term, world.riverside.by("asp_manager")
    principal, district = world.riverside.by("principal"), world.by_district("basic_education")
    assert whys(filing.begin_amendment, school, term, reason="加人", by=manager, at=LATER) == [
        "R-FILING-01:nothing_in_force"
    ]
    first = accepted(world)
    assert whys(filing.begin_amendment, school, term, reason=" ", by=manager, at=LATER) == [
        "R-FILING-01:amendment_without_reason"
    ]
    one = filing.begin_amendment(school, term, reason="新聘一名教师", by=manager, at=LATER)
    assert whys(filing.begin_amendment, school, term, reason="再来", by=manager, at=LATER) == [
        "R-FILING-01:one_under_way"
    ]
    assert whys(filing.sign, one, ink=BY_PASSWORD, by=principal, at=LATER) == ["R-FILING-01:nothing_to_amend"]
    newcomer(world)
    one = filing.submit(filing.sign(one, ink=BY_PASSWORD, by=principal, at=LATER), by=principal, at=LATER)
    difference = queries.contents_of(one.pack)["F9"]
    rows = {(row[1], row[2]) for row in difference["tables"][0]["rows"]}
    assert ("名单 · 新来的老师", "增加") in rows and ("人数", "改动") in rows
    # What it amends holds until the very instant of its acceptance.
    assert queries.in_force(school, term) == first and is_cleared(school, term)
    one = filing.accept(one, by=district, at=LATER)
    assert one.number == "LP-KHFW-2026秋-2150990002-02"
    assert queries.in_force(school, term) == one and is_cleared(school, term)
    assert Filing.objects.get(pk=first.pk).state == "amended"


@pytest.mark.clause("2.7.2-g")
def test_an_amended_plan_is_filed_with_what_changed_why_and_what_the_families_said(world: World):
    first = accepted(world)
    place, term = world.riverside, world.term
    manager, principal = place.by("asp_manager"), place.by("principal")
    plan = planning.plan_of(place.school, term)
    before = planning.signed_version(plan)
    change = Change(ChangeKind.PLACE, "校园足球", "操场", "风雨操场")
    amendment = plans.propose_amendment(
        plan, reason="入冬以后操场太冷", changes=[change], from_on=LATER.date() + timedelta(days=20),
        answer_by=LATER + timedelta(days=7), by=manager, at=LATER,
    )  # fmt: skip
    plans.tell_affected(amendment, {world.mei.pk: "周一足球", world.bo.pk: "周一足球"}, by=manager, at=LATER)
    (mei,) = planning.consents_for(world.mei, LATER)
    plans.answer_amendment(mei, agrees=True, by=world.by_guardian(), at=LATER)
    over = LATER + timedelta(days=8)
    sections = [[key, title, f"{body}足球改在风雨操场。"] for key, title, body in before.content["sections"]]
    amendment.after = PlanVersion.objects.create(  # a bare row: the text itself is the planning chapter's own matter
        plan=plan, number=2, stage=PlanVersion.AMENDED, content={**before.content, "sections": sections},
        digest="9" * 64, made_by="办公室", made_at=over, signed_by="校长", signed_at=over,
    )  # fmt: skip
    amendment.save()
    one = filing.begin_amendment(place.school, term, reason="足球换场地", by=manager, at=over)
    one = filing.sign(one, ink=BY_PASSWORD, by=principal, at=over)
    part = queries.contents_of(one.pack)["F9"]
    table = next(table for table in part["tables"] if table["title"] == "实施方案调整")
    assert table["rows"] == [[
        "第1次", "地点：校园足球", "操场", "风雨操场", amendment.from_on.isoformat(), "入冬以后操场太冷",
        "涉及2人：同意1，退出0，未答复1（按原来的安排）",
    ]]  # fmt: skip
    assert planning.difference_of(amendment).digest in {evidence["digest"] for evidence in part["evidence"]}
    assert any(row[0] == "F1 实施方案" for row in part["tables"][0]["rows"]) and first.number in part["facts"][0][1]
    one = filing.submit(one, by=principal, at=over)
    amendment.refresh_from_db()
    assert amendment.accepted_at is None, "silence is not acceptance"
    filing.accept(one, despite="核对过。", by=world.by_district("basic_education"), at=over)
    amendment.refresh_from_db()
    assert amendment.accepted_at == over


def test_an_amendment_can_be_returned_and_given_up_and_what_stood_stands(world: World):
    school, term, manager = world.riverside.school, world.term, world.riverside.by("asp_manager")
    first = accepted(world)
    one = filing.begin_amendment(school, term, reason="加人", by=manager, at=LATER)
    newcomer(world)
    principal = world.riverside.by("principal")
    one = filing.submit(filing.sign(one, ink=BY_PASSWORD, by=principal, at=LATER), by=principal, at=LATER)
    one = filing.send_back(one, items={"F9": "写明岗位"}, by=world.by_district("basic_education"), at=LATER)
    one = filing.give_up(one, by=principal, at=LATER)
    assert one.state == "given_up"
    assert queries.filing_of(school, term) == first and queries.in_force(school, term) == first


# --- Compared with last term, which may have been before this product -----------------------------------------------


@pytest.fixture
def spring(world: World) -> Term:
    return Term.objects.create(
        code="2026-spring", name="2025—2026学年第二学期", school_year=2025, from_on=date(2026, 3, 1),
        until_on=date(2026, 7, 8), service_from_on=date(2026, 3, 9), service_until_on=date(2026, 7, 1),
    )  # fmt: skip


def document(world: World) -> dict:
    return json.loads(json.dumps(queries.pack_document(signed(world).pack)))


@pytest.mark.clause("4-a")
def test_filings_since_september_2021_are_taken_into_the_record_and_none_before(world: World, spring: Term):
    school, by = world.riverside.school, world.by_district("basic_education")
    given = {"number": "LP-KHFW-2026春-2150990002-01", "accepted_on": date(2026, 2, 27), "by": by, "at": AUGUST}
    one = filing.record_past(school, spring, document=document(world), **given)
    assert (one.kind, one.state, one.pack.ink) == ("past", "accepted", "copy")
    assert not is_cleared(school, spring)  # it opens nothing
    assert whys(filing.record_past, school, spring, **given) == ["R-BASIS-03:past_recorded_already"]
    first = Term.objects.create(
        code="2021-autumn", name="2021—2022学年第一学期", school_year=2021, from_on=date(2021, 9, 1),
        until_on=date(2022, 1, 15), service_from_on=date(2021, 9, 6), service_until_on=date(2022, 1, 8),
    )  # fmt: skip
    given |= {"number": "LP-1"}
    filing.record_past(school, first, **{**given, "accepted_on": date(2021, 9, 1)})
    early = Term.objects.create(
        code="2021-spring", name="2020—2021学年第二学期", school_year=2020, from_on=date(2021, 3, 1),
        until_on=date(2021, 7, 8), service_from_on=date(2021, 3, 8), service_until_on=date(2021, 7, 1),
    )  # fmt: skip
    for term, on, why in (
        (early, date(2021, 2, 20), "before_the_service_began"),
        (early, date(2021, 9, 2), "before_the_service_began"),
        (spring, date(2026, 9, 20), "accepted_in_the_future"),
        (spring, date(2024, 2, 20), "accepted_far_from_its_term"),
    ):
        given |= {"accepted_on": on}
        assert whys(filing.record_past, world.hill.school, term, **given) == [f"R-BASIS-03:{why}"]


def test_a_file_in_which_something_was_changed_is_not_taken(world: World, spring: Term):
    given = {"number": "1", "accepted_on": date(2026, 2, 27), "by": world.by_district("basic_education"), "at": AUGUST}
    whole = document(world)
    changed, *odd = (deepcopy(whole) for _ in range(5))
    changed["parts"][2]["facts"][0][1] = "999人"
    odd[0]["parts"][0]["code"], odd[1]["manifest"]["parts"] = [], 5
    odd[2]["manifest"]["order"] = float("nan")
    part = odd[3]["parts"][0]
    part["title"] = "\0"  # its hashes hold, and no database keeps it
    next(one for one in odd[3]["manifest"]["parts"] if one["code"] == part["code"])["digest"] = digest_of(part)
    odd[3]["digest"] = digest_of(odd[3]["manifest"])
    for wrong in (changed, *odd, {}, {"parts": "x", "manifest": {}}, {"parts": [], "manifest": {}}):
        assert whys(filing.record_past, world.riverside.school, spring, document=wrong, **given) == [
            "R-BASIS-03:past_file_not_readable"
        ]
    assert Filing.objects.filter(kind="past").count() == 0


def test_a_filing_is_compared_with_the_last_of_an_earlier_term(world: World, spring: Term):
    past = filing.record_past(
        world.riverside.school, spring, document=document(world), number="1", accepted_on=date(2026, 2, 27),
        by=world.by_district("basic_education"), at=AUGUST,
    )  # fmt: skip
    one = Filing.objects.select_related("school", "term").get(term=world.term)
    assert queries.before(one) == past
    assert queries.before(prepared_at_hill(world)) is None
    assert digest_of(queries.contents_of(past.pack)["F3"]) == past.pack.manifest["parts"][2]["digest"]


def test_a_table_that_is_opened_again_changes_nothing_that_was_signed(world: World):
    one = signed(world)
    table = ActivityTable.objects.get()
    programme.reopen(table, reason="换教室", by=world.riverside.by("principal"), at=LATER)
    assert queries.contents_of(Pack.objects.get(pk=one.pack_id))["F4"]["formed"]
