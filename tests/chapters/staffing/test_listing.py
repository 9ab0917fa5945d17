"""第三方机构: no step left out, bad records stay outside, publicity lasts, the list is reviewed and left (P8-2, 2.5-g)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kehou.chapters.journal.models import Entry
from kehou.chapters.schools.models import School
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing import queries
from kehou.chapters.staffing.models import Candidacy, ProviderUse, ShortageStatement
from kehou.lib.uploads import Upload
from kehou.rules.providers import CHECKS, CRITERIA, REVIEW_ITEMS
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused
from tests.chapters.staffing.outside import AT, applied, listed, officer, organisation, provider_of, score, shown
from tests.world import World, moment

SCAN = Upload(b"%PDF-1.7 signed and sealed", "pdf")


def keys(no: pytest.ExceptionInfo[Refused]) -> list[str]:
    assert all(say(one) for one in no.value.refusals)
    return [one.key for one in no.value.refusals]


def ground(world: World) -> ShortageStatement:
    return ShortageStatement.objects.get(school=world.riverside.school)


def chosen(world: World, one: Candidacy) -> ProviderUse:
    place = world.riverside
    return staffing.choose_provider(
        place.school, world.term, one, ground(world), what="年画", by=place.by("asp_manager"), at=AT
    )


@pytest.mark.clause("3.3-h")
def test_no_step_can_be_left_out(world: World) -> None:
    one, by = applied(world), officer(world)
    with pytest.raises(Refused) as no:
        staffing.show(one, by=by, at=AT)
    assert keys(no) == ["R-FLOW-01:no_such_move"]
    with pytest.raises(Refused) as no:
        staffing.select(one, by=by, at=AT)
    assert keys(no) == ["P8-2:panel_too_small"]
    score(world, one, 13)
    with pytest.raises(Refused) as no:
        staffing.select(one, by=by, at=AT)
    assert keys(no) == ["P8-2:score_too_low"]
    score(world, one, 20, names="丁戊己")
    one = staffing.select(one, by=by, at=AT)
    with pytest.raises(Refused) as no:
        staffing.enlist(one, by=by, at=AT)
    assert keys(no) == ["R-FLOW-01:no_such_move"]
    with pytest.raises(Refused) as no:
        chosen(world, one)
    assert keys(no) == ["P8-2:not_on_the_list"]


def test_a_panellist_scores_once_within_the_range(world: World) -> None:
    one = applied(world)
    score(world, one, names="甲")
    with pytest.raises(Refused) as no:
        score(world, one, names="甲")
    assert keys(no) == ["P8-2:panellist_twice"]
    with pytest.raises(Refused) as no:
        staffing.record_score(
            one, panellist="", office="", points=dict.fromkeys(CRITERIA, 21), by=officer(world), at=AT
        )
    assert keys(no) == ["P8-2:panellist_missing", "P8-2:points_wrong"]


def test_who_may_not_apply(world: World) -> None:
    School.objects.filter(pk=world.riverside.school.pk).update(address="梁平区双桂街道柚香路20号")
    call = applied(world).call
    handed = staffing.Handed("music", "合唱", 8000, "1")
    for changed, key in (
        ({"scope": "中小学数学培训"}, "P2-6:subject_training"),
        ({"licence_until": AT.date()}, "P7-2:licence_expired"),
        ({"teaching_address": "双桂街道柚香路20号三楼"}, "P10-5:school_address"),
        ({"credit_code": "1"}, "P8-2:credit_code_wrong"),
    ):
        with pytest.raises(Refused) as no:
            staffing.register_candidacy(call, organisation(2, **changed), handed, by=officer(world), at=AT)
        assert keys(no) == [key]
    with pytest.raises(Refused) as no:
        staffing.register_candidacy(call, organisation(), handed, by=officer(world), at=AT)
    assert keys(no) == ["P8-2:applied_already"]
    with pytest.raises(Refused) as no:
        late = AT + timedelta(days=40)
        staffing.register_candidacy(call, organisation(2), handed, by=officer(world), at=late)
    assert keys(no) == ["P8-2:call_closed"]


def test_a_bad_record_blocks_the_application(world: World) -> None:
    call, by = applied(world).call, officer(world)
    handed = staffing.Handed("music", "合唱", 8000, "1")
    one = staffing.register_candidacy(call, organisation(2), handed, by=by, at=AT)
    with pytest.raises(Refused) as no:
        staffing.accept_application(one, by=by, at=AT)
    assert keys(no) == ["P8-2:check_missing"]
    for kind in CHECKS:
        found = date(2025, 1, 1) if kind == "struck_off" else None
        staffing.record_check(one, kind, clean=kind != "struck_off", reference="查", found_on=found, by=by, at=AT)
    with pytest.raises(Refused) as no:
        staffing.accept_application(one, by=by, at=AT)
    assert keys(no) == ["P7-2:struck_off_elsewhere"]
    staffing.leave_list(one, kind="expired", reason="有清退记录", by=by, at=AT)
    with pytest.raises(Refused) as no:
        staffing.record_check(one, "conduct", clean=True, reference="查", by=by, at=AT)
    assert keys(no) == ["R-EXT-04:has_left"]


def test_publicity_lasts_five_working_days_and_every_objection_is_answered(world: World) -> None:
    one, by = shown(world), officer(world)
    # From Wednesday 18 November: the fifth working day is Wednesday 25.
    assert one.shown_until_on == date(2026, 11, 25)
    said = staffing.object_to(one, "这家机构去年拖欠教师工资，请核查。", at=AT)
    with pytest.raises(Refused) as no:
        staffing.enlist(one, by=by, at=moment(9, on=date(2026, 11, 25)))
    assert keys(no) == ["P8-2:still_shown"]
    after = moment(9, on=date(2026, 11, 26))
    with pytest.raises(Refused) as no:
        staffing.enlist(one, by=by, at=after)
    assert keys(no) == ["P8-2:objection_open"]
    with pytest.raises(Refused) as no:
        staffing.object_to(one, "太晚了但还是要说一句", at=after)
    assert keys(no) == ["P8-2:objection_late"]
    staffing.answer_objection(said, upheld=False, answer="已核实，无拖欠", by=by, at=after)
    with pytest.raises(Refused) as no:
        staffing.answer_objection(said, upheld=True, answer="再答", by=by, at=after)
    assert keys(no) == ["P8-2:objection_answered"]
    one = staffing.enlist(one, by=by, at=after)
    assert (one.listed_on, one.listed_until_on) == (date(2026, 11, 26), date(2027, 11, 26))
    assert list(queries.listed(on=after.date())) == [one]


def test_publicity_counts_the_districts_holidays(world: World) -> None:
    one = shown(world, at=moment(9, on=date(2026, 9, 24)))
    # Mid-autumn on the 25th, National Day from 1 to 7 October: 28, 29, 30 September, then 8 and 9 October.
    assert one.shown_until_on == date(2026, 10, 9)


def test_an_upheld_objection_keeps_it_off_the_list(world: World) -> None:
    one, by = shown(world), officer(world)
    said = staffing.object_to(one, "教师资格证是假的，附编号。", at=AT)
    staffing.answer_objection(said, upheld=True, answer="属实", by=by, at=AT)
    with pytest.raises(Refused) as no:
        staffing.enlist(one, by=by, at=AT + timedelta(days=14))
    assert keys(no) == ["P8-2:objection_upheld"]


# --- A school uses it -------------------------------------------------------------------------------------------------


def test_a_school_uses_it_from_choice_to_review(world: World) -> None:
    place, manager, one = world.riverside, world.riverside.by("asp_manager"), listed(world)
    use = chosen(world, one)
    with pytest.raises(Refused) as no:
        chosen(world, one)
    assert keys(no) == ["P8-2:chosen_already"]
    with pytest.raises(Refused) as no:
        staffing.begin_service(use, by=manager, at=AT)
    assert "R-FLOW-01:no_such_move" in keys(no)
    with pytest.raises(Refused) as no:
        staffing.bind_provider(use, number="1", signed_on=None, until_on=None, scan=None, by=manager, at=AT)
    assert keys(no) == ["P8-2:agreement_missing"]
    days = {"signed_on": date(2026, 11, 18), "until_on": date(2027, 1, 16)}
    use = staffing.bind_provider(use, number="LP-01", **days, scan=SCAN, by=manager, at=AT)
    with pytest.raises(Refused) as no:
        staffing.begin_service(use, by=manager, at=AT)
    assert keys(no) == ["P8-2:nobody_named"]
    with pytest.raises(Refused) as no:
        staffing.name_person(use, world.hill.staff["volunteer"], by=manager, at=AT)
    assert keys(no) == ["P8-2:person_elsewhere"]
    staffing.name_person(use, place.staff["volunteer"], by=manager, at=AT)
    use = staffing.begin_service(use, by=manager, at=AT)
    names = queries.provider_hours_people([place.school], world.term)
    assert names == {place.staff["volunteer"].pk: "小荷艺术团1"}
    review = staffing.review_use(use, dict.fromkeys(REVIEW_ITEMS, 18), by=manager, at=AT)
    assert review.total == 90
    with pytest.raises(Refused) as no:
        staffing.review_use(use, dict.fromkeys(REVIEW_ITEMS, 18), by=manager, at=AT)
    assert "P8-2:reviewed_already" in keys(no)
    ended = staffing.end_use(use, reason="学期结束，合格", renews=True, by=manager, at=AT)
    assert ended.state == "listed"
    assert chosen(world, one).state == "chosen"


def test_a_school_without_a_stated_shortage_of_that_area_cannot_choose(world: World) -> None:
    place, one = world.riverside, listed(world, area="music")
    for statement in (None, ground(world)):  # none, and one of another area
        with pytest.raises(Refused) as no:
            staffing.choose_provider(
                place.school, world.term, one, statement, what="合唱", by=place.by("asp_manager"), at=AT
            )
        assert keys(no) == ["R-EXT-01:shortage_not_stated"]


@pytest.mark.clause("2.5-g")
def test_an_exit_keeps_its_reason_and_only_the_district_lets_back(world: World) -> None:
    one, by = listed(world), officer(world)
    use = chosen(world, one)
    with pytest.raises(Refused) as no:
        staffing.leave_list(one, kind="struck", reason="", by=by, at=AT)
    assert keys(no) == ["R-EXT-04:reason_missing"]
    with pytest.raises(Refused) as no:  # it stands on the public page of the provider
        staffing.leave_list(one, kind="struck", reason="向低保学生陈小梅推销课程", by=by, at=AT)
    assert keys(no) == ["R-PRIV-02:names_a_pupil", "R-PRIV-02:aid_words"]
    left = staffing.leave_list(one, kind="struck", reason="在课上推销课程", by=by, at=AT)
    use.refresh_from_db()
    assert (left.reason, use.state) == ("在课上推销课程", "left") and "推销" in use.left_because
    entry = Entry.objects.get(verb="staffing.provider_left")
    assert entry.facts["schools"] == [world.riverside.school.code]
    call = staffing.call_for_providers(
        title="第二次征集",
        areas=["heritage"],
        words="要求同前，非学科类机构。",
        closes_on=date(2026, 12, 31),
        by=by,
        at=AT,
    )
    handed = staffing.Handed("heritage", "年画", 9000, "1")
    with pytest.raises(Refused) as no:
        staffing.register_candidacy(call, organisation(), handed, by=by, at=AT)
    assert keys(no) == ["R-EXT-04:needs_readmission"]
    staffing.readmit(provider_of(one), reason="整改三年期满，复查合格", by=by, at=AT)
    again = staffing.register_candidacy(call, organisation(), handed, by=by, at=AT)
    assert again.state == "needed"  # every step begins anew
    with pytest.raises(Refused) as no:
        staffing.readmit(provider_of(one), reason="再一次准许", by=by, at=AT)
    assert keys(no) == ["R-EXT-04:has_not_left"]


def test_who_is_no_longer_sent_is_dropped_and_the_journal_says_it_once(world: World) -> None:
    place, manager = world.riverside, world.riverside.by("asp_manager")
    use = chosen(world, listed(world))
    sent = staffing.name_person(use, place.staff["volunteer"], by=manager, at=AT)
    for _ in range(2):
        staffing.drop_person(sent, by=manager, at=AT)
    assert not use.people.exists()
    entry = Entry.objects.get(verb="staffing.provider_person_dropped")
    assert (entry.about_id, entry.facts) == (str(use.pk), {"member": place.staff["volunteer"].pk})


def test_the_yearly_review_reads_what_schools_said(world: World) -> None:
    place, one, by = world.riverside, listed(world), officer(world)
    manager = place.by("asp_manager")
    use = chosen(world, one)
    days = {"signed_on": date(2026, 11, 18), "until_on": date(2027, 1, 16)}
    use = staffing.bind_provider(use, number="1", **days, scan=SCAN, by=manager, at=AT)
    staffing.name_person(use, place.staff["volunteer"], by=manager, at=AT)
    use = staffing.begin_service(use, by=manager, at=AT)
    staffing.review_use(use, dict.fromkeys(REVIEW_ITEMS, 8), by=manager, at=AT)
    later = moment(9, on=date(2027, 11, 1))
    with pytest.raises(Refused) as no:
        staffing.review_listing(one, keeps=True, by=by, at=later)
    assert keys(no) == ["P8-2:score_too_low"]
    made = staffing.review_listing(one, keeps=False, note="学校评价低", by=by, at=later)
    one.refresh_from_db()
    assert (made.mean, one.state, one.exit.kind) == (40, "left", "review")


def test_a_good_year_is_followed_by_another(world: World) -> None:
    one, by = listed(world), officer(world)
    later = moment(9, on=date(2027, 11, 1))
    staffing.review_listing(one, keeps=True, by=by, at=later)
    one.refresh_from_db()
    assert (one.state, one.listed_until_on) == ("listed", date(2028, 11, 1))
    with pytest.raises(Refused) as no:
        staffing.choose_provider(
            world.riverside.school, world.term, one, ground(world), what="x", by=by, at=moment(9, on=date(2029, 1, 1))
        )
    assert keys(no) == ["P8-2:listing_over"]
