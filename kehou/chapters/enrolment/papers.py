"""On paper: the agreement with its signatures, a hash and a QR to check both; the form to fill in by pen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kehou.chapters.enrolment.form import SCHOOL_WEEK
from kehou.chapters.enrolment.models import Agreement, Registration, Signature
from kehou.chapters.enrolment.queries import offer_for, slots_of
from kehou.chapters.people.models import Pupil
from kehou.chapters.planning.queries import latest_notice
from kehou.lib.paper import Paper, digest_of
from kehou.lib.paper.register import issue
from kehou.lib.paper.wording import in_words
from kehou.rules.calendar import weekday_name
from kehou.rules.enrolling import AGREEMENT_TITLES, PICTURES
from kehou.rules.labels import term_mark

_WRITTEN = {"paper": "见纸质签署件", "seal": "（学校电子签章）"}


def agreement_paper(agreement: Agreement, *, address: str) -> Paper:
    """Return the PDF of an agreement as it stands now; `address` is where this installation answers."""
    return issue(
        "agreement",
        _values(agreement),
        **_head(agreement),
        issued_at=agreement.drawn_up_at,
        verify_url=f"{address.rstrip('/')}/verify/{agreement.check_code}/",
    )


def agreement_digest(agreement: Agreement) -> str:
    """Return the hash that stands on each page of the PDF, without printing it."""
    head = {**_head(agreement), "issued_at": agreement.drawn_up_at}
    return digest_of(in_words({"template": "agreement", "head": head, "data": _values(agreement)}))


def _values(agreement: Agreement) -> dict[str, Any]:
    parties = {one.party: _signature(one) for one in agreement.signatures.all()}
    blank: dict[str, Any] = {"name": ""}
    signatures = {party: parties.get(party, blank) for party in ("guardian", "school", "pupil")}
    return {**agreement.content, "signatures": signatures}


def _head(agreement: Agreement) -> dict[str, str]:
    registration = agreement.application.registration
    return {
        "title": "课后服务协议书",
        "number": agreement.number,
        "school": registration.school.name,
        "term": registration.term.name,
        "version": f"第{agreement.version}版 · {AGREEMENT_TITLES[agreement.state]}",
        "basis": "《关于梁平区中小学生课后服务工作的实施意见（试行）》二（七）3",
    }


def _signature(one: Signature) -> dict[str, Any]:
    """Return a party's line: a finger's picture, a name, or a word about the paper."""
    line: dict[str, Any] = {"name": one.signed_name, "at": one.signed_at}
    if one.method == "finger" and one.image:
        with one.image.open("rb") as file:
            line["png"] = file.read()
    elif one.method == "picture":
        line["name"] = f"◎ {PICTURES.get(one.signed_name, one.signed_name)}"
    elif one.method in _WRITTEN:
        line["name"] = f"{one.signed_name}{_WRITTEN[one.method]}"
    return line


def application_paper(registration: Registration, pupil: Pupil, *, at: datetime) -> Paper:
    """Return one child's application form to be filled in by pen; it asks for the notice that stands."""
    grade = pupil.homeroom.grade
    offer = offer_for(registration, grade)
    most = max(offer.most_hours.values(), default=1)
    tiers = range(1, most + 1)
    ends: dict[int, str] = {}
    for slot in slots_of(registration):
        if grade in slot.activity.grades:
            last = slot.first_hour + slot.activity.class_hours - 1
            ends[last] = max(ends.get(last, ""), f"{slot.ends_at:%H:%M}")
    blocked = [
        [weekday, hours] for weekday in SCHOOL_WEEK for hours in tiers if hours > offer.most_hours.get(weekday, 0)
    ]
    notice = latest_notice(registration.school, registration.term)
    return issue(
        "application-form",
        {
            "pupil": pupil.name,
            "homeroom": str(pupil.homeroom),
            "deadline": registration.closes_at,
            "hours": [[hours, f"{hours}课时", ends.get(hours, "")] for hours in tiers],
            "weekdays": [weekday_name(weekday) for weekday in SCHOOL_WEEK],
            "blocked": blocked,
            "activities": list(dict.fromkeys(place.name for place in offer.places.values() if not place.care)),
            "notice_version": str(notice.version) if notice else "＿",
        },
        title="课后服务自愿申请表",
        number=f"SQ-{term_mark(registration.term.code)}-{registration.school.code}-{pupil.pk:07d}",
        school=registration.school.name,
        term=registration.term.name,
        version="1",
        basis="《关于梁平区中小学生课后服务工作的实施意见（试行）》二（一）、二（七）3",
        issued_at=at,
        verify_url="",
    )
