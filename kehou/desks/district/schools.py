"""The list of schools; one school as the district may look at it; who leads it."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.people import actions as people
from kehou.chapters.people.models import Post, Pupil
from kehou.chapters.people.queries import Seat, held_on
from kehou.chapters.schools import actions
from kehou.chapters.schools.models import School
from kehou.chapters.supervision import queries
from kehou.desks.district.forms import AppointmentForm, NewSchoolForm, SchoolForm
from kehou.desks.district.gate import in_district
from kehou.desks.district.lists import page_of, sheet, sheet_url, term_of, wanted
from kehou.desks.district.telling import status_of, tell
from kehou.lib import clock, sheets
from kehou.rules.permissions import ROLES
from kehou.rules.permissions import Permission as P
from kehou.rules.schools import KINDS
from kehou.rules.verdicts import Refused

LEADERS = ["principal", "asp_manager"]  # whom the district appoints; they appoint the others
_CRUMBS = [("学校", "/district/schools/")]


@in_district(P.DISTRICT_SEE)
def schools(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the schools of the district."""
    rows = School.objects.annotate(
        count=Count("pupils", filter=Q(pupils__state=Pupil.IN_SCHOOL), distinct=True)
    ).order_by("code")
    if text := wanted(request):
        rows = rows.filter(Q(name__icontains=text) | Q(code__startswith=text) | Q(town__icontains=text))
    columns = [
        *map(sheets.Column, ("标识码", "名称", "类别", "街镇", "地址", "电话")),
        sheets.Column("民办", "yes"),
        sheets.Column("在籍学生", "whole"),
    ]
    cells = (
        (one.code, one.name, KINDS[one.kind], one.town, one.address, one.phone, one.is_private, one.count)
        for one in rows
    )
    if answer := sheet(request, "学校", columns, cells):
        return answer
    context = {"page": page_of(request, rows), "kinds": KINDS, "sheet_url": sheet_url(request)}
    return render(request, "district/schools.html", context)


@in_district(P.SCHOOLS_EDIT)
def new_school(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Put a school on the list."""
    form = NewSchoolForm(request.POST if request.method == "POST" else None, initial={"charges_fee": True})
    if form.is_valid():
        typed = dict(form.cleaned_data)
        try:
            made = actions.add_school(typed.pop("code"), **typed, by=seat.by, at=clock.now())
            messages.success(request, f"已增加{made.name}。接着请发放校长和管理员账号。")
            return redirect("district:school", made.code)
        except Refused as no:
            tell(form, no, school_code_malformed="code", school_code_taken="code", school_name_taken="name")
    context = {"form": form, "title": "增加学校", "crumbs": _CRUMBS, "button": "增加"}
    return render(request, "district/form.html", context, status=status_of(form))


@in_district(P.SCHOOLS_EDIT)
def edit(request: HttpRequest, seat: Seat, code: str) -> HttpResponse:
    """Correct a school's entry."""
    one = get_object_or_404(School, code=code)
    form = SchoolForm(request.POST if request.method == "POST" else None, initial=model_to_dict(one))
    if form.is_valid():
        try:
            actions.change_school(one, by=seat.by, at=clock.now(), **form.cleaned_data)
            messages.success(request, "已更正。")
            return redirect("district:school", code)
        except Refused as no:
            tell(form, no, school_name_taken="name")
    context = {"form": form, "title": f"更正{one.name}", "crumbs": _CRUMBS, "button": "保存"}
    return render(request, "district/form.html", context, status=status_of(form))


@in_district(P.DISTRICT_SEE)
def school(request: HttpRequest, seat: Seat, code: str) -> HttpResponse:
    """Show one school: how far it is, what it has, who leads it."""
    return _page(request, seat, get_object_or_404(School, code=code))


def _page(
    request: HttpRequest,
    seat: Seat,
    one: School,
    form: AppointmentForm | None = None,
    start: dict[str, str] | None = None,
) -> HttpResponse:
    term, today = term_of(request), clock.today()
    position = next(iter(queries.positions(term, at=clock.now(), text=one.code)), None) if term else None
    held = one.posts.filter(held_on(today), role__in=LEADERS).select_related("account").order_by("role", "pk")
    may = P.SCHOOLS_EDIT in seat.permissions
    context = {
        "one": one,
        "kind": KINDS[one.kind],
        "term": term,
        "position": position,
        "homerooms": one.homerooms.filter(school_year=term.school_year).count() if term else 0,
        "rooms": one.rooms.filter(retired_on=None).count(),
        "leaders": [(post, ROLES[post.role].title) for post in held],
        "form": (form or AppointmentForm(LEADERS)) if may else None,
        "start": start,
        "may": may,
        "crumbs": _CRUMBS,
    }
    return render(request, "district/school.html", context, status=status_of(form) if form else 200)


@require_POST
@in_district(P.SCHOOLS_EDIT)
def posts(request: HttpRequest, seat: Seat, code: str) -> HttpResponse:
    """Make somebody principal or manager; show the start password once."""
    one = get_object_or_404(School, code=code)
    form = AppointmentForm(LEADERS, request.POST)
    start = None
    if form.is_valid():
        try:
            post, password = people.appoint(**form.cleaned_data, school=one, by=seat.by, at=clock.now())
            start = {"name": post.account.name, "phone": post.account.phone, "password": password}
            return _page(request, seat, one, start=start)
        except Refused as no:
            tell(form, no, not_a_mobile_number="phone", name_empty="name")
    return _page(request, seat, one, form=form)


@require_POST
@in_district(P.SCHOOLS_EDIT)
def post_end(request: HttpRequest, seat: Seat, code: str, post_id: int) -> HttpResponse:
    """End a principal's or manager's post today."""
    post = get_object_or_404(Post, pk=post_id, school__code=code, role__in=LEADERS)
    people.end_post(post, on=clock.today(), by=seat.by, at=clock.now())
    messages.success(request, f"{post.account.name}的{ROLES[post.role].title}岗位已终止。")
    return redirect("district:school", code)
