"""续报优先 at one school of the demonstration: some families keep the seat of last term, some let it go, some are silent.

Last term was not kept in this system; who was in which group stands in the school's own lists, from which the rows are
made. The answers go the way of every answer.
"""

from __future__ import annotations

from datetime import date

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation.models import Renewal, RenewalWindow
from kehou.chapters.journal import actions as journal
from kehou.chapters.programme.models import Slot
from kehou.chapters.programme.queries import slots_of
from kehou.lib.actors import Actor
from kehou.lib.demonstration import GAOLIANG
from kehou.lib.uploads import Upload
from seeds.images import scanned_form
from seeds.term import SchoolStory, at

OPENED, ANSWERED = at(date(2026, 8, 29), 9), at(date(2026, 8, 30), 19)
CLOSES = at(date(2026, 8, 31), 18)
GROUPS, MEMBERS = 2, 9  # how many groups go on, and how many of last term's children are in each
ANSWERS = ("keep", "", "keep", "let_go")  # family by family


def ask_members(story: SchoolStory) -> None:
    """Ask the members of two groups whether they stay; the first answer of each group comes on paper."""
    school, office = story.staffed.school, story.staffed.by["asp_manager"]
    if school.code != GAOLIANG:
        return
    window = RenewalWindow.objects.create(
        school=school, term=story.registration.term, closes_at=CLOSES, opened_at=OPENED, opened_by=str(office)
    )
    rows = Renewal.objects.bulk_create(_rows(story, window))
    journal.write(
        "allocation.renewals_opened", about=window, by=office, at=OPENED, school_code=school.code, asked=len(rows),
        groups=sorted({row.activity_id for row in rows}), closes_at=CLOSES.isoformat(),
    )  # fmt: skip
    families = {pupil.pk: family for family in story.families for pupil in family.pupils}
    for turn, row in enumerate(rows):
        if answer := ANSWERS[turn % len(ANSWERS)]:
            family = families[row.pupil_id]
            paper = turn % MEMBERS == 0
            by = office if paper else Actor(family.guardian.pk, family.guardian.name, family.relation)
            scan = Upload(scanned_form(), "png") if paper else None
            allocation.answer_renewal(row, answer, by=by, at=ANSWERED, scan=scan)


def _rows(story: SchoolStory, window: RenewalWindow) -> list[Renewal]:
    """Return the members: no child in two groups, each of a grade that the group still takes."""
    slots: dict[int, list[Slot]] = {}
    for slot in slots_of(window.school, window.term):
        if slot.activity.kind == "featured" and not slot.activity.one_team and slot.activity.week_of_month is None:
            slots.setdefault(slot.activity_id, []).append(slot)
    pupils = [pupil for family in story.families for pupil in family.pupils]
    youngest = min(one.homeroom.grade for one in pupils)  # they were at another school last term
    rows: list[Renewal] = []
    for there in sorted(slots.values(), key=lambda one: (-len(one), one[0].activity_id))[:GROUPS]:
        activity = there[0].activity
        taken = {row.pupil_id for row in rows}
        fitting = [
            one
            for one in pupils
            if one.homeroom.grade in activity.grades and one.homeroom.grade > youngest and one.pk not in taken
        ]
        rows += [
            Renewal(
                window=window, activity=activity, pupil=pupil, weekdays=sorted(slot.weekday for slot in there),
                series=activity.one_team,
            )
            for pupil in fitting[: min(MEMBERS, activity.capacity)]
        ]  # fmt: skip
    return rows
