"""Papers of the filing: the receipt by its number, a pack or one of its parts by its hash, the archive of a term."""

from __future__ import annotations

from kehou.chapters.filing.models import Archive, Filing
from kehou.chapters.filing.queries import pack_by_digest, part_by_digest
from kehou.desks.public.genuine import Genuine, is_hex
from kehou.rules.filing import PARTS

_SHORTEST = 16


def filing_paper(code: str, digest: str) -> Genuine | None:
    """Return the filing paper behind a number or the beginning of a hash, or None."""
    if code.upper().startswith("LP-KHFW-"):
        return _receipt(code)
    if not is_hex(digest) or len(digest) < _SHORTEST:
        return None
    return _pack(digest) or _part(digest) or _archive(digest)


def _link(filing: Filing) -> str:
    return f"/filings/{filing.school.code}/?term={filing.term.code}"


def _standing(filing: Filing, pack_id: int) -> tuple[str, bool]:
    """Return how a pack stands, and whether it is in force."""
    if filing.pack_id != pack_id:
        return "后来又签发过，这一份没有生效", False
    if filing.state == "accepted":
        return f"生效中，编号{filing.number}", True
    return filing.state_title, False


def _receipt(number: str) -> Genuine | None:
    one = Filing.objects.filter(number__iexact=number).select_related("school", "term", "pack").first()
    if one is None:
        return None
    title = f"课后服务备案回执（{one.term.name}{one.kind_title}）"
    state = "生效中" if one.state == "accepted" else one.state_title
    return Genuine(
        title, one.number, one.school.name, one.decided_at, one.pack.digest if one.pack else "", state,
        one.state == "accepted", _link(one),
    )  # fmt: skip


def _pack(digest: str) -> Genuine | None:
    one = pack_by_digest(digest)
    if one is None:
        return None
    filing = one.filing
    state, standing = _standing(filing, one.pk)
    title = f"课后服务{filing.kind_title}材料（{filing.term.name}）"
    return Genuine(
        title, filing.number or str(one), filing.school.name, one.signed_at, one.digest, state, standing, _link(filing)
    )


def _part(digest: str) -> Genuine | None:
    one = part_by_digest(digest)
    if one is None:
        return None
    filing = one.pack.filing
    state, standing = _standing(filing, one.pack_id)
    title = f"{PARTS[one.code].title}（{filing.term.name}备案材料{one.code}）"
    number = filing.number or str(one.pack)
    return Genuine(title, number, filing.school.name, one.pack.signed_at, one.digest, state, standing, _link(filing))


def _archive(digest: str) -> Genuine | None:
    rows = Archive.objects.filter(digest__startswith=digest).select_related("school", "term").defer("content")
    one = rows.first()
    if one is None:
        return None
    link = f"/filings/{one.school.code}/?term={one.term.code}"
    title = f"课后服务闸门链归档（{one.term.name}）"
    return Genuine(title, "归档", one.school.name, one.archived_at, one.digest, "已归档", True, link)
