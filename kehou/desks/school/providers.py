"""第三方机构 at a school: the approved list, what is used, its agreement, who is sent, review, end (P8-2, P10-4)."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.people.queries import Seat
from kehou.chapters.programme.queries import featured_hours, loads_of
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing import queries
from kehou.chapters.staffing.models import ProviderPerson, ProviderUse
from kehou.desks.school.forms_outside import BindForm, ChooseForm, PersonForm, ReviewForm, after
from kehou.desks.school.gate import at_school
from kehou.desks.school.one_form import one_form, then, upload_in
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets, typed
from kehou.lib.uploads import CONTENT_TYPES
from kehou.rules.outsiders import AREA_TITLES, concentration, warning_of_concentration
from kehou.rules.permissions import Permission
from kehou.rules.states import PROVIDER

ROWS = 30
KINDS = {"chosen": "wait", "bound": "wait", "serving": "live", "reviewed": "done", "left": "plain", "listed": "plain"}
BACK = ("第三方机构", "school:providers")


def _uses(seat: Seat) -> Any:
    return ProviderUse.objects.select_related("school", "term", "candidacy__provider", "statement").filter(
        school=seat.school
    )


def _shares(seat: Seat, term: Term) -> list[tuple[str, int, Any]]:
    """Return for each organisation its percent of the featured hours, with the warning when it is too much (P10-4)."""
    loads = loads_of(term, school=seat.school)
    hours: dict[str, int] = {}
    for member, name in queries.provider_hours_people([seat.school], term).items():  # type: ignore[list-item]
        hours[name] = hours.get(name, 0) + (loads[member].featured if member in loads else 0)
    most = parameters_on(clock.today()).provider.school_share_most
    shares = concentration(hours, all_hours=featured_hours(term, school=seat.school))  # type: ignore[arg-type]
    return [
        (name, percent, warning_of_concentration(name, percent=percent, most=most)) for name, percent in shares.items()
    ]


@require_GET
@at_school(Permission.OUTSIDERS_SEE)
def providers(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show what the school uses with its share, and the approved list to choose from."""
    term, text = this_term(request), request.GET.get("q", "").strip()
    uses = queries.uses_of(school=seat.school, term=term)
    if request.GET.get("as") == "sheet":
        columns = [*map(sheets.Column, ("机构", "类别", "活动", "状态", "协议编号")), sheets.Column("有效到", "day")]
        cells = (
            (
                one.candidacy.provider.name, AREA_TITLES[one.candidacy.area], one.what, PROVIDER.labels[one.state],
                one.agreement_number, one.until_on,
            )
            for one in uses
        )  # fmt: skip
        return sheets.download(f"机构选用-{seat.school.name}.xlsx", columns, cells)  # type: ignore[union-attr]
    page = Paginator(queries.listed(on=clock.today(), text=text), ROWS).get_page(request.GET.get("page"))
    context = {
        "term": term,
        "uses": [(one, PROVIDER.labels[one.state], KINDS[one.state], AREA_TITLES[one.candidacy.area]) for one in uses],
        "shares": _shares(seat, term),
        "page": page,
        "rows": [(one, AREA_TITLES[one.area]) for one in page],
    }
    return render(request, "school/outside/providers.html", context)


@require_http_methods(["GET", "POST"])
@at_school(Permission.OUTSIDERS_EDIT)
def choice(request: HttpRequest, seat: Seat, candidacy_id: int) -> HttpResponse:
    """Choose an organisation of the list, on the ground of a stated shortage of its area."""
    term = this_term(request)
    one = get_object_or_404(queries.listed(on=clock.today()), pk=candidacy_id)
    statements = queries.stating(seat.school, term).filter(area=one.area)  # type: ignore[arg-type]

    def act(said: dict[str, Any]) -> str:
        ground, who = said["statement"], {"by": seat.by, "at": clock.now()}
        staffing.choose_provider(seat.school, term, one, ground, what=said["what"], **who)  # type: ignore[arg-type]
        return f"已选用{one.provider.name}，下一步登记协议。"

    return one_form(
        request, seat, ChooseForm(statements, request.POST or None), act, title=f"选用{one.provider.name}",
        back=BACK, button="选用", lead=f"{AREA_TITLES[one.area]}。{one.offer}",
    )  # fmt: skip


