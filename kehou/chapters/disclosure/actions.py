"""Showing something to everybody: checked, dated, hashed; taken back with a reason, never edited."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.disclosure import queries
from kehou.chapters.disclosure.models import Posting, Publication
from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Pupil
from kehou.chapters.schools.models import School
from kehou.lib.actors import Actor
from kehou.rules.publication import KINDS, refusal_of_items, refusals_of_text, refusals_of_trade, texts_in
from kehou.rules.spans import DAY
from kehou.rules.verdicts import Refusal, Refused, insist, refuse

REPLACED = "由新的一版代替"


def refusals_to_publish(
    kind: str,
    *,
    title: str,
    content: Mapping[str, Any],
    school: School | None,
    until: date | None,
    at: datetime,
    phones: Collection[str] = (),
) -> list[Refusal]:
    """Return everything that keeps a draft from being published: the preview shows it, the action raises it."""
    found: list[Refusal | None] = []
    if kind not in KINDS:
        found.append(refuse("R-PUB-01", "kind_unknown", kind=kind))
    if not title.strip():
        found.append(refuse("R-PUB-01", "without_title"))
    if kind == "service":
        found.append(refusal_of_items(content))
    days = parameters_on(at.date()).pub.deadlines.shown_days
    if until and until < at.date() + days * DAY:
        found.append(refuse("R-PUB-05", "shown_too_short", days=days, least=at.date() + days * DAY))
    # What the house itself composes from figures and the policy's words needs no lint; what people type does.
    typed = [title, *texts_in(content)] if kind in ("service", "notice") else [title, str(content.get("note", ""))]
    names = _names(school) if school else ()
    for text in typed:
        found += refusals_of_text(text, names=names, phones=phones)
        found += refusals_of_trade(text)
    return list(dict.fromkeys(no for no in found if no))


def _names(school: School) -> frozenset[str]:
    return frozenset(Pupil.objects.filter(school=school, state=Pupil.IN_SCHOOL).values_list("name", flat=True))


@transaction.atomic
def publish(
    kind: str,
    *,
    title: str,
    content: Mapping[str, Any],
    by: Actor,
    at: datetime,
    school: School | None = None,
    term: Term | None = None,
    period: str = "",
    until: date | None = None,
    phones: Collection[str] = (),
) -> Publication:
    """Show a snapshot to everybody; what stood before of the same kind and period is withdrawn and kept.

    The same content again is the same publication.

    :raises Refused: R-PUB-01 for missing items, R-PUB-05 when it is shown too short, R-PRIV-02, R-FEE-04 or R-FEE-05
        for what must not be in it
    """
    if school:
        School.objects.select_for_update(no_key=True).get(pk=school.pk)
    insist(*refusals_to_publish(kind, title=title, content=content, school=school, until=until, at=at, phones=phones))
    digest = queries.digest_of({"title": title, "content": content})
    made = Publication(
        school=school,
        term=term,
        kind=kind,
        period=period,
        number=_number(school, at),
        title=title.strip(),
        content=dict(content),
        digest=digest,
        published_at=at,
        published_by=str(by),
        shown_until_on=until,
    )
    return _put_in_place(made, by=by, at=at)


def _put_in_place(made: Publication, *, by: Actor, at: datetime) -> Publication:
    """Save it as the next version of its kind and period; return what stands already if it says the same."""
    same = Publication.objects.filter(school=made.school, term=made.term, kind=made.kind, period=made.period)
    standing = same.filter(withdrawn_at__isnull=True)
    before = standing.first()
    if before and before.digest == made.digest:
        return before
    standing.update(withdrawn_at=at, withdrawn_by=str(by), withdrawn_because=REPLACED)
    made.version = same.count() + 1
    made.save(force_insert=True)
    _note(made, by=by, at=at)
    return made


def _note(made: Publication, *, by: Actor, at: datetime) -> None:
    journal.write(
        "disclosure.published",
        about=made,
        by=by,
        at=at,
        school_code=made.school.code if made.school else "",
        kind=made.kind,
        number=made.number,
        digest=made.digest,
    )


def _number(school: School | None, at: datetime) -> str:
    stem = f"GS{school.code if school else settings.DISTRICT_CODE}-{at:%Y%m%d}-"
    return f"{stem}{Publication.objects.filter(number__startswith=stem).count() + 1:02d}"


@transaction.atomic
def withdraw(publication: Publication, *, reason: str, by: Actor, at: datetime) -> Publication:
    """Take a publication back with a reason; it stays readable under its number.

    :raises Refused: R-PUB-05 without a reason, or when it is withdrawn already; R-PRIV-02 for a reason that names a
        child or an aid: it stands beside the number for everybody
    """
    if len(reason.strip()) < 4:
        raise Refused(refuse("R-PUB-05", "withdraw_reason"))
    insist(*refusals_of_text(reason, names=_names(publication.school) if publication.school else ()))
    if not Publication.objects.filter(pk=publication.pk, withdrawn_at__isnull=True).update(
        withdrawn_at=at, withdrawn_by=str(by), withdrawn_because=reason.strip()[:120]
    ):
        raise Refused(refuse("R-PUB-05", "withdrawn_already"))
    publication.refresh_from_db()
    journal.write(
        "disclosure.withdrawn",
        about=publication,
        by=by,
        at=at,
        school_code=publication.school.code if publication.school else "",
        reason=reason.strip(),
    )
    return publication


@transaction.atomic
def confirm_posting(publication: Publication, *, place: str, on: date, by: Actor, at: datetime) -> Posting:
    """Note that the poster hangs on a notice board, as somebody has seen it; a place said twice is the same place.

    :raises Refused: R-PUB-02 without a place, for a day before the publication or to come, or for a withdrawn paper
    """
    place = place.strip()[:40]
    insist(
        None if len(place) > 1 else refuse("R-PUB-02", "place_missing"),
        refuse("R-PUB-02", "posted_in_the_future") if on > at.date() else None,
        refuse("R-PUB-02", "posted_before_published", day=publication.published_at.astimezone(at.tzinfo).date())
        if on < publication.published_at.astimezone(at.tzinfo).date()
        else None,
        refuse("R-PUB-02", "withdrawn_is_taken_down") if publication.withdrawn_at else None,
    )
    posting, made = Posting.objects.get_or_create(
        publication=publication,
        place=place,
        defaults={"posted_on": on, "confirmed_by": str(by), "confirmed_at": at},
    )
    if made:
        journal.write(
            "disclosure.posted", about=publication, by=by, at=at, place=place,
            school_code=publication.school.code if publication.school else "",
        )  # fmt: skip
    return posting
