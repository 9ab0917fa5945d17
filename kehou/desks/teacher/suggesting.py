"""指导学生选择: beside each application of one's own class, groups by what a child needs, and a word to the family."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment import queries
from kehou.chapters.enrolment.models import Application, Registration, Suggestion
from kehou.chapters.people.queries import Seat
from kehou.chapters.programme.models import Slot
from kehou.desks.teacher.gate import at_school
from kehou.lib import clock, typed
from kehou.rules import sentences
from kehou.rules.choice import Choice
from kehou.rules.guiding import OPEN_CHOICES, Need, SuggestionState, need_of
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refused

Groups = tuple[tuple[str, tuple[tuple[int, str], ...]], ...]


def suggested_in(registration: Registration) -> dict[int, list[tuple[Suggestion, str]]]:
    """Return the suggestions of a registration with their state in words, by application: one query."""
    found: dict[int, list[tuple[Suggestion, str]]] = defaultdict(list)
    rows = Suggestion.objects.filter(application__registration=registration).select_related("slot__activity")
    for one in rows.order_by("made_at"):
        found[one.application_id].append((one, SuggestionState(one.state).label))
    return found


def groups_by_need(
    registration: Registration, application: Application, choice: Choice, slots: Mapping[int, Slot]
) -> Groups:
    """Return what is open to the child and not chosen, by what it is for (2.7.3-e); () when the choice is settled."""
    if application.state not in OPEN_CHOICES:
        return ()
    chosen = {place for day in choice.days for tier in day.tiers for place in tier}
    found: dict[Need, list[tuple[int, str]]] = defaultdict(list)
    for pk in queries.offer_for(registration, application.pupil.homeroom.grade).places:
        slot = slots.get(pk)
        if slot is not None and pk not in chosen:
            found[need_of(slot.activity.category, slot.activity.kind)].append((pk, f"{slot} {slot.activity.name}"))
    return tuple((need.label, tuple(found[need])) for need in Need if found[need])


@require_POST
@at_school(Permission.CLASS_REVIEW)
def suggestion(request: HttpRequest, seat: Seat, application_id: int) -> HttpResponse:
    """Suggest a group to the family of a child of one's own class."""
    assert seat.school is not None
    mine = Application.objects.filter(pupil__homeroom__in=seat.homerooms, registration__school=seat.school)
    found = mine.select_related(
        "pupil__school", "pupil__homeroom", "current", "registration__school", "registration__term"
    )
    application = get_object_or_404(found, pk=application_id, joins=True)
    slot, ground = typed.whole(request.POST.get("slot")) or 0, request.POST.get("ground", "")
    try:
        made = enrolment.suggest(application, slot, ground=ground, by=seat.by, at=clock.now())
    except Refused as no:
        messages.error(request, "；".join(map(sentences.say, no.refusals)))
    else:
        messages.success(request, f"已把“{made.slot.activity.name}”建议给{application.pupil.name}的家长，由家长决定。")
    return redirect("teacher:reviews", seat.school.code)


@require_POST
@at_school(Permission.CLASS_REVIEW)
def withdrawal(request: HttpRequest, seat: Seat, suggestion_id: int) -> HttpResponse:
    """Take a suggestion back."""
    assert seat.school is not None
    rows = Suggestion.objects.filter(application__pupil__homeroom__in=seat.homerooms)
    found = get_object_or_404(rows.select_related("application__registration__school"), pk=suggestion_id)
    try:
        enrolment.withdraw_suggestion(found, by=seat.by, at=clock.now())
    except Refused as no:
        messages.error(request, "；".join(map(sentences.say, no.refusals)))
    else:
        messages.success(request, "建议已撤回。")
    return redirect("teacher:reviews", seat.school.code)
