"""The door of the teacher: posts at the school of the URL, on a phone."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from kehou.chapters.people.queries import Seat, seat_at_school
from kehou.lib import clock
from kehou.lib.gates import guard
from kehou.rules.permissions import Permission


def _admit(request: HttpRequest, kwargs: dict[str, Any]) -> Seat:
    seat = seat_at_school(request.user, kwargs.pop("school_code"), on=clock.today())  # type: ignore[arg-type]
    if seat is None:
        raise Http404
    return seat


def at_school(permission: Permission, *, to_post: Permission | None = None) -> Any:
    """Return the decorator of a page that needs `permission` at the school named in the URL, `to_post` to act."""
    return guard(permission, _admit, to_post=to_post)
