"""Coming in: staff by password, families by a code to their telephone."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from kehou.chapters.journal import channels
from kehou.chapters.people import actions as people
from kehou.chapters.people.models import Account
from kehou.desks.door.arrival import address_of, arrive, safe_next, tell
from kehou.desks.door.at_home import is_at_home
from kehou.desks.door.forms import CodeForm, PasswordForm, PhoneForm
from kehou.lib import clock
from kehou.lib.gates import open_to_all, signed_in
from kehou.rules.verdicts import Refused, refuse


@open_to_all
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for number and password; offer the code."""
    if request.user.is_authenticated and request.method == "GET":
        return redirect(safe_next(request) or "door:seats")
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            account = people.sign_in.check_password(
                form.cleaned_data["phone"], form.cleaned_data["password"], address=address_of(request), at=clock.now()
            )
            return arrive(request, account, way="password")
        except Refused as no:
            tell(form, no)
    context = {
        "form": form,
        "phone_form": PhoneForm(auto_id="code_%s"),
        "next": safe_next(request),
        "codes": _can_send(request),
        "unsaved": request.method == "GET" and "unsaved" in request.GET,
    }
    return render(request, "door/sign_in.html", context, status=200 if not form.errors else 422)


def _can_send(request: HttpRequest) -> bool:
    """Return whether a code can reach a telephone; the demonstration shows it on the page, at its own machine only."""
    return is_at_home(request) or (not settings.DEMONSTRATION and "sms" in settings.LETTER_CHANNELS)


@open_to_all
@never_cache
@require_POST
def code(request: HttpRequest) -> HttpResponse:
    """Send a code to a number, and say the same whether it is known or not."""
    form = PhoneForm(request.POST, auto_id="code_%s")
    if form.is_valid():
        phone = form.cleaned_data["phone"]
        try:
            if not _can_send(request):
                raise Refused(refuse("R-ACC-01", "no_way_to_send"))
            fresh = people.sign_in.ask_code(phone, address=address_of(request), at=clock.now())
            return _code_page(request, CodeForm(initial={"phone": phone}), phone, _sent(phone, fresh))
        except Refused as no:
            tell(form, no, "phone")
    context = {"form": PasswordForm(), "phone_form": form, "next": safe_next(request), "codes": _can_send(request)}
    return render(request, "door/sign_in.html", context, status=422)


def _sent(phone: str, fresh: str) -> str:
    """Send a code to a number that has an account; return what the demonstration shows."""
    if settings.DEMONSTRATION:
        return fresh
    if Account.objects.filter(phone=phone, is_active=True).exists():
        channels.send_code(phone, fresh)
    return ""


@open_to_all
@never_cache
@require_POST
def code_check(request: HttpRequest) -> HttpResponse:
    """Let somebody in who has the code."""
    form = CodeForm(request.POST)
    phone = request.POST.get("phone", "")
    if form.is_valid():
        try:
            account = people.sign_in.check_code(
                phone, form.cleaned_data["code"], address=address_of(request), at=clock.now()
            )
            return arrive(request, account, way="code")
        except Refused as no:
            tell(form, no, "code")
    return _code_page(request, form, phone, "", status=422)


def _code_page(request: HttpRequest, form: CodeForm, phone: str, shown: str, status: int = 200) -> HttpResponse:
    context = {"form": form, "phone": phone, "shown": shown, "next": safe_next(request), "phone_form": PhoneForm()}
    return render(request, "door/code.html", context, status=status)


@open_to_all
@never_cache
@require_GET
def standing(request: HttpRequest) -> HttpResponse:
    """Say as whom this browser is signed in, and the token of its forms: an open page asks before it sends."""
    return JsonResponse({"account": str(request.user.pk or ""), "csrf": get_token(request)})


@require_POST
@signed_in
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    account: Account = request.user  # type: ignore[assignment]
    mine = account.sign_ins.filter(session_key=request.session.session_key).first()
    if mine:
        people.sign_in.end_sign_in(mine, by=people.sign_in.actor_of(account), at=clock.now())
    logout(request)
    return redirect("door:sign_in")
