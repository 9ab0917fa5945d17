"""征求意见 without an account: by the code of a slip for a household, by the second round's link for neighbours."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kehou.chapters.planning import actions, queries
from kehou.chapters.planning.models import OpinionRound
from kehou.chapters.planning.opinions import asked_of, nonce, page_of
from kehou.desks.public.surveys import by_code
from kehou.lib import clock
from kehou.rules.planning import Party
from kehou.rules.verdicts import Refusal, Refused, refuse


@by_code
@require_http_methods(["GET"])
def opinion_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code that stands on a paper form."""
    code = request.GET.get("code", "").strip()
    slip = queries.slip_of(code) if code else None
    if slip is not None:
        return redirect("public:opinion_slip", slip.secret)
    wrong = refuse("R-GATE-03", "no_such_code") if code else None
    return render(request, "public/opinions/code.html", {"code": code, "wrong": wrong}, status=409 if wrong else 200)


@by_code
@require_http_methods(["GET", "POST"])
def opinion_slip(request: HttpRequest, secret: str) -> HttpResponse:
    """Take the opinion of a household by its slip, once."""
    slip = queries.slip_of(secret)
    if slip is None:
        raise Http404
    found = OpinionRound.objects.select_related("plan__school", "plan__term", "version").get(pk=slip.round_id)
    closed = refuse("R-GATE-03", "answered_already") if slip.is_used else None

    def keep(stances: dict[str, str], words: dict[str, str], signed: str) -> None:
        actions.give_by_slip(slip, stances=stances, words=words, signed=signed, at=clock.now())

    return _answered(request, found, Party.GUARDIAN, keep, closed)


@by_code
@require_http_methods(["GET", "POST"])
def opinion_open(request: HttpRequest, secret: str) -> HttpResponse:
    """Take the opinion of a neighbour in the second round."""
    found = (
        OpinionRound.objects.filter(secret=secret, number=2)
        .select_related("plan__school", "plan__term", "version")
        .first()
    )
    if found is None:
        raise Http404

    def keep(stances: dict[str, str], words: dict[str, str], signed: str) -> None:
        actions.give_by_link(
            found, stances=stances, words=words, signed=signed, nonce=request.POST.get("nonce", "")[:40], at=clock.now()
        )

    return _answered(request, found, Party.COMMUNITY, keep, None)


def _answered(
    request: HttpRequest, found: OpinionRound, party: Party, keep: Any, closed: Refusal | None
) -> HttpResponse:
    """Show the form, or keep what was sent."""
    closed = closed or queries.refusal_to_answer(found, party, clock.now())
    wrong: dict[str, Refusal] = {}
    status = 200
    if request.method == "POST" and closed is None:
        stances, words = page_of(request.POST)
        try:
            keep(stances, words, request.POST.get("signed", ""))
            return redirect("public:opinion_thanks")
        except actions.OpinionRefused as no:
            wrong, status = no.wrong, 422
        except Refused as no:
            closed, status = no.refusal, 409
    context = {
        "round": found, "closed": closed, "wrong": wrong, "asked": asked_of(found.version.bodies, request.POST, wrong),
        "signed": request.POST.get("signed", ""), "nonce": request.POST.get("nonce") or nonce(), "party": party,
    }  # fmt: skip
    return render(
        request, "public/opinions/form.html", context, status=409 if closed and request.method == "POST" else status
    )


@by_code
@require_http_methods(["GET"])
def opinion_thanks(request: HttpRequest) -> HttpResponse:
    """Thank whoever has answered."""
    return render(request, "public/opinions/thanks.html")
