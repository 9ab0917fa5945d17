"""What is done with a policy document: drafted, changed, replaced by a scan, signed, reviewed, reminded of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Post
from kehou.chapters.people.queries import held_on
from kehou.chapters.planning.models import PolicyReview, PolicyVersion
from kehou.chapters.planning.queries.shelf import (
    digest_of_policy,
    draft_of_policy,
    facts_of_texts,
    overdue_reviews,
    standing_policy,
)
from kehou.chapters.schools.models import School
from kehou.lib import jobs
from kehou.lib.actors import SYSTEM, Actor
from kehou.lib.uploads import Upload
from kehou.rules.organisation import BY_CODE as POSTS
from kehou.rules.policy_documents import BY_NUMBER, KINDS, Chapter, months_later, refusals_to_sign
from kehou.rules.policy_texts import chapters_of
from kehou.rules.verdicts import Refusal, Refused, insist, refuse


class DraftChanged(Refused):
    """Somebody else saved the draft meanwhile; `standing` is what they left."""

    def __init__(self, standing: PolicyVersion) -> None:
        super().__init__(refuse("R-DOC-01", "draft_saved_by_another", who=standing.prepared_by))
        self.standing = standing


@transaction.atomic
def draft_policy(school: School, term: Term, number: int, *, by: Actor, at: datetime) -> PolicyVersion:
    """Begin a draft: from the version in force where there is one, else from the template with the school's facts.

    :raises Refused: R-DOC-01 for an unknown kind, or when a draft lies there already
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    insist(
        None if number in BY_NUMBER else refuse("R-DOC-01", "no_such_kind"),
        refuse("R-DOC-01", "draft_exists") if draft_of_policy(school, number) else None,
    )
    standing, on = standing_policy(school, number), timezone.localtime(at).date()
    facts = facts_of_texts(school, term, on=on)
    written = standing.text if standing and standing.text else chapters_of(number, facts)
    responsible = standing.responsible if standing else facts.get(_fact(number), "")
    made = _draft(school, number, _next(school, number), written, responsible, by, at)
    made.save()
    journal.write("planning.policy_drafted", about=made, by=by, at=at, school_code=school.code, number=number)
    return made


@transaction.atomic
def draft_missing(
    school: School, term: Term, *, by: Actor, at: datetime, numbers: Iterable[int] = (), in_force: date | None = None
) -> int:
    """Draft every document that the school has no version of, from the templates; return how many. Four statements."""
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    known = set(PolicyVersion.objects.filter(school=school).values_list("number", flat=True))
    wanted = set(numbers) or set(BY_NUMBER)
    facts = facts_of_texts(school, term, on=timezone.localtime(at).date(), in_force=in_force)
    made = PolicyVersion.objects.bulk_create(
        _draft(school, kind.number, 1, chapters_of(kind.number, facts), facts.get(_fact(kind.number), ""), by, at)
        for kind in KINDS
        if kind.number in wanted - known
    )
    journal.write("planning.policies_drafted", about=school, by=by, at=at, school_code=school.code, count=len(made))
    return len(made)


def _fact(number: int) -> str:
    """Return the name of the fact that says who is responsible for a kind of document."""
    post = BY_NUMBER[number].post
    return {"head": "principal", "deputy_head": "deputy"}.get(post, POSTS[post].code)


def _next(school: School, number: int) -> int:
    last = PolicyVersion.objects.filter(school=school, number=number).aggregate(last=Max("version"))["last"]
    return (last or 0) + 1


def _draft(
    school: School, number: int, version: int, chapters: Sequence[Chapter], responsible: str, by: Actor, at: datetime
) -> PolicyVersion:
    return PolicyVersion(
        school=school, number=number, version=version, chapters=[[one.title, one.body] for one in chapters],
        responsible=responsible, prepared_by=str(by), prepared_at=at,
    )  # fmt: skip


def _locked_draft(school: School, number: int, *, edition: int | None = None) -> PolicyVersion:
    """Return the draft, locked. :raises Refused: if there is none, or it is not the edition that was read"""
    rows = PolicyVersion.objects.select_for_update(of=("self",), no_key=True).select_related("school")
    draft = rows.filter(school=school, number=number, approved_at=None).first()
    if draft is None:
        raise Refused(refuse("R-DOC-01", "no_draft"))
    if edition is not None and draft.edition != edition:
        raise DraftChanged(draft)
    return draft


