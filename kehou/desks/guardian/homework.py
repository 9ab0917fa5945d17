"""One tap: there was written homework at home; another takes it back (2.3-p)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from kehou.chapters.attendance import actions as attendance
from kehou.chapters.people.queries import Parenthood
from kehou.desks.guardian.gate import beside_child
from kehou.lib import clock, typed
from kehou.rules.permissions import Permission
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused


@require_POST
@beside_child(Permission.CHILD_CHOOSE)
def report(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Keep it; the school sees how many of a class say so, and only from some on."""
    on = typed.day(request.POST.get("on")) or clock.today()
    try:
        attendance.report_homework(beside.pupil, on, by=beside.by, at=clock.now())
    except Refused as no:
        messages.error(request, "；".join(map(say, no.refusals)))
    else:
        messages.success(request, f"已记下{on:%-m月%-d日}回家还有书面作业。学校只看到一个班有几户，看不到是谁。")
    return redirect("guardian:home", beside.pupil.pk)


@require_POST
@beside_child(Permission.CHILD_CHOOSE)
def removal(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Take back what was said by mistake."""
    on = typed.day(request.POST.get("on")) or clock.today()
    try:
        attendance.withdraw_homework_report(beside.pupil, on, by=beside.by, at=clock.now())
    except Refused as no:
        messages.error(request, "；".join(map(say, no.refusals)))
    else:
        messages.success(request, f"已撤回{on:%-m月%-d日}的反映。")
    return redirect("guardian:home", beside.pupil.pk)
