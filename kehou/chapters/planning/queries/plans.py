"""The plan as it stands: sections, sources, versions, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from kehou.chapters.basis.models import Term
from kehou.chapters.planning.models import Plan, PlanAttachment, PlanSection, PlanVersion
from kehou.chapters.schools.models import School
from kehou.rules.planning import SECTIONS, Difference, Section, Source, SourceKind, differences, refusals_of_draft
from kehou.rules.planning.sections import WRITTEN_LAST
from kehou.rules.states import PLAN, PlanState
from kehou.rules.verdicts import Refusal, refuse

EDITABLE = (PlanState.DRAFTING, PlanState.AMENDING)


def plan_of(school: School, term: Term) -> Plan | None:
    """Return the plan of a school in a term, or None while nobody has begun one."""
    return Plan.objects.filter(school=school, term=term).select_related("school", "term").first()


def sections_of(plan: Plan) -> list[PlanSection]:
    """Return the sections in their order."""
    rows = {row.key: row for row in plan.sections.all()}
    return [rows[section.value] for section in SECTIONS if section.value in rows]


def bodies_of(plan: Plan) -> dict[str, str]:
    """Return the text of each section as it stands."""
    return dict(plan.sections.values_list("key", "body"))


def sources_of(plan: Plan, at: datetime) -> list[Source]:
    """Return the sources in their order; a survey counts as closed when it is over at the instant."""
    rows = plan.sources.select_related("survey").order_by("number")
    return [
        Source(
            row.number, SourceKind(row.kind), row.label, row.digest, row.survey.is_over(at) if row.survey else True
        )
        for row in rows
    ]  # fmt: skip


def attachments_of(plan: Plan) -> QuerySet[PlanAttachment]:
    """Return the attachments that belong to the plan now."""
    return plan.attachments.filter(removed_at=None).order_by("pk")


def draft_refusals(plan: Plan, at: datetime) -> list[Refusal]:
    """Return why nobody can be asked about this text yet (R-TRACE-01)."""
    return refusals_of_draft(bodies_of(plan), sources_of(plan, at))


def refusal_to_edit(plan: Plan) -> Refusal | None:
    """Return why the text cannot be changed now: it waits for a signature, or it is signed."""
    if plan.state in EDITABLE:
        return None
    return refuse("R-TRACE-01", "plan_is_closed", state=PLAN.labels[plan.state])


# --- Versions ---------------------------------------------------------------------------------------------------------


def versions_of(plan: Plan) -> QuerySet[PlanVersion]:
    """Return the versions, newest first."""
    return plan.versions.order_by("-number")


def latest_version(plan: Plan) -> PlanVersion | None:
    """Return the newest version."""
    return versions_of(plan).first()


def signed_version(plan: Plan | None) -> PlanVersion | None:
    """Return the version in force: the newest that the principal has signed."""
    return versions_of(plan).filter(signed_at__isnull=False).first() if plan else None


def version_by_digest(digest: str) -> PlanVersion | None:
    """Return the signed version whose hash begins so, for whoever checks a paper."""
    found = PlanVersion.objects.filter(digest__startswith=digest, signed_at__isnull=False)
    return found.select_related("plan__school", "plan__term").first()


def content_of(plan: Plan, *, number: int, stage: str, at: datetime, adoption: str = "") -> dict[str, Any]:
    """Return what a version is made of, and its hash: sections, sources, attachments."""
    bodies = bodies_of(plan)
    attached = [(one.title, one.digest) for one in attachments_of(plan)]
    if adoption:
        bodies[Section.ADOPTION.value] = adoption
    if attached:
        lines = [f"附件{turn}：{title}" for turn, (title, _) in enumerate(attached, 1)]
        bodies[Section.ATTACHMENTS.value] = "\n".join(lines)
    return {
        "school": plan.school.code,
        "term": plan.term.code,
        "number": number,
        "stage": stage,
        "sections": [[one.value, one.label, bodies.get(one.value, "")] for one in SECTIONS],
        "sources": [[one.number, one.label, one.digest] for one in sources_of(plan, at)],
        "attachments": [list(one) for one in attached],
    }


def compare(before: PlanVersion | Mapping[str, str], after: PlanVersion | Mapping[str, str]) -> list[Difference]:
    """Return the sections that differ between two versions, or a version and the text as it stands."""
    was, now = (dict(one.bodies if isinstance(one, PlanVersion) else one) for one in (before, after))
    if not isinstance(after, PlanVersion):  # what is written when a version is made does not stand in the text yet
        now |= {key.value: was.get(key.value, "") for key in WRITTEN_LAST}
    return differences(was, now)
