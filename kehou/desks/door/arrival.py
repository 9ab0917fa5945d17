"""What every way of coming in ends with: a fresh session, its record, and the desk."""

from __future__ import annotations

import re

from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from kehou.chapters.people import actions as people
from kehou.chapters.people.models import Account
from kehou.chapters.people.queries import posts_of
from kehou.lib import clock
from kehou.rules import sentences
from kehou.rules.verdicts import Refused

PENDING = "waits_for_second_factor"
STAFF_SESSION_SECONDS = 12 * 60 * 60
_DEVICES = (
    ("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("Edg", "Edge"), ("Firefox", "火狐"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "鸿蒙"), ("Android", "安卓"), ("Windows", "Windows"),
    ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def device_of(request: HttpRequest) -> str:
    """Return what somebody would recognise their device by: 微信 · iPhone."""
    agent = request.headers.get("User-Agent", "")
    browser = next((name for mark, name in _DEVICES if mark in agent), "浏览器")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return f"{browser} · {system}" if system else browser


def address_of(request: HttpRequest) -> str:
    """Return whence a request comes, as far as our own proxy knows it."""
    if settings.SECURE_PROXY_SSL_HEADER:  # behind our proxy: the last hop it wrote, never what the client claims
        forwarded = re.split(r"\s*,\s*", request.headers.get("X-Forwarded-For", ""))
        if forwarded[-1]:
            return forwarded[-1]
    return str(request.META.get("REMOTE_ADDR", ""))


def safe_next(request: HttpRequest) -> str:
    """Return where somebody wanted to go, if it is one of our own pages."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else ""


def arrive(request: HttpRequest, account: Account, *, way: str) -> HttpResponseRedirect:
    """Ask for the second factor if the account has one, otherwise let the person in."""
    if people.second_factor.has_second_factor(account):
        request.session.cycle_key()
        pending = {"account": account.pk, "way": way, "next": safe_next(request), "at": clock.wall().timestamp()}
        request.session[PENDING] = pending
        return redirect("door:second_step")
    return let_in(request, account, way=way, wanted=safe_next(request))


def let_in(request: HttpRequest, account: Account, *, way: str, wanted: str = "") -> HttpResponseRedirect:
    """Begin the session and go where the person wanted, or to their desk."""
    login(request, account)
    if request.session.session_key is None:
        request.session.create()
    # Staff leave a school's computer standing open: their session ends the same day. Families keep theirs.
    is_staff = way.startswith("password") or posts_of(account, on=clock.today()).exists()
    request.session.set_expiry(STAFF_SESSION_SECONDS if is_staff else None)
    people.sign_in.begin_sign_in(
        account, session_key=str(request.session.session_key), device=device_of(request), way=way, at=clock.now()
    )
    return HttpResponseRedirect(wanted or reverse("door:seats"))


def tell(form: forms.Form, no: Refused, field: str | None = None) -> None:
    """Put the reasons of a refusal into a form, beside what was typed."""
    for refusal in no.refusals:
        form.add_error(field, sentences.say(refusal))
