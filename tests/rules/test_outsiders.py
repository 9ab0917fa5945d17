"""Shortage before outsiders, volunteers without pay, the mix; organisations step by step; visits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules import outsiders, providers, visiting
from kehou.rules.providers import Check, OrgFacts
from kehou.rules.sentences import say
from kehou.rules.signing_up import Busy
from kehou.rules.spans import ClockSpan
from kehou.rules.staffing import KINDS
from kehou.rules.visiting import VisitFacts

ON = date(2026, 11, 18)
CODE = providers.credit_code("91500155MA5U0KX1X")
ORG = OrgFacts(
    "梁平区小荷艺术团", CODE, "何某", "许可001", date(2028, 1, 1), date(2019, 5, 1), "文艺创作与表演；艺术培训（非学科类）",
    "梁平区双桂街道顺城街8号", "梁平区双桂街道顺城街8号二楼",
)  # fmt: skip
CLEAN = [Check(kind, clean=True) for kind in providers.CHECKS]


def keys(found):
    found = [one for one in found if one is not None]
    assert all(say(one) for one in found)
    return [one.key for one in found]


def test_an_outsider_needs_a_stated_shortage_and_own_staff_do_not():
    assert outsiders.refusal_without_statement("许", kind="heritage_inheritor", stated=False).code == "R-EXT-01"
    assert outsiders.refusal_without_statement("许", kind="heritage_inheritor", stated=True) is None
    assert outsiders.refusal_without_statement("李", kind="in_service", stated=False) is None
    wrong = outsiders.refusals_of_statement(area="x", need="", reason="", hours=0)
    assert keys(wrong) == [
        f"R-EXT-01:{why}" for why in ("area_unknown", "need_missing", "hours_missing", "reason_missing")
    ]


def test_own_staff_are_found_by_subject_or_skill():
    assert outsiders.has_area("music", "音乐") and outsiders.has_area("music", "数学", "会吹竹笛")
    assert not outsiders.has_area("music", "数学", "书法")


def test_a_volunteer_is_not_paid():
    assert outsiders.refusal_to_pay("周爷爷", is_volunteer=True).key == "R-EXT-03:volunteer_in_pay_run"
    assert outsiders.refusal_to_pay("李", is_volunteer=False) is None
    wrong = outsiders.refusals_of_hours(minutes=5, on=date(2027, 1, 1), today=ON, what=" ")
    assert keys(wrong) == ["R-EXT-03:odd_minutes", "R-EXT-03:day_to_come", "R-EXT-03:without_activity"]
    assert [outsiders.hours_in_words(one) for one in (0, 40, 60, 130)] == ["0分", "40分", "1小时", "2小时10分"]


def test_every_kind_of_the_policy_has_its_line_in_the_mix():
    mix = outsiders.mix_of([("in_service", 6, False), ("parent", 2, True), ("craftsman", 4, False)])
    assert [line.kind for line in mix.lines] == list(KINDS)
    assert (mix.inhouse, mix.hours, mix.volunteers, mix.volunteer_hours) == (50, 12, 1, 2)
    assert {line.kind: line.percent for line in mix.lines}["craftsman"] == 33


@given(st.lists(st.tuples(st.sampled_from(list(KINDS)), st.integers(0, 15), st.booleans()), max_size=30))
def test_the_mix_loses_nobody_and_no_hour(rows):
    mix = outsiders.mix_of(rows)
    assert sum(line.people for line in mix.lines) == len(rows) == mix.people
    assert sum(line.hours for line in mix.lines) == sum(hours for _, hours, _ in rows) == mix.hours


def test_a_share_that_is_too_large_is_warned_of():
    assert outsiders.concentration({"甲": 3, "乙": 1}, all_hours=10) == {"甲": 30, "乙": 10}
    assert outsiders.concentration({"甲": 3}, all_hours=0) == {"甲": 0}
    assert outsiders.warning_of_concentration("甲", percent=30, most=30) is None
    assert outsiders.warning_of_concentration("甲", percent=31, most=30).code == "P10-4"
    assert outsiders.warning_of_spread("甲", schools=11, most=10).key == "P10-4:too_many_schools"
    assert outsiders.warning_of_spread("甲", schools=10, most=10) is None


# --- Organisations ----------------------------------------------------------------------------------------------------


def test_the_credit_code_has_its_check_sign():
    assert providers.has_right_credit_code("91350100M000100Y43")  # the example of GB 32100
    assert not providers.has_right_credit_code("91350100M000100Y44")
    assert not providers.has_right_credit_code("I1350100M000100Y43")


@given(st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17), st.integers(0, 16))
def test_one_wrong_sign_breaks_the_code(first, at):
    code = providers.credit_code(first)
    other = "2" if code[at] != "2" else "3"
    assert not providers.has_right_credit_code(code[:at] + other + code[at + 1 :])


def test_what_an_organisation_hands_in_is_held_against_the_criteria():
    def keys_of(**changed):
        return keys(providers.refusals_of_organisation(replace(ORG, **changed), on=ON, least_years=2))

    assert keys_of() == []
    assert keys_of(credit_code="X") == ["P8-2:credit_code_wrong"]
    assert keys_of(licence_until=ON) == ["P7-2:licence_expired"]
    assert keys_of(licence_until=None) == []
    assert keys_of(founded_on=date(2025, 1, 1)) == ["P8-2:too_young"]


@pytest.mark.parametrize(
    ("scope", "refused"),
    [
        ("中小学数学培训", True), ("学科类校外培训", True), ("奥数提高班", True), ("语文、英语课外辅导", True),
        ("艺术培训（非学科类）", False), ("体育指导；乒乓球培训", False), ("文艺创作与表演", False),
    ],
)  # fmt: skip
def test_subject_training_stays_outside(scope, refused):
    found = providers.refusals_of_organisation(replace(ORG, scope=scope), on=ON, least_years=2)
    assert keys(found) == (["P2-6:subject_training"] if refused else [])


def test_every_enquiry_is_made_and_clean():
    def keys_of(*checks):
        return keys(providers.refusals_of_checks(checks, on=ON, clean_years=3))

    assert keys_of(*CLEAN) == []
    assert keys_of(*CLEAN[:2]) == ["P8-2:check_missing"]
    assert keys_of(*CLEAN, Check("abnormal", clean=False)) == ["P7-2:bad_record"]
    recent, old = date(2024, 1, 1), date(2023, 11, 18)
    assert keys_of(*CLEAN, Check("struck_off", clean=False, found_on=recent)) == ["P7-2:struck_off_elsewhere"]
    assert keys_of(*CLEAN, Check("struck_off", clean=False, found_on=old)) == []
    assert keys_of(*CLEAN, Check("struck_off", clean=False)) == ["P7-2:struck_off_elsewhere"]


def test_a_schools_address_is_no_teaching_place():
    """P10-5, with the spellings that people use."""
    schools = [("柚香路小学（演示）", "重庆市梁平区双桂街道柚香路20号"), ("无址小学", "")]
    for address in ("梁平区双桂街道柚香路２０号", "双桂街道柚香路20号 教学楼2楼", "柚香路小学内"):
        assert providers.refusal_of_school_address(address, schools).fact("school").startswith("柚香路小学")
    assert providers.refusal_of_school_address("双桂街道顺城街8号", schools) is None
    assert providers.refusal_of_school_address("", schools) is None


def test_a_panel_of_three_with_a_mean_that_passes():
    assert providers.refusal_to_select([90, 90], panel=3, passing=70).why == "panel_too_small"
    assert providers.refusal_to_select([69, 70, 70], panel=3, passing=70).why == "score_too_low"
    assert providers.refusal_to_select([70, 70, 70], panel=3, passing=70) is None
    points = dict.fromkeys(providers.CRITERIA, 20)
    assert providers.refusals_of_points(points, 20, providers.CRITERIA) == ()
    assert keys(providers.refusals_of_points(points | {"price": 21}, 20, providers.CRITERIA)) == ["P8-2:points_wrong"]


def test_the_list_waits_for_the_last_day_and_every_answer():
    def why(**facts):
        given_ = {"shown_until": ON, "on": date(2026, 11, 19), "open_objections": 0, "upheld": 0} | facts
        no = providers.refusal_to_list(**given_)
        return no and (say(no) and no.why)

    assert why() is None
    assert why(on=ON) == "still_shown"
    assert why(shown_until=None) == "not_shown"
    assert why(open_objections=1) == "objection_open"
    assert why(upheld=1) == "objection_upheld"


def test_return_choice_and_exit():
    assert providers.refusal_to_return(left_on=ON, readmitted=False).code == "R-EXT-04"
    assert providers.refusal_to_return(left_on=ON, readmitted=True) is None
    assert providers.refusal_to_choose(listed_until=None, on=ON).why == "not_on_the_list"
    assert providers.refusal_to_choose(listed_until=ON, on=ON).why == "listing_over"
    assert providers.refusal_to_choose(listed_until=date(2027, 1, 1), on=ON) is None
    assert keys(providers.refusals_of_exit("", "")) == ["R-EXT-04:exit_kind_missing", "R-EXT-04:reason_missing"]


# --- Visits -----------------------------------------------------------------------------------------------------------

VISIT = VisitFacts(3, time(16, 0), time(16, 40))


def test_nobody_is_in_two_places_or_on_the_way():
    near = Busy(3, ClockSpan(time(15, 0), time(15, 45)), "五2音乐")
    assert keys(visiting.refusals_of_two_places("李", VISIT, [near], travel=20)) == ["R-STAF-03:two_places"]
    assert visiting.refusals_of_two_places("李", VISIT, [near], travel=15) == ()
    backwards = VisitFacts(3, time(17, 0), time(16, 0))
    assert visiting.refusals_of_two_places("李", backwards, [near], travel=20) == ()
    assert visiting.refusals_of_two_places("李", VISIT, [replace(near, weekday=4)], travel=60) == ()


def test_a_visitor_leads_within_the_agreed_time_only():
    inside, outside = ClockSpan(time(16, 0), time(16, 40)), ClockSpan(time(16, 0), time(17, 30))
    assert visiting.refusal_outside_visit("李", 3, inside, [VISIT]) is None
    assert visiting.refusal_outside_visit("李", 3, outside, [VISIT]).why == "outside_the_visit"
    assert visiting.refusal_outside_visit("李", 4, inside, [VISIT]) is not None


def test_three_agree_once_each():
    assert visiting.missing_parties(["home", "host", "teacher"]) == ""
    assert visiting.missing_parties(["home"]) == "接收学校校长、教师本人"
    assert visiting.refusal_to_agree("home", agreed=["home"], ended=False).why == "agreed_already"
    assert visiting.refusal_to_agree("home", agreed=[], ended=True).why == "visit_over"
    wrong = visiting.refusals_of_visit(VisitFacts(6, time(17, 0), time(16, 0)), same_school=True, name="李")
    assert keys(wrong) == ["R-STAF-03:visits_own_school", "R-STAF-03:visit_without_time"]
