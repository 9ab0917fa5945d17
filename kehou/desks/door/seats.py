"""Choosing a desk: one is taken at once, of several one is chosen."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse

from kehou.chapters.people.models import Account
from kehou.chapters.people.queries import children_of, posts_of
from kehou.lib import clock
from kehou.lib.gates import signed_in
from kehou.rules.permissions import ROLES


@dataclass(frozen=True, slots=True)
class Place:
    """One desk that somebody may sit at."""

    title: str
    where: str
    href: str
    icon: str


_HOMES = {"guardian": ("guardian:home",), "teacher": ("teacher:today",), "school": ("school:home", "school:board")}
_ICONS = {"guardian": "users", "teacher": "clipboard-check", "school": "school", "district": "building-bank"}


def _href(desk: str, *args: object) -> str:
    """Return where a desk begins; a desk whose home is not built yet begins at its first page."""
    for name in _HOMES.get(desk, (f"{desk}:home",)):
        try:
            return reverse(name, args=args)
        except NoReverseMatch:
            continue
    return ""


def places_of(account: Account) -> list[Place]:
    """Return every desk of somebody: children first, then schools, then the district."""
    today = clock.today()
    places = [
        Place(child.name, f"{child.school.name} {child.homeroom}", _href("guardian", child.pk), _ICONS["guardian"])
        for child in children_of(account, on=today)
    ]
    titles: dict[tuple[str, str, str], list[str]] = {}
    for post in posts_of(account, on=today):
        role = ROLES[post.role]
        key = (role.desk, post.school.code if post.school else "", post.school.name if post.school else "区级")
        titles.setdefault(key, []).append(role.title)
    for (desk, code, where), roles in titles.items():
        href = _href(desk, *([code] if code else []))
        places.append(Place("、".join(dict.fromkeys(roles)), where, href, _ICONS[desk]))
    return [place for place in places if place.href]


@signed_in
def seats(request: HttpRequest) -> HttpResponse:
    """Go to the only desk, or show the choice."""
    places = places_of(request.user)  # type: ignore[arg-type]
    if len(places) == 1 and request.GET.get("choose") is None:
        return redirect(places[0].href)
    return render(request, "door/seats.html", {"places": places})
