"""What may be done to a school: its homerooms, rooms, seasons, dismissals and exceptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.models import DismissalTime, EndException, Homeroom, Room, School, SchoolTerm, Season
from kehou.lib.actors import Actor
from kehou.rules import schools as rules
from kehou.rules.ledger import RoomRow
from kehou.rules.spans import Span
from kehou.rules.verdicts import Refusal, Refused, insist, refuse


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """A row of the resource ledger (2.7.1-b). `capacity` is how many children may be there during the service."""

    code: str
    name: str
    capacity: int
    kind: str = "room"
    building: str = ""
    area_m2: int | None = None
    seats: int | None = None
    exits: int = 1
    risk_class: str = "A"
    kit: str = ""
    keeper: str = ""
    rain_room: Room | None = None
    checked_on: date | None = None
    approval_reference: str = ""


# --- Schools and homerooms --------------------------------------------------------------------------------------------


@transaction.atomic
def add_school(
    code: str,
    *,
    name: str,
    kind: str,
    town: str,
    by: Actor,
    at: datetime,
    address: str = "",
    phone: str = "",
    is_private: bool = False,
    has_boarders: bool = False,
    charges_fee: bool = True,
    opened_on: date | None = None,
) -> School:
    """Put a school on the district's list. :raises Refused: R-ORG-01 for a code or name that is taken or malformed"""
    insist(
        refuse("R-ORG-01", "school_code_malformed", given=code) if not (len(code) == 10 and code.isdecimal()) else None,
        refuse("R-ORG-01", "school_kind_unknown") if kind not in rules.KINDS else None,
        refuse("R-ORG-01", "school_code_taken", given=code) if School.objects.filter(code=code).exists() else None,
        refuse("R-ORG-01", "school_name_taken", name=name) if School.objects.filter(name=name).exists() else None,
    )
    school = School.objects.create(
        code=code,
        name=name,
        kind=kind,
        town=town,
        address=address,
        phone=phone,
        is_private=is_private,
        has_boarders=has_boarders,
        charges_fee=charges_fee,
        opened_on=opened_on,
    )
    journal.write("schools.school_added", about=school, by=by, at=at, school_code=code, kind=kind)
    return school


@transaction.atomic
def change_school(school: School, *, by: Actor, at: datetime, **columns: Any) -> School:
    """Correct a school's entry on the district's list; its code stays. :raises Refused: R-ORG-01 for a name taken"""
    name = columns.get("name", school.name)
    taken = School.objects.filter(name=name).exclude(pk=school.pk).exists()
    insist(refuse("R-ORG-01", "school_name_taken", name=name) if taken else None)
    was = {key: _plain(getattr(school, key)) for key, value in columns.items() if getattr(school, key) != value}
    if was:
        for key in was:
            setattr(school, key, columns[key])
        school.save(update_fields=list(was))
        journal.write("schools.school_changed", about=school, by=by, at=at, school_code=school.code, was=was)
    return school


@transaction.atomic
def begin_term(
    school: School,
    term: Term,
    *,
    by: Actor,
    at: datetime,
    complaint_phone: str = "",
    latest_pick_up: time | None = None,
) -> SchoolTerm:
    """Note what belongs to a school and a term; doing it again corrects it."""
    row, _ = SchoolTerm.objects.update_or_create(
        school=school, term=term, defaults={"complaint_phone": complaint_phone, "latest_pick_up": latest_pick_up}
    )
    journal.write("schools.term_begun", about=row, by=by, at=at, school_code=school.code)
    return row


@transaction.atomic
def add_homeroom(
    school: School, *, school_year: int, grade: int, number: int, by: Actor, at: datetime, site: str = ""
) -> Homeroom:
    """Add an administrative class. :raises Refused: R-ELIG-01 for a grade the school has not, or a class it has"""
    insist(rules.refusal_of_grade(school.kind, grade))
    homeroom, made = Homeroom.objects.get_or_create(
        school=school, school_year=school_year, grade=grade, number=number, defaults={"site": site}
    )
    if not made:
        raise Refused(refuse("R-ELIG-01", "homeroom_twice", grade=grade, number=number))
    journal.write("schools.homeroom_added", about=homeroom, by=by, at=at, school_code=school.code)
    return homeroom


