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
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from kehou.lib import typed

OPEN = "open"  # anybody
SIGNED_IN = "signed_in"  # anybody with an account


class HasPermissions(Protocol):
    """Whatever a desk's gate hands to its views."""

    permissions: frozenset[Any]


View = Callable[..., HttpResponse]
Admit = Callable[[HttpRequest, dict[str, Any]], HasPermissions]


def page_of(request: HttpRequest) -> str:
    """Return the address of the page that somebody sees: what is sent may go to one that shows nothing by itself."""
    came_from = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    if request.method != "POST" or not came_from or not ours:
        return request.get_full_path()
    parts = urlsplit(came_from)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _by_whom(view: View) -> View:
    """Let a view be asked by somebody signed in; tell anybody else whether something was sent and not saved."""
    inner = login_required(view)

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        written = typed.texts(request.POST)
        if written or request.headers.get("HX-Request"):  # a part of a page is no place for the sign-in page
            return render(request, "signed_out.html", {"written": written}, status=403)
        if request.method == "POST":
            back = urlencode({"next": page_of(request), "unsaved": "1"})
            return HttpResponseRedirect(f"{reverse('door:sign_in')}?{back}")
        return inner(request, *args, **kwargs)

    return asked


def guard(permission: Any, admit: Admit, *, to_post: Any = None) -> Callable[[View], View]:
    """Return a decorator: `admit(request, kwargs)` takes its own parts of the URL out of `kwargs` and returns the seat.

    `to_post`: what sending the page asks, where that is another right than seeing it.

    :raises Http404: by `admit`, for a stranger
    :raises PermissionDenied: for a colleague whose seat lacks `permission`, or sends and lacks `to_post`
    """

    def decorate(view: View) -> View:
        @wraps(view)
        @_by_whom
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
    inner = _by_whom(view)
    inner.needs = SIGNED_IN  # type: ignore[attr-defined]
    return inner
