"""One policy document: read, changed chapter by chapter, replaced by a scan, signed, reviewed; its versions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.people.queries import Seat
from kehou.chapters.planning import actions, queries
from kehou.chapters.planning.models import PolicyVersion
from kehou.chapters.planning.papers_shelf import policy_paper
from kehou.desks.school.gate import at_school
from kehou.desks.school.shelf import day_of, pdf, told
from kehou.desks.school.term import this_term
from kehou.lib import clock, typed
from kehou.lib.uploads import taken
from kehou.rules.permissions import Permission as P
from kehou.rules.policy_documents import BY_NUMBER, Chapter, PolicyKind, articles, months_later, refusals_to_sign
from kehou.rules.verdicts import Refused, refuse

SPARE_CHAPTERS = 2


def kind_or_404(number: int) -> PolicyKind:
    """Return the kind of a place of the shelf. :raises Http404:"""
    if number not in BY_NUMBER:
        raise Http404
    return BY_NUMBER[number]


@require_safe
@at_school(P.ORG_SEE)
def document(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """Show what is in force, the draft with its changes, every version, and what may be done."""
    kind, today = kind_or_404(number), clock.today()
    versions = list(queries.versions_of_policy(seat.school, number).prefetch_related("reviews"))
    draft = next((one for one in versions if one.is_draft), None)
    standing = next((one for one in versions if one.approved_at and not one.superseded_at), None)
    place = next(one for one in queries.places_of(seat.school, on=today) if one.kind == kind)
    shown = draft or standing
    context = {
        "kind": kind, "draft": draft, "standing": standing, "versions": versions, "place": place,
        "text": articles(shown.text) if shown else (), "shown": shown,
        "changes": queries.changes_between(standing, draft) if draft and standing else (),
        "not_yet": _not_yet(draft), "today": today,
        "latest_review": months_later(today, parameters_on(today).shelf.review_months),
    }  # fmt: skip
    return render(request, "school/shelf/document.html", context)


def _not_yet(draft: PolicyVersion | None) -> Any:
    if draft is None:
        return None
    today = clock.today()
    found = refusals_to_sign(
        draft.text, scanned=bool(draft.scan), responsible=draft.responsible, in_force_from=today, on=today
    )
    return found[0] if found else None


@at_school(P.ORG_EDIT)
def draft(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """Change the draft chapter by chapter; where somebody saved meanwhile what was typed stays in the form."""
    kind_or_404(number)
    found = queries.draft_of_policy(seat.school, number)
    if found is None:
        return redirect("school:policy", seat.school.code, number)  # type: ignore[union-attr]
    if request.method != "POST":
        return _form(request, found, found.chapters, found.responsible, found.note)
    chapters = list(zip(request.POST.getlist("title"), request.POST.getlist("body"), strict=False))
    said = {"responsible": request.POST.get("responsible", "")[:60], "note": request.POST.get("note", "")[:200]}
    try:
        actions.edit_policy(
            seat.school, number, edition=typed.whole(request.POST.get("edition")) or 0,
            chapters=[Chapter(title[:60], body.replace("\r\n", "\n")) for title, body in chapters], **said, by=seat.by,
            at=clock.now(),
        )  # fmt: skip
    except Refused as no:
        found = queries.draft_of_policy(seat.school, number) or found
        return _form(request, found, chapters, said["responsible"], said["note"], no)
    messages.success(request, "草稿已保存。")
    return redirect("school:policy", seat.school.code, number)  # type: ignore[union-attr]


def _form(
    request: HttpRequest, found: PolicyVersion, chapters: Any, responsible: str, note: str, no: Refused | None = None
) -> HttpResponse:
    context = {
        "draft": found, "kind": found.kind, "responsible": responsible, "note": note,
        "chapters": [*chapters, *([("", "")] * SPARE_CHAPTERS if no is None else ())],
        "refusals": no.refusals if no else (), "theirs": articles(found.text) if no else (),
    }  # fmt: skip
    return render(request, "school/shelf/draft.html", context, status=409 if no else 200)


def _act(request: HttpRequest, seat: Seat, number: int, act: Any, done: str) -> HttpResponse:
    """Do it, say so or why not, and go back to the document."""
    kind_or_404(number)
    try:
        act()
        messages.success(request, done)
    except Refused as no:
        told(request, no)
    return redirect("school:policy", seat.school.code, number)  # type: ignore[union-attr]


@require_POST
@at_school(P.ORG_EDIT)
def drafting(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """Begin a draft, from the template or from what is in force."""
    term, now = this_term(request), clock.now()
    return _act(
        request, seat, number, lambda: actions.draft_policy(seat.school, term, number, by=seat.by, at=now), "已起草。"
    )


@require_POST
@at_school(P.ORG_EDIT)
def dropping(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """Throw the draft away."""
    now = clock.now()
    return _act(
        request,
        seat,
        number,
        lambda: actions.drop_policy_draft(seat.school, number, by=seat.by, at=now),
        "草稿已放弃。",
    )


@require_POST
@at_school(P.ORG_EDIT)
def scanning(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """Take the school's own paper as the text of the draft."""

    def take() -> None:
        scan = taken(request.FILES.get("scan"))
        if scan is None:
            raise Refused(refuse("R-DOC-01", "without_text"))
        actions.scan_policy(seat.school, number, scan, by=seat.by, at=clock.now())

    return _act(request, seat, number, take, "文件已收下，请核对后请校长签发。")


