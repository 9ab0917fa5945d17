"""F1 实施方案 with its table of opinions and answers (2.7.2, 4-b): the version that the principal has signed."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from kehou.chapters.basis.models import Term
from kehou.chapters.planning.queries import adoption_of, evidence_of, plan_of, signed_version
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
    return Part(
        "F1",
        formed=True,
        facts=(("版本", str(version)), ("签发日期", signed_on), ("意见", f"{len(rows)}组，逐组答复")),
        sections=tuple(sections),
        tables=(Table("意见采纳情况", _COLUMNS, tuple(rows), widths=(2, 4, 2, 5, 2)),),
        evidence=tuple(
            Evidence(step.title, step.digest, timezone.localtime(step.at).date().isoformat(), step.by.split("（")[0])
            for step in steps
            if step.at and step.digest
        ),
        measures={
            "sections": len(sections),
            "opinions": len(rows),
            "rounds": sum(step.done for step in steps if step.key in ("round1", "round2")),
            "adoption": adoption is not None,
        },
    )
