"""意向调查 beside the child: take the link and answer; without names the link is nobody's from then on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from kehou.chapters.people.queries import Parenthood
from kehou.chapters.surveys import actions, queries
from kehou.chapters.surveys.models import Family, Survey
from kehou.desks.guardian.gate import beside_child
from kehou.desks.guardian.page import said, show
from kehou.lib import clock
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refused


@require_GET
@beside_child(Permission.CHILD_SEE)
def surveys(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Show what the family may answer now."""
    found = []
    for survey in queries.surveys_for(beside.pupil, clock.now()):
        family = queries.family_of(survey, beside.pupil)
        taken = survey.anonymous and family is not None and family.has_ticket
        found.append({"survey": survey, "taken": taken})
    return show(request, beside, "guardian/surveys.html", {"found": found}, name="guardian:surveys")


@require_POST
@beside_child(Permission.CHILD_CHOOSE)
def survey_ticket(request: HttpRequest, beside: Parenthood, survey_id: int) -> HttpResponse:
    """Give the family its link and lead there."""
    family = get_object_or_404(_families(beside), survey_id=survey_id)
    try:
        ticket = actions.take_ticket(family, by=beside.by, at=clock.now())
    except Refused as no:
        messages.error(request, said(no))
        return redirect("guardian:surveys", beside.pupil.pk)
    return redirect("public:survey", ticket.secret)


def _families(beside: Parenthood):  # type: ignore[no-untyped-def]
    opened = Survey.objects.filter(opened_at__isnull=False)
    return Family.objects.filter(pupils=beside.pupil, survey__in=opened)
