"""A number of the district changes from a day on, on a ground, by the right persons; the day before keeps its own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kehou.chapters.basis import actions as basis
from kehou.chapters.basis import queries
from kehou.chapters.basis.models import Instrument, ParameterVersion
from kehou.chapters.journal.models import Entry
from kehou.lib.actors import Actor
from kehou.rules.parameters import REGISTRY, Parameters
from kehou.rules.verdicts import Refused
from tests.world import TODAY, moment

pytestmark = pytest.mark.django_db
AT = moment()
LI = Actor(1, "李工", "区发改委价格科")
TAN = Actor(2, "谭科长", "区发改委价格科科长")
SOON = TODAY + timedelta(days=13)  # 1 December
DEARER = {"1": 5000, "2": 9000, "3": 13000}


@pytest.fixture
def instrument() -> Instrument:
    return basis.add_instrument(
        "梁发改〔2026〕9号",
        title="关于课后服务收费标准的批复",
        issuer="区发改委",
        issued_on=date(2026, 11, 1),
        by=LI,
        at=AT,
    )


def proposed(instrument: Instrument | None, key: str = "fee.tariff", value=DEARER, **more) -> ParameterVersion:
    more = {"from_on": SOON, "approval_reference": "批复1号", "by": LI, "at": AT} | more
    return basis.propose_parameter(key, value, instrument=instrument, **more)


def refused(action, *args, **more) -> list[str]:
    with pytest.raises(Refused) as no:
        action(*args, **{"by": LI, "at": AT} | more)
    return [refusal.key for refusal in no.value.refusals]


@pytest.mark.clause("0-c")
def test_it_holds_from_its_day_on_and_the_day_before_keeps_its_own(instrument):
    before = queries.parameters_on(SOON)
    version = proposed(instrument)
    assert queries.parameters_on(SOON).fee.tariff[2] == 11000  # a proposal changes nothing
    basis.approve_parameter(version, by=TAN, at=AT)
    assert queries.parameters_on(SOON).fee.tariff[2] == 9000
    assert queries.parameters_on(SOON - timedelta(days=1)) == before == Parameters()
    assert queries.parameters_on(date(2021, 9, 1)).fee.tariff[2] == 11000


@pytest.mark.clause("0-c")
def test_several_changes_follow_one_another_without_gap_or_overlap(instrument):
    days = [SOON, SOON + timedelta(days=31), SOON + timedelta(days=62)]
    for day, minutes in zip(days, (5, 0, 15), strict=True):
        version = proposed(instrument, "slot.break_minutes", minutes, from_on=day)
        basis.approve_parameter(version, by=TAN, at=AT)
    read = [queries.parameters_on(TODAY + timedelta(days=ahead)).slot.break_minutes for ahead in range(100)]
    assert read == [10] * 13 + [5] * 31 + [0] * 31 + [15] * 25
    twice = proposed(instrument, "slot.break_minutes", 20, from_on=days[1])
    assert refused(basis.approve_parameter, twice, by=TAN) == ["R-BASIS-03:same_day_twice"]


@pytest.mark.clause("0-b")
def test_nothing_is_put_in_force_without_instrument_and_approval(instrument):
    version = proposed(None, approval_reference="")
    assert refused(basis.approve_parameter, version, by=TAN) == ["R-BASIS-01:without_instrument"]
    assert refused(basis.approve_parameter, version, by=TAN, instrument=instrument) == ["R-BASIS-02:without_approval"]
    expired = basis.edit_instrument(
        instrument, title="旧", issuer="区发改委", issued_on=date(2026, 11, 1), valid_from_on=date(2026, 11, 1),
        valid_until_on=SOON, by=LI, at=AT,
    )  # fmt: skip
    no = refused(basis.approve_parameter, version, by=TAN, instrument=expired, approval_reference="纪要3号")
    assert no == ["R-BASIS-01:instrument_not_valid"]
    version.refresh_from_db()
    assert version.state == ParameterVersion.PROPOSED
    assert queries.parameters_on(SOON).fee.tariff[2] == 11000


def test_a_price_needs_two_persons(instrument):
    version = proposed(instrument)
    assert refused(basis.approve_parameter, version, by=LI) == ["R-FEE-08:needs_second_person"]
    by_nobody = proposed(instrument, by=Actor(None, "系统", ""), from_on=SOON + timedelta(days=1))
    assert refused(basis.approve_parameter, by_nobody, by=TAN) == ["R-FEE-08:needs_second_person"]
    basis.approve_parameter(version, by=TAN, at=AT)
    assert ParameterVersion.objects.get(pk=version.pk).decided_by == "谭科长（区发改委价格科科长）"
    ordinary = proposed(instrument, "slot.break_minutes", 5)
    basis.approve_parameter(ordinary, by=LI, at=AT)  # this one does not


def test_it_is_decided_once(instrument):
    version = proposed(instrument)
    basis.reject_parameter(version, reason="先听取意见", by=TAN, at=AT)
    for again in (basis.approve_parameter, basis.reject_parameter):
        more = {"reason": "x"} if again is basis.reject_parameter else {}
        assert refused(again, version, by=TAN, **more) == ["R-BASIS-03:already_decided"]
    assert queries.parameters_on(SOON) == Parameters()


def test_what_has_not_begun_can_be_taken_back_and_what_has_begun_cannot(instrument):
    version = proposed(instrument)
    basis.approve_parameter(version, by=TAN, at=AT)
    basis.withdraw_parameter(version, reason="暂缓", by=TAN, at=AT)
    assert queries.parameters_on(SOON) == Parameters()
    today = proposed(instrument, from_on=TODAY)
    basis.approve_parameter(today, by=TAN, at=AT)
    assert refused(basis.withdraw_parameter, today, reason="x", by=TAN) == ["R-BASIS-03:already_in_use"]


@pytest.mark.parametrize(
    ("key", "value", "more", "expected"),
    [
        ("fee.tarif", 1, {}, "R-BASIS-03:no_such_parameter"),
        ("slot.break_minutes", 31, {}, "R-BASIS-03:out_of_range"),
        ("slot.break_minutes", 10, {}, "R-BASIS-03:nothing_changes"),
        ("slot.break_minutes", 5, {"from_on": TODAY - timedelta(days=1)}, "R-BASIS-03:starts_in_the_past"),
        ("time.max_end", "17:00", {}, "R-BASIS-03:min_end_after_max_end"),
    ],
)
def test_a_value_that_cannot_be_is_not_even_proposed(key, value, more, expected):
    assert refused(basis.propose_parameter, key, value, **{"from_on": SOON} | more) == [expected]
    assert not ParameterVersion.objects.exists()


def test_two_values_that_contradict_on_any_later_day_do_not_come_together(instrument):
    later = proposed(instrument, "time.min_end", "18:00", from_on=SOON + timedelta(days=60))
    basis.approve_parameter(later, by=TAN, at=AT)
    assert refused(basis.propose_parameter, "time.max_end", "17:40", from_on=SOON) == [
        "R-BASIS-03:min_end_after_max_end"
    ]


@pytest.mark.clause("0-b")
def test_the_journal_says_who_changed_what_on_what_ground(instrument):
    basis.approve_parameter(proposed(instrument), by=TAN, at=AT)
    entry = Entry.objects.get(verb="basis.parameter_approved")
    assert (entry.actor_name, entry.facts["approval"], entry.facts["value"]) == ("谭科长", "批复1号", DEARER)


def test_a_day_costs_one_query_whatever_has_been_decided(instrument, django_assert_num_queries):
    for ahead in range(5):
        basis.approve_parameter(
            proposed(instrument, "slot.break_minutes", ahead, from_on=SOON + timedelta(days=ahead)), by=TAN, at=AT
        )
        queries.parameters_on(SOON)
        with django_assert_num_queries(1):
            for_today = queries.parameters_on(SOON)
        with django_assert_num_queries(1):
            assert queries.parameters_on(SOON) is for_today


def test_the_page_shows_value_ground_and_what_comes(instrument, django_assert_num_queries):
    basis.approve_parameter(proposed(instrument, "slot.break_minutes", 5, from_on=TODAY), by=TAN, at=AT)
    basis.approve_parameter(proposed(instrument, "slot.break_minutes", 8), by=TAN, at=AT)
    proposed(instrument)
    with django_assert_num_queries(1):
        shelves = dict(queries.standing_parameters(TODAY))
    every = {one.parameter.key: one for shelf in shelves.values() for one in shelf}
    assert every.keys() == REGISTRY.keys()
    pause = every["slot.break_minutes"]
    assert (pause.value, pause.is_default, pause.version.instrument) == ("5分钟", False, instrument)
    assert [version.value for version in pause.coming] == [8]
    assert (every["fee.tariff"].is_default, len(every["fee.tariff"].proposed)) == (True, 1)
    found = queries.standing_parameters(TODAY, text="休息")
    assert "slot.break_minutes" in [one.parameter.key for _, shelf in found for one in shelf]
    assert [words for _, words in queries.history_of("slot.break_minutes")] == ["8分钟", "5分钟"]


def test_a_parameter_that_a_later_program_does_not_know_harms_nothing(instrument):
    basis.approve_parameter(proposed(instrument, "slot.break_minutes", 5), by=TAN, at=AT)
    ParameterVersion.objects.update(key="slot.gone")
    queries._versions.cache_clear()
    assert queries.parameters_on(SOON) == Parameters()
