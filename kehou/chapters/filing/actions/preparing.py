"""At school before the signature: the note, an amendment begun or given up, the answers to what came back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.filing.actions.moving import again, move
from kehou.chapters.filing.models import UNDER_WAY, Filing, ReturnedItem
from kehou.chapters.filing.queries import filing_of, in_force
from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.models import School
from kehou.lib.actors import Actor
from kehou.rules import filing as rules
from kehou.rules.states import FilingState
from kehou.rules.verdicts import Refused, insist, refuse


@transaction.atomic
def prepare(school: School, term: Term, *, note: str, by: Actor, at: datetime) -> Filing:
    """Begin the first filing of a term or write the note of the one under way anew, as long as it lies at the school.

    After a lapse it begins the next. :raises Refused: R-FLOW-01 once it is signed, or when one is in force
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    filing = filing_of(school, term)
    if filing is None or filing.state == "lapsed":
        filing = _begin(school, term, kind=Filing.FIRST, note=note, by=by)
    else:
        insist(rules.refusal_to_prepare(filing.state, title=filing.state_title, writable=filing.is_writable))
        Filing.objects.filter(pk=filing.pk).update(note=note.strip(), prepared_by=str(by))
        filing = again(filing)
    journal.write("filing.prepared", about=filing, by=by, at=at, school_code=school.code)
    return filing


@transaction.atomic
def begin_amendment(school: School, term: Term, *, reason: str, by: Actor, at: datetime) -> Filing:
    """Begin an amendment of what is in force: people come or go, the plan changes (2.4-p). It stays in force meanwhile.

    :raises Refused: R-FILING-01 without something in force, without a reason, or while one is under way
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    standing = in_force(school, term)
    insist(rules.refusal_of_amendment(accepted=standing is not None, reason=reason))
    if open_one := Filing.objects.filter(school=school, term=term, state__in=UNDER_WAY).first():
        raise Refused(refuse("R-FILING-01", "one_under_way", school=school.name, state=open_one.state_title))
    filing = _begin(school, term, kind=Filing.AMENDMENT, note=reason, by=by)
    journal.write("filing.amendment_begun", about=filing, by=by, at=at, school_code=school.code, reason=reason.strip())
    return filing


def _begin(school: School, term: Term, *, kind: str, note: str, by: Actor) -> Filing:
    order = Filing.objects.filter(school=school, term=term).count() + 1
    filing = Filing.objects.create(
        school=school, term=term, order=order, kind=kind, note=note.strip(), prepared_by=str(by)
    )
    return again(filing)


@transaction.atomic
def answer_item(item: ReturnedItem, *, answer: str, by: Actor, at: datetime) -> ReturnedItem:
    """Say how one item that came back was mended; it may be said better until the next signature.

    :raises Refused: R-FILING-03 for an empty answer, or when the filing does not lie at the school
    """
    filing = Filing.objects.select_for_update(no_key=True).get(pk=item.filing_id)
    insist(
        None if answer.strip() else refuse("R-FILING-03", "answer_is_empty"),
        None if filing.is_writable else refuse("R-FILING-03", "no_such_item"),
    )
    ReturnedItem.objects.filter(pk=item.pk).update(answer=answer.strip(), answered_by=str(by), answered_at=at)
    item = ReturnedItem.objects.select_related("filing__school").get(pk=item.pk)
    journal.write(
        "filing.item_answered", about=item.filing, by=by, at=at, school_code=item.filing.school.code, part=item.part
    )
    return item


@transaction.atomic
def give_up(filing: Filing, *, by: Actor, at: datetime) -> Filing:
    """Drop a filing that is not needed any more; what is in force stays. :raises Refused: R-FLOW-01 once signed"""
    return move(filing, FilingState.GIVEN_UP, "filing.given_up", by=by, at=at)
