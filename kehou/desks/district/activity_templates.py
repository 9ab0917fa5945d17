"""活动模板: the library from which schools begin, kept by the officer; every version stays (2.3-d)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.basis import actions as basis
from kehou.chapters.basis.queries import TemplateVersion, template_versions
from kehou.chapters.people.queries import Seat
from kehou.desks.district.forms_template import ChangeForm, TemplateForm, initial_of
from kehou.desks.district.gate import in_district
from kehou.desks.district.lists import page_of, sheet, sheet_url, wanted
from kehou.desks.district.telling import status_of, tell
from kehou.lib import clock, sheets
from kehou.lib.templatetags.words import grades, weekdays
from kehou.rules.permissions import Permission as P
from kehou.rules.sentences import say
from kehou.rules.timetable import ActivityKind, Category, Domain
from kehou.rules.verdicts import Refused

_FIELDS = {
    "name_twice": "name",
    "aim_without_the_words": "aim",
    "template_minimum": "minimum",
    "template_without_reason": "reason",
}
COLUMNS = (
    "编号",
    "活动名称",
    "类别",
    "类型",
    "五育",
    "年级",
    "星期",
    "课时",
    "人数上限",
    "地点",
    "目标",
    "版本",
    "状态",
)


@in_district(P.DISTRICT_SEE)
def templates(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the library: what stands, searched, by category; what was retired when asked for."""
    newest = [versions[-1] for _, versions in sorted(template_versions().items())]
    words, category, gone = wanted(request), request.GET.get("category", ""), "retired" in request.GET
    rows = [
        one
        for one in newest
        if one.retired == gone
        and category in ("", one.template.category)
        and words in f"{one.template.name}{Category(one.template.category).label}{one.template.aim}"
    ]
    columns = [sheets.Column(name, "whole" if name in ("课时", "人数上限", "版本") else "text") for name in COLUMNS]
    if answer := sheet(request, "活动模板", columns, map(_cells, rows)):
        return answer
    context = {
        "page": page_of(request, rows),
        "categories": [one for one in Category.choices() if one[0] != Category.OTHER],
        "labels": dict(Category.choices()),
        "category": category,
        "gone": gone,
        "retired": sum(one.retired for one in newest),
        "sheet_url": sheet_url(request),
    }
    return render(request, "district/templates/list.html", context)


def _cells(one: TemplateVersion) -> tuple[object, ...]:
    at = one.template
    return (
        at.number, at.name, Category(at.category).label, ActivityKind(at.kind).label,
        "".join(Domain(name).label for name in at.domains), grades(at.grades), weekdays(at.weekdays), at.class_hours,
        at.capacity, at.place, at.aim, one.version, "停用" if one.retired else "在用",
    )  # fmt: skip


@in_district(P.TEMPLATE_EDIT)
def new_template(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Put an activity into the library."""
    form = TemplateForm(request.POST if request.method == "POST" else None, initial={"class_hours": 1, "kit": "无"})
    if form.is_valid():
        try:
            row = basis.add_template(form.template(0), by=seat.by, at=clock.now())
        except Refused as no:
            tell(form, no, **_FIELDS)
        else:
            messages.success(request, f"“{form.cleaned_data['name']}”已加入模板，各校可以采用。")
            return redirect("district:activity_template", row.number)
    context = {"form": form, "title": "新的活动模板"}
    return render(request, "district/templates/one.html", context, status=status_of(form))


def _versions(number: int) -> list[TemplateVersion]:
    versions = template_versions(number).get(number)
    if not versions:
        raise Http404
    return versions


@in_district(P.DISTRICT_SEE, to_post=P.TEMPLATE_EDIT)
def template(request: HttpRequest, seat: Seat, number: int) -> HttpResponseBase:
    """Show a template and all its versions; POST makes a new one of them."""
    versions = _versions(number)
    newest, may = versions[-1], P.TEMPLATE_EDIT in seat.permissions
    start = initial_of(newest.template, newest.version)
    form = ChangeForm(request.POST if request.method == "POST" else None, initial=start)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            row = basis.change_template(
                number, form.template(number), reason=typed["reason"], seen=typed["seen"], by=seat.by, at=clock.now()
            )
        except Refused as no:
            tell(form, no, **_FIELDS)
            form.data = form.data.copy()  # whoever was overtaken has seen what stands now, and may save
            form.data["seen"] = _versions(number)[-1].version
        else:
            messages.success(request, f"“{typed['name']}”已出第{row.version}版；学校以前采用的不变。")
            return redirect("district:activity_template", number)
    context = {
        "one": newest,
        "form": form if may else None,
        "cells": list(zip(COLUMNS, _cells(newest), strict=True)),
        "title": newest.template.name,
        "versions": [(one, _differences(before, one)) for before, one in _pairs(versions)],
    }
    return render(request, "district/templates/one.html", context, status=status_of(form) if form.is_bound else 200)


def _pairs(versions: list[TemplateVersion]) -> list[tuple[TemplateVersion | None, TemplateVersion]]:
    """Return each version with the one before it, newest first."""
    return list(reversed(list(zip([None, *versions[:-1]], versions, strict=True))))


def _differences(before: TemplateVersion | None, one: TemplateVersion) -> list[tuple[str, object, object]]:
    """Return what a version changed: column, before, after."""
    if before is None:
        return []
    cells = zip(COLUMNS, _cells(before), _cells(one), strict=True)
    return [(name, was, now) for name, was, now in cells if was != now and name not in ("版本", "编号")]


@require_POST
@in_district(P.TEMPLATE_EDIT)
def retirement(request: HttpRequest, seat: Seat, number: int) -> HttpResponseBase:
    """Take a template out of the library."""
    newest = _versions(number)[-1]
    seen = request.POST.get("seen", "")
    try:
        basis.retire_template(
            number, reason=request.POST.get("reason", ""), seen=int(seen) if seen.isdecimal() and len(seen) < 6 else 0,
            by=seat.by, at=clock.now(),
        )  # fmt: skip
    except Refused as no:
        messages.error(request, say(no.refusal))
        return redirect("district:activity_template", number)
    messages.success(request, f"“{newest.template.name}”已停用，学校不再看到它；已经采用的不变。")
    return redirect("district:activity_templates")
