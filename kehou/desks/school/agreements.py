"""协议: who has not signed, papers with their scans, the school's seal in bulk."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Agreement
from kehou.chapters.enrolment.papers import agreement_paper
from kehou.chapters.people.queries import Seat
from kehou.desks.school.gate import at_school
from kehou.desks.school.registration import registration_here
from kehou.lib import clock, sheets, typed
from kehou.lib.uploads import Upload, taken_from
from kehou.rules import sentences
from kehou.rules.enrolling import AGREEMENT_TITLES
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refusal, Refused, refuse

ROWS = 60
_KINDS = {"to_sign": "wait", "guardian_signed": "live", "in_force": "done", "superseded": "plain", "ended": "plain"}


def _agreements(seat: Seat) -> QuerySet[Agreement]:
    return Agreement.objects.filter(
        application__registration__school=seat.school, application__registration__term__until_on__gt=clock.today()
    ).select_related("application__pupil__homeroom", "application__registration__school")


@require_GET
@at_school(Permission.AGREEMENT_SEE)
def agreements(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show counts by state and the list, those that wait first; searched, paged, as a spreadsheet."""
    mine = _agreements(seat)
    state = request.GET.get("state", "")
    rows = mine.filter(state=state) if state in AGREEMENT_TITLES else mine
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(
            Q(application__pupil__name__icontains=text) | Q(application__pupil__name_sort__icontains=text)
        )
    rows = rows.order_by(
        "application__pupil__homeroom__grade", "application__pupil__homeroom__number", "application__pupil__name_sort"
    )
    if request.GET.get("as") == "sheet":
        return _sheet(seat, rows)
    counts = dict(mine.values_list("state").annotate(n=Count("pk")))
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "school/agreements/agreements.html",
        {
            "page": page,
            "lines": [(one, AGREEMENT_TITLES[one.state], _KINDS[one.state]) for one in page],
            "figures": _figures(counts),
            "state": state,
            "to_seal": counts.get("guardian_signed", 0),
            "any": bool(counts),
            "overdue": mine.filter(state="to_sign", sign_by_on__lt=clock.today()).count(),
            "today": clock.today(),
        },
    )


def _sheet(seat: Seat, rows: QuerySet[Agreement]) -> HttpResponseBase:
    columns = [sheets.Column(name) for name in ("年级", "班级", "姓名", "协议编号", "状态")]
    columns.append(sheets.Column("签署截止", "day"))
    lines = (
        [
            one.application.pupil.homeroom.grade, str(one.application.pupil.homeroom), one.application.pupil.name,
            one.number, AGREEMENT_TITLES[one.state], one.sign_by_on,
        ]
        for one in rows.iterator(chunk_size=500)
    )  # fmt: skip
    return sheets.download(f"协议-{seat.school.name}.xlsx", columns, lines)  # type: ignore[union-attr]


def _figures(counts: dict[str, int]) -> list[dict[str, Any]]:
    """Return how many agreements are in each state; the three that everybody passes through even when empty."""
    return [
        {
            "label": title,
            "value": counts.get(key, 0),
            "unit": "份",
            "url": f"?state={key}",
            "kind": {"to_sign": "wait", "in_force": "done"}.get(key, ""),
        }
        for key, title in AGREEMENT_TITLES.items()
        if counts.get(key) or key in ("to_sign", "guardian_signed", "in_force")
    ]


@require_POST
@at_school(Permission.AGREEMENT_SEAL)
def seals(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Put the school's seal under all that the families have signed, or under those that were ticked."""
    ticked = typed.wholes(request.POST.getlist("agreement"))
    rows = _agreements(seat).filter(state="guardian_signed")
    rows = rows.filter(pk__in=ticked) if ticked else rows
    try:
        made = enrolment.seal(rows, by=seat.by, at=clock.now())
    except Refused as no:
        messages.error(request, sentences.say(no.refusal))
    else:
        messages.success(request, f"{len(made)}份协议已盖章生效，孩子已列入参加名单。")
    return redirect("school:agreements", seat.school.code)  # type: ignore[union-attr]


@require_POST
@at_school(Permission.DRAW_RUN)
def overdue(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Give the seats of those who did not sign in time to the queue."""
    found = registration_here(seat)
    released = allocation.release_unsigned(found, by=seat.by, at=clock.now()) if found else 0
    messages.success(
        request, f"{released}名学生的名额已转给候补，家长已收到来信。" if released else "没有过期未签的协议。"
    )
    return redirect("school:agreements", seat.school.code)  # type: ignore[union-attr]


@require_http_methods(["GET", "POST"])
@at_school(Permission.PAPER_ENTER)
def scan(request: HttpRequest, seat: Seat, agreement_id: int) -> HttpResponse:
    """Enter an agreement that was signed on paper, with its scan."""
    found = get_object_or_404(_agreements(seat), pk=agreement_id)
    wrong: tuple[Refusal, ...] = ()
    if request.method == "POST":
        try:
            kept = _enter(request, seat, found)
        except Refused as no:
            wrong = no.refusals
        else:
            messages.success(
                request, f"{found.application.pupil.name}的纸质协议已登记（扫描件{kept.size}），待学校盖章。"
            )
            return redirect("school:agreements", seat.school.code)  # type: ignore[union-attr]
    context = {"agreement": found, "wrong": wrong, "typed": request.POST}
    return render(request, "school/agreements/scan.html", context, status=422 if wrong else 200)


def _enter(request: HttpRequest, seat: Seat, found: Agreement) -> Upload:
    """Take the paper; return it. :raises Refused: R-AGR-01 without a readable scan"""
    scan = taken_from(request.FILES)
    if scan is None:
        raise Refused(refuse("R-AGR-01", "paper_needs_scan"))
    enrolment.sign_as_family(
        found,
        read_digest=request.POST.get("digest", ""),
        name=request.POST.get("name", ""),
        pupil=enrolment.Acknowledgement("paper", found.application.pupil.name),
        scan=scan,
        by=seat.by,
        at=clock.now(),
    )
    return scan


@require_GET
@at_school(Permission.AGREEMENT_SEE)
def paper(request: HttpRequest, seat: Seat, agreement_id: int) -> HttpResponse:
    """Return one agreement as a PDF."""
    found: Any = get_object_or_404(_agreements(seat).prefetch_related("signatures"), pk=agreement_id)
    answer = HttpResponse(
        agreement_paper(found, address=request.build_absolute_uri("/")).pdf, content_type="application/pdf"
    )
    answer["Content-Disposition"] = content_disposition_header(False, f"{found.number}.pdf")
    return answer
