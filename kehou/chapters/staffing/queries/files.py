"""What the files of people say, for a hundred people in the same few questions as for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Q

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.staffing.models import (
    EntryCheck,
    Proof,
    Restriction,
    ReturnRequest,
    SignedPaper,
    StaffMember,
    Training,
)
from kehou.rules.staffing import papers
from kehou.rules.staffing.files import ALWAYS, Check, File, Terms
from kehou.rules.staffing.kinds import role_of


def terms_of_files(on: date) -> Terms:
    """Return the parameters by which a file is judged on a day."""
    staff = parameters_on(on).staff
    return Terms(
        required=staff.required_proofs,
        check_days=staff.check_validity_days,
        warn_days=staff.check_warn_days,
    )


def files_of(members: Iterable[StaffMember], *, on: date) -> dict[int, File]:
    """Return the file of each person by id: seven questions, however many people."""
    people = {one.pk: one for one in members}
    proofs = _newest_proofs(people)
    checks, asked = _checks(people)
    signed = _papers(people)
    ends = Training.objects.filter(member_id__in=people).order_by("valid_until_on")
    trained = dict(ends.values_list("member_id", "valid_until_on"))
    listed = restrictions_on([one.id_hash for one in people.values() if one.id_hash], on=on)
    back = _came_back(people)
    return {
        pk: File(
            name=one.name,
            kind=one.kind,
            state=one.state,
            proofs=proofs.get(pk, {}),
            asked=pk in asked,
            check=checks.get(pk),
            restricted_by=listed.get(one.id_hash, ""),
            training=trained.get(pk),
            needs_district=pk in back,
            **_of_papers(one, signed.get(pk, ())),
        )
        for pk, one in people.items()
    }


def file_of(member: StaffMember, *, on: date) -> File:
    """Return the file of one person."""
    return files_of([member], on=on)[member.pk]


def _newest_proofs(people: Iterable[int]) -> dict[int, dict[str, date]]:
    found: dict[int, dict[str, date]] = defaultdict(dict)
    rows = Proof.objects.filter(member_id__in=people).order_by("pk").values_list("member_id", "kind", "valid_until_on")
    for member, kind, until in rows:
        found[member][kind] = until or ALWAYS
    return found


def _checks(people: Iterable[int]) -> tuple[dict[int, Check], set[int]]:
    answered: dict[int, Check] = {}
    asked: set[int] = set()
    rows = EntryCheck.objects.filter(member_id__in=people).order_by("pk")
    for member, state, on in rows.values_list("member_id", "state", "answered_on"):
        if state == EntryCheck.ASKED:
            asked.add(member)
        else:
            answered[member] = Check(passed=state == EntryCheck.PASSED, on=on)
    return answered, asked


def _papers(people: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = SignedPaper.objects.filter(member_id__in=people, state__in=(SignedPaper.SIGNED, SignedPaper.IN_FORCE))
    names = ("member_id", "kind", "state", "term__until_on", "text__version", "text__role", "delivered_at")
    for row in rows.order_by("pk").values(*names):
        found[row["member_id"]].append(row)
    return found


def _of_papers(one: StaffMember, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what the papers of one person say; of several terms the one that lasts longest."""
    role = role_of(one.kind, unpaid=one.unpaid)
    ends: dict[str, date] = {}
    delivered = {papers.AGREEMENT: False, papers.LETTER: False}
    waits, consented, requirements = set(), False, False
    for row in rows:
        kind = row["kind"]
        if kind in papers.SEALED:
            if row["state"] == SignedPaper.SIGNED:
                waits.add(kind)
            elif kind not in ends or row["term__until_on"] > ends[kind]:
                ends[kind], delivered[kind] = row["term__until_on"], row["delivered_at"] is not None
        elif kind == papers.CONSENT:
            consented = True
        else:
            requirements |= (row["text__version"], row["text__role"]) == (papers.VERSION, role)
    return {
        "consented": consented,
        "requirements": requirements,
        "agreement": ends.get(papers.AGREEMENT),
        "letter": ends.get(papers.LETTER),
        "person_signed": frozenset(waits),
        "copies": all(delivered.values()),
    }


def restrictions_on(hashes: Sequence[str], *, on: date) -> dict[str, str]:
    """Return the basis by hash of everybody who is on the district's list on a day."""
    if not hashes:
        return {}
    rows = Restriction.objects.filter(id_hash__in=hashes, released_at=None, from_on__lte=on)
    rows = rows.filter(Q(until_on=None) | Q(until_on__gt=on))
    return dict(rows.values_list("id_hash", "basis"))


def _came_back(people: dict[int, StaffMember]) -> set[int]:
    """Return who had left some school before and has not been agreed to by the district (R-EXT-04)."""
    hashes = {one.id_hash: pk for pk, one in people.items() if one.id_hash}
    accounts = {one.account_id: pk for pk, one in people.items() if one.account_id}
    left = StaffMember.objects.filter(Q(id_hash__in=hashes) | Q(account_id__in=accounts), state="left")
    found = set()
    for id_hash, account in left.exclude(pk__in=people).values_list("id_hash", "account_id"):
        found |= {hashes[id_hash]} if id_hash in hashes else set()
        found |= {accounts[account]} if account in accounts else set()
    if not found:
        return found
    agreed = ReturnRequest.objects.filter(member_id__in=found, kind="reentry", state=ReturnRequest.AGREED)
    return found - set(agreed.values_list("member_id", flat=True))
