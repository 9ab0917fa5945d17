"""The committee meets about the plan: who came, what was voted, signed minutes; and members comment beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Account
from kehou.chapters.planning import queries
from kehou.chapters.planning.actions.versions import locked
from kehou.chapters.planning.models import Attendee, CommitteeComment, CommitteeMeeting, MeetingItem, Plan
from kehou.chapters.planning.queries.households import accounts_with
from kehou.lib.actors import Actor
from kehou.lib.uploads import Upload
from kehou.rules.choice import digest
from kehou.rules.planning import Vote, refusals_to_close_meeting
from kehou.rules.verdicts import Refused, insist, refuse


@transaction.atomic
def note_meeting(
    plan: Plan, *, held_on: date, place: str, chair: str, present: Iterable[Account], by: Actor, at: datetime
) -> CommitteeMeeting:
    """Note a meeting about the newest version of the plan with the members who came.

    :raises Refused: R-PC-01 while the committee has no members, or for a day outside the plan's life
    """
    plan = locked(plan)
    version = queries.latest_version(plan)
    assert version is not None
    members = {one.pk: one for one in queries.members_of(plan.school, held_on)}
    began, today = (timezone.localtime(one).date() for one in (plan.started_at, at))
    insist(
        None if members else refuse("R-PC-01", "no_members"),
        None if began <= held_on <= today else refuse("R-PC-01", "meeting_too_early"),
    )
    meeting = CommitteeMeeting.objects.create(
        plan=plan, version=version, held_on=held_on, place=place.strip(), chair=chair.strip(), members=len(members),
        noted_by=str(by), noted_at=at,
    )  # fmt: skip
    came = [one for one in present if one.pk in members]
    Attendee.objects.bulk_create(Attendee(meeting=meeting, account=one, name=one.name) for one in came)
    journal.write(
        "planning.meeting_noted", about=meeting, by=by, at=at, school_code=plan.school.code, present=len(came)
    )
    journal.send_many(
        [one.pk for one in came], kind="planning", title="家委会研讨纪要等您签名",
        body=f"{held_on:%-m月%-d日}研讨《{plan}》的纪要，请核对后签名。",
        at=at, link=f"/school/{plan.school.code}/plan/committee/", school_code=plan.school.code,
    )  # fmt: skip
    return meeting


def _open(meeting: CommitteeMeeting) -> CommitteeMeeting:
    """Return the meeting locked. :raises Refused: R-PC-01 once its minutes are closed"""
    rows = CommitteeMeeting.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("plan__school", "plan__term", "version").get(pk=meeting.pk)
    if found.closed_at:
        raise Refused(refuse("R-PC-01", "minutes_closed"))
    return found


@transaction.atomic
def write_item(
    meeting: CommitteeMeeting, vote: Vote, *, item: MeetingItem | None = None, by: Actor, at: datetime
) -> MeetingItem:
    """Add an item of the meeting, or write one anew. :raises Refused: R-PC-01 once the minutes are closed"""
    meeting = _open(meeting)
    made = item or MeetingItem(meeting=meeting)
    made.title, made.opinion, made.answer = vote.title.strip(), vote.opinion.strip(), vote.answer.strip()
    made.in_favour, made.against, made.abstained = vote.in_favour, vote.against, vote.abstained
    made.save()
    _unsign(meeting)
    journal.write("planning.item_written", about=meeting, by=by, at=at, school_code=_code(meeting), item=made.title)
    return made


def _unsign(meeting: CommitteeMeeting) -> None:
    """Take the signatures back: nobody has signed what has just been changed."""
    meeting.attendees.update(signed_at=None, signature="")
    CommitteeMeeting.objects.filter(pk=meeting.pk).update(scan="")


@transaction.atomic
def sign_minutes(
    meeting: CommitteeMeeting, *, account: Account, image: bytes | None, by: Actor, at: datetime
) -> Attendee:
    """Sign by finger, as a member who came. :raises Refused: R-PC-01 without a signature, or for somebody else"""
    meeting = _open(meeting)
    attendee = meeting.attendees.filter(account=account).first()
    if attendee is None:
        raise Refused(refuse("R-PC-01", "not_at_the_meeting"))
    if image is None:
        raise Refused(refuse("R-PC-01", "signature_is_empty"))
    stem = f"minutes-{meeting.pk}-{hashlib.sha256(image).hexdigest()[:12]}.png"
    attendee.signature.save(stem, ContentFile(image), save=False)
    attendee.signed_at = at
    attendee.save()
    journal.write("planning.minutes_signed", about=meeting, by=by, at=at, school_code=_code(meeting))
    return attendee


@transaction.atomic
def scan_minutes(meeting: CommitteeMeeting, upload: Upload, *, by: Actor, at: datetime) -> CommitteeMeeting:
    """Keep the scan of minutes that were signed by pen. :raises Refused: R-PC-01 once they are closed"""
    meeting = _open(meeting)
    meeting.scan.save(upload.file_name(f"minutes-{meeting.pk}"), ContentFile(upload.content), save=True)
    journal.write("planning.minutes_scanned", about=meeting, by=by, at=at, school_code=_code(meeting))
    return meeting


@transaction.atomic
def close_minutes(meeting: CommitteeMeeting, *, by: Actor, at: datetime) -> CommitteeMeeting:
    """Close the minutes: from now on the committee has been heard (2.5-p, 2.7.2-b).

    :raises Refused: R-PC-01 without quorum, item, vote, answer or signature: everything at once
    """
    meeting = _open(meeting)
    insist(*refusals_to_close_meeting(queries.facts_of(meeting)))
    meeting.digest = digest(queries.minutes_content(meeting))
    meeting.closed_by, meeting.closed_at = str(by), at
    meeting.save(update_fields=["digest", "closed_by", "closed_at"])
    journal.write(
        "planning.minutes_closed", about=meeting, by=by, at=at, school_code=_code(meeting), digest=meeting.digest
    )
    return meeting


@transaction.atomic
def comment(plan: Plan, *, section: str, words: str, account: Account, by: Actor, at: datetime) -> CommitteeComment:
    """Keep what a member says beside the plan, and tell the office. :raises Refused: R-PC-01 without words"""
    insist(None if words.strip() else refuse("R-PC-01", "comment_is_empty"))
    made = CommitteeComment.objects.create(
        plan=plan, section=section, words=words.strip(), account=account, said_by=str(by), said_at=at
    )
    office = accounts_with(plan.school, timezone.localtime(at).date(), role="asp_manager")
    journal.send_many(
        office, kind="planning", title="家委会委员对方案有意见", body=made.words, at=at,
        link=f"/school/{plan.school.code}/plan/committee/", school_code=plan.school.code,
    )  # fmt: skip
    journal.write("planning.commented", about=plan, by=by, at=at, school_code=plan.school.code)
    return made


def _code(meeting: CommitteeMeeting) -> str:
    return meeting.plan.school.code
