"""告知书: composed of the plan, issued to every guardian; who has it in hand, and the paper list for the rest."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.people.models import Pupil
from kehou.chapters.people.queries import Seat
from kehou.chapters.planning import actions, queries
from kehou.chapters.planning.models import Notice, Plan
from kehou.chapters.planning.plan_papers import notice_paper
from kehou.desks.school.gate import at_school
from kehou.desks.school.plan import frame, no_plan, pdf, plan_here, uploaded
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets, typed
from kehou.rules.permissions import Permission
from kehou.rules.planning import NOTICE_SECTIONS, refusals_of_notice
from kehou.rules.verdicts import Refused, refuse

ROWS = 60
METHODS = {"online": "手机确认", "paper": "纸质签收"}


@require_GET
@at_school(Permission.PLAN_SEE)
def notice(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the notice that stands and how far it has arrived, and what the next one would say."""
    if queries.plan_of(seat.school, this_term(request)) is None:  # type: ignore[arg-type]
        return no_plan(request, seat, "告知书")
    found = plan_here(request, seat)
    standing = queries.latest_notice(found.school, found.term)
    if request.GET.get("as") == "sheet" and standing:
        return _ledger(standing)
    return _page(request, found, standing)


def _page(
    request: HttpRequest, found: Plan, standing: Notice | None, *, no: Refused | None = None, ticked: Any = ()
) -> HttpResponse:
    """Return the page; after a refusal with what was ticked."""
    text = request.GET.get("q", "").strip()
    waiting = queries.without_receipt(standing, text=text) if standing else Pupil.objects.none()
    context = {
        **frame(found),
        "notice": standing,
        "delivery": queries.delivery_of(standing) if standing else None,
        "page": Paginator(waiting, ROWS).get_page(request.GET.get("page")),
        "homerooms": found.school.homerooms.filter(school_year=found.term.school_year).order_by("grade", "number"),
        "versions": found.notices.order_by("-version"),
        "refused": no.refusals if no else (),
        "ticked": ticked,
    }
    return render(request, "school/plan/notice.html", context, status=409 if no else 200)


def _ledger(standing: Notice) -> HttpResponseBase:
    """Return the delivery ledger as a spreadsheet: everybody, with and without a receipt."""
    columns = [sheets.Column(name) for name in ("班级", "学生", "送达方式", "确认人")] + [
        sheets.Column("时间", "moment")
    ]
    rows = [
        [
            str(one.pupil.homeroom),
            one.pupil.name,
            METHODS[one.method],
            one.account.name if one.account else "",
            one.received_at,
        ]
        for one in queries.receipts_of(standing)
    ]
    rows += [[str(pupil.homeroom), pupil.name, "还没有送达", "", None] for pupil in queries.without_receipt(standing)]
    return sheets.download(f"告知书送达台账-{standing.plan.school.name}.xlsx", columns, rows)


@require_http_methods(["GET", "POST"])
@at_school(Permission.PLAN_EDIT)
def notice_issue(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Read what the next notice says, the four topics first; issue it to every guardian."""
    found = plan_here(request, seat)
    content = actions.compose(found)
    wrong: Any = refusals_of_notice({one["key"]: one["words"] for one in content["topics"]})
    first = queries.round_of(found, 1)
    if first is None or clock.now() < first.closes_at:
        wrong = [*wrong, refuse("R-NOTI-02", "first_round_first")]
    if request.method == "POST":
        try:
            actions.issue_notice(found, by=seat.by, at=clock.now())
            messages.success(request, "告知书已发给每一户；没有手机的，请打印签收表。")
            return redirect("school:notice", seat.school.code)  # type: ignore[union-attr]
        except Refused as no:
            wrong = no.refusals
    context = {
        **frame(found), "content": content, "wrong": wrong, "four": [key for key, _, _ in NOTICE_SECTIONS],
        "desk_base": "school/base.html",
        "without_inspector": not any(name.startswith("责任督学") for name, _ in content["phones"]),
    }  # fmt: skip
    return render(request, "school/plan/notice_issue.html", context, status=409 if request.method == "POST" else 200)


def _standing(request: HttpRequest, seat: Seat) -> Notice:
    found = plan_here(request, seat)
    standing = queries.latest_notice(found.school, found.term)
    if standing is None:
        raise Http404
    return standing


@require_POST
@at_school(Permission.PLAN_EDIT)
def notice_receipts(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Keep that the ticked families have signed on paper, with the scan of the list."""
    standing = _standing(request, seat)
    ticked = Pupil.objects.filter(school=seat.school, pk__in=typed.wholes(request.POST.getlist("pupil")))
    try:
        upload = uploaded(request, "scan")
        number = actions.record_paper_receipts(standing, ticked, scan=upload, by=seat.by, at=clock.now())
        messages.success(request, f"已登记{number}人的纸质签收，扫描件已存。")
    except Refused as no:
        return _page(request, standing.plan, standing, no=no, ticked=set(ticked.values_list("pk", flat=True)))
    return redirect("school:notice", seat.school.code)  # type: ignore[union-attr]


@require_GET
@at_school(Permission.PLAN_SEE)
def notice_print(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Return the notice as a PDF."""
    return pdf(notice_paper(_standing(request, seat), address=request.build_absolute_uri("/")), "notice")


@require_GET
@at_school(Permission.PLAN_EDIT)
def notice_list(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Return the list on which families without a phone sign, of one class or of all."""
    standing = _standing(request, seat)
    homeroom = typed.whole(request.GET.get("homeroom"))
    pupils = list(queries.without_receipt(standing, homeroom=homeroom))
    if not pupils:
        messages.success(request, "这里的家庭都已经收到，不用打印签收表。")
        return redirect("school:notice", seat.school.code)  # type: ignore[union-attr]
    return pdf(notice_paper(standing, address=request.build_absolute_uri("/"), pupils=pupils), "notice-list")
