"""纸质申请: the same questions, typed from a form that the guardian has signed; without its scan nothing is entered."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kehou.chapters.basis.queries import current_term
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment import queries
from kehou.chapters.enrolment.form import choice_from, page_of
from kehou.chapters.enrolment.models import Application, Registration, Submission
from kehou.chapters.enrolment.papers import application_paper
from kehou.chapters.people.models import Pupil
from kehou.chapters.people.papers import consent_paper
from kehou.chapters.people.queries import Seat
from kehou.chapters.schools.queries import telephone_of
from kehou.desks.school.gate import at_school
from kehou.desks.school.registration import registration_here
from kehou.lib import clock
from kehou.lib.uploads import CONTENT_TYPES, Upload, kind_of, taken_from
from kehou.rules.choice import Choice, Person
from kehou.rules.consent_text import CONSENT_TEXTS
from kehou.rules.enrolling import METHODS, OPEN_STATES, refusal_of_time
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refusal, Refused, refuse

ROWS = 30


@require_GET
@at_school(Permission.PAPER_ENTER)
def paper(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Find the child whose paper lies on the desk; show what was entered from paper."""
    found = registration_here(seat)
    text = request.GET.get("q", "").strip()
    pupils = Pupil.objects.filter(school=seat.school, state=Pupil.IN_SCHOOL).select_related("homeroom")
    hits = pupils.filter(Q(name__icontains=text) | Q(name_sort__icontains=text)) if text else pupils.none()
    entered = (
        Submission.objects.filter(application__registration=found, channel="paper")
        .select_related("application__pupil__homeroom")
        .order_by("-submitted_at")
    )
    return render(
        request,
        "school/paper/paper.html",
        {
            "registration": found,
            "hits": hits.order_by("homeroom__grade", "homeroom__number", "name_sort")[:ROWS],
            "text": text,
            "page": Paginator(entered, ROWS).get_page(request.GET.get("page")),
        },
    )


def _pupil(seat: Seat, pupil_id: int) -> Pupil:
    mine = Pupil.objects.select_related("homeroom", "school").filter(school=seat.school, state=Pupil.IN_SCHOOL)
    return get_object_or_404(mine, pk=pupil_id)


@require_http_methods(["GET", "POST"])
@at_school(Permission.PAPER_ENTER)
def entry(request: HttpRequest, seat: Seat, pupil_id: int) -> HttpResponse:
    """Type one paper; the scan goes beside it."""
    pupil, found = _pupil(seat, pupil_id), registration_here(seat)
    if found is None:
        return redirect("school:paper", pupil.school.code)
    if request.method == "GET":
        # The office types what stands on the paper, not what stood there before: persons apart, the form is empty.
        contacts = tuple(Person(c.name, c.relation, c.phone) for c in pupil.contacts.order_by("turn"))
        return _form(request, seat, found, pupil, Choice(contacts=contacts))
    choice = choice_from(request.POST, queries.offer_for(found, pupil.homeroom.grade))
    scan, wrong = _scan(request)
    try:
        if wrong:
            raise Refused(wrong)
        receipt = enrolment.submit(found, pupil, choice, by=seat.by, at=clock.now(), channel="paper", scan=scan)
    except Refused as no:
        return _form(request, seat, found, pupil, choice, no.refusals, status=422)
    words = "与已录的一样，没有新版" if receipt.again else f"已录入第{receipt.version}版"
    messages.success(request, f"{pupil.name}的纸质申请{words}，回执码 {receipt.digest[:16].upper()}。")
    return redirect("school:paper", pupil.school.code)


def _scan(request: HttpRequest) -> tuple[Upload | None, Refusal | None]:
    """Return the scan that was handed in, or why it is not taken; its name is never believed."""
    try:
        return taken_from(request.FILES), None
    except Refused as no:
        return None, no.refusal


def _form(
    request: HttpRequest,
    seat: Seat,
    found: Registration,
    pupil: Pupil,
    choice: Choice,
    wrong: tuple[Refusal, ...] = (),
    *,
    status: int = 200,
) -> HttpResponse:
    standing = Application.objects.filter(registration=found, pupil=pupil).first()
    context: dict[str, Any] = {
        "registration": found,
        "pupil": pupil,
        "method": METHODS[found.method],
        "answers": [("yes", "参加"), ("no", "不参加")],
        "alone_from": queries.terms_of(found).alone_from_grade,
        "wrong": wrong,
        "refusal": _refusal(found, standing),
        "standing": standing,
        **page_of(found, pupil, choice),
    }
    return render(request, "school/paper/entry.html", context, status=status)


def _refusal(found: Registration, standing: Application | None) -> Refusal | None:
    if standing is not None and standing.state not in OPEN_STATES:
        return refuse("R-VOL-01", "choice_is_settled")
    return refusal_of_time(
        opens_at=found.opens_at,
        closes_at=found.closes_at,
        frozen_at=found.frozen_at,
        at=clock.now(),
        returned=standing is not None and standing.state == "returned",
        late_until=found.late_until_at,
    )


@require_GET
@at_school(Permission.PAPER_ENTER)
def blank(request: HttpRequest, seat: Seat, pupil_id: int) -> HttpResponse:
    """Return the form of one child to be filled in by pen."""
    pupil, found = _pupil(seat, pupil_id), registration_here(seat)
    if found is None:
        raise Http404
    made = application_paper(found, pupil, at=clock.now())
    answer = HttpResponse(made.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="application-{pupil.pk}.pdf"'
    return answer


@require_GET
@at_school(Permission.PAPER_ENTER)
def consent(request: HttpRequest, seat: Seat, pupil_id: int, kind: str) -> HttpResponse:
    """Return a consent of one child to be answered by pen; what is ticked is entered with the application."""
    pupil, term = _pupil(seat, pupil_id), current_term(clock.today())
    if kind not in CONSENT_TEXTS:
        raise Http404
    phone = telephone_of(pupil.school, term)
    made = consent_paper(pupil, kind, term=term.name if term else "", phone=phone, at=clock.now())
    answer = HttpResponse(made.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="consent-{kind}-{pupil.pk}.pdf"'
    return answer


@require_GET
@at_school(Permission.PAPER_ENTER)
def scan(request: HttpRequest, seat: Seat, submission_id: int) -> HttpResponseBase:
    """Return the scan of a signed paper, as a download that no browser runs."""
    mine = Submission.objects.filter(application__registration__school=seat.school, channel="paper")
    submission = get_object_or_404(mine, pk=submission_id)
    if not submission.scan:
        raise Http404
    file = submission.scan.open("rb")
    kind = kind_of(file.read(16)) or "pdf"
    file.seek(0)
    name = f"application-{submission.pk}.{kind}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])
