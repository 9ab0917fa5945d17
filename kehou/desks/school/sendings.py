"""发出的通知: what was sent to many, how many opened it, and whom one must still call."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from kehou.chapters.journal import queries
from kehou.chapters.journal.models import Letter
from kehou.chapters.people.models import Account, Guardianship
from kehou.chapters.people.queries import Seat, held_on
from kehou.desks.school.gate import at_school
from kehou.lib import clock, sheets
from kehou.rules.letters import CHASED, OF_ONE_CHILD, TO_MANY
from kehou.rules.permissions import Permission

ROWS = 50


@require_GET
@at_school(Permission.ROSTER_SEE)
def sendings(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show each sending with how many opened it."""
    rows = queries.sendings(seat.school.code, text=request.GET.get("q", "").strip())  # type: ignore[union-attr]
    if request.GET.get("as") == "sheet":
        columns = [
            sheets.Column("发出时间", "moment"), *map(sheets.Column, ("类别", "标题")),
            *(sheets.Column(name, "whole") for name in ("发出", "已打开", "没有打开")),
        ]  # fmt: skip
        cells = (
            (one["written_at"], TO_MANY[one["kind"]], _title(one), one["sent"], one["read"], one["sent"] - one["read"])
            for one in rows
        )
        return sheets.download("发出的通知.xlsx", columns, cells)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    told = [
        {**one, "what": TO_MANY[one["kind"]], "title": _title(one), "unread": one["sent"] - one["read"],
         "chased": one["kind"] in CHASED}
        for one in page
    ]  # fmt: skip
    return render(request, "school/sendings.html", {"page": page, "rows": told})


def _title(one: dict[str, str]) -> str:
    """Return what all letters are called; where each has a title of its own, the first and that there are more.

    What is about one child is not named here: a sum or a seat is nobody's business who only counts (2.1-k).
    """
    if one["kind"] in OF_ONE_CHILD:
        return f"{TO_MANY[one['kind']]}，每家一封"
    return one["first_title"] + ("" if one["first_title"] == one["last_title"] else " 等")


@require_GET
@at_school(Permission.ROSTER_SEE)
def unopened(request: HttpRequest, seat: Seat, letter_id: int) -> HttpResponseBase:
    """Name those who have not opened a sending that they must know, for whoever calls them."""
    ours = Letter.objects.filter(school_code=seat.school.code, kind__in=TO_MANY)  # type: ignore[union-attr]
    one = get_object_or_404(ours, pk=letter_id)
    if one.kind not in CHASED:
        raise PermissionDenied("of these only the number is told")
    accounts = queries.sending_of(one).filter(reading=None).values("to_account")
    found = Account.objects.filter(pk__in=accounts).order_by("name", "pk")
    if text := request.GET.get("q", "").strip():
        found = found.filter(name__icontains=text)
    if request.GET.get("as") == "sheet":
        columns = [sheets.Column(name) for name in ("姓名", "孩子", "电话")]
        return sheets.download("没有打开通知的人.xlsx", columns, _people(list(found), seat))
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {"letter": one, "what": TO_MANY[one.kind], "page": page, "rows": _people(list(page), seat)}
    return render(request, "school/unopened.html", context)


def _people(accounts: list[Account], seat: Seat) -> list[tuple[str, str, str]]:
    """Return name, children at this school and telephone of accounts, in one statement more."""
    children: dict[int, list[str]] = {}
    held = Guardianship.objects.filter(held_on(clock.today()), account__in=accounts, pupil__school=seat.school)
    for row in held.select_related("pupil__homeroom").order_by("pupil_id"):
        children.setdefault(row.account_id, []).append(f"{row.pupil.homeroom}{row.pupil.name}")
    return [(one.name, "、".join(children.get(one.pk, ())), one.phone) for one in accounts]
