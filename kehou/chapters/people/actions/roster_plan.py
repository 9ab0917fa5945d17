"""What a roster would do to the register of a school: who is new, who changes, who stands elsewhere, who has left."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kehou.chapters.people.actions.pupils import id_hash
from kehou.chapters.people.models import Pupil
from kehou.chapters.schools.models import School
from kehou.chapters.schools.queries import homerooms_of
from kehou.lib.masked import keyed_hash
from kehou.rules import roster
from kehou.rules.identity import CODE
from kehou.rules.roster import Place, Problem, Report
from kehou.rules.roster.classes import school_year
from kehou.rules.schools import COMMUTES, grades_of
from kehou.rules.verdicts import refuse

SEX_CODES = {"男": "1", "女": "2"}
_SEXES = {"1": "男", "2": "女"}
SHOWN_AT_MOST = 2000  # lines of each kind kept for the page
_MOST_AT_ONCE = 900  # values in one IN: SQLite's older limit is 999


@dataclass(frozen=True, slots=True)
class Change:
    """A child on the register whose row says something else: (what, now, then) for the page."""

    pupil: Pupil
    row: roster.Pupil
    differences: tuple[tuple[str, str, str], ...]


@dataclass(slots=True)
class RosterPlan:
    """The difference between a roster and the register. Nothing is written yet."""

    school_year: int
    new: list[roster.Pupil] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: list[tuple[Pupil, roster.Pupil]] = field(default_factory=list)
    homerooms: list[tuple[int, int]] = field(default_factory=list)
    left: list[Pupil] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Keyed:
    """A row of the file with the hashes under which the register would know it."""

    row: roster.Pupil
    id_hash: str | None
    student_no_hash: str | None


def classes_of(school: School, *, on: date) -> set[tuple[int, int]]:
    """Return the (grade, number) of a school's homerooms in the school year of a day."""
    return set(homerooms_of(school, school_year=school_year(on)).values_list("grade", "number"))


def plan_roster(school: School, report: Report, *, on: date) -> RosterPlan:
    """Return what taking the roster would do, and move pupils of other registers from `report` to its problems."""
    released = _settle_those_elsewhere(school, report)
    plan = RosterPlan(school_year(on))
    plan.homerooms = sorted(set(report.homerooms) - classes_of(school, on=on))
    standing = [*_register(school), *released]
    for keyed, pupil in _matched([_keyed(row) for row in report.pupils], standing):
        if pupil is None:
            plan.new.append(keyed.row)
        elif differences := _differences(pupil, keyed, plan.school_year):
            plan.changed.append(Change(pupil, keyed.row, differences))
        else:
            plan.unchanged.append((pupil, keyed.row))
    known = {change.pupil.pk for change in plan.changed} | {pupil.pk for pupil, _ in plan.unchanged}
    plan.left = [
        pupil
        for pupil in standing
        if pupil.pk not in known and pupil.state == Pupil.IN_SCHOOL and _would_be_here(pupil, report, plan, school)
    ]
    return plan


def student_no_hash(number: str) -> str:
    """Return the keyed hash under which a register number is found."""
    return keyed_hash(number, purpose="student_no")


def _keyed(row: roster.Pupil) -> _Keyed:
    return _Keyed(
        row,
        id_hash(row.id_number) if row.id_number else None,
        student_no_hash(row.register_number) if row.register_number else None,
    )


def _register(school: School) -> Iterable[Pupil]:
    """Return everybody who stands or stood on the school's register, without decrypting a number."""
    return (
        Pupil.objects.filter(school=school).select_related("homeroom").defer("id_number", "student_no").order_by("pk")
    )


def _settle_those_elsewhere(school: School, report: Report) -> list[Pupil]:
    """Refuse pupils who are in school at another school of the district: that school lets them go first.

    Return the children whom other schools have let go: they come with their history.
    """
    rows = {(id_hash(row.id_number), row.name): row for row in report.pupils if row.id_number}
    hashes = [number for number, _ in rows]
    elsewhere: list[Pupil] = []
    for start in range(0, len(hashes), _MOST_AT_ONCE):
        found = Pupil.objects.filter(id_hash__in=hashes[start : start + _MOST_AT_ONCE]).exclude(school=school)
        elsewhere += [
            pupil
            for pupil in found.select_related("homeroom").defer("id_number", "student_no").order_by("pk")
            if (pupil.id_hash, pupil.name) in rows
        ]
    for pupil in elsewhere:
        if pupil.state == Pupil.IN_SCHOOL:
            row = rows[pupil.id_hash or "", pupil.name]
            report.pupils.remove(row)
            report.refused_names.add(row.name)
            report.problems.append(Problem(Place(row.sheet, row.row), refuse(CODE, "on_other_register", name=row.name)))
    return [pupil for pupil in elsewhere if pupil.state == Pupil.LEFT]


