"""今天用的应急卡: the ten cards with the names of those on duty today, as one plain page that needs nothing else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kehou.chapters.basis.queries import current_term
from kehou.chapters.people.queries import Seat
from kehou.chapters.planning import queries
from kehou.chapters.timetable.models import Duty
from kehou.desks.teacher.gate import at_school
from kehou.lib import clock
from kehou.rules.permissions import Permission as P
from kehou.rules.staffing import DUTIES

SAID = {"leader": "leader", "gate": "gate", "medical": "medical"}  # kind of duty: word of the cards


@require_safe
@at_school(P.EMERGENCY_SEE)
def emergency(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the cards with today's duty; the names fall back on the posts where nobody is on duty."""
    today, term = clock.today(), current_term(clock.today())
    on_duty = Duty.objects.filter(school=seat.school, on=today).select_related("staff").order_by("pk")
    names: dict[str, list[str]] = {}
    for one in on_duty:
        names.setdefault(one.kind, []).append(one.staff.name)
    told = {SAID[kind]: "、".join(people) for kind, people in names.items() if kind in SAID}
    context = {
        "cards": queries.cards_of(seat.school, term, on=today, today=told) if term else (),
        "duties": [(title, "、".join(names.get(kind, ()))) for kind, title in DUTIES.items()],
        "facts": queries.emergency_facts(seat.school), "on": today,
    }  # fmt: skip
    return render(request, "teacher/emergency.html", context)
