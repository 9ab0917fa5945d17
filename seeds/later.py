"""The two moments that lie after the demonstration's afternoon: the end of the month, the end of the term.

They are built on a copy of the district while it is already being served, and kept beside the others.
"""

from __future__ import annotations

from datetime import date, datetime
from random import Random

from django.db import transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import calendar_of
from kehou.chapters.people.models import Guardianship, Post
from kehou.chapters.people.queries import held_on
from kehou.chapters.schools.models import School
from kehou.lib import chance, snapshots
from kehou.lib.demonstration import MOMENTS
from seeds import afternoons, money
from seeds.people import Family, Staffed, actor_of
from seeds.schools import TWELVE
from seeds.term import SchoolStory

SEED = 20261130
_MONTH_END, _TERM_END = (next(one for one in MOMENTS if one.key == key) for key in ("month_end", "term_end"))


def build() -> None:
    """Live on from the afternoon to both moments and keep each; the database is left at the last one."""
    with chance.repeatable(SEED):
        _build(Random(SEED))


def _build(rng: Random) -> None:
    stories = [recall(school) for school in School.objects.order_by("code")]
    _live_to(stories, _MONTH_END.at, rng)
    snapshots.keep(_MONTH_END.key)
    for month in (date(2026, 11, 1), date(2026, 12, 1)):
        for story in stories:
            with transaction.atomic():
                money.bill_month(story, month, rng)
    _live_to(stories, _TERM_END.at, rng)
    snapshots.keep(_TERM_END.key)


def _live_to(stories: list[SchoolStory], moment: datetime, rng: Random) -> None:
    """Live through the service day before a moment and the day of the moment itself."""
    term = Term.objects.get(code="2026-autumn")
    for story in stories:
        days = calendar_of(term).service_days(school=story.staffed.school.code)
        eve = [day for day in days if day < moment.date()][-1]
        with transaction.atomic():
            afternoons.live_through(story, eve, rng)
            afternoons.live_until(story, moment, rng)


def recall(school: School) -> SchoolStory:
    """Return what the story needs to know of a school, read back from the district."""
    plan = next((one for one in TWELVE if one.code == school.code), TWELVE[0])
    by = {}
    for post in Post.objects.filter(school=school).select_related("account", "homeroom").order_by("pk"):
        by.setdefault(post.role, actor_of(post.account, post.role, school))
    staffed = Staffed(
        school, plan, list(school.homerooms.order_by("grade", "number")), by, list(school.staff.order_by("pk"))
    )
    return SchoolStory(staffed, _families(school))


def _families(school: School) -> list[Family]:
    families: dict[int, Family] = {}
    links = Guardianship.objects.filter(held_on(date(2026, 11, 18)), pupil__school=school, is_main=True)
    for link in links.select_related("account", "pupil__homeroom", "pupil__school").order_by("pk"):
        family = families.setdefault(link.account_id, Family(link.account, link.relation, []))
        family.pupils.append(link.pupil)
    return list(families.values())