# --- Rooms ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_room(school: School, facts: RoomFacts, *, by: Actor, at: datetime) -> Room:
    """Put a room or ground into the ledger. :raises Refused: R-RES-02, R-GRP-01"""
    insist(*_room_refusals(school, facts, room=None))
    room = Room.objects.create(school=school, **_room_columns(facts))
    journal.write("schools.room_added", about=room, by=by, at=at, school_code=school.code, capacity=room.capacity)
    return room


@transaction.atomic
def change_room(room: Room, facts: RoomFacts, *, by: Actor, at: datetime) -> Room:
    """Correct a row of the ledger; the journal keeps what it was. :raises Refused: R-RES-02, R-GRP-01"""
    room = Room.objects.select_for_update().select_related("school").get(pk=room.pk)
    if room.retired_on is not None:
        raise Refused(refuse("R-RES-02", "room_retired", name=room.name))
    insist(*_room_refusals(room.school, facts, room=room))
    was = {key: getattr(room, key) for key in _room_columns(facts)}
    changed = {key: value for key, value in _room_columns(facts).items() if was[key] != value}
    if not changed:
        return room
    for key, value in changed.items():
        setattr(room, key, value)
    room.save(update_fields=list(changed))
    journal.write(
        "schools.room_changed",
        about=room,
        by=by,
        at=at,
        school_code=room.school.code,
        was={key: _plain(was[key]) for key in changed},
        becomes={key: _plain(value) for key, value in changed.items()},
    )
    return room


@transaction.atomic
def take_rooms(school: School, rows: Iterable[RoomRow], *, by: Actor, at: datetime) -> tuple[int, int]:
    """Bring the ledger in line with a sheet, whole or not at all; return how many were new and how many changed.

    A room whose code is known is corrected, what the sheet does not say stays; a room that is missing is left alone.

    :raises SheetRefused: with every row that cannot be
    """
    standing = {room.code: room for room in school.rooms.filter(retired_on=None).select_related("school")}
    problems: list[tuple[int, Refusal]] = []
    made = changed = 0
    for row in rows:
        room = standing.get(row.facts.get("code", ""))
        try:
            if room is None:
                add_room(school, RoomFacts(**row.facts), by=by, at=at)
                made += 1
            else:
                facts = replace(facts_of(room), **row.facts)
                changed += facts != facts_of(room)
                change_room(room, facts, by=by, at=at)
        except Refused as no:
            problems += [(row.row, refusal) for refusal in no.refusals]
    if problems:
        raise SheetRefused(problems)
    return made, changed


class SheetRefused(Refused):
    """Raised when rows of a sheet cannot be taken: `problems` are (row of the spreadsheet, refusal)."""

    def __init__(self, problems: list[tuple[int, Refusal]]) -> None:
        super().__init__(*(refusal for _, refusal in problems))
        self.problems = problems


def facts_of(room: Room) -> RoomFacts:
    """Return a room as it stands, in the form in which it can be changed."""
    return RoomFacts(**{one.name: getattr(room, one.name) for one in fields(RoomFacts)})


@transaction.atomic
def retire_room(room: Room, *, on: date, by: Actor, at: datetime) -> None:
    """Take a room out of use from a day on. Ask `programme.actions.retire_room`, which knows who still meets there."""
    if not Room.objects.filter(pk=room.pk, retired_on=None).update(retired_on=on):
        raise Refused(refuse("R-RES-02", "room_retired", name=room.name))
    room.retired_on = on
    journal.write("schools.room_retired", about=room, by=by, at=at, school_code=room.school.code, on=on.isoformat())


def _room_refusals(school: School, facts: RoomFacts, *, room: Room | None) -> list[Refusal | None]:
    taken = school.rooms.filter(code=facts.code).exclude(pk=room.pk if room else 0).first()
    own_rain_room = room is not None and facts.rain_room is not None and facts.rain_room.pk == room.pk
    return [
        refuse("R-RES-02", "room_code_taken", given=facts.code, name=taken.name) if taken else None,
        refuse("R-RES-02", "rain_room_is_itself") if own_rain_room else None,
        rules.refusal_of_room(kind=facts.kind, capacity=facts.capacity, seats=facts.seats),
    ]


def _room_columns(facts: RoomFacts) -> dict[str, Any]:
    return {one.name: getattr(facts, one.name) for one in fields(facts)}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (int, str)) else str(value)


# --- Seasons and dismissals -------------------------------------------------------------------------------------------


