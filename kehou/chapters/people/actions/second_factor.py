"""The second factor of staff: a code that changes every thirty seconds, and recovery codes on paper."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django_otp import devices_for_user, match_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from kehou.chapters.journal import actions as journal
from kehou.chapters.people.actions.patience import failures, give_back, take_try
from kehou.chapters.people.actions.sign_in import actor_of, show_password
from kehou.chapters.people.models import Account
from kehou.rules.verdicts import Refused, refuse

RECOVERY_CODES = 10


def has_second_factor(account: Account) -> bool:
    """Return whether the account asks for a second factor."""
    return TOTPDevice.objects.filter(user=account, confirmed=True).exists()


@transaction.atomic
def begin_second_factor(account: Account) -> TOTPDevice:
    """Return the device to scan; it counts only once a code of it has been shown."""
    device = TOTPDevice.objects.filter(user=account, confirmed=False).first()
    return device or TOTPDevice.objects.create(user=account, name="手机动态码", confirmed=False)


@transaction.atomic
def confirm_second_factor(account: Account, token: str, *, at: datetime) -> list[str]:
    """Switch the second factor on and return the recovery codes, shown this once. :raises Refused: for a wrong code"""
    device = TOTPDevice.objects.filter(user=account, confirmed=False).first()
    if device is None:
        raise Refused(refuse("R-ACC-01", "second_factor_not_begun"))
    if not device.verify_token(token.strip()):
        raise Refused(refuse("R-ACC-01", "second_factor_wrong"))
    TOTPDevice.objects.filter(user=account).exclude(pk=device.pk).delete()
    device.confirmed = True
    device.save()
    StaticDevice.objects.filter(user=account).delete()
    paper = StaticDevice.objects.create(user=account, name="恢复码", confirmed=True)
    codes = [secrets.token_hex(4) for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=paper, token=code) for code in codes)
    journal.write("people.second_factor_on", about=account, by=actor_of(account), at=at)
    return codes


def check_second_factor(account: Account, token: str, *, address: str, at: datetime) -> str:
    """Return which way it was shown: `totp` or `recovery`; failures are counted like wrong passwords.

    :raises Refused: R-ACC-01 for a wrong code, or after too many
    """
    tries = take_try(failures(f"{account.pk} second", address), at=at)
    device = match_token(account, token.strip().lower().replace(" ", ""))
    if device is None:
        raise Refused(refuse("R-ACC-01", "second_factor_wrong"))
    give_back(tries)
    return "recovery" if isinstance(device, StaticDevice) else "totp"


def drop_second_factor(account: Account, *, password: str, address: str, at: datetime) -> None:
    """Switch the second factor off; the password is asked again.

    :raises Refused: R-ACC-01 for a wrong password (counted like a sign-in), or after too many
    """
    show_password(account, password, address=address, at=at)
    _drop(account, at)


@transaction.atomic
def _drop(account: Account, at: datetime) -> None:
    for device in devices_for_user(account, confirmed=None):
        device.delete()
    journal.write("people.second_factor_off", about=account, by=actor_of(account), at=at)
