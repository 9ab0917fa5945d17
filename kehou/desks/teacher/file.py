"""我的档案: what is missing, papers to sign by finger, the training quiz, one's certificate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from kehou.chapters.people.queries import Seat
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing import file_papers as papers
from kehou.chapters.staffing.models import SignedPaper, StaffMember
from kehou.chapters.staffing.queries import board_of, papers_of, staff_record
from kehou.desks.teacher.gate import at_school
from kehou.lib import clock, typed
from kehou.lib.paper.images import NotASignature, png_of
from kehou.rules.permissions import Permission
from kehou.rules.sentences import say
from kehou.rules.staffing.files import STEPS
from kehou.rules.staffing.kinds import KINDS
from kehou.rules.staffing.papers import TITLES
from kehou.rules.staffing.questions import BY_KEY, TOPICS
from kehou.rules.verdicts import Refused


@require_GET
@at_school(Permission.FILE_OWN)
def file(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show one's own file; who is not on the list is told whom to ask."""
    member = staff_record(seat.account, seat.school)
    return render(request, "teacher/no_file.html") if member is None else _page(request, member)


def _page(request: HttpRequest, member: StaffMember, *, unsaid: int = 0) -> HttpResponse:
    """Return the file; `unsaid` is the thing to which words were sent that were not taken: they stand there still."""
    row = board_of([member], on=clock.today())[0]
    rows = papers_of(member)
    context = {
        "member": member,
        "row": row,
        "kind": KINDS.get(member.kind, ""),
        "steps": [(step.title, done) for step, done in zip(STEPS, row.done, strict=True)],
        "to_sign": [(one, TITLES[one.kind]) for one in rows if one.state == SignedPaper.TO_SIGN],
        "signed": [
            (one, TITLES[one.kind], papers.PAPER_STATES[one.state]) for one in rows if one.state != SignedPaper.TO_SIGN
        ],
        "incidents": member.incidents.order_by("-on", "-pk"),
        "certificate": member.trainings.order_by("-pk").first(),
        "attempts": member.attempts.exclude(handed_in_at=None).order_by("-pk")[:5],
        "unsaid": unsaid,
        "words": request.POST.get("words", ""),
    }
    return render(request, "teacher/file.html", context, status=409 if unsaid else 200)


def _mine(seat: Seat) -> StaffMember:
    if (member := staff_record(seat.account, seat.school)) is None:
        raise Http404
    return member


@require_POST
@at_school(Permission.FILE_OWN)
def statement(request: HttpRequest, seat: Seat, incident_id: int) -> HttpResponse:
    """Say something to what was entered in one's own file."""
    found = get_object_or_404(_mine(seat).incidents, pk=incident_id)
    try:
        staffing.state_to_incident(found, request.POST.get("words", ""), by=seat.by, at=clock.now())
    except Refused as no:
        messages.error(request, "；".join(map(say, no.refusals)))
        return _page(request, found.member, unsaid=found.pk)
    messages.success(request, "您的说明已写进档案。")
    return redirect("teacher:file", seat.school.code)  # type: ignore[union-attr]


def _paper(seat: Seat, paper_id: int) -> SignedPaper:
    rows = SignedPaper.objects.filter(member__account=seat.account, member__school=seat.school)
    return get_object_or_404(rows.select_related("member__school", "text", "term"), pk=paper_id)


@at_school(Permission.FILE_OWN)
def paper(request: HttpRequest, seat: Seat, paper_id: int) -> HttpResponse:
    """Show a paper to read; take the signature under it."""
    found = _paper(seat, paper_id)
    wrong: tuple[Any, ...] = ()
    if request.method == "POST":
        try:
            image = png_of(request.POST.get("signature", ""))
        except NotASignature:
            image = None
        try:
            staffing.sign_paper(
                found, read_digest=request.POST.get("digest", ""), name=seat.account.name, image=image, by=seat.by,
                at=clock.now(),
            )  # fmt: skip
        except Refused as no:
            wrong = no.refusals
        else:
            messages.success(request, f"{TITLES[found.kind]}已签署。")
            return redirect("teacher:file", seat.school.code)
    context = {
        "paper": found,
        "content": papers.contents_of(found),
        "signatures": list(found.signatures.order_by("pk")),
        "wrong": wrong,
    }
    return render(request, "teacher/paper.html", context, status=422 if wrong else 200)


@require_GET
@at_school(Permission.FILE_OWN)
def paper_pdf(request: HttpRequest, seat: Seat, paper_id: int) -> HttpResponse:
    """Return one's own copy as a PDF."""
    found = _paper(seat, paper_id)
    return _pdf(papers.staff_paper(found, address=request.build_absolute_uri("/")).pdf, found.number)


@require_GET
@at_school(Permission.FILE_OWN)
def certificate(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Return one's newest training certificate."""
    training = _mine(seat).trainings.select_related("member__school").order_by("-pk").first()
    if training is None:
        raise Http404
    return _pdf(papers.certificate(training, address=request.build_absolute_uri("/")).pdf, training.number)


def _pdf(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


# --- The quiz ---------------------------------------------------------------------------------------------------------


@require_POST
@at_school(Permission.FILE_OWN)
def quizzes(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Begin a quiz, or go on with the one that is open."""
    attempt = staffing.begin_quiz(_mine(seat), by=seat.by, at=clock.now())
    return redirect("teacher:quiz", seat.school.code, attempt.pk)


@at_school(Permission.FILE_OWN)
def quiz(request: HttpRequest, seat: Seat, attempt_id: int) -> HttpResponse:
    """Show the questions; take the answers; show what was wrong and why."""
    attempt = get_object_or_404(_mine(seat).attempts, pk=attempt_id)
    answers: dict[str, int] = {}
    wrong: tuple[Any, ...] = ()
    if request.method == "POST":
        for key in attempt.questions:
            if (chosen := typed.whole(request.POST.get(key))) is not None:
                answers[key] = chosen
        try:
            staffing.hand_in_quiz(attempt, answers, by=seat.by, at=clock.now())
        except Refused as no:
            wrong = no.refusals
        else:
            return redirect("teacher:quiz", seat.school.code, attempt.pk)
    chosen_before = attempt.answers or answers
    questions = [(BY_KEY[key], TOPICS[BY_KEY[key].topic], chosen_before.get(key)) for key in attempt.questions]
    context = {"attempt": attempt, "questions": questions, "wrong": wrong}
    return render(request, "teacher/quiz.html", context, status=422 if wrong else 200)
