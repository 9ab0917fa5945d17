"""补录往期备案: filings accepted before this product was there, since September 2021 (4-a)."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kehou.chapters.basis.queries import terms
from kehou.chapters.filing import actions
from kehou.chapters.filing.actions.past import refused_unreadable
from kehou.chapters.people.queries import Seat
from kehou.chapters.schools.models import School
from kehou.desks.district.forms import day, pick, text
from kehou.desks.district.gate import in_district
from kehou.desks.district.telling import status_of, tell
from kehou.lib import clock
from kehou.rules.permissions import Permission as P
from kehou.rules.verdicts import Refused

LARGEST = 20 * 1024 * 1024


class PastForm(forms.Form):
    """A filing of an earlier term: whose, when accepted, under which number, with its file if there is one."""

    school = pick("学校", ())
    term = pick("学期", ())
    number = text("原备案编号", longest=40)
    accepted_on = day("通过日期")
    note = text("说明", longest=1000, required=False, lines=3)
    document = forms.FileField(
        label="备案材料文件", required=False, help_text="从本系统下载的材料文件；有了它，以后的备案可以逐项对照。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].choices = School.objects.order_by("code").values_list("pk", "name")  # type: ignore[attr-defined]
        past = terms().filter(until_on__lte=clock.today())
        self.fields["term"].choices = [(one.pk, one.name) for one in past]  # type: ignore[attr-defined]


@in_district(P.FILING_DECIDE)
def past(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Take a filing of an earlier term into the record."""
    form = PastForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = _record(form, seat)
        except Refused as no:
            tell(form, no)
        else:
            messages.success(request, f"已补录{done.school.name}{done.term.name}备案。")
            return redirect("district:filing", done.pk)
    context = {
        "form": form,
        "title": "补录往期备案",
        "button": "补录",
        "crumbs": [("备案", "/district/filings/")],
    }
    return render(request, "district/filing/past.html", context, status=status_of(form))


def _record(form: PastForm, seat: Seat) -> Any:
    given = form.cleaned_data
    return actions.record_past(
        School.objects.get(pk=given["school"]),
        terms().get(pk=given["term"]),
        number=given["number"],
        accepted_on=given["accepted_on"],
        document=_read(given["document"]),
        note=given["note"],
        by=seat.by,
        at=clock.now(),
    )


def _read(upload: Any) -> dict[str, Any] | None:
    """Return what a file says. :raises Refused: R-BASIS-03 if it is none of ours"""
    if not upload:
        return None
    try:
        found = json.loads(upload.read()) if upload.size <= LARGEST else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise refused_unreadable()
    return found
