"""What is done in the leading group: posts are given and end, the principal signs and confirms."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from kehou.chapters.basis.models import Term
from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Account
from kehou.chapters.planning.models import GroupSeat, ResponsibilityLetter, SafetyConfirmation
from kehou.chapters.planning.queries.organisation import (
    in_month,
    last_day,
    letter_of,
    months_open,
    principals_of,
    seats_of,
)
from kehou.chapters.schools.models import School
from kehou.lib.actors import Actor
from kehou.rules.choice import digest
from kehou.rules.organisation import LETTER, months_to_confirm, refusals_to_appoint
from kehou.rules.verdicts import insist, refuse

ITEMS = {
    "places": "场地和器材检查过，没有逾期的",
    "duties": "安全职责矩阵没有空缺，值班人员到岗",
    "rolls": "各组按时点名，未到的都有去向",
    "leaving": "离校交接清楚，当日清零",
    "hazards": "上月隐患已经整改，或者写明了期限",
}


@transaction.atomic
def appoint(
    school: School,
    post: str,
    name: str,
    *,
    from_on: date,
    by: Actor,
    at: datetime,
    is_deputy: bool = False,
    account: Account | None = None,
    phone: str = "",
) -> GroupSeat:
    """Give a post of the leading group to somebody; whoever held it ends that day. With an account its name counts.

    :raises Refused: R-ORG-01 without a name, for the same person or their own deputy; R-ORG-02 for a head who is not
        the school's principal
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    name = account.name if account else name.strip()
    seats = {(one.post, one.is_deputy): one for one in seats_of(school)}
    before, other = seats.get((post, is_deputy)), seats.get((post, not is_deputy))
    is_principal = bool(account and (school.pk, account.pk) in principals_of([school], on=from_on))
    insist(
        *refusals_to_appoint(
            post, name, is_deputy=is_deputy, is_principal=is_principal, from_on=from_on,
            holder=before.name if before else "", other=other.name if other else "",
        )
    )  # fmt: skip
    if before:
        _end(before, from_on, by, at)
    seat = GroupSeat.objects.create(
        school=school, post=post, is_deputy=is_deputy, account=account, name=name,
        phone=phone.strip() or (account.phone if account else ""), from_on=from_on, appointed_by=str(by),
        appointed_at=at,
    )  # fmt: skip
    journal.write("planning.post_filled", about=seat, by=by, at=at, school_code=school.code, post=post)
    return seat


@transaction.atomic
def vacate(seat: GroupSeat, *, until_on: date, by: Actor, at: datetime) -> None:
    """End somebody's post; it is open until another is named. :raises Refused: R-ORG-01 if it has ended already"""
    standing = GroupSeat.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=seat.pk)
    insist(refuse("R-ORG-01", "not_held") if standing.ended_at else None)
    _end(standing, until_on, by, at)
    journal.write(
        "planning.post_vacated", about=standing, by=by, at=at, school_code=standing.school.code, post=standing.post
    )


def _end(seat: GroupSeat, until_on: date, by: Actor, at: datetime) -> None:
    seat.until_on, seat.ended_by, seat.ended_at = until_on, str(by), at
    seat.save(update_fields=["until_on", "ended_by", "ended_at"])


def letter_text(school: School, term: Term, principal: str) -> str:
    """Return the words of the letter of responsibility."""
    return LETTER.format(school=school.name, term=term.name, principal=principal)


@transaction.atomic
def sign_letter(school: School, term: Term, *, by: Actor, at: datetime) -> ResponsibilityLetter:
    """Let the head of the group sign the letter of the term (3.2-g).

    :raises Refused: R-ORG-03 for anybody but the head, or when this head has signed already
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    head = _head(school)
    standing = letter_of(school, term)
    insist(
        None if head and head.account_id == by.account_id else refuse("R-ORG-03", "not_the_head"),
        refuse("R-ORG-03", "letter_signed_already") if standing and standing.account_id == by.account_id else None,
    )
    text = letter_text(school, term, by.name)
    letter = ResponsibilityLetter.objects.create(
        school=school, term=term, text=text, account_id=by.account_id or 0, signed_by=str(by), signed_at=at,
        digest=digest({"school": school.code, "term": term.code, "text": text, "by": by.name}),
    )  # fmt: skip
    journal.write("planning.letter_signed", about=letter, by=by, at=at, school_code=school.code)
    return letter


def _head(school: School) -> GroupSeat | None:
    return GroupSeat.objects.filter(school=school, post="head", is_deputy=False, ended_at=None).first()


@transaction.atomic
def confirm_safety(
    school: School, term: Term, *, month: date, items: Collection[str], note: str, by: Actor, at: datetime
) -> SafetyConfirmation:
    """Let the head confirm a month's safety; what is not in order is written into the note with what is done about it.

    :raises Refused: R-ORG-03 for anybody but the head, before the letter, for a month that runs or is confirmed, or
        with items left open and nothing said
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    on, head = timezone.localtime(at).date(), _head(school)
    due = months_to_confirm(term.service_from_on, last_day(term), on=on)
    left = [words for code, words in ITEMS.items() if code not in items]
    insist(
        None if head and head.account_id == by.account_id else refuse("R-ORG-03", "not_the_head"),
        None if letter_of(school, term) else refuse("R-ORG-03", "letter_first"),
        None if month in due else refuse("R-ORG-03", "month_not_over", month=in_month(month)),
        refuse("R-ORG-03", "confirmed_already", month=in_month(month))
        if month in due and month not in months_open(school, term, on=on)
        else None,
        refuse("R-ORG-03", "items_left_open", items="、".join(left)) if left and not note.strip() else None,
    )
    said = note.strip()
    if left:
        said = f"未完成：{'、'.join(left)}。{said}"
    made = SafetyConfirmation.objects.create(
        school=school, term=term, month_on=month, note=said[:300], confirmed_by=str(by), confirmed_at=at
    )
    journal.write("planning.safety_confirmed", about=made, by=by, at=at, school_code=school.code, month=in_month(month))
    return made
