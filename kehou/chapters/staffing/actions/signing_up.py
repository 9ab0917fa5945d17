"""The window, the answers, a change afterwards, and what binds somebody otherwise (2.4-c, 2.4-d).

The journal says that somebody answered and how, never what: nobody can read off it who said no.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import Commitment, SignUp, SignUpChange, SignUpWindow, StaffMember
from kehou.chapters.staffing.queries import clashes_of, window_of
from kehou.chapters.staffing.queries.signing_up import in_service, wanted_offer
from kehou.lib.actors import Actor
from kehou.rules.signing_up import (
    COMMITMENTS,
    StaffOffer,
    refusal_of_window,
    refusal_to_answer,
    refusal_to_decline,
    refusals_of_offer,
)
from kehou.rules.verdicts import Refusal, insist, refuse
from kehou.rules.wall import hour_in_words

INBOX = "/teacher/{code}/sign-up/"


@transaction.atomic
def open_sign_up(
    school: School, term: Term, *, opens_at: datetime, closes_at: datetime, words: str = "", by: Actor, at: datetime
) -> SignUpWindow:
    """Ask the teachers of a school for a term; each with an account gets a letter.

    :raises Refused: R-STAF-05 for a second window of the term, or one that is too short
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    insist(
        refuse("R-STAF-05", "window_open_already") if window_of(school, term) else None,
        refusal_of_window(opens_at, closes_at, least_days=parameters_on(at.date()).staff.sign_up_days),
    )
    window = SignUpWindow.objects.create(
        school=school, term=term, words=words.strip(), opens_at=opens_at, closes_at=closes_at, opened_by=str(by),
        opened_at=at,
    )  # fmt: skip
    to = in_service(school).filter(account__isnull=False).values_list("account_id", flat=True)
    journal.send_many(
        to, kind="sign_up", title=f"{term.name}课后服务自愿报名",
        body=f"{hour_in_words(closes_at)}截止。参加不参加都由您自己定，不选就是不参加。",
        at=at, link=INBOX.format(code=school.code), school_code=school.code,
    )  # fmt: skip
    journal.write("staffing.sign_up_opened", about=window, by=by, at=at, school_code=school.code)
    return window


@transaction.atomic
def close_sign_up(window: SignUpWindow, *, by: Actor, at: datetime) -> SignUpWindow:
    """End the asking before its time; answers stand as they are. :raises Refused: R-STAF-05 when it is over"""
    window = _locked(window)
    insist(refuse("R-STAF-05", "window_closed_already") if window.is_over(at) else None)
    window.closed_by, window.closed_at = str(by), at
    window.save(update_fields=["closed_by", "closed_at"])
    journal.write("staffing.sign_up_closed", about=window, by=by, at=at, school_code=window.school.code)
    return window


def _locked(window: SignUpWindow) -> SignUpWindow:
    return (
        SignUpWindow.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school", "term")
        .get(pk=window.pk)
    )


@transaction.atomic
def sign_up(
    window: SignUpWindow,
    member: StaffMember,
    offer: StaffOffer,
    *,
    by: Actor,
    at: datetime,
    channel: str = SignUp.PHONE,
    signed: bool = True,
) -> SignUp:
    """Keep somebody's answer in the place of the one before; it feeds their row on the list.

    On paper the office types it while the window is open or later, for the teacher has signed it (`signed`).

    :raises Refused: R-STAF-05 when unanswered or out of time, R-STAF-04 for too many hours, R-STAF-03 for own work
    """
    window = _locked(window)
    insist(*_refusals(window, member, offer, at, channel=channel, signed=signed))
    return _keep(window, member, offer, channel=channel, by=by, at=at)


def _refusals(
    window: SignUpWindow, member: StaffMember, offer: StaffOffer, at: datetime, *, channel: str, signed: bool
) -> Iterable[Refusal | None]:
    staff = parameters_on(window.term.service_from_on).staff
    if channel == SignUp.PHONE:
        yield refusal_to_answer(opens_at=window.opens_at, closes_at=window.closes_at, closed_at=window.closed_at, at=at)
    elif not signed:
        yield refuse("R-STAF-05", "signature_missing")
    if member.school_id != window.school_id or member.state != "in_use":
        yield refuse("R-STAF-05", "not_on_the_list")
    yield from refusals_of_offer(offer, daily=staff.daily_hours, weekly=staff.weekly_hours)
    if offer.joins:
        yield from clashes_of(member, window.term, offer.days)


