"""The term that the office is working on: the present one, or in the holidays the next."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import current_term, terms
from kehou.lib import clock


def this_term(request: HttpRequest) -> Term:
    """Return the term of the page: `?term=2026-autumn`, else the present one.

    :raises Http404: while the district has set none; the page of the day says so to whoever signs in
    """
    wanted = request.GET.get("term") or request.POST.get("term")
    term = terms().filter(code=wanted).first() if wanted else current_term(clock.today())
    if term is None:
        raise Http404("there is no term")
    return term


def shown(term: Term) -> dict[str, Any]:
    """Return what every page about a term prints."""
    return {"term": term}
