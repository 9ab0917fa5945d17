"""停课: days without lessons at this school, its own and the district's; registering one of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kehou.chapters.basis.models import Closure
from kehou.chapters.people.queries import Seat
from kehou.chapters.timetable import actions as timetable
from kehou.desks.school.gate import at_school
from kehou.lib import clock
from kehou.rules import sentences
from kehou.rules.permissions import Permission as P
from kehou.rules.spans import Span
from kehou.rules.verdicts import Refused

_WHERE = {"closure_in_the_past": "first", "closure_without_reason": "reason"}


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d")
    )


class ClosureForm(forms.Form):
    """Days without lessons at this school."""

    first = _day("停课第一天")
    last = _day("停课最后一天")
    reason = forms.CharField(
        label="原因（家长会看到）",
        max_length=200,
        help_text="写明批准的机关和文号，如：经区政府批准（梁府办〔2026〕12号），因暴雨停课",
        widget=forms.TextInput(attrs={"class": "input"}),
    )

    def clean(self) -> dict[str, Any]:
        """Compare the two days."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("first") and cleaned.get("last") and cleaned["last"] < cleaned["first"]:
            self.add_error("last", "停课的最后一天早于第一天。")
        return cleaned


@at_school(P.CLOSURE_ASK)
def closures(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the closures that concern this school; register one."""
    school, today = seat.school, clock.today()
    form = ClosureForm(request.POST if request.method == "POST" else None, initial={"first": today, "last": today})
    if form.is_valid():
        typed = form.cleaned_data
        try:
            timetable.declare_closure(
                Span.through(typed["first"], typed["last"]),
                reason=typed["reason"],
                school_code=school.code,  # type: ignore[union-attr]
                by=seat.by,
                at=clock.now(),
            )
            messages.success(request, "停课已登记。课次随后自动取消，家长会收到来信，账单按此计算。")
            return redirect("school:closures", school.code)  # type: ignore[union-attr]
        except Refused as no:
            for refusal in no.refusals:
                form.add_error(_WHERE.get(refusal.why), sentences.say(refusal))
    rows = Closure.objects.filter(Q(school_code="") | Q(school_code=school.code)).order_by("-from_on", "-pk")  # type: ignore[union-attr]
    context = {"form": form, "rows": [(row, row.until_on - timedelta(days=1)) for row in rows[:50]], "today": today}
    return render(request, "school/closures.html", context, status=422 if form.errors else 200)
