"""Riverside with its leading group, its places and its texts."""

from __future__ import annotations

from datetime import date, datetime

from kehou.chapters.planning import actions as planning
from kehou.chapters.planning.models import GroupSeat
from kehou.chapters.planning.queries import seats_of
from kehou.rules.organisation import POSTS
from tests.world import World, moment

AT: datetime = moment(9, on=date(2026, 8, 25))
ON: date = AT.date()
FORCE = date(2026, 9, 1)
PLACES = {
    "assembly": "足球场", "wait": "一楼值班室", "gate_place": "正门", "hospital": "区人民医院", "hospital_phone": "023-53201120",
    "police": "双桂派出所", "police_phone": "023-53201110", "night": "总务主任",
}  # fmt: skip


def grouped(world: World, *, place=None) -> list[GroupSeat]:
    """Fill every post of the leading group of a school by those who hold the roles there."""
    place = place or world.riverside
    for post in POSTS:
        planning.appoint(
            place.school, post.code, "", account=place.who[post.role], from_on=ON, by=place.by("principal"), at=AT
        )
    return seats_of(place.school)


def furnished(world: World, *, place=None) -> None:
    """Fill the posts, say the places of the cards, draft every document of the shelf."""
    place = place or world.riverside
    grouped(world, place=place)
    planning.set_emergency_facts(place.school, by=place.by("asp_manager"), at=AT, **PLACES)
    planning.draft_missing(place.school, world.term, by=place.by("asp_manager"), at=AT, in_force=FORCE)


def adopted(world: World, *, place=None) -> None:
    """Let the principal sign the whole shelf."""
    place = place or world.riverside
    furnished(world, place=place)
    planning.sign_policies(place.school, in_force_from=FORCE, by=place.by("principal"), at=AT)
