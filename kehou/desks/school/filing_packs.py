"""What was signed, as it was signed: on the page, on paper, as a file; and the district's receipt."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kehou.chapters.filing import queries
from kehou.chapters.filing.models import Filing, Pack, PackPart
from kehou.chapters.filing.papers import pack_paper, part_paper, receipt_paper
from kehou.chapters.people.queries import Seat
from kehou.desks.school.gate import at_school
from kehou.lib import clock
from kehou.rules.filing import PARTS
from kehou.rules.permissions import Permission as P

RELATED = ("filing__school", "filing__term")


def _pack(seat: Seat, pack_id: int) -> Pack:
    return get_object_or_404(Pack.objects.select_related(*RELATED), pk=pack_id, filing__school=seat.school)


@require_safe
@at_school(P.FILING_PREPARE)
def pack(request: HttpRequest, seat: Seat, pack_id: int) -> HttpResponse:
    """Show a frozen pack whole, with its checks made anew and its hash."""
    one = _pack(seat, pack_id)
    contents = queries.contents_of(one)
    term = one.filing.term
    context = {
        "pack": one,
        "filing": one.filing,
        "contents": [contents[code] for code in PARTS if code in contents],
        "checks": queries.checks_of_pack(one, contents, on=clock.today()),
        "crumbs": [("备案", f"{reverse('school:filing', args=[seat.school.code])}?term={term.code}")],
    }
    return render(request, "school/filing/pack.html", context)


@require_safe
@at_school(P.FILING_PREPARE)
def pack_pdf(request: HttpRequest, seat: Seat, pack_id: int) -> HttpResponse:
    """Hand out the whole pack on paper."""
    one = _pack(seat, pack_id)
    return _pdf(pack_paper(one, address=request.build_absolute_uri("/")).pdf, f"{_stem(one)}.pdf")


@require_safe
@at_school(P.FILING_PREPARE)
def pack_json(request: HttpRequest, seat: Seat, pack_id: int) -> HttpResponse:
    """Hand out the whole pack as one file, from which anybody can compute the hashes again."""
    one = _pack(seat, pack_id)
    text = json.dumps(queries.pack_document(one), ensure_ascii=False, sort_keys=True, indent=1)
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{_stem(one)}.json"'
    return answer


@require_safe
@at_school(P.FILING_PREPARE)
def part_pdf(request: HttpRequest, seat: Seat, pack_id: int, code: str) -> HttpResponse:
    """Hand out one part of a pack on paper."""
    one = _pack(seat, pack_id)
    found = get_object_or_404(
        PackPart.objects.select_related("pack__filing__school", "pack__filing__term"), pack=one, code=code
    )
    return _pdf(part_paper(found, address=request.build_absolute_uri("/")).pdf, f"{_stem(one)}-{code}.pdf")


@require_safe
@at_school(P.FILING_PREPARE)
def receipt(request: HttpRequest, seat: Seat, filing_id: int) -> HttpResponse:
    """Hand out the district's receipt of an accepted filing."""
    related = ("school", "term", "pack")
    one = get_object_or_404(Filing.objects.select_related(*related), pk=filing_id, school=seat.school)
    try:
        made = receipt_paper(one, address=request.build_absolute_uri("/"))
    except LookupError:
        raise Http404 from None
    return _pdf(made.pdf, f"receipt-{one.school.code}-{one.term.code}-{one.order}.pdf")


def _stem(one: Pack) -> str:
    return f"filing-{one.filing.school.code}-{one.filing.term.code}-{one.filing.order}-{one.turn}"


def _pdf(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
