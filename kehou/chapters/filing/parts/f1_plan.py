"""F1 实施方案 with its table of opinions and answers (2.7.2, 4-b): the version that the principal has signed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils import timezone

from kehou.chapters.basis.models import Term
from kehou.chapters.filing.parts.proofs import evidence_in, plain
from kehou.chapters.planning.queries import Evidence as Step
from kehou.chapters.planning.queries import adoption_of, evidence_of, organisation_of, plan_of, seats_of, signed_version
from kehou.chapters.schools.models import School
from kehou.rules.filing import Evidence, Part, Section, Table, unformed

_COLUMNS = ("事项", "意见", "答复", "理由", "改在哪一节")


def build(school: School, term: Term, on: date) -> Part:
    """Return the plan in force with what each step before it leaves as evidence; a draft is not filed."""
    plan = plan_of(school, term)
    version = signed_version(plan)
    if plan is None or version is None or version.signed_at is None:
        return unformed("F1", "实施方案还没有定稿")
    adoption = adoption_of(plan)
    rows = [
        (row["topic"], f"{row['title']}（{row['opinions']}条）", row["decision"], row["reason"], row["section"] or "—")
        for row in (adoption.content["rows"] if adoption else ())
    ]
    sections = [Section(title, tuple(body.split("\n"))) for _, title, body in version.content["sections"] if body]
    signed_on = timezone.localtime(version.signed_at).date().isoformat()
    steps = evidence_of(school, term, version.signed_at)
    group = organisation_of(school, term, on=on)
    return Part(
        "F1",
        formed=True,
        facts=(("版本", str(version)), ("签发日期", signed_on), ("意见", f"{len(rows)}组，逐组答复")),
        sections=tuple(sections),
        tables=(Table("意见采纳情况", _COLUMNS, tuple(rows), widths=(2, 4, 2, 5, 2)), _group(school)),
        evidence=(
            *(
                Evidence(
                    step.title, step.digest, timezone.localtime(step.at).date().isoformat(), step.by.split("（")[0]
                )
                for step in steps
                if step.at and step.digest
            ),
            *evidence_in(group),
        ),
        measures={
            "sections": len(sections),
            "opinions": len(rows),
            "rounds": sum(step.done for step in steps if step.key in ("round1", "round2")),
            "adoption": adoption is not None,
            "organisation": [plain(one) for one in group.problems],
        },
    )


def _proofs(steps: Iterable[Step]) -> Iterator[Evidence]:
    for step in steps:
        if step.at and step.digest:
            yield Evidence(
                step.title, step.digest, timezone.localtime(step.at).date().isoformat(), step.by.split("（")[0]
            )


def _group(school: School) -> Table:
    """Say who holds which post of the leading group (R-ORG-01); telephones stay at the school."""
    rows = tuple(
        (f"{one.kind.title}{'（备岗）' if one.is_deputy else ''}", one.name, one.from_on.isoformat())
        for one in seats_of(school)
    )
    return Table("领导小组", ("岗位", "姓名", "任职"), rows, widths=(4, 3, 3))
