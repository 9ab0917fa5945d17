"""A school uses an organisation of the list: choose, bind by an agreement, begin, review, end (P8-2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import (
    Candidacy,
    ProviderPerson,
    ProviderUse,
    ShortageStatement,
    StaffMember,
    UseReview,
)
from kehou.chapters.staffing.queries.providers import LIVE_USES
from kehou.chapters.staffing.queries.shortages import outsiders
from kehou.lib.actors import Actor
from kehou.lib.uploads import Upload
from kehou.rules.outsiders import refusal_without_statement
from kehou.rules.providers import REVIEW_ITEMS, REVIEW_MOST, refusal_to_choose, refusals_of_points
from kehou.rules.states import PROVIDER, ProviderState, refusal_of_lost_race, refusal_to_move
from kehou.rules.verdicts import Refused, insist, refuse

_S = ProviderState


@transaction.atomic
def choose_provider(
    school: School, term: Term, candidacy: Candidacy, statement: ShortageStatement | None, *, what: str, by: Actor,
    at: datetime,
) -> ProviderUse:  # fmt: skip
    """Choose an organisation of the list on the ground of a stated shortage of its area.

    :raises Refused: P8-2 when it is not on the list, its listing is over, or chosen already; R-EXT-01 without a ground
    """
    candidacy = (
        Candidacy.objects.select_for_update(of=("self",), no_key=True).select_related("provider").get(pk=candidacy.pk)
    )
    statement = ShortageStatement.objects.filter(pk=statement.pk).first() if statement else None
    stated = statement is not None and statement.stands and statement.school_id == school.pk
    stated = stated and statement is not None and statement.term_id == term.pk and statement.area == candidacy.area
    on_list = candidacy.state == _S.LISTED.value
    insist(
        refusal_to_choose(listed_until=candidacy.listed_until_on if on_list else None, on=at.date()),
        refusal_without_statement(candidacy.provider.name, kind="provider", stated=stated),
    )
    assert statement is not None
    try:
        with transaction.atomic():
            made = ProviderUse.objects.create(
                school=school, term=term, candidacy=candidacy, statement=statement, what=what.strip()[:200],
                chosen_by=str(by), chosen_at=at,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(refuse("P8-2", "chosen_already")) from None
    journal.write("staffing.provider_chosen", about=made, by=by, at=at, school_code=school.code)
    return made


def _read(use: ProviderUse) -> ProviderUse:
    rows = ProviderUse.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("school", "term", "candidacy__provider").get(pk=use.pk)


def _move(use: ProviderUse, to: ProviderState, **decision: Any) -> ProviderUse:
    insist(refusal_to_move(PROVIDER, use.state, to.value))
    if not ProviderUse.objects.filter(pk=use.pk, state=use.state).update(state=to.value, **decision):
        raise Refused(refusal_of_lost_race(PROVIDER))
    return ProviderUse.objects.select_related("school", "term", "candidacy__provider").get(pk=use.pk)


@transaction.atomic
def bind_provider(
    use: ProviderUse, *, number: str, signed_on: date | None, until_on: date | None, scan: Upload | None, by: Actor,
    at: datetime,
) -> ProviderUse:  # fmt: skip
    """Keep the agreement that both have sealed, with its scan. :raises Refused: P8-2 in part only, R-FLOW-01"""
    use = _read(use)
    whole = number.strip() and scan and signed_on and until_on and signed_on < until_on
    insist(
        refusal_to_move(PROVIDER, use.state, _S.BOUND.value),
        None if whole else refuse("P8-2", "agreement_missing"),
    )
    assert scan is not None
    use.agreement.save(scan.file_name(f"{use.school.code}-{use.pk}"), ContentFile(scan.content), save=False)
    moved = _move(
        use, _S.BOUND, agreement_number=number.strip()[:40], signed_on=signed_on, until_on=until_on,
        agreement=use.agreement.name,
    )  # fmt: skip
    journal.write(
        "staffing.provider_bound", about=moved, by=by, at=at, school_code=use.school.code, number=number.strip()
    )
    return moved


@transaction.atomic
def name_person(use: ProviderUse, member: StaffMember, *, by: Actor, at: datetime) -> ProviderPerson:
    """Say who is sent: somebody of the school's own outsiders, with file and checks. Twice is the same.

    :raises Refused: P8-2 for somebody who is not on the list, or when the use is over
    """
    use = _read(use)
    insist(
        refuse("P8-2", "use_over") if use.state not in LIVE_USES else None,
        None
        if outsiders(use.school).filter(pk=member.pk).exists()
        else refuse("P8-2", "person_elsewhere", name=member.name),
    )
    made, is_new = ProviderPerson.objects.get_or_create(use=use, member=member)
    if is_new:
        journal.write("staffing.provider_person_named", about=use, by=by, at=at, school_code=use.school.code)
    return made


@transaction.atomic
def drop_person(person: ProviderPerson, *, by: Actor, at: datetime) -> None:
    """Say that somebody is no longer sent. Doing it twice changes nothing."""
    rows = ProviderPerson.objects.select_for_update(of=("self",), no_key=True).select_related("use__school")
    found = rows.filter(pk=person.pk).first()
    if found:
        code, facts = found.use.school.code, {"member": found.member_id}
        journal.write("staffing.provider_person_dropped", about=found.use, by=by, at=at, school_code=code, **facts)
        found.delete()


@transaction.atomic
def begin_service(use: ProviderUse, *, by: Actor, at: datetime) -> ProviderUse:
    """Let it serve: bound by an agreement, with people named. :raises Refused: P8-2 with nobody named, R-FLOW-01"""
    use = _read(use)
    insist(
        refusal_to_move(PROVIDER, use.state, _S.SERVING.value),
        None if use.people.exists() else refuse("P8-2", "nobody_named"),
    )
    moved = _move(use, _S.SERVING)
    journal.write("staffing.provider_serving", about=moved, by=by, at=at, school_code=use.school.code)
    return moved


@transaction.atomic
def review_use(
    use: ProviderUse, points: Mapping[str, int | None], *, note: str = "", by: Actor, at: datetime
) -> UseReview:
    """Say at the end what it was worth: five items of twenty points. :raises Refused: P8-2 out of range, R-FLOW-01"""
    use = _read(use)
    insist(
        refuse("P8-2", "reviewed_already") if use.state == _S.REVIEWED.value else None,
        refusal_to_move(PROVIDER, use.state, _S.REVIEWED.value),
        *refusals_of_points(points, REVIEW_MOST, REVIEW_ITEMS),
    )
    kept = {key: points[key] for key in REVIEW_ITEMS}
    _move(use, _S.REVIEWED)
    made = UseReview.objects.create(
        use=use,
        points=kept,
        total=sum(kept.values()),
        note=note.strip()[:200],
        made_by=str(by),
        made_at=at,
    )
    journal.write(
        "staffing.provider_use_reviewed", about=use, by=by, at=at, school_code=use.school.code, total=made.total
    )
    return made


@transaction.atomic
def end_use(use: ProviderUse, *, reason: str, renews: bool = False, by: Actor, at: datetime) -> ProviderUse:
    """End a school's use with a reason; after a review `renews` lets the school choose it again.

    :raises Refused: R-EXT-04 without a reason, R-FLOW-01 when it is over
    """
    use = _read(use)
    insist(None if len(reason.strip()) >= 4 else refuse("R-EXT-04", "reason_missing"))
    to = _S.LISTED if renews else _S.LEFT
    moved = _move(use, to, left_because=reason.strip()[:400], left_by=str(by), left_at=at)
    facts = {"reason": reason.strip(), "renews": renews}
    journal.write("staffing.provider_use_ended", about=moved, by=by, at=at, school_code=use.school.code, **facts)
    return moved
