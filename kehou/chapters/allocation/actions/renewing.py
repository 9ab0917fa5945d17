"""续报优先: asked once a term, answered by the family or from its signed paper, over before anybody chooses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from kehou.chapters.allocation.actions.publishing import _guardians
from kehou.chapters.allocation.models import Renewal, RenewalWindow
from kehou.chapters.allocation.queries import hours_of
from kehou.chapters.allocation.renewals import going_on, opens_at, refusal_now, window_of
from kehou.chapters.journal import actions as journal
from kehou.chapters.journal.models import Letter
from kehou.chapters.people.models import Pupil
from kehou.chapters.programme.models import ActivityTable
from kehou.chapters.programme.queries import slots_of
from kehou.lib.actors import Actor
from kehou.lib.uploads import Upload
from kehou.rules.enrolling import said
from kehou.rules.renewing import ANSWERS, KEEP, refusal_of_overlap, refusals_to_open
from kehou.rules.verdicts import Refused, insist, refuse


@transaction.atomic
def open_renewals(
    table: ActivityTable, chosen: Mapping[int, bool], *, closes_at: datetime, by: Actor, at: datetime
) -> RenewalWindow:
    """Ask the members of the chosen groups (activity → whether it is one team over the week) whether they stay.

    :raises Refused: R-ALLOC-01 a second time, without a group, once families choose, or with more members than seats
    """
    school, term = table.school, table.term
    groups = [one for one in going_on(table) if one.activity.pk in chosen]
    insist(
        *refusals_to_open(
            [one.facts for one in groups],
            closes_at=closes_at,
            at=at,
            opens_at=opens_at(school, term),
            standing=window_of(school, term) is not None,
        )
    )
    window = _opened(table, closes_at, by, at)
    rows = Renewal.objects.bulk_create(
        Renewal(
            window=window,
            activity=one.activity,
            pupil_id=pupil,
            weekdays=list(weekdays),
            series=one.several_days and (one.activity.one_team or chosen[one.activity.pk]),
        )
        for one in groups
        for pupil, weekdays in one.members.items()
    )
    journal.write(
        "allocation.renewals_opened", about=window, by=by, at=at, school_code=school.code, asked=len(rows),
        groups=[one.activity.pk for one in groups], closes_at=closes_at.isoformat(),
    )  # fmt: skip
    _tell(window, rows, at)
    return window


def _opened(table: ActivityTable, closes_at: datetime, by: Actor, at: datetime) -> RenewalWindow:
    """Write the window. :raises Refused: R-ALLOC-01 when a colleague was quicker"""
    of = {"school": table.school, "term": table.term}
    try:
        with transaction.atomic():
            return RenewalWindow.objects.create(**of, closes_at=closes_at, opened_at=at, opened_by=str(by))
    except IntegrityError as twice:
        raise Refused(refuse("R-ALLOC-01", "renewal_stands_already")) from twice


@transaction.atomic
def answer_renewal(renewal: Renewal, answer: str, *, by: Actor, at: datetime, scan: Upload | None = None) -> Renewal:
    """Keep the seat or let it go; the answer may change until the hour. `by` is the guardian, or the office with paper.

    :raises Refused: R-ALLOC-01 too late, without an answer, on top of another kept group, the office without the paper
    """
    paper = bool(by.school_code)
    # One child's answers one after the other: two groups of the same hour cannot both be kept.
    rows = Renewal.objects.select_for_update(of=("self",), no_key=True).filter(
        window=renewal.window_id, pupil=renewal.pupil_id
    )
    others = [one for one in rows.select_related("activity").order_by("pk") if one.pk != renewal.pk]
    window = renewal.window
    insist(
        None if answer in ANSWERS else refuse("R-ALLOC-01", "renewal_answer_unknown"),
        refuse("R-ALLOC-01", "renewal_needs_scan") if paper and scan is None else None,
        refusal_now(window, at),
        refusal_of_overlap(_hours(window, [one for one in others if one.answer == KEEP]), _hours(window, [renewal]))
        if answer == KEEP
        else None,
    )
    renewal.answer, renewal.channel = answer, "paper" if paper else "online"
    renewal.answered_at, renewal.answered_by = at, str(by)
    if scan is not None:
        renewal.scan.save(scan.file_name(f"renewal-{renewal.pk}"), ContentFile(scan.content), save=False)
    renewal.save(update_fields=["answer", "channel", "answered_at", "answered_by", "scan"])
    journal.write(
        "allocation.renewal_answered", about=renewal, by=by, at=at, school_code=window.school.code,
        activity=renewal.activity_id, answer=answer, channel=renewal.channel,
    )  # fmt: skip
    return renewal


def _hours(window: RenewalWindow, rows: list[Renewal]) -> list[tuple[int, frozenset[int], str]]:
    wanted = {(one.activity_id, day) for one in rows for day in one.weekdays}
    return [
        (slot.weekday, hours_of(slot), slot.activity.name)
        for slot in slots_of(window.school, window.term)
        if (slot.activity_id, slot.weekday) in wanted
    ]


def _tell(window: RenewalWindow, rows: list[Renewal], at: datetime) -> None:
    names: dict[int, list[str]] = {}
    for row in rows:
        names.setdefault(row.pupil_id, []).append(f"“{row.activity.name}”")
    accounts = _guardians(names, at)
    letters = [
        Letter(
            to_account=account,
            kind="renewal",
            title=f"{pupil.name}下学期还留在{'、'.join(names[pupil.pk])}吗",
            body=f"请在{said(window.closes_at)}前答复保留或不保留。保留了不用再摇号；不答复就是不保留，可以和大家一起报名。",
            link=f"/guardian/{pupil.pk}/renewals/",
            school_code=window.school.code,
        )
        for pupil in Pupil.objects.filter(pk__in=list(names)).order_by("pk")
        for account in accounts.get(pupil.pk, ())
    ]
    journal.send_each(letters, at=at)
