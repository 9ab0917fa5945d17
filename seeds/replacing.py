"""Who has to be placed anew in November: a club that ends at a hill school, two protected children at the largest."""

from __future__ import annotations

from datetime import date

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation.models import Placement
from kehou.chapters.allocation.protection import protected_without_place
from kehou.chapters.basis.models import Term
from kehou.chapters.people.models import CareRecord
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.models import Activity
from kehou.chapters.programme.queries import table_of
from kehou.chapters.timetable import actions as timetable
from kehou.lib.demonstration import YOUXIANG, ZHUHAI
from seeds.permits import ask_in_november
from seeds.term import SchoolStory, at

ENDS = "校园足球"
OPENED, PUBLISHED = at(date(2026, 11, 16), 15), at(date(2026, 11, 17), 16, 40)
TAKEN_BACK, OFFERED = at(date(2026, 11, 17), 10), at(date(2026, 11, 18), 9, 30)
FRIDAY, LACKING = 5, 2
WHY = "所在组改到最后一个课时，接不上回家的班车，家长请学校另排"


def tell(story: SchoolStory, term: Term) -> None:
    """Tell what one school has of it."""
    if story.staffed.school.code == ZHUHAI:
        _end_a_club(story, term)
    elif story.staffed.school.code == YOUXIANG:
        _look_for_places(story)


def _end_a_club(story: SchoolStory, term: Term) -> None:
    """Take a club out of the table, its teacher being away; the children in it wait for the office to place them anew."""
    school, by = story.staffed.school, story.staffed.by["asp_manager"]
    table = table_of(school, term)
    assert table is not None
    programme.reopen(table, reason="带校园足球组的老师赴外地跟岗学习到期末，本组停开", by=by, at=OPENED)
    club = Activity.objects.select_related("table__school").get(table=table, name=ENDS, withdrawn_at=None)
    programme.withdraw_activity(club, by=by, at=OPENED)
    ask_in_november(story, table, OPENED)
    table.refresh_from_db()
    programme.publish(table, by=story.staffed.by["principal"], at=PUBLISHED)
    timetable.make_sessions(school, term, by=by, at=PUBLISHED)


def _look_for_places(story: SchoolStory) -> None:
    """Take two children of the aid list out of a Friday that no longer suits; one of them has an offer to answer."""
    by = story.staffed.by["asp_manager"]
    cared = CareRecord.objects.filter(category="left_behind").values("pupil")
    seats = Placement.objects.filter(
        application__registration=story.registration, application__pupil__in=cared, weekday=FRIDAY, ended_at=None
    ).exclude(application__pupil__guardianships__account__phone__startswith="1990000000")
    seats = seats.select_related("application__registration__school", "application__registration__term", "slot")
    chosen = sorted(set(seats.values_list("application", flat=True)))[:LACKING]
    for seat in seats.filter(application__in=chosen).order_by("pk"):
        allocation.remove(seat, reason=WHY, by=by, at=TAKEN_BACK)
    assert story.registration is not None
    case = next(one for one in protected_without_place(story.registration) if one.free and not one.offers)
    allocation.offer_alternative(case.application, case.free[0].pk, by=by, at=OFFERED)
