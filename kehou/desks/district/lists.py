"""What every list of this desk does alike: search words, pages, order, the term of the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import current_term, terms
from kehou.lib import clock, sheets

ROWS = 50
T = TypeVar("T")


def wanted(request: HttpRequest) -> str:
    """Return what is searched for."""
    return request.GET.get("q", "").strip()


def page_of(request: HttpRequest, rows: Any, size: int = ROWS) -> Page[Any]:
    """Return the page of a list that the address names."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def in_order(request: HttpRequest, rows: list[T], keys: dict[str, Callable[[T], Any]]) -> list[T]:
    """Return rows by `?sort=key` or `?sort=-key`; an unknown key changes nothing."""
    key = request.GET.get("sort", "")
    read = keys.get(key.removeprefix("-"))
    return sorted(rows, key=read, reverse=key.startswith("-")) if read else rows


def term_of(request: HttpRequest) -> Term | None:
    """Return the term named in the address, else the present one; None while there are no terms."""
    code = request.GET.get("term")
    return (terms().filter(code=code).first() if code else None) or current_term(clock.today())


def sheet(request: HttpRequest, name: str, columns: Sequence[sheets.Column], rows: Any) -> HttpResponseBase | None:
    """Return the list as a spreadsheet if that is what was asked for."""
    return sheets.download(f"{name}.xlsx", columns, rows) if request.GET.get("as") == "sheet" else None


def sheet_url(request: HttpRequest) -> str:
    """Return the address of the list as a spreadsheet, search and filters kept."""
    query = request.GET.copy()
    query.pop("page", None)
    query["as"] = "sheet"
    return f"?{query.urlencode()}"
