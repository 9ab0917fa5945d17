"""Recording what somebody proved, and who they are: real names, valid days, no more than is needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.actions.files import refresh
from kehou.chapters.staffing.models import Proof, StaffMember
from kehou.lib.actors import Actor
from kehou.lib.masked import keyed_hash
from kehou.lib.statements import insert_objects, update_objects
from kehou.lib.uploads import Upload
from kehou.rules.identity import refusal_of_id_number
from kehou.rules.staffing.kinds import KINDS, PROOFS, WITH_END, WITHOUT_SCAN, proof_name, required_of
from kehou.rules.verdicts import Refusal, Refused, insist, refuse


@dataclass(frozen=True, slots=True)
class ProofFacts:
    """One proof as the office saw it; `last_on` is the last day on which it holds, None: it does not end."""

    kind: str
    last_on: date | None = None
    reference: str = ""
    original_seen: bool = False
    scan: Upload | None = None


def record_proof(member: StaffMember, facts: ProofFacts, *, by: Actor, at: datetime) -> Proof:
    """Keep one proof of somebody. :raises Refused: as `record_proofs`"""
    return record_proofs(member.school, [(member, facts)], by=by, at=at)[0]


@transaction.atomic
def record_proofs(
    school: School, rows: Iterable[tuple[StaffMember, ProofFacts]], *, by: Actor, at: datetime
) -> list[Proof]:
    """Keep proofs of people of one school, all or none; the newest of a kind counts.

    :raises Refused: R-FILE-01 for a kind that is not asked of this person, without its last day, ended already, with
        nothing seen, or with a picture of what is kept without one (2.4-j1…j3)
    """
    rows = list(rows)
    insist(*(no for member, facts in rows for no in _refusals(member, facts, at.date())))
    proofs = [_proof(member, facts, by, at) for member, facts in rows]
    insert_objects(proofs)
    journal.write_many(
        [
            ("staffing.proof_recorded", one, {"kind": one.kind, "until": str(one.valid_until_on or "")})
            for one in proofs
        ],
        by=by,
        at=at,
        school_code=school.code,
    )
    refresh({member.pk: member for member, _ in rows}.values(), by=by, at=at)
    return proofs


def _proof(member: StaffMember, facts: ProofFacts, by: Actor, at: datetime) -> Proof:
    proof = Proof(
        member=member,
        kind=facts.kind,
        reference=facts.reference.strip(),
        valid_until_on=facts.last_on + timedelta(days=1) if facts.last_on else None,
        original_seen=facts.original_seen,
        recorded_by=str(by),
        recorded_at=at,
    )
    if facts.scan:
        proof.scan.save(facts.scan.file_name(f"proof-{member.pk}"), ContentFile(facts.scan.content), save=False)
    return proof


def _refusals(member: StaffMember, facts: ProofFacts, on: date) -> Iterator[Refusal]:
    if facts.kind not in PROOFS or facts.kind == "identity":
        yield refuse("R-FILE-01", "proof_unknown")
        return
    name = proof_name(member.kind, facts.kind)
    if facts.kind not in required_of(member.kind, parameters_on(on).staff.required_proofs):
        yield refuse("R-FILE-01", "proof_not_for_kind", kind=KINDS.get(member.kind, ""), proof=name)
    if member.state == "left":
        yield refuse("R-STAF-01", "has_left", name=member.name)
    if facts.kind in WITH_END and facts.last_on is None:
        yield refuse("R-FILE-01", "end_missing", proof=name)
    if facts.last_on is not None and facts.last_on < on:
        yield refuse("R-FILE-01", "end_in_the_past", proof=name)
    if facts.kind in WITHOUT_SCAN and facts.scan is not None:
        yield refuse("R-FILE-01", "no_scan_of_this", proof=name)
    if facts.scan is None and not facts.original_seen:
        yield refuse("R-FILE-01", "nothing_seen", proof=name)


# --- Who somebody is --------------------------------------------------------------------------------------------------


def id_hash_of(number: str) -> str:
    """Return the keyed hash by which the same person is found again, at every school and on the district's list."""
    return keyed_hash(number, purpose="staff id_number")


def verify_identity(member: StaffMember, number: str, *, by: Actor, at: datetime) -> Proof:
    """Keep somebody's ID number, encrypted, and that their real name was verified. :raises Refused: as below"""
    return verify_identities(member.school, [(member, number)], by=by, at=at)[0]


@transaction.atomic
def verify_identities(
    school: School, rows: Iterable[tuple[StaffMember, str]], *, by: Actor, at: datetime
) -> list[Proof]:
    """Keep the ID numbers of people of one school after their papers were seen (P7-3).

    :raises Refused: R-ELIG-01 for a wrong number, R-FILE-01 for one that stands under another name or twice on the list
    """
    rows = [(member, number.strip().upper()) for member, number in rows]
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    insist(*(refusal_of_id_number(number, on=at.date()) for _, number in rows))
    _refuse_doubles(school, rows)
    members = [member for member, _ in rows]
    for member, number in rows:
        member.id_number, member.id_hash = number, id_hash_of(number)
    update_objects(members, "id_number", "id_hash")
    seen = ProofFacts("identity", original_seen=True)
    proofs = insert_objects([_proof(member, seen, by, at) for member in members])
    journal.write_many(
        [("staffing.identity_verified", member, {}) for member in members], by=by, at=at, school_code=school.code
    )
    refresh(members, by=by, at=at)
    return proofs


def _refuse_doubles(school: School, rows: list[tuple[StaffMember, str]]) -> None:
    hashes: dict[str, StaffMember] = {}
    found = []
    for member, number in rows:
        other = hashes.setdefault(id_hash_of(number), member)
        if other is not member:
            found.append(refuse("R-FILE-01", "id_of_another_name", other=other.name))
    known = StaffMember.objects.filter(id_hash__in=hashes).exclude(pk__in=[member.pk for member, _ in rows])
    for id_hash, name, at_school, state in known.values_list("id_hash", "name", "school_id", "state"):
        if name != hashes[id_hash].name:
            found.append(refuse("R-FILE-01", "id_of_another_name", other=name))
        elif at_school == school.pk and state != "left":
            found.append(refuse("R-FILE-01", "id_on_the_list", name=name))
    if found:
        raise Refused(*found)


def unmask_id_number(member: StaffMember, *, reason: str, by: Actor, at: datetime) -> str:
    """Return somebody's ID number to who says why; the reading is journalled.

    :raises Refused: R-PRIV-01 without a reason of at least four characters, or when none is kept
    """
    if len(reason.strip()) < 4:
        raise Refused(refuse("R-PRIV-01", "say_why"))
    if not member.id_number:
        raise Refused(refuse("R-PRIV-01", "none_kept", name=member.name))
    code = member.school.code
    journal.write("people.id_number_unmasked", about=member, by=by, at=at, school_code=code, reason=reason.strip())
    return str(member.id_number)
