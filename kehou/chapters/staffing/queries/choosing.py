"""Who may be scheduled, who may not, and why: asked by every way in which somebody is given pupils (P8-1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import AcceptedRoster, StaffMember
from kehou.chapters.staffing.queries.members import leaders_of
from kehou.rules.staffing.files import refusal_to_schedule as rule
from kehou.rules.staffing.kinds import LEADS_NO_GROUP
from kehou.rules.verdicts import Refusal, refuse


@dataclass(frozen=True)
class Choice:
    """Whom a picker offers, and beside it who is missing and why."""

    offered: list[StaffMember]
    missing: list[tuple[StaffMember, Refusal]]


def accepted_roster(school: School, term: Term) -> AcceptedRoster | None:
    """Return the roster in force: the newest that the district accepted for the school and term, None before."""
    return school.accepted_rosters.filter(term=term).order_by("version").last()


def rostered(school: School, term: Term | None) -> set[int] | None:
    """Return the ids on the roster in force, None where none was accepted yet."""
    roster = accepted_roster(school, term) if term else None
    return set(roster.members.values_list("pk", flat=True)) if roster else None


def refusals_to_schedule(
    members: Iterable[StaffMember],
    term: Term | None,
    *,
    on: date | Mapping[int, date],
    planning: bool = False,
    groups: bool = True,
) -> dict[int, Refusal]:
    """Return by id why people may not be scheduled for a day; who may is not in it. Two questions a school.

    Who visits from another school stands on the roster of their own.

    `on` may be a day for each id.

    `planning`: a draft of the table may name anybody in use before the district has answered, since table and roster
    are filed together; once a roster is accepted it binds the draft as well. `groups`: whether pupils are led.
    """
    people = list(members)
    if not people:
        return {}
    on_rosters = {school.pk: rostered(school, term) for school in {one.school for one in people}}
    found: dict[int, Refusal] = {}
    for one in people:
        on_roster = on_rosters[one.school_id]
        filed = None if on_roster is None else one.pk in on_roster
        day = on[one.pk] if isinstance(on, Mapping) else on
        refusal = rule(
            one.name, state=one.state, fit_until=one.fit_until_on, what=one.fit_ends, on=day, filed=filed
        )  # fmt: skip
        if refusal is None and groups and one.kind in LEADS_NO_GROUP:
            refusal = refuse("R-STAF-03", "gatekeeper_leads_no_group", name=one.name)
        if refusal is None and on_roster is None and not planning:
            refusal = refuse("R-FILING-01", "roster_not_accepted")
        if refusal is not None:
            found[one.pk] = refusal
    return found


def refusal_to_schedule(
    member: StaffMember, term: Term | None, *, on: date, planning: bool = False, groups: bool = True
) -> Refusal | None:
    """Return why somebody may not be scheduled for a day of a term, None if they may."""
    return refusals_to_schedule([member], term, on=on, planning=planning, groups=groups).get(member.pk)


def choice_of(school: School, term: Term | None, *, on: date, planning: bool = False, groups: bool = True) -> Choice:
    """Return whom the pickers of a school offer for a day, by name, and who is missing and why: four questions."""
    people = list(school.staff.exclude(state="left").select_related("school").order_by("-kind", "name", "pk"))
    people += leaders_of(school, on=on).exclude(school=school)
    no = refusals_to_schedule(people, term, on=on, planning=planning, groups=groups)
    return Choice(
        offered=[one for one in people if one.pk not in no],
        missing=[(one, no[one.pk]) for one in people if one.pk in no],
    )
