"""Accounts and posts, for the security administrator, who sees no child."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.people import actions as people
from kehou.chapters.people.models import Account, Post
from kehou.chapters.people.queries import Seat, held_on
from kehou.desks.district.forms import AnyAppointmentForm
from kehou.desks.district.gate import in_district
from kehou.desks.district.lists import page_of, sheet, sheet_url, wanted
from kehou.desks.district.telling import status_of, tell
from kehou.lib import clock, sheets
from kehou.rules.permissions import ROLES
from kehou.rules.permissions import Permission as P
from kehou.rules.verdicts import Refused

_ROLES = [role for role in ROLES if role not in ("guardian", "homeroom_teacher")]  # these come with the rosters
_CRUMBS = [("账号与岗位", "/district/accounts/")]


def _titles(account: Account) -> list[str]:
    return [f"{post.school.name if post.school else '区级'} {ROLES[post.role].title}" for post in account.held]  # type: ignore[attr-defined]


@in_district(P.ACCOUNTS_EDIT)
def accounts(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show everybody who holds a post, with their posts of today. Families are not listed."""
    today = clock.today()
    rows = Account.objects.filter(posts__isnull=False).distinct().order_by("phone")
    if text := wanted(request):
        rows = rows.filter(Q(name__icontains=text) | Q(phone__startswith=text) | Q(posts__school__name__icontains=text))
    held = Prefetch("posts", Post.objects.filter(held_on(today)).select_related("school"), to_attr="held")
    rows = rows.prefetch_related(held)
    columns = [*map(sheets.Column, ("手机号码", "姓名", "岗位", "状态"))]
    cells = ((one.phone, one.name, "；".join(_titles(one)), "" if one.is_active else "停用") for one in rows)
    if answer := sheet(request, "账号与岗位", columns, cells):
        return answer
    page = page_of(request, rows)
    context = {"page": page, "rows": [(one, _titles(one)) for one in page], "sheet_url": sheet_url(request)}
    return render(request, "district/accounts.html", context)


@in_district(P.ACCOUNTS_EDIT)
def new_post(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Give somebody a post; show the start password once."""
    form = AnyAppointmentForm(_ROLES, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            post, password = people.appoint(**form.cleaned_data, by=seat.by, at=clock.now())
            return _page(request, post.account, password=password, fresh=True)
        except Refused as no:
            tell(form, no, not_a_mobile_number="phone", name_empty="name", role_sits_elsewhere="role")
    context = {"form": form, "title": "发放账号和岗位", "crumbs": _CRUMBS, "button": "发放"}
    return render(request, "district/form.html", context, status=status_of(form))


@in_district(P.ACCOUNTS_EDIT)
def account(request: HttpRequest, seat: Seat, account_id: int) -> HttpResponse:
    """Show one account with all its posts."""
    return _page(request, _found(account_id))


def _found(account_id: int) -> Account:
    return get_object_or_404(Account.objects.filter(posts__isnull=False).distinct(), pk=account_id)


def _page(request: HttpRequest, one: Account, *, password: str = "", fresh: bool = False) -> HttpResponse:
    posts = one.posts.select_related("school", "homeroom").order_by("until_on", "-from_on")
    today = clock.today()
    context = {
        "one": one,
        "posts": [(post, ROLES[post.role].title, post.until_on is None or post.until_on > today) for post in posts],
        "signed_in": one.sign_ins.filter(ended_at=None).count(),
        "second_factor": people.second_factor.has_second_factor(one),
        "password": password,
        "fresh": fresh,
        "crumbs": _CRUMBS,
    }
    return render(request, "district/account.html", context)


@require_POST
@in_district(P.ACCOUNTS_EDIT)
def password(request: HttpRequest, seat: Seat, account_id: int) -> HttpResponse:
    """Give a new start password; it is shown once."""
    one = _found(account_id)
    return _page(request, one, password=people.renew_password(one, by=seat.by, at=clock.now()))


@require_POST
@in_district(P.ACCOUNTS_EDIT)
def switch(request: HttpRequest, seat: Seat, account_id: int) -> HttpResponse:
    """Switch an account off or on."""
    one = _found(account_id)
    if one.is_active:
        people.switch_off(one, by=seat.by, at=clock.now())
    else:
        people.switch_on(one, by=seat.by, at=clock.now())
    messages.success(request, f"{one.name}的账号已{'停用' if one.is_active else '恢复'}。")
    return redirect("district:account", one.pk)


@require_POST
@in_district(P.ACCOUNTS_EDIT)
def post_end(request: HttpRequest, seat: Seat, post_id: int) -> HttpResponse:
    """End a post today."""
    post = get_object_or_404(Post.objects.select_related("account"), pk=post_id)
    people.end_post(post, on=clock.today(), by=seat.by, at=clock.now())
    messages.success(request, f"{post.account.name}的{ROLES[post.role].title}岗位已终止。")
    return redirect("district:accounts")
