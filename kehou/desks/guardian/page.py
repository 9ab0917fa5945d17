"""What every page of the guardian has around its content: the child, the switch, the base."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from kehou.chapters.people.queries import Parenthood, children_of
from kehou.lib import clock
from kehou.rules import sentences
from kehou.rules.verdicts import Refused


def show(
    request: HttpRequest,
    beside: Parenthood,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    name: str = "guardian:home",
    status: int = 0,
) -> HttpResponse:
    """Return a page about one child; the switch leads to the same page (`name`) of the other children.

    What was sent and is answered by a page, not by going on, was not taken: 409 unless `status` says it better.
    """
    children = children_of(beside.account, on=clock.today())
    switch = [
        {"name": child.name, "url": reverse(name, args=(child.pk,)), "current": child.pk == beside.pupil.pk}
        for child in children
    ]
    return render(
        request,
        template,
        {"pupil": beside.pupil, "children": switch, "siblings": children, **(context or {})},
        status=status or (409 if request.method == "POST" else 200),
    )


def said(no: Refused) -> str:
    """Return the refusals in words, for a message at the top of the next page."""
    return " ".join(sentences.say(refusal) for refusal in no.refusals)
