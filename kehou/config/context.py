"""What every page may show around its content."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from kehou.chapters.journal.queries import unread_of
from kehou.chapters.people.models import Account
from kehou.desks.door.seats import Place, places_of
from kehou.lib import clock, demonstration
from kehou.lib.menus import visible

_PLACE = {"guardian": ("pupil_id",), "teacher": ("school_code",), "school": ("school_code",)}


def desk(request: HttpRequest) -> dict[str, Any]:
    """Return the seat, what it may do, the moment; unread letters and one's desks, where they are printed."""
    seat = getattr(request, "seat", None)
    user = getattr(request, "user", None)

    def unread() -> int:
        if user is None or not user.is_authenticated:
            return 0
        return unread_of(user.pk)

    def menu() -> list[Any]:
        match = request.resolver_match
        if seat is None or match is None or not match.namespace:
            return []
        groups = import_module(f"kehou.desks.{match.namespace}.menu").MENU
        # A guardian's pages stand beside a child, those of a school under its code, the district's under neither.
        place = {key: match.kwargs[key] for key in _PLACE.get(match.namespace, ()) if key in match.kwargs}
        return visible(groups, permissions=seat.permissions, here=request.path, **place)

    def moments() -> list[dict[str, Any]]:
        today = clock.today()
        return [
            {"key": one.key, "label": one.title, "current": one.at.date() == today} for one in demonstration.MOMENTS
        ]

    def desks() -> list[Place]:
        return places_of(user) if isinstance(user, Account) else []

    return {
        "seat": seat,
        "desks": SimpleLazyObject(desks),
        "menu": SimpleLazyObject(menu),
        "school": getattr(seat, "school", None),
        "can": frozenset(permission.value for permission in seat.permissions) if seat else frozenset(),
        "now": SimpleLazyObject(clock.now),
        "unread_letters": SimpleLazyObject(unread),
        "demonstration": settings.DEMONSTRATION,
        "moments": SimpleLazyObject(moments) if settings.DEMONSTRATION else (),
        "elder": bool(user is not None and user.is_authenticated and user.elder_mode),
    }
