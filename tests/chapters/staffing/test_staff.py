"""Who serves: taken on the list, corrected, gone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.queries import staff_of, staff_record
from kehou.rules.sentences import say
from kehou.rules.staffing import inhouse_percent, warning_of_share
from kehou.rules.verdicts import Refused
from tests.world import World, moment

AT = moment(9)
SONG = staffing.StaffFacts(
    name="宋师傅", kind="heritage_inheritor", skills="木版年画", subject="", weekdays=(3, 1, 3), weekly_cap=4
)


def keys(no: pytest.ExceptionInfo[Refused]) -> list[str]:
    assert all(say(one) for one in no.value.refusals)
    return [one.key for one in no.value.refusals]


@pytest.mark.clause("2.4-a")
@pytest.mark.clause("2.4-d")
def test_a_type_is_required_and_skills_stand_apart_from_the_subject(world: World) -> None:
    place, by = world.riverside, world.riverside.by("asp_manager")
    member = staffing.add_staff(place.school, SONG, by=by, at=AT)
    assert (member.kind, member.skills, member.subject, member.weekdays) == (
        "heritage_inheritor",
        "木版年画",
        "",
        [1, 3],
    )
    assert [one.name for one in staff_of(place.school, text="年画")] == ["宋师傅"]
    with pytest.raises(Refused) as no:
        staffing.add_staff(place.school, replace(SONG, kind="", name=" ", weekly_cap=16), by=by, at=AT)
    assert keys(no) == ["R-STAF-01:without_name", "R-STAF-01:kind_unknown", "R-STAF-04:cap_out_of_range"]


def test_an_account_is_on_a_schools_list_once(world: World) -> None:
    place, by = world.riverside, world.riverside.by("asp_manager")
    account = place.who["gatekeeper"]
    facts = staffing.StaffFacts(name=account.name)
    member = staffing.add_staff(place.school, facts, account=account, by=by, at=AT)
    assert staff_record(account, place.school) == member
    with pytest.raises(Refused) as no:
        staffing.add_staff(place.school, facts, account=account, by=by, at=AT)
    assert keys(no) == ["R-STAF-01:already_on_the_list"]
    staffing.add_staff(world.hill.school, facts, account=account, by=by, at=AT)


def test_who_has_left_is_not_changed_any_more(world: World) -> None:
    place, by = world.riverside, world.riverside.by("asp_manager")
    member = staffing.add_staff(place.school, SONG, by=by, at=AT)
    staffing.change_staff(member, replace(SONG, weekly_cap=6), by=by, at=AT)
    staffing.leave(member, on=AT.date(), reason="调离", by=by, at=AT)
    assert member not in staff_of(place.school) and member in staff_of(place.school, with_left=True)
    for again in (
        lambda: staffing.leave(member, on=AT.date(), reason="调离", by=by, at=AT),
        lambda: staffing.change_staff(member, SONG, by=by, at=AT),
    ):
        with pytest.raises(Refused) as no:
            again()
        assert keys(no) == ["R-STAF-01:has_left"]


@pytest.mark.clause("2.4-b")
def test_the_share_of_in_service_staff_is_counted_and_warned_of() -> None:
    assert inhouse_percent({}) is None and warning_of_share({}, least=50) is None
    assert inhouse_percent({"in_service": 1, "parent": 2}) == 33
    warning = warning_of_share({"in_service": 1, "parent": 2}, least=50)
    assert warning and "33%" in say(warning)
    assert warning_of_share({"in_service": 2, "parent": 2}, least=50) is None
