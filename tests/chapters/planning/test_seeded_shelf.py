"""What the demonstration gives a school holds against the rules: complete, with the faults that are meant to be seen."""

from __future__ import annotations

from types import SimpleNamespace

from kehou.chapters.planning import queries
from kehou.lib.demonstration import DEFAULT_MOMENT, YOUXIANG
from kehou.rules.organisation import POSTS
from seeds import shelf
from tests.world import World


def test_a_seeded_school_is_complete_and_the_largest_shows_its_faults(world: World) -> None:
    place, today = world.riverside, DEFAULT_MOMENT.at.date()
    staffed = SimpleNamespace(
        school=place.school, by={post.role: place.by(post.role) for post in POSTS}, leaders=list(place.staff.values())
    )
    shelf.furnish(staffed, 0, 300, world.term)
    shelf.live(staffed, world.term)
    for pack in (queries.shelf_of, queries.organisation_of, queries.emergency_plan_of, queries.fund_plan_of):
        found = pack(place.school, world.term, on=today)
        assert (found.problems, found.warnings) == ((), ())

    staffed.school = world.hill.school
    staffed.by = {post.role: world.hill.by(post.role) for post in POSTS}
    staffed.leaders = list(world.hill.staff.values())
    world.hill.school.code = YOUXIANG
    world.hill.school.save()
    shelf.furnish(staffed, 1, 300, world.term)
    shelf.live(staffed, world.term)
    warnings = queries.shelf_of(world.hill.school, world.term, on=today).warnings
    assert [one.key for one in warnings] == ["R-DOC-01:review_overdue", "R-DOC-02:only_a_draft"]
    assert queries.standing_policy(world.hill.school, shelf.TWICE).version == 2
