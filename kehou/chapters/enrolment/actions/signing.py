"""Families sign their agreements: one on a phone, or a whole class's on paper."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import models, transaction

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.enrolment.models import Agreement, Application, Signature
from kehou.chapters.journal import actions as journal
from kehou.chapters.planning.queries import refusals_before_agreements
from kehou.lib.actors import Actor
from kehou.lib.statements import insert_objects
from kehou.lib.uploads import Upload
from kehou.rules import enrolling
from kehou.rules.states import AGREEMENT, APPLICATION, refusal_of_lost_race
from kehou.rules.states.moves import Moves
from kehou.rules.verdicts import Refusal, Refused, insist, refuse


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What the child itself did: chose a picture, wrote its name, or signed on the paper."""

    method: str  # picture, name, paper
    name: str


@dataclass(frozen=True, slots=True)
class Signing:
    """What one family does: by finger (`image`, a PNG), or on paper (`scan`, entered by the school).

    `read_digest` is the hash of the text the family has read; another text since then is not signed by it.
    """

    agreement: Agreement
    read_digest: str
    name: str
    pupil: Acknowledgement
    by: Actor
    at: datetime
    image: bytes | None = None
    scan: Upload | None = None


def sign_as_family(
    agreement: Agreement,
    *,
    read_digest: str,
    name: str,
    pupil: Acknowledgement,
    by: Actor,
    at: datetime,
    image: bytes | None = None,
    scan: Upload | None = None,
) -> Agreement:
    """Note the signatures of guardian and child under one agreement.

    :raises Refused: R-NOTI-01 before the notice is in hand, R-AGR-01 without signature or acknowledgement, R-FLOW-01
    """
    return sign_as_families([Signing(agreement, read_digest, name, pupil, by, at, image, scan)])[0]


@transaction.atomic
def sign_as_families(rows: Sequence[Signing]) -> list[Agreement]:
    """Note the signatures of many families of one term, all or none; statements grow with those who sign, not rows.

    :raises Refused: as `sign_as_family`, with everything that is wrong
    """
    if not rows:
        return []
    term = rows[0].agreement.application.registration.term
    unread = refusals_before_agreements([row.agreement.application.pupil for row in rows], term)
    insist(*(refusal for row in rows for refusal in _refusals(row, unread)))
    agreements = [row.agreement for row in rows]
    _move(Agreement, agreements, AGREEMENT, "guardian_signed")
    _move(Application, [one.application for one in agreements], APPLICATION, "agreed")
    insert_objects([one for row in rows for one in _signatures(row)])
    by_hand: dict[tuple[Actor, datetime], list[Signing]] = defaultdict(list)
    for row in rows:
        by_hand[row.by, row.at].append(row)
    for (by, at), signed in by_hand.items():
        facts = [("enrolment.agreement_signed", row.agreement, {"method": _method(row)}) for row in signed]
        school = signed[0].agreement.application.registration.school
        journal.write_many(facts, by=by, at=at, school_code=school.code)
    return agreements


def _refusals(row: Signing, unread: dict[int, Refusal]) -> list[Refusal | None]:
    child = row.agreement.application.pupil
    return [
        unread.get(child.pk),
        refuse("R-AGR-01", "text_changed_meanwhile") if row.read_digest != row.agreement.digest else None,
        refuse("R-AGR-01", "paper_needs_scan") if row.by.school_code and row.scan is None else None,
        refuse("R-AGR-01", "signature_is_empty")
        if not row.name.strip() or (row.image is None and row.scan is None)
        else None,
        enrolling.refusal_of_acknowledgement(
            grade=child.homeroom.grade,
            method=row.pupil.method,
            name=row.pupil.name,
            pupil=child.name,
            writes_from=parameters_on(row.at.date()).agreement.pupil_ack,
        ),
    ]


def _method(row: Signing) -> str:
    return "paper" if row.scan is not None else "finger"


def _signatures(row: Signing) -> tuple[Signature, Signature]:
    """Return the guardian's with its picture, kept under a name that says agreement and hash, and the child's."""
    content, kind = (row.scan.content, row.scan.kind) if row.scan is not None else (row.image, "png")
    assert content is not None
    guardian = signature(row.agreement, "guardian", _method(row), row.name, by=row.by, at=row.at)
    stem = f"{row.agreement.number}-{hashlib.sha256(content).hexdigest()[:12]}.{kind}"
    guardian.image.save(stem, ContentFile(content), save=False)
    return guardian, signature(row.agreement, "pupil", row.pupil.method, row.pupil.name, by=row.by, at=row.at)


def signature(agreement: Agreement, party: str, method: str, name: str, *, by: Actor, at: datetime) -> Signature:
    """Return one party's signature, unsaved, under the text as it stands."""
    return Signature(
        agreement=agreement,
        party=party,
        method=method,
        signed_name=name.strip(),
        content_digest=agreement.digest,
        signed_at=at,
        signed_by=str(by),
    )


def _move(model: type[models.Model], rows: Sequence[Agreement | Application], path: Moves, to: str) -> None:
    """Move all of them. :raises Refused: R-FLOW-01 when another was quicker with one"""
    waiting = model._default_manager.filter(pk__in=[row.pk for row in rows], state__in=path.sources(to))
    if waiting.update(state=to) != len(rows):
        raise Refused(refusal_of_lost_race(path))
    for row in rows:
        row.state = to
