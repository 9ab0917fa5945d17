"""A spreadsheet of people: read dry with every problem by its row, taken whole or not at all, or dropped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import Any

from django.db import transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.actions.members import StaffFacts, add_many
from kehou.chapters.staffing.actions.proofs import id_hash_of, verify_identities
from kehou.chapters.staffing.models import StaffList, StaffMember
from kehou.lib.actors import Actor
from kehou.lib.sheets.reading import open_sheets
from kehou.lib.typed import whole
from kehou.rules.identity import refusal_of_id_number
from kehou.rules.sentences import say
from kehou.rules.staffing.kinds import KINDS
from kehou.rules.states import RosterImportState as State
from kehou.rules.verdicts import Refusal, Refused, refuse

COLUMNS = ("姓名", "人员类型", "证件号码", "学科", "爱好特长", "每周最多课时", "志愿无酬")
NEEDED = COLUMNS[:2]
_KINDS = {title: kind for kind, title in KINDS.items()}


@transaction.atomic
def read_list(school: School, content: bytes, *, file_name: str, by: Actor, at: datetime) -> StaffList:
    """Read a file dry and keep what it says, ID numbers sealed; nobody is added. :raises Refused: for no spreadsheet"""
    rows, problems = _read(school, content, at)
    kept = StaffList.objects.create(
        school=school,
        file_name=file_name[:120],
        rows=json.dumps(rows, ensure_ascii=False),
        people=len(rows),
        problems=[say(one) for one in problems],
        read_by=str(by),
        read_at=at,
    )
    facts = {"people": len(rows), "problems": len(problems)}
    journal.write("staffing.list_read", about=kept, by=by, at=at, school_code=school.code, **facts)
    return kept


@transaction.atomic
def take_list(kept: StaffList, *, by: Actor, at: datetime) -> list[StaffMember]:
    """Take everybody of a list without a problem on the school's list, at the beginning of the path; all or nobody.

    :raises Refused: R-FILE-01 with a problem, or when it is over; whatever `add_many` and `verify_identities` refuse
    """
    kept = _open(kept)
    if kept.problems:
        raise Refused(refuse("R-FILE-01", "import_has_problems", problems=len(kept.problems)))
    rows = json.loads(str(kept.rows))
    facts = [(StaffFacts(**{key: value for key, value in row.items() if key != "number"}), None) for row in rows]
    members = add_many(kept.school, facts, by=by, at=at)
    numbered = [(member, row["number"]) for member, row in zip(members, rows, strict=True) if row["number"]]
    if numbered:
        verify_identities(kept.school, numbered, by=by, at=at)
    _close(kept, State.TAKEN)
    journal.write("staffing.list_taken", about=kept, by=by, at=at, school_code=kept.school.code, people=len(members))
    return members


@transaction.atomic
def drop_list(kept: StaffList, *, by: Actor, at: datetime) -> None:
    """Give a list up; what it said is deleted. :raises Refused: R-FILE-01 when it is over"""
    _close(_open(kept), State.DROPPED)
    journal.write("staffing.list_dropped", about=kept, by=by, at=at, school_code=kept.school.code)


def _open(kept: StaffList) -> StaffList:
    kept = StaffList.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=kept.pk)
    if kept.state != State.READ:
        raise Refused(refuse("R-FILE-01", "import_over"))
    return kept


def _close(kept: StaffList, state: State) -> None:
    StaffList.objects.filter(pk=kept.pk).update(state=state, rows=None)


def _read(school: School, content: bytes, at: datetime) -> tuple[list[dict[str, Any]], list[Refusal]]:
    grid = next(open_sheets(BytesIO(content)).grids, None)
    lines = [(number, [str(cell or "").strip() for cell in cells]) for number, cells in (grid.rows if grid else ())]
    lines = [line for line in lines if any(line[1])]
    if len(lines) < 2:
        return [], [refuse("R-FILE-01", "sheet_empty")]
    head = {title: place for place, title in enumerate(lines[0][1]) if title in COLUMNS}
    if lacking := [title for title in NEEDED if title not in head]:
        return [], [refuse("R-FILE-01", "sheet_without_column", column=title) for title in lacking]
    rows: list[dict[str, Any]] = []
    problems: list[Refusal] = []
    seen: dict[str, int] = {}
    known = set(school.staff.exclude(state="left").exclude(id_hash="").values_list("id_hash", flat=True))
    for number, cells in lines[1:]:
        said = {title: cells[place] if place < len(cells) else "" for title, place in head.items()}
        found = list(_problems(number, said, known, seen, at))
        problems += found
        if not found:
            rows.append(_row(said))
    return rows, problems


def _problems(
    number: int, said: dict[str, str], known: set[str], seen: dict[str, int], at: datetime
) -> Iterator[Refusal]:  # fmt: skip
    name, identity, hours = said["姓名"], said.get("证件号码", "").upper(), said.get("每周最多课时", "")
    if not name:
        yield refuse("R-FILE-01", "row_without_name", row=number)
    if said["人员类型"] not in _KINDS:
        yield refuse("R-FILE-01", "row_kind_unknown", row=number, given=said["人员类型"], kinds="、".join(_KINDS))
    if hours and not (whole(hours.removesuffix(".0"), most=15) is not None):
        yield refuse("R-FILE-01", "row_bad_number", row=number, name=name, column="每周最多课时")
    if not identity:
        return
    if refusal_of_id_number(identity, on=at.date()):
        yield refuse("R-FILE-01", "row_bad_id", row=number, name=name)
        return
    id_hash = id_hash_of(identity)
    if id_hash in known:
        yield refuse("R-FILE-01", "row_on_the_list", row=number, name=name)
    if (other := seen.setdefault(id_hash, number)) != number:
        yield refuse("R-FILE-01", "row_twice", row=number, name=name, other=other)


def _row(said: dict[str, str]) -> dict[str, Any]:
    hours = said.get("每周最多课时", "")
    return {
        "name": said["姓名"],
        "kind": _KINDS[said["人员类型"]],
        "number": said.get("证件号码", "").upper(),
        "subject": said.get("学科", "")[:20],
        "skills": said.get("爱好特长", "")[:200],
        "weekly_cap": int(hours.removesuffix(".0")) if hours else 10,
        "unpaid": said.get("志愿无酬", "") in ("是", "1", "√"),
    }
