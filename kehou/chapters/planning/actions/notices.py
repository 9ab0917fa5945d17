"""The notice goes to every guardian; who has it in hand is kept: confirmed on a phone, or signed on paper (2.1-e)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Account, Pupil
from kehou.chapters.planning import queries
from kehou.chapters.planning.actions.versions import locked
from kehou.chapters.planning.models import Notice, NoticeReceipt, Plan
from kehou.chapters.planning.queries.households import households_of, main_accounts
from kehou.chapters.planning.queries.notices import notice_content
from kehou.chapters.schools.queries import school_term
from kehou.lib.actors import Actor
from kehou.lib.uploads import Upload
from kehou.rules.choice import digest
from kehou.rules.planning import refusals_of_notice
from kehou.rules.verdicts import insist, refuse


def compose(plan: Plan) -> dict[str, Any]:
    """Return what the next notice would say: composed of the plan's sections, with the telephones to ask."""
    last = queries.latest_notice(plan.school, plan.term)
    extra = school_term(plan.school, plan.term)
    phones = [
        ["学校", plan.school.phone],
        ["学校投诉", extra.complaint_phone if extra else ""],
        ["区教委", parameters_on(plan.term.service_from_on).pub.telephone],
        [f"责任督学{extra.inspector}" if extra else "", extra.inspector_phone if extra else ""],
    ]
    version = last.version + 1 if last else 1
    return notice_content(plan, queries.bodies_of(plan), phones=[one for one in phones if one[1]], version=version)


@transaction.atomic
def issue_notice(plan: Plan, *, by: Actor, at: datetime) -> Notice:
    """Issue the notice composed of the plan, and write to every guardian.

    A newer version has to be confirmed anew by those who have not signed an agreement yet.
    :raises Refused: R-NOTI-02 when one of the four topics is missing, before the first round is over, or unchanged
    """
    plan = locked(plan)
    first = queries.round_of(plan, 1)
    last = queries.latest_notice(plan.school, plan.term)
    content = compose(plan)
    topics = {one["key"]: one["words"] for one in content["topics"]}
    same = last is not None and {**last.content, "version": 0} == {**content, "version": 0}
    version = queries.latest_version(plan)
    insist(
        *refusals_of_notice(topics),
        refuse("R-NOTI-02", "first_round_first") if first is None or at < first.closes_at else None,
        refuse("R-NOTI-02", "nothing_new", version=last.version) if last and same else None,
    )
    assert version is not None
    notice = Notice.objects.create(
        plan=plan, version=content["version"], plan_version=version, content=content, digest=digest(content),
        issued_by=str(by), issued_at=at,
    )  # fmt: skip
    households = households_of(plan.school, timezone.localtime(at).date())
    journal.send_many(
        households.accounts, kind="planning", title=f"{plan.school.name}课后服务告知书（第{notice.version}版）",
        body="写明时间、内容、安全保障、管理制度、收费和投诉电话。请读完后点“我已阅读”，签协议以前要读过。",
        at=at, link="/guardian/", school_code=plan.school.code,
    )  # fmt: skip
    journal.write(
        "planning.notice_issued", about=notice, by=by, at=at, school_code=plan.school.code, version=notice.version,
        digest=notice.digest, families=households.count,
    )  # fmt: skip
    return notice


@transaction.atomic
def confirm_notice(
    notice: Notice, pupils: Iterable[Pupil], *, account: Account, by: Actor, at: datetime
) -> list[NoticeReceipt]:
    """Keep that a guardian has read the notice, for each of their children at the school; again changes nothing."""
    NoticeReceipt.objects.bulk_create(
        (
            NoticeReceipt(
                notice=notice,
                pupil=pupil,
                account=account,
                method=NoticeReceipt.ONLINE,
                received_at=at,
                noted_by=str(by),
            )
            for pupil in pupils
            if pupil.school_id == notice.plan.school_id
        ),
        ignore_conflicts=True,
    )
    journal.write("planning.notice_confirmed", about=notice, by=by, at=at, school_code=notice.plan.school.code)
    return list(notice.receipts.filter(account=account))


@transaction.atomic
def record_paper_receipts(
    notice: Notice, pupils: Iterable[Pupil], *, scan: Upload | None, by: Actor, at: datetime
) -> int:
    """Keep that families have signed the paper list; the scan of the list is kept once with each of them.

    Return how many are new: who has confirmed on a phone meanwhile, or stands on the list of another clerk, is so once.
    :raises Refused: R-NOTI-01 without a scan, or with nobody ticked who has not received it yet
    """
    standing = Notice.objects.select_for_update(of=("self",), no_key=True).select_related("plan__school")
    notice = standing.get(pk=notice.pk)
    received = set(notice.receipts.values_list("pupil", flat=True))
    several = [one for one in pupils if one.school_id == notice.plan.school_id and one.pk not in received]
    insist(
        None if several else refuse("R-NOTI-01", "nobody_ticked"),
        None if scan else refuse("R-NOTI-01", "paper_needs_scan"),
    )
    assert scan is not None
    first = NoticeReceipt(notice=notice, pupil=several[0], method=NoticeReceipt.PAPER, received_at=at, noted_by=str(by))
    first.scan.save(scan.file_name(f"notice-{notice.pk}"), ContentFile(scan.content), save=False)
    rows = [first] + [
        NoticeReceipt(
            notice=notice, pupil=one, method=NoticeReceipt.PAPER, scan=first.scan.name, received_at=at, noted_by=str(by)
        )
        for one in several[1:]
    ]
    NoticeReceipt.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    kept = notice.receipts.filter(scan=first.scan.name).count()
    insist(None if kept else refuse("R-NOTI-01", "nobody_ticked"))
    journal.write(
        "planning.notice_signed_on_paper", about=notice, by=by, at=at, school_code=notice.plan.school.code,
        pupils=kept,
    )  # fmt: skip
    return kept


@transaction.atomic
def confirm_many(notice: Notice, pupils: Iterable[Pupil], *, at: datetime) -> int:
    """Keep that the main guardians of many children have read the notice; those without one are left out."""
    own = [one for one in pupils if one.school_id == notice.plan.school_id]
    mains = main_accounts((one.pk for one in own), timezone.localtime(at).date(), school=notice.plan.school)
    rows = [
        NoticeReceipt(
            notice=notice,
            pupil=one,
            account_id=mains[one.pk],
            method=NoticeReceipt.ONLINE,
            received_at=at,
            noted_by="家长",
        )
        for one in own
        if one.pk in mains
    ]
    NoticeReceipt.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    return len(rows)
