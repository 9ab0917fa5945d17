"""The ledger of unpaid hours, and the certificate that anybody can check (2.4-g)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count

from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Pupil
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import Certificate, StaffMember, VolunteerHours
from kehou.chapters.staffing.queries import confirmed, volunteers_among
from kehou.lib import chance
from kehou.lib.actors import Actor
from kehou.rules.outsiders import refusals_of_hours
from kehou.rules.publication import refusals_of_text
from kehou.rules.verdicts import Refused, insist, refuse

_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is read for another


@dataclass(frozen=True, slots=True)
class Served:
    """One service of somebody, as a session or a clerk tells it."""

    member: StaffMember
    on: date
    what: str
    minutes: int | None
    session: int | None = None


@transaction.atomic
def enter_hours(served: Served, *, by: Actor, at: datetime) -> VolunteerHours:
    """Enter a service that was no session: it counts when somebody else has confirmed it.

    :raises Refused: R-EXT-03 for who is no volunteer, odd minutes, a day to come
    """
    is_volunteer = served.member.pk in volunteers_among([served.member.pk], on=served.on)
    insist(
        None if is_volunteer else refuse("R-EXT-03", "not_a_volunteer", name=served.member.name),
        *refusals_of_hours(minutes=served.minutes or 0, on=served.on, today=at.date(), what=served.what),
    )
    school = served.member.school
    kept = VolunteerHours.objects.create(
        member=served.member, school=school, on=served.on, what=served.what.strip(), minutes=served.minutes or 0,
        entered_by=str(by), entered_account=by.account_id, entered_at=at,
    )  # fmt: skip
    facts = {"minutes": served.minutes, "on": served.on.isoformat()}
    journal.write("staffing.hours_entered", about=kept, by=by, at=at, school_code=school.code, **facts)
    return kept


@transaction.atomic
def credit_sessions(school: School, rows: Iterable[Served], *, by: Actor, at: datetime) -> int:
    """Write the sessions that volunteers led into the ledger, sure at once; return how many are new.

    The roll that was taken is the proof. Whoever is no volunteer is passed over; the same session twice is one line.
    """
    rows = [one for one in rows if one.session is not None and one.minutes]
    by_day: dict[date, list[Served]] = {}
    for one in rows:
        by_day.setdefault(one.on, []).append(one)
    wanted = []
    for on, own in by_day.items():
        unpaid = volunteers_among([one.member.pk for one in own], on=on)
        wanted += [one for one in own if one.member.pk in unpaid]
    held = set(
        VolunteerHours.objects.filter(session__in=[one.session for one in wanted]).values_list("member_id", "session")
    )
    new = [one for one in wanted if (one.member.pk, one.session) not in held]
    made = VolunteerHours.objects.bulk_create(
        [
            VolunteerHours(
                member=one.member, school=school, on=one.on, what=one.what[:80], minutes=one.minutes or 0,
                session=one.session, entered_by=str(by), entered_account=by.account_id, entered_at=at,
                confirmed_by=str(by), confirmed_at=at,
            )
            for one in new
        ],
        batch_size=500,
        ignore_conflicts=True,  # two rolls closed at the same instant
    )  # fmt: skip
    if made:
        journal.write("staffing.hours_credited", about=school, by=by, at=at, school_code=school.code, count=len(made))
    return len(made)


@transaction.atomic
def confirm_hours(line: VolunteerHours, *, by: Actor, at: datetime) -> VolunteerHours:
    """Confirm what somebody else entered. :raises Refused: R-EXT-03 by the same person, or twice"""
    line = VolunteerHours.objects.select_related("school").get(pk=line.pk)
    insist(refuse("R-EXT-03", "own_hours") if line.entered_account == by.account_id else None)
    open_line = VolunteerHours.objects.filter(pk=line.pk, confirmed_at=None)
    if not open_line.update(confirmed_by=str(by), confirmed_at=at):
        raise Refused(refuse("R-EXT-03", "confirmed_already"))
    journal.write("staffing.hours_confirmed", about=line, by=by, at=at, school_code=line.school.code)
    line.refresh_from_db()
    return line


@transaction.atomic
def drop_hours(line: VolunteerHours, *, by: Actor, at: datetime) -> None:
    """Take out what was entered wrongly. :raises Refused: R-EXT-03 once it is confirmed"""
    if not VolunteerHours.objects.filter(pk=line.pk, confirmed_at=None).delete()[0]:
        raise Refused(refuse("R-EXT-03", "confirmed_already"))
    facts = {"minutes": line.minutes, "on": line.on.isoformat(), "what": line.what}
    journal.write("staffing.hours_dropped", about=line, by=by, at=at, school_code=line.school.code, **facts)


# --- Certificates -----------------------------------------------------------------------------------------------------


@transaction.atomic
def issue_certificate(
    school: School, member: StaffMember, *, from_on: date, until_on: date, by: Actor, at: datetime
) -> Certificate:
    """Certify the confirmed hours of some days. :raises Refused: R-EXT-03 when there are none"""
    School.objects.select_for_update(no_key=True).get(pk=school.pk)  # the number counts the school's certificates
    rows = list(confirmed(school, member, from_on=from_on, until_on=until_on)) if from_on < until_on else []
    insist(None if rows else refuse("R-EXT-03", "nothing_to_certify"))
    count = Certificate.objects.filter(school=school).aggregate(n=Count("pk"))["n"] + 1
    made = Certificate.objects.create(
        member=member, school=school, number=f"ZYFW-{at:%Y}-{school.code[-4:]}-{count:03d}", code=_code(),
        from_on=from_on, until_on=until_on, minutes=sum(one.minutes for one in rows), lines=_lines(rows),
        issued_by=str(by), issued_at=at,
    )  # fmt: skip
    facts = {"number": made.number, "minutes": made.minutes}
    journal.write("staffing.certificate_issued", about=made, by=by, at=at, school_code=school.code, **facts)
    return made


def _lines(rows: Iterable[VolunteerHours]) -> list[dict[str, object]]:
    """Return the services by what was done: first and last day, how often, minutes."""
    by_what: dict[str, list[VolunteerHours]] = {}
    for one in rows:
        by_what.setdefault(one.what, []).append(one)
    return [
        {
            "what": what, "first": own[0].on.isoformat(), "last": own[-1].on.isoformat(), "times": len(own),
            "minutes": sum(one.minutes for one in own),
        }
        for what, own in by_what.items()
    ]  # fmt: skip


def _code() -> str:
    return "ZY" + chance.text(_SIGNS, 14)


@transaction.atomic
def revoke_certificate(certificate: Certificate, *, reason: str, by: Actor, at: datetime) -> Certificate:
    """Declare a certificate void; whoever checks it reads so, and why.

    :raises Refused: R-EXT-03 twice, or without a reason; R-PRIV-02 for a reason that names a child or an aid
    """
    names = Pupil.objects.filter(school=certificate.school_id).values_list("name", flat=True)
    insist(
        None if reason.strip() else refuse("R-EXT-03", "reason_missing"),
        *refusals_of_text(reason, names=names),
    )
    standing = Certificate.objects.filter(pk=certificate.pk, revoked_at=None)
    if not standing.update(revoked_by=str(by), revoked_at=at, revoked_because=reason.strip()[:200]):
        raise Refused(refuse("R-EXT-03", "certificate_revoked"))
    certificate = Certificate.objects.select_related("school").get(pk=certificate.pk)
    facts = {"number": certificate.number, "reason": reason.strip()}
    journal.write(
        "staffing.certificate_revoked", about=certificate, by=by, at=at, school_code=certificate.school.code, **facts
    )
    return certificate
