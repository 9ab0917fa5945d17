"""What the pages after the draw share: the child's application with its result, and groups ranked in a form."""

from __future__ import annotations

from django.http import HttpRequest

from kehou.chapters.allocation.models import Draw
from kehou.chapters.allocation.queries import published_draw_of
from kehou.chapters.enrolment import queries
from kehou.chapters.enrolment.models import Application
from kehou.chapters.people.queries import Parenthood
from kehou.lib import clock, typed


def drawn_of(beside: Parenthood) -> tuple[Application | None, Draw | None]:
    """Return the child's application of the term and the draw whose result its family may see."""
    registration = queries.registration_of(beside.school, on=clock.today())
    application = queries.application_of(beside.pupil, registration) if registration else None
    return application, published_draw_of(application.registration) if application else None


def ranks_in(request: HttpRequest) -> dict[int, int]:
    """Return slot id → rank of what was given a rank."""
    found = {}
    for name, value in request.POST.items():
        slot, rank = typed.whole(name.removeprefix("rank_")), typed.whole(value, most=99)
        if slot is not None and rank:
            found[slot] = rank
    return found
