"""Starting a plan from what is known, and writing it: two editors cannot overwrite one another."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from kehou.chapters.basis.models import Term
from kehou.chapters.journal import actions as journal
from kehou.chapters.planning import queries
from kehou.chapters.planning.actions.versions import freeze, locked
from kehou.chapters.planning.models import Plan, PlanAttachment, PlanSection, PlanSource, PlanVersion
from kehou.chapters.schools.models import School
from kehou.chapters.surveys.models import Survey
from kehou.lib.actors import Actor
from kehou.lib.uploads import Upload
from kehou.rules.planning import SECTIONS, Offered, Source, SourceKind, first_draft
from kehou.rules.planning.sections import LONGEST_SECTION, Section
from kehou.rules.verdicts import Refusal, Refused, insist, refuse


class ChangedMeanwhile(Refused):
    """Somebody saved the section after it was opened; `standing` is what stands there now."""

    def __init__(self, standing: PlanSection) -> None:
        section = standing.get_key_display()
        super().__init__(refuse("R-FLOW-01", "section_changed_meanwhile", section=section, who=standing.edited_by))
        self.standing = standing


@transaction.atomic
def start_plan(
    school: School, term: Term, *, survey: Survey | None, offered: Offered | None, by: Actor, at: datetime
) -> Plan:
    """Draw up version 0 from a closed survey, the resource ledger and the activity table, each statement with its note.

    `offered` is the activity table in this chapter's words: a later chapter knows it (2.7.2-a, R-TRACE-01).
    :raises Refused: R-TRACE-01 without a closed survey of the school's term, or when there is a plan; R-RES-01 before
        the term's census of the ledger is closed
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    insist(
        refuse("R-TRACE-01", "plan_exists") if queries.plan_of(school, term) else None,
        queries.refusal_before_plan(school, term),
        _refusal_of_survey(survey, school, term, at),
    )
    assert survey is not None
    on = timezone.localtime(at).date()
    bodies, sources = first_draft(
        queries.demand_of(survey, at), queries.ledger_of(school, on), queries.terms_of(school, term, on), offered
    )
    plan = Plan.objects.create(school=school, term=term, started_by=str(by), started_at=at)
    PlanSection.objects.bulk_create(
        PlanSection(plan=plan, key=one.value, body=bodies.get(one.value, ""), edited_by=str(by), edited_at=at)
        for one in SECTIONS
    )
    _keep_sources(plan, sources, survey, at)
    freeze(plan, PlanVersion.DRAFT, by=by, at=at)
    journal.write("planning.plan_started", about=plan, by=by, at=at, school_code=school.code, survey=survey.pk)
    return plan


def _refusal_of_survey(survey: Survey | None, school: School, term: Term, at: datetime) -> Refusal | None:
    if survey is None or (survey.school_id, survey.term_id) != (school.pk, term.pk):
        return refuse("R-TRACE-01", "no_survey")
    return None if survey.is_over(at) else refuse("R-TRACE-01", "survey_still_open")


def _keep_sources(plan: Plan, sources: tuple[Source, ...], survey: Survey, at: datetime) -> None:
    PlanSource.objects.bulk_create(
        PlanSource(
            plan=plan,
            number=one.number,
            kind=one.kind.value,
            label=one.label,
            digest=one.digest,
            survey=survey if one.kind is SourceKind.SURVEY else None,
            cited_at=at,
        )
        for one in sources
    )


@transaction.atomic
def cite_again(plan: Plan, *, survey: Survey | None, offered: Offered | None, by: Actor, at: datetime) -> Plan:
    """Bring the sources up to date (the table has changed, the ledger has grown): notes keep their numbers.

    The sentences stay as the office wrote them, but for an activity table that had none yet: its section is written.
    :raises Refused: R-TRACE-01 when the text cannot be changed, or for a survey that runs
    """
    plan = locked(plan)
    insist(
        queries.refusal_to_edit(plan),
        _refusal_of_survey(survey, plan.school, plan.term, at) if survey else None,
    )
    survey = survey or next((row.survey for row in plan.sources.filter(kind=SourceKind.SURVEY)), None)
    insist(refuse("R-TRACE-01", "no_survey") if survey is None else None)
    assert survey is not None
    on = timezone.localtime(at).date()
    bodies, sources = first_draft(
        queries.demand_of(survey, at), queries.ledger_of(plan.school, on), queries.terms_of(plan.school, plan.term, on),
        offered,
    )  # fmt: skip
    kept = [row.number for row in plan.sources.filter(kind=SourceKind.TABLE)] if offered is None else []
    plan.sources.exclude(number__in=kept).delete()
    _keep_sources(plan, sources, survey, at)
    table = plan.sections.get(key=Section.TABLE.value)
    if offered and not table.body.strip():
        table.body, table.revision, table.edited_by, table.edited_at = bodies["table"], table.revision + 1, str(by), at
        table.save()
    journal.write("planning.sources_cited", about=plan, by=by, at=at, school_code=plan.school.code)
    return plan


@transaction.atomic
def edit_section(plan: Plan, key: str, *, body: str, seen: int, by: Actor, at: datetime) -> PlanSection:
    """Save a section over the revision that its editor has seen; the second of two editors is shown the first.

    :raises ChangedMeanwhile: R-FLOW-01 with what stands there now; nothing is lost
    :raises Refused: R-TRACE-01 when the text cannot be changed or is too long
    """
    plan = locked(plan)
    section = plan.sections.get(key=key)
    words = body.replace("\r\n", "\n").strip()
    insist(
        queries.refusal_to_edit(plan),
        refuse("R-TRACE-01", "section_too_long", section=str(section), signs=len(words), most=LONGEST_SECTION)
        if len(words) > LONGEST_SECTION
        else None,
    )
    if section.body == words:
        return section
    if section.revision != seen:
        raise ChangedMeanwhile(section)
    section.body, section.revision, section.edited_by, section.edited_at = words, seen + 1, str(by), at
    section.save()
    journal.write("planning.section_edited", about=plan, by=by, at=at, school_code=plan.school.code, section=key)
    return section


@transaction.atomic
def attach(plan: Plan, *, title: str, upload: Upload, by: Actor, at: datetime) -> PlanAttachment:
    """Add a paper to the plan. :raises Refused: R-TRACE-01 when the plan cannot be changed"""
    plan = locked(plan)
    insist(queries.refusal_to_edit(plan))
    made = PlanAttachment(
        plan=plan, title=title.strip(), digest=hashlib.sha256(upload.content).hexdigest(), added_by=str(by), added_at=at
    )
    made.file.save(upload.file_name(f"plan-{plan.pk}"), ContentFile(upload.content), save=True)
    journal.write("planning.attached", about=plan, by=by, at=at, school_code=plan.school.code, title=made.title)
    return made


@transaction.atomic
def detach(attachment: PlanAttachment, *, by: Actor, at: datetime) -> None:
    """Take a paper out; versions that had it keep its hash. :raises Refused: R-TRACE-01"""
    plan = locked(attachment.plan)
    insist(queries.refusal_to_edit(plan))
    if PlanAttachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=at):
        journal.write(
            "planning.detached", about=plan, by=by, at=at, school_code=plan.school.code, title=attachment.title
        )
