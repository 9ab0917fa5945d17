"""Refill rounds: opened with the randomness named, asked for, frozen; drawn as any draw is (`drawing.draw_lots`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet

from kehou.chapters.allocation.actions.drawing import _move, _write, void
from kehou.chapters.allocation.actions.publishing import _guardians
from kehou.chapters.allocation.actions.seats import hold, offer_free_seats
from kehou.chapters.allocation.displaced import displaced
from kehou.chapters.allocation.models import Draw, Offer, RefillWish
from kehou.chapters.allocation.refill_round import freeze_refill
from kehou.chapters.allocation.refills import MAY_ASK, days_of, offered_groups, refill_round_of, wishes_of
from kehou.chapters.allocation.swaps import swap_round_of
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Application, DayChoice, Wish
from kehou.chapters.enrolment.queries import slots_of
from kehou.chapters.journal import actions as journal
from kehou.chapters.journal.models import Letter
from kehou.lib.actors import SYSTEM, Actor
from kehou.rules import refilling
from kehou.rules.allocation import refill_rules
from kehou.rules.choice import digest
from kehou.rules.enrolling import said
from kehou.rules.states import SWAPS
from kehou.rules.verdicts import Refused, insist, refuse


@transaction.atomic
def open_refill(draw: Draw, *, closes_at: datetime, randomness: str, by: Actor, at: datetime) -> Draw:
    """Open a refill round until an hour, drawn by public randomness that is named now; all families are told.

    :raises Refused: R-ALLOC-02 before the result is public, beside another round or swaps, with an hour that is past or
        without randomness
    """
    draw = (
        Draw.objects.select_for_update(of=("self",), no_key=True).select_related("registration__school").get(pk=draw.pk)
    )
    last, swaps = refill_round_of(draw), swap_round_of(draw)
    insist(
        *refilling.refusals_to_open(
            published=draw.state == "published",
            standing=last is not None and last.state in refilling.STANDING,
            swapping=swaps is not None and swaps.state == SWAPS.start,
            randomness=randomness,
            closes_at=closes_at,
            at=at,
        )
    )
    refill = Draw.objects.create(
        registration=draw.registration,
        base=draw,
        number=draw.registration.draws.count() + 1,
        rules=asdict(refill_rules()),
        randomness=randomness,
        closes_at=closes_at,
        named_at=at,
    )
    enrolment.admit_late(draw.registration, closes_at)
    _write(refill, "allocation.refill_opened", by=by, at=at, closes_at=closes_at.isoformat(), randomness=randomness)
    families = draw.registration.applications.filter(joins=True, state__in=MAY_ASK).values_list("pk", flat=True)
    words = ("补选开始了", f"想换活动、还在候补的，请在{said(closes_at)}前填报，早填晚填一样。不填，安排不变。")
    tell(refill, dict.fromkeys(families, words), "allocation.refill_opened", at)
    return refill


@transaction.atomic
def ask_for_refill(
    refill: Draw,
    application: Application,
    weekday: int,
    ranks: Mapping[int, int],
    *,
    care: bool = False,
    by: Actor,
    at: datetime,
) -> RefillWish:
    """Note what a family would rather have on a weekday, slot id → rank; asking again replaces it.

    `care` says that base care will do for a child that has no place that day.

    :raises Refused: R-ALLOC-02 outside the window, without a wish or with a rank given twice; R-GRP-01 for a day the
        child does not take part in or a group that does not fit it
    """
    refill = _locked(refill)
    assert refill.closes_at is not None
    insist(refilling.refusal_to_ask(state=refill.state, closes_at=refill.closes_at, at=at))
    child = days_of([application], at.date()).get(application.pk, {}).get(weekday)
    if child is None:
        raise Refused(refuse("R-GRP-01", "refill_day_not_taken"))
    care = care and not child.seats
    options = child.options(application.pupil.homeroom.grade, offered_groups(refill.base))  # type: ignore[arg-type]
    insist(*refilling.refusals_of_wish(ranks, open_to={slot.pk for slot in options}, care=care))
    slots = refilling.in_order(ranks)
    content = {"refill": refill.pk, "application": application.pk, "weekday": weekday, "slots": slots, "care": care}
    wish, _ = RefillWish.objects.update_or_create(
        refill=refill,
        application=application,
        weekday=weekday,
        defaults={
            "slots": slots, "care": care, "digest": digest(content), "asked_at": at, "asked_by": str(by),
            "withdrawn_at": None,
        },
    )  # fmt: skip
    _write(refill, "allocation.refill_asked", by=by, at=at, application=application.pk, weekday=weekday, slots=slots)
    return wish


@transaction.atomic
def withdraw_refill(wish: RefillWish, *, by: Actor, at: datetime) -> None:
    """Take a wish back; everything stays. Twice is once. :raises Refused: R-ALLOC-02 after the window"""
    refill = _locked(wish.refill)
    assert refill.closes_at is not None
    insist(refilling.refusal_to_ask(state=refill.state, closes_at=refill.closes_at, at=at))
    if RefillWish.objects.filter(pk=wish.pk, withdrawn_at=None).update(withdrawn_at=at):
        who = {"application": wish.application_id, "weekday": wish.weekday}
        _write(refill, "allocation.refill_withdrawn", by=by, at=at, **who)


@transaction.atomic
def commit_refill(refill: Draw, *, by: Actor, at: datetime) -> Draw:
    """Freeze the wishes and who holds what, and bind all of it by one hash, before the randomness exists.

    From now on no seat is given beside the round: all groups are held while it is frozen, so that an offer is answered
    before or not at all. :raises Refused: R-ALLOC-02 before the end, without wishes, with offers open
    """
    refill = _locked(refill)
    assert refill.closes_at is not None and refill.base is not None
    joins = refill.registration.applications.filter(joins=True)
    groups = slots_of(refill.registration).values_list("pk", flat=True)
    hold(joins.values_list("pk", flat=True), groups)
    _take_in_newcomers(refill, joins.filter(state="reviewed"), at)
    insist(
        *refilling.refusals_to_freeze(
            state=refill.state,
            closes_at=refill.closes_at,
            at=at,
            asked=wishes_of(refill).count(),
            offers=Offer.objects.filter(draw=refill.base, state=Offer.OPEN, expires_at__gt=at).count(),
            displaced=len(displaced(refill.base)),
            unreviewed=joins.filter(state="submitted").count(),
        )
    )
    frozen, held = freeze_refill(refill, at.date())
    if problems := frozen.round.check():
        raise Refused(*problems)
    wishes = list(wishes_of(refill))
    for wish in wishes:
        wish.held = held.get(wish.pk)
    RefillWish.objects.bulk_update(wishes, ["held"], batch_size=500)
    root = frozen.round.commitment().root
    _move(refill, "committed", root=root, requests=len(wishes), committed_at=at)
    refill.frozen.save(f"{frozen.round.id}.json", ContentFile(frozen.to_json()), save=False)
    Draw.objects.filter(pk=refill.pk).update(frozen=refill.frozen.name)
    _write(refill, "allocation.refill_committed", by=by, at=at, root=root, requests=len(wishes))
    return refill


def _take_in_newcomers(refill: Draw, late: QuerySet[Application], at: datetime) -> None:
    """Note as wishes what families chose who applied during the round; what they asked for here themselves stands."""
    known = set(refill.refill_wishes.values_list("application", "weekday"))
    applications = {one.current_id: one for one in late.select_related("current")}
    slots: dict[tuple[int, int], list[int]] = defaultdict(list)
    rows = Wish.objects.filter(submission__in=list(applications)).order_by("tier", "pk")
    for submission, weekday, slot in rows.values_list("submission", "weekday", "slot"):
        slots[submission, weekday].append(slot)
    days = DayChoice.objects.filter(submission__in=list(applications)).order_by("submission", "weekday")
    found = []
    for submission, weekday, care in days.values_list("submission", "weekday", "any_place"):
        one, wished = applications[submission], slots[submission, weekday]
        if (one.pk, weekday) not in known:
            found.append(
                RefillWish(
                    refill=refill,
                    application=one,
                    weekday=weekday,
                    slots=wished,
                    care=care or not wished,
                    digest=one.digest,
                    asked_at=one.current.submitted_at if one.current else at,
                    asked_by=one.current.submitted_by if one.current else "",
                )
            )
    RefillWish.objects.bulk_create(found, batch_size=500)


@transaction.atomic
def void_refill(refill: Draw, *, reason: str, by: Actor, at: datetime) -> None:
    """Call a refill round off before it is public: every seat stays, the waiting lists go on, who asked is told why.

    :raises Refused: R-FLOW-01, R-ALLOC-02 without a reason
    """
    refill = _locked(refill)
    asked = set(wishes_of(refill).values_list("application", flat=True))
    void(refill, reason=reason, by=by, at=at)
    RefillWish.objects.filter(refill=refill).update(got=[], outcome="")
    enrolment.admit_late(refill.registration, None)
    words = ("这次补选取消了", f"原因：{reason.strip()}。安排不变，候补照旧。")
    tell(refill, dict.fromkeys(asked, words), "allocation.refill_called_off", at)
    offer_free_seats(slots_of(refill.registration).values_list("pk", flat=True), by=SYSTEM, at=at)


def tell(refill: Draw, words: Mapping[int, tuple[str, str]], kind: str, at: datetime) -> None:
    """Write to every guardian of each application, in statements that do not grow with their number."""
    rows = Application.objects.filter(pk__in=list(words)).order_by("pk").values_list("pk", "pupil", "pupil__name")
    found = list(rows)
    accounts = _guardians([pupil for _, pupil, _ in found], at)
    code = refill.registration.school.code
    journal.send_each(
        [
            Letter(
                to_account=account,
                kind=kind,
                title=f"{name}：{words[pk][0]}",
                body=words[pk][1],
                link=f"/guardian/{pupil}/refill/",
                school_code=code,
            )
            for pk, pupil, name in found
            for account in accounts.get(pupil, ())
        ],
        at=at,
    )


def _locked(refill: Draw) -> Draw:
    rows: Any = Draw.objects.select_for_update(of=("self",), no_key=True)
    related = ("registration__school", "registration__term", "base__registration__school", "base__registration__term")
    found: Draw = rows.select_related(*related).get(pk=refill.pk)
    return found
