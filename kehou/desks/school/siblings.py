"""同一个号 from paper: who shares a number of the draw; entered and ended from a paper that the guardian has signed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.actions.linking import refusal_now
from kehou.chapters.enrolment.models import Registration, SameNumber
from kehou.chapters.enrolment.siblings import candidates, link_of, links_in, sharing_with, siblings_of
from kehou.chapters.people.models import Pupil
from kehou.chapters.people.queries import Seat
from kehou.desks.school.gate import at_school
from kehou.desks.school.registration import registration_here
from kehou.lib import clock, sheets
from kehou.lib.uploads import CONTENT_TYPES, Upload, kind_of, taken
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refusal, Refused

ROWS, HITS = 60, 12
CHANNELS = {"online": "家长", "paper": "纸质"}


@require_GET
@at_school(Permission.PAPER_ENTER)
def siblings(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """List who shares a number in the round, family by family; searched, paged, as a spreadsheet."""
    found = registration_here(seat)
    text = request.GET.get("q", "").strip()
    rows = links_in(found, text=text) if found else SameNumber.objects.none()
    if request.GET.get("as") == "sheet":
        columns = [sheets.Column(name) for name in ("家庭", "班级", "姓名", "谁提出", "时间", "方式")]
        families: dict[str, int] = {}
        lines = (
            [
                families.setdefault(one.group, len(families) + 1), str(one.application.pupil.homeroom),
                one.application.pupil.name, one.asked_by, f"{timezone.localtime(one.asked_at):%Y-%m-%d %H:%M}",
                CHANNELS[one.channel],
            ]
            for one in rows
        )  # fmt: skip
        return sheets.download("同一个号.xlsx", columns, lines)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {"registration": found, "page": page, "text": text, "channels": CHANNELS}
    return render(request, "school/paper/siblings.html", context)


@require_http_methods(["GET", "POST"])
@at_school(Permission.PAPER_ENTER)
def linking(request: HttpRequest, seat: Seat, pupil_id: int) -> HttpResponse:
    """Enter or end a shared number as the signed paper says."""
    mine = Pupil.objects.select_related("homeroom", "school").filter(school=seat.school, state=Pupil.IN_SCHOOL)
    pupil, found = get_object_or_404(mine, pk=pupil_id), registration_here(seat)
    if found is None:
        raise Http404
    if request.method == "GET":
        return _page(request, found, pupil)
    try:
        scan: Upload | None = taken(request.FILES.get("scan"))
        if request.POST.get("act") == "end":
            application = get_object_or_404(found.applications.select_related("registration__school"), pupil=pupil)
            enrolment.unlink_siblings(application, by=seat.by, at=clock.now(), scan=scan)
        else:
            chosen = [pupil, *mine.filter(pk__in=_ids(request)).exclude(pk=pupil.pk)]
            enrolment.link_siblings(found, chosen, by=seat.by, at=clock.now(), scan=scan)
    except Refused as no:
        return _page(request, found, pupil, no.refusals)
    messages.success(request, f"已按纸质材料录入{pupil.name}一家，家长会收到来信。")
    return redirect("school:siblings", pupil.school.code)


def _ids(request: HttpRequest) -> list[int]:
    return [int(one) for one in request.POST.getlist("pupil") if one.isascii() and one.isdigit() and len(one) < 18]


def _page(request: HttpRequest, found: Registration, pupil: Pupil, wrong: tuple[Refusal, ...] = ()) -> HttpResponse:
    """Show the child's brothers and sisters and, by name, children whose family has no telephone."""
    text = request.GET.get("q", "").strip()
    family = siblings_of(pupil, on=clock.today())
    hits = Pupil.objects.none()
    if text:
        named = Q(name__icontains=text) | Q(name_sort__icontains=text)
        hits = Pupil.objects.filter(named, school=pupil.school, state=Pupil.IN_SCHOOL).exclude(pk=pupil.pk)
    listed = {one.pk: one for one in [*family, *hits.select_related("school", "homeroom")[:HITS]]}
    if wrong:
        typed = Pupil.objects.filter(pk__in=_ids(request), school=pupil.school).select_related("school", "homeroom")
        listed |= {one.pk: one for one in typed}
    # Whether the guardian is the same is what the signed paper says; the action compares it with what is registered.
    rows = candidates(found, [pupil, *listed.values()], {pupil.pk, *listed})
    application = rows[0].application
    context: dict[str, Any] = {
        "registration": found,
        "pupil": pupil,
        "own": rows[0],
        "rows": [(row, row.pupil.pk in _ids(request)) for row in rows[1:]],
        "link": link_of(application) if application else None,
        "shared": sharing_with(application) if application else [],
        "text": text,
        "wrong": wrong,
        "refusal": refusal_now(found, clock.now()) or rows[0].refusal,
    }
    return render(request, "school/paper/linking.html", context, status=422 if wrong else 200)


@require_GET
@at_school(Permission.PAPER_ENTER)
def scan(request: HttpRequest, seat: Seat, link_id: int) -> HttpResponseBase:
    """Return the signed paper, as a download that no browser runs."""
    mine = SameNumber.objects.filter(application__registration__school=seat.school)
    link = get_object_or_404(mine, pk=link_id)
    if not link.scan:
        raise Http404
    file = link.scan.open("rb")
    kind = kind_of(file.read(16)) or "pdf"
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=f"siblings-{link.pk}.{kind}", content_type=CONTENT_TYPES[kind]
    )
