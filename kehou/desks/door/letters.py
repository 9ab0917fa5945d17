"""The inbox: every letter, its receipt, the page it is about."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.journal import actions as journal
from kehou.chapters.journal import queries
from kehou.lib import clock, sheets
from kehou.lib.gates import signed_in

ROWS = 20


@signed_in
def letters(request: HttpRequest) -> HttpResponse:
    """Show one's letters, newest first."""
    unread = request.GET.get("unread") == "1"
    rows = queries.letters_of(request.user.pk, text=request.GET.get("q", "").strip(), unread=unread)  # type: ignore[arg-type]
    if request.GET.get("as") == "sheet":
        columns = [
            sheets.Column("时间", "moment"),
            *map(sheets.Column, ("标题", "内容")),
            sheets.Column("已读", "moment"),
        ]
        table = (
            (one.written_at, one.title, one.body, getattr(one, "reading", None) and one.reading.read_at) for one in rows
        )
        return sheets.download("来信.xlsx", columns, table)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "door/letters.html", {"page": page, "unread": unread})


@signed_in
def letter(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Show one letter."""
    one = get_object_or_404(queries.letters_of(request.user.pk), pk=letter_id)  # type: ignore[arg-type]
    return render(request, "door/letter.html", {"letter": one, "reading": getattr(one, "reading", None)})


@require_POST
@signed_in
def reading(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Open a letter: its receipt is kept."""
    one = get_object_or_404(queries.letters_of(request.user.pk), pk=letter_id)  # type: ignore[arg-type]
    journal.read_letter(one, at=clock.now())
    return redirect("door:letter", letter_id)


@require_POST
@signed_in
def readings(request: HttpRequest) -> HttpResponse:
    """Keep a receipt for everything that is unread."""
    journal.read_all(request.user.pk, at=clock.now())  # type: ignore[arg-type]
    return redirect("door:letters")