@require_POST
@at_school(P.ORG_SIGN)
def signature(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """Sign the draft as it was read."""
    edition, from_on = typed.whole(request.POST.get("edition")) or 0, day_of(request, "in_force_from")
    return _act(
        request, seat, number, lambda: actions.sign_policy(
            seat.school, number, edition=edition, in_force_from=from_on, by=seat.by, at=clock.now()
        ), "已签发。",
    )  # fmt: skip


@require_POST
@at_school(P.ORG_SIGN)
def review(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """Note that the document was read again and stays as it is."""
    finding, next_on = request.POST.get("finding", "")[:200], day_of(request, "next_on")
    return _act(
        request, seat, number, lambda: actions.review_policy(
            seat.school, number, finding=finding, next_on=next_on, by=seat.by, at=clock.now()
        ), "复审已登记。",
    )  # fmt: skip


def _version(seat: Seat, number: int, version: int) -> PolicyVersion:
    return get_object_or_404(queries.versions_of_policy(seat.school, number), version=version)  # type: ignore[arg-type]


@require_safe
@at_school(P.ORG_SEE)
def version(request: HttpRequest, seat: Seat, number: int, version: int) -> HttpResponse:
    """Show one version and what it changed."""
    found = _version(seat, number, version)
    before = queries.versions_of_policy(seat.school, number).filter(version=version - 1).first()
    context = {
        "found": found, "kind": found.kind, "before": before, "text": articles(found.text),
        "changes": queries.changes_between(before, found) if before else (),
    }  # fmt: skip
    return render(request, "school/shelf/version.html", context)


@require_safe
@at_school(P.ORG_SEE)
def paper(request: HttpRequest, seat: Seat, number: int, version: int) -> HttpResponse:
    """Give one version as a paper."""
    found = _version(seat, number, version)
    return pdf(policy_paper(found, address=request.build_absolute_uri("/"), at=clock.now()), found.code)


@require_safe
@at_school(P.ORG_SEE)
def scan(request: HttpRequest, seat: Seat, number: int, version: int) -> HttpResponseBase:
    """Give the school's own paper."""
    found = _version(seat, number, version)
    if not found.scan:
        raise Http404
    return FileResponse(found.scan.open(), as_attachment=True, filename=found.scan.name.rsplit("/", 1)[-1])
