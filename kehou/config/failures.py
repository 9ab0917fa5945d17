"""What Django's own refusals look like: which permission was missing, and a number to quote when something broke."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string

from kehou.rules.permissions import Permission

_TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say whether what was sent is too large, or cannot be read for another reason."""
    status = 413 if isinstance(exception, _TOO_LARGE) else 400
    return render(request, f"{status}.html", status=status)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Name the permission that the page needs, if the gate said which."""
    needed = exception.args[0] if exception.args else None
    permission = needed.title_zh if isinstance(needed, Permission) else ""
    return HttpResponseForbidden(render_to_string("403.html", {"permission": permission}, request))


def broken(request: HttpRequest) -> HttpResponse:
    """Show the number under which the request stands in the log; ask nothing of the database: it may be what broke."""
    return HttpResponseServerError(render_to_string("500.html", {"number": getattr(request, "number", "")}))
