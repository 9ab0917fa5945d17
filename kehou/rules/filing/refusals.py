"""Why a filing is not signed, not sent back, not accepted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kehou.rules.filing.checks import Check, red_in
from kehou.rules.filing.pack import PARTS, Content
from kehou.rules.verdicts import Refusal, refuse


def refusal_of_note(note: str) -> Refusal | None:
    """Return why a filing cannot be signed: it says nothing."""
    return None if note.strip() else refuse("R-FILING-03", "without_note")


def refusal_to_prepare(state: str, *, title: str, writable: bool) -> Refusal | None:
    """Return why a filing is not written anew: it lies with somebody else, or is in force (then it is amended)."""
    if writable:
        return None
    return refuse("R-FLOW-01", "filing_in_force" if state == "accepted" else "filing_not_at_hand", state=title)


def refusal_of_return(items: Mapping[str, str]) -> Refusal | None:
    """Return why a filing cannot be sent back: for each item (part → reason) the school must read what to mend."""
    if not items:
        return refuse("R-FILING-03", "return_without_reason")
    if any(code not in PARTS for code in items):
        return refuse("R-FILING-03", "return_of_no_part")
    if empty := [PARTS[code].title for code, reason in items.items() if not reason.strip()]:
        return refuse("R-FILING-03", "item_without_reason", parts="、".join(empty))
    return None


def refusal_of_ink(*, drawn: bool, confirmed: bool) -> Refusal | None:
    """Return why this is no signature: neither drawn by hand nor confirmed with the signer's own password."""
    return None if drawn or confirmed else refuse("R-FILING-03", "without_ink")


def refusal_of_items(unanswered: Iterable[str]) -> Refusal | None:
    """Return which items that came back have no answer yet (their part codes)."""
    parts = "、".join(PARTS[code].title for code in unanswered)
    return refuse("R-FILING-03", "item_without_answer", parts=parts) if parts else None


def refusals_to_sign(contents: Mapping[str, Content], *, amendment: bool) -> list[Refusal]:
    """Return what is missing: every part that is required is formed, an amendment changes something."""
    found = [
        refuse(kind.rule, "part_missing", part=f"{kind.code} {kind.title}")
        for kind in PARTS.values()
        if kind.required and not contents.get(kind.code, {}).get("formed")
    ]
    if amendment and not contents.get("F9", {}).get("formed"):
        found.append(refuse("R-FILING-01", "nothing_to_amend"))
    return found


def refusal_of_amendment(*, accepted: bool, reason: str) -> Refusal | None:
    """Return why no amendment can be begun: there is nothing in force, or nobody says why."""
    if not accepted:
        return refuse("R-FILING-01", "nothing_in_force")
    return None if reason.strip() else refuse("R-FILING-01", "amendment_without_reason")


def refusal_of_acceptance(checks: Iterable[Check], *, despite: str) -> Refusal | None:
    """Return why a pack with red checks is not accepted: somebody has to say why it is, in words that stay."""
    red = red_in(checks)
    if not red or despite.strip():
        return None
    return refuse("R-FILING-03", "red_without_reason", parts=_said(red))


def refusal_in_bulk(checks: Iterable[Check]) -> Refusal | None:
    """Return why a pack is not accepted together with others: a red check is looked at, one by one."""
    red = red_in(checks)
    return refuse("R-FILING-03", "red_in_bulk", parts=_said(red)) if red else None


def _said(red: Iterable[Check]) -> str:
    return "、".join(f"{check.part} {check.title}" for check in red)
