"""班级与岗位: homerooms with their teachers, and who holds which post at the school."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.people import actions as people
from kehou.chapters.people.models import Post, Pupil
from kehou.chapters.people.queries import Seat, held_on
from kehou.chapters.schools import actions as schools
from kehou.chapters.schools.queries import homerooms_of
from kehou.chapters.staffing import actions as staffing
from kehou.desks.school.forms import TeacherForm
from kehou.desks.school.gate import at_school
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets, typed
from kehou.rules.permissions import ROLES, Permission
from kehou.rules.schools import grades_of
from kehou.rules.verdicts import Refused

ROWS = 60
GIVEN_HERE = ("homeroom_teacher", *staffing.GIVEN_BY_SCHOOL)


@at_school(Permission.CLASSES_EDIT)
def classes(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the homerooms of the school year with teacher and number of children."""
    if request.GET.get("as") == "sheet":
        return _sheet(request, seat)
    return _page(request, seat)


def _rows(request: HttpRequest, seat: Seat) -> list[tuple[Any, list[Post]]]:
    term = this_term(request)
    in_school = Count("pupils", filter=Q(pupils__state=Pupil.IN_SCHOOL))
    found = homerooms_of(seat.school, school_year=term.school_year).annotate(children=in_school)
    posts: dict[int, list[Post]] = {}
    held = seat.school.posts.filter(held_on(clock.today()), role="homeroom_teacher").select_related("account")
    for post in held:
        posts.setdefault(post.homeroom_id or 0, []).append(post)
    text = request.GET.get("q", "").strip()
    rows = [(one, posts.get(one.pk, [])) for one in found]
    return [row for row in rows if text in f"{row[0]}{''.join(post.account.name for post in row[1])}"]


def _page(request: HttpRequest, seat: Seat, no: Refused | None = None, *, wrong: str = "") -> HttpResponse:
    rows = _rows(request, seat)
    return render(
        request,
        "school/classes/classes.html",
        {
            "term": this_term(request),
            "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
            "without": sum(not posts for _, posts in rows),
            "teachers": _teachers(seat),
            "grades": grades_of(seat.school.kind),
            "refusals": no.refusals if no else (),
            "wrong": wrong,
            "typed": request.POST,
        },
        status=409 if no else 422 if wrong else 200,
    )


def _teachers(seat: Seat) -> list[tuple[int, str]]:
    """Return everybody with a teaching post at the school, once each."""
    held = seat.school.posts.filter(held_on(clock.today()), role__in=("teacher", "homeroom_teacher"))
    names = {post.account_id: post.account.name for post in held.select_related("account")}
    return sorted(names.items(), key=lambda one: one[1])


