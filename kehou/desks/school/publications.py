"""公示: drafted from the books, checked, previewed, published with a number and a hash, withdrawn with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.disclosure import actions as disclosure
from kehou.chapters.disclosure import papers, queries
from kehou.chapters.disclosure.models import Publication
from kehou.chapters.money.queries import months_of_term
from kehou.chapters.people.queries import Seat
from kehou.chapters.schools.queries import school_term
from kehou.desks.school.forms_money import ItemsForm, NoticeForm, PostingForm, WithdrawForm
from kehou.desks.school.gate import at_school
from kehou.desks.school.term import this_term
from kehou.lib import clock
from kehou.rules.permissions import Permission
from kehou.rules.publication import KINDS
from kehou.rules.spans import DAY
from kehou.rules.verdicts import Refused

ROWS = 30
COMPOSED = ("prices", "account")


@at_school(Permission.PUBLISH)
def publications(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show what the school has published and what it may draft."""
    term = this_term(request)
    found = queries.of_school(seat.school, text=request.GET.get("q", "").strip())  # type: ignore[arg-type]
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    on = clock.today()
    dues = queries.dues_by_school([seat.school], term, on=on)[seat.school.pk]  # type: ignore[list-item, union-attr]
    owed = [(one, one.is_late(on)) for one in dues]
    values = {
        "page": page,
        "owed": owed,
        "kinds": KINDS,
        "months": months_of_term(term),
        "today": clock.today(),
        "term": term,
    }
    return render(request, "school/money/publications.html", values)


@at_school(Permission.PUBLISH)
def draft(request: HttpRequest, seat: Seat, kind: str) -> HttpResponse:
    """Preview a draft with everything that keeps it back; POST with `confirmed` publishes it."""
    if kind not in KINDS:
        raise Http404
    term = this_term(request)
    form = _form(request, kind)
    if form is not None and not (request.method == "POST" and form.is_valid()):
        return _write(request, seat, kind, form)
    drafted = _drafted(request, seat, term, kind, form)
    if request.method == "POST" and request.POST.get("confirmed"):
        try:
            made = disclosure.publish(kind, **drafted, by=seat.by, at=clock.now())
        except Refused as no:
            return _preview(request, seat, kind, drafted, form, no.refusals, status=409)
        messages.success(request, f"已公布，编号{made.number}。")
        return redirect("school:publications", seat.school.code)  # type: ignore[union-attr]
    facts = {name: drafted[name] for name in ("title", "content", "school", "until", "phones")}
    refusals = disclosure.refusals_to_publish(kind, **facts, at=clock.now())
    return _preview(request, seat, kind, drafted, form, refusals)


def _form(request: HttpRequest, kind: str) -> Any:
    if kind in COMPOSED:
        return None
    return (ItemsForm if kind == "service" else NoticeForm)(request.POST or None)


def _write(request: HttpRequest, seat: Seat, kind: str, form: Any) -> HttpResponse:
    values = {"kind": kind, "title": KINDS[kind], "form": form}
    return render(request, "school/money/draft.html", values, status=409 if form.errors else 200)


def _drafted(request: HttpRequest, seat: Seat, term: Term, kind: str, form: Any) -> dict[str, Any]:
    assert seat.school is not None
    on, school = clock.today(), seat.school
    extra = school_term(school, term)
    days = parameters_on(on).pub.deadlines.shown_days
    common: dict[str, Any] = {
        "school": school,
        "term": term,
        "period": "",
        "until": None,
        "phones": [phone for phone in (school.phone, extra.complaint_phone if extra else "") if phone],
    }
    if kind == "prices":
        content = queries.price_content(school, term, on=on)
        return common | {"title": f"{school.name}课后服务收费公示牌", "content": content}
    if kind == "account":
        wanted = request.GET.get("month") or request.POST.get("month") or ""
        month = next((one for one in months_of_term(term) if f"{one:%Y-%m}" == wanted), None)
        content = queries.account_content(school, term, month=month, on=on)
        return common | {
            "title": f"{school.name}课后服务{content['period']}收支公示",
            "content": content,
            "period": wanted if month else "",
            "until": on + days * DAY,
        }
    title = form.cleaned_data.pop("title")
    # A notice is one of many: its day tells it from the others.
    period = "" if kind == "service" else f"{clock.now():%m%d%H%M%S}"
    return common | {"title": title, "content": dict(form.cleaned_data), "period": period}


def _preview(
    request: HttpRequest, seat: Seat, kind: str, drafted: dict[str, Any], form: Any, refusals: Any, status: int = 200
) -> HttpResponse:
    shown = Publication(
        kind=kind, title=drafted["title"], content=drafted["content"], school=seat.school, term=drafted["term"],
        published_at=clock.now(), number="（公布时编号）", shown_until_on=drafted["until"],
    )  # fmt: skip
    typed = [(name, value) for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "confirmed")]
    values = {
        "kind": kind,
        "publication": shown,
        "refusals": list(refusals),
        "typed": typed,
        "month": request.GET.get("month") or request.POST.get("month") or "",
        "composed": form is None,
    }
    return render(request, "school/money/preview.html", values, status=status)


def _publication(seat: Seat, number: str) -> Publication:
    return get_object_or_404(queries.of_school(seat.school), number=number)  # type: ignore[arg-type]


@at_school(Permission.PUBLISH)
def withdrawal(request: HttpRequest, seat: Seat, number: str) -> HttpResponse:
    """Show what stands; POST takes it back with a reason."""
    found, form = _publication(seat, number), WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            disclosure.withdraw(found, reason=form.cleaned_data["reason"], by=seat.by, at=clock.now())
        except Refused as no:
            form.refuse(no)
        else:
            messages.success(request, "已撤回；撤回的原因和原文一起留存。")
            return redirect("school:publications", seat.school.code)  # type: ignore[union-attr]
    values = {"publication": found, "form": form}
    return render(request, "school/money/withdrawal.html", values, status=409 if form.errors else 200)


@at_school(Permission.PUBLISH)
def posting(request: HttpRequest, seat: Seat, number: str) -> HttpResponse:
    """Show where a poster hangs; POST notes another notice board (公示栏)."""
    found, form = _publication(seat, number), PostingForm(request.POST or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            disclosure.confirm_posting(found, **form.cleaned_data, by=seat.by, at=clock.now())
        except Refused as no:
            form.refuse(no)
        else:
            messages.success(request, "已登记上墙；公开页上也写着贴在哪里。")
            return redirect("school:publications", seat.school.code)  # type: ignore[union-attr]
    values = {"publication": found, "form": form}
    return render(request, "school/money/posting.html", values, status=409 if form.errors else 200)


@at_school(Permission.PUBLISH)
def poster(request: HttpRequest, seat: Seat, number: str) -> HttpResponse:
    """Return the poster for the notice board: `?size=a3` for the wall."""
    found = _publication(seat, number)
    made = papers.poster(found, address=request.build_absolute_uri("/"), a3=request.GET.get("size") == "a3")
    return HttpResponse(made.pdf, content_type="application/pdf")
