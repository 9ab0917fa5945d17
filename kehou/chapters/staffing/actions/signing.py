"""Signing the papers of a person: by finger, on paper with its scan; the principal for the school; a copy to both."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.staffing.actions.files import refresh
from kehou.chapters.staffing.models import PaperSignature, SignedPaper
from kehou.lib.actors import Actor
from kehou.lib.statements import insert_objects, update_objects
from kehou.lib.uploads import Upload
from kehou.rules.staffing import papers as words
from kehou.rules.verdicts import Refused, insist, refuse


def sign_paper(
    paper: SignedPaper, *, read_digest: str, name: str, by: Actor, at: datetime, image: bytes | None = None,
    scan: Upload | None = None,
) -> SignedPaper:  # fmt: skip
    """Note the person's signature under one paper: by finger (`image`, a PNG) or on paper (`scan`).

    :raises Refused: R-FILE-06 without a signature, for another text than was read, or when it is signed already
    """
    insist(
        refuse("R-FILE-06", "text_changed_meanwhile") if read_digest != paper.digest else None,
        refuse("R-FILE-06", "signature_is_empty") if not name.strip() or (image is None and scan is None) else None,
    )
    content, kind = (scan.content, scan.kind) if scan else (image or b"", "png")
    stem = f"{paper.number}-{hashlib.sha256(content).hexdigest()[:12]}.{kind}"
    method = "paper" if scan else "finger"
    return sign_papers([paper], method=method, by=by, at=at, picture=ContentFile(content, name=stem), name=name)[0]


@transaction.atomic
def sign_papers(
    papers: Sequence[SignedPaper], *, method: str, by: Actor, at: datetime, picture: ContentFile[bytes] | None = None,
    name: str = "",
) -> list[SignedPaper]:  # fmt: skip
    """Note the signatures of persons under papers of one school, all or none; one picture may cover several papers.

    Consent and requirement sheet are in force with it; agreement and letter wait for the principal.

    :raises Refused: R-FILE-06 when one of them is signed already
    """
    keys = [paper.pk for paper in papers]
    rows = SignedPaper.objects.filter(pk__in=keys).select_related("member__school")
    found = [one for one in rows.select_for_update(of=("self",), no_key=True) if one.state == SignedPaper.TO_SIGN]
    if not found or len(found) != len(set(keys)):
        raise Refused(refuse("R-FILE-06", "signed_already"))
    signatures = [_signature(one, "person", method, name or one.member.name, by=by, at=at) for one in found]
    if picture is not None:
        signatures[0].image.save(picture.name or "signature.png", picture, save=False)
        for other in signatures[1:]:
            other.image = signatures[0].image.name
    insert_objects(signatures)
    _move([one for one in found if one.kind in words.SEALED], SignedPaper.SIGNED)
    _move([one for one in found if one.kind not in words.SEALED], SignedPaper.IN_FORCE)
    _retire_older(found)
    _tell("staffing.paper_signed", found, by=by, at=at)
    refresh({one.member_id: one.member for one in found}.values(), by=by, at=at)
    return found


@transaction.atomic
def seal_papers(papers: Iterable[SignedPaper], *, by: Actor, at: datetime) -> list[SignedPaper]:
    """Sign for the school under what the persons have signed: agreements and letters come into force.

    Who has an account finds their copy there and is told by letter (R-FILE-09); to the others the office hands it.
    Those that moved meanwhile are left out. :raises Refused: R-FILE-06 when none is left
    """
    keys = [paper.pk for paper in papers]
    rows = SignedPaper.objects.filter(pk__in=keys, state=SignedPaper.SIGNED).select_related("member__school")
    found = list(rows.select_for_update(of=("self",), no_key=True))
    insist(None if found else refuse("R-FILE-06", "nothing_to_seal"))
    insert_objects([_signature(one, "school", "seal", one.member.school.name, by=by, at=at) for one in found])
    _move(found, SignedPaper.IN_FORCE)
    for one in found:
        if one.member.account_id:
            one.delivered_how, one.delivered_at = "inbox", at
    update_objects(found, "delivered_how", "delivered_at")
    _send_copies(found, at=at)
    _tell("staffing.paper_sealed", found, by=by, at=at)
    refresh({one.member_id: one.member for one in found}.values(), by=by, at=at)
    return found


@transaction.atomic
def deliver_copies(papers: Iterable[SignedPaper], *, by: Actor, at: datetime) -> list[SignedPaper]:
    """Note that the person was handed their own copy on paper (R-FILE-09). Twice changes nothing."""
    keys = [paper.pk for paper in papers]
    rows = SignedPaper.objects.filter(pk__in=keys, state=SignedPaper.IN_FORCE, delivered_at=None)
    found = list(rows.select_related("member__school"))
    for one in found:
        one.delivered_how, one.delivered_at = "paper", at
    update_objects(found, "delivered_how", "delivered_at")
    _tell("staffing.copy_delivered", found, by=by, at=at)
    refresh({one.member_id: one.member for one in found}.values(), by=by, at=at)
    return found


def _signature(
    one: SignedPaper, party: str, method: str, name: str, *, by: Actor, at: datetime
) -> PaperSignature:  # fmt: skip
    return PaperSignature(
        paper=one,
        party=party,
        method=method,
        signed_name=name.strip(),
        content_digest=one.digest,
        signed_by=str(by),
        signed_at=at,
    )


def _move(papers: Sequence[SignedPaper], to: str) -> None:
    SignedPaper.objects.filter(pk__in=[one.pk for one in papers]).update(state=to)
    for one in papers:
        one.state = to


def _retire_older(papers: Sequence[SignedPaper]) -> None:
    """Retire the requirement sheets that a new one replaces."""
    members = [one.member_id for one in papers if one.kind == words.REQUIREMENTS]
    if members:
        rows = SignedPaper.objects.filter(member_id__in=members, kind=words.REQUIREMENTS, state=SignedPaper.IN_FORCE)
        rows.exclude(pk__in=[one.pk for one in papers]).update(state=SignedPaper.SUPERSEDED)


def _send_copies(papers: Sequence[SignedPaper], *, at: datetime) -> None:
    readers: dict[str, list[int]] = defaultdict(list)
    for one in papers:
        if one.member.account_id:
            readers[one.member.school.code].append(one.member.account_id)
    for code, accounts in readers.items():
        journal.send_many(
            accounts,
            kind="staff.papers",
            title="协议和责任书已由学校签署",
            body="学校已签署您的课后服务协议和安全责任书，您的一份在“我的档案”里，可以随时查看和打印。",
            link=f"/teacher/{code}/file/",
            at=at,
            school_code=code,
        )


def _tell(verb: str, papers: Sequence[SignedPaper], *, by: Actor, at: datetime) -> None:
    by_school: dict[str, list[SignedPaper]] = defaultdict(list)
    for one in papers:
        by_school[one.member.school.code].append(one)
    for code, rows in by_school.items():
        entries = [(verb, one, {"digest": one.digest, "number": one.number}) for one in rows]
        journal.write_many(entries, by=by, at=at, school_code=code)
