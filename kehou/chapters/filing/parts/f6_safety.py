"""F6 安全与应急预案、交通疏导方案 (2.5-d, 3.1): the plan, its drills, liaison, traffic, who answers where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from kehou.chapters.basis.models import Term
from kehou.chapters.filing.parts.proofs import part_of, plain, texts_of
from kehou.chapters.planning.models import SafetyRecord
from kehou.chapters.planning.queries import cards_of, emergency_plan_of, records_of, standing_policy
from kehou.chapters.programme.queries import safety_matrix
from kehou.chapters.schools.models import School
from kehou.rules.calendar import weekday_name
from kehou.rules.filing import Part, Section, Table
from kehou.rules.policy_documents import EMERGENCY_PLAN
from kehou.rules.safety_matrix import HOURS, Row, problems_of_matrix


def build(school: School, term: Term, on: date) -> Part:
    """Return the emergency plan in force with what belongs to it, and the duty matrix with its gaps (R-SAFE-01)."""
    part = part_of("F6", emergency_plan_of(school, term, on=on), without="应急预案和交通疏导方案还没有编制")
    if not part.formed:
        return part
    matrix, plan = safety_matrix(school, term), standing_policy(school, EMERGENCY_PLAN)
    return replace(
        part,
        sections=(*(texts_of(plan) if plan else ()), *_cards(school, term, on), *_records(school, term)),
        tables=(*part.tables, _matrix(matrix)),
        measures={**part.measures, "safety": [plain(one) for one in problems_of_matrix(matrix)]},
    )


def _cards(school: School, term: Term, on: date) -> Iterator[Section]:
    """Yield the ten scenes: what is done in the first minutes, who calls, who stays, where the children go."""
    for card in cards_of(school, term, on=on):
        words = (
            *card.first,
            f"打电话：{card.calls}",
            f"留下：{card.stays}",
            f"孩子：{card.children}",
            f"之后：{card.after}",
        )
        yield Section(f"场景卡{card.number}　{card.title}", words)


def _records(school: School, term: Term) -> Iterator[Section]:
    """Yield what was agreed with the police and found of the traffic, with the measures."""
    for one in records_of(school, term).filter(struck_at=None).exclude(kind=SafetyRecord.PUBLICITY):
        yield Section(f"{one}", tuple(filter(None, (one.words, one.measures and f"措施：{one.measures}"))))


def _matrix(rows: Sequence[Row]) -> Table:
    """Say for each place who answers for it in which class hour of which weekday."""
    days = sorted({weekday for row in rows for weekday, _ in row.spots})
    cells = tuple((row.name, *("；".join(_said(row, day)) or "—" for day in days)) for row in rows)
    columns = ("场所", *(weekday_name(day) for day in days))
    return Table("安全职责矩阵", columns, cells, widths=(4, *(4 for _ in days)))


def _said(row: Row, day: int) -> list[str]:
    """Return who answers on a weekday; one who answers all day is named once."""
    found: dict[str, list[str]] = {}
    for (weekday, hour), spot in sorted(row.spots.items()):
        if weekday == day:
            found.setdefault("、".join(spot.persons) or "没有责任人", []).append(HOURS[hour].removeprefix("第"))
    if len(found) == 1:
        return list(found)
    return [f"{'、'.join(hours)}：{persons}" for persons, hours in found.items()]
