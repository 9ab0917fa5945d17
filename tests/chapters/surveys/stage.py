"""A survey at Riverside, from its beginning to its answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kehou.chapters.people.models import Account, Pupil
from kehou.chapters.surveys import actions as surveys
from kehou.chapters.surveys.models import Sheet, Survey, Ticket
from kehou.chapters.surveys.queries import family_of
from kehou.lib.actors import Actor
from tests.world import World, make_account, make_pupil, moment

AT: datetime = moment(9)
FULL = {
    "need": ["0"],
    "hours": ["1"],
    "leave_by": ["2"],
    "wishes": ["2", "3"],
    "worry": ["0"],
    "weekdays": ["0", "2"],
    "child": ["1"],
}
NOT_WANTED = {"need": ["1"]}


def started(world: World, *, anonymous: bool = True, at: datetime = AT, place: Any = None) -> Survey:
    """Return a questionnaire of Riverside's, not opened yet."""
    place = place or world.riverside
    return surveys.start_survey(
        place.school, world.term, title="秋季课后服务意向调查", anonymous=anonymous, opens_at=at,
        closes_at=at + timedelta(days=7), by=place.by("asp_manager"), at=at,
    )  # fmt: skip


def opened(world: World, *, anonymous: bool = True, at: datetime = AT, place: Any = None) -> Survey:
    """Return a survey that can be answered."""
    place = place or world.riverside
    survey = started(world, anonymous=anonymous, at=at, place=place)
    return surveys.open_survey(survey, by=place.by("asp_manager"), at=at)


def families(world: World, number: int, *, grade: int = 3, place: Any = None) -> list[tuple[Account, Pupil]]:
    """Return more guardians with one child each."""
    found = []
    for at in range(number):
        guardian = make_account(f"家长{grade}{at}")
        found.append(
            (guardian, make_pupil(place or world.riverside, f"孩子{grade}{at}", grade=grade, guardian=guardian))
        )
    return found


def take(survey: Survey, account: Account, pupil: Pupil, *, at: datetime = AT) -> Ticket:
    """Return the ticket that a guardian takes."""
    family = family_of(survey, pupil)
    assert family is not None
    return surveys.take_ticket(family, by=Actor(account.pk, account.name, "家长"), at=at)


def answer(ticket: Ticket, answers: dict[str, list[str]] | None = None, *, grade: int = 3, at: datetime = AT) -> Sheet:
    """Return the sheet of a family that answers on its phone."""
    return surveys.answer(ticket, answers or FULL, grade=grade, number=1, by=None, at=at)
