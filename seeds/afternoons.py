"""Lived afternoons: rolls taken, children handed over, the day closed; and what is going on at this moment."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from kehou.chapters.attendance import actions as attendance
from kehou.chapters.attendance import queries
from kehou.chapters.basis.models import Term
from kehou.chapters.staffing.queries import leaves_of, refusals_to_schedule
from kehou.chapters.timetable import actions as timetable
from kehou.chapters.timetable.models import Duty, Session
from kehou.lib.actors import Actor
from kehou.rules.attendance import MarkState, Way
from kehou.rules.spans import DAY
from kehou.rules.staffing import DUTIES
from seeds.term import SchoolStory, at

_WAIT_FOR_TWO = ("李舒", "周婷")  # whose roll the walk of the README tries to close, whatever the size of the district
_LOGS = ("as_planned", "homework", "reading", "practice", "outdoor")


def live_through(story: SchoolStory, on: date, rng: Random) -> None:
    """Live through a whole past afternoon of a school."""
    _leaves(story, on, rng)
    sessions = list(queries.sessions_on(story.staffed.school, on))
    rolls = queries.states_in(sessions)
    for session in sessions:
        _take_roll(story, session, rolls[session.pk], rng, close=True)
    _send_home(story, on, until=time(19, 0))
    closer = story.staffed.by["duty_leader"]
    if queries.counted_in(story.staffed.school, on).exists():
        attendance.close_day(story.staffed.school, on, by=closer, at=at(on, 18, 40))


def live_until(story: SchoolStory, moment: datetime, rng: Random) -> None:
    """Live through an afternoon until a moment: some rolls are closed, some being taken, some not begun."""
    on = moment.date()
    _leaves(story, on, rng)
    fill_duties(story, on)
    sessions = list(queries.sessions_on(story.staffed.school, on))
    rolls = queries.states_in(sessions)
    for turn, session in enumerate(sessions):
        if session.starts_at > (moment - timedelta(minutes=2)).time():
            continue
        over = session.starts_at <= (moment - timedelta(minutes=16)).time()
        two_are_missing = turn % 7 == 5 or bool(session.leader and session.leader.name in _WAIT_FOR_TWO)
        if turn % 9 == 8 and not two_are_missing:
            continue  # waits for its teacher
        close = over and turn % 4 != 3
        _take_roll(story, session, rolls[session.pk], rng, close=close, missing=two_are_missing)
    _send_home(story, on, until=moment.time())


def _actor(story: SchoolStory, session: Session) -> Actor:
    leader = session.leader
    if leader is None:
        return story.staffed.by["duty_leader"]
    return Actor(leader.account_id, leader.name, "教师", story.staffed.school.code)


def _take_roll(
    story: SchoolStory, session: Session, children: list[tuple[int, str, MarkState]], rng: Random, *, close: bool,
    missing: bool = False,
) -> None:  # fmt: skip
    if not children:
        return
    begun = datetime.combine(session.on, session.starts_at, at(session.on, 12).tzinfo)
    states: dict[int, MarkState] = {}
    for pupil, _, state in children:
        if state is MarkState.LEAVE:
            continue
        states[pupil] = rng.choices((MarkState.PRESENT, MarkState.LATE, MarkState.ABSENT), (965, 25, 10))[0]
    if missing and len(states) > 3:
        for pupil in list(states)[:2]:
            states.pop(pupil)
    by = _actor(story, session)
    attendance.mark(session, states, by=by, at=begun + timedelta(minutes=rng.randrange(2, 9)))
    if close and not missing:
        kind = rng.choice(_LOGS)
        attendance.close_register(session, by=by, at=begun + timedelta(minutes=rng.randrange(10, 16)), log_kind=kind)


def _leaves(story: SchoolStory, on: date, rng: Random) -> None:
    """Let one family in sixty say in the morning that the child does not come."""
    for family in story.families:
        if rng.random() < 1 / 60:
            pupil = family.pupils[0]
            by = Actor(family.guardian.pk, family.guardian.name, family.relation)
            if queries.has_service_on(pupil, on):
                kind = rng.choice(("sick", "errand"))
                attendance.file_leave(pupil, on, kind=kind, reason="", by=by, at=at(on, 8, rng.randrange(60)))


def fill_duties(story: SchoolStory, on: date) -> None:
    """Fill a day that the roster of the term does not reach, with people whose proofs have not run out by then."""
    if Duty.objects.filter(school=story.staffed.school, on=on).exists():
        return
    manager = story.staffed.by["asp_manager"]
    term = Term.objects.get(from_on__lte=on, until_on__gt=on)
    away = leaves_of({one.pk for one in story.staffed.leaders}, from_on=on, until_on=on + DAY)
    unfit = refusals_to_schedule(story.staffed.leaders, term, on=on, groups=False)
    free = [one for one in story.staffed.leaders if one.pk not in unfit and not away.get(one.pk)]
    rows = [(on, kind, member) for kind, member in zip(DUTIES, free, strict=False)]
    timetable.give_duties(story.staffed.school, rows, by=manager, at=at(on, 8))


def _send_home(story: SchoolStory, on: date, *, until: time) -> None:
    """Hand over every counted-in child whose last session has ended, five minutes after it, in one line a wave."""
    line = []
    for row in queries.departures(queries.leaving(story.staffed.school, on), on):
        leaves_at = (datetime.combine(on, row.ends_at) + timedelta(minutes=5)).time()
        if row.release is None and leaves_at <= until:
            line.append(attendance.Going(row.pupil, *_way(row), at=at(on, leaves_at.hour, leaves_at.minute)))
    if line:
        by = story.staffed.by["gatekeeper"]
        attendance.release_wave(story.staffed.school, line, on, by=by, at=max(one.at for one in line if one.at))


def _way(row: queries.Departure) -> tuple[Way, str]:
    """Return how a child goes: as its family chose, else with the first who may take it."""
    option = row.expected or row.options[0]
    return option.way, option.name
