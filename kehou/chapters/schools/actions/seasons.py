"""Summer and winter timetables, dismissals, and approved exceptions to the latest end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

from django.db import transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.models import DismissalTime, EndException, School, Season
from kehou.lib.actors import Actor
from kehou.rules import schools as rules
from kehou.rules.spans import Span
from kehou.rules.verdicts import Refusal, insist, refuse


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
    School.objects.select_for_update(no_key=True).get(pk=school.pk)  # two offices must not both find the days free
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
        None if accepted else refuse("R-TIME-03", "exception_off", limit=limit),
        None if reason.strip() and approval_reference.strip() else refuse("R-TIME-03", "exception_without_reason"),
        None if latest_end > limit else refuse("R-TIME-03", "exception_not_later", limit=limit),
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
