"""What this is, and the way to one's school; the routes of complaint; what is promised about access and children."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kehou.chapters.basis.queries import current_term, parameters_on
from kehou.chapters.disclosure import queries
from kehou.chapters.schools.models import School, SchoolTerm
from kehou.desks.public.gate import published
from kehou.lib import clock
from kehou.rules.publication import KINDS


@published
def home(request: HttpRequest) -> HttpResponse:
    """Say what this is and help to find one's school."""
    on = clock.today()
    term = current_term(on)
    latest = queries.standing()[:6]
    values = {"term": term, "fee": parameters_on(on).fee, "latest": latest, "kinds": KINDS}
    return render(request, "public/home.html", values | {"schools": School.objects.count()})


@published
def complaints(request: HttpRequest) -> HttpResponse:
    """Say whom to call, and that nobody has to give a name."""
    on = clock.today()
    term, text = current_term(on), request.GET.get("q", "").strip()
    rows = SchoolTerm.objects.filter(term=term).select_related("school").order_by("school__code")
    if text:
        rows = rows.filter(school__name__icontains=text)
    values = {"rows": rows, "sla": parameters_on(on).complaint.sla, "text": text}
    return render(request, "public/complaints.html", values)


@published
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say how these pages can be used by everybody and what to do where they cannot."""
    return render(request, "public/accessibility.html")


@published
def privacy(request: HttpRequest) -> HttpResponse:
    """Say in plain words what is kept about a child, why, who sees it, for how long, and how to have it taken out."""
    return render(request, "public/privacy.html", {"retention": parameters_on(clock.today()).retention})
