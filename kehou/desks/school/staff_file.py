"""人员档案: one person's path from 拟入 to 在用, every step with its evidence and what is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from kehou.chapters.basis.queries import current_term, parameters_on
from kehou.chapters.journal.queries import history_of
from kehou.chapters.people.queries import Seat
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing import file_papers as papers
from kehou.chapters.staffing.models import SignedPaper, StaffMember
from kehou.chapters.staffing.queries import accepted_roster, board_of, papers_of
from kehou.chapters.timetable import actions as timetable
from kehou.chapters.timetable.queries import led_by
from kehou.desks.school.forms_staff import IdentityForm, ProofForm, ReasonForm, TrainingForm
from kehou.desks.school.gate import at_school
from kehou.lib import clock
from kehou.lib.uploads import Upload, taken
from kehou.rules.permissions import Permission
from kehou.rules.staffing.files import STEPS
from kehou.rules.staffing.kinds import KINDS, ROLES, proof_name, required_of, role_of
from kehou.rules.staffing.papers import TITLES
from kehou.rules.verbs import title_of
from kehou.rules.verdicts import Refused, refuse


def _member(seat: Seat, member_id: int) -> StaffMember:
    """Return somebody of this school, also who has left: their file stays."""
    rows = StaffMember.objects.filter(school=seat.school).select_related("school", "account")
    return get_object_or_404(rows, pk=member_id)


@require_GET
@at_school(Permission.STAFF_SEE)
def file(request: HttpRequest, seat: Seat, member_id: int) -> HttpResponse:
    """Show the file."""
    return _page(request, seat, _member(seat, member_id))


def _page(
    request: HttpRequest, seat: Seat, member: StaffMember, no: Refused | None = None, shown: str = "", **bound: Form
) -> HttpResponse:
    on = clock.today()
    row = board_of([member], on=on)[0]
    required = required_of(member.kind, parameters_on(on).staff.required_proofs)
    term = current_term(on)
    roster = accepted_roster(member.school, term) if term else None
    wrong = bool(no) or any(form.errors for form in bound.values())
    context = {
        "member": member,
        "row": row,
        "steps": [(step.title, done) for step, done in zip(STEPS, row.done, strict=True)],
        "kind": KINDS.get(member.kind, ""),
        "role": ROLES[role_of(member.kind, unpaid=member.unpaid)],
        "proofs": [
            (proof_name(member.kind, one.kind), one, _last(one.valid_until_on)) for one in member.proofs.order_by("-pk")
        ],
        "checks": [(one, _ends(one, on)) for one in member.checks.order_by("-pk")],
        "papers": [(one, TITLES[one.kind], papers.PAPER_STATES[one.state]) for one in papers_of(member)],
        "trainings": [(one, _last(one.valid_until_on)) for one in member.trainings.order_by("-pk")],
        "incidents": member.incidents.order_by("-on", "-pk"),
        "suspension": member.suspensions.filter(ended_at=None).first(),
        "departure": getattr(member, "departure", None),
        "returns": member.return_requests.order_by("-pk"),
        "needs_district": any(no_.code == "R-EXT-04" for no_ in row.missing),
        "on_roster": roster is not None and roster.members.filter(pk=member.pk).exists(),
        "roster": roster,
        "leads": member.activities.filter(withdrawn_at=None).select_related("table__term"),
        "entries": [(one, title_of(one.verb)) for one in history_of(member)[:12]],
        "identity_form": bound.get("identity", IdentityForm()),
        "proof_form": bound.get("proof", ProofForm(member, required)),
        "training_form": bound.get("training", TrainingForm(initial={"on": on})),
        "reason_form": bound.get("reason", ReasonForm()),
        "refusals": no.refusals if no else (),
        "shown": shown,
    }
    return render(request, "school/staff/file.html", context, status=409 if wrong else 200)


def _last(until: Any) -> Any:
    return until - timedelta(days=1) if until else None


def _ends(one: Any, on: Any) -> Any:
    days = parameters_on(on).staff.check_validity_days
    return one.answered_on + timedelta(days=days - 1) if one.answered_on else None


def _do(
    request: HttpRequest, seat: Seat, member: StaffMember, act: Callable[[], object], said: str, **bound: Form
) -> HttpResponse:
    """Do one thing to a file and come back to it; what is refused is said there, and what was typed stays."""
    if any(not form.is_valid() for form in bound.values()):
        return _page(request, seat, member, **bound)
    try:
        act()
    except Refused as no:
        return _page(request, seat, _member(seat, member.pk), no, **bound)
    messages.success(request, said)
    return redirect("school:staff_file", seat.school.code, member.pk)


def _upload(request: HttpRequest, name: str) -> Upload | None:
    """Return what was handed in, known by its first bytes. :raises Refused: R-VOL-01 for what is not a paper"""
    return taken(request.FILES.get(name))


# --- Materials and check ----------------------------------------------------------------------------------------------


@require_POST
@at_school(Permission.STAFF_EDIT)
def identity(request: HttpRequest, seat: Seat, member_id: int) -> HttpResponse:
    """Verify who somebody is."""
    member, form = _member(seat, member_id), IdentityForm(request.POST)

    def act() -> object:
        return staffing.verify_identity(member, form.cleaned_data["number"], by=seat.by, at=clock.now())

    return _do(request, seat, member, act, "身份已核验。", identity=form)


@require_POST
@at_school(Permission.STAFF_EDIT)
def proofs(request: HttpRequest, seat: Seat, member_id: int) -> HttpResponse:
    """Record one proof."""
    member = _member(seat, member_id)
    required = required_of(member.kind, parameters_on(clock.today()).staff.required_proofs)
    form = ProofForm(member, required, request.POST, request.FILES)

    def act() -> object:
        return staffing.record_proof(member, form.facts(_upload(request, "scan")), by=seat.by, at=clock.now())

    return _do(request, seat, member, act, "证明已登记。", proof=form)


@require_GET
@at_school(Permission.STAFF_EDIT)
def proof_scan(request: HttpRequest, seat: Seat, member_id: int, proof_id: int) -> FileResponse:
    """Return the scan of one proof."""
    proof = get_object_or_404(_member(seat, member_id).proofs, pk=proof_id)
    if not proof.scan:
        raise Http404
    return FileResponse(proof.scan.open("rb"), filename=proof.scan.name.rsplit("/", 1)[-1])


@require_POST
@at_school(Permission.STAFF_EDIT)
def check(request: HttpRequest, seat: Seat, member_id: int) -> HttpResponse:
    """Ask for the entry check."""
    member = _member(seat, member_id)

    def act() -> object:
        return staffing.ask_checks(seat.school, [member], by=seat.by, at=clock.now())

    return _do(request, seat, member, act, "查询已提出，等区公安局登记结果。")


# --- Papers and training ----------------------------------------------------------------------------------------------


@require_POST
@at_school(Permission.STAFF_EDIT)
def drawing_up(request: HttpRequest, seat: Seat, member_id: int) -> HttpResponse:
    """Draw up what is still to sign for this term."""
    member, term = _member(seat, member_id), current_term(clock.today())
    pay = {member.pk: request.POST.get("pay", "").strip()[:80]}

    def act() -> object:
        return staffing.draw_up_papers(seat.school, [member], term, pay=pay, by=seat.by, at=clock.now())

    return _do(request, seat, member, act, "文书已生成，请本人签署。")


def _paper(seat: Seat, member_id: int, paper_id: int) -> SignedPaper:
    rows = SignedPaper.objects.filter(member__school=seat.school, member_id=member_id)
    return get_object_or_404(rows.select_related("member__school", "text", "term"), pk=paper_id)


@require_POST
@at_school(Permission.STAFF_EDIT)
def scan(request: HttpRequest, seat: Seat, member_id: int, paper_id: int) -> HttpResponse:
    """Take a paper that was signed by pen."""
    paper, member = _paper(seat, member_id, paper_id), _member(seat, member_id)

    def act() -> object:
        handed = _upload(request, "scan")
        if handed is None:
            raise Refused(refuse("R-FILE-06", "paper_needs_scan"))
        return staffing.sign_paper(
            paper, read_digest=paper.digest, name=member.name, scan=handed, by=seat.by, at=clock.now()
        )

    return _do(request, seat, member, act, "纸质文书已登记。")


@require_POST
@at_school(Permission.STAFF_EDIT)
def delivery(request: HttpRequest, seat: Seat, member_id: int, paper_id: int) -> HttpResponse:
    """Note that the person has their own copy."""
    paper, member = _paper(seat, member_id, paper_id), _member(seat, member_id)
    return _do(
        request, seat, member, lambda: staffing.deliver_copies([paper], by=seat.by, at=clock.now()), "已登记送达。"
    )


@require_GET
@at_school(Permission.STAFF_SEE)
def paper_pdf(request: HttpRequest, seat: Seat, member_id: int, paper_id: int) -> HttpResponse:
    """Return one paper as a PDF."""
    paper = _paper(seat, member_id, paper_id)
    return pdf(papers.staff_paper(paper, address=request.build_absolute_uri("/")).pdf, paper.number)


@require_GET
@at_school(Permission.STAFF_SEE)
def file_pdf(request: HttpRequest, seat: Seat, member_id: int) -> HttpResponse:
    """Return the whole file as a PDF."""
    member = _member(seat, member_id)
    led = led_by(member, until=clock.today() + timedelta(days=1))
    return pdf(papers.file_paper(member, at=clock.now(), led=led).pdf, f"DA-{member.pk:06d}")


@require_GET
@at_school(Permission.STAFF_SEE)
def certificate(request: HttpRequest, seat: Seat, member_id: int, training_id: int) -> HttpResponse:
    """Return a training certificate as a PDF."""
    training = get_object_or_404(_member(seat, member_id).trainings.select_related("member__school"), pk=training_id)
    return pdf(papers.certificate(training, address=request.build_absolute_uri("/")).pdf, training.number)


def pdf(content: bytes, name: str) -> HttpResponse:
    """Return a PDF that the browser shows."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


