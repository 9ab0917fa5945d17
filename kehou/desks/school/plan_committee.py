"""家委会: its meetings about the plan with votes and signatures, and what members say beside it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.people.queries import Seat
from kehou.chapters.planning import actions, queries
from kehou.chapters.planning.models import CommitteeMeeting
from kehou.chapters.planning.plan_papers import minutes_paper
from kehou.desks.school.forms_plan import CommentForm, ItemForm, MeetingForm
from kehou.desks.school.gate import at_school
from kehou.desks.school.plan import download, frame, no_plan, pdf, plan_here, said, uploaded
from kehou.desks.school.term import this_term
from kehou.lib import clock, typed
from kehou.lib.paper import NotASignature, png_of
from kehou.rules.permissions import Permission
from kehou.rules.planning import quorum_of, refusals_to_close_meeting
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused, refuse

ROWS = 20


def _meeting(request: HttpRequest, seat: Seat, meeting_id: int) -> CommitteeMeeting:
    rows = plan_here(request, seat).meetings.select_related("plan__school", "plan__term", "version")
    return get_object_or_404(rows, pk=meeting_id)


@require_GET
@at_school(Permission.PLAN_SEE)
def committee(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the members, their meetings, and their comments on the plan."""
    members = queries.members_of(seat.school, clock.today())  # type: ignore[arg-type]
    if queries.plan_of(seat.school, this_term(request)) is None:  # type: ignore[arg-type]
        return no_plan(request, seat, "家委会")
    found = plan_here(request, seat)
    context = {
        **frame(found),
        "members": members,
        "quorum": quorum_of(len(members)),
        "meetings": queries.meetings_of(found),
        "comments": Paginator(queries.comments_of(found), ROWS).get_page(request.GET.get("page")),
        "form": CommentForm(),
        "no_members": None if members else refuse("R-PC-01", "no_members"),
    }
    return render(request, "school/plan/committee.html", context)