@transaction.atomic
def add_season(school: School, *, name: str, from_on: date, until_on: date, by: Actor, at: datetime) -> Season:
    """Add a summer or winter timetable from a day until a day. :raises Refused: R-TIME-05 when two would hold"""
    insist(_season_refusal(school, name, from_on, until_on, season=None))
    season = Season.objects.create(school=school, name=name, from_on=from_on, until_on=until_on)
    journal.write(
        "schools.season_added",
        about=season,
        by=by,
        at=at,
        school_code=school.code,
        from_on=from_on.isoformat(),
        until_on=until_on.isoformat(),
    )
    return season


@transaction.atomic
def change_season(season: Season, *, name: str, from_on: date, until_on: date, by: Actor, at: datetime) -> Season:
    """Correct a season's name and days. :raises Refused: R-TIME-05 when two would hold"""
    insist(_season_refusal(season.school, name, from_on, until_on, season=season))
    was = {"name": season.name, "from_on": season.from_on.isoformat(), "until_on": season.until_on.isoformat()}
    season.name, season.from_on, season.until_on = name, from_on, until_on
    season.save(update_fields=["name", "from_on", "until_on"])
    journal.write("schools.season_changed", about=season, by=by, at=at, school_code=season.school.code, was=was)
    return season


def _season_refusal(
    school: School, name: str, from_on: date, until_on: date, *, season: Season | None
) -> Refusal | None:
    if until_on <= from_on:
        return refuse("R-TIME-05", "season_without_days")
    School.objects.select_for_update().get(pk=school.pk)  # two offices must not both find the days free
    others = school.seasons.exclude(pk=season.pk if season else 0)
    return rules.refusal_of_season(
        Span(from_on, until_on), name, [(other.name, Span(other.from_on, other.until_on)) for other in others]
    )


@transaction.atomic
def set_dismissals(season: Season, times: Mapping[tuple[int, int], time], *, by: Actor, at: datetime) -> None:
    """Replace when each (grade, ISO weekday) is dismissed in a season; what is left out has no lessons then.

    Once an activity table stands ask `timetable.actions.change_dismissals`, which moves its slots along.

    :raises Refused: R-TIME-02 with every cell that cannot be, at once
    """
    allowed = rules.grades_of(season.school.kind)
    insist(
        *(
            rules.refusal_of_dismissal(grade, weekday, moment)
            if grade in allowed
            else refuse("R-TIME-02", "grade_not_of_this_school", grade=grade)
            for (grade, weekday), moment in sorted(times.items())
        )
    )
    was = {(row.grade, row.weekday): row.at for row in season.dismissals.all()}
    if was == dict(times):
        return
    season.dismissals.all().delete()
    DismissalTime.objects.bulk_create(
        DismissalTime(season=season, grade=grade, weekday=weekday, at=moment)
        for (grade, weekday), moment in sorted(times.items())
    )
    changed = sorted(key for key in was.keys() | times.keys() if was.get(key) != times.get(key))
    journal.write(
        "schools.dismissals_set",
        about=season,
        by=by,
        at=at,
        school_code=season.school.code,
        changed=[[*key, _clock(was.get(key)), _clock(times.get(key))] for key in changed],
    )


def _clock(moment: time | None) -> str:
    return f"{moment:%H:%M}" if moment else ""


@transaction.atomic
def approve_end_exception(
    school: School,
    *,
    latest_end: time,
    days: Span,
    reason: str,
    approval_reference: str,
    limit: time,
    by: Actor,
    at: datetime,
    accepted: bool = True,
) -> EndException:
    """Let a school's service end later than `limit` on some days: reasoned, with an end date (2.2-c).

    `accepted` is the parameter `time.end_exception`.

    :raises Refused: R-TIME-03 without reason, reference or end, or where no exceptions are accepted
    """
    insist(
        None if accepted else refuse("R-TIME-03", "exception_off"),
        None if reason.strip() and approval_reference.strip() else refuse("R-TIME-03", "exception_without_reason"),
        None if latest_end > limit else refuse("R-TIME-03", "exception_not_later"),
        None if days.end and days.start < days.end else refuse("R-TIME-03", "exception_without_days"),
    )
    assert days.end is not None, "refused above"
    row = EndException.objects.create(
        school=school,
        latest_end=latest_end,
        from_on=days.start,
        until_on=days.end,
        reason=reason.strip(),
        approval_reference=approval_reference.strip(),
        approved_by=str(by),
        approved_at=at,
    )
    journal.write("schools.end_exception_approved", about=row, by=by, at=at, school_code=school.code)
    return row
