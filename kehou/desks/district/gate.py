"""The door of the district office: posts without a school."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from kehou.chapters.people.queries import Seat, seat_in_district
from kehou.lib import clock
from kehou.lib.gates import guard
from kehou.rules.permissions import Permission


def _admit(request: HttpRequest, kwargs: dict[str, Any]) -> Seat:
    seat = seat_in_district(request.user, on=clock.today())  # type: ignore[arg-type]
    if seat is None:
        raise Http404
    return seat


def in_district(permission: Permission, *, to_post: Permission | None = None) -> Any:
    """Return the decorator of a page that needs `permission` in the district office, `to_post` to send it."""
    return guard(permission, _admit, to_post=to_post)
