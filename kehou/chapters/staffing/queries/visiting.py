"""走教: what schools lack, who visits where."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import Visit, VisitNeed


def needs_of(term: Term, *, text: str = "", area: str = "", school: School | None = None) -> QuerySet[VisitNeed]:
    """Return what schools lack in a term, what still stands first, with its proposals and agreements."""
    standing = Q(visits__ended_at=None)
    rows = VisitNeed.objects.filter(term=term).select_related("school")
    if text:
        rows = rows.filter(Q(what__icontains=text) | Q(school__name__icontains=text))
    rows = rows.filter(area=area) if area else rows
    rows = rows.filter(school=school) if school else rows
    return rows.annotate(
        proposals=Count("visits", filter=standing, distinct=True),
        agreed=Count("visits", filter=standing & Q(visits__agreed_at__isnull=False), distinct=True),
    ).order_by("withdrawn_at", "-made_at", "-pk")


def _visits() -> QuerySet[Visit]:
    return (
        Visit.objects.select_related("member__school", "member__account", "host", "need", "term")
        .prefetch_related("agreeings")
        .order_by("ended_at", "weekday", "starts_at", "pk")
    )


def visits_about(term: Term, *, school: School | None = None) -> QuerySet[Visit]:
    """Return the visits of a term, of a school's own people and to it if one is named, those that stand first."""
    rows = _visits().filter(term=term)
    return rows.filter(Q(host=school) | Q(member__school=school)) if school else rows


def agreed_visits(term: Term, *, host: School | None = None) -> QuerySet[Visit]:
    """Return the visits in force: all three agreed, nobody ended them."""
    rows = _visits().filter(term=term, agreed_at__isnull=False, ended_at=None)
    return rows.filter(host=host) if host else rows


def visitors_at(host: School, term: Term) -> dict[int, list[Visit]]:
    """Return by member the visits in force to a school: when each may be given a group there."""
    found: dict[int, list[Visit]] = {}
    for visit in agreed_visits(term, host=host):
        found.setdefault(visit.member_id, []).append(visit)
    return found
