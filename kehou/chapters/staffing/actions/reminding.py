"""A letter thirty days before something required ends, once for each end, to the person and to the office."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.people.queries import held_on
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.actions.files import refresh
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.staffing.queries import terms_of_files
from kehou.lib.actors import Actor
from kehou.rules.sentences import say
from kehou.rules.staffing.files import warning_of_end


@transaction.atomic
def warn_of_ends(school: School, *, by: Actor, at: datetime) -> int:
    """Judge every file of a school anew and warn of what ends soon; return of how many people. Twice warns once."""
    refresh(school.staff.exclude(state="left"), by=by, at=at)
    terms = terms_of_files(at.date())
    until = at.date() + timedelta(days=terms.warn_days)
    rows = school.staff.filter(state="in_use", fit_until_on__gt=at.date(), fit_until_on__lte=until)
    lines: dict[int, list[str]] = defaultdict(list)
    warned: list[StaffMember] = []
    for one in rows.select_for_update(no_key=True):
        key = f"{one.fit_ends} {one.fit_until_on}"
        no = warning_of_end(one.name, until=one.fit_until_on, what=one.fit_ends, on=at.date(), days=terms.warn_days)
        if no is None or one.warned_of == key:
            continue
        one.warned_of = key
        warned.append(one)
        own = [one.account_id] if one.account_id else []
        for account in {*own, *office_of(school, at)}:
            lines[account].append(say(no))
    StaffMember.objects.bulk_update(warned, ["warned_of"], batch_size=500)
    for account, said in lines.items():
        link = f"/school/{school.code}/staff/" if account in office_of(school, at) else f"/teacher/{school.code}/file/"
        body = "\n".join(said)
        journal.send(
            account, kind="staff.ends", title="有证明快要到期", body=body, link=link, at=at, school_code=school.code
        )
    entries = [("staffing.warned", one, {"until": str(one.fit_until_on), "kind": one.fit_ends}) for one in warned]
    journal.write_many(entries, by=by, at=at, school_code=school.code)
    return len(warned)


def office_of(school: School, at: datetime) -> list[int]:
    """Return the accounts of who keeps the files of a school: its managers."""
    posts = school.posts.filter(held_on(at.date()), role="asp_manager")
    return list(posts.values_list("account_id", flat=True).order_by("pk"))
