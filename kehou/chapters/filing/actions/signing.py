"""The principal's signature freezes the pack: everything in it, with its hash, by hand or by the own password."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from kehou.chapters.filing.actions.moving import move
from kehou.chapters.filing.models import Filing, Pack, PackPart
from kehou.chapters.filing.queries import Draft, draft_of, open_items
from kehou.chapters.people.actions import sign_in
from kehou.chapters.people.models import Account
from kehou.lib.actors import Actor
from kehou.rules import filing as rules
from kehou.rules.states import FILING, FilingState, refusal_to_move
from kehou.rules.verdicts import Refusal, insist


@dataclass(frozen=True, slots=True)
class Ink:
    """What makes a signature one: the line drawn by hand (a PNG), or the signer's own password, confirmed now."""

    picture: bytes | None = None
    confirmed: bool = False


def ink_of(account: Account, *, picture: bytes | None, password: str, address: str, at: datetime) -> Ink:
    """Return the ink of whoever signs; nothing drawn and nothing typed is no ink, which `sign` refuses.

    :raises Refused: R-ACC-01 for a wrong password, or after too many
    """
    if picture is not None or not password:
        return Ink(picture=picture)
    sign_in.check_password(account.phone, password, address=address, at=at)
    return Ink(confirmed=True)


def refusals_to_sign(filing: Filing, draft: Draft) -> list[Refusal]:
    """Return why a filing cannot be signed now, ink apart: what the button says before it is pressed."""
    unanswered = [item.part for item in open_items(filing) if not item.answer]
    found = [
        refusal_to_move(FILING, filing.state, FilingState.SIGNED),
        rules.refusal_of_note(filing.note),
        rules.refusal_of_items(unanswered),
        *rules.refusals_to_sign(draft.contents, amendment=filing.kind == Filing.AMENDMENT),
    ]
    return [no for no in found if no]


@transaction.atomic
def sign(filing: Filing, *, ink: Ink, by: Actor, at: datetime) -> Filing:
    """Sign a filing as the principal: the pack is assembled, frozen and hashed; later changes do not reach it.

    :raises Refused: R-FILING-03 without ink, note or answers, the part's own rule while one is missing, R-FLOW-01
    """
    Filing.objects.select_for_update(no_key=True).get(pk=filing.pk)
    draft = draft_of(filing.school, filing.term, on=at.date(), filing=filing)
    insist(
        rules.refusal_of_ink(drawn=ink.picture is not None, confirmed=ink.confirmed), *refusals_to_sign(filing, draft)
    )
    pack = _freeze(filing, draft, ink, by=by, at=at)
    return move(
        filing, FilingState.SIGNED, "filing.signed", by=by, at=at, pack=pack,
        facts={"digest": pack.digest, "turn": pack.turn, "red": pack.red, "ink": pack.ink},
    )  # fmt: skip


def _freeze(filing: Filing, draft: Draft, ink: Ink, *, by: Actor, at: datetime) -> Pack:
    contents = [draft.contents[code] for code in rules.PARTS if code in draft.contents]
    manifest = rules.manifest_of(
        contents,
        school=filing.school.code,
        term=filing.term.code,
        order=filing.order,
        kind=filing.kind,
        note=filing.note,
    )
    pack = Pack(
        filing=filing,
        turn=filing.packs.count() + 1,
        manifest=manifest,
        digest=rules.digest_of(manifest),
        red=len(rules.red_in(draft.checks)),
        remarks=sum(check.state == "remark" for check in draft.checks),
        ink=Pack.FINGER if ink.picture is not None else Pack.PASSWORD,
        signed_by=str(by),
        signed_at=at,
    )
    if ink.picture is not None:
        stem = f"{filing.school.code}-{filing.term.code}-{hashlib.sha256(ink.picture).hexdigest()[:12]}.png"
        pack.picture.save(stem, ContentFile(ink.picture), save=False)
    pack.save(force_insert=True)
    keep_parts(pack, contents)
    return pack


def keep_parts(pack: Pack, contents: list[dict[str, Any]]) -> None:
    """Keep the parts of a pack, each with its hash: one statement."""
    PackPart.objects.bulk_create(
        PackPart(pack=pack, code=one["code"], content=one, digest=rules.digest_of(one)) for one in contents
    )


@transaction.atomic
def unsign(filing: Filing, *, by: Actor, at: datetime) -> Filing:
    """Take the signature back before it is submitted. :raises Refused: R-FLOW-01 afterwards"""
    return move(filing, FilingState.DRAFT, "filing.unsigned", by=by, at=at, pack=None)
