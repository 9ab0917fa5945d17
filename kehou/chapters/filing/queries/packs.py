"""What lies in a pack: assembled now, or frozen at a signature; its checks, its predecessor, what has changed since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.filing.models import Filing, Pack, PackPart, ReturnedItem
from kehou.chapters.filing.parts import assemble, f9_amendment
from kehou.chapters.filing.queries.listing import in_force
from kehou.chapters.planning.queries import difference_of, signed_amendments
from kehou.chapters.schools.models import School
from kehou.rules import filing as rules

Contents = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Draft:
    """The pack as the sources say it now: contents by part code, and its checks."""

    contents: Contents
    checks: tuple[rules.Check, ...]

    def digests(self) -> dict[str, str]:
        """Return the hash of each part, to see which has changed since it was signed."""
        return {code: rules.digest_of(content) for code, content in self.contents.items()}


def draft_of(school: School, term: Term, *, on: date, filing: Filing | None = None) -> Draft:
    """Return the pack as it would be signed on a day; for an amendment with its difference to what is in force."""
    contents = assemble(school, term, on)
    amends = filing is not None and filing.kind == Filing.AMENDMENT
    if filing is not None and amends:
        contents["F9"] = _amendment(school, term, contents, filing)
    checks = rules.checks_of(contents, parameters_on(on), amendment=amends)
    return Draft(contents, checks)


def _amendment(school: School, term: Term, contents: Contents, filing: Filing) -> dict[str, Any]:
    standing = in_force(school, term)
    if standing is None or standing.pack is None:
        return rules.unformed("F9", "本学期还没有通过的备案").content()
    part = f9_amendment.build(
        contents_of(standing.pack),
        contents,
        reason=filing.note,
        number=standing.number,
        digest=standing.pack.digest,
        on=standing.decided_at.date().isoformat() if standing.decided_at else "",
        amended=[difference_of(one) for one in signed_amendments(school, term, since=standing.pack.signed_at)],
    )
    return part.content()


def contents_of(pack: Pack) -> Contents:
    """Return the frozen contents of a pack by part code: one query."""
    return {part.code: part.content for part in PackPart.objects.filter(pack=pack).order_by("code")}


def checks_of_pack(pack: Pack, contents: Mapping[str, Any], *, on: date) -> tuple[rules.Check, ...]:
    """Return the checks of a frozen pack, made anew on its content under the parameters of a day."""
    return rules.checks_of(contents, parameters_on(on), amendment=pack.manifest["kind"] == Filing.AMENDMENT)


def packs_of(filing: Filing) -> QuerySet[Pack]:
    """Return everything that was ever signed for a filing, newest first, without what lies in it."""
    return filing.packs.order_by("-turn")


def open_items(filing: Filing) -> QuerySet[ReturnedItem]:
    """Return the items of the last return, by part; answered and unanswered ones."""
    return filing.items.filter(pack=filing.items.order_by("-pk").values("pack")[:1]).order_by("part")


def before(filing: Filing) -> Filing | None:
    """Return what a filing is compared with: for an amendment the one in force, else the last of an earlier term."""
    rows = Filing.objects.filter(school=filing.school, pack__isnull=False, state__in=("accepted", "amended"))
    if filing.kind == Filing.AMENDMENT:
        rows = rows.filter(term=filing.term, order__lt=filing.order)
    else:
        rows = rows.filter(term__from_on__lt=filing.term.from_on)
    return rows.select_related("school", "term", "pack").order_by("-term__from_on", "-order").first()


def pack_document(pack: Pack) -> dict[str, Any]:
    """Return the whole of a pack as one JSON document: the manifest that was hashed, its hash, every part."""
    return {
        "manifest": pack.manifest,
        "digest": pack.digest,
        "number": pack.filing.number,
        "parts": list(contents_of(pack).values()),
    }


def pack_by_digest(digest: str) -> Pack | None:
    """Return a pack by the first signs of its hash, or None."""
    rows = Pack.objects.filter(digest__startswith=digest).defer("manifest")
    return rows.select_related("filing__school", "filing__term").order_by("-pk").first()


def part_by_digest(digest: str) -> PackPart | None:
    """Return a part by the first signs of its hash: of the filing in force where several packs hold the same part."""
    rows = PackPart.objects.filter(digest__startswith=digest).defer("content")
    rows = rows.select_related("pack__filing__school", "pack__filing__term")
    found = list(rows.order_by("-pk")[:20])
    return next((part for part in found if _holds(part)), found[0] if found else None)


def _holds(part: PackPart) -> bool:
    filing = part.pack.filing
    return filing.state == "accepted" and filing.pack_id == part.pack_id
