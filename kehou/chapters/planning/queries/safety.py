"""Questions about safety as planned: the duty matrix, the cards, drills, liaison and traffic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import QuerySet

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.planning.models import Drill, DutyCell, DutyPoint, EmergencyFacts, SafetyRecord
from kehou.chapters.planning.queries.organisation import Pack, Proof, day_of, last_day
from kehou.chapters.planning.queries.shelf import facts_of_texts, standing_policy
from kehou.chapters.schools.models import School
from kehou.rules.emergency import BY_CODE, CARDS, Card, DrillFact, filled, open_places, problem_of_drills
from kehou.rules.policy_documents import EMERGENCY_PLAN
from kehou.rules.safety_matrix import Cell, Need, Row, rows_of
from kehou.rules.verdicts import Refusal, refuse


def points_of(school: School) -> list[DutyPoint]:
    """Return the gates, waves and other fixed points that need somebody, by kind and name."""
    return list(school.duty_points.filter(removed_at=None).order_by("kind", "pk"))


def duty_cells_of(school: School, term: Term) -> QuerySet[DutyCell]:
    """Return who answers for which place when, as the school has planned it; the timetable may read it."""
    return school.duty_cells.filter(term=term).select_related("staff")


def cells_of(school: School, term: Term) -> list[Cell]:
    """Return the planned cells as the rules read them."""
    return [Cell(one.place, one.weekday, one.hour, one.staff.name) for one in duty_cells_of(school, term)]


def needs_of_points(school: School, *, weekdays: Iterable[int], hours: Iterable[int]) -> list[Need]:
    """Return the times at which the fixed points need somebody: their class hours on every weekday of the service."""
    days, used = list(weekdays), set(hours)
    return [
        Need(point.key, point.name, weekday, hour)
        for point in points_of(school)
        for weekday in days
        for hour in point.hours
        if hour in used
    ]


def matrix_of(school: School, term: Term, needs: Iterable[Need]) -> list[Row]:
    """Return the matrix of a term: `needs` come from the activity table, which a later chapter knows."""
    known = list(needs)
    weekdays = sorted({one.weekday for one in known})
    points = needs_of_points(school, weekdays=weekdays, hours={one.hour for one in known})
    return rows_of([*known, *points], cells_of(school, term))


# --- Cards and drills -------------------------------------------------------------------------------------------------


def emergency_facts(school: School) -> EmergencyFacts | None:
    """Return what the cards know of a school besides its posts, or None before anybody said it."""
    return EmergencyFacts.objects.filter(school=school).first()


def cards_of(school: School, term: Term, *, on: date, today: Mapping[str, str] | None = None) -> list[Card]:
    """Return the ten cards with the school's names and telephones; `today` overrides them with those on duty."""
    facts = facts_of_texts(school, term, on=on)
    for name in ("police", "hospital"):
        if facts.get(name) and facts.get(f"{name}_phone"):
            facts[name] = f"{facts[name]}（{facts[f'{name}_phone']}）"
    return [filled(card, {**facts, **(today or {})}) for card in CARDS]


def drills_of(school: School, term: Term) -> QuerySet[Drill]:
    """Return the drills of a term by their day."""
    return school.drills.filter(term=term).order_by("planned_on", "pk")


def problem_of_drills_in(school: School, term: Term, *, on: date) -> Refusal | None:
    """Return what is missing of the term's drills (R-SAFE-07), or None."""
    return problem_of_drills(
        (DrillFact(one.planned_on, one.held_on) for one in drills_of(school, term)),
        least=parameters_on(on).shelf.drills_per_term,
        on=on,
        last=last_day(term),
    )


def records_of(school: School, term: Term, kind: str = "") -> QuerySet[SafetyRecord]:
    """Return the liaison, traffic and publicity records of a term, newest first; struck ones stay in the list."""
    rows = school.safety_records.filter(term=term).order_by("-held_on", "-pk")
    return rows.filter(kind=kind) if kind in SafetyRecord.KINDS else rows


def problems_of_records(school: School, term: Term) -> tuple[Refusal, ...]:
    """Return which record of the term is missing: liaison with the police (R-SAFE-08), traffic risks (R-SAFE-09)."""
    kinds = set(records_of(school, term).filter(struck_at=None).values_list("kind", flat=True))
    found = []
    if SafetyRecord.LIAISON not in kinds:
        found.append(refuse("R-SAFE-08", "no_liaison"))
    if SafetyRecord.TRAFFIC not in kinds:
        found.append(refuse("R-SAFE-09", "no_assessment"))
    return tuple(found)


def emergency_plan_of(school: School, term: Term, *, on: date) -> Pack:
    """Return the emergency plan as evidence (F6): the plan, drills, liaison, traffic; its problems.

    The plan itself is document ③ of the shelf. Missing places on the cards keep it back, a drill that waits warns.
    """
    plan = standing_policy(school, EMERGENCY_PLAN)
    proofs = []
    if plan and plan.approved_at:
        proofs.append(Proof(f"{plan}", plan.digest, day_of(plan.approved_at), plan.approved_by or ""))
    for drill in drills_of(school, term):
        title = BY_CODE[drill.scenario].title
        proofs.append(
            Proof(f"演练：{title}", on=drill.held_on, by=drill.recorded_by or f"计划{drill.planned_on:%-m月%-d日}")
        )
    proofs += [
        Proof(str(one), on=one.held_on, by=one.recorded_by)
        for one in records_of(school, term).filter(struck_at=None).exclude(kind=SafetyRecord.PUBLICITY)
    ]
    facts = facts_of_texts(school, term, on=on)
    missing = open_places(facts)
    drill = problem_of_drills_in(school, term, on=on)
    problems = [
        *([] if plan else [refuse("R-DOC-01", "not_adopted", title="③突发事件应急预案")]),
        *([refuse("R-SAFE-07", "place_left_open", places="、".join(missing))] if missing else []),
        *([drill] if drill and drill.why == "no_drill_planned" else []),
        *problems_of_records(school, term),
    ]
    return Pack(
        "安全与应急预案、交通疏导方案",
        tuple(proofs),
        tuple(problems),
        (drill,) if drill and drill.why != "no_drill_planned" else (),
    )
