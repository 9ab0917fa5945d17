"""The district's library of activities: forty to begin from, changed by versions, retired, adapted by schools (2.3-d)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.basis import actions as basis
from kehou.chapters.basis.models import ActivityTemplate
from kehou.chapters.basis.queries import template_versions, templates_now
from kehou.chapters.journal.models import Entry
from kehou.chapters.programme import actions as programme
from kehou.desks.district.forms_template import initial_of
from kehou.rules.forty import FORTY
from kehou.rules.verdicts import Refused
from tests.world import World, moment

AT = moment()
ROPE = FORTY[5]  # 花样跳绳


@pytest.fixture(autouse=True)
def morning(at_moment) -> None:
    at_moment(AT)


def typed(one=ROPE, version: int = 1, **changes: object) -> dict[str, object]:
    sent = initial_of(one, version) | {"reason": "操场改建，人数减少"} | changes
    return {key: list(value) if isinstance(value, tuple) else value for key, value in sent.items() if value is not None}


def post(client: Client, world: World, data: dict[str, object], number: int = ROPE.number, role="basic_education"):
    client.force_login(world.district[role])
    return client.post(reverse("district:activity_template", args=(number,)), data)


@pytest.mark.clause("2.3-d")
def test_an_officer_changes_a_template_and_schools_begin_from_the_new_version(world: World, client: Client):
    assert post(client, world, typed(capacity=32, minimum=12, name="花样跳绳与毽球")).status_code == 302
    now = next(one for one in templates_now() if one.number == ROPE.number)
    assert (now.capacity, now.name, len(templates_now())) == (32, "花样跳绳与毽球", 40)
    old, new = template_versions(ROPE.number)[ROPE.number]
    assert (old.template, old.version, new.version, new.reason) == (ROPE, 1, 2, "操场改建，人数减少")
    page = client.get(reverse("district:activity_template", args=(ROPE.number,))).content.decode()
    assert "第2版" in page and "<del>40</del> → <ins>32</ins>" in page and "操场改建" in page

    place = world.riverside
    programme.start_table(place.school, world.term, by=place.by("asp_manager"), at=AT)
    client.force_login(place.who["asp_manager"])
    shown = client.get(reverse("school:table_templates", args=(place.school.code,))).content.decode()
    assert "花样跳绳与毽球" in shown
    begun = client.get(reverse("school:activity_new", args=(place.school.code,)), {"template": ROPE.number})
    assert begun.context["form"].initial["capacity"] == 32


@pytest.mark.clause("2.3-d")
def test_a_copy_at_a_school_stays_when_the_template_changes_or_goes(world: World, client: Client):
    place, by = world.riverside, world.by_district("basic_education")
    table = programme.start_table(place.school, world.term, by=place.by("asp_manager"), at=AT)
    from tests.chapters.programme.stage import row

    own = programme.add_activity(table, row(place, name=ROPE.name, capacity=18), by=place.by("asp_manager"), at=AT)
    basis.change_template(ROPE.number, replace(ROPE, capacity=30), reason="少一些", seen=1, by=by, at=AT)
    basis.retire_template(ROPE.number, reason="不再推荐", seen=2, by=by, at=AT)
    own.refresh_from_db()
    assert (own.capacity, own.withdrawn_at) == (18, None)
    assert ROPE.number not in {one.number for one in templates_now()}
    client.force_login(place.who["asp_manager"])
    begun = client.get(reverse("school:activity_new", args=(place.school.code,)), {"template": ROPE.number})
    assert begun.context["form"].initial.get("name") is None
    client.force_login(world.district["basic_education"])
    assert ROPE.name not in client.get(reverse("district:activity_templates")).content.decode()
    assert ROPE.name in client.get(reverse("district:activity_templates") + "?retired").content.decode()
    # a new version brings it back
    basis.change_template(ROPE.number, ROPE, reason="重新推荐", seen=3, by=by, at=AT)
    assert ROPE in templates_now()


def test_a_new_template_gets_the_next_number_and_is_searched_filtered_and_taken_away(world: World, client: Client):
    client.force_login(world.district["basic_education"])
    new = {key: value for key, value in typed(name="柚皮灯笼", category="labour_experience").items() if key != "reason"}
    assert client.post(reverse("district:activity_template_new"), new).status_code == 302
    assert ActivityTemplate.objects.get().number == 41
    address = reverse("district:activity_templates")
    found = client.get(address, {"q": "柚皮"}).content.decode()
    assert "柚皮灯笼" in found and "校园足球" not in found
    assert "校园足球" not in client.get(address, {"category": "labour_experience"}).content.decode()
    assert client.get(address, {"as": "sheet"})["Content-Disposition"]
    assert set(Entry.objects.filter(verb__startswith="basis.template").values_list("verb", flat=True)) == {
        "basis.template_added"
    }


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "奥数思维训练营"}, "奥数"),
        ({"name": "校园足球"}, "已经有一项活动叫"),
        ({"aim": "让孩子开心"}, "目标要写明"),
        ({"minimum": 41}, "超过了人数上限"),
        ({"reason": " "}, "id_reason_error"),
        ({"seen": 7}, "请看过再改"),
        ({}, "完全一样"),
    ],
)
def test_what_cannot_stand_is_refused_beside_its_field_and_nothing_typed_is_lost(
    world: World, client: Client, changes: dict[str, object], words: str
):
    answer = post(client, world, typed(**changes))
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not ActivityTemplate.objects.exists()
    assert "操场改建" in answer.content.decode() or "reason" in changes


def test_the_second_of_two_officers_is_told_who_was_faster(world: World, client: Client):
    basis.change_template(
        ROPE.number,
        replace(ROPE, capacity=30),
        reason="少一些",
        seen=1,
        by=world.by_district("basic_education_head"),
        at=AT,
    )
    answer = post(client, world, typed(capacity=20))
    assert answer.status_code == 422 and "改成了第2版" in answer.content.decode()
    assert post(client, world, typed(capacity=20, version=2)).status_code == 302


def test_only_an_officer_of_basic_education_changes_them(world: World, client: Client):
    assert post(client, world, typed(capacity=20), role="finance").status_code == 403
    assert not ActivityTemplate.objects.exists()


def test_retiring_asks_for_a_reason_and_happens_once(world: World):
    by = world.by_district("basic_education")
    for reason, seen in (("", 1), ("不再推荐", 9)):
        with pytest.raises(Refused):
            basis.retire_template(ROPE.number, reason=reason, seen=seen, by=by, at=AT)
    basis.retire_template(ROPE.number, reason="不再推荐", seen=1, by=by, at=AT)
    with pytest.raises(Refused):
        basis.retire_template(ROPE.number, reason="不再推荐", seen=2, by=by, at=AT)


def test_a_changed_library_fills_the_gaps_of_a_table_and_the_surveys_proposal():
    from kehou.rules.balance import gaps
    from kehou.rules.demand import ideas_for

    library = tuple(one for one in FORTY if one.category != "club")
    assert ideas_for("社团", (3,)) and not ideas_for("社团", (3,), library)
    own = (replace(ROPE, name="踢毽子"),)
    assert {one.name for gap in gaps((), (3,), own) for one in gap.ideas} == {"踢毽子"}
