"""你提我改: opinions put into groups, each group answered, the table published."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.people.queries import Seat
from kehou.chapters.planning import actions, queries
from kehou.chapters.planning.models import OpinionGroup
from kehou.chapters.planning.plan_papers import adoption_paper
from kehou.desks.school.forms_plan import DecisionForm
from kehou.desks.school.gate import at_school
from kehou.desks.school.plan import frame, no_plan, pdf, plan_here, said
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets, typed
from kehou.rules.permissions import Permission
from kehou.rules.planning import Topic
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refusal, Refused

ROWS = 40


@require_GET
@at_school(Permission.PLAN_SEE)
def adoption(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the groups with their answers, and the opinions of rounds that are over without a group."""
    if queries.plan_of(seat.school, this_term(request)) is None:  # type: ignore[arg-type]
        return no_plan(request, seat, "意见采纳表")
    return _page(request, seat)


def _page(request: HttpRequest, seat: Seat, wrong: tuple[Refusal, ...] = ()) -> HttpResponseBase:
    found, now = plan_here(request, seat), clock.now()
    text, topic = request.GET.get("q", "").strip(), request.GET.get("topic", "")
    groups = queries.groups_of(found, text=text)
    if request.GET.get("as") == "sheet":
        return _sheet(found.school.name, groups)
    loose = queries.ungrouped(found, topic=topic if topic in set(Topic) else "", text=text, at=now)
    running = queries.ungrouped(found).count() - queries.ungrouped(found, at=now).count()
    context = {
        **frame(found),
        "groups": groups,
        "page": Paginator(loose, ROWS).get_page(request.GET.get("page")),
        "running": running,
        "published": queries.adoption_of(found),
        "topics": Topic.choices(),
        "topic": topic,
        "unanswered": sum(not one.decision for one in groups),
        "second": queries.round_of(found, 2),
        "wrong": wrong,
    }
    return render(request, "school/plan/adoption.html", context, status=409 if wrong else 200)


def _sheet(school: str, groups: list[OpinionGroup]) -> HttpResponseBase:
    columns = [sheets.Column(name) for name in ("事项", "意见", "条数", "答复", "理由", "改在哪一节")]
    rows = [
        [one["topic"], one["title"], one["opinions"], one["decision"], one["reason"], one["section"]]
        for one in queries.adoption_rows(groups)
    ]
    return sheets.download(f"意见采纳表-{school}.xlsx", columns, rows)


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@require_POST
@at_school(Permission.PLAN_EDIT)
def grouping(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Put the ticked opinions into a new group or a standing one; merge the ticked groups."""
    found, now = plan_here(request, seat), clock.now()
    try:
        if request.POST.get("to") == "merge":
            ticked = found.groups.filter(pk__in=typed.wholes(request.POST.getlist("group"))).order_by("pk")
            actions.merge_groups(ticked, title=request.POST.get("title", ""), by=seat.by, at=now)
        else:
            into = typed.whole(request.POST.get("into"))
            group = get_object_or_404(found.groups, pk=into) if into else None
            actions.group_opinions(
                found,
                _ids(request.POST.getlist("opinion")),
                title=request.POST.get("title", ""),
                group=group,
                by=seat.by,
                at=now,
            )
        messages.success(request, "已归组。")
    except Refused as no:
        messages.error(request, said(no))
    return redirect("school:adoption", seat.school.code)  # type: ignore[union-attr]


@require_http_methods(["GET", "POST"])
@at_school(Permission.PLAN_EDIT)
def opinion_group(request: HttpRequest, seat: Seat, group_id: int) -> HttpResponse:
    """Read a group and answer it."""
    found, now = plan_here(request, seat), clock.now()
    group = get_object_or_404(found.groups, pk=group_id)
    form = DecisionForm(request.POST) if request.method == "POST" else DecisionForm.of(group)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            actions.decide(group, **form.cleaned_data, by=seat.by, at=now)
            messages.success(request, "已答复。")
            return redirect("school:adoption", seat.school.code)  # type: ignore[union-attr]
        except Refused as no:
            status = 409
            for refusal in no.refusals:
                form.add_error({"adopted_where": "section", "no_reason": "reason"}.get(refusal.why), say(refusal))
            group.refresh_from_db()
    rows = group.opinions.select_related("sheet__round").order_by("pk")
    page: Any = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {**frame(found), "group": group, "form": form, "page": page, "published": queries.adoption_of(found)}
    return render(request, "school/plan/group.html", context, status=status)


@require_POST
@at_school(Permission.PLAN_EDIT)
def group_split(request: HttpRequest, seat: Seat, group_id: int) -> HttpResponse:
    """Take the ticked opinions out of a group."""
    found = plan_here(request, seat)
    group = get_object_or_404(found.groups, pk=group_id)
    try:
        number = actions.ungroup(found, _ids(request.POST.getlist("opinion")), by=seat.by, at=clock.now())
        messages.success(request, f"{number}条意见已移出，请归到别的组。")
    except Refused as no:
        messages.error(request, said(no))
    if not found.groups.filter(pk=group.pk).exists():
        return redirect("school:adoption", seat.school.code)  # type: ignore[union-attr]
    return redirect("school:opinion_group", seat.school.code, group_id)  # type: ignore[union-attr]


@require_POST
@at_school(Permission.PLAN_EDIT)
def adoption_publication(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Publish the answers to everybody who was asked."""
    try:
        actions.publish_adoption(plan_here(request, seat), by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, seat, no.refusals)
    messages.success(request, "意见采纳表已公布，问过的人都收到了通知。")
    return redirect("school:adoption", seat.school.code)  # type: ignore[union-attr]


@require_GET
@at_school(Permission.PLAN_SEE)
def adoption_print(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Return the published table as a PDF."""
    found = plan_here(request, seat)
    table = queries.adoption_of(found)
    if table is None:
        messages.error(request, "意见采纳表公布以后才能打印。")
        return redirect("school:adoption", seat.school.code)  # type: ignore[union-attr]
    return pdf(adoption_paper(table, address=request.build_absolute_uri("/")), "adoption")