def _keep(
    window: SignUpWindow, member: StaffMember, offer: StaffOffer, *, channel: str, by: Actor, at: datetime
) -> SignUp:
    before = window.sign_ups.filter(member=member, is_current=True).first()
    if before:
        window.sign_ups.filter(pk=before.pk).update(is_current=False)
    kept = SignUp.objects.create(
        version=before.version + 1 if before else 1, **_row(window, member, offer, channel, by, at)
    )
    _feed(member, offer)
    facts = {"version": kept.version, "channel": channel}
    journal.write("staffing.signed_up", about=kept, by=by, at=at, school_code=window.school.code, **facts)
    return kept


def _row(
    window: SignUpWindow, member: StaffMember, offer: StaffOffer, channel: str, by: Actor, at: datetime
) -> dict[str, Any]:
    joins = bool(offer.joins)
    return {
        "window": window,
        "member": member,
        "joins": joins,
        "days": {str(day): hours for day, hours in sorted(offer.days.items())} if joins else {},
        "weekly_cap": (offer.weekly_cap or 0) if joins else 0,
        "skills": list(dict.fromkeys(word.strip() for word in offer.skills if word.strip())) if joins else [],
        "wishes": offer.wishes.strip()[:200] if joins else "",
        "leads": offer.leads.strip()[:80] if joins else "",
        "channel": channel,
        "given_by": str(by),
        "given_at": at,
    }


def _feed(member: StaffMember, offer: StaffOffer) -> None:
    """Carry an answer over to the row from which people are picked."""
    if not offer.joins:
        StaffMember.objects.filter(pk=member.pk).update(weekdays=[], weekly_cap=0)
        return
    skills = dict.fromkeys([*offer.skills, *(word for word in member.skills.split("、") if word)])
    kept = ""
    for word in skills:
        kept = f"{kept}、{word}" if kept and len(kept) + len(word) < 199 else kept or word
    StaffMember.objects.filter(pk=member.pk).update(
        weekdays=sorted(offer.days), weekly_cap=offer.weekly_cap, skills=kept
    )


@transaction.atomic
def sign_up_many(
    window: SignUpWindow, rows: Iterable[tuple[StaffMember, StaffOffer]], *, by: Actor, at: datetime
) -> int:
    """Keep first answers that were collected together, in a few statements; return how many. All or none.

    :raises Refused: as `sign_up`, and for whoever has answered already
    """
    window, rows = _locked(window), list(rows)
    answered = set(window.sign_ups.filter(member__in=[one for one, _ in rows]).values_list("member_id", flat=True))
    staff = parameters_on(window.term.service_from_on).staff
    for member, offer in rows:
        insist(
            *refusals_of_offer(offer, daily=staff.daily_hours, weekly=staff.weekly_hours),
            refuse("R-STAF-05", "not_on_the_list") if member.pk in answered else None,
        )
    kept = SignUp.objects.bulk_create(
        [SignUp(version=1, **_row(window, one, offer, SignUp.PAPER, by, at)) for one, offer in rows], batch_size=500
    )
    for member, offer in rows:
        member.weekdays, member.weekly_cap = sorted(offer.days), offer.weekly_cap or 0
        member.skills = "、".join(dict.fromkeys([*offer.skills, *filter(None, member.skills.split("、"))]))[:200]
    StaffMember.objects.bulk_update([one for one, _ in rows], ["weekdays", "weekly_cap", "skills"], batch_size=300)
    journal.write_many(
        [("staffing.signed_up", one, {"version": 1, "channel": one.channel}) for one in kept],
        by=by, at=at, school_code=window.school.code,
    )  # fmt: skip
    return len(kept)


# --- Afterwards, by request -------------------------------------------------------------------------------------------


@transaction.atomic
def ask_change(
    window: SignUpWindow, member: StaffMember, offer: StaffOffer, *, reason: str, by: Actor, at: datetime
) -> SignUpChange:
    """Ask for another answer after the window; the office decides, and lets go whoever wants to stop.

    :raises Refused: as `sign_up`, and R-STAF-05 while the window is open, without a reason, or with one that waits
    """
    window = _locked(window)
    staff = parameters_on(window.term.service_from_on).staff
    waits = window.changes.filter(member=member, decided_at=None).exists()
    insist(
        None if window.is_over(at) else refuse("R-STAF-05", "window_open_still"),
        refuse("R-STAF-05", "change_waits") if waits else None,
        None if reason.strip() else refuse("R-STAF-05", "reason_missing"),
        refuse("R-STAF-05", "not_on_the_list") if member.school_id != window.school_id else None,
        *refusals_of_offer(offer, daily=staff.daily_hours, weekly=staff.weekly_hours),
        *(clashes_of(member, window.term, offer.days) if offer.joins else ()),
    )
    row = _row(window, member, offer, SignUp.REQUEST, by, at)
    wanted = {key: row[key] for key in ("joins", "days", "weekly_cap", "skills", "wishes", "leads")}
    change = SignUpChange.objects.create(
        window=window, member=member, wanted=wanted, reason=reason.strip()[:200], asked_at=at
    )
    journal.write("staffing.sign_up_change_asked", about=change, by=by, at=at, school_code=window.school.code)
    return change


