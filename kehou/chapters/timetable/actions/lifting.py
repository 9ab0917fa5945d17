"""Who may not be with pupils leaves the duties ahead too (P8-1): the person and the office are told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from kehou.chapters.basis.models import Term
from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.models import School
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.staffing.queries import refusals_to_schedule
from kehou.chapters.timetable.models import Duty
from kehou.lib.actors import Actor
from kehou.rules.calendar import day_name
from kehou.rules.sentences import say
from kehou.rules.staffing import DUTIES
from kehou.rules.verdicts import Refusal

LINES_AT_MOST = 10


def lift_duties(school: School, term: Term, *, by: Actor, at: datetime) -> int:
    """Take whoever is not fit off the duties of a term that lie ahead, today's included; return how many were lifted.

    The caller holds the school, as giving a duty does. They are not given back: a day without duty leader is filled at
    once, by whoever is there.
    """
    ahead = Duty.objects.filter(school=school, on__gte=max(at.date(), term.from_on), on__lt=term.until_on)
    people = StaffMember.objects.filter(pk__in=ahead.values("staff")).select_related("school")
    unfit = refusals_to_schedule(list(people), term, on=at.date(), groups=False)
    lifted = list(ahead.filter(staff__in=unfit).select_related("staff").order_by("on", "pk"))
    end_duties(school, lifted, because=unfit, by=by, at=at)
    lines = defaultdict(list)
    for one in lifted:
        lines[one.staff].append(f"{day_name(one.on)}{DUTIES[one.kind]}")
    for member, said_of in lines.items():
        body = f"{say(unfit[member.pk])}\n以下值班要另外安排：\n" + listed(said_of, "见值班表")
        title = f"{member.name}停止值班，{len(said_of)}个班次要另外安排"
        tell(school, member, title=title, mine="您的值班已暂停安排", body=body, page="duty", at=at)
    return len(lifted)


def end_duties(
    school: School, duties: Sequence[Duty], *, by: Actor, at: datetime, because: Mapping[int, Refusal] | None = None
) -> None:
    """Take these duties off, each with its line in the journal; `because`: why, by id of the person."""
    why = {pk: say(one) for pk, one in (because or {}).items()}
    entries = [
        (
            "timetable.duty_ended",
            one,
            {"on": one.on.isoformat(), "kind": one.kind, "staff": one.staff_id, "why": why.get(one.staff_id, "")},
        )
        for one in duties
    ]
    journal.write_many(entries, by=by, at=at, school_code=school.code)
    Duty.objects.filter(pk__in=[one.pk for one in duties]).delete()


def listed(lines: Sequence[str], rest: str) -> str:
    """Return lines for a letter, the first ten; `rest` says where the others stand."""
    more = len(lines) - LINES_AT_MOST
    shown = "\n".join(lines[:LINES_AT_MOST])
    return f"{shown}\n还有{more}次，{rest}。" if more > 0 else shown


def tell(
    school: School, member: StaffMember | None, *, title: str, mine: str, body: str, page: str, at: datetime
) -> None:
    """Tell the office (`title`, with the page to mend it) and the person (`mine`) of what they no longer do."""
    link = f"/school/{school.code}/{page}/"
    office: Iterable[int] = staffing.office_of(school, at)
    journal.send_many(office, kind="staff.vacated", title=title, body=body, link=link, at=at, school_code=school.code)
    if member and member.account_id and member.account_id not in office:
        link = f"/teacher/{school.code}/file/"
        facts = {"kind": "staff.vacated", "title": mine, "body": body, "link": link}
        journal.send(member.account_id, **facts, at=at, school_code=school.code)
