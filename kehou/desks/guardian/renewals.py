"""续报: seats of last term, kept or let go by two equal buttons until the hour; silence keeps nothing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation.models import Renewal
from kehou.chapters.allocation.renewals import refusal_now, renewals_of
from kehou.chapters.people.queries import Parenthood
from kehou.desks.guardian.gate import beside_child
from kehou.desks.guardian.page import said, show
from kehou.lib import clock
from kehou.rules.calendar import weekday_name
from kehou.rules.permissions import Permission
from kehou.rules.renewing import ANSWERS
from kehou.rules.verdicts import Refused


@require_GET
@beside_child(Permission.CHILD_SEE)
def renewals(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Show the groups of last term that ask whether the child stays."""
    rows = [
        (one, "、".join(weekday_name(day) for day in one.weekdays), refusal_now(one.window, clock.now()))
        for one in renewals_of(beside.pupil, on=clock.today())
    ]
    context = {"rows": rows, "answers": ANSWERS}
    return show(request, beside, "guardian/renewals.html", context, name="guardian:renewals")


@require_POST
@beside_child(Permission.CHILD_CHOOSE)
def answer(request: HttpRequest, beside: Parenthood, renewal_id: int) -> HttpResponse:
    """Keep the seat or let it go."""
    rows = Renewal.objects.select_related("window__school", "window__term", "activity")
    one = get_object_or_404(rows, pk=renewal_id, pupil=beside.pupil)
    try:
        allocation.answer_renewal(one, request.POST.get("answer", ""), by=beside.by, at=clock.now())
    except Refused as no:
        messages.error(request, said(no))
    else:
        messages.success(
            request,
            "已记下保留。报名时还要提交申请，并选上这几天。"
            if one.answer == "keep"
            else "已记下不保留，可以和大家一起报名。",
        )
    return redirect("guardian:renewals", beside.pupil.pk)
