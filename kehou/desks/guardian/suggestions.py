"""老师的建议: read, taken note of or declined; the choice is changed in the application and nowhere else (R-VOL-04)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Suggestion
from kehou.chapters.people.queries import Parenthood
from kehou.desks.guardian.gate import beside_child
from kehou.desks.guardian.page import said, show
from kehou.lib import clock
from kehou.rules.guiding import GROUNDS, SuggestionState
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refused


@require_GET
@beside_child(Permission.CHILD_SEE)
def suggestions(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Show what the class teacher suggested for this child, newest first."""
    mine = Suggestion.objects.filter(application__pupil=beside.pupil).exclude(state=SuggestionState.WITHDRAWN.value)
    rows = mine.select_related("slot__activity", "application__registration").order_by("-made_at")
    context = {
        "rows": [(one, GROUNDS.get(one.ground, ""), SuggestionState(one.state).label) for one in rows],
        "can_choose": any(one.application.registration.is_open(clock.now()) for one in rows),
    }
    return show(request, beside, "guardian/suggestions.html", context, name="guardian:suggestions")


@require_POST
@beside_child(Permission.CHILD_CHOOSE)
def answer(request: HttpRequest, beside: Parenthood, suggestion_id: int) -> HttpResponse:
    """Keep the family's answer; its choice stays as it is."""
    rows = Suggestion.objects.select_related("application__registration__school")
    found = get_object_or_404(rows, pk=suggestion_id, application__pupil=beside.pupil)
    accepts = request.POST.get("answer") == "accept"
    try:
        enrolment.answer_suggestion(found, accepts=accepts, by=beside.by, at=clock.now())
    except Refused as no:
        messages.error(request, said(no))
    else:
        messages.success(
            request,
            "已告诉老师。您的选择还没有改，要改请在申请里自己选。" if accepts else "已告诉老师不采纳，您的选择不变。",
        )
    return redirect("guardian:suggestions", beside.pupil.pk)
