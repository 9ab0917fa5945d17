"""Leaving and changing days: what it means is shown before anything is pressed; nothing is asked of the family."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.basis.queries import calendar_of
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment import queries
from kehou.chapters.enrolment.form import hours_from
from kehou.chapters.enrolment.models import Enrolment
from kehou.chapters.money import actions as money
from kehou.chapters.money.queries import fee_agreed
from kehou.chapters.people.queries import Parenthood
from kehou.desks.guardian.gate import beside_child
from kehou.desks.guardian.page import said, show
from kehou.lib import clock
from kehou.rules.calendar import weekday_name
from kehou.rules.fees import hours_in_words, quote, total_of
from kehou.rules.permissions import Permission
from kehou.rules.spans import Span, month_of
from kehou.rules.verdicts import Refused

REASONS = ("时间不合适", "孩子不喜欢", "有人照看了", "费用", "转学", "其他")


@require_http_methods(["GET", "POST"])
@beside_child(Permission.CHILD_CHOOSE)
def leave(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Show “如果今天退出”, then let the family go."""
    found = queries.enrolment_on(beside.pupil, clock.today())
    if found is None:
        return show(request, beside, "guardian/not_enrolled.html")
    if request.method == "POST":
        try:
            left = money.leave(found, by=beside.by, at=clock.now(), reason=request.POST.get("reason", ""))
        except Refused as no:
            messages.error(request, said(no))
        else:
            day = left.effective_on
            messages.success(request, f"已退出，{day.month}月{day.day}日起不再计费。随时欢迎再来。")
            return redirect("guardian:home", beside.pupil.pk)
    return show(
        request,
        beside,
        "guardian/exit.html",
        {"enrolment": found, "reasons": REASONS, "typed": request.POST, **_if_today(found, clock.today())},
        status=409 if request.method == "POST" else 200,
    )


def _if_today(found: Enrolment, today: date) -> dict[str, Any]:
    """Return what leaving today would mean: the first day without service, this month's fee then and otherwise."""
    effective_on = enrolment.exit_day(found, today)
    hours = enrolment.hours_on(found, max(today, found.from_on))
    fee, calendar = fee_agreed(found, on=effective_on or today), calendar_of(found.term)
    month = month_of(effective_on or today).meet(Span(found.from_on, found.until_on))
    code = found.school.code

    def month_fee(until: date | None) -> int:
        within = Span(month.start, max(month.start, until or month.end)) if month and month.end else None
        return total_of(quote(hours, calendar, fee, school=code, within=within)) if within and hours else 0

    left = [day for day in calendar.service_days(school=code) if effective_on and effective_on <= day < found.until_on]
    return {
        "effective_on": effective_on,
        "hours": hours_in_words(hours),
        "month": month.start if month else today,
        "fee_then": month_fee(effective_on),
        "fee_otherwise": month_fee(None),
        "days_left": len([day for day in left if calendar.weekday_followed(day) in hours]),
    }


@require_http_methods(["GET", "POST"])
@beside_child(Permission.CHILD_CHOOSE)
def days(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Change weekdays and hours: less at any time, more in a change window."""
    found = queries.enrolment_on(beside.pupil, clock.today())
    if found is None:
        return show(request, beside, "guardian/not_enrolled.html")
    registration = found.application.registration
    wrong: tuple[object, ...] = ()
    standing = enrolment.hours_on(found, enrolment.exit_day(found, clock.today()) or found.from_on)
    chosen = hours_from(request.POST) if request.method == "POST" else standing
    if request.method == "POST":
        try:
            allocation.change_days(found, chosen, by=beside.by, at=clock.now())
        except Refused as no:
            wrong = no.refusals
        else:
            messages.success(request, f"已改为{hours_in_words(chosen)}，从下一个服务日起。")
            return redirect("guardian:home", beside.pupil.pk)
    offer = queries.offer_for(registration, beside.pupil.homeroom.grade)
    return show(
        request,
        beside,
        "guardian/days.html",
        {
            "enrolment": found,
            "window": queries.change_window_on(registration, clock.today()),
            "now_words": hours_in_words(standing),
            "effective_on": enrolment.exit_day(found, clock.today()),
            "wrong": wrong,
            **_matrix(offer.most_hours, chosen),
        },
        status=422 if wrong else 200,
    )


def _matrix(most_hours: Any, chosen: dict[int, int]) -> dict[str, Any]:
    top = max(most_hours.values(), default=1)
    columns = [{"hours": 0, "label": "不参加"}] + [{"hours": h, "label": f"{h}课时"} for h in range(1, top + 1)]
    rows = [
        {
            "weekday": weekday,
            "name": weekday_name(weekday),
            "cells": [
                {"hours": h, "value": h, "checked": chosen.get(weekday, 0) == h, "refusal": None}
                for h in range(most + 1)
            ],
        }
        for weekday, most in most_hours.items()
    ]
    return {"columns": columns, "rows": rows}
