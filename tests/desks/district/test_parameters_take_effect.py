"""What the district decides is what actions do and pages say; what nothing reads yet says so."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment import queries
from kehou.chapters.enrolment.wording import Wording
from kehou.chapters.money import actions as money
from kehou.chapters.schools.models import SchoolTerm
from kehou.rules.choice import DayWish
from kehou.rules.parameters import REGISTRY
from kehou.rules.verdicts import Refused
from tests.chapters.money.test_waivers import late_ground
from tests.deciding import put_in_force
from tests.registration import AFTER, DURING, OPENS, choice, committed, open_stage, publish_table, published, submit
from tests.world import World, moment

AUGUST = date(2026, 8, 1)


@pytest.mark.clause("2.2-h")
@pytest.mark.parametrize(("mixed", "refused"), [(True, []), (False, ["R-VOL-02:hours_differ"])])
def test_whether_the_weekdays_may_differ(world: World, at_moment, mixed, refused) -> None:
    at_moment(DURING)
    put_in_force("fee.mixed_hours", mixed, world=world, from_on=AUGUST)
    stage, by = open_stage(world), world.by_guardian()
    found: list[str] = []
    try:
        enrolment.submit(stage.registration, world.mei, choice(DayWish(1, 2), DayWish(3, 1)), by=by, at=DURING)
    except Refused as no:
        found = [refusal.key for refusal in no.refusals]
    assert found == refused
    enrolment.submit(stage.registration, world.bo, choice(DayWish(1, 2), DayWish(3, 2)), by=by, at=DURING)


def test_the_method_is_chosen_before_the_school_begins(client, world: World, at_moment) -> None:
    at_moment(OPENS)
    publish_table(world)
    put_in_force("alloc.method", "da", world=world, from_on=AUGUST)
    client.force_login(world.riverside.who["asp_manager"])
    page = client.get(reverse("school:registration", args=(world.riverside.school.code,))).content.decode()
    radio = page.split('value="da"')[1].split(">")[0]
    assert "checked" in radio and "checked" not in page.split('value="gsd"')[1].split(">")[0]


def test_the_latest_end_is_said_as_the_district_set_it(client, world: World, at_moment) -> None:
    """On the page of the dismissals, and in an agreement of a school that has named no latest pick-up of its own."""
    at_moment(OPENS)
    put_in_force("time.max_end", "18:10", world=world, from_on=AUGUST)
    SchoolTerm.objects.update(latest_pick_up=None)
    client.force_login(world.riverside.who["asp_manager"])
    page = client.get(reverse("school:dismissal", args=(world.riverside.school.code,))).content.decode()
    assert "18:10前结束" in page and "18:30前" not in page
    wording = Wording.of(
        world.riverside.school, world.term, [], on=date(2026, 9, 1), parameters=parameters_on(date(2026, 9, 1))
    )
    assert wording.latest_pickup == "18:10"


@pytest.mark.parametrize(("days", "said"), [(2, "9月8日"), (4, "9月10日")])
def test_the_class_review_has_a_clock(client, world: World, at_moment, days, said) -> None:
    """The window closes on Saturday the 5th; the days are working days."""
    put_in_force("enrol.review_working_days", days, world=world, from_on=AUGUST)
    stage = open_stage(world)
    at_moment(DURING)
    submit(stage, world.mei)
    assert f"{queries.review_due(stage.registration):%-m月%-d日}" == said
    at_moment(moment(9, on=date(2026, 9, 14)))
    client.force_login(world.riverside.who["homeroom_teacher"])
    page = client.get(reverse("teacher:reviews", args=(world.riverside.school.code,))).content.decode()
    assert said in page and "已过" in page
    client.force_login(world.riverside.who["asp_manager"])
    page = client.get(reverse("school:registration", args=(world.riverside.school.code,))).content.decode()
    assert f"已过期限{said}" in page


def test_numbers_are_hidden_as_the_district_says(client, world: World, at_moment) -> None:
    at_moment(DURING)
    client.force_login(world.guardian)
    card = reverse("guardian:card", args=(world.mei.pk,))
    phone = world.guardian.phone
    assert f"{phone[:3]}****{phone[-4:]}" in client.get(card).content.decode()
    put_in_force("privacy.mask_rules", {"id_tail": 0, "phone_head": 0, "phone_tail": 2}, world=world, from_on=AUGUST)
    page = client.get(card).content.decode()
    assert f"{'*' * 9}{phone[-2:]}" in page and phone[-4:] not in page


@pytest.mark.clause("2.6.1-j")
def test_a_list_is_no_ground_where_families_bring_a_proof(client, world: World, at_moment) -> None:
    officer, at = world.riverside.by("aid_officer"), moment(9, on=date(2026, 10, 8))
    at_moment(at)
    assert "不需要您提交证明" in client.get(reverse("public:prices")).content.decode()
    assert len(money.recognise_many([late_ground(world)], by=officer, at=at)[0]) == 1
    put_in_force("waiver.source", "family_proof", world=world, from_on=AUGUST)
    with pytest.raises(Refused) as no:
        money.recognise_many([late_ground(world)], by=officer, at=at)
    assert no.value.refusal.key == "R-WAIV-02:list_is_not_the_ground"
    assert money.recognise(late_ground(world), by=officer, at=at)
    assert "请把证明交给学校资助专员" in client.get(reverse("public:prices")).content.decode()
    client.force_login(world.riverside.who["aid_officer"])
    page = client.get(reverse("school:care", args=(world.riverside.school.code,))).content.decode()
    assert "看过证明，逐人登记" in page and "用表格写入一份名单" not in page


@pytest.mark.clause("2.7.3-c")
def test_the_root_is_public_before_the_draw_unless_the_district_says_after(client, world: World, at_moment) -> None:
    at_moment(AFTER)
    stage = open_stage(world)
    submit(stage, world.mei)
    draw = committed(stage)
    address = reverse("public:draws")
    assert draw.root in client.get(address).content.decode()
    put_in_force("alloc.seed_publication", "after_draw", world=world, from_on=AUGUST)
    assert draw.root not in client.get(address).content.decode()


def test_once_published_a_draw_is_no_longer_ahead(client, world: World, at_moment) -> None:
    at_moment(AFTER)
    stage = open_stage(world)
    submit(stage, world.mei)
    published(stage)
    page = client.get(reverse("public:draws")).content.decode()
    assert "已经封存，还没有摇" not in page and world.riverside.school.name in page


@pytest.mark.parametrize("key", [key for key, one in REGISTRY.items() if one.later])
def test_what_nothing_reads_yet_says_so(client, world: World, at_moment, key) -> None:
    at_moment(DURING)
    client.force_login(world.district["basic_education"])
    badge = REGISTRY[key].takes_effect
    assert badge in client.get(reverse("district:parameter", args=(key,))).content.decode()


def test_the_list_of_parameters_shows_the_badges_and_only_there(client, world: World, at_moment) -> None:
    at_moment(DURING)
    client.force_login(world.district["basic_education"])
    page = client.get(reverse("district:parameters")).content.decode()
    assert page.count("将在“") == sum(bool(one.later) for one in REGISTRY.values())
    assert "将在“" not in client.get(reverse("district:parameter", args=("fee.dunning",))).content.decode()
