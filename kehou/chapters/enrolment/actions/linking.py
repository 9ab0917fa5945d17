"""Brothers and sisters share a number of the draw: asked for by their guardian, on the phone or on paper (R-ALLOC-02).

It stands beside the applications, not in them: no class reviews anew because two children want the same good days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from kehou.chapters.enrolment.actions.submitting import ONLINE, PAPER
from kehou.chapters.enrolment.models import Application, Registration, SameNumber
from kehou.chapters.enrolment.siblings import same_guardian, sibling, standing_links
from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Guardianship, Pupil
from kehou.chapters.people.queries import guardians_of, held_on
from kehou.lib import chance
from kehou.lib.actors import Actor
from kehou.lib.uploads import Upload
from kehou.rules.enrolling import refusal_of_time
from kehou.rules.siblings import refusals_to_link
from kehou.rules.verdicts import Refusal, Refused, insist, refuse


def refusal_now(registration: Registration, at: datetime) -> Refusal | None:
    """Return why nobody can link or unlink at this moment: what the button says."""
    return refusal_of_time(
        opens_at=registration.opens_at,
        closes_at=registration.closes_at,
        frozen_at=registration.frozen_at,
        at=at,
        returned=False,
    )


@transaction.atomic
def link_siblings(
    registration: Registration,
    pupils: Sequence[Pupil],
    *,
    by: Actor,
    at: datetime,
    scan: Upload | None = None,
) -> list[SameNumber]:
    """Let children of one guardian share a number; what they shared with others before ends. All guardians are told.

    `by` is the guardian, or the office with the signed paper as `scan`.

    :raises Refused: R-VOL-01 outside the window, R-ALLOC-02 for another guardian's child, another school's, one that
        does not take part, an only child, without the paper, or when somebody else was quicker
    """
    paper = bool(by.school_code)
    registration = _held(registration)
    mine = {one.pupil_id: one for one in registration.applications.filter(pupil__in=pupils).select_related("pupil")}
    family, others = _family(pupils, by, at)
    insist(
        refuse("R-ALLOC-02", "siblings_need_scan") if paper and scan is None else None,
        *refusals_to_link(
            [sibling(registration, pupil, mine.get(pupil.pk), family) for pupil in pupils],
            closed=refusal_now(registration, at),
            others=others,
        ),
    )
    _end(mine.values(), by=by, at=at)
    made = _share([mine[pupil.pk] for pupil in pupils], PAPER if paper else ONLINE, by=by, at=at)
    _keep(made, scan)
    _write("enrolment.siblings_linked", made, by=by, at=at)
    _tell(made, "用同一个号", "每个孩子的机会和分开摇号一样大，只是好日子凑在一起；截止前可以取消。", at)
    return made


def _share(applications: Iterable[Application], channel: str, *, by: Actor, at: datetime) -> list[SameNumber]:
    """Write one row a child. :raises Refused: R-ALLOC-02 when the other guardian was quicker"""
    common = {"group": chance.hexadecimal(16), "channel": channel, "asked_by": str(by), "asked_at": at}
    try:
        with transaction.atomic():
            return [SameNumber.objects.create(application=one, **common) for one in applications]
    except IntegrityError as twice:
        raise Refused(refuse("R-ALLOC-02", "siblings_changed_meanwhile")) from twice


@transaction.atomic
def unlink_siblings(application: Application, *, by: Actor, at: datetime, scan: Upload | None = None) -> None:
    """Give each child of a family a number of its own again.

    :raises Refused: R-VOL-01 outside the window, R-ALLOC-02 where nothing is shared or the office has no paper
    """
    registration = _held(application.registration)
    rows = list(
        standing_links()
        .filter(group__in=standing_links().filter(application=application).values("group"))
        .select_related("application__pupil", "application__registration__school")
    )
    insist(
        refuse("R-ALLOC-02", "siblings_need_scan") if by.school_code and scan is None else None,
        refusal_now(registration, at),
        None if rows else refuse("R-ALLOC-02", "siblings_not_linked"),
    )
    _end([row.application for row in rows], by=by, at=at)
    _keep(rows, scan)
    _write("enrolment.siblings_unlinked", rows, by=by, at=at)
    _tell(rows, "各用各的号", "每个孩子单独摇号，机会不变。", at)


def _held(registration: Registration) -> Registration:
    """Return the round as it stands, held so that nobody freezes it meanwhile."""
    return (
        Registration.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school")
        .get(pk=registration.pk)
    )


def _family(pupils: Sequence[Pupil], by: Actor, at: datetime) -> tuple[set[int], int]:
    """Return which of the pupils are of the family that asks, and how many children it has beside the first.

    A guardian answers for the own children. On paper it is whoever signed: children with accounts of their guardians
    must have one in common, a child of a family without a telephone is vouched for by the office.
    """
    ids = {pupil.pk for pupil in pupils}
    if not by.school_code:
        rows = Guardianship.objects.filter(held_on(at.date()), account=by.account_id, pupil__state=Pupil.IN_SCHOOL)
        children = set(rows.values_list("pupil", flat=True))
        return children & ids, len(children) - 1
    known = set(Guardianship.objects.filter(held_on(at.date()), pupil__in=ids).values_list("pupil", flat=True))
    if len(known) < 2 or same_guardian(known, on=at.date()):
        return ids, max(len(ids) - 1, 1)
    return ids - known, max(len(ids) - 1, 1)


def _end(applications: Iterable[Application], *, by: Actor, at: datetime) -> None:
    """End what the children share; a brother who is left alone shares nothing any more."""
    groups = standing_links().filter(application__in=list(applications)).values_list("group", flat=True)
    standing_links().filter(group__in=list(groups)).update(ended_at=at, ended_by=str(by))


def _keep(rows: Sequence[SameNumber], scan: Upload | None) -> None:
    """Put the signed paper beside the rows, one file for all of them."""
    if scan is None:
        return
    first = rows[0]
    first.scan.save(scan.file_name(f"siblings-{first.pk}"), ContentFile(scan.content), save=False)
    SameNumber.objects.filter(pk__in=[row.pk for row in rows]).update(scan=first.scan.name)


def _write(verb: str, rows: Sequence[SameNumber], *, by: Actor, at: datetime) -> None:
    for row in rows:
        code = row.application.registration.school.code
        journal.write(verb, about=row.application, by=by, at=at, school_code=code, channel=row.channel)


def _tell(rows: Sequence[SameNumber], what: str, more: str, at: datetime) -> None:
    """Write one letter to each guardian; it names only a child of theirs."""
    told: dict[int, Pupil] = {}
    for row in rows:
        for guardian in guardians_of(row.application.pupil, on=at.date()):
            told.setdefault(guardian.pk, row.application.pupil)
    for account, pupil in told.items():
        journal.send(
            account,
            kind="siblings",
            title=f"{pupil.name}和兄弟姐妹摇号时{what}",
            body=f"已经记下。{more}",
            at=at,
            link=f"/guardian/{pupil.pk}/siblings/",
            school_code=rows[0].application.registration.school.code,
        )
