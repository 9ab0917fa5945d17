"""A page that is one form: shown, refused with what was typed, or done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kehou.chapters.people.queries import Seat
from kehou.lib.uploads import Upload, taken
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused


def one_form(
    request: HttpRequest,
    seat: Seat,
    form: forms.Form,
    act: Callable[[dict[str, Any]], str],
    *,
    title: str,
    back: tuple[str, str],
    button: str = "保存",
    lead: str = "",
    to: tuple[Any, ...] = (),
) -> HttpResponse:
    """Return the page; `act` does it with what was typed and returns what to say. `back` is (label, name of a page).

    After it is done the reader goes to `to` (name, *arguments), else back.
    """
    assert seat.school is not None
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                messages.success(request, act(form.cleaned_data))
            except Refused as no:
                for refusal in no.refusals:
                    form.add_error(None, say(refusal))
                status = 409
            else:
                name, *rest = to or (back[1],)
                return redirect(name, seat.school.code, *rest)
    crumbs = [(back[0], reverse(back[1], args=(seat.school.code,)))]
    context = {"form": form, "title": title, "button": button, "lead": lead, "crumbs": crumbs}
    return render(request, "school/outside/form.html", context, status=status)


def then(request: HttpRequest, seat: Seat, act: Callable[[], Any], said: str, *to: Any) -> HttpResponse:
    """Do it, say what was done or why not, and go to a page."""
    assert seat.school is not None
    try:
        act()
    except Refused as no:
        messages.error(request, "；".join(map(say, no.refusals)))
    else:
        messages.success(request, said)
    name, *rest = to
    return redirect(name, seat.school.code, *rest)


def upload_in(file: UploadedFile | None) -> Upload | None:
    """Return the scan that was sent, None without one. :raises Refused: too large, or not a PDF, JPEG or PNG"""
    return taken(file)
