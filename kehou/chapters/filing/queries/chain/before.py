"""Steps that lean on the school itself: basics, ledger, survey, readiness, table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Count, Max

from kehou.chapters.filing.queries.chain.facts import Asked, Found, name, on, said
from kehou.chapters.planning.queries import ShelfCount, counts_of_shelves
from kehou.chapters.programme.models import ActivityTable, TablePublication
from kehou.chapters.schools.models import CensusClosing, DismissalTime, Homeroom, Room, Season
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.surveys.models import Survey
from kehou.rules.policy_documents import REQUIRED
from kehou.rules.schools import refusal_of_missing_season
from kehou.rules.spans import Span
from kehou.rules.steps import StepFacts
from kehou.rules.verdicts import refuse


def basics(asked: Asked) -> Iterator[tuple[str, Found]]:
    """Yield whether every grade has its dismissal times for the whole service."""
    span = Span(asked.term.service_from_on, asked.term.service_until_on)
    classes = Homeroom.objects.filter(school_year=asked.term.school_year)
    taught: dict[int, set[int]] = defaultdict(set)
    for school, grade in asked.within(classes).values_list("school", "grade").distinct().order_by():
        taught[school].add(grade)
    rows = Season.objects.filter(from_on__lt=span.end, until_on__gt=span.start)
    seasons: dict[int, list[Season]] = defaultdict(list)
    for season in asked.within(rows).order_by("from_on"):
        seasons[season.school_id].append(season)
    times = DismissalTime.objects.filter(season__in=asked.within(rows)).values_list("season", "grade")
    filled: dict[int, set[int]] = defaultdict(set)
    for season_id, grade in times.distinct().order_by():
        filled[season_id].add(grade)
    found = {}
    for school in set(taught) | set(seasons):
        here = seasons[school]
        gap = refusal_of_missing_season(span, [Span(one.from_on, one.until_on) for one in here])
        bare = sorted(set().union(*(taught[school] - filled[one.pk] for one in here)))
        whole = bool(here and taught[school]) and gap is None and not bare
        words = "、".join(dict.fromkeys(one.name for one in here)) if whole else _lacking(taught[school], here, bare)
        found[school] = StepFacts(whole, words, begun=bool(here), refusal=gap if here else None)
    yield "basics", found


def _lacking(taught: set[int], seasons: list[Season], bare: list[int]) -> str:
    if not taught:
        return "还没有班级"
    if not seasons:
        return "还没有作息"
    return f"{'、'.join(map(str, bare))}年级还没有填" if bare else "作息没有排满服务期"


def ledger(asked: Asked) -> Iterator[tuple[str, Found]]:
    """Yield whether the places are registered, and by which census of the term they were stated (R-RES-01)."""
    rows = asked.within(Room.objects.all()).values("school").annotate(n=Count("pk")).order_by()
    found = {row["school"]: StepFacts(True, f"{row['n']}处场地") for row in rows}
    closings = CensusClosing.objects.filter(census__term=asked.term, census__school__in=list(found)).order_by("version")
    for school, version, digest, at in closings.values_list("census__school", "version", "digest", "closed_at"):
        words = f"{found[school].words}，资源调查第{version}版已定稿"
        found[school] = StepFacts(True, words, on=on(at), digest=digest)
    yield "ledger", found


def survey(asked: Asked) -> Iterator[tuple[str, Found]]:
    """Yield whether the families were asked and the survey is over."""
    found: dict[int, StepFacts] = {}
    rows = Survey.objects.filter(term=asked.term, opened_at__isnull=False).order_by("opened_at")
    for one in asked.within(rows):
        over = one.is_over(asked.at)
        if over or one.school_id not in found or not found[one.school_id].done:
            closed = on(one.closed_at or one.closes_at)
            words = f"{one.title}，{said(closed)}{'已截止' if over else '截止'}"
            found[one.school_id] = StepFacts(over, words, begun=True, on=closed, who=name(one.opened_by))
    yield "survey", found


def readiness(asked: Asked) -> Iterator[tuple[str, Found]]:
    """Yield whether there are people to serve and every required document is in force when the service begins."""
    people = asked.within(StaffMember.objects.exclude(state="left")).values("school")
    counts = {row["school"]: row for row in people.annotate(n=Count("pk"), last=Max("joined_on")).order_by()}
    shelves = counts_of_shelves(asked.schools, on=max(asked.today, asked.term.service_from_on))
    found = {}
    for school in {*counts, *shelves}:
        staff, papers = counts.get(school), shelves.get(school, ShelfCount()).required
        lacking = len(REQUIRED) - papers
        words = f"{staff['n'] if staff else 0}名服务人员，必备制度{papers}/{len(REQUIRED)}项"
        no = refuse("R-DOC-01", "shelf_not_whole", missing=lacking) if lacking else None
        done = staff is not None and no is None
        found[school] = StepFacts(done, words, begun=True, on=staff["last"] if staff and done else None, refusal=no)
    yield "readiness", found


def table(asked: Asked) -> Iterator[tuple[str, Found]]:
    """Yield whether the table of activities is public, with the hash of its last version."""
    drafts = ActivityTable.objects.filter(term=asked.term)
    found = {
        school: StepFacts(words="草稿", begun=True) for school in asked.within(drafts).values_list("school", flat=True)
    }
    rows = TablePublication.objects.filter(table__term=asked.term).select_related("table").defer("rows")
    for one in asked.within(rows, "table__school").order_by("version"):
        day = on(one.published_at)
        found[one.table.school_id] = StepFacts(
            True, f"第{one.version}版，{said(day)}公布", on=day, who=name(one.published_by), digest=one.digest
        )
    yield "table", found


SOURCES = (basics, ledger, survey, readiness, table)
