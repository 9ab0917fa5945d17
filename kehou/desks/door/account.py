"""My account: name, password, large type, devices."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from kehou.chapters.people import actions as people
from kehou.chapters.people.models import Account
from kehou.desks.door.arrival import address_of, safe_next, tell
from kehou.desks.door.forms import NameForm, NewPasswordForm
from kehou.lib import clock
from kehou.lib.gates import signed_in
from kehou.rules.verdicts import Refused


def _page(request: HttpRequest, name: NameForm, password: NewPasswordForm) -> HttpResponse:
    status = 422 if name.errors or password.errors else 200
    return render(request, "door/account.html", {"name_form": name, "password_form": password}, status=status)


@signed_in
def account(request: HttpRequest) -> HttpResponse:
    """Show one's own account; correct the name."""
    me: Account = request.user  # type: ignore[assignment]
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": me.name})
    if form.is_valid():
        try:
            people.sign_in.rename(me, name=form.cleaned_data["name"], at=clock.now())
            messages.success(request, "姓名已更正。")
            return redirect("door:account")
        except Refused as no:
            tell(form, no, "name")
    return _page(request, form, NewPasswordForm())


@require_POST
@signed_in
@sensitive_post_parameters()
def password(request: HttpRequest) -> HttpResponse:
    """Set a new password; this device stays signed in, the others do not."""
    me: Account = request.user  # type: ignore[assignment]
    form = NewPasswordForm(request.POST)
    if not me.has_usable_password():
        form.fields["old"].required = False
    if form.is_valid():
        try:
            people.sign_in.change_password(
                me, old=form.cleaned_data["old"], new=form.cleaned_data["new"],
                keep_session=str(request.session.session_key), address=address_of(request), at=clock.now(),
            )  # fmt: skip
        except Refused as no:
            why = {"new_password_weak": "new", "old_password_wrong": "old"}.get(no.refusal.why)
            tell(form, no, why)
        else:
            was = request.session.session_key
            update_session_auth_hash(request, me)  # Django gives the session a new key
            people.sign_in.follow_session(me, was=str(was), becomes=str(request.session.session_key))
            messages.success(request, "密码已修改，其他设备需要重新登录。")
            return redirect("door:account")
    return _page(request, NameForm(initial={"name": me.name}), form)


@require_POST
@signed_in
def elder(request: HttpRequest) -> HttpResponse:
    """Switch 长辈版 on or off and stay where one was."""
    people.sign_in.set_elder_mode(request.user, on=request.POST.get("elder") == "1")  # type: ignore[arg-type]
    return HttpResponseRedirect(safe_next(request) or "/")


@signed_in
def sessions(request: HttpRequest) -> HttpResponse:
    """Show the devices that are signed in, and the second factor."""
    me: Account = request.user  # type: ignore[assignment]
    rows = me.sign_ins.order_by("ended_at", "-signed_in_at")
    context = {
        "open": list(rows.filter(ended_at=None)),
        "over": rows.filter(ended_at__isnull=False).order_by("-ended_at")[:10],
        "here": request.session.session_key,
        "second_factor": people.second_factor.has_second_factor(me),
    }
    return render(request, "door/sessions.html", context)


@require_POST
@signed_in
def session_end(request: HttpRequest, sign_in_id: int) -> HttpResponse:
    """End one device's session."""
    me: Account = request.user  # type: ignore[assignment]
    row = get_object_or_404(me.sign_ins, pk=sign_in_id)
    here = row.session_key == request.session.session_key
    people.sign_in.end_sign_in(row, by=people.sign_in.actor_of(me), at=clock.now())
    if here:
        logout(request)
        return redirect("door:sign_in")
    messages.success(request, f"已让“{row.device}”退出。")
    return redirect("door:sessions")
