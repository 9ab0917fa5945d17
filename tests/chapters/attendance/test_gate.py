"""门卫登记: on today's list or accompanied, with the card that belongs to the name; and out again (3.2-e)."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from kehou.chapters.attendance import actions as attendance
from kehou.chapters.attendance.guests import guests_on, inside
from kehou.chapters.attendance.models import GateEntry
from kehou.chapters.journal.models import Entry
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.timetable import actions as timetable
from kehou.chapters.timetable.models import Session
from kehou.rules.verdicts import Refused
from tests.groups import make_session
from tests.world import TODAY, World, moment

AT = moment(15, 40)
VISIT = {"purpose": "送器材", "host": "陈老师", "escort": "邓老师"}


@pytest.fixture
def guest(world: World) -> StaffMember:
    """Return an outsider in use, on the accepted list, with a session today; the card ends with 123X."""
    member = world.riverside.staff["volunteer"]
    member.id_number = "50099919900101123X"
    member.save()
    make_session(world.riverside, world.term, [])
    Session.objects.update(leader=member)
    assert [(one.member, one.unfit) for one in guests_on(world.riverside.school, TODAY)] == [(member, None)]
    return member


def refused(world: World, **who: object) -> list[str]:
    with pytest.raises(Refused) as no:
        attendance.let_in(world.riverside.school, by=world.riverside.by("gatekeeper"), at=AT, **who)
    return [one.key for one in no.value.refusals]


def let_in(world: World, **who: object) -> GateEntry:
    return attendance.let_in(world.riverside.school, by=world.riverside.by("gatekeeper"), at=AT, **who)


@pytest.mark.clause("3.2-e")
@pytest.mark.parametrize("picked", [True, False])
def test_who_is_on_todays_list_comes_in_for_a_session_with_the_right_card(
    world: World, guest: StaffMember, picked: bool
) -> None:
    who = {"name": guest.name, "member": guest if picked else None}
    assert "R-SAFE-06:without_tail" in refused(world, **who, tail="12")
    wrong = refused(world, **who, tail="9999")
    assert wrong == (["R-SAFE-06:another_person"] if picked else ["R-SAFE-06:not_on_list"])
    entry = let_in(world, **who, tail="123x")
    assert (entry.member, entry.session, entry.tail) == (guest, Session.objects.get(), "123X")
    assert refused(world, **who, tail="123X") == ["R-SAFE-06:inside_already"]
    assert list(inside(world.riverside.school)) == [entry]
    attendance.let_out(entry, by=world.riverside.by("gatekeeper"), at=moment(18))
    with pytest.raises(Refused, match="outside_already"):
        attendance.let_out(entry, by=world.riverside.by("gatekeeper"), at=moment(18))
    assert not inside(world.riverside.school).exists()
    assert let_in(world, **who, tail="123X").pk != entry.pk
    assert "123X" not in str(list(Entry.objects.filter(verb__startswith="attendance.let").values_list("facts")))


@pytest.mark.clause("3.2-e")
@pytest.mark.parametrize("missing", list(VISIT))
def test_everybody_else_comes_in_accompanied_or_not_at_all(world: World, guest: StaffMember, missing: str) -> None:
    assert refused(world, name="陌生人", tail="1234") == ["R-SAFE-06:not_on_list"]
    assert refused(world, name="陌生人", tail="1234", **{**VISIT, missing: " "}) == ["R-SAFE-06:not_on_list"]
    entry = let_in(world, name="陌生人", tail="1234", **VISIT)
    assert (entry.member, entry.session, entry.escort) == (None, None, "邓老师")
    # The name of somebody who is expected, with another card: a stranger of that name.
    assert refused(world, name=guest.name, tail="1234") == ["R-SAFE-06:not_on_list"]


@pytest.mark.clause("3.2-e")
def test_who_may_not_serve_is_kept_out_although_the_table_names_them(world: World, guest: StaffMember) -> None:
    timetable.suspend(guest, reason="核查中", by=world.riverside.by("asp_manager"), at=moment(12))
    Session.objects.update(leader=guest)
    for who in ({"member": guest, "name": ""}, {"name": guest.name}):
        assert refused(world, **who, tail="123X")[0] == "R-SAFE-06:may_not_serve"
        assert refused(world, **who, tail="123X", **VISIT)[0] == "R-SAFE-06:may_not_serve"
    Session.objects.update(leader=None)
    assert refused(world, name=guest.name, tail="123X", **VISIT)[0] == "R-SAFE-06:may_not_serve"


@pytest.mark.clause("3.2-e")
def test_the_guard_does_it_on_a_page_prints_it_and_nobody_else_sees_it(
    client: Client, world: World, guest: StaffMember, at_moment
) -> None:
    at_moment(AT)
    code = world.riverside.school.code
    page = reverse("teacher:gate", args=(code,))
    client.force_login(world.riverside.who["gatekeeper"])
    assert guest.name in client.get(page).content.decode()
    wrong = client.post(page, {"name": "赵师傅", "tail": "1234", "purpose": "修门"})
    words = wrong.content.decode()
    assert wrong.status_code == 409 and "不在今日名单上" in words and "修门" in words and "3.2-e" in words
    client.post(page, {"member": guest.pk, "tail": "123X"})
    client.post(page, {"name": "赵师傅", "tail": "1234", **VISIT})
    entry = GateEntry.objects.get(name="赵师傅")
    assert "登记离开" in client.get(page).content.decode()
    client.post(reverse("teacher:gate_leaving", args=(code, entry.pk)))
    entry.refresh_from_db()
    assert entry.out_at == AT
    made = client.get(reverse("teacher:gate_paper", args=(code,)))
    text = "".join("".join(one.extract_text().split()) for one in PdfReader(io.BytesIO(made.content)).pages)
    for part in ("门卫登记", guest.name, "赵师傅", "123X", "送器材", "邓老师"):
        assert part in text, part
    other = Client()
    other.force_login(world.riverside.who["teacher"])
    assert other.get(page).status_code == 403 and other.post(page, {"name": "x"}).status_code == 403
    stranger = Client()
    stranger.force_login(world.hill.who["asp_manager"])
    assert stranger.get(page).status_code == 404


def test_picking_somebody_who_is_not_on_the_list_gets_nobody_past_the_file(world: World, guest: StaffMember) -> None:
    Session.objects.update(leader=None)
    who = {"name": guest.name, "tail": "123X", **VISIT}
    assert refused(world, name=guest.name, tail="9999", member=guest, **VISIT) == ["R-SAFE-06:another_person"]
    StaffMember.objects.filter(pk=guest.pk).update(state="suspended")
    guest.refresh_from_db()
    for picked in (None, guest):
        assert "R-SAFE-06:may_not_serve" in refused(world, **who, member=picked)
    elsewhere = world.hill.staff["volunteer"]
    assert let_in(world, name="过路人", tail="0001", member=elsewhere, **VISIT).member is None, "a key tells no name"
