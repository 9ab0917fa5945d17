"""The activity table as a whole: what it lacks is a question to the school, never a refusal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kehou.rules.timetable.activities import ActivityKind, Category, Domain, Draft
from kehou.rules.verdicts import Refusal, refuse

CATEGORY_LABELS = dict(Category.choices())


def warnings_of_table(rows: Sequence[Draft], grades: Iterable[int]) -> tuple[Refusal, ...]:
    """Return what a table of these rows lacks for a school of these grades.

    All five of 五育 (R-CONT-01), a basic activity for each grade and a featured one (R-CONT-02), more than one category
    for each grade (R-CONT-04).
    """
    found = []
    offered = {domain for row in rows for domain in row.domains}
    if missing := [domain.label for domain in Domain if domain.value not in offered]:
        found.append(refuse("R-CONT-01", "domains_missing", domains="、".join(missing)))
    if not any(row.kind == ActivityKind.FEATURED for row in rows):
        found.append(refuse("R-CONT-02", "no_featured"))
    for grade in sorted(grades):
        its_own = [row for row in rows if grade in row.grades]
        if not any(row.kind == ActivityKind.BASIC for row in its_own):
            found.append(refuse("R-CONT-02", "no_basic_for_grade", grade=grade))
        categories = {row.category for row in its_own if row.category}
        if len(categories) == 1:
            (only,) = categories
            found.append(
                refuse("R-CONT-04", "one_category_only", grade=grade, category=CATEGORY_LABELS.get(only, only))
            )
        elif not categories:
            found.append(refuse("R-CONT-04", "nothing_for_grade", grade=grade))
    return tuple(found)
