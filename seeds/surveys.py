"""The demand survey of every school before the term: one with enough answers, one with too few, the others small."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from random import Random

from kehou.chapters.basis.models import Term
from kehou.chapters.surveys import actions as surveys
from kehou.chapters.surveys import queries
from kehou.chapters.surveys.models import Family, Survey
from kehou.lib.actors import Actor
from kehou.lib.uploads import Upload
from kehou.rules.paper_line import items_of_line
from seeds.images import scanned_form
from seeds.people import Staffed

ANSWERED_PERCENT = (78, 41)  # by school: enough, too few; the others ask as well, and a few families answer
OTHERS = 14
PILES = ((7, 7, ""), (5, 4, "有一份整张空白，没有录"))  # counted, typed, why they differ
GRADES = (1, 1, 2, 3, 4, 5, 6)
REMARKS = ("希望下雨天也有地方跑一跑", "离校时间能不能固定", "想学竹笛", "作业能在学校写完就很好")


def ask(staffed: Staffed, number: int, term: Term, at: datetime) -> None:
    """Let a school ask its families before its plan, and the families answer: many at the first two schools."""
    dice, by = Random(number + 1), staffed.by["asp_manager"]
    survey = surveys.start_survey(
        staffed.school, term, title="秋季课后服务意向调查", anonymous=True, opens_at=at,
        closes_at=at + timedelta(days=4), by=by, at=at,
    )  # fmt: skip
    survey = surveys.open_survey(survey, by=by, at=at)
    later = at + timedelta(days=2)
    families = survey.families.filter(account__isnull=False).order_by("pk").prefetch_related("pupils__homeroom")
    percent = ANSWERED_PERCENT[number] if number < len(ANSWERED_PERCENT) else 100
    asked = families if number < len(ANSWERED_PERCENT) else families[:OTHERS]
    answering = [family for family in asked if dice.randrange(100) < percent]
    tickets = surveys.take_tickets(survey, answering, at=later)
    filled = [
        surveys.Filled(ticket, turn, child.homeroom.grade, _said(dice))
        for family, ticket in zip(answering, tickets, strict=True)
        for turn, child in enumerate(list(family.pupils.all())[:3], 1)
    ]
    surveys.answer_many(survey, filled, by=None, at=later)
    if number == 0:
        _on_paper(survey, [family for family in asked if family not in answering], by, at + timedelta(days=3))
    surveys.close_survey(survey, by=by, at=at + timedelta(days=4))


def _on_paper(survey: Survey, families: Sequence[Family], by: Actor, at: datetime) -> None:
    """Let the office type two piles of papers that came back; of the second one paper was blank."""
    dice, order = Random(90), [item.code for item in items_of_line(queries.items_of(survey))]
    papers = iter(surveys.take_tickets(survey, families[: sum(typed for _, typed, _ in PILES)], at=at))
    for turn, (counted, typed, note) in enumerate(PILES):
        begun = at + timedelta(hours=turn)
        pile = surveys.begin_pile(survey, counted, by=by, at=begun)
        for ticket, grade in zip(islice(papers, typed), GRADES, strict=False):
            surveys.type_in(pile, ticket, _line(order, _said(dice)), grade=grade, by=by, at=begun)
        surveys.scan_pile(pile, Upload(content=scanned_form(), kind="png"), by=by, at=begun)
        surveys.close_pile(pile, note=note, by=by, at=begun + timedelta(minutes=20))


def _line(order: list[str], said: dict[str, list[str]]) -> str:
    """Return the answers as they are typed: for each item the figures printed before the options that were ticked."""
    return " ".join(",".join(str(int(one) + 1) for one in said.get(code, ())) or "-" for code in order)


def _said(dice: Random) -> dict[str, list[str]]:
    """Return what a family says: four in five need the service."""
    need = dice.choices(range(3), (80, 12, 8))[0]
    said = {
        "need": [str(need)],
        "worry": [str(one) for one in sorted(dice.sample(range(5), 2))],
        "care_now": [str(dice.choices(range(5), (30, 45, 8, 12, 5))[0])],
        "fee_known": [str(dice.choices(range(3), (55, 35, 10))[0])],
        "child": [str(dice.randrange(4))],
    }
    if need != 1:
        said["hours"] = [str(dice.choices(range(3), (15, 70, 15))[0])]
        said["leave_by"] = [str(dice.choices(range(4), (10, 35, 40, 15))[0])]
        said["wishes"] = [str(one) for one in dice.sample((0, 1, 2, 2, 3, 4, 5, 6), 3)]
        said["wishes"] = list(dict.fromkeys(said["wishes"]))
        said["weekdays"] = [str(day) for day in sorted(dice.sample(range(5), dice.choices((5, 3, 2), (60, 25, 15))[0]))]
    if dice.randrange(12) == 0:
        said["remarks"] = [dice.choice(REMARKS)]
    return said
