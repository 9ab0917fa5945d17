"""What happens around every request: one structured line, and refusals that no view has caught."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from time import perf_counter
from typing import Any

import structlog
from django.core.exceptions import SuspiciousOperation
from django.db import DataError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.cache import add_never_cache_headers

from kehou.lib import masking
from kehou.lib.gates import page_of
from kehou.rules.verdicts import Refused

log = structlog.get_logger("kehou.request")
Next = Callable[[HttpRequest], HttpResponse]


class _Counter:
    """Counts statements without keeping them."""

    def __init__(self) -> None:
        self.statements = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements += 1
        return execute(sql, params, many, context)


class MaskRule:
    """Lets a page ask once how much of a number may be read, however many it shows."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        with masking.asked_once():
            return self.get_response(request)


class RequestLine:
    """Writes one line a request: what, by whom, how long, how many statements. Gives each request a number to quote."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on and log its line."""
        request.number = secrets.token_hex(4)  # type: ignore[attr-defined]
        started, counter = perf_counter(), _Counter()
        with connection.execute_wrapper(counter):
            response = self.get_response(request)
        match = request.resolver_match
        log.info(
            "request",
            what=match.view_name if match else request.path,
            method=request.method,
            status=response.status_code,
            number=request.number,  # type: ignore[attr-defined]
            by=_who(request),
            ms=round((perf_counter() - started) * 1000, 1),
            queries=counter.statements,
        )
        return response


def _who(request: HttpRequest) -> str | None:
    """Return the account of a request that has looked at its session; the public pages never open it."""
    session = getattr(request, "session", None)
    return session.get("_auth_user_id") if session is not None and session.accessed else None


class Personal:
    """Lets no cache keep a page for which somebody was looked up, refusals too: the next person presses 返回."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; what a view says itself about caches stands."""
        response = self.get_response(request)
        if request.session.accessed and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class PlainText:
    """Refuses what no keyboard sends and PostgreSQL cannot keep: NUL in an address, a field or a cookie."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Look at what came. :raises SuspiciousOperation: answered with 400"""
        parts = [request.path, *request.COOKIES.values()]
        for fields in (request.GET, request.POST):
            for name, values in fields.lists():
                parts += [name, *values]
        if any("\0" in part for part in parts):
            raise SuspiciousOperation("NUL")


def _above(path: str) -> str:
    """Return the nearest address above one that leads to a view, "" if there is none."""
    while path := path.rstrip("/").rpartition("/")[0]:
        try:
            resolve(f"{path}/")
        except Resolver404:
            continue
        return f"{path}/"
    return ""


class Refusals:
    """Shows a refusal that a view let through as a 409 page with its reasons and clauses."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; whoever opens an address that only takes what is sent is led to the page above it."""
        response = self.get_response(request)
        if request.method == "GET" and response.status_code == 405 and not response.content:
            told = render(request, "405.html", {"above": _above(request.path)}, status=405)
            told["Allow"] = response["Allow"]
            return told
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page of a refusal, or None for anything else.

        A text longer than its column, or a number larger, is more than we take: PostgreSQL says so, SQLite keeps it.
        """
        if isinstance(exception, Refused):
            told = {"refusals": exception.refusals, "back_url": page_of(request)}
            return render(request, "409.html", told, status=409)
        if isinstance(exception, DataError):
            log.warning("data.refused", number=getattr(request, "number", ""), why=type(exception.__cause__).__name__)
            return render(request, "413.html", status=413)
        return None
