"""What is typed at the door."""

from __future__ import annotations

from typing import Any

from django import forms

from kehou.rules.signing_in import SHORTEST_PASSWORD, plain_phone


class PhoneField(forms.CharField):
    """A mobile number, forgiving about spaces, dashes, full-width digits and +86."""

    def __init__(self, **more: Any) -> None:
        attrs = {"inputmode": "tel", "autocomplete": "username", "class": "input"}
        super().__init__(label="手机号码", max_length=30, widget=forms.TextInput(attrs=attrs), **more)

    def clean(self, value: Any) -> str:
        """Return the digits only."""
        return plain_phone(super().clean(value))


def _password(label: str, autocomplete: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete, "class": "input"}, render_value=False)
    return forms.CharField(label=label, max_length=200, strip=False, widget=widget)


class PasswordForm(forms.Form):
    """Signing in by password."""

    phone = PhoneField()
    password = _password("密码", "current-password")


class PhoneForm(forms.Form):
    """Asking for a one-time code."""

    phone = PhoneField()


class CodeForm(forms.Form):
    """Signing in by one-time code."""

    phone = forms.CharField(widget=forms.HiddenInput)
    code = forms.CharField(
        label="验证码",
        max_length=12,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "input", "data-focus": ""}
        ),
    )


class SecondStepForm(forms.Form):
    """The second factor after the password."""

    token = forms.CharField(
        label="动态码或恢复码",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "class": "input", "data-focus": ""}),
    )


class NameForm(forms.Form):
    """One's own name."""

    name = forms.CharField(label="姓名", max_length=60, widget=forms.TextInput(attrs={"class": "input"}))


class NewPasswordForm(forms.Form):
    """A new password, typed twice."""

    old = _password("现在的密码", "current-password")
    new = _password(f"新密码（至少{SHORTEST_PASSWORD}位）", "new-password")
    again = _password("再输一遍新密码", "new-password")

    def clean(self) -> dict[str, Any]:
        """Compare the two."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("new") and cleaned.get("again") and cleaned["new"] != cleaned["again"]:
            self.add_error("again", "两遍输入的新密码不一样。")
        return cleaned


class RemovalForm(forms.Form):
    """The password, asked again before the second factor goes."""

    password = _password("登录密码", "current-password")
