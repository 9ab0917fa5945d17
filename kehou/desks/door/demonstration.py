"""The demonstration's people, one tap each, and its clock. These URLs exist in a demonstration only."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.people.models import Account, Guardianship, Post, Pupil
from kehou.chapters.people.queries import held_on
from kehou.desks.door.arrival import let_in, safe_next
from kehou.desks.door.at_home import at_home
from kehou.lib import clock, typed
from kehou.lib import demonstration as story
from kehou.lib.gates import open_to_all
from kehou.rules.permissions import ROLES

ROWS = 30
MOST_DAYS = 200
_DESKS = {"guardian": "家长", "teacher": "教师", "school": "学校", "district": "区级部门"}


@open_to_all
@at_home
def people(request: HttpRequest) -> HttpResponse:
    """Show who can be tapped: the cast with their stories, then everybody with a post or a child."""
    text, desk = request.GET.get("q", "").strip(), request.GET.get("desk", "")
    cast = [] if text or desk or request.GET.get("page") else _cast()
    everybody = _everybody(text, desk)
    if cast:
        everybody = everybody.exclude(phone__in=[one.phone for one in story.CAST])  # type: ignore[attr-defined]
    page = Paginator(everybody, ROWS).get_page(request.GET.get("page"))
    context = {
        "cast": cast,
        "page": page,
        "rows": [(account, _line(account)) for account in page],
        "desks": _DESKS,
        "desk": desk,
        "story": story.MOMENTS,
    }
    return render(request, "door/people.html", context)


def _cast() -> list[tuple[str, list[tuple[Account, str, str]]]]:
    """Return the personas that this district has, by desk, with place and story."""
    accounts = {
        one.phone: one for one in _with_places(Account.objects.filter(phone__in=[one.phone for one in story.CAST]))
    }
    groups: dict[str, list[tuple[Account, str, str]]] = {}
    for persona in story.CAST:
        if account := accounts.get(persona.phone):
            desk = _DESKS[ROLES[persona.role].desk]
            groups.setdefault(desk, []).append((account, _line(account), persona.line))
    return list(groups.items())


def _with_places(accounts: object) -> object:
    """Return accounts with the posts and children of today fetched: three queries, whatever their number."""
    today = clock.today()
    return accounts.prefetch_related(  # type: ignore[attr-defined]
        Prefetch("posts", Post.objects.filter(held_on(today)).select_related("school", "homeroom"), to_attr="held"),
        Prefetch(
            "guardianships",
            Guardianship.objects.filter(held_on(today), pupil__state=Pupil.IN_SCHOOL).select_related(
                "pupil__school", "pupil__homeroom"
            ),
            to_attr="children",
        ),
    )


def _everybody(text: str, desk: str) -> object:
    has_post, has_child = Q(posts__isnull=False), Q(guardianships__isnull=False)
    if desk in _DESKS:
        roles = [name for name, role in ROLES.items() if role.desk == desk]
        found = Account.objects.filter(has_child if desk == "guardian" else Q(posts__role__in=roles))
    else:
        found = Account.objects.filter(has_post | has_child)
    if text:
        found = found.filter(
            Q(name__icontains=text)
            | Q(phone__startswith=text)
            | Q(posts__school__name__icontains=text)
            | Q(guardianships__pupil__name__icontains=text)
            | Q(guardianships__pupil__school__name__icontains=text)
        )
    return _with_places(found.filter(is_active=True).distinct().order_by("phone"))


def _line(account: Account) -> str:
    """Return who somebody is in one line."""
    posts = [
        f"{post.school.name if post.school else ''}{post.homeroom or ''}{ROLES[post.role].title}"
        for post in account.held  # type: ignore[attr-defined]
    ]
    children = [
        f"{one.pupil.name}（{one.pupil.school.name}{one.pupil.homeroom}）的{one.relation or '家长'}"
        for one in account.children  # type: ignore[attr-defined]
    ]
    return "，".join(posts + children)


@require_POST
@open_to_all
@at_home
def sign_in_as(request: HttpRequest, account_id: int) -> HttpResponse:
    """Become one of the demonstration's people."""
    account = get_object_or_404(Account, pk=account_id, is_active=True)
    logout(request)
    return let_in(request, account, way="demonstration")


@require_POST
@open_to_all
@at_home
def clock_moment(request: HttpRequest) -> HttpResponse:
    """Let the demonstration's clock stand at a moment of the story."""
    chosen = next((one for one in story.MOMENTS if one.key == request.POST.get("moment")), None)
    if chosen is None:
        raise Http404
    story.visit(chosen)
    messages.info(request, f"现在是{chosen.title}：{chosen.saying}。")
    back = safe_next(request)
    return HttpResponseRedirect(back) if back else redirect("door:people")


@require_POST
@open_to_all
@at_home
def clock_days(request: HttpRequest) -> HttpResponse:
    """Let days pass: a round of opinions ends, a certificate expires. What was done at this moment stays."""
    days = typed.whole(request.POST.get("days"), most=MOST_DAYS)
    if not days:
        messages.error(request, f"请填1到{MOST_DAYS}天。")
    else:
        story.let_pass(days, daily="daily" in request.POST)
        messages.info(request, f"过了{days}天。")
    return redirect("door:people")
