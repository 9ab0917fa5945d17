"""Steps that lean on the school itself: basics, ledger, survey, readiness, table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Count, Max

from kehou.chapters.filing.queries.chain.facts import Asked, Found, name, on, said
from kehou.chapters.planning.queries import ShelfCount, counts_of_shelves, problems_of_organisations
from kehou.chapters.programme.models import ActivityTable, TablePublication
from kehou.chapters.programme.queries import safety_gaps
from kehou.chapters.schools.models import Census, CensusClosing, DismissalTime, Homeroom, Room, Season
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
    """Yield whether the census of the term is closed: every row of the ledger was looked at, none is carried on blindly
    (R-RES-01). What is only registered is work under way; a census that is opened again is open again.
    """
    rows = asked.within(Room.objects.all()).values("school").annotate(n=Count("pk")).order_by()
    rooms = {row["school"]: f"{row['n']}处场地" for row in rows}
    no = refuse("R-RES-01", "census_open", term=asked.term.name)
    found = {
        school: StepFacts(words=f"{words}，本学期的资源调查还没有做", begun=True, refusal=no)
        for school, words in rooms.items()
    }
    for one in asked.within(Census.objects.filter(term=asked.term)):
        if one.state != "closed":
            words = f"{rooms.get(one.school_id, '没有场地')}，资源调查正在核对"
            found[one.school_id] = StepFacts(words=words, begun=True, refusal=no)
    closings = CensusClosing.objects.filter(census__term=asked.term, census__state="closed").order_by("version")
    columns = ("census__school", "version", "digest", "closed_at", "closed_by")
    for school, version, digest, at, by in asked.within(closings, "census__school").values_list(*columns):
        words = f"{rooms.get(school, '没有场地')}，资源调查第{version}版已定稿"
        found[school] = StepFacts(True, words, on=on(at), who=name(by), digest=digest)
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
    """Yield whether the leading group stands with its letter, people are in use, every required document is in force
    when the service begins, and every place has somebody who answers for it (R-ORG-01…03, R-DOC-01, R-SAFE-01).
    """
    day = max(asked.today, asked.term.service_from_on)
    people = asked.within(StaffMember.objects.filter(state="in_use")).values("school")
    counts = {row["school"]: row for row in people.annotate(n=Count("pk"), last=Max("joined_on")).order_by()}
    shelves = counts_of_shelves(asked.schools, on=day)
    groups = problems_of_organisations(asked.schools, asked.term, on=asked.today)
    gaps = safety_gaps(asked.term, asked.schools)
    found = {}
    for school, group in groups.items():
        staff, papers = counts.get(school), shelves.get(school, ShelfCount()).required
        lacking, unsafe = len(REQUIRED) - papers, gaps.get(school, ())
        words = [f"{staff['n'] if staff else 0}名在用人员", f"必备制度{papers}/{len(REQUIRED)}项"]
        words.append(f"领导小组和责任书缺{len(group)}项" if group else "领导小组和责任书齐全")
        words.append(f"{len(unsafe)}处没有安全责任人" if unsafe else "安全职责矩阵没有空缺")
        wrong = [
            *([refuse("R-DOC-01", "shelf_not_whole", missing=lacking)] if lacking else ()),
            *group,
            *(() if staff else (refuse("R-FILING-01", "nobody_in_use"),)),
            *unsafe,
        ]
        found[school] = StepFacts(
            not wrong, "，".join(words), begun=bool(staff or papers), on=staff["last"] if staff and not wrong else None,
            refusal=wrong[0] if wrong else None,
        )  # fmt: skip
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
