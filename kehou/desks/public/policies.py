"""管理制度: which documents a school has in force, and their texts; people by their posts only."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from kehou.chapters.planning.queries import places_of, standing_policy
from kehou.chapters.schools.models import School
from kehou.desks.public.gate import published
from kehou.lib import clock
from kehou.rules.policy_documents import articles


@published
def policies(request: HttpRequest, code: str) -> HttpResponse:
    """Show the titles of a school's documents in force."""
    here = get_object_or_404(School, code=code)
    today = clock.today()
    rows = [
        one
        for one in places_of(here, on=today)
        if one.standing and one.standing.in_force_from <= today  # type: ignore[operator]
    ]
    return render(request, "public/policies.html", {"here": here, "rows": rows})


@published
def policy(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show the text that is in force."""
    here = get_object_or_404(School, code=code)
    found = standing_policy(here, number)
    if found is None or found.in_force_from is None or found.in_force_from > clock.today():
        raise Http404
    context = {"here": here, "found": found, "kind": found.kind, "text": articles(found.text)}
    return render(request, "public/policy.html", context)
