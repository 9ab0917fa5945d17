"""A demonstration lets anybody in as anybody: therefore only somebody who sits at this very machine.

ALLOWED_HOSTS looks at the name that was asked for, and a proxy can ask for 127.0.0.1 on behalf of the whole world. So
these pages look at where a request comes from, and at whether somebody handed it on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_HANDED_ON = ("HTTP_X_FORWARDED", "HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_X_CLIENT_IP")


def is_at_home(request: HttpRequest) -> bool:
    """Return whether a request of a demonstration was made at this machine and handed on by nobody.

    A server that listens to other addresses sees theirs; one behind a socket file sees none.
    """
    if not settings.DEMONSTRATION or any(name.startswith(_HANDED_ON) for name in request.META):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def at_home(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a page of the demonstration answer at this machine only; elsewhere it says why."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_at_home(request):
            return render(request, "door/not_at_home.html", status=403)
        return view(request, *args, **kwargs)

    return guarded