@require_POST
@at_school(Permission.PLAN_COMMENT)
def committee_comments(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Keep what a member says."""
    found = plan_here(request, seat)
    form = CommentForm(request.POST)
    if not form.is_valid():
        context = {**frame(found), "form": form, "members": queries.members_of(found.school, clock.today())}
        return render(request, "school/plan/committee.html", context, status=422)
    actions.comment(found, **form.cleaned_data, account=seat.account, by=seat.by, at=clock.now())
    messages.success(request, "意见已送到办公室。")
    return redirect("school:committee", seat.school.code)  # type: ignore[union-attr]


@require_http_methods(["GET", "POST"])
@at_school(Permission.PLAN_EDIT)
def meeting_new(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Note a meeting and who came."""
    found = plan_here(request, seat)
    form = MeetingForm(
        queries.members_of(found.school, clock.today()), request.POST or None, initial={"held_on": clock.today()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.note_meeting(found, **form.cleaned_data, by=seat.by, at=clock.now())
        except Refused as no:
            for refusal in no.refusals:
                form.add_error("held_on" if refusal.why == "meeting_too_early" else None, say(refusal))
        else:
            return redirect("school:meeting", seat.school.code, made.pk)  # type: ignore[union-attr]
    return render(
        request, "school/plan/meeting_new.html", {**frame(found), "form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
@at_school(Permission.PLAN_SEE)
def meeting(request: HttpRequest, seat: Seat, meeting_id: int) -> HttpResponse:
    """Show the minutes: who came, each item with votes and answer, what is missing before they close."""
    return _page(request, seat, _meeting(request, seat, meeting_id), ItemForm())


def _page(
    request: HttpRequest, seat: Seat, found: CommitteeMeeting, form: ItemForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    facts = queries.facts_of(found)
    mine = found.attendees.filter(account=seat.account).first()
    context = {
        **frame(found.plan),
        "meeting": found,
        "facts": facts,
        "quorum": quorum_of(found.members),
        "items": found.items.order_by("pk"),
        "attendees": found.attendees.order_by("pk"),
        "form": form,
        "wrong": () if found.closed_at else refusals_to_close_meeting(facts),
        "to_sign": mine is not None and mine.signed_at is None and not found.closed_at,
        **more,
    }
    return render(request, "school/plan/meeting.html", context, status=status)


@require_POST
@at_school(Permission.PLAN_EDIT)
def meeting_items(request: HttpRequest, seat: Seat, meeting_id: int) -> HttpResponse:
    """Add an item, or write one anew (`item`); signatures already given go, for they were under other words."""
    found = _meeting(request, seat, meeting_id)
    form = ItemForm(request.POST)
    if not form.is_valid():
        return _page(request, seat, found, form, status=422)
    number = typed.whole(request.POST.get("item"))
    item = None if number is None else get_object_or_404(found.items, pk=number)
    try:
        actions.write_item(found, form.vote(), item=item, by=seat.by, at=clock.now())
    except Refused as no:
        messages.error(request, said(no))
    return redirect("school:meeting", seat.school.code, found.pk)  # type: ignore[union-attr]


@require_GET
@at_school(Permission.PLAN_EDIT)
def meeting_item(request: HttpRequest, seat: Seat, meeting_id: int, item_id: int) -> HttpResponse:
    """Show the form with one item to be written anew."""
    found = _meeting(request, seat, meeting_id)
    item = get_object_or_404(found.items, pk=item_id)
    names = ("title", "opinion", "in_favour", "against", "abstained", "answer")
    form = ItemForm(initial={name: getattr(item, name) for name in names})
    return _page(request, seat, found, form, item=item)


@require_POST
@at_school(Permission.PLAN_EDIT)
def meeting_scan(request: HttpRequest, seat: Seat, meeting_id: int) -> HttpResponse:
    """Keep the scan of minutes signed by pen."""
    found = _meeting(request, seat, meeting_id)
    try:
        upload = uploaded(request, "scan")
        if upload is None:
            raise Refused(refuse("R-PC-01", "signature_is_empty"))
        actions.scan_minutes(found, upload, by=seat.by, at=clock.now())
        messages.success(request, f"签好的纪要已上传，{upload.size}。")
    except Refused as no:
        messages.error(request, said(no))
    return redirect("school:meeting", seat.school.code, found.pk)  # type: ignore[union-attr]


@require_GET
@at_school(Permission.PLAN_SEE)
def meeting_scan_file(request: HttpRequest, seat: Seat, meeting_id: int) -> HttpResponseBase:
    """Return the scan."""
    found = _meeting(request, seat, meeting_id)
    return download(found.scan, f"minutes-{found.pk}")


@require_POST
@at_school(Permission.PLAN_COMMENT)
def meeting_signature(request: HttpRequest, seat: Seat, meeting_id: int) -> HttpResponse:
    """Sign by finger, as a member who came."""
    found = _meeting(request, seat, meeting_id)
    try:
        image: bytes | None = png_of(request.POST.get("signature", ""))
    except NotASignature:
        image = None
    try:
        actions.sign_minutes(found, account=seat.account, image=image, by=seat.by, at=clock.now())
        messages.success(request, "已签名。")
    except Refused as no:
        messages.error(request, said(no))
    return redirect("school:meeting", seat.school.code, found.pk)  # type: ignore[union-attr]


@require_POST
@at_school(Permission.PLAN_EDIT)
def meeting_closing(request: HttpRequest, seat: Seat, meeting_id: int) -> HttpResponse:
    """Close the minutes."""
    found = _meeting(request, seat, meeting_id)
    try:
        actions.close_minutes(found, by=seat.by, at=clock.now())
        messages.success(request, "纪要已定稿。")
    except Refused as no:
        messages.error(request, said(no))
    return redirect("school:meeting", seat.school.code, found.pk)  # type: ignore[union-attr]


@require_GET
@at_school(Permission.PLAN_SEE)
def meeting_paper(request: HttpRequest, seat: Seat, meeting_id: int) -> HttpResponse:
    """Return the minutes as a PDF: signed, or to be signed by pen."""
    found = _meeting(request, seat, meeting_id)
    return pdf(minutes_paper(found, at=clock.now()), f"minutes-{found.pk}")
