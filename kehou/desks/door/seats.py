"""Choosing a desk: one is taken at once, of several one is chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kehou.chapters.people.models import Account
from kehou.chapters.people.queries import children_of, posts_of
from kehou.lib import clock
from kehou.lib.gates import signed_in
from kehou.rules.permissions import ROLES
from kehou.rules.permissions import Permission as P


@dataclass(frozen=True, slots=True)
class Place:
    """One desk that somebody may sit at."""

    title: str
    where: str
    href: str
    icon: str


# Where a desk begins, the first that its roles may open: the gate has no groups, only its list.
_HOMES = {
    "guardian": (("guardian:home", P.CHILD_SEE),),
    "teacher": (("teacher:today", P.GROUP_SEE), ("teacher:gate", P.GATE_SEE)),
    "school": (("school:home", P.SCHOOL_SEE),),
    "district": (("district:home", None),),
}
_ICONS = {"guardian": "users", "teacher": "clipboard-check", "school": "school", "district": "building-bank"}


def _href(desk: str, roles: Iterable[str], *args: object) -> str:
    """Return where a desk begins for somebody with these roles; nothing if they may open no page of it."""
    permissions = frozenset().union(*(ROLES[role].permissions for role in roles))
    return next((reverse(name, args=args) for name, needs in _HOMES[desk] if needs is None or needs in permissions), "")


def places_of(account: Account) -> list[Place]:
    """Return every desk of somebody: children first, then schools, then the district."""
    today = clock.today()
    places = [
        Place(
            child.name,
            f"{child.school.name} {child.homeroom}",
            _href("guardian", ["guardian"], child.pk),
            _ICONS["guardian"],
        )
        for child in children_of(account, on=today)
    ]
    held: dict[tuple[str, str, str], list[str]] = {}
    for post in posts_of(account, on=today):
        role = ROLES[post.role]
        key = (role.desk, post.school.code if post.school else "", post.school.name if post.school else "区级")
        held.setdefault(key, []).append(post.role)
    for (desk, code, where), roles in held.items():
        titles = dict.fromkeys(ROLES[role].title for role in roles)
        places.append(Place("、".join(titles), where, _href(desk, roles, *([code] if code else [])), _ICONS[desk]))
    return [place for place in places if place.href]


@signed_in
def seats(request: HttpRequest) -> HttpResponse:
    """Go to the only desk, or show the choice."""
    places = places_of(request.user)  # type: ignore[arg-type]
    # Several children are one desk: its head switches between them.
    children_only = bool(places) and all(place.icon == _ICONS["guardian"] for place in places)
    if (len(places) == 1 or children_only) and request.GET.get("choose") is None:
        return redirect(places[0].href)
    return render(request, "door/seats.html", {"places": places})