@transaction.atomic
def edit_policy(
    school: School,
    number: int,
    *,
    edition: int,
    chapters: Sequence[Chapter],
    responsible: str,
    note: str,
    by: Actor,
    at: datetime,
) -> PolicyVersion:
    """Save what was written over the edition that was read. :raises DraftChanged: if somebody saved meanwhile"""
    draft = _locked_draft(school, number, edition=edition)
    draft.chapters = [
        [one.title.strip(), one.body.strip()] for one in chapters if one.title.strip() or one.body.strip()
    ]
    draft.responsible, draft.note = responsible.strip(), note.strip()
    _saved(draft, by, at)
    journal.write("planning.policy_edited", about=draft, by=by, at=at, school_code=school.code, number=number)
    return draft


@transaction.atomic
def scan_policy(school: School, number: int, scan: Upload, *, by: Actor, at: datetime) -> PolicyVersion:
    """Take the school's own paper as the text of the draft. :raises Refused: R-DOC-01 without a draft"""
    draft = _locked_draft(school, number)
    draft.scan.save(scan.file_name(f"{school.code}-{number:02d}"), ContentFile(scan.content), save=False)
    draft.scan_digest = hashlib.sha256(scan.content).hexdigest()
    _saved(draft, by, at)
    journal.write("planning.policy_scanned", about=draft, by=by, at=at, school_code=school.code, number=number)
    return draft


def _saved(draft: PolicyVersion, by: Actor, at: datetime) -> None:
    draft.edition += 1
    draft.prepared_by, draft.prepared_at = str(by), at
    draft.save()


@transaction.atomic
def drop_policy_draft(school: School, number: int, *, by: Actor, at: datetime) -> None:
    """Throw a draft away; what is in force stays. :raises Refused: R-DOC-01 without a draft"""
    draft = _locked_draft(school, number)
    journal.write("planning.policy_dropped", about=draft, by=by, at=at, school_code=school.code, number=number)
    draft.delete()


@transaction.atomic
def sign_policy(
    school: School, number: int, *, edition: int, in_force_from: date, by: Actor, at: datetime
) -> PolicyVersion:
    """Let the principal put a draft in force; the version before is superseded.

    :raises DraftChanged: if it is not the edition that was read
    :raises Refused: R-DOC-01 without text, with a place left open, or from a day that is over
    """
    draft = _locked_draft(school, number, edition=edition)
    insist(*_reasons(draft, in_force_from, at))
    _sign([draft], in_force_from, by, at)
    _tell_signed(draft, by, at)
    return draft


@transaction.atomic
def sign_policies(school: School, *, in_force_from: date, by: Actor, at: datetime) -> list[PolicyVersion]:
    """Put every draft in force that nothing is missing of, in a handful of statements; return them.

    :raises Refused: with what keeps each draft back, when there is none that can be signed
    """
    rows = PolicyVersion.objects.select_for_update(of=("self",), no_key=True).select_related("school")
    drafts = list(rows.filter(school=school, approved_at=None).order_by("number"))
    reasons = {draft.pk: _reasons(draft, in_force_from, at) for draft in drafts}
    ready = [draft for draft in drafts if not reasons[draft.pk]]
    if not ready:
        wrong = dict.fromkeys(no for found in reasons.values() for no in found)
        raise Refused(*(wrong or (refuse("R-DOC-01", "nothing_to_sign"),)))
    _sign(ready, in_force_from, by, at)
    told = [("planning.policy_signed", one, {"number": one.number, "version": one.version}) for one in ready]
    journal.write_many(told, by=by, at=at, school_code=school.code)
    return ready


def _reasons(draft: PolicyVersion, in_force_from: date, at: datetime) -> tuple[Refusal, ...]:
    return refusals_to_sign(
        draft.text,
        scanned=bool(draft.scan),
        responsible=draft.responsible,
        in_force_from=in_force_from,
        on=timezone.localtime(at).date(),
    )


