"""意向调查 at the class teacher's: slips to hand out, answers of the whole school in number. No name, no answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kehou.chapters.people.queries import Seat
from kehou.chapters.surveys import queries
from kehou.desks.teacher.gate import at_school
from kehou.lib import clock
from kehou.rules.permissions import Permission


@require_GET
@at_school(Permission.SURVEY_COUNT)
def surveys(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the school's running surveys in counts, and the slips of one's own class."""
    assert seat.school is not None
    now = clock.now()
    mine = {homeroom.pk for homeroom in seat.homerooms}
    found = []
    for survey in queries.surveys_of(seat.school).filter(opened_at__isnull=False)[:3]:
        classes = [one for one in queries.reach_by_class(survey) if one.homeroom_id in mine]
        state = queries.state_of(survey, now)
        found.append(
            {
                "survey": survey,
                "state": queries.STATES[state],
                "kind": {"open": "live", "over": "done"}.get(state, "wait"),
                "reach": queries.reach_of(survey),
                "classes": classes,
            }
        )
    return render(request, "teacher/surveys.html", {"found": found})
