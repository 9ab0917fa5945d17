"""A file judged anew after every change: how far its person has come, and until which day they are fit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from kehou.chapters.journal import actions as journal
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.staffing.queries import files_of, terms_of_files
from kehou.lib.actors import Actor
from kehou.rules.staffing.files import fit_until, path_to, reached


def refresh(members: Iterable[StaffMember], *, by: Actor, at: datetime) -> None:
    """Move people along the path as far as their files have earned, and note until when they are fit.

    Called at the end of every action on a file, in its transaction. Nobody is moved back, and nobody into use: that is
    the principal's decision (`admit`). A few statements, however many people.
    """
    people = {one.pk: one for one in members}
    fresh = list(StaffMember.objects.filter(pk__in=people).exclude(state="left").select_related("school"))
    files, terms = files_of(fresh, on=at.date()), terms_of_files(at.date())
    moved: dict[tuple[str, str], list[StaffMember]] = defaultdict(list)
    changed: dict[tuple[date | None, str], list[int]] = defaultdict(list)
    for one in fresh:
        file = files[one.pk]
        until, what = fit_until(file, terms)
        if (one.fit_until_on, one.fit_ends) != (until, what):
            one.fit_until_on, one.fit_ends = until, what
            changed[until, what].append(one.pk)
        if ahead := path_to(one.state, reached(file, terms, at.date())):
            moved[one.state, ahead[-1]].append(one)
    for (until, what), ids in changed.items():
        StaffMember.objects.filter(pk__in=ids).update(fit_until_on=until, fit_ends=what)
    for (was, to), rows in moved.items():
        StaffMember.objects.filter(pk__in=[one.pk for one in rows], state=was).update(state=to)
        for one in rows:
            one.state = to
        tell_moves(rows, was, to, by=by, at=at)
    for one in fresh:
        for name in ("state", "fit_until_on", "fit_ends"):
            setattr(people[one.pk], name, getattr(one, name))


def tell_moves(members: Iterable[StaffMember], was: str, to: str, *, by: Actor, at: datetime) -> None:
    """Write into the journal that people moved from one state to another."""
    by_school: dict[str, list[StaffMember]] = defaultdict(list)
    for one in members:
        by_school[one.school.code].append(one)
    for code, rows in by_school.items():
        entries = [("staffing.moved", one, {"was": was, "becomes": to}) for one in rows]
        journal.write_many(entries, by=by, at=at, school_code=code)
