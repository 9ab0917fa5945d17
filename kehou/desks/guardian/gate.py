"""The door of the guardian: one child of their own, named in the URL."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from kehou.chapters.people.queries import Parenthood, parenthood
from kehou.lib import clock
from kehou.lib.gates import guard
from kehou.rules.permissions import Permission


def _admit(request: HttpRequest, kwargs: dict[str, Any]) -> Parenthood:
    beside = parenthood(request.user, kwargs.pop("pupil_id"), on=clock.today())  # type: ignore[arg-type]
    if beside is None:
        raise Http404
    return beside


def beside_child(permission: Permission) -> Any:
    """Return the decorator of a page about the child named in the URL."""
    return guard(permission, _admit)
