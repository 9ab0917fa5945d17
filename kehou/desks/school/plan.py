"""实施方案: where it stands, the first draft from what is known, its sections, sources and attachments."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.basis.models import Term
from kehou.chapters.people.queries import Seat
from kehou.chapters.planning import actions, queries
from kehou.chapters.planning.models import Plan
from kehou.chapters.programme.queries import rows_of, table_of
from kehou.chapters.surveys.models import Survey
from kehou.desks.school.forms_plan import AttachmentForm, DraftForm, SectionForm
from kehou.desks.school.gate import at_school
from kehou.desks.school.term import this_term
from kehou.lib import clock
from kehou.lib.paper import Paper
from kehou.lib.templatetags.words import grades, weekdays
from kehou.lib.uploads import CONTENT_TYPES, Upload, kind_of, taken_from
from kehou.rules.choice import digest
from kehou.rules.permissions import Permission
from kehou.rules.planning import Offered
from kehou.rules.planning.differences import pieces_of
from kehou.rules.planning.sections import WRITTEN_LAST, Section
from kehou.rules.sentences import say
from kehou.rules.states import PLAN
from kehou.rules.verdicts import Refused

KINDS = {"drafting": "live", "prepared": "wait", "in_force": "done", "amending": "live", "amended": "wait"}


def plan_here(request: HttpRequest, seat: Seat) -> Plan:
    """Return the school's plan of the term. :raises Http404: before there is one"""
    plan = queries.plan_of(seat.school, this_term(request))  # type: ignore[arg-type]
    if plan is None:
        raise Http404
    return plan


def frame(plan: Plan) -> dict[str, Any]:
    """Return what the head of every page about a plan shows."""
    return {"plan": plan, "term": plan.term, "state_title": PLAN.labels[plan.state], "state_kind": KINDS[plan.state]}


def no_plan(request: HttpRequest, seat: Seat, title: str) -> HttpResponse:
    """Return the page that says what comes first; 409 to whoever has sent something."""
    status = 409 if request.method == "POST" else 200
    return render(request, "school/plan/none.html", {"title": title, "term": this_term(request)}, status=status)


def said(no: Refused) -> str:
    """Return all refusals in words."""
    return "".join(say(refusal) for refusal in no.refusals)


