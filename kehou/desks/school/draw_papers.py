"""What leaves the school of a published draw: the notice for the board and the record that anybody can check."""

from __future__ import annotations

from io import BytesIO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from kehou.chapters.allocation.models import Draw
from kehou.chapters.allocation.papers import result_paper
from kehou.chapters.allocation.records import record_bytes
from kehou.chapters.allocation.refills import refill_round_of
from kehou.chapters.people.queries import Seat
from kehou.desks.school.draw import draw_here
from kehou.desks.school.gate import at_school
from kehou.rules.permissions import Permission


@require_GET
@at_school(Permission.DRAW_SEE)
def paper(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Return the result for the 公示栏, `?size=a3` for the wall: pseudonyms only."""
    standing = draw_here(seat)
    if standing.state != "published":
        raise Http404
    return _sheet(request, standing, "draw-result")


def _sheet(request: HttpRequest, draw: Draw, name: str) -> HttpResponse:
    made = result_paper(draw, address=request.build_absolute_uri("/"), a3=request.GET.get("size") == "a3")
    answer = HttpResponse(made.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


@require_GET
@at_school(Permission.DRAW_SEE)
def refill_paper(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Return the result of the last refill round for the 公示栏, `?size=a3` for the wall: pseudonyms only."""
    last = refill_round_of(draw_here(seat))
    if last is None or last.state != "published":
        raise Http404
    return _sheet(request, last, "refill-result")


@require_GET
@at_school(Permission.DRAW_SEE)
def record(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Return the public record that anybody can recompute."""
    standing = draw_here(seat)
    if standing.state != "published" or not standing.record:
        raise Http404
    name = f"draw-record-{standing.registration.term.code}-{standing.registration.school.code}.json"
    made = BytesIO(record_bytes(standing))
    return FileResponse(made, as_attachment=True, filename=name, content_type="application/json")
