"""第三方机构: who applied and where they stand, who is on the list, which school uses whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Avg, Count, Q, QuerySet

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import (
    Candidacy,
    Provider,
    ProviderCall,
    ProviderExit,
    ProviderPerson,
    ProviderUse,
    Readmission,
)
from kehou.rules.providers import Check
from kehou.rules.states import ProviderState

LIVE_USES = ("chosen", "bound", "serving")


def calls() -> QuerySet[ProviderCall]:
    """Return the calls, newest first, with how many organisations applied."""
    return ProviderCall.objects.annotate(applied=Count("candidacies")).order_by("-closes_on", "-pk")


def candidacies(*, state: str = "", text: str = "", area: str = "") -> QuerySet[Candidacy]:
    """Return the organisations in their calls, newest first, with open objections, live uses and mean of the scores."""
    rows = Candidacy.objects.select_related("provider", "call").annotate(
        open_objections=Count("objections", filter=Q(objections__answered_at=None), distinct=True),
        schools=Count("uses__school", filter=Q(uses__state__in=LIVE_USES), distinct=True),
        mean=Avg("scores__total"),
    )
    if text:
        rows = rows.filter(Q(provider__name__icontains=text) | Q(provider__credit_code__icontains=text))
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(area=area) if area else rows
    return rows.order_by("-made_at", "-pk")


def listed(*, on: date, text: str = "", area: str = "") -> QuerySet[Candidacy]:
    """Return the approved list (白名单) of a day, by name."""
    rows = candidacies(state=ProviderState.LISTED.value, text=text, area=area).filter(listed_until_on__gt=on)
    return rows.order_by("provider__name", "area", "pk")


def shown_now() -> QuerySet[Candidacy]:
    """Return whom the public may object to, and whose publicity is over and waits for the list."""
    return candidacies(state=ProviderState.SHOWN.value).order_by("shown_until_on", "pk")


def checks_of(candidacy: Candidacy) -> list[Check]:
    """Return the newest enquiry of each kind in the form that the rules read."""
    rows = candidacy.checks.order_by("checked_at", "pk")
    return list({one.kind: Check(one.kind, one.clean, one.found_on) for one in rows}.values())


def last_exit(provider: Provider) -> ProviderExit | None:
    """Return how an organisation left the last time, or None if it never did."""
    return ProviderExit.objects.filter(candidacy__provider=provider).order_by("-made_at", "-pk").first()


def is_readmitted(provider: Provider, since: ProviderExit) -> bool:
    """Return whether the district has let an organisation back since it left."""
    return Readmission.objects.filter(provider=provider, granted_at__gte=since.made_at).exists()


def uses_of(*, school: School | None = None, term: Term | None = None) -> QuerySet[ProviderUse]:
    """Return which school uses whom, what lives first."""
    rows = ProviderUse.objects.select_related("school", "term", "candidacy__provider", "statement").annotate(
        sent=Count("people")
    )
    rows = rows.filter(school=school) if school else rows
    rows = rows.filter(term=term) if term else rows
    return rows.order_by("left_at", "-chosen_at", "-pk")


def provider_hours_people(schools: Iterable[School], term: Term) -> dict[int, str]:
    """Return by member the organisation that sent them to these schools in a term."""
    rows = ProviderPerson.objects.filter(use__school__in=list(schools), use__term=term, use__state__in=LIVE_USES)
    return dict(rows.values_list("member_id", "use__candidacy__provider__name"))