@require_POST
@at_school(Permission.STAFF_EDIT)
def training(request: HttpRequest, seat: Seat, member_id: int) -> HttpResponse:
    """Record a training in a room."""
    member, form = _member(seat, member_id), TrainingForm(request.POST)

    def act() -> object:
        return staffing.record_training(seat.school, [member], form.facts(), by=seat.by, at=clock.now())

    return _do(request, seat, member, act, "培训已登记，合格证已生成。", training=form)


# --- Admitted, suspended, gone ----------------------------------------------------------------------------------------


@require_POST
@at_school(Permission.STAFF_SIGN)
def admission(request: HttpRequest, seat: Seat, member_id: int) -> HttpResponse:
    """Take somebody into use: the principal's decision."""
    member = _member(seat, member_id)
    return _do(
        request, seat, member, lambda: staffing.admit(seat.school, [member], by=seat.by, at=clock.now()),
        f"{member.name}已准入，现在是在用人员。",
    )  # fmt: skip


def _because(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()[:200]


@require_POST
@at_school(Permission.STAFF_EDIT)
def suspension(request: HttpRequest, seat: Seat, member_id: int) -> HttpResponse:
    """Stop somebody's service for a while."""
    member, conduct = _member(seat, member_id), request.POST.get("conduct") == "1"

    def act() -> object:
        return timetable.suspend(member, reason=_because(request), conduct=conduct, by=seat.by, at=clock.now())

    return _do(request, seat, member, act, f"{member.name}已暂停，其后的课次已转为待找代课。")


@require_POST
@at_school(Permission.STAFF_EDIT)
def resumption(request: HttpRequest, seat: Seat, member_id: int) -> HttpResponse:
    """Let somebody serve again."""
    member = _member(seat, member_id)
    return _do(
        request, seat, member, lambda: timetable.resume(member, by=seat.by, at=clock.now()), f"{member.name}已恢复。"
    )


@require_POST
@at_school(Permission.STAFF_EDIT)
def asking(request: HttpRequest, seat: Seat, member_id: int) -> HttpResponse:
    """Ask the district to agree that somebody serves again."""
    member = _member(seat, member_id)

    def act() -> object:
        return staffing.ask_return(member, reason=_because(request), by=seat.by, at=clock.now())

    return _do(request, seat, member, act, "已报区教委，等待答复。")


@require_POST
@at_school(Permission.STAFF_EDIT)
def leaving(request: HttpRequest, seat: Seat, member_id: int) -> HttpResponse:
    """End somebody's service from today on."""
    member = _member(seat, member_id)

    def act() -> object:
        return timetable.let_go(member, on=clock.today(), reason=_because(request), by=seat.by, at=clock.now())

    return _do(request, seat, member, act, f"{member.name}已退出，以前的记录都还在。")


@require_POST
@at_school(Permission.ID_UNMASK)
def unmasking(request: HttpRequest, seat: Seat, member_id: int) -> HttpResponse:
    """Show the ID number to who says why; the reading is kept in the journal."""
    member = _member(seat, member_id)
    try:
        number = staffing.unmask_id_number(member, reason=_because(request), by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, seat, member, no)
    answer = _page(request, seat, member, shown=number)  # on this page only: a message would travel in a cookie
    answer["Cache-Control"] = "no-store"
    return answer
