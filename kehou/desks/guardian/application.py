"""申请: the family's choice on one page, its live price, its receipt."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.allocation.queries import draw_of
from kehou.chapters.allocation.renewals import kept_by_slot, renewals_of
from kehou.chapters.allocation.rounds import pseudonym
from kehou.chapters.basis.queries import calendar_of, parameters_on
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment import queries
from kehou.chapters.enrolment.form import choice_from, hours_from, page_of
from kehou.chapters.enrolment.models import Application, Registration
from kehou.chapters.enrolment.siblings import link_of, sharing_with
from kehou.chapters.people.models import Pupil
from kehou.chapters.people.queries import Parenthood, children_of
from kehou.desks.guardian.gate import beside_child
from kehou.desks.guardian.page import show
from kehou.lib import clock
from kehou.rules.choice import REVIEW_REASONS, Choice, Offer, Person, short
from kehou.rules.choice_words import days_in_words, summary, way_home
from kehou.rules.enrolling import APPLICATION_TITLES, METHODS, OPEN_STATES, refusal_of_time
from kehou.rules.fees import hours_in_words, quote, total_of
from kehou.rules.money import yuan
from kehou.rules.permissions import Permission
from kehou.rules.renewing import KEEP
from kehou.rules.verdicts import Refusal, Refused, refuse


def _refusal_now(registration: Registration, application: Application | None) -> Refusal | None:
    """Return why the family cannot write at this moment: what the button says."""
    if application is not None and application.state not in OPEN_STATES:
        return refuse("R-VOL-01", "choice_is_settled")
    return refusal_of_time(
        opens_at=registration.opens_at,
        closes_at=registration.closes_at,
        frozen_at=registration.frozen_at,
        at=clock.now(),
        returned=application is not None and application.state == "returned",
        late_until=registration.late_until_at,
    )


@require_http_methods(["GET", "POST"])
@beside_child(Permission.CHILD_CHOOSE)
def application(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Show the form with what stands so far; take what was filled in."""
    find = queries.registration_to_write if request.method == "POST" else queries.registration_of
    registration = find(beside.school, on=clock.today())
    if registration is None:
        return show(request, beside, "guardian/no_registration.html", name="guardian:application")
    if request.method == "POST":
        return _submit(request, beside, registration)
    standing = queries.application_of(beside.pupil, registration)
    choice, like = _begin_with(request, beside, registration, standing)
    return _form(request, beside, registration, standing, choice, {"like": like})


def _submit(request: HttpRequest, beside: Parenthood, registration: Registration) -> HttpResponse:
    choice = choice_from(request.POST, queries.offer_for(registration, beside.pupil.homeroom.grade))
    try:
        enrolment.submit(registration, beside.pupil, choice, by=beside.by, at=clock.now())
    except Refused as no:
        standing = queries.application_of(beside.pupil, registration)
        wrong = {"wrong": no.refusals}
        return _form(request, beside, registration, standing, choice, wrong, status=422)
    return redirect("guardian:receipt", beside.pupil.pk)


