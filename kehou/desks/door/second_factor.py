"""The second step after the password, and setting it up."""

from __future__ import annotations

from datetime import timedelta

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kehou.chapters.people import actions as people
from kehou.chapters.people.models import Account
from kehou.desks.door.arrival import PENDING, address_of, let_in, tell
from kehou.desks.door.forms import RemovalForm, SecondStepForm
from kehou.lib import clock
from kehou.lib.gates import open_to_all, signed_in
from kehou.rules.verdicts import Refused

PATIENCE = timedelta(minutes=10)


@open_to_all
@never_cache
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the second factor of somebody whose password was right a moment ago."""
    pending = request.session.get(PENDING)
    account = _waiting(pending)
    if account is None:
        request.session.pop(PENDING, None)
        return redirect("door:sign_in")
    form = SecondStepForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            way = people.second_factor.check_second_factor(
                account, form.cleaned_data["token"], address=address_of(request), at=clock.now()
            )
            del request.session[PENDING]
            return let_in(request, account, way=f"{pending['way']}+{way}", wanted=pending["next"])
        except Refused as no:
            tell(form, no, "token")
    return render(request, "door/second_step.html", {"form": form}, status=200 if not form.errors else 422)


def _waiting(pending: dict[str, object] | None) -> Account | None:
    if not pending or clock.wall().timestamp() - float(pending["at"]) > PATIENCE.total_seconds():  # type: ignore[arg-type]
        return None
    return Account.objects.filter(pk=pending["account"], is_active=True).first()


@signed_in
@never_cache
def set_up(request: HttpRequest) -> HttpResponse:
    """Show the code to scan, and switch the second factor on with the first right answer."""
    account: Account = request.user  # type: ignore[assignment]
    form = SecondStepForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            codes = people.second_factor.confirm_second_factor(account, form.cleaned_data["token"], at=clock.now())
            return render(request, "door/recovery_codes.html", {"codes": codes})
        except Refused as no:
            tell(form, no, "token")
    on = people.second_factor.has_second_factor(account)
    context = {"form": form, "on": on, "removal_form": RemovalForm()}
    if request.method == "POST" and request.POST.get("begin"):
        context["form"] = SecondStepForm()
    if not on and request.method == "POST":
        device = people.second_factor.begin_second_factor(account)
        context |= {"drawing": _drawing(device.config_url), "secret": _spaced(device.bin_key)}
    return render(request, "door/second_factor.html", context, status=200)


def _drawing(address: str) -> SafeString:
    """Return the QR code as an SVG element without inline styles."""
    return mark_safe(segno.make(address, error="m").svg_inline(scale=5, border=3, svgclass="qr", lineclass=None))


def _spaced(key: bytes) -> str:
    """Return the secret as people type it: base32 in groups of four."""
    from base64 import b32encode

    text = b32encode(key).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


@require_POST
@signed_in
def removal(request: HttpRequest) -> HttpResponse:
    """Switch the second factor off, the password once more."""
    account: Account = request.user  # type: ignore[assignment]
    form = RemovalForm(request.POST)
    if form.is_valid():
        try:
            people.second_factor.drop_second_factor(
                account, password=form.cleaned_data["password"], address=address_of(request), at=clock.now()
            )
            messages.success(request, "二次验证已经关闭。")
            return redirect("door:sessions")
        except Refused as no:
            tell(form, no, "password")
    context = {"form": SecondStepForm(), "on": True, "removal_form": form}
    return render(request, "door/second_factor.html", context, status=422)
