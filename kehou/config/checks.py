"""Combinations of settings that would hurt, as system checks with an id and a hint."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured

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
    wrong = [*demonstration_stays_at_home(None), *production_has_keys_of_its_own(None)]
    if wrong:
        raise ImproperlyConfigured("\n".join(f"{one.id}: {one.msg} {one.hint}" for one in wrong))
