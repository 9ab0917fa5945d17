"""Hands a state over to a journey: `python -m tests.journeys.handed STAGE` lets the village school live on to it.

It is run on a copy of the demonstration, in a process of its own, and goes through the product's own actions and the
seeds' stories. `counted` ends with the ledger of the next semester closed, `surveyed` with the survey too, `planned` with
the plan signed.
"""

from __future__ import annotations

import os
import sys
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from kehou.chapters.basis.models import Term
    from kehou.chapters.schools.models import School
    from kehou.lib.actors import Actor

BEGINS = datetime(2027, 2, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
VILLAGE = "2150990006"
OUTSIDE = "杨琴"  # comes from outside: needs a stated shortage first
LATE = "郑霞"  # has not signed for the new semester yet


def counted() -> None:
    """Add the semester; let the village say when it dismisses and what it has."""
    from kehou.chapters.basis import actions as basis
    from kehou.chapters.people import actions as people
    from kehou.chapters.people.actions.pupils import NewPupil
    from kehou.chapters.schools import actions as schools
    from kehou.chapters.schools.models import School
    from kehou.lib.actors import SYSTEM
    from kehou.rules.spans import Span
    from seeds import resources
    from seeds.later import recall

    term = basis.add_term(
        "2027-spring", name="2026—2027学年第二学期", school_year=2026, term=Span(date(2027, 3, 1), date(2027, 7, 10)),
        service=Span(date(2027, 3, 15), date(2027, 7, 3)), by=SYSTEM, at=BEGINS,
    )  # fmt: skip
    school = School.objects.get(code=VILLAGE)
    by = recall(school).staffed.by["asp_manager"]
    season = schools.add_season(school, name="春季作息", from_on=term.from_on, until_on=term.until_on, by=by, at=BEGINS)
    times = {(grade, day): time(15, 40) for grade in range(1, 7) for day in range(1, 6)}
    schools.set_dismissals(season, times, by=by, at=BEGINS)
    schools.begin_term(school, term, complaint_phone="023-53210004", by=by, at=BEGINS)
    resources.census(school, term, by=by, at=BEGINS)
    newcomer = NewPupil("向小禾", "2", date(2019, 5, 4), school.homerooms.earliest("grade", "number"))
    people.register_pupils(school, [newcomer], by=by, at=BEGINS)  # whose family has no account: it gets a slip
    _sign_for_the_term(school, term)


def _sign_for_the_term(school: School, term: Term) -> None:
    """Let everybody who serves sign for the semester, and the principal seal; one teacher is left to a journey."""
    from kehou.chapters.staffing import actions as staffing
    from kehou.chapters.staffing.models import SignedPaper
    from seeds.later import recall

    by, at = recall(school).staffed.by, BEGINS + timedelta(hours=3)
    serving = list(school.staff.filter(state="in_use").exclude(name=LATE).order_by("pk"))
    pay = {one.pk: "每课时100元" for one in serving if one.kind != "in_service" and not one.unpaid}
    staffing.draw_up_papers(school, serving, term, pay=pay, by=by["asp_manager"], at=at)
    drawn = SignedPaper.objects.filter(member__in=serving, state=SignedPaper.TO_SIGN).select_related("member__school")
    staffing.sign_papers(list(drawn), method="finger", by=by["asp_manager"], at=at)
    signed = SignedPaper.objects.filter(member__in=serving, state=SignedPaper.SIGNED)
    staffing.seal_papers(signed, by=by["principal"], at=at)


def surveyed() -> None:
    """Go on from there: the families are asked for four days."""
    from kehou.chapters.basis.models import Term
    from kehou.chapters.schools.models import School
    from seeds import surveys
    from seeds.later import recall

    counted()
    school = School.objects.get(code=VILLAGE)
    surveys.ask(recall(school).staffed, 2, Term.objects.get(code="2027-spring"), BEGINS)


def planned() -> None:
    """Go on from there to the signed plan, thirteen days later; the rooms were looked at meanwhile."""
    from kehou.chapters.basis.models import Term
    from kehou.chapters.programme import actions as programme
    from kehou.chapters.programme.models import ActivityTable
    from kehou.chapters.programme.queries import copies_of, earlier_table
    from kehou.chapters.schools import actions as schools
    from kehou.chapters.schools.models import School
    from kehou.chapters.schools.queries import equipment_of, rooms_of
    from seeds import consultation
    from seeds.later import recall

    surveyed()
    term, school = Term.objects.get(code="2027-spring"), School.objects.get(code=VILLAGE)
    story, at = recall(school), BEGINS + timedelta(days=5)
    by = story.staffed.by["asp_manager"]
    rows = [*rooms_of(school), *equipment_of(school)]
    schools.record_checks(school, rows, checked_on=at.date(), checker="王老师", by=by, at=at)
    table: ActivityTable = programme.start_table(school, term, by=by, at=at)
    source = earlier_table(table)
    assert source is not None
    names = [one.facts.name for one in copies_of(table, source, at=at) if not any(OUTSIDE in it for it in one.opened)]
    programme.copy_from(table, source, names, by=by, at=at)
    consultation.consult(story.staffed, story.families, 3, term, table, at)
    _money_and_safety(school, term, story.staffed.by, at)


def _money_and_safety(school: School, term: Term, by: dict[str, Actor], at: datetime) -> None:
    """Draw up and sign the fund plan, plan a drill, note what was agreed with the police."""
    from kehou.chapters.planning import actions as planning
    from kehou.chapters.planning.queries import parameters_of_term
    from kehou.rules.fund_plan import starting_plan

    people = [(1, 2), (2, 10), (3, 2)]
    plan = starting_plan(parameters_of_term(term), months=4, people_by_tier=people, waived=1)
    draft = planning.draft_fund(school, term, plan, by=by["cashier"], at=at)
    planning.sign_fund(school, term, edition=draft.edition, approved_on=at.date(), by=by["principal"], at=at)
    planning.sign_letter(school, term, by=by["principal"], at=at)
    manager = {"by": by["asp_manager"], "at": at}
    planning.plan_drill(
        school,
        term,
        scenario="fire",
        planned_on=date(2027, 4, 14),
        place="教学楼",
        leader="值班领导",
        plan="",
        **manager,
    )
    said = {"held_on": at.date(), "partner": "屏锦派出所", "measures": "每周五交换下周离校批次", **manager}
    planning.record_safety(school, term, kind="liaison", words="放学时段派一名民警到正门疏导", **said)
    planning.record_safety(school, term, kind="traffic", words="正门外道路窄，分两批离校", **said)


def main(stage: str) -> None:
    """Live to a stage and close the database, so that its file is whole."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kehou.config.settings")
    import django

    django.setup()
    from django.db import connection

    {"counted": counted, "surveyed": surveyed, "planned": planned}[stage]()
    connection.close()


if __name__ == "__main__":
    main(sys.argv[1])
