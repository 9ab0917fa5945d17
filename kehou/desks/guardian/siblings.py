"""兄弟姐妹用同一个号: what it means, which children of the guardian, agreed to and taken back until the deadline."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment import queries
from kehou.chapters.enrolment.actions.linking import refusal_now
from kehou.chapters.enrolment.models import Application, Registration
from kehou.chapters.enrolment.siblings import Candidate, candidates, link_of, sharing_with
from kehou.chapters.people.queries import Parenthood, children_of
from kehou.desks.guardian.gate import beside_child
from kehou.desks.guardian.page import said, show
from kehou.lib import clock
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refusal, Refused, refuse


@require_http_methods(["GET", "POST"])
@beside_child(Permission.CHILD_CHOOSE)
def siblings(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Show what a shared number means and take the guardian's answer."""
    registration = queries.registration_of(beside.school, on=clock.today())
    if registration is None:
        return show(request, beside, "guardian/no_registration.html", name="guardian:siblings")
    if request.method == "GET":
        return _page(request, beside, registration)
    ticked = set(request.POST.getlist("pupil"))
    chosen = [child for child in children_of(beside.account, on=clock.today()) if str(child.pk) in ticked]
    try:
        enrolment.link_siblings(registration, chosen, by=beside.by, at=clock.now())
    except Refused as no:
        return _page(request, beside, registration, no.refusals)
    messages.success(request, "已记下：摇号时用同一个号。截止前可以取消。")
    return redirect("guardian:siblings", beside.pupil.pk)


def _page(
    request: HttpRequest, beside: Parenthood, registration: Registration, wrong: tuple[Refusal, ...] = ()
) -> HttpResponse:
    children = children_of(beside.account, on=clock.today())
    rows = candidates(registration, children, {child.pk for child in children})
    mine = next((row.application for row in rows if row.pupil.pk == beside.pupil.pk), None)
    link = link_of(mine) if mine else None
    closed = refusal_now(registration, clock.now())
    able = [row for row in rows if row.refusal is None]
    ticked = request.POST.getlist("pupil") if wrong else [str(row.pupil.pk) for row in able]
    context: dict[str, Any] = {
        "registration": registration,
        "rows": [(row, str(row.pupil.pk) in ticked) for row in rows],
        "link": link,
        "shared": sharing_with(mine) if mine and link else [],
        "closed": closed,
        "refusal": closed or _missing(rows),
        "wrong": wrong,
    }
    status = 422 if wrong else 200
    return show(request, beside, "guardian/siblings.html", context, name="guardian:siblings", status=status)


def _missing(rows: list[Candidate]) -> Refusal | None:
    """Return why there are not two children to share a number: what the button says."""
    if len(rows) < 2:
        return refuse("R-ALLOC-02", "only_child")
    stuck = [row.refusal for row in rows if row.refusal]
    return stuck[0] if len(rows) - len(stuck) < 2 else None


@require_POST
@beside_child(Permission.CHILD_CHOOSE)
def removal(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Give each child a number of its own again."""
    rows = Application.objects.select_related("registration__school", "registration__term")
    registration = queries.registration_of(beside.school, on=clock.today())
    mine = get_object_or_404(rows, pupil=beside.pupil, registration=registration)
    try:
        enrolment.unlink_siblings(mine, by=beside.by, at=clock.now())
    except Refused as no:
        messages.error(request, said(no))
    else:
        messages.success(request, "已取消：每个孩子各用各的号。")
    return redirect("guardian:siblings", beside.pupil.pk)
