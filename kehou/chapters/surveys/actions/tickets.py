"""Giving out tickets. Without names nothing is kept that leads from the family to the ticket, the journal included."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.models import Homeroom
from kehou.chapters.surveys.models import Family, Survey, Ticket
from kehou.chapters.surveys.queries import refusal_to_answer
from kehou.lib import chance
from kehou.lib.actors import Actor
from kehou.lib.statements import insert_objects
from kehou.rules.verdicts import Refused, insist, refuse

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else on paper
LENGTH = 14  # 69 bits: not to be guessed


def make_tickets(survey: Survey, number: int) -> list[Ticket]:
    """Make tickets that nobody has yet."""
    return insert_objects(
        (Ticket(survey=survey, secret=chance.text(ALPHABET, LENGTH)) for _ in range(number)),
    )


def take_ticket(family: Family, *, by: Actor | None, at: datetime) -> Ticket:
    """Return the family's ticket: with names always the same; without names any one of the heap, once.

    :raises Refused: R-SURV-01 when the survey is not open, or a ticket was taken already
    """
    return take_tickets(Survey(pk=family.survey_id), [family], at=at)[0]


@transaction.atomic
def take_tickets(survey: Survey, families: Sequence[Family], *, at: datetime) -> list[Ticket]:
    """Return a ticket for each of these families of one survey: with names in their order, without names in none.

    Without names this writes no journal: an entry would tell when a family had its ticket, and so which it was.
    :raises Refused: R-SURV-01 when the survey is not open, or one of them took a ticket already
    """
    survey = Survey.objects.select_for_update(no_key=True).get(pk=survey.pk)
    insist(refusal_to_answer(survey, at))
    ids = [family.pk for family in families]
    if not survey.anonymous:
        own = {ticket.family_id: ticket for ticket in Ticket.objects.filter(family__in=ids)}
        return [own[pk] for pk in ids]
    if survey.families.filter(pk__in=ids, has_ticket=False).update(has_ticket=True) != len(ids):
        raise Refused(refuse("R-SURV-01", "ticket_taken"))
    return _drawn(survey, len(ids))


@transaction.atomic
def hand_out_slips(survey: Survey, homeroom: Homeroom, *, by: Actor, at: datetime) -> Sequence[Ticket]:
    """Return the tickets to be printed for the families of a class without an account, and count those as reached.

    The slips bear no name and are handed out face down: who gets which is known to nobody. A class has them once.
    :raises Refused: R-SURV-01 when the survey is over, or the class needs no slip
    """
    survey = Survey.objects.select_for_update(no_key=True).select_related("school").get(pk=survey.pk)
    insist(refuse("R-SURV-01", "closed_already") if survey.is_over(at) or survey.is_draft else None)
    families = list(survey.families.filter(homeroom=homeroom, reached=""))
    if not families:
        raise Refused(refuse("R-SURV-01", "nothing_to_hand_out"))
    ids = [family.pk for family in families]
    if survey.anonymous:
        tickets: Sequence[Ticket] = _drawn(survey, len(families))
    else:
        tickets = list(Ticket.objects.filter(family__in=ids).order_by("family"))
    Family.objects.filter(pk__in=ids).update(reached=Family.SLIP, has_ticket=True)
    journal.write(
        "surveys.slips_printed", about=survey, by=by, at=at, school_code=survey.school.code, homeroom=str(homeroom),
        slips=len(families),
    )  # fmt: skip
    return tickets


def _drawn(survey: Survey, number: int) -> list[Ticket]:
    """Return that many tickets of the heap in no order, and mark them as given out. The survey is locked."""
    heap = list(Ticket.objects.filter(survey=survey, is_out=False).values_list("pk", flat=True))
    if len(heap) < number:
        heap += [ticket.pk for ticket in make_tickets(survey, number + 50)]
    drawn = chance.sample(heap, number)
    Ticket.objects.filter(pk__in=drawn).update(is_out=True)
    tickets = list(Ticket.objects.filter(pk__in=drawn))
    chance.shuffle(tickets)
    return tickets