def _form(
    request: HttpRequest,
    beside: Parenthood,
    registration: Registration,
    standing: Application | None,
    choice: Choice,
    more: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    siblings = [child for child in children_of(beside.account, on=clock.today()) if child.pk != beside.pupil.pk]
    applied = Application.objects.filter(pupil__in=siblings, registration__term=registration.term, joins=True)
    return show(
        request,
        beside,
        "guardian/application.html",
        {
            "registration": registration,
            "method": METHODS[registration.method],
            "answers": [("yes", "参加"), ("no", "不参加")],
            "reasons": REVIEW_REASONS,
            "application": standing,
            "review": getattr(standing.current, "review", None) if standing and standing.current else None,
            "refusal": _refusal_now(registration, standing),
            "can_copy": [one.pupil for one in applied.select_related("pupil")] if standing is None else [],
            "price": _price({day.weekday: day.hours for day in choice.days}, registration),
            "alone_from": queries.terms_of(registration).alone_from_grade,
            **_with_kept(registration, page_of(registration, beside.pupil, choice)),
            "renewed": [one for one in renewals_of(beside.pupil, on=clock.today()) if one.answer == KEEP],
            **more,
        },
        name="guardian:application",
        status=status,
    )


def _with_kept(registration: Registration, page: dict[str, Any]) -> dict[str, Any]:
    """Say beside each group how many of its seats are kept by last term's members, before anybody chooses."""
    kept = kept_by_slot(registration.school, registration.term)
    for day in page["wish_days"] if kept else ():
        for wish in day["wishes"]:
            if n := kept[wish["key"]]:
                wish["facts"] += f"，其中{n}个由续报的同学保留"
    return page


def _begin_with(
    request: HttpRequest, beside: Parenthood, registration: Registration, standing: Application | None
) -> tuple[Choice, Pupil | None]:
    """Return what the form begins with: the version that stands, a sibling's (照搬), or only the persons we know."""
    if standing is not None:
        return queries.choice_of(standing), None
    like = request.GET.get("like", "")
    if like:
        sibling = next((c for c in children_of(beside.account, on=clock.today()) if str(c.pk) == like), None)
        other = (
            Application.objects.filter(pupil=sibling, registration__term=registration.term)
            .select_related("current")
            .first()
            if sibling
            else None
        )
        if sibling and other is not None and other.joins:
            offer = queries.offer_for(registration, beside.pupil.homeroom.grade)
            return _fitted(queries.choice_of(other), offer), sibling
    pupil = beside.pupil
    contacts = tuple(Person(c.name, c.relation, c.phone) for c in pupil.contacts.order_by("turn"))
    pickup = pupil.pickup_persons.filter(ended_at__isnull=True, only_on__isnull=True).order_by("pk")
    return Choice(contacts=contacts, pickup=tuple(Person(p.name, p.relation, p.phone) for p in pickup)), None


def _fitted(choice: Choice, offer: Offer) -> Choice:
    """Return a sibling's choice as far as it fits this child: days and wishes that its grade may have."""
    days = []
    for day in choice.days:
        most = offer.most_hours.get(day.weekday, 0)
        if most:
            hours = min(day.hours, most)
            fits = {place.id for place in offer.by_weekday[day.weekday] if place.last <= hours}
            tiers = tuple(kept for tier in day.tiers if (kept := tuple(one for one in tier if one in fits)))
            days.append(type(day)(day.weekday, hours, tiers, day.any_place))
    return Choice(
        joins=choice.joins,
        days=tuple(days),
        going_home=choice.going_home if choice.going_home != "alone" else "",
        contacts=choice.contacts,
        pickup=choice.pickup,
        consents=choice.consents,
        signed_by="",
    )


# --- The price --------------------------------------------------------------------------------------------------------


@require_POST
@beside_child(Permission.CHILD_CHOOSE)
def price(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Return the price of the hours that are ticked, as a fragment; writes nothing."""
    registration = queries.registration_of(beside.school, on=clock.today())
    if registration is None:
        raise Http404
    return render(request, "components/price.html", _price(hours_from(request.POST), registration) | {"sticky": True})


def _price(hours: dict[int, int], registration: Registration) -> dict[str, Any]:
    """Return the fee of the first whole month and of the term: `每周一三五各2课时，11月12天`."""
    fee = parameters_on(max(registration.term.service_from_on, clock.today())).fee
    offered = {weekday: count for weekday, count in hours.items() if count in fee.tariff}
    months = quote(offered, calendar_of(registration.term), fee, school=registration.school.code) if offered else ()
    if not registration.school.charges_fee:
        return {"fen": 0, "words": "本校不收取这项费用"}
    if not months:
        return {"fen": 0, "words": "选好星期和课时，这里显示每月多少钱"}
    # The month that shows most days is the one people compare with; the first and last are often broken.
    shown = max(months[:3], key=lambda month: month.charged_days)
    words = f"{hours_in_words(offered)}，{shown.month}月{shown.charged_days}天；整学期共{yuan(total_of(months))}元"
    return {"fen": shown.due_fen, "words": words}


# --- The receipt ------------------------------------------------------------------------------------------------------


@require_GET
@beside_child(Permission.CHILD_SEE)
def receipt(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Show what stands, its hash, and until when it can be changed."""
    registration = queries.registration_of(beside.school, on=clock.today())
    standing = queries.application_of(beside.pupil, registration) if registration else None
    if registration is None or standing is None or standing.current is None:
        return redirect("guardian:application", beside.pupil.pk)
    choice = queries.choice_of(standing)
    names = dict(queries.slots_of(registration).values_list("pk", "activity__name"))
    draw = draw_of(registration)
    in_draw = draw is not None and draw.state in ("committed", "drawn", "published") and choice.joins
    return show(
        request,
        beside,
        "guardian/receipt.html",
        {
            "registration": registration,
            "application": standing,
            "submission": standing.current,
            "choice": choice,
            "words": summary(choice),
            "days": days_in_words(choice, names),
            "way_home": way_home(choice),
            "short": short(standing.digest),
            "state": APPLICATION_TITLES[standing.state],
            "refusal": _refusal_now(registration, standing),
            "versions": standing.submissions.order_by("-version"),
            "pseudonym": pseudonym(draw, standing.pk) if in_draw and draw else "",
            "link": link_of(standing) if choice.joins else None,
            "shared": sharing_with(standing) if choice.joins else [],
            "draw": draw,
        },
        name="guardian:application",
    )
