"""The table in words: for the paper, the spreadsheet and the public page, from rows as they were published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kehou.chapters.basis.models import Term
from kehou.chapters.programme.models import Activity
from kehou.chapters.programme.queries.table import place_of
from kehou.chapters.schools.models import School
from kehou.lib import paper
from kehou.lib.paper.register import issue
from kehou.lib.templatetags.words import grades as grades_in_words
from kehou.lib.templatetags.words import weekday, weekdays
from kehou.rules.parameters.care_groups import RISK_CLASSES
from kehou.rules.programme import WEEKS
from kehou.rules.spans import DAY
from kehou.rules.timetable import ActivityKind, Category, Domain

TITLE = "学生课后服务内容项目表"
COLUMNS = (
    "序号", "活动名称", "类别", "类型", "五育", "年级", "星期", "时间", "课时", "地点", "带组人", "人数上限",
    "最少人数", "安全类别", "器材", "目标", "用语放行",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One row in Chinese. `times` has one entry for each different span, with its weekdays and season."""

    number: int
    name: str
    category: str
    kind: str
    domains: str
    grades: str
    weekdays: str
    times: tuple[str, ...]
    hours: int
    place: str
    leader: str
    capacity: int
    minimum: int
    risk: str
    kit: str
    aim: str
    released: bool = False  # its words, by the district (P2-1)

    def cells(self) -> tuple[Any, ...]:
        """Return the row in the order of `COLUMNS`."""
        return (
            self.number, self.name, self.category, self.kind, self.domains, self.grades, self.weekdays,
            "；".join(self.times), self.hours, self.place, self.leader, self.capacity, self.minimum, self.risk,
            self.kit, self.aim, "区教委放行" if self.released else "",
        )  # fmt: skip


def lines_of(rows: Sequence[Mapping[str, Any]]) -> list[Line]:
    """Return published or present rows in words, numbered from 1."""
    return [line_of(number, row) for number, row in enumerate(rows, start=1)]


def line_of(number: int, row: Mapping[str, Any]) -> Line:
    """Return one row in words under its number."""
    numbers = [slot["weekday"] for slot in row["slots"]]
    week = WEEKS.get(row["week_of_month"])
    days = "、".join(weekday(one) for one in numbers) if week else weekdays(numbers)
    return Line(
        number=number,
        name=row["name"],
        category=_category(row["category"], row["category_reason"]),
        kind=ActivityKind(row["kind"]).label,
        domains="".join(Domain(one).label for one in row["domains"]),
        grades=grades_in_words(row["grades"]),
        weekdays=f"{week}{days}" if week else days,
        times=times_in_words(row["slots"]),
        hours=row["class_hours"],
        place=row["place"],
        leader=_people(row["leader"], row.get("helper_names") or [], row["helpers"]),
        capacity=row["capacity"],
        minimum=row["minimum"],
        risk=f"{row['risk_class']}类" if row["risk_class"] in RISK_CLASSES else "",
        kit=row["kit"],
        aim=row["aim"],
        released=row.get("released", False),  # versions published before releases were kept have no such key
    )


def words_of(activity: Activity) -> str:
    """Return what a row is found by: name, category, place and people, as they stand on its line."""
    leader, helpers = activity.leader.name if activity.leader else "", activity.helpers.all()
    people = _people(leader, [one.name for one in helpers], len(helpers))
    category = _category(activity.category, activity.category_reason)
    return f"{activity.name}{category}{place_of(activity)}{people}"


def _category(category: str, reason: str) -> str:
    title = Category(category).label
    return f"{title}（{reason}）" if reason else title


def _people(leader: str, helpers: Sequence[str], number: int) -> str:
    """Return who leads and helps; versions published earlier only say how many help."""
    more = "".join(f"、{name}" for name in helpers) or (f"等{number + 1}人" if number else "")
    return f"{leader}{more}".removeprefix("、")


def times_in_words(slots: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the clock times of a row: weekdays and seasons are named only where they differ."""
    spans: dict[tuple[str, str], list[int]] = {}
    for slot in slots:
        for one in slot["times"]:
            spans.setdefault((one["season"], f"{one['from']}–{one['to']}"), []).append(slot["weekday"])
    every_day = all(len(days) == len(slots) for days in spans.values())
    one_season = len({span for _, span in spans}) == 1 or len({season for season, _ in spans}) == 1
    said = []
    for (season, span), days in spans.items():
        day = "" if every_day else "".join(weekday(one) for one in days)
        said.append("".join((f"{season} " if not one_season else "", f"{day} " if day else "", span)))
    return tuple(dict.fromkeys(said))


def paper_of(
    school: School,
    term: Term,
    rows: Sequence[Mapping[str, Any]],
    *,
    issued_at: datetime,
    version: str,
    number: str = "",
    poster: bool = False,
    mark: str = "",
    verify_url: str = "",
    code: str = "",
) -> paper.Paper:
    """Return the table as a paper: A4 across, or the A3 poster of the notice board (2.5-k).

    `code` is the hash of the published version, by which the page of verification finds it.
    """
    data = {
        "poster": poster,
        "period": period_of(term),
        "telephone": school.phone,
        "rows": [_printed(line) for line in lines_of(rows)],
    }
    return issue(
        "activity-table",
        data,
        title=TITLE,
        number=number,
        school=school.name,
        term=term.name,
        version=version,
        basis="《实施意见》二（三）",
        issued_at=issued_at,
        verify_url=verify_url,
        mark=mark,
        code=code[:24],
    )


def period_of(term: Term) -> str:
    """Return the days of the service as a paper says them, both included."""
    first, last = term.service_from_on, term.service_until_on - DAY
    return "至".join(f"{day.year}年{day.month}月{day.day}日" for day in (first, last))


def _printed(line: Line) -> dict[str, Any]:
    """Return one row as the paper wants it."""
    return {
        "no": line.number,
        "name": line.name,
        "category": line.category,
        "kind": line.kind,
        "domains": line.domains,
        "grades": line.grades,
        "weekdays": line.weekdays,
        "time": "\n".join(line.times),
        "hours": line.hours,
        "place": line.place,
        "leader": line.leader,
        "seats": line.capacity,
        "minimum": line.minimum,
        "free": False,
    }