@require_GET
@at_school(Permission.OUTSIDERS_SEE)
def use(request: HttpRequest, seat: Seat, use_id: int) -> HttpResponse:
    """Show one use: where it stands, its agreement, who is sent, what comes next."""
    one = get_object_or_404(_uses(seat), pk=use_id)
    context = {
        "one": one,
        "area": AREA_TITLES[one.candidacy.area],
        "state": PROVIDER.labels[one.state],
        "kind": KINDS[one.state],
        "people": one.people.select_related("member").order_by("member__name"),
        "review": getattr(one, "review", None),
        "form": PersonForm(seat.school),  # type: ignore[arg-type]
        "steps": [(PROVIDER.labels[key], key == one.state) for key in ("chosen", "bound", "serving", "reviewed")],
    }
    return render(request, "school/outside/use.html", context)


@require_http_methods(["GET", "POST"])
@at_school(Permission.OUTSIDERS_EDIT)
def agreement(request: HttpRequest, seat: Seat, use_id: int) -> HttpResponse:
    """Keep the agreement with its scan."""
    one = get_object_or_404(_uses(seat), pk=use_id)

    def act(said: dict[str, Any]) -> str:
        staffing.bind_provider(
            one, number=said["number"], signed_on=said["signed_on"], until_on=after(said["last_on"]),
            scan=upload_in(said["scan"]), by=seat.by, at=clock.now(),
        )  # fmt: skip
        return "协议已登记。"

    form = BindForm(request.POST or None, request.FILES or None)
    return one_form(request, seat, form, act, title="登记协议", back=BACK, to=("school:provider_use", one.pk))


@require_GET
@at_school(Permission.OUTSIDERS_SEE)
def agreement_scan(request: HttpRequest, seat: Seat, use_id: int) -> HttpResponseBase:
    """Return the scan of the agreement."""
    one = get_object_or_404(_uses(seat), pk=use_id)
    if not one.agreement:
        raise Http404
    kind = CONTENT_TYPES[one.agreement.name.rsplit(".", 1)[-1]]
    return FileResponse(one.agreement.open("rb"), as_attachment=True, content_type=kind)


@require_POST
@at_school(Permission.OUTSIDERS_EDIT)
def person(request: HttpRequest, seat: Seat, use_id: int) -> HttpResponse:
    """Name who is sent; or say that somebody is not sent any more."""
    one = get_object_or_404(_uses(seat), pk=use_id)
    if gone := request.POST.get("gone"):
        sent = get_object_or_404(ProviderPerson, use=one, pk=typed.whole(gone) or 0)
        return then(
            request, seat, lambda: staffing.drop_person(sent, by=seat.by, at=clock.now()), "已撤下。",
            "school:provider_use", one.pk,
        )  # fmt: skip
    form = PersonForm(seat.school, request.POST)  # type: ignore[arg-type]
    member = form.cleaned_data["member"] if form.is_valid() else None
    if member is None:
        return then(request, seat, lambda: None, "请选人员。", "school:provider_use", one.pk)
    return then(
        request, seat, lambda: staffing.name_person(one, member, by=seat.by, at=clock.now()), f"{member.name}已登记。",
        "school:provider_use", one.pk,
    )  # fmt: skip


@require_POST
@at_school(Permission.OUTSIDERS_EDIT)
def service(request: HttpRequest, seat: Seat, use_id: int) -> HttpResponse:
    """Let it begin."""
    one = get_object_or_404(_uses(seat), pk=use_id)
    return then(
        request, seat, lambda: staffing.begin_service(one, by=seat.by, at=clock.now()), "已开始服务。",
        "school:provider_use", one.pk,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@at_school(Permission.OUTSIDERS_EDIT)
def review(request: HttpRequest, seat: Seat, use_id: int) -> HttpResponse:
    """Say what it was worth."""
    one = get_object_or_404(_uses(seat), pk=use_id)

    def act(said: dict[str, Any]) -> str:
        note = said.pop("note")
        staffing.review_use(one, said, note=note, by=seat.by, at=clock.now())
        return "评估已提交，区教委年度评估时会用。"

    return one_form(
        request, seat, ReviewForm(request.POST or None), act, title=f"评估{one.candidacy.provider.name}", back=BACK,
        button="提交", to=("school:provider_use", one.pk),
    )  # fmt: skip


@require_POST
@at_school(Permission.OUTSIDERS_EDIT)
def ending(request: HttpRequest, seat: Seat, use_id: int) -> HttpResponse:
    """End the use, with a reason."""
    one = get_object_or_404(_uses(seat), pk=use_id)
    reason, renews = request.POST.get("reason", ""), request.POST.get("renews") == "yes"
    return then(
        request, seat, lambda: staffing.end_use(one, reason=reason, renews=renews, by=seat.by, at=clock.now()),
        "已结束。", "school:provider_use", one.pk,
    )  # fmt: skip
