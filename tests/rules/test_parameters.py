"""Every open point of the policy is a parameter with a default, words, and a refusal for what it cannot be."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.parameters import REGISTRY, TITLES, Parameters, refusal_to_approve
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused

# domain/04 and domain/05 section 2.3
OPEN_POINTS = [
    "slot.class_hour_minutes",
    "slot.break_minutes",
    "fee.mode",
    "fee.mixed_hours",
    "fee.leave_policy",
    "fee.proration",
    "waiver.table",
    "waiver.source",
    "fund.surplus_rule",
    "receipt.kind",
    "time.end_exception",
    "time.min_end",
    "elig.stages",
    "elig.private",
    "elig.boarding",
    "agreement.pupil_ack",
    "alloc.method",
    "group.min",
    "survey.min_cell",
    "pay.total_mode",
    "hr.export",
    "filing.deadlines",
    "pub.deadlines",
    "fee.dunning",
    "time.max_end",
    "time.season",
    "slot.max_per_day",
    "prio.categories",
    "prio.weights",
    "survey.core_items",
    "survey.min_response",
    "gate.windows",
    "alloc.seed_publication",
    "group.max",
    "ratio.by_risk",
    "fee.tariff",
    "fee.ref_days",
    "fund.regime",
    "fund.uses",
    "fund.negative_words",
    "fund.utility_share_cap",
    "pay.types",
    "pay.caps",
    "pay.mgmt_share_cap",
    "staff.check_validity_days",
    "staff.inhouse_share_min",
    "filing.types",
    "pub.items",
    "insp.frequency",
    "insp.form_version",
    "insp.random_draw_seed",
    "complaint.sla",
    "privacy.mask_rules",
]


@pytest.mark.parametrize("key", OPEN_POINTS)
def test_each_open_point_has_a_parameter(key):
    assert REGISTRY[key].label
    assert REGISTRY[key].clauses
    assert REGISTRY[key].group in TITLES


@pytest.mark.clause("0-c")
def test_the_defaults_are_the_numbers_of_the_policy():
    ours = Parameters.of()
    assert dict(ours.fee.tariff) == {1: 6000, 2: 11000, 3: 16000}
    assert (ours.time.max_end, ours.slot.class_hour_minutes, ours.fee.ref_days) == (time(18, 30), 40, 20)
    assert ours.fee.leave_policy.before == time(12, 0)
    assert ours.waiver.table["dibao_family"] == ours.waiver.table["poverty_relief_household"] == 100


@pytest.mark.parametrize("key", REGISTRY)
def test_a_value_survives_storing_and_being_read_back_from_its_own_words(key):
    one = REGISTRY[key]
    assert one.load(one.dump(one.default)) == one.default
    assert one.parse(one.show(one.default)) == one.default


@given(
    st.tuples(*[st.integers(0, 16000)] * 3).map(sorted),
    st.integers(15, 31),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
)
def test_what_is_dumped_is_loaded_again(prices, days, before):
    stored = {
        "fee.tariff": {str(hours): price for hours, price in enumerate(prices, 1)},
        "fee.ref_days": days,
        "fee.leave_policy": {"before": f"{before:%H:%M}", "sick_note_days": 3},
    }
    ours = Parameters.of(stored)
    assert ours.dump().items() >= stored.items()
    assert Parameters.of(ours.dump()) == ours
    assert REGISTRY["fee.tariff"].parse(ours.show("fee.tariff")) == ours.fee.tariff


@pytest.mark.parametrize(
    ("key", "typed", "why"),
    [
        ("slot.class_hour_minutes", "四十", "not_a_number"),
        ("slot.class_hour_minutes", "400", "out_of_range"),
        ("slot.max_per_day", "4", "out_of_range"),
        ("time.max_end", "18:31", "out_of_range"),
        ("time.max_end", "25:00", "not_a_time"),
        ("time.max_end", "晚一点", "not_a_time"),
        ("time.season", "冬季：13月1日", "not_a_day"),
        ("time.season", "冬季：10月1日；夏季：10月1日", "season_twice"),
        ("fee.tariff", "1课时：60.005", "not_an_amount"),
        ("fee.tariff", "1课时：60；3课时：160", "tier_gap"),
        ("fee.tariff", "1课时：60；2课时：50", "tier_cheaper"),
        ("fee.tariff", "1课时：1；2课时：2；3课时：3；4课时：4", "too_many_tiers"),
        ("fee.tariff", "两课时：60", "not_a_tier"),
        ("fee.tariff", "60元", "no_colon"),
        ("fee.mode", "一口价", "not_on_the_list"),
        ("hr.export", "也许", "not_on_the_list"),
        ("elig.stages", "", "empty"),
        ("survey.core_items", " ", "empty"),
        ("insp.form_version", "版" * 81, "bad_word"),
        ("ratio.by_risk", "A类（阅读、作业、讲座）：40", "row_missing"),
        ("complaint.sla", "首次答复：2；办结：15；回访：30；罚款：1", "row_unknown"),
    ],
)
def test_it_refuses_in_words(key, typed, why):
    with pytest.raises(Refused) as no:
        REGISTRY[key].parse(typed)
    assert no.value.refusal.why == why
    assert REGISTRY[key].label in say(no.value.refusal)


@pytest.mark.parametrize("stored", [None, True, 1.5, "40", [], {}, "\x00"])
@pytest.mark.parametrize("key", REGISTRY)
def test_nothing_stored_by_mistake_gets_through(key, stored):
    one = REGISTRY[key]
    try:
        value = one.load(stored)
    except Refused as no:
        assert say(no.refusal)
    else:
        assert one.load(one.dump(value)) == value


def test_all_problems_are_named_at_once():
    with pytest.raises(Refused) as no:
        Parameters.of({"slot.break_minutes": -1, "fee.mode": "FREE", "no.such": 1})
    assert [refusal.why for refusal in no.value.refusals] == ["out_of_range", "not_on_the_list", "no_such_parameter"]


@pytest.mark.parametrize(
    ("stored", "key"),
    [
        ({"time.max_end": "17:00"}, "R-BASIS-03:min_end_after_max_end"),
        ({"fee.tariff": {"1": 6000, "2": 11000, "3": 16001}}, "R-FEE-09:above_upper_cap"),
        ({"fee.tariff": {"1": 6000, "2": 11000}}, "R-FEE-07:tier_without_price"),
    ],
)
def test_values_that_contradict_each_other_are_refused(stored, key):
    with pytest.raises(Refused) as no:
        Parameters.of(stored)
    assert no.value.refusal.key == key
    assert say(no.value.refusal)


@pytest.mark.clause("2.6.1-j")
def test_the_two_categories_of_the_policy_cannot_lose_their_waiver():
    table = REGISTRY["waiver.table"].dump(Parameters().waiver.table)
    with pytest.raises(Refused) as no:
        Parameters.of({"waiver.table": table | {"dibao_family": 0}})
    assert no.value.refusal.key == "R-WAIV-01:named_category_not_waived"


@pytest.mark.clause("3.1-c")
def test_a_tariff_needs_a_second_person_and_a_break_does_not():
    assert refusal_to_approve("fee.tariff", proposed_by=7, approved_by=7).code == "R-FEE-08"
    assert refusal_to_approve("fee.tariff", proposed_by=None, approved_by=7).code == "R-FEE-08"
    assert refusal_to_approve("fee.tariff", proposed_by=7, approved_by=8) is None
    assert refusal_to_approve("slot.break_minutes", proposed_by=7, approved_by=7) is None
    assert REGISTRY["fee.tariff"].decided_by == "DRC"
