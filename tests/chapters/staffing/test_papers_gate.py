"""Nobody serves without the three papers (2.4-k, l, m): each one missing keeps a person out of every way to be given
pupils, and the paper that ends takes them out again."""

from __future__ import annotations

import pytest

from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.models import ActivityTable
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.staffing.queries import choice_of, refusal_to_schedule
from kehou.rules.verdicts import Refused
from tests.chapters.programme.stage import row
from tests.chapters.staffing.test_files import AT, SONG, give_materials, keys, pass_check, sign
from tests.people import put_on_roster
from tests.world import TODAY, World, make_account

PAPERS = {"requirements": "R-FILE-05", "agreement": "R-FILE-06", "letter": "R-FILE-07"}


@pytest.fixture
def song(world: World) -> StaffMember:
    """Return somebody from outside with everything but the three papers, which lie there to be signed."""
    manager = world.riverside.by("asp_manager")
    member = staffing.add_staff(world.riverside.school, SONG, by=manager, at=AT, account=make_account("宋师傅"))
    give_materials(world, member)
    sign(member, "consent")
    pass_check(world, member)
    staffing.draw_up_papers(member.school, [member], world.term, by=manager, at=AT)
    facts = staffing.TrainingFacts(TODAY, "何老师", 120, score=90)
    staffing.record_training(member.school, [member], facts, by=manager, at=AT)
    return member


@pytest.fixture
def table(world: World) -> ActivityTable:
    return programme.start_table(world.riverside.school, world.term, by=world.riverside.by("asp_manager"), at=AT)


def seal(world: World, member: StaffMember) -> None:
    staffing.seal_papers(member.papers.filter(state="signed"), by=world.riverside.by("principal"), at=AT)


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("requirements", marks=pytest.mark.clause("2.4-k")),
        pytest.param("agreement", marks=pytest.mark.clause("2.4-l")),
        pytest.param("letter", marks=pytest.mark.clause("2.4-m")),
    ],
)
def test_with_one_paper_unsigned_nobody_is_admitted_scheduled_or_written_into_the_table(
    world: World, song: StaffMember, table: ActivityTable, kind: str
) -> None:
    place, principal = world.riverside, world.riverside.by("principal")
    put_on_roster([song], world.term)
    sign(song, *(other for other in PAPERS if other != kind))
    seal(world, song)
    song.refresh_from_db()
    assert [one.partition(":")[0] for one in keys(song)] == [PAPERS[kind]], "this paper and nothing else is missing"
    with pytest.raises(Refused) as no:
        staffing.admit(song.school, [song], by=principal, at=AT)
    assert PAPERS[kind] in {one.code for one in no.value.refusals}
    assert refusal_to_schedule(song, world.term, on=TODAY) is not None
    assert song not in choice_of(place.school, world.term, on=TODAY).offered
    activity = row(place, name="木版年画", leader=song)
    with pytest.raises(Refused):
        programme.add_activity(table, activity, by=place.by("asp_manager"), at=AT)
    assert not table.activities.exists()

    sign(song, kind)
    if kind != "requirements":  # the person reads it; the school has nothing to seal
        seal(world, song)
    song.refresh_from_db()
    staffing.admit(song.school, [song], by=principal, at=AT)
    song.refresh_from_db()
    assert keys(song) == [] and refusal_to_schedule(song, world.term, on=TODAY) is None
    assert song in choice_of(place.school, world.term, on=TODAY).offered
    assert programme.add_activity(table, activity, by=place.by("asp_manager"), at=AT).leader == song
