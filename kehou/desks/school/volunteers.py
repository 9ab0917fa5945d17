"""志愿服务: the ledger of hours, confirmation by a second person, certificates."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.people.queries import Seat
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing import queries
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.staffing.papers import certificate_paper
from kehou.desks.school.forms_outside import CertificateForm, HoursForm, after
from kehou.desks.school.gate import at_school
from kehou.desks.school.one_form import one_form, then
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets
from kehou.rules.outsiders import hours_in_words
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import refuse

ROWS = 50
BACK = ("志愿服务", "school:volunteers")


@require_GET
@at_school(Permission.OUTSIDERS_SEE)
def volunteers(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show who serves for nothing, and how much."""
    rows = queries.volunteers_of(seat.school, text=request.GET.get("q", "").strip())  # type: ignore[arg-type]
    if request.GET.get("as") == "sheet":
        columns = [
            sheets.Column("姓名"), sheets.Column("次数", "whole"), sheets.Column("确认分钟", "whole"),
            sheets.Column("待确认", "whole"), sheets.Column("最近一次", "day"),
        ]  # fmt: skip
        cells = ((one.name, one.services, one.minutes or 0, one.waiting, one.last_on) for one in rows)
        return sheets.download(f"志愿时数-{seat.school.name}.xlsx", columns, cells)  # type: ignore[union-attr]
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    lines = [(one, hours_in_words(one.minutes or 0)) for one in page]
    return render(request, "school/outside/volunteers.html", {"page": page, "rows": lines})


def _volunteer(seat: Seat, member_id: int) -> StaffMember:
    return get_object_or_404(queries.volunteers_of(seat.school), pk=member_id)  # type: ignore[arg-type]


@require_GET
@at_school(Permission.OUTSIDERS_SEE)
def volunteer(request: HttpRequest, seat: Seat, member_id: int) -> HttpResponse:
    """Show the lines of one volunteer, and their certificates."""
    member, term = _volunteer(seat, member_id), this_term(request)
    page = Paginator(queries.hours_of(seat.school, member=member), ROWS).get_page(request.GET.get("page"))  # type: ignore[arg-type]
    own = refuse("R-EXT-03", "own_hours")
    context = {
        "member": member,
        "total": hours_in_words(member.minutes or 0),  # type: ignore[attr-defined]
        "page": page,
        "rows": [
            (one, hours_in_words(one.minutes), own if one.entered_account == seat.by.account_id else None)
            for one in page
        ],
        "certificates": [
            (one, hours_in_words(one.minutes))
            for one in queries.certificates_of(seat.school, member=member)  # type: ignore[arg-type]
        ],
        "form": CertificateForm(initial={"from_on": term.service_from_on, "last_on": clock.today()}),
    }
    return render(request, "school/outside/volunteer.html", context)


@require_http_methods(["GET", "POST"])
@at_school(Permission.OUTSIDERS_EDIT)
def new_hours(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Enter a service that was no session."""

    def act(said: dict[str, Any]) -> str:
        served = staffing.Served(said["member"], said["on"], said["what"], said["minutes"])
        staffing.enter_hours(served, by=seat.by, at=clock.now())
        return "已录入，等另一位确认。"

    form = HoursForm(queries.volunteers_of(seat.school), request.POST or None)  # type: ignore[arg-type]
    return one_form(
        request, seat, form, act, title="录入志愿时数", back=BACK, lead="带组的课次点名后自动计入，这里只录别的服务。"
    )


@require_POST
@at_school(Permission.HOURS_CONFIRM)
def confirmation(request: HttpRequest, seat: Seat, line_id: int) -> HttpResponse:
    """Confirm what somebody else entered."""
    line = get_object_or_404(queries.hours_of(seat.school), pk=line_id)  # type: ignore[arg-type]
    return then(
        request, seat, lambda: staffing.confirm_hours(line, by=seat.by, at=clock.now()), "已确认。",
        "school:volunteer", line.member_id,
    )  # fmt: skip


@require_POST
@at_school(Permission.OUTSIDERS_EDIT)
def removal(request: HttpRequest, seat: Seat, line_id: int) -> HttpResponse:
    """Take out what was entered wrongly."""
    line = get_object_or_404(queries.hours_of(seat.school), pk=line_id)  # type: ignore[arg-type]
    return then(
        request, seat, lambda: staffing.drop_hours(line, by=seat.by, at=clock.now()), "已删除。",
        "school:volunteer", line.member_id,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@at_school(Permission.HOURS_CONFIRM)
def certificate_new(request: HttpRequest, seat: Seat, member_id: int) -> HttpResponse:
    """Certify the confirmed hours of some days."""
    member = _volunteer(seat, member_id)

    def act(said: dict[str, Any]) -> str:
        until = after(said["last_on"])
        made = staffing.issue_certificate(
            seat.school,
            member,
            from_on=said["from_on"],
            until_on=until,
            by=seat.by,
            at=clock.now(),  # type: ignore[arg-type]
        )
        return f"证明已开具，核验码{made.code}。"

    return one_form(
        request, seat, CertificateForm(request.POST or None), act, title=f"给{member.name}开证明", back=BACK,
        button="开具", to=("school:volunteer", member.pk),
    )  # fmt: skip


@require_GET
@at_school(Permission.OUTSIDERS_SEE)
def certificate(request: HttpRequest, seat: Seat, certificate_id: int) -> HttpResponse:
    """Return a certificate on paper."""
    one = get_object_or_404(queries.certificates_of(seat.school), pk=certificate_id)  # type: ignore[arg-type]
    made = certificate_paper(one, address=request.build_absolute_uri("/"))
    answer = HttpResponse(made.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{one.number}.pdf"'
    return answer


@require_POST
@at_school(Permission.HOURS_CONFIRM)
def revocation(request: HttpRequest, seat: Seat, certificate_id: int) -> HttpResponse:
    """Declare a certificate void."""
    one = get_object_or_404(queries.certificates_of(seat.school), pk=certificate_id)  # type: ignore[arg-type]
    reason = request.POST.get("reason", "")
    return then(
        request, seat, lambda: staffing.revoke_certificate(one, reason=reason, by=seat.by, at=clock.now()),
        "证明已作废。", "school:volunteer", one.member_id,
    )  # fmt: skip