def _sheet(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    columns = [sheets.Column("班级"), sheets.Column("班主任"), sheets.Column("在校学生", "whole")]
    rows = (
        (str(one), "、".join(post.account.name for post in held), one.children) for one, held in _rows(request, seat)
    )
    return sheets.download(f"班级-{seat.school.name}.xlsx", columns, rows)


@require_POST
@at_school(Permission.CLASSES_EDIT)
def new_homeroom(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Add a class."""
    grade, number = (typed.whole(request.POST.get(name), most=99) for name in ("grade", "number"))
    if not grade or not number:
        return _page(request, seat, wrong="请选年级，班号填1到99的数字。")
    facts = {"school_year": this_term(request).school_year, "grade": grade, "number": number}
    try:
        made = schools.add_homeroom(
            seat.school, **facts, site=request.POST.get("site", "")[:30], by=seat.by, at=clock.now()
        )
    except Refused as no:
        return _page(request, seat, no)
    messages.success(request, f"{made}已建好。")
    return redirect("school:classes", seat.school.code)


@require_POST
@at_school(Permission.CLASSES_EDIT)
def homeroom_teacher(request: HttpRequest, seat: Seat, homeroom_id: int) -> HttpResponse:
    """Give a class its teacher from today on; who had it before keeps the history, not the post."""
    homeroom = get_object_or_404(seat.school.homerooms, pk=homeroom_id)
    chosen = dict(_teachers(seat)).keys() & {typed.whole(request.POST.get("account"))}
    if not chosen:
        messages.error(request, "请从名单里选一位老师；新老师先到“教师岗位”里登记。")
        return redirect("school:classes", seat.school.code)
    account = seat.school.posts.filter(account_id=chosen.pop()).select_related("account")[0].account
    try:
        people.appoint_homeroom_teacher(homeroom, account, on=clock.today(), by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, seat, no)
    messages.success(request, f"{homeroom}由{account.name}任班主任。")
    return redirect("school:classes", seat.school.code)


# --- Posts ------------------------------------------------------------------------------------------------------------


@at_school(Permission.CLASSES_EDIT)
def posts(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show who holds which post at the school."""
    return _posts(request, seat)


def _posts(
    request: HttpRequest, seat: Seat, form: TeacherForm | None = None, no: Refused | None = None
) -> HttpResponseBase:
    held = seat.school.posts.filter(held_on(clock.today())).select_related("account", "homeroom")
    held = held.order_by("role", "account__name", "pk")
    if text := request.GET.get("q", "").strip():
        held = held.filter(account__name__icontains=text)
    if request.GET.get("as") == "sheet":
        columns = [sheets.Column("姓名"), sheets.Column("岗位"), sheets.Column("班级"), sheets.Column("自", "day")]
        rows = ((one.account.name, ROLES[one.role].title, str(one.homeroom or ""), one.from_on) for one in held)
        return sheets.download(f"岗位-{seat.school.name}.xlsx", columns, rows)
    page = Paginator(held, ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "school/classes/posts.html",
        {
            "page": page,
            "rows": [(one, ROLES[one.role].title, one.role in GIVEN_HERE) for one in page],
            "form": form or TeacherForm(),
            "roles": [(role, ROLES[role].title) for role in staffing.GIVEN_BY_SCHOOL],
            "refusals": no.refusals if no else (),
            "password": request.session.pop("start_password", None),
        },
        status=409 if no or form else 200,
    )


@require_POST
@at_school(Permission.CLASSES_EDIT)
def new_post(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Give somebody an account and a post; the start password is shown once."""
    form, role = TeacherForm(request.POST), request.POST.get("role", "teacher")
    if not form.is_valid():
        return _posts(request, seat, form)
    try:
        account, password = staffing.employ(
            form.cleaned_data["phone"],
            name=form.cleaned_data["name"],
            role=role,
            school=seat.school,
            on=clock.today(),
            by=seat.by,
            at=clock.now(),
        )
    except Refused as no:
        return _posts(request, seat, form, no)
    if password:
        request.session["start_password"] = [account.name, password]
    messages.success(request, f"{account.name}已有岗位：{ROLES[role].title}。")
    return redirect("school:posts", seat.school.code)


def _post_here(seat: Seat, post_id: int) -> Post:
    held = seat.school.posts.filter(held_on(clock.today()), role__in=GIVEN_HERE).select_related("account", "school")
    return get_object_or_404(held, pk=post_id)


@require_POST
@at_school(Permission.CLASSES_EDIT)
def post_end(request: HttpRequest, seat: Seat, post_id: int) -> HttpResponse:
    """End a post from today on."""
    post = _post_here(seat, post_id)
    people.end_post(post, on=clock.today(), by=seat.by, at=clock.now())
    messages.success(request, f"{post.account.name}不再任{ROLES[post.role].title}。")
    return redirect("school:posts", seat.school.code)


@require_POST
@at_school(Permission.CLASSES_EDIT)
def post_password(request: HttpRequest, seat: Seat, post_id: int) -> HttpResponseBase:
    """Give a new start password to somebody who lost theirs; shown once, to the person who hands it over."""
    post = _post_here(seat, post_id)
    try:
        password = people.renew_start_password(post, given_here=GIVEN_HERE, by=seat.by, at=clock.now())
    except Refused as no:
        return _posts(request, seat, None, no)
    request.session["start_password"] = [post.account.name, password]
    return redirect("school:posts", seat.school.code)
