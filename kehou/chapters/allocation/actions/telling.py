"""The letters about one child's seat: offered, moved by hand, taken back."""

from __future__ import annotations

from datetime import datetime

from kehou.chapters.allocation.models import Offer
from kehou.chapters.enrolment.models import Application
from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Pupil
from kehou.chapters.people.queries import guardians_of
from kehou.chapters.programme.models import Slot
from kehou.rules.calendar import weekday_name
from kehou.rules.enrolling import said


def tell_offer(offer: Offer, slot: Slot, at: datetime) -> None:
    """Write to the guardians of the child whose turn it is."""
    pupil = offer.application.pupil
    title = f"{weekday_name(slot.weekday)}“{slot.activity.name}”有一个位置给{pupil.name}"
    body = f"按候补顺序轮到{pupil.name}了。请在{said(offer.expires_at)}前答复，过时转给下一位。"
    _tell(pupil, "allocation.offered", title, body, at)


def tell_moved(application: Application, slot: Slot, at: datetime) -> None:
    """Write to the guardians of a child that got another seat by hand."""
    pupil = application.pupil
    body = f"学校把{pupil.name}安排到{weekday_name(slot.weekday)}“{slot.activity.name}”，原因和安排请点开查看。"
    _tell(pupil, "allocation.moved", f"{pupil.name}的安排有调整", body, at)


def tell_removed(application: Application, slot: Slot, reason: str, at: datetime) -> None:
    """Write to the guardians of a child that lost a seat by hand, with the reason."""
    pupil = application.pupil
    body = f"{weekday_name(slot.weekday)}“{slot.activity.name}”的位置从下一个服务日起收回，原因：{reason}。"
    _tell(pupil, "allocation.moved", f"{pupil.name}的安排有调整", body, at)


def _tell(pupil: Pupil, kind: str, title: str, body: str, at: datetime) -> None:
    accounts = [guardian.pk for guardian in guardians_of(pupil, on=at.date())]
    link, code = f"/guardian/{pupil.pk}/result/", pupil.school.code
    journal.send_many(accounts, kind=kind, title=title, body=body, link=link, at=at, school_code=code)
