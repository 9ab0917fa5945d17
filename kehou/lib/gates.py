"""The door decides, and hands the view what it may touch (style.md no. 15).

A stranger gets 404 (the page says nothing about existence), a colleague without the permission 403, somebody who is not
signed in the sign-in page. Every view carries `needs`, which `tests/test_architecture.py` demands of every URL.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

OPEN = "open"  # anybody
SIGNED_IN = "signed_in"  # anybody with an account


class HasPermissions(Protocol):
    """Whatever a desk's gate hands to its views."""

    permissions: frozenset[Any]


View = Callable[..., HttpResponse]
Admit = Callable[[HttpRequest, dict[str, Any]], HasPermissions]


def guard(permission: Any, admit: Admit, *, to_post: Any = None) -> Callable[[View], View]:
    """Return a decorator: `admit(request, kwargs)` takes its own parts of the URL out of `kwargs` and returns the seat.

    `to_post`: what sending the page asks, where that is another right than seeing it.

    :raises Http404: by `admit`, for a stranger
    :raises PermissionDenied: for a colleague whose seat lacks `permission`, or sends and lacks `to_post`
    """

    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            seat = admit(request, kwargs)
            request.seat = seat  # type: ignore[attr-defined]  # for the page around the content
            if permission not in seat.permissions:
                raise PermissionDenied(permission)
            if to_post is not None and request.method == "POST" and to_post not in seat.permissions:
                raise PermissionDenied(to_post)
            return view(request, seat, **kwargs)

        guarded.needs = permission  # type: ignore[attr-defined]
        guarded.needs_to_post = to_post or permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def may_follow(link: str, permissions: frozenset[Any], *, desk: str) -> bool:
    """Return whether a page of this desk opens for somebody with these permissions: whether its link is to be shown."""
    try:
        match = resolve(urlsplit(link).path)
    except Resolver404:
        return False
    return match.app_name == desk and getattr(match.func, "needs", None) in permissions


def open_to_all(view: View) -> View:
    """Mark a view that a stranger may see."""
    view.needs = OPEN  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Admit anybody with an account to their own things."""
    inner = login_required(view)
    inner.needs = SIGNED_IN
    return inner