@transaction.atomic
def decide_change(change: SignUpChange, *, granted: bool, note: str = "", by: Actor, at: datetime) -> SignUpChange:
    """Grant a request, or decline it with a reason; the teacher is written to.

    :raises Refused: R-STAF-05 when it is decided already, when somebody who wants to stop is to be held, without a note
    """
    window = _locked(change.window)
    change = SignUpChange.objects.select_related("member__account").get(pk=change.pk)
    offer = wanted_offer(change)
    insist(refuse("R-STAF-05", "change_decided") if change.decided_at else None)
    if not granted:
        insist(
            refusal_to_decline(bool(offer.joins)),
            None if note.strip() else refuse("R-STAF-05", "reason_missing"),
        )
    change.granted, change.note, change.decided_by, change.decided_at = granted, note.strip()[:200], str(by), at
    change.save(update_fields=["granted", "note", "decided_by", "decided_at"])
    if granted:
        _keep(window, change.member, offer, channel=SignUp.REQUEST, by=by, at=at)
    if change.member.account_id:
        said = "已同意，已按您的申请更新。" if granted else f"没有同意：{change.note}"
        journal.send(
            change.member.account_id, kind="sign_up", title="报名变更申请有了答复", body=said, at=at,
            link=INBOX.format(code=window.school.code), school_code=window.school.code,
        )  # fmt: skip
    journal.write("staffing.sign_up_change_decided", about=change, by=by, at=at, school_code=window.school.code)
    return change


# --- Lessons, duties, leaves ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bond:
    """What binds somebody: a lesson or duty of a weekday, or a leave without one. Days are half-open."""

    kind: str
    what: str
    from_on: date
    until_on: date
    weekday: int | None = None
    starts_at: time | None = None
    ends_at: time | None = None


def _refusal_of_bond(bond: Bond) -> Refusal | None:
    if bond.kind not in COMMITMENTS or bond.from_on >= bond.until_on:
        return refuse("R-STAF-03", "leave_without_days")
    if bond.kind == Commitment.LEAVE:
        return None
    times = bond.weekday and bond.starts_at and bond.ends_at and bond.starts_at < bond.ends_at
    return None if times else refuse("R-STAF-03", "commitment_without_time")


@transaction.atomic
def add_commitments(
    rows: Iterable[tuple[StaffMember, Bond]], *, imported: bool = False, by: Actor, at: datetime
) -> list[Commitment]:
    """Note what binds people, all or none; the same twice is one. :raises Refused: R-STAF-03 for what has no time"""
    rows = list(dict.fromkeys(rows))
    insist(*dict.fromkeys(_refusal_of_bond(bond) for _, bond in rows))
    keys = ("member_id", "kind", "weekday", "starts_at", "ends_at", "from_on", "until_on")
    held = set(Commitment.objects.filter(member__in=[one for one, _ in rows]).values_list(*keys))
    made = [
        Commitment(
            member=member, kind=bond.kind, what=bond.what.strip()[:60] or COMMITMENTS[bond.kind],
            weekday=None if bond.kind == Commitment.LEAVE else bond.weekday,
            starts_at=None if bond.kind == Commitment.LEAVE else bond.starts_at,
            ends_at=None if bond.kind == Commitment.LEAVE else bond.ends_at,
            from_on=bond.from_on, until_on=bond.until_on, imported=imported, made_by=str(by), made_at=at,
        )
        for member, bond in rows
    ]  # fmt: skip
    new = [one for one in made if tuple(getattr(one, key) for key in keys) not in held]
    Commitment.objects.bulk_create(new, batch_size=500)
    for school in dict.fromkeys(one.member.school for one in new):
        own = [one for one in new if one.member.school_id == school.pk]
        facts = {"count": len(own), "imported": imported}
        journal.write("staffing.commitments_added", about=school, by=by, at=at, school_code=school.code, **facts)
    return new


@transaction.atomic
def remove_commitment(commitment: Commitment, *, by: Actor, at: datetime) -> None:
    """Take out what no longer binds somebody. Doing it twice changes nothing."""
    rows = Commitment.objects.select_for_update(of=("self",), no_key=True).select_related("member__school")
    found = rows.filter(pk=commitment.pk).first()
    if found:
        code, facts = found.member.school.code, {"kind": found.kind, "member": found.member_id}
        journal.write("staffing.commitment_removed", about=found, by=by, at=at, school_code=code, **facts)
        found.delete()
