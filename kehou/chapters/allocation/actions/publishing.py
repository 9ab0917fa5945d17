"""The result becomes public: every family hears at once, agreements are drawn up, kept seats are offered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from kehou.chapters.allocation import queries
from kehou.chapters.allocation.actions.drawing import _move, _write
from kehou.chapters.allocation.actions.noting import note
from kehou.chapters.allocation.actions.seats import offer_free_seats
from kehou.chapters.allocation.models import Draw, Offer
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Application
from kehou.chapters.journal import actions as journal
from kehou.chapters.journal.models import Letter
from kehou.chapters.people.models import Guardianship
from kehou.chapters.people.queries import held_on
from kehou.lib.actors import Actor
from kehou.rules.states import DRAW, refusal_to_move
from kehou.rules.verdicts import insist


@transaction.atomic
def publish(draw: Draw, *, by: Actor, at: datetime) -> Draw:
    """Make the result known: states, agreements to sign, letters to all guardians, offers of kept seats.

    Statements do not grow with the number of children. :raises Refused: R-FLOW-01 before the draw or twice
    """
    insist(refusal_to_move(DRAW, draw.state, "published"))
    _move(draw, "published", published_at=at)
    registration = draw.registration
    freed = _free_seats_of_the_stepped_back(draw, by=by, at=at)
    frozen = registration.applications.filter(joins=True, state="reviewed")
    placed = set(draw.placements.filter(ended_at=None).values_list("application", flat=True))
    frozen.filter(pk__in=placed).update(state="allocated")
    waiting = set(frozen.values_list("pk", flat=True))
    frozen.update(state="waiting")
    offers = _offer_kept_seats(draw, at)
    enrolment.draw_up_agreements(registration, queries.served(registration, placed), by=by, at=at)
    _tell(draw, placed, waiting, {offer.application_id for offer in offers}, at)
    _write(draw, "allocation.published", by=by, at=at, placed=len(placed), waiting=len(waiting))
    offer_free_seats(freed, by=by, at=at)
    return draw


def _free_seats_of_the_stepped_back(draw: Draw, *, by: Actor, at: datetime) -> list[int]:
    """End what was drawn for families that stepped back since the freeze, as public changes; return the slots.

    Their applications stay in the frozen list, or the draw could not be repeated.
    """
    gone = draw.placements.exclude(application__state="reviewed")
    slots = []
    for seat in gone.select_related("application__registration", "slot").order_by("application", "weekday", "pk"):
        note(seat.application, "left", frees=[seat.slot], by=by, at=at)
        slots.append(seat.slot_id)
    gone.filter(ended_at=None).update(ended_at=at, until_on=F("from_on"))
    waiting = draw.waiting_places.filter(ended_at=None).exclude(application__state="reviewed")
    waiting.update(ended_at=at, ended_because="left")
    return slots


def _offer_kept_seats(draw: Draw, at: datetime) -> list[Offer]:
    """Offer what the guarantee has kept to those who got nothing, in words that do not say why (2.1-f, 2.1-k)."""
    expires_at = queries.offer_deadline(at)
    waiting = draw.unplaced.filter(application__state="waiting")
    kept = [
        Offer(draw=draw, application_id=application, slot_id=reason["kept"], made_at=at, expires_at=expires_at)
        for application, reason in waiting.values_list("application", "reason")
        if reason.get("kept")
    ]
    return Offer.objects.bulk_create(kept)


def _tell(draw: Draw, placed: set[int], waiting: set[int], offered: set[int], at: datetime) -> None:
    """Write one letter to every guardian of every child in the draw."""
    school = draw.registration.school
    applications = list(Application.objects.filter(pk__in=placed | waiting).select_related("pupil"))
    accounts = _guardians([application.pupil_id for application in applications], at)
    letters = []
    for application in applications:
        name = application.pupil.name
        if application.pk in placed:
            title, body = f"{name}的课后服务安排出来了", "请查看安排和原因，并在签署期限内签协议。"
        else:
            title, body = f"{name}暂时没有安排到位置", "已按顺序排入候补，有空位会马上通知您。"
        if application.pk in offered:
            body += "学校还为您保留了一个位置，请在期限内答复。"
        letters += [
            Letter(
                to_account=account,
                kind="allocation.published",
                title=title,
                body=body,
                link=f"/guardian/{application.pupil_id}/result/",
                school_code=school.code,
            )
            for account in accounts.get(application.pupil_id, ())
        ]
    journal.send_each(letters, at=at)


def _guardians(pupils: Iterable[int], at: datetime) -> Mapping[int, list[int]]:
    """Return the accounts that answer for each pupil, in one statement."""
    rows = Guardianship.objects.filter(held_on(at.date()), pupil__in=list(pupils)).values_list("pupil", "account")
    found: dict[int, list[int]] = {}
    for pupil, account in rows:
        found.setdefault(pupil, []).append(account)
    return found
