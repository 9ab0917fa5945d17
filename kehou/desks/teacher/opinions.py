"""再次征求意见 at the teacher's: one's own opinion of the plan, and how many have answered. No name of a family."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kehou.chapters.people.queries import Seat
from kehou.chapters.planning import actions, queries
from kehou.chapters.planning.models import OpinionRound
from kehou.chapters.planning.opinions import asked_of, page_of
from kehou.desks.teacher.gate import at_school
from kehou.lib import clock
from kehou.rules.permissions import Permission
from kehou.rules.planning import Party
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refusal, Refused


def asked_now(seat: Seat, now: datetime) -> OpinionRound | None:
    """Return the round in which this teacher has not answered yet, if one is open."""
    assert seat.school is not None
    found = next((one for one in queries.rounds_open(seat.school, now) if one.number == 2), None)
    if found is None or found.asked.filter(account=seat.account, party=Party.TEACHER, has_answered=True).exists():
        return None
    return found


@require_http_methods(["GET", "POST"])
@at_school(Permission.OPINION_GIVE)
def opinions(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the plan's six topics and take the teacher's opinion, once, with or without a name."""
    now = clock.now()
    rounds = OpinionRound.objects.filter(plan__school=seat.school, number=2, plan__term__until_on__gt=now.date())
    found = rounds.select_related("plan__school", "plan__term", "version").order_by("-opens_at").first()
    if found is None:
        return render(
            request, "teacher/opinions.html", {"round": None}, status=409 if request.method == "POST" else 200
        )
    wrong: dict[str, Refusal] = {}
    if request.method == "POST":
        stances, words = page_of(request.POST)
        try:
            actions.give_opinion(
                found, Party.TEACHER, stances=stances, words=words, signed=request.POST.get("signed", ""),
                account=seat.account, at=now,
            )  # fmt: skip
        except actions.OpinionRefused as no:
            wrong = no.wrong
        except Refused as no:
            messages.error(request, "".join(say(one) for one in no.refusals))
            return redirect("teacher:opinions", seat.school.code)  # type: ignore[union-attr]
        else:
            messages.success(request, "意见已收到，谢谢。每一类意见都会公布答复。")
            return redirect("teacher:opinions", seat.school.code)  # type: ignore[union-attr]
    context: dict[str, Any] = {
        "round": found,
        "closed": queries.refusal_to_answer(found, Party.TEACHER, now),
        "done": found.asked.filter(account=seat.account, party=Party.TEACHER, has_answered=True).exists(),
        "asked": asked_of(found.version.bodies, request.POST, wrong),
        "wrong": wrong,
        "signed": request.POST.get("signed", ""),
        "parties": queries.counts_by_party(found),
        "adoption": queries.adoption_of(found.plan),
    }
    return render(request, "teacher/opinions.html", context, status=422 if wrong else 200)
