"""Why: the instruments, the numbers in force, and 规则说明书: each rule with its clause and its sentences."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kehou.chapters.basis.queries import instruments, standing_parameters
from kehou.desks.public.gate import published
from kehou.lib import clock
from kehou.rules.clauses import clauses_of
from kehou.rules.sentences import SENTENCES


@published
def basis(request: HttpRequest) -> HttpResponse:
    """Show the instruments that hold today and every parameter in force with its clause."""
    on, text = clock.today(), request.GET.get("q", "").strip()
    values = {"instruments": instruments(on=on, text=""), "shelves": standing_parameters(on, text=text), "on": on}
    return render(request, "public/basis.html", values)


@published
def rules(request: HttpRequest) -> HttpResponse:
    """Show every rule that the house applies: its clause in the policy's words, and what it says when it refuses."""
    text = request.GET.get("q", "").strip()
    by_code: dict[str, list[str]] = defaultdict(list)
    for key, sentence in SENTENCES.items():
        code = key.partition(":")[0]
        if code.startswith("R-"):
            by_code[code].append(_plain(sentence))
    rows: list[dict[str, Any]] = []
    for code in sorted(by_code):
        clauses = clauses_of(code)
        whole = " ".join([code, *by_code[code], *(one.words for one in clauses)])
        if text.casefold() in whole.casefold():
            rows.append({"code": code, "clauses": clauses, "sentences": sorted(set(by_code[code]))})
    return render(request, "public/rules.html", {"rows": rows, "count": len(by_code)})


def _plain(sentence: str) -> str:
    """Return a sentence with its places for facts shown as dots."""
    out, inside = [], False
    for sign in sentence:
        if sign == "{":
            inside = True
            out.append("…")
        elif sign == "}":
            inside = False
        elif not inside:
            out.append(sign)
    return "".join(out)
