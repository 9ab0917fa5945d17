"""Clocks that have run out: both sides are told, once for each step. Silence is not acceptance (domain/04 row 21)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import current_term
from kehou.chapters.filing.actions.moving import AT_SCHOOL, IN_DISTRICT, tell, tell_district, tell_school
from kehou.chapters.filing.models import UNDER_WAY, Filing
from kehou.chapters.filing.queries import Clock, late_filings, unfiled_changes, unreported_schools
from kehou.chapters.journal import actions as journal
from kehou.chapters.journal.models import Letter
from kehou.chapters.schools.models import School
from kehou.lib import jobs
from kehou.lib.actors import SYSTEM

_NOT_A_YES = "超期未答复不等于通过，通过以前不能开放报名、排课和收费。"


@jobs.task(retries=1, every=timedelta(days=1), title="提醒超期的备案")
def tell_of_late_filings(report: jobs.Progress) -> dict[str, int]:
    """Write to both sides about every filing of the present term whose clock has run out."""
    with report.fenced():
        told = tell_of_late_filings_now(at=report.at)
    report.link("/district/filings/?state=late")
    return {"told": told}


@transaction.atomic
def tell_of_late_filings_now(*, at: datetime) -> int:
    """Tell of what has run out by this instant and was not told yet; return how many filings and schools it were."""
    on = at.date()
    terms = Term.objects.filter(until_on__gt=on, from_on__lte=on + timedelta(days=90))
    told = 0
    for term in terms.order_by("from_on"):
        for filing, due in late_filings(term, on=on):
            _tell_of(filing, due, at=at)
            told += 1
        told += _tell_who_has_not_reported(term, at=at)
        told += _tell_of_changes(term, at=at)
    return told


def _tell_of_changes(term: Term, *, at: datetime) -> int:
    """Tell the schools whose changes are filed nowhere and whose days for it are over, once for each change."""
    clock = Clock.of(term, at.date())
    changed = unfiled_changes(term)
    late = {school: one for school, one in changed.items() if clock.difference_due_on(one.since) < at.date()}
    busy = Filing.objects.filter(term=term, school__in=late, state__in=UNDER_WAY).values_list("school", flat=True)
    told = 0
    for school in School.objects.filter(pk__in=set(late) - set(busy)).order_by("code"):
        title = f"{school.name}{'、'.join(late[school.pk].what)}还没有报变更备案"
        if Letter.objects.filter(kind="filing", school_code=school.code, title=title).exists():
            continue
        body = "请报变更备案。区教委通过以前，新增的活动不安排课次，改动的活动按原备案执行。"
        link = f"/school/{school.code}/filing/?term={term.code}"
        tell(school, AT_SCHOOL, title=title, body=body, link=link, about=school, at=at)
        link = f"/district/chain/{school.code}/?term={term.code}"
        tell(None, IN_DISTRICT, title=title, body=body, link=link, about=school, at=at)
        told += 1
    return told


def _tell_of(filing: Filing, due: date, *, at: datetime) -> None:
    day = f"{due.month}月{due.day}日"
    if filing.with_district:
        title, body = f"{filing.school.name}{filing.kind_title}超期未答复", f"应在{day}前答复。{_NOT_A_YES}"
    elif filing.state == "returned":
        title, body = f"{filing.school.name}{filing.kind_title}超期未补正", f"应在{day}前补正并重新报送。"
    else:
        title, body = f"{filing.school.name}超期未报送备案", f"应在{day}前报送。{_NOT_A_YES}"
    tell_school(filing, title=title, body=body, at=at)
    tell_district(filing, title=title, body=body, at=at)
    Filing.objects.filter(pk=filing.pk).update(told_on=at.date())
    journal.write(
        "filing.late_told", about=filing, by=SYSTEM, at=at, school_code=filing.school.code, due=due.isoformat()
    )


def _tell_who_has_not_reported(term: Term, *, at: datetime) -> int:
    """Tell the schools that have begun nothing, once, and the district of all of them in one letter."""
    title = f"{term.name}超期未报送备案"
    told = set(Letter.objects.filter(kind="filing", title=title).values_list("school_code", flat=True))
    missing = [school for school in unreported_schools(term, on=at.date()) if school.code not in told]
    if not missing or current_term(at.date()) is None:
        return 0
    for school in missing:
        link = f"/school/{school.code}/filing/?term={term.code}"
        tell(school, AT_SCHOOL, title=title, body=f"请尽快准备和报送。{_NOT_A_YES}", link=link, about=school, at=at)
    names = "、".join(school.name for school in missing[:20]) + (f"等{len(missing)}所" if len(missing) > 20 else "")
    link = f"/district/filings/?term={term.code}&state=late"
    tell(None, IN_DISTRICT, title=title, body=names, link=link, about=missing[0], at=at)
    return len(missing)
