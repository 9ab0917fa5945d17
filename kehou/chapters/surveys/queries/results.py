"""What came back, told so that no small group can be found in it, and what it proposes for the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from kehou.chapters.basis.queries import parameters_on, templates_now
from kehou.chapters.people.models import Pupil
from kehou.chapters.surveys.models import Sheet, Survey
from kehou.chapters.surveys.queries.finding import items_of
from kehou.rules import demand
from kehou.rules.demand import Assumptions, Band, Wish
from kehou.rules.policy_documents import in_words
from kehou.rules.small_cells import Across, Shown, across, parts, picks
from kehou.rules.surveys import NEED, NOT_WANTED, WISHES, Item, Kind, counts_of, softened
from kehou.rules.wall import on_the_wall

UNANSWERED = "没有回答"
Answered = tuple[int, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Line:
    """One option: how many picked it and what share in whole percent that is; None where it is not told."""

    option: str
    count: int | None
    percent: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """One item: its options' lines, or the mean of its numbers, or its remarks."""

    item: Item
    lines: tuple[Line, ...] = ()
    mean: float | None = None
    remarks: tuple[str, ...] = ()

    @property
    def is_told(self) -> bool:
        """Return whether anything of it may be seen."""
        return bool(self.remarks) or self.mean is not None or any(line.count is not None for line in self.lines)

    @property
    def hides(self) -> bool:
        """Return whether some of its counts are left out."""
        return any(line.count is None for line in self.lines)


@dataclass(frozen=True, slots=True)
class Results:
    """All of a survey: how many sheets, by item, and the need by grade where that may be told."""

    sheets: int
    least: int
    items: tuple[Result, ...]
    need_by_grade: Across


def answers_of(survey: Survey) -> list[Answered]:
    """Return (grade, answers) of every sheet, in an order that says nothing."""
    rows = Sheet.objects.filter(ticket__survey=survey).order_by("ticket__secret", "number")
    return list(rows.values_list("grade", "answers"))


def results_of(survey: Survey) -> Results:
    """Return what may be told of a survey: three queries."""
    least = parameters_on(survey.opens_at.date()).survey.min_cell
    return told(items_of(survey), answers_of(survey), least=least)


def told(items: list[Item], sheets: list[Answered], *, least: int) -> Results:
    """Return what may be told of sheets: counts by option, those without an answer among them."""
    own = [answers for _, answers in sheets]
    need = next((item for item in items if item.code == NEED), None)
    need_shown: Shown = parts(_counts(need, own), least=least) if need else ()
    # Who needs nothing is not asked further: where their count is hidden, so is the count of those not asked.
    hide_silent = bool(need_shown) and need_shown[NOT_WANTED] is None
    found = tuple(_result(item, own, least, hide_silent and item.if_needed) for item in items)
    by_grade: dict[str, tuple[int, ...]] = {}
    if need:
        for grade in sorted({grade for grade, _ in sheets}):
            by_grade[str(grade)] = _counts(need, [answers for one, answers in sheets if one == grade])
    return Results(len(own), least, found, across(by_grade, least=least))


def _counts(item: Item, own: list[Mapping[str, Any]]) -> tuple[int, ...]:
    """Return the counts of a single choice, those who did not answer last: they sum to the sheets."""
    answered, counts = counts_of(item, own)
    return (*counts, len(own) - answered)


def _result(item: Item, own: list[Mapping[str, Any]], least: int, hide_silent: bool) -> Result:
    if item.kind is Kind.TEXT:
        texts = sorted(softened(answers[item.code]) for answers in own if item.code in answers)
        return Result(item, remarks=tuple(texts) if len(texts) >= least else ())
    if item.kind is Kind.NUMBER:
        numbers = [answers[item.code] for answers in own if item.code in answers]
        return Result(item, mean=round(sum(numbers) / len(numbers), 1) if len(numbers) >= least else None)
    whole = len(own)
    if item.kind in (Kind.SINGLE, Kind.PICTURE):
        counts = _counts(item, own)
        shown = parts(counts, least=least, hide=[len(counts) - 1] if hide_silent else ())
        names = (*item.options, UNANSWERED)
    else:
        shown = picks(counts_of(item, own)[1], whole=whole, least=least)
        names = item.options
    lines = tuple(
        Line(name, count, None if count is None else (count * 200 + whole) // (2 * whole))
        for name, count in zip(names, shown, strict=True)
        if name != UNANSWERED or count != 0
    )
    return Result(item, lines)


# --- What it proposes -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proposal:
    """Seats and groups by grades and weekday, categories by demand, the hours that most want: each with its source."""

    bands: tuple[Band, ...]
    wishes: tuple[Wish, ...]
    hours: int
    with_: Assumptions
    sources: tuple[tuple[str, str], ...]


def proposal_of(survey: Survey, with_: Assumptions) -> Proposal:
    """Return what the answers propose under some assumptions."""
    least = parameters_on(survey.opens_at.date()).survey.min_cell
    items, sheets = {item.code: item for item in items_of(survey)}, answers_of(survey)
    pupils = dict(
        Pupil.objects.filter(school=survey.school, state=Pupil.IN_SCHOOL)
        .values_list("homeroom__grade")
        .annotate(n=Count("pk"))
        .values_list("homeroom__grade", "n")
    )
    own = [answers for _, answers in sheets]
    enough = len(sheets) >= least
    wished = (
        demand.wishes(own, items[WISHES], least=least, with_=with_, grades=pupils, templates=templates_now())
        if enough and WISHES in items
        else []
    )
    sources = (
        ("答复", f"《{survey.title}》{len(sheets)}份，{in_words(on_the_wall(survey.closes_at).date())}截止"),
        ("在读学生", f"名册在读{sum(pupils.values())}人"),
        ("还没想好的", f"按{with_.undecided_percent}%计入，不足{least}人时不计"),
        ("没有答复的", f"按已答复家庭比例的{with_.silent_percent}%计入"),
        ("每组", f"{with_.group_size}人；名额向上取到5的倍数"),
    )
    bands = tuple(demand.bands(sheets, pupils=pupils, least=least, with_=with_)) if enough else ()
    return Proposal(bands, tuple(wished), demand.hours_wanted(own) if enough else 0, with_, sources)
