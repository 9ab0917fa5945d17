"""Combinations of settings that would hurt, as system checks with an id and a hint."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured

_FIELD_KEY = re.compile(r"[0-9A-Fa-f]{64}")
LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "testserver"}


@register()
def demonstration_stays_at_home(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a demonstration that could be reached from elsewhere: anyone could sign in as anyone."""
    if settings.DEMONSTRATION and not set(settings.ALLOWED_HOSTS) <= LOOPBACK:
        return [
            Error(
                "A demonstration answers on this machine only: its people sign in without a password.",
                hint="Unset DEMONSTRATION, or leave ALLOWED_HOSTS to its default.",
                id="kehou.E001",
            )
        ]
    return []


@register()
def production_has_keys_of_its_own(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse the demonstration's keys outside a demonstration."""
    if settings.DEMONSTRATION:
        return []
    errors: list[CheckMessage] = []
    if settings.SECRET_KEY.startswith("demonstration-") or len(settings.SECRET_KEY) < 50:
        errors.append(Error("SECRET_KEY is the demonstration's, or too short.", hint="50 characters.", id="kehou.E002"))
    if any(set(key) == {"0"} for key in settings.FIELD_KEYS):
        errors.append(Error("FIELD_KEYS holds the demonstration's key.", hint="openssl rand -hex 32", id="kehou.E003"))
    if not all(_FIELD_KEY.fullmatch(key) for key in settings.FIELD_KEYS):
        # Said here: else it shows with the first roster, when no ID number can be kept.
        errors.append(Error("FIELD_KEYS: each is 32 bytes in hex.", hint="openssl rand -hex 32", id="kehou.E004"))
    return errors


@register()
def production_is_closed(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a real district that shows its insides on every error, or answers under any name or under none."""
    if settings.DEMONSTRATION:
        return []
    errors: list[CheckMessage] = []
    if settings.DEBUG:
        hint = "Unset DEBUG: its pages of errors show pupils' data, and cookies go without TLS."
        errors.append(Error("DEBUG is set in a real district.", hint=hint, id="kehou.E005"))
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        hint = "Set ALLOWED_HOSTS to the names under which families reach it, separated by commas."
        errors.append(Error("ALLOWED_HOSTS names no host, or every host.", hint=hint, id="kehou.E006"))
    return errors


@register()
def papers_can_be_verified(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn where papers would carry no code: every official paper leads to a page that says whether it is genuine."""
    if settings.PUBLIC_ADDRESS:
        return []
    hint = "Set PUBLIC_ADDRESS to the address that families type, https://…"
    return [Caution("PUBLIC_ADDRESS is not set: some papers carry no QR code.", hint=hint, id="kehou.W001")]


def insist_on_safe_settings() -> None:
    """Refuse to serve what the checks above refuse: a server runs no checks by itself, only commands do.

    :raises ImproperlyConfigured: with every reason and what to do about it
    """
    checks = (demonstration_stays_at_home, production_has_keys_of_its_own, production_is_closed)
    wrong = [one for check in checks for one in check(None)]
    if wrong:
        raise ImproperlyConfigured("\n".join(f"{one.id}: {one.msg} {one.hint}" for one in wrong))