def _sign(drafts: Sequence[PolicyVersion], in_force_from: date, by: Actor, at: datetime) -> None:
    months = parameters_on(timezone.localtime(at).date()).shelf.review_months
    school, numbers = drafts[0].school, [one.number for one in drafts]
    PolicyVersion.objects.filter(
        school=school, number__in=numbers, approved_at__isnull=False, superseded_at=None
    ).update(superseded_at=at)
    for draft in drafts:
        draft.digest = digest_of_policy(draft)
        draft.approved_by, draft.approved_at = str(by), at
        draft.in_force_from, draft.review_by = in_force_from, months_later(in_force_from, months)
    names = ["digest", "approved_by", "approved_at", "in_force_from", "review_by"]
    PolicyVersion.objects.bulk_update(drafts, names)


def _tell_signed(version: PolicyVersion, by: Actor, at: datetime) -> None:
    journal.write(
        "planning.policy_signed", about=version, by=by, at=at, school_code=version.school.code, number=version.number,
        version=version.version,
    )  # fmt: skip


@transaction.atomic
def review_policy(school: School, number: int, *, finding: str, next_on: date, by: Actor, at: datetime) -> PolicyReview:
    """Note that the version in force was read again and stays as it is; the next review moves.

    :raises Refused: R-DOC-01 without a standing version, or for a day outside the district's period
    """
    rows = PolicyVersion.objects.select_for_update(of=("self",), no_key=True).select_related("school")
    version = rows.filter(school=school, number=number, approved_at__isnull=False, superseded_at=None).first()
    today = timezone.localtime(at).date()
    months = parameters_on(today).shelf.review_months
    if version is None:
        raise Refused(refuse("R-DOC-01", "nothing_to_review"))
    if not today < next_on <= months_later(today, months):
        raise Refused(refuse("R-DOC-01", "review_by_in_the_past", months=months))
    review = PolicyReview.objects.create(
        version=version, finding=finding.strip() or "复审无需修改", next_on=next_on, reviewed_by=str(by), reviewed_at=at
    )
    PolicyVersion.objects.filter(pk=version.pk).update(review_by=next_on)
    journal.write("planning.policy_reviewed", about=version, by=by, at=at, school_code=school.code, number=number)
    return review


# --- Reminding --------------------------------------------------------------------------------------------------------


@jobs.task(every=timedelta(days=1), title="提醒制度复审", retries=1)
def watch_reviews(report: jobs.Progress) -> dict[str, int]:
    """Write to the manager and the principal of each school whose documents are overdue; once about each review day."""
    return {"letters": remind_of_reviews(overdue_reviews(on=report.at.date()), at=report.at)}


@transaction.atomic
def remind_of_reviews(late: QuerySet[PolicyVersion], *, at: datetime) -> int:
    """Write one letter a school about its overdue reviews; return how many schools were written to."""
    by_school: dict[School, list[PolicyVersion]] = {}
    for version in late.order_by("school_id", "number"):
        by_school.setdefault(version.school, []).append(version)
    posts = Post.objects.filter(
        held_on(timezone.localtime(at).date()), school__in=list(by_school), role__in=("asp_manager", "principal")
    )
    readers: dict[int, list[int]] = {}
    for school_id, account_id in posts.values_list("school_id", "account_id"):
        readers.setdefault(school_id or 0, []).append(account_id)
    for school, versions in by_school.items():
        titles = "、".join(f"{one.kind.mark}{one.kind.title}" for one in versions)
        journal.send_many(
            readers.get(school.pk, []), kind="policy_review", title=f"{len(versions)}项制度该复审了",
            body=f"{titles}已过复审日期。请复审：要改的起草新版，不用改的登记“复审无需修改”。",
            link=f"/school/{school.code}/shelf/", school_code=school.code, at=at,
        )  # fmt: skip
        for one in versions:
            one.reminded_for = one.review_by
        PolicyVersion.objects.bulk_update(versions, ["reminded_for"])
        journal.write("planning.policies_reminded", about=school, by=SYSTEM, at=at, school_code=school.code)
    return len(by_school)
