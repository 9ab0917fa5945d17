"""F4 学生课后服务内容项目表: the version that families read, with its hash (2.3-h)."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from kehou.chapters.basis.models import Term
from kehou.chapters.programme.models import Activity
from kehou.chapters.programme.queries import facts_of, latest_publication, lines_of
from kehou.chapters.programme.queries.checking import pattern_of
from kehou.chapters.schools.models import School
from kehou.rules.filing import Evidence, Part, Table, unformed
from kehou.rules.programme import tutoring_years

_COLUMNS = ("项目", "类别", "性质", "年级", "星期", "时间", "课时", "地点", "带组人员", "人数上限")


def build(school: School, term: Term, on: date) -> Part:
    """Return the published table; a draft that nobody has published is not filed."""
    published = latest_publication(school, term)
    if published is None:
        return unformed("F4", "内容项目表还没有公布")
    lines = lines_of(published.rows)
    rows = tuple(
        (
            line.name, line.category, line.kind, line.grades, line.weekdays, "；".join(line.times), f"{line.hours}课时",
            line.place, line.leader, f"{line.capacity}人",
        )
        for line in lines
    )  # fmt: skip
    published_on = timezone.localtime(published.published_at).date().isoformat()
    return Part(
        "F4",
        formed=True,
        facts=(("版本", f"第{published.version}版"), ("公布日期", published_on), ("活动", f"{len(lines)}项")),
        tables=(Table("项目表", _COLUMNS, rows, widths=(4, 3, 2, 3, 3, 4, 2, 3, 3, 2)),),
        evidence=(
            Evidence(
                f"项目表第{published.version}版", published.digest, published_on, published.published_by.split("（")[0]
            ),
        ),
        measures={
            "leaders": sorted({row["leader"] for row in published.rows if row["leader"]}),
            "basic": sum(row["kind"] == "basic" for row in published.rows),
            "version": published.version,
            "class_patterns": _class_patterns(school, term),
            "tutoring_years": tutoring_years(published.rows),
        },
    )


def _class_patterns(school: School, term: Term) -> list[str]:
    """Return the names of activities that have the shape of a lesson, for the district to go and look (2.3-n)."""
    standing = Activity.objects.filter(
        table__school=school, table__term=term, withdrawn_at=None, in_homeroom=True
    ).select_related("leader", "room", "homeroom", "table")
    return [
        one.name for one in standing.prefetch_related("slots", "helpers").order_by("name") if pattern_of(facts_of(one))
    ]
