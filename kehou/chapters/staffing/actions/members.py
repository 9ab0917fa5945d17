"""Taking somebody on the list of those who are to serve, and correcting it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.people import actions as people
from kehou.chapters.people.models import Account
from kehou.chapters.schools import actions as schools
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.actions.files import refresh
from kehou.chapters.staffing.actions.papers import draw_up_papers
from kehou.chapters.staffing.actions.shortages import engage, ground_for
from kehou.chapters.staffing.models import StaffMember
from kehou.lib.actors import Actor
from kehou.rules import staffing as rules
from kehou.rules.resources import ItemState
from kehou.rules.staffing.papers import CONSENT
from kehou.rules.verdicts import Refused, insist, refuse

# Principal, manager, cashier and aid officer are named by the district: nobody gives themselves a second key.
GIVEN_BY_SCHOOL = ("teacher", "gatekeeper", "duty_leader", "quality_checker", "parents_committee")
MOST_WEEKLY_HOURS = 15  # three class hours on five days


@dataclass(frozen=True, slots=True)
class StaffFacts:
    """Who somebody is and what they offered: serving is voluntary for teachers too (2.4-c).

    `skills` stand apart from the teaching subject: nobody is tied to it (2.4-d). `weekdays` are ISO, empty: not said.
    """

    name: str
    kind: str = "in_service"
    subject: str = ""
    skills: str = ""
    weekdays: Sequence[int] = ()
    weekly_cap: int = 10
    unpaid: bool = False


@transaction.atomic
def add_staff(
    school: School,
    facts: StaffFacts,
    *,
    by: Actor,
    at: datetime,
    account: Account | None = None,
    area: str = "",
    paid: bool = False,
) -> StaffMember:
    """Take somebody on the list, at the beginning of the path.

    Whoever comes from outside is engaged on the ground of a stated shortage (2.4-e).

    :raises Refused: R-STAF-01 without a type or twice, R-STAF-04 for an odd cap, R-EXT-01 for an outsider without a
        signed shortage statement of the term (of `area` where there are several)
    """
    twice = account is not None and school.staff.filter(account=account).exclude(state="left").exists()
    insist(*_refusals(facts), refuse("R-STAF-01", "already_on_the_list", name=facts.name.strip()) if twice else None)
    ground = ground_for(school, name=facts.name.strip(), kind=facts.kind, area=area, at=at)
    member = StaffMember.objects.create(school=school, account=account, joined_on=at.date(), **_columns(facts))
    journal.write("staffing.member_added", about=member, by=by, at=at, school_code=school.code, kind=facts.kind)
    schools.mark_person(school.pk, f"staff:{member.pk}", member.name, ItemState.ADDED, by=by, at=at)
    draw_up_papers(school, [member], None, kinds=(CONSENT,), by=by, at=at)
    if ground:
        engage(ground, member, paid=paid, by=by, at=at)
    return member


@transaction.atomic
def add_many(
    school: School, rows: Sequence[tuple[StaffFacts, Account | None]], *, by: Actor, at: datetime
) -> list[StaffMember]:
    """Take many on the list at once, all or none, with their consent forms. :raises Refused: as `add_staff`"""
    accounts = [account.pk for _, account in rows if account]
    listed = set(school.staff.filter(account__in=accounts).exclude(state="left").values_list("account_id", flat=True))
    doubles = [facts for facts, account in rows if account and account.pk in listed]
    insist(
        *(no for facts, _ in rows for no in _refusals(facts)),
        *(refuse("R-STAF-01", "already_on_the_list", name=facts.name.strip()) for facts in doubles),
    )
    grounds = [ground_for(school, name=one.name.strip(), kind=one.kind, area="", at=at) for one, _ in rows]
    made = StaffMember.objects.bulk_create(
        [
            StaffMember(school=school, account=account, joined_on=at.date(), **_columns(facts))
            for facts, account in rows
        ],
        batch_size=500,
    )
    entries = [("staffing.member_added", one, {"kind": one.kind}) for one in made]
    journal.write_many(entries, by=by, at=at, school_code=school.code)
    for one in made:
        schools.mark_person(school.pk, f"staff:{one.pk}", one.name, ItemState.ADDED, by=by, at=at)
    draw_up_papers(school, made, None, kinds=(CONSENT,), by=by, at=at)
    for ground, one in zip(grounds, made, strict=True):
        if ground:
            engage(ground, one, paid=not one.unpaid, by=by, at=at)
    return made


@transaction.atomic
def employ(
    phone: str, *, name: str, role: str, school: School, on: date, by: Actor, at: datetime
) -> tuple[Account, str | None]:
    """Give somebody an account, a post at the school and, where they teach, a row on the list.

    Return the account and, only for a new one, its start password: an account that exists belongs to its owner.

    :raises Refused: R-ACC-01 for a post that a school does not give
    """
    if role not in GIVEN_BY_SCHOOL:
        raise Refused(refuse("R-ACC-01", "post_not_given_here"))
    is_new = not Account.objects.filter(phone=phone).exists()
    account = people.make_account(phone, name=name, by=by, at=at)
    people.give_post(account, role, school=school, from_on=on, by=by, at=at)
    if role == "teacher" and not school.staff.filter(account=account).exclude(state="left").exists():
        add_staff(school, StaffFacts(name=account.name), account=account, by=by, at=at)
    return account, people.give_start_password(account, by=by, at=at) if is_new else None


@transaction.atomic
def change_staff(member: StaffMember, facts: StaffFacts, *, by: Actor, at: datetime) -> StaffMember:
    """Correct somebody's row; the journal keeps which parts. :raises Refused: R-STAF-01, R-STAF-04"""
    member = StaffMember.objects.select_for_update(no_key=True).select_related("school").get(pk=member.pk)
    if member.state == "left":
        raise Refused(refuse("R-STAF-01", "has_left", name=member.name))
    insist(*_refusals(facts))
    changed = {key: value for key, value in _columns(facts).items() if getattr(member, key) != value}
    if changed:
        for key, value in changed.items():
            setattr(member, key, value)
        member.save(update_fields=list(changed))
        code = member.school.code
        journal.write("staffing.member_changed", about=member, by=by, at=at, school_code=code, changed=sorted(changed))
        schools.mark_person(member.school_id, f"staff:{member.pk}", member.name, ItemState.CHANGED, by=by, at=at)
        refresh([member], by=by, at=at)
    return member


def _refusals(facts: StaffFacts) -> list:
    paid_staff = facts.kind == "in_service" and facts.unpaid
    return [
        None if facts.name.strip() else refuse("R-STAF-01", "without_name"),
        refuse("R-STAF-01", "staff_serves_with_pay") if paid_staff else None,
        rules.refusal_of_kind(facts.kind),
        rules.refusal_of_cap(facts.weekly_cap, MOST_WEEKLY_HOURS),
    ]


def _columns(facts: StaffFacts) -> dict[str, object]:
    return {
        "name": facts.name.strip(),
        "kind": facts.kind,
        "subject": facts.subject.strip(),
        "skills": facts.skills.strip(),
        "weekdays": sorted(set(facts.weekdays)),
        "weekly_cap": facts.weekly_cap,
        "unpaid": facts.unpaid or facts.kind == "volunteer",
    }
