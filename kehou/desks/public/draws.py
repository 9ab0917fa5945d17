"""Draw records: what was committed before, what was drawn, and the record by which anybody can repeat it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from kehou.chapters.allocation.models import Draw
from kehou.chapters.allocation.papers import groups_of, result_paper
from kehou.chapters.allocation.records import change_lines, changes_of, record_bytes
from kehou.chapters.allocation.refills import sealed_words
from kehou.chapters.basis.queries import parameters_on
from kehou.desks.public.gate import published
from kehou.lib import clock
from kehou.rules.allocation import follows, verifier
from kehou.rules.allocation_words import CHANGE_KINDS, REFILL_METHOD, rule_lines, say_randomness
from kehou.rules.draw_groups import beside_the_others
from kehou.rules.enrolling import METHODS
from kehou.rules.witnessing import ROLES

ROWS = 40
PROGRAMS = {"verifier": verifier, "follows": follows}  # one file each, of the standard library
MOST_AHEAD = 200  # every school of the district may draw on the same day


def _published() -> QuerySet[Draw]:
    rows = Draw.objects.filter(state="published").select_related("registration__school", "registration__term")
    return rows.order_by("-published_at", "-pk")


@published
def draws(request: HttpRequest) -> HttpResponse:
    """Show the published draws, newest first."""
    text = request.GET.get("q", "").strip()
    found = _published()
    if text:
        found = found.filter(registration__school__name__icontains=text)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    return render(request, "public/draws.html", {"page": page, "methods": METHODS, "ahead": _ahead()})


def _ahead() -> list[tuple[Draw, str]]:
    """Return the draws whose choices are bound and whose lots are not drawn, where the district shows them before.

    With `alloc.seed_publication` on “摇后公开” nobody sees root and source before the result.
    """
    if parameters_on(clock.today()).alloc.seed_publication != "commit_reveal":
        return []
    rows = Draw.objects.filter(state="committed").select_related("registration__school", "registration__term")
    return [(one, say_randomness(one.randomness)) for one in rows.order_by("committed_at", "pk")[:MOST_AHEAD]]


def rules_of(draw: Draw) -> list[str]:
    """Return the rules of a draw in sentences, its method first."""
    if draw.base_id:
        return [f"{REFILL_METHOD}。"]
    return [f"{METHODS[draw.registration.method]}。", *rule_lines(draw.rules)]


@published
def coming(request: HttpRequest) -> HttpResponse:
    """Show the draws to come: by what randomness, whose words are sealed, what is frozen."""
    text = request.GET.get("q", "").strip()
    found = Draw.objects.filter(state__in=("planned", "committed", "drawn")).select_related("registration__school")
    if text:
        found = found.filter(registration__school__name__icontains=text)
    rows = found.select_related("registration__term").prefetch_related("witnesses").order_by("-named_at", "-pk")
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [
            (one, say_randomness(one.randomness), sorted(one.witnesses.all(), key=lambda w: w.pk), rules_of(one))
            for one in page
        ],
        "roles": ROLES,
    }
    return render(request, "public/coming_draws.html", context)


@published
def draw(request: HttpRequest, draw_id: int) -> HttpResponse:
    """Show one draw: the commitment, the seed, how to check it, and what was changed since."""
    found = get_object_or_404(_published(), pk=draw_id)
    page = Paginator(changes_of(found), ROWS).get_page(request.GET.get("page"))
    context = {
        "draw": found,
        "rule_lines": rules_of(found),
        "refills": _published().filter(base=found),
        "randomness": say_randomness(found.randomness),
        "page": page,
        "changes": change_lines(page, found),
        "kinds": CHANGE_KINDS,
        "witnesses": found.witnesses.order_by("pk"),
        "roles": ROLES,
        "sealed": sealed_words(found) if found.base_id else [],
        "groups": groups_of(found),
        "staff": None if found.base_id else beside_the_others(found.stats),
        "voided": found.registration.draws.filter(state="void", number__lt=found.number).order_by("number"),
    }
    return render(request, "public/draw.html", context)


@published
def poster(request: HttpRequest, draw_id: int) -> HttpResponse:
    """Return the sheet of the notice board, `?size=a3` for the wall: pseudonyms only."""
    found = get_object_or_404(_published(), pk=draw_id)
    made = result_paper(found, address=request.build_absolute_uri("/"), a3=request.GET.get("size") == "a3")
    answer = HttpResponse(made.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="draw-result.pdf"'
    return answer


@published
def record(request: HttpRequest, draw_id: int) -> HttpResponseBase:
    """Return the public record, with what was changed since: pseudonyms only."""
    found = get_object_or_404(_published(), pk=draw_id)
    if not found.record:
        raise Http404
    name = f"draw-{found.registration.school.code}-{found.registration.term.code}-{found.number}.json"
    return FileResponse(
        BytesIO(record_bytes(found)), as_attachment=True, filename=name, content_type="application/json"
    )


@published
def program(request: HttpRequest, name: str) -> HttpResponse:
    """Return a program that repeats a record: one Python file that needs nothing else."""
    if name not in PROGRAMS:
        raise Http404
    answer = HttpResponse(Path(str(PROGRAMS[name].__file__)).read_bytes(), content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.py"'
    return answer
