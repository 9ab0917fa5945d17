"""家校安全联系: who answers for each class, who has acknowledged it, how many children can be reached (3.1-k)."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from kehou.chapters.basis.models import Term
from kehou.chapters.enrolment.queries import pupils_in_service
from kehou.chapters.people.models import Account, Post
from kehou.chapters.people.queries import Seat, held_on
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning import queries
from kehou.chapters.planning.papers_contacts import contacts_paper
from kehou.desks.school.gate import at_school
from kehou.desks.school.shelf import pdf, told
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets, typed
from kehou.rules.contacts import DUTIES, FAMILY_DUTY
from kehou.rules.permissions import Permission as P
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused


def _lines(seat: Seat, term: Term) -> list[queries.ClassLine]:
    assert seat.school is not None
    return queries.contact_list(seat.school, term, pupils_in_service(seat.school, term, on=clock.today()))


def _people(seat: Seat) -> QuerySet[Account]:
    posts = Post.objects.filter(held_on(clock.today()), school=seat.school)
    return Account.objects.filter(pk__in=posts.values("account")).order_by("name", "pk")


@require_safe
@at_school(P.ORG_SEE)
def contacts(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show each class with its contact and what it lacks; as a spreadsheet too. No child is named here."""
    term = this_term(request)
    lines = _lines(seat, term)
    if text := request.GET.get("q", "").strip():
        lines = [
            one for one in lines if text in str(one.homeroom) or (one.contact and text in one.contact.account.name)
        ]
    if request.GET.get("as") == "sheet":
        return _sheet(lines)
    context = {
        "term": term, "lines": lines, "open": [no for one in lines for no in one.problems], "people": _people(seat),
        "duties": DUTIES, "family_duty": FAMILY_DUTY,
    }  # fmt: skip
    return render(request, "school/safety/contacts.html", context)


def _sheet(lines: list[queries.ClassLine]) -> HttpResponseBase:
    columns = [*map(sheets.Column, ("班级", "安全联系人", "备岗")), sheets.Column("确认责任", "moment")]
    columns += [sheets.Column("参加人数", "whole"), sheets.Column("电话已打通", "whole"), sheets.Column("还缺什么")]
    rows = (
        (
            str(one.homeroom), one.contact.account.name if one.contact else "",
            one.contact.deputy.name if one.contact and one.contact.deputy else "",
            one.contact.acknowledged_at if one.contact else None, one.children, one.reached,
            "".join(map(say, one.problems)),
        )
        for one in lines
    )  # fmt: skip
    return sheets.download("家校安全联系.xlsx", columns, rows)


@require_POST
@at_school(P.ORG_EDIT)
def naming(request: HttpRequest, seat: Seat, homeroom_id: int) -> HttpResponse:
    """Name the contact of one class and a deputy."""
    assert seat.school is not None
    homeroom = get_object_or_404(seat.school.homerooms.select_related("school"), pk=homeroom_id)
    people = _people(seat)
    contact = get_object_or_404(people, pk=typed.whole(request.POST.get("contact")) or 0)
    deputy = people.filter(pk=typed.whole(request.POST.get("deputy")) or 0).first()
    try:
        planning.name_contact(homeroom, this_term(request), contact, deputy=deputy, by=seat.by, at=clock.now())
    except Refused as no:
        told(request, no)
    else:
        messages.success(request, f"{homeroom}的安全联系人：{contact.name}。请本人在教师端确认责任。")
    return redirect("school:contacts", seat.school.code)


@require_POST
@at_school(P.ORG_EDIT)
def class_teachers(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Name the class teacher for every class that has no contact yet."""
    assert seat.school is not None
    named = planning.name_class_teachers(seat.school, this_term(request), by=seat.by, at=clock.now())
    messages.success(request, f"已按班主任指定{named}个班。")
    return redirect("school:contacts", seat.school.code)


@require_safe
@at_school(P.ORG_SEE)
def paper(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Return the list on paper."""
    assert seat.school is not None
    term = this_term(request)
    return pdf(contacts_paper(seat.school, term, _lines(seat, term), at=clock.now()), "家校安全联系责任表")
