"""A plan in force is changed: reason, what changes, who is touched and told, new consent, the principal's signature.

Silence keeps the old arrangement (docs/adr): an amendment may be signed when the deadline has passed, and what it
changes is applied to those who agreed; who left is released by the later chapter that knows enrolment, and who keeps
the old price is billed at it by the chapter that knows money.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from kehou.chapters.basis.models import Term
from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Account, Pupil
from kehou.chapters.planning import queries
from kehou.chapters.planning.actions.versions import freeze, locked, move, sign_version
from kehou.chapters.planning.models import Amendment, AmendmentConsent, Plan, PlanSection, PlanVersion
from kehou.chapters.planning.queries.households import main_accounts
from kehou.chapters.schools.models import School
from kehou.lib.actors import Actor
from kehou.lib.uploads import Upload
from kehou.rules.planning import Change, refusal_of_consent, refusals_of_amendment
from kehou.rules.publication import refusals_of_text
from kehou.rules.states import PLAN, PlanState, refusal_of_lost_race, refusal_to_move
from kehou.rules.verdicts import Refused, insist, refuse


@transaction.atomic
def propose_amendment(
    plan: Plan, *, reason: str, changes: Sequence[Change], from_on: date, answer_by: datetime | None, by: Actor,
    at: datetime,
) -> Amendment:  # fmt: skip
    """Begin an amendment: the plan's sections can be edited again until it is signed or withdrawn.

    :raises Refused: R-AMD-01 for its facts or while another is under way, R-FLOW-01 before the plan is in force,
        R-PRIV-02 for a reason, which stands beside the public plan, that names a child or an aid
    """
    plan = locked(plan)
    names = Pupil.objects.filter(school=plan.school_id).values_list("name", flat=True)
    before = queries.signed_version(plan)
    insist(
        refuse("R-AMD-01", "one_at_a_time") if queries.standing_amendment(plan) else None,
        refusal_to_move(PLAN, plan.state, PlanState.AMENDING) if plan.state != PlanState.AMENDING else None,
        *refusals_of_amendment(reason=reason, changes=changes, from_on=from_on, answer_by=answer_by, at=at, affected=1),
        *refusals_of_text(reason, names=names),
    )
    assert before is not None
    move(plan, PlanState.AMENDING)
    made = Amendment.objects.create(
        plan=plan, number=plan.amendments.count() + 1, reason=reason.strip(),
        changes=[
            {"kind": one.kind.value, "what": one.what, "was": one.was, "becomes": one.becomes} for one in changes
        ],
        from_on=from_on, answer_by=answer_by, is_material=any(one.is_material for one in changes), before=before,
        proposed_by=str(by), proposed_at=at,
    )  # fmt: skip
    journal.write(
        "planning.amendment_proposed", about=made, by=by, at=at, school_code=plan.school.code, reason=made.reason
    )
    return made


@transaction.atomic
def tell_affected(
    amendment: Amendment, touched: Mapping[int, str], *, activities: Collection[int] = (),
    weekdays: Collection[int] = (), by: Actor, at: datetime,
) -> int:  # fmt: skip
    """Tell the families of the affected children (`touched`: pupil id → what of it concerns the child); ask them anew
    where time, price or place changes. Who is affected, and by which activities and weekdays (empty: all), is known to
    later chapters, which hand it over.

    :raises Refused: R-AMD-01 when they were told already or the days have run out, R-FLOW-01 once it is over
    """
    row = _locked(amendment)
    insist(
        refuse("R-AMD-01", "told_already") if row.told_at else None,
        *refusals_of_amendment(
            reason=row.reason, changes=queries.changes_of(row), from_on=row.from_on, answer_by=row.answer_by, at=at,
            affected=len(touched),
        ),
    )  # fmt: skip
    AmendmentConsent.objects.bulk_create(
        (AmendmentConsent(amendment=row, pupil_id=pupil, touched=words[:200]) for pupil, words in touched.items()),
        batch_size=500,
    )
    row.told_by, row.told_at = str(by), at
    row.scope = {"activities": sorted(activities), "weekdays": sorted(weekdays)}
    row.save(update_fields=["told_by", "told_at", "scope"])
    _write_to(row, list(touched), at)
    journal.write(
        "planning.amendment_told", about=row, by=by, at=at, school_code=row.plan.school.code, affected=len(touched)
    )
    return len(touched)


def _write_to(row: Amendment, pupils: list[int], at: datetime) -> None:
    mains = main_accounts(pupils, timezone.localtime(at).date())
    changes = "；".join(f"{one['what']}：{one['was']}改为{one['becomes']}" for one in row.changes)
    ask = (
        f"请在{timezone.localtime(row.answer_by):%-m月%-d日 %H:%M}前答复：同意，或不花钱退出；不答复的，按原来的安排。"
        if row.is_material and row.answer_by
        else "不需要您做什么。"
    )
    journal.send_many(
        sorted(set(mains.values())), kind="planning", title=f"{row.plan.school.name}课后服务安排有调整",
        body=f"{row.reason}{changes}。{row.from_on:%-m月%-d日}起。{ask}",
        at=at, link="/guardian/", school_code=row.plan.school.code,
    )  # fmt: skip


@transaction.atomic
def answer_amendment(
    consent: AmendmentConsent, *, agrees: bool, account: Account | None = None, by: Actor, at: datetime
) -> AmendmentConsent:
    """Keep a family's answer: agrees, or leaves; once. Whoever leaves is released by the chapter that knows enrolment.

    :raises Refused: R-AMD-01 when nothing is asked, it is answered, or the deadline has passed
    """
    amendment = Amendment.objects.select_related("plan__school").get(pk=consent.amendment_id)
    over = amendment.answer_by is not None and at >= amendment.answer_by
    closed = timezone.localtime(amendment.answer_by) if amendment.answer_by else None
    insist(
        None
        if amendment.is_material and amendment.told_at and not amendment.withdrawn_at
        else refuse("R-AMD-01", "not_asked"),
        refuse("R-AMD-01", "answers_are_over", closed=f"{closed:%-m月%-d日 %H:%M}") if over else None,
    )
    answer = AmendmentConsent.AGREED if agrees else AmendmentConsent.LEFT
    waiting = AmendmentConsent.objects.filter(pk=consent.pk, answer=AmendmentConsent.WAITING)
    if not waiting.update(answer=answer, answered_by=str(by), account=account, answered_at=at):
        raise Refused(refuse("R-AMD-01", "answered_already"))
    consent.refresh_from_db()
    journal.write(
        "planning.amendment_answered",
        about=consent,
        by=by,
        at=at,
        school_code=amendment.plan.school.code,
        answer=answer,
    )
    return consent


@transaction.atomic
def record_paper_consent(
    consent: AmendmentConsent, *, scan: Upload | None, by: Actor, at: datetime
) -> AmendmentConsent:  # fmt: skip
    """Keep that a family has agreed on paper, with its scan; also after the deadline, when the school has talked to it.

    :raises Refused: R-AMD-01 without the scan, when nothing is asked, or when the family has answered already
    """
    amendment = Amendment.objects.select_related("plan__school").get(pk=consent.amendment_id)
    insist(
        None
        if amendment.is_material and amendment.told_at and not amendment.withdrawn_at
        else refuse("R-AMD-01", "not_asked"),
        None if scan else refuse("R-AMD-01", "paper_needs_scan"),
    )
    assert scan is not None
    row = AmendmentConsent.objects.select_for_update(no_key=True).get(pk=consent.pk)
    if row.answer != AmendmentConsent.WAITING:
        raise Refused(refuse("R-AMD-01", "answered_already"))
    row.answer, row.answered_by, row.answered_at = AmendmentConsent.AGREED, f"{by}（纸质）", at
    row.scan.save(scan.file_name(f"amendment-{row.pk}"), ContentFile(scan.content), save=False)
    row.save(update_fields=["answer", "answered_by", "answered_at", "scan"])
    journal.write("planning.amendment_agreed_on_paper", about=row, by=by, at=at, school_code=amendment.plan.school.code)
    return row


@transaction.atomic
def prepare_amendment(amendment: Amendment, *, by: Actor, at: datetime) -> PlanVersion:
    """Freeze the amended text and lay it before the principal.

    :raises Refused: R-AMD-01 before the families are told or while they may still answer, R-TRACE-01 for the text
    """
    row = _locked(amendment)
    plan = locked(row.plan)
    waiting = queries.answers_of(row)[AmendmentConsent.WAITING]
    insist(
        None if row.told_at else refuse("R-AMD-01", "not_told"),
        refusal_of_consent(
            material=row.is_material, waiting=waiting, over=row.answer_by is None or at >= row.answer_by
        ),
        *queries.draft_refusals(plan, at),
        refusal_to_move(PLAN, plan.state, PlanState.AMENDED),
    )
    version = freeze(plan, PlanVersion.AMENDED, by=by, at=at, note=row.reason[:200])
    move(plan, PlanState.AMENDED)
    row.after = version
    row.save(update_fields=["after"])
    return version


@transaction.atomic
def sign_amendment(amendment: Amendment, *, by: Actor, at: datetime) -> Amendment:
    """Sign the amended plan as the principal: it is in force and is to be filed as a difference (F9).

    :raises Refused: R-AMD-01 while nothing is prepared, R-GATE-05 for the same person, R-FLOW-01
    """
    row = _locked(amendment)
    if row.after is None:
        raise Refused(refuse("R-AMD-01", "not_told") if not row.told_at else refusal_of_lost_race(PLAN))
    row.after = sign_version(row.after, by=by, at=at)
    journal.write(
        "planning.amendment_signed", about=row, by=by, at=at, school_code=row.plan.school.code,
        digest=queries.difference_of(row).digest,
    )  # fmt: skip
    return row


@transaction.atomic
def accept_amendments(
    school: School, term: Term, *, signed_until: datetime, by: Actor, at: datetime
) -> list[Amendment]:
    """Note that the district has accepted what was signed until an instant: a new price holds from here on (4-c).

    Delivered by the filing chapter, of which a pack holds everything that was signed before it.
    """
    rows = Amendment.objects.select_for_update(of=("self",), no_key=True).filter(
        plan__school=school, plan__term=term, after__signed_at__lte=signed_until, accepted_at=None, withdrawn_at=None
    )
    found = list(rows.order_by("number"))
    for one in found:
        one.accepted_at = at
    Amendment.objects.bulk_update(found, ["accepted_at"])
    facts = [("planning.amendment_accepted", one, {"number": one.number}) for one in found]
    journal.write_many(facts, by=by, at=at, school_code=school.code)
    return found


@transaction.atomic
def withdraw_amendment(amendment: Amendment, *, reason: str, by: Actor, at: datetime) -> Amendment:
    """Take an amendment back before it is signed: the text is again what was in force, and the families are told.

    :raises Refused: R-AMD-01 without a reason, R-FLOW-01 once it is signed or withdrawn
    """
    row = _locked(amendment)
    plan = locked(row.plan)
    insist(
        None if reason.strip() else refuse("R-AMD-01", "no_reason"),
        refusal_of_lost_race(PLAN) if row.withdrawn_at or (row.after and row.after.signed_at) else None,
    )
    if plan.state == PlanState.AMENDED:
        move(plan, PlanState.AMENDING)
    move(plan, PlanState.IN_FORCE)
    standing = {one.key: one for one in plan.sections.all()}
    for key, body in row.before.bodies.items():
        section = standing[key]
        section.body, section.revision, section.edited_by, section.edited_at = body, section.revision + 1, str(by), at
    PlanSection.objects.bulk_update(standing.values(), ["body", "revision", "edited_by", "edited_at"])
    row.withdrawn_because, row.withdrawn_at = reason.strip()[:200], at
    row.save(update_fields=["withdrawn_because", "withdrawn_at"])
    if row.told_at:
        mains = main_accounts(list(row.consents.values_list("pupil", flat=True)), timezone.localtime(at).date())
        journal.send_many(
            sorted(set(mains.values())), kind="planning", title=f"{plan.school.name}课后服务的调整已撤回",
            body=f"{reason.strip()}一切按原来的安排。", at=at, link="/guardian/", school_code=plan.school.code,
        )  # fmt: skip
    journal.write("planning.amendment_withdrawn", about=row, by=by, at=at, school_code=plan.school.code, reason=reason)
    return row


def _locked(amendment: Amendment) -> Amendment:
    rows = Amendment.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("plan__school", "plan__term", "before", "after").get(pk=amendment.pk)