def _matched(rows: list[_Keyed], pupils: list[Pupil]) -> list[tuple[_Keyed, Pupil | None]]:
    """Return every row with the child it speaks of, None for a new one; each child once.

    Tried in turn: number and name; the number alone (a corrected name); the register number; name and birth date of a
    child who was entered on paper without a number. The last three count only where they leave no choice.
    """
    found: dict[int, Pupil] = {}
    taken: set[int] = set()
    ways: tuple[tuple[Callable[[_Keyed], Hashable], Callable[[Pupil], Hashable]], ...] = (
        (lambda row: row.id_hash and (row.id_hash, row.row.name),
         lambda child: child.id_hash and (child.id_hash, child.name)),
        (lambda row: row.id_hash, lambda child: child.id_hash),
        (lambda row: row.student_no_hash, lambda child: child.student_no_hash),
        (lambda row: (row.row.name, row.row.born_on),
         lambda child: None if child.id_hash else (child.name, child.born_on)),
    )  # fmt: skip
    for of_row, of_pupil in ways:
        free = defaultdict(list)
        for pupil in pupils:
            if pupil.pk not in taken and (key := of_pupil(pupil)):
                free[key].append(pupil)
        asking = Counter(of_row(row) for at, row in enumerate(rows) if at not in found)
        for at, row in enumerate(rows):
            key = of_row(row) if at not in found else None
            if key and len(free.get(key, ())) == 1 and asking[key] == 1:
                found[at] = free[key][0]
                taken.add(found[at].pk)
    return [(row, found.get(at)) for at, row in enumerate(rows)]


def _differences(pupil: Pupil, keyed: _Keyed, year: int) -> tuple[tuple[str, str, str], ...]:
    """Return what the roster says otherwise; a number is named, never shown."""
    row, homeroom = keyed.row, pupil.homeroom
    pairs = [
        ("姓名", pupil.name, row.name),
        ("班级", class_name(homeroom.grade, homeroom.number), class_name(row.grade, row.class_number))
        if homeroom.school_year == year
        else (
            "班级",
            f"上一学年{class_name(homeroom.grade, homeroom.number)}",
            class_name(row.grade, row.class_number),
        ),
        ("性别", _SEXES.get(pupil.sex, ""), row.sex),
        ("出生日期", pupil.born_on.isoformat(), row.born_on.isoformat()),
        ("在籍", "已离校" if pupil.state == Pupil.LEFT else "在校", "在校"),
    ]
    if row.boarding is not None:
        pairs.append(("就读方式", "住校" if pupil.boards else "走读", "住校" if row.boarding else "走读"))
    if row.commute:
        pairs.append(("上学路程", COMMUTES.get(pupil.commute, "没有登记"), COMMUTES[row.commute]))
    differences = [pair for pair in pairs if pair[1] != pair[2]]
    if keyed.id_hash and keyed.id_hash != pupil.id_hash:
        differences.append(("身份证号", "没有" if pupil.id_hash is None else "原号码", "按名册"))
    if keyed.student_no_hash and keyed.student_no_hash != pupil.student_no_hash:
        differences.append(("学籍号", "没有" if pupil.student_no_hash is None else "原号码", "按名册"))
    return tuple(differences)


def class_name(grade: int, number: int) -> str:
    """Return the name of a class as the homeroom prints it: 三年级2班."""
    return f"{'一二三四五六七八九'[grade - 1]}年级{number}班"


def _would_be_here(pupil: Pupil, report: Report, plan: RosterPlan, school: School) -> bool:
    """Say whether the file would hold this child if the child were still in school.

    A file of one class says nothing about the others; a child whose row was refused has not left.
    """
    if pupil.name in report.refused_names:
        return False
    grade = pupil.homeroom.grade + plan.school_year - pupil.homeroom.school_year
    covered = set(report.homerooms)
    if grade not in grades_of(school.kind):
        return (
            len({one for one, _ in covered}) > 1
        )  # has finished the last grade; a file of one class is not the moment
    return (grade, pupil.homeroom.number) in covered


def summary(report: Report, plan: RosterPlan) -> dict[str, Any]:
    """Return what the pages show of a report: problems, repairs, hints, changes; no number of a person in full."""

    def line(place: roster.Place, message: str, **more: str) -> dict[str, Any]:
        return {"sheet": place.sheet, "row": place.row, "column": place.column, "message": message, **more}

    return {
        "accepted": len(report.pupils),
        "refused": report.refused_rows,
        "repaired": len({(one.place.sheet, one.place.row) for one in report.repairs}),
        "skipped": report.skipped_rows,
        "problems": [line(one.place, one.message, code=one.code) for one in report.problems[:SHOWN_AT_MOST]],
        "repairs": [
            line(one.place, one.message, before=one.before[:60], after=one.after[:60])
            for one in report.repairs[:SHOWN_AT_MOST]
        ],
        "hints": [line(one.place, one.message) for one in report.hints[:SHOWN_AT_MOST]],
        "homerooms": plan.homerooms,
        "new": len(plan.new),
        "unchanged": len(plan.unchanged),
        "changed": [
            {"name": one.row.name, "pupil": one.pupil.pk, "differences": one.differences}
            for one in plan.changed[:SHOWN_AT_MOST]
        ],
        "changed_count": len(plan.changed),
        "left": [pupil.pk for pupil in plan.left],
    }
