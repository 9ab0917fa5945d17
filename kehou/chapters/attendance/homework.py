"""The homework board: what each class takes home, on which days it is helped with, what families say (2.3-p)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from kehou.chapters.allocation.models import Placement
from kehou.chapters.attendance.models import HomeworkNote, HomeworkReport
from kehou.chapters.basis.queries import calendar_of, current_term, parameters_on
from kehou.chapters.people.models import Pupil
from kehou.chapters.schools.models import Homeroom, School
from kehou.chapters.timetable.models import Session
from kehou.rules.homework import flag_of_declared, flag_of_reports
from kehou.rules.timetable import Category
from kehou.rules.verdicts import Refusal


@dataclass(frozen=True, slots=True)
class ClassDay:
    """One class on one day. `minutes` None: nothing was declared."""

    homeroom: Homeroom
    on: date
    tutored: bool
    minutes: int | None
    reason: str
    flags: tuple[Refusal, ...]


def is_school_day(school: School, on: date) -> bool:
    """Return whether a school has service on a day."""
    return bool(school_days(school, [on]))


def school_days(school: School, days: Sequence[date]) -> list[date]:
    """Return those of some days of one term on which a school has service, swap days at a weekend among them."""
    term = current_term(days[-1])
    if term is None:
        return []
    served = set(calendar_of(term).service_days(school=school.code))
    return [on for on in days if on in served]


def tutored_on(school: School, days: Sequence[date]) -> dict[date, set[int]]:
    """Return by day the classes with a child in a session of 作业辅导: two queries."""
    sessions = Session.objects.filter(
        school=school, on__in=list(days), state=Session.PLANNED, slot__activity__category=Category.HOMEWORK_HELP
    ).values_list("slot_id", "on", "planned_on")
    found: dict[date, set[int]] = defaultdict(set)
    if not sessions:
        return found
    seats = Placement.objects.filter(slot__in={slot for slot, _, _ in sessions}, ended_at=None)
    by_slot: dict[int, list[tuple[date, date, int]]] = defaultdict(list)
    for slot, start, end, homeroom in seats.values_list(
        "slot_id", "from_on", "until_on", "application__pupil__homeroom_id"
    ).distinct():
        by_slot[slot].append((start, end, homeroom))
    for slot, on, _ in sessions:
        found[on] |= {homeroom for start, end, homeroom in by_slot[slot] if start <= on < end}
    return found


def homework_said(pupil: Pupil, on: date) -> bool:
    """Return whether a child's family has said of a day that there was written homework at home."""
    return HomeworkReport.objects.filter(pupil=pupil, on=on).exists()


def board(school: School, homerooms: Collection[Homeroom], days: Sequence[date]) -> list[list[ClassDay]]:
    """Return the board's rows: each class with its days, flags beside them; five queries."""
    notes = {
        (one.homeroom_id, one.on): one for one in HomeworkNote.objects.filter(homeroom__in=homerooms, on__in=list(days))
    }
    reported = HomeworkReport.objects.filter(homeroom__in=homerooms, on__in=list(days))
    said = {
        (homeroom, on): count
        for homeroom, on, count in reported.values_list("homeroom", "on").annotate(n=Count("pk"))
    }  # fmt: skip
    tutored = tutored_on(school, days)
    least = parameters_on(days[-1]).attendance.homework_reports if days else 0
    rows = []
    for homeroom in homerooms:
        row = []
        for on in days:
            note, helped = notes.get((homeroom.pk, on)), homeroom.pk in tutored.get(on, ())
            minutes = note.minutes if note else None
            flags = (
                flag_of_declared(str(homeroom), minutes=minutes, tutored=helped),
                flag_of_reports(str(homeroom), reports=said.get((homeroom.pk, on), 0), least=least),
            )
            kept = tuple(one for one in flags if one)
            row.append(ClassDay(homeroom, on, helped, minutes, note.reason if note else "", kept))
        rows.append(row)
    return rows
