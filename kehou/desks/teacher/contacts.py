"""安全联系: the classes somebody answers for: take the duties on, call the families, note who was reached (3.1-k)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from kehou.chapters.basis.queries import current_term
from kehou.chapters.enrolment.queries import pupils_in_service
from kehou.chapters.people import actions as people
from kehou.chapters.people.queries import Seat
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning import queries
from kehou.chapters.planning.models import ClassContact
from kehou.chapters.planning.papers_contacts import calling_paper
from kehou.desks.teacher.gate import at_school
from kehou.lib import clock
from kehou.rules.contacts import DUTIES
from kehou.rules.permissions import Permission
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused


def _mine(seat: Seat) -> Any:
    """Return the classes that are this person's to call: nobody else sees a family's telephone here."""
    assert seat.school is not None
    term = current_term(clock.today())
    if term is None:
        return ClassContact.objects.none()
    return queries.contacts_of_account(seat.account, seat.school, term)


def _children(seat: Seat, contact: ClassContact) -> list[queries.ChildLine]:
    assert seat.school is not None
    pupils = pupils_in_service(seat.school, contact.term, on=clock.today())
    return queries.children_to_call(contact.homeroom, contact.term, pupils)


@require_safe
@at_school(Permission.CONTACTS_OWN)
def contacts(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the classes somebody answers for, with whom to call of each child."""
    mine = [(one, _children(seat, one)) for one in _mine(seat)]
    return render(request, "teacher/contacts.html", {"mine": mine, "duties": DUTIES, "account": seat.account})


@require_POST
@at_school(Permission.CONTACTS_OWN)
def acknowledgement(request: HttpRequest, seat: Seat, contact_id: int) -> HttpResponse:
    """Take the duties on."""
    contact = get_object_or_404(_mine(seat), pk=contact_id)
    try:
        planning.acknowledge_contact(contact, account=seat.account, by=seat.by, at=clock.now())
    except Refused as no:
        messages.error(request, say(no.refusal))
    else:
        messages.success(request, "已确认责任。")
    return redirect("teacher:contacts", seat.school.code)  # type: ignore[union-attr]


@require_POST
@at_school(Permission.CONTACTS_OWN)
def reaching(request: HttpRequest, seat: Seat, contact_id: int, pupil_id: int) -> HttpResponse:
    """Note that the telephones of one child were tried and answered."""
    contact = get_object_or_404(_mine(seat), pk=contact_id)
    child = next((one.pupil for one in _children(seat, contact) if one.pupil.pk == pupil_id), None)
    if child is None:
        raise Http404
    try:
        people.verify_contacts(child, on=clock.today(), by=seat.by, at=clock.now())
    except Refused as no:
        messages.error(request, say(no.refusal))
    else:
        messages.success(request, f"{child.name}的联系电话已核对。")
    return redirect("teacher:contacts", seat.school.code)  # type: ignore[union-attr]


@require_safe
@at_school(Permission.CONTACTS_OWN)
def paper(request: HttpRequest, seat: Seat, contact_id: int) -> HttpResponse:
    """Return the calling list of a class on paper, for the day without electricity."""
    contact = get_object_or_404(_mine(seat), pk=contact_id)
    made = calling_paper(contact, _children(seat, contact), at=clock.now())
    answer = HttpResponse(made.pdf, content_type="application/pdf")
    answer["Cache-Control"] = "no-store"
    return answer
