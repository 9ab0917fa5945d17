"""People who are truly in use, cheaply: the rows that a whole file leaves behind, written for many at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from kehou.chapters.basis.models import Term
from kehou.chapters.staffing.models import (
    AcceptedRoster,
    EntryCheck,
    PaperText,
    Proof,
    SignedPaper,
    StaffMember,
    Training,
)
from kehou.rules.staffing import papers
from kehou.rules.staffing.kinds import REQUIRED, role_of

FILED = datetime.combine(date(2026, 8, 25), time(9), ZoneInfo("Asia/Shanghai"))
ENDS = date(2027, 8, 1)


def put_in_use(members: Sequence[StaffMember], term: Term, *, on_roster: bool = True) -> None:
    """Give people of any schools a whole file that ends on 2027-08-01 (the check on 2027-08-25), and a place on the
    accepted roster of their school. Eight statements, however many people."""
    Proof.objects.bulk_create(
        Proof(
            member=one,
            kind=kind,
            valid_until_on=None if kind in ("identity", "qualification") else ENDS,
            original_seen=True,
            recorded_at=FILED,
        )
        for one in members
        for kind in REQUIRED[one.kind]
    )
    EntryCheck.objects.bulk_create(
        EntryCheck(
            member=one, school_id=one.school_id, state="passed", asked_at=FILED, answered_on=FILED.date(),
            answered_by="派出所", answered_at=FILED, reference=f"LP{one.pk}",
        )
        for one in members
    )  # fmt: skip
    Training.objects.bulk_create(
        Training(
            member=one, number=f"PX-{one.pk}", check_code=f"world{one.pk:011d}", topics=[], how="class", score=100,
            trained_on=FILED.date(), valid_until_on=ENDS, recorded_at=FILED,
        )
        for one in members
    )  # fmt: skip
    _sign(members, term)
    for one in members:
        one.state, one.fit_until_on, one.fit_ends = "in_use", term.until_on, "agreement"
    StaffMember.objects.bulk_update(members, ["state", "fit_until_on", "fit_ends"])
    if on_roster:
        put_on_roster(members, term)


def _sign(members: Sequence[StaffMember], term: Term) -> None:
    texts: dict[tuple[str, str], PaperText] = {}
    rows = []
    for one in members:
        role = role_of(one.kind, unpaid=one.unpaid)
        for kind in papers.TITLES:
            if (kind, role) not in texts:
                facts = {"kind": kind, "role": role, "version": papers.VERSION, "content": {}}
                texts[kind, role], _ = PaperText.objects.get_or_create(digest=f"{kind}-{role}", defaults=facts)
            number = f"{kind[:2].upper()}-{one.pk}"
            of = term if kind in papers.SEALED else None
            rows.append(
                SignedPaper(
                    member=one, term=of, kind=kind, text=texts[kind, role], number=number, digest=number,
                    check_code=f"{kind[:4]}{one.pk:012d}", state="in_force", drawn_up_at=FILED, delivered_at=FILED,
                )
            )  # fmt: skip
    SignedPaper.objects.bulk_create(rows)


def put_on_roster(members: Sequence[StaffMember], term: Term) -> None:
    """Put people on the accepted roster of their school, beside who stands there already."""
    for school in {one.school_id for one in members}:
        roster, _ = AcceptedRoster.objects.get_or_create(
            school_id=school, term=term, version=1, defaults={"receipt_number": f"备案-{school}", "accepted_at": FILED}
        )
        roster.members.add(*[one.pk for one in members if one.school_id == school])
