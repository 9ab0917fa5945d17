"""试摇: what the rule would do with the choices so far, in medians and ranges, never anyone's result."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation import queries
from kehou.chapters.allocation.models import Draw
from kehou.chapters.people.queries import Seat
from kehou.desks.school.gate import at_school
from kehou.desks.school.registration import registration_here
from kehou.lib import clock, jobs
from kehou.lib.templatetags.words import grade
from kehou.rules.draw_groups import GROUPS, ORDER, STAFF
from kehou.rules.permissions import Permission

COUNTS = (("first", "第一志愿"), ("placed", "有位置"), ("unlisted", "安排在没填的活动"), ("nothing", "没有位置"))
RULES = (("own", "公布的办法（每天一个号，互相搭配）"), ("single", "一周只有一个号"))
_STAFF = ORDER.index(STAFF)
_SETS = {
    "all": "全部",
    **{f"grade:{number}": grade(number) for number in range(1, 10)},
    "guaranteed": "优先保障的学生",
    **{f"group:{bit}": GROUPS[group] for bit, group in enumerate(ORDER) if group != STAFF},
    "others": "不在优先保障范围的学生",
    f"group:{_STAFF}": GROUPS[STAFF],
    f"beside:{_STAFF}": "不是本校教职工子女的学生",
}  # in the order in which they are read


@require_http_methods(["GET", "POST"])
@at_school(Permission.DRAW_RUN)
def rehearsal(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Ask for a rehearsal; show how far it is, or what it gave."""
    found = registration_here(seat)
    draw = queries.draw_of(found) if found else None
    if draw is None or draw.state != "planned":
        raise Http404
    report = jobs.JobReport.objects.filter(key=_key(draw)).first()
    if request.method == "POST":
        _ask(draw, report, seat)
        return redirect("school:rehearsal", seat.school.code)  # type: ignore[union-attr]
    running = report if report and not report.is_over else None
    result = report.result if report and report.state == jobs.JobReport.DONE else {}
    context = {
        "draw": draw, "job": running, "report": report, "result": result, "rows": _rows(result), "counts": COUNTS,
        "rules": RULES, "closed": _closed(result),
    }  # fmt: skip
    return render(request, "school/draw/rehearsal.html", context)


def _key(draw: Draw) -> str:
    return f"rehearsal:{draw.pk}"


def _ask(draw: Draw, report: jobs.JobReport | None, seat: Seat) -> None:
    """Queue the rehearsal, anew when the last is over: choices change until the deadline."""
    if report is not None and report.is_over:
        jobs.again(report, by=seat.by, at=clock.now())
        return
    school = draw.registration.school
    jobs.ask(
        allocation.rehearse, key=_key(draw), title=f"{school.name}试摇", by=seat.by, at=clock.now(),
        school_code=school.code, draw=draw.pk,
    )  # fmt: skip


def _closed(result: dict[str, Any]) -> list[tuple[str, dict[str, int]]]:
    """Return for each rule how many groups close for want of pupils, if any ever do."""
    rules = result.get("rules", {})
    found = [(words, rules.get(rule, {}).get("all", {}).get("closed", {})) for rule, words in RULES]
    return found if any(spread.get("high") for _, spread in found) else []


def _rows(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Return one row for each set of pupils: for each rule the spreads in order of COUNTS, each with its name."""
    rules = result.get("rules", {})
    own = rules.get("own", {})
    return [
        {
            "name": said,
            "requests": own[name]["requests"]["median"],
            "cells": [
                [
                    (rules[rule][name][count], own[name]["requests"]["median"], f"{words.partition('（')[0]}：{label}")
                    for count, label in COUNTS
                ]
                for rule, words in RULES
            ],
        }
        for name, said in _SETS.items()
        if name in own
    ]