def pdf(made: Paper, name: str) -> HttpResponse:
    """Return a paper for the browser."""
    answer = HttpResponse(made.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


def uploaded(request: HttpRequest, name: str = "file") -> Upload | None:
    """Return the paper that was handed in. :raises Refused: for one that cannot be read"""
    return taken_from(request.FILES, name)


def download(file: Any, stem: str) -> HttpResponseBase:
    """Return a kept paper as a download that no browser runs. :raises Http404: if there is none"""
    if not file:
        raise Http404
    handle = file.open("rb")
    kind = kind_of(handle.read(16)) or "pdf"
    handle.seek(0)
    return FileResponse(handle, as_attachment=True, filename=f"{stem}.{kind}", content_type=CONTENT_TYPES[kind])


def offered_of(seat: Seat, term: Term) -> Offered | None:
    """Return the activity table in the plan's words, None while it has no row."""
    table = table_of(seat.school, term)  # type: ignore[arg-type]
    rows = rows_of(table) if table else []
    if not rows:
        return None
    lines = tuple(
        f"{row['name']}：{weekdays([slot['weekday'] for slot in row['slots']])}，{grades(row['grades'])}，"
        f"{row['place'] or '地点待定'}，{row['capacity']}人"
        for row in rows
    )
    return Offered(f"内容项目表{clock.today():%Y-%m-%d}稿，{len(rows)}项活动", lines, digest({"rows": rows}))


@require_GET
@at_school(Permission.PLAN_SEE)
def plan(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show where the plan stands: the steps with their evidence, the sections, what is missing."""
    return _page(request, seat, AttachmentForm())


def _page(request: HttpRequest, seat: Seat, attachment: AttachmentForm) -> HttpResponse:
    term = this_term(request)
    found = queries.plan_of(seat.school, term)  # type: ignore[arg-type]
    if found is None:
        return render(request, "school/plan/none.html", {"title": "实施方案", "term": term, "first": True})
    now = clock.now()
    latest = queries.latest_version(found)
    context = {
        **frame(found),
        "steps": queries.evidence_of(seat.school, term, now),  # type: ignore[arg-type]
        "sections": queries.sections_of(found),
        "sources": queries.sources_of(found, now),
        "attachments": queries.attachments_of(found),
        "latest": latest,
        "signed": queries.signed_version(found),
        "no_edit": queries.refusal_to_edit(found),
        "draft_wrong": queries.draft_refusals(found, now),
        "missing": queries.finish_refusals(found, now) if found.state == "drafting" else [],
        "written_last": [one.value for one in WRITTEN_LAST],
        "attachment_form": attachment,
        "comments": queries.comments_of(found)[:3],
    }
    return render(request, "school/plan/plan.html", context, status=422 if attachment.errors else 200)


@require_http_methods(["GET", "POST"])
@at_school(Permission.PLAN_EDIT)
def plan_draft(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Draw up version 0 from survey, ledger and table."""
    term = this_term(request)
    surveys = Survey.objects.filter(school=seat.school, term=term, opened_at__isnull=False).order_by("-opens_at")
    offered = offered_of(seat, term)
    form = DraftForm(surveys, request.POST or None, initial={"survey": surveys.first()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.start_plan(
                seat.school, term, survey=form.cleaned_data["survey"], offered=offered, by=seat.by, at=clock.now()  # type: ignore[arg-type]
            )  # fmt: skip
        except Refused as no:
            for refusal in no.refusals:
                form.add_error("survey" if refusal.code == "R-TRACE-01" else None, say(refusal))
        else:
            messages.success(request, "初稿已经写好，每个数字都注明了依据。请逐节看一遍。")
            return redirect("school:plan", seat.school.code)  # type: ignore[union-attr]
    ledger = queries.ledger_of(seat.school, timezone.localtime(clock.now()).date())  # type: ignore[arg-type]
    no_census = queries.refusal_before_plan(seat.school, term)  # type: ignore[arg-type]
    context = {
        "form": form, "term": term, "ledger": ledger, "offered": offered, "surveys": surveys, "no_census": no_census,
    }  # fmt: skip
    return render(request, "school/plan/draft.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@at_school(Permission.PLAN_EDIT)
def plan_section(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    """Write a section; the second of two editors sees both texts and loses neither."""
    found = plan_here(request, seat)
    section = get_object_or_404(found.sections, key=key)
    if section.key in WRITTEN_LAST:
        raise Http404
    form = SectionForm(request.POST or None, initial={"body": section.body, "seen": section.revision})
    context: dict[str, Any] = {**frame(found), "section": section, "no_edit": queries.refusal_to_edit(found)}
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_section(found, key, **form.cleaned_data, by=seat.by, at=clock.now())
            messages.success(request, f"“{section}”已保存。")
            return redirect("school:plan", seat.school.code)  # type: ignore[union-attr]
        except actions.ChangedMeanwhile as no:
            form.data = form.data.copy()  # what was typed stays; saved again it stands over what is shown now
            form.data["seen"] = str(no.standing.revision)
            context |= {
                "wrong": no.refusals,
                "theirs": no.standing,
                "pieces": pieces_of(no.standing.body, form.cleaned_data["body"]),
            }
            status = 409
        except Refused as no:
            context["wrong"] = no.refusals
            status = 409
    context |= {"form": form, "sources": queries.sources_of(found, clock.now()), "title": Section(key).label}
    return render(request, "school/plan/section.html", context, status=status)


@require_POST
@at_school(Permission.PLAN_EDIT)
def plan_sources(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Bring the sources up to date with the table and the ledger of today."""
    found = plan_here(request, seat)
    try:
        actions.cite_again(found, survey=None, offered=offered_of(seat, found.term), by=seat.by, at=clock.now())
        messages.success(request, "依据已更新到今天。正文没有改动，请核对数字。")
    except Refused as no:
        messages.error(request, said(no))
    return redirect("school:plan", seat.school.code)  # type: ignore[union-attr]


@require_POST
@at_school(Permission.PLAN_EDIT)
def plan_attachments(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Add a paper to the plan."""
    found = plan_here(request, seat)
    form = AttachmentForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, seat, form)
    try:
        upload = uploaded(request)
        assert upload is not None
        actions.attach(found, title=form.cleaned_data["title"], upload=upload, by=seat.by, at=clock.now())
    except Refused as no:
        form.add_error("file", said(no))
        return _page(request, seat, form)  # the title that was typed stays
    messages.success(request, "附件已加上。")
    return redirect("school:plan", seat.school.code)  # type: ignore[union-attr]


@require_GET
@at_school(Permission.PLAN_SEE)
def plan_attachment(request: HttpRequest, seat: Seat, attachment_id: int) -> HttpResponseBase:
    """Return an attachment."""
    found = plan_here(request, seat)
    one = get_object_or_404(found.attachments, pk=attachment_id)
    return download(one.file, f"plan-{one.pk}")


@require_POST
@at_school(Permission.PLAN_EDIT)
def plan_attachment_removal(request: HttpRequest, seat: Seat, attachment_id: int) -> HttpResponse:
    """Take an attachment out."""
    one = get_object_or_404(plan_here(request, seat).attachments, pk=attachment_id)
    try:
        actions.detach(one, by=seat.by, at=clock.now())
    except Refused as no:
        messages.error(request, said(no))
    return redirect("school:plan", seat.school.code)  # type: ignore[union-attr]
