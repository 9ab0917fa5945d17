"""Filings of earlier terms, taken into the record: the service began in September 2021 (4-a)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.filing.actions.moving import again
from kehou.chapters.filing.actions.signing import keep_parts
from kehou.chapters.filing.models import Filing, Pack
from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.models import School
from kehou.lib.actors import Actor
from kehou.rules import filing as rules
from kehou.rules.filing import PARTS
from kehou.rules.verdicts import Refusal, Refused, insist, refuse


@transaction.atomic
def record_past(
    school: School,
    term: Term,
    *,
    number: str,
    accepted_on: date,
    document: Mapping[str, Any] | None = None,
    note: str = "",
    by: Actor,
    at: datetime,
) -> Filing:
    """Take a filing of an earlier term into the record, so that the next ones can be compared with it.

    `document` is the pack as this product hands it out (`pack_document`), None where only number and day are known. It
    opens no gate: that term is over.

    :raises Refused: R-BASIS-03 before September 2021, in the future, for a document of something else, or twice
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    contents = _contents(document) if document is not None else []
    insist(
        rules.refusal_of_past(term_from=term.from_on, accepted_on=accepted_on, today=at.date()),
        None if number.strip() else refuse("R-BASIS-03", "past_without_number"),
        refuse("R-BASIS-03", "past_file_not_readable") if document is not None and not contents else None,
        _standing_already(school, term),
    )
    decided_at = datetime.combine(accepted_on, at.timetz())
    filing = Filing.objects.create(
        school=school, term=term, order=Filing.objects.filter(school=school, term=term).count() + 1, kind=Filing.PAST,
        state="accepted", number=number.strip(), note=note.strip(), prepared_by=str(by), decided_by=str(by),
        decided_at=decided_at,
    )  # fmt: skip
    pack = _pack(filing, contents, by=by, at=at)
    Filing.objects.filter(pk=filing.pk).update(pack=pack)
    journal.write(
        "filing.past_recorded", about=filing, by=by, at=at, school_code=school.code, number=filing.number,
        digest=pack.digest,
    )  # fmt: skip
    return again(filing)


def _standing_already(school: School, term: Term) -> Refusal | None:
    standing = Filing.objects.filter(school=school, term=term).exclude(state="given_up").first()
    if standing is None:
        return None
    number = standing.number or "在办"
    return refuse("R-BASIS-03", "past_recorded_already", school=school.name, term=term.name, number=number)


def _contents(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the parts of a document; none if it is not one, or if a hash in it does not hold."""
    parts, manifest = document.get("parts"), document.get("manifest")
    if not isinstance(manifest, Mapping):
        return []
    listed = manifest.get("parts")
    if not (isinstance(parts, list) and isinstance(listed, list) and _can_be_kept(document)):
        return []
    known = [one for one in parts if isinstance(one, dict) and str(one.get("code")) in PARTS]
    said = {str(one.get("code")): one.get("digest") for one in listed if isinstance(one, Mapping)}
    whole = known and len(known) == len(parts) and document.get("digest") == rules.digest_of(dict(manifest))
    return known if whole and all(rules.digest_of(one) == said.get(one["code"]) for one in known) else []


def _can_be_kept(document: Mapping[str, Any]) -> bool:
    """Return whether every value has a place in a database: no NaN, no half characters, no NUL (in JSON: \\u0000)."""
    try:
        text = json.dumps(document, ensure_ascii=False, allow_nan=False)
        text.encode()
    except ValueError:
        return False
    return "\\u0000" not in text


def _pack(filing: Filing, contents: list[dict[str, Any]], *, by: Actor, at: datetime) -> Pack:
    manifest = rules.manifest_of(
        contents,
        school=filing.school.code,
        term=filing.term.code,
        order=filing.order,
        kind=filing.kind,
        note=filing.note,
    )
    pack = Pack.objects.create(
        filing=filing, turn=1, manifest=manifest, digest=rules.digest_of(manifest), ink=Pack.COPY, signed_by=str(by),
        signed_at=at,
    )  # fmt: skip
    keep_parts(pack, contents)
    return pack


def refused_unreadable() -> Refused:
    """Return the refusal of a file that is no pack at all."""
    return Refused(refuse("R-BASIS-03", "past_file_not_readable"))
