"""Coming in and going out: passwords, one-time codes, second factors, devices.

What counts failures must survive the refusal, so the checks count first and refuse afterwards, outside a transaction.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth.hashers import check_password as matches
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from kehou.chapters.journal import actions as journal
from kehou.chapters.people.actions.patience import failures, give_back, key_of, take_try
from kehou.chapters.people.models import Account, Attempt, OneTimeCode, SignIn
from kehou.chapters.people.queries import posts_of
from kehou.lib import jobs
from kehou.lib.actors import Actor
from kehou.lib.masked import keyed_hash
from kehou.rules import signing_in as rules
from kehou.rules.verdicts import Refused, insist, refuse

_UNKNOWN = ""  # a password hash that nothing matches; computed once, so that an unknown number costs the same time


def actor_of(account: Account) -> Actor:
    """Return an account acting for itself, before it sits down at a desk."""
    return Actor(account.pk, account.name, "")


# --- Passwords --------------------------------------------------------------------------------------------------------


def check_password(phone: str, password: str, *, address: str, at: datetime) -> Account:
    """Return the account whose password this is; failures are counted per number and per address.

    :raises Refused: R-ACC-01, in the same words and after the same work whether the number is known or not
    """
    global _UNKNOWN
    tries = take_try(failures(phone, address), at=at)
    account = Account.objects.filter(phone=phone, is_active=True).first()
    if account is None or not account.has_usable_password():
        _UNKNOWN = _UNKNOWN or make_password(secrets.token_hex(16))
        matches(password, _UNKNOWN)
    elif account.check_password(password):
        give_back(tries)
        return account
    if account is not None:
        journal.write("people.sign_in_failed", about=account, by=actor_of(account), at=at, way="password")
    raise Refused(refuse("R-ACC-01", "wrong_password"))


def show_password(account: Account, password: str, *, address: str, at: datetime) -> None:
    """Let somebody who is in show the password once more; failures are counted together with those of signing in.

    A device left open is no place to guess at leisure: after too many it is as if the door had been tried. Called
    outside a transaction, so that the count survives the refusal.

    :raises Refused: R-ACC-01 for a wrong password, or after too many
    """
    tries = take_try(failures(account.phone, address), at=at)
    if not account.check_password(password):
        raise Refused(refuse("R-ACC-01", "old_password_wrong"))
    give_back(tries)


def change_password(account: Account, *, old: str, new: str, keep_session: str, address: str, at: datetime) -> None:
    """Set a new password and end the account's other sessions.

    :raises Refused: R-ACC-01 if the old one is wrong (counted like a sign-in) or the new one weak
    """
    if account.has_usable_password():
        show_password(account, old, address=address, at=at)
    _set_password(account, new, keep_session, at)


@transaction.atomic
def _set_password(account: Account, new: str, keep_session: str, at: datetime) -> None:
    try:
        validate_password(new, account)
    except ValidationError as weak:
        raise Refused(refuse("R-ACC-01", "new_password_weak", reasons="".join(weak.messages))) from None
    account.set_password(new)
    account.save(update_fields=["password"])
    journal.write("people.password_changed", about=account, by=actor_of(account), at=at)
    end_other_sign_ins(account, besides=keep_session, by=actor_of(account), at=at)


# --- One-time codes ---------------------------------------------------------------------------------------------------


def ask_code(phone: str, *, address: str, at: datetime) -> str:
    """Return a new code for a number; only its digest is kept, and older codes of the number no longer count.

    The caller sends it if the number has an account, and says the same words if it has none.

    :raises Refused: R-ACC-01 for no mobile number, or when asked too often
    """
    insist(rules.refusal_of_phone(phone))
    number, place = key_of("code", phone), key_of("code", address)
    limits = [(rules.CODES_A_MINUTE, number), (rules.CODES_A_NUMBER, number), (rules.CODES_AN_ADDRESS, place)]
    take_try(limits, at=at)
    code = f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}d}"
    with transaction.atomic():
        OneTimeCode.objects.filter(phone=phone, used_at=None).update(used_at=at)
        OneTimeCode.objects.create(
            phone=phone, digest=_digest(phone, code), asked_at=at, expires_at=at + rules.CODE_LIVES
        )
    return code


def _digest(phone: str, code: str) -> str:
    return keyed_hash(f"{phone}:{code}", purpose="one-time code")


def check_code(phone: str, code: str, *, address: str, at: datetime) -> Account:
    """Return the account of a number whose latest code this is; the code works once.

    :raises Refused: R-ACC-01 for a wrong or old code, after too many tries, or for staff who have a password to use
    """
    tries = take_try(failures(phone, address), at=at)
    row = OneTimeCode.objects.filter(phone=phone, used_at=None, expires_at__gt=at).order_by("-pk").first()
    # A try is taken before the code is compared: a hundred sent at once have five between them, not a hundred.
    left = OneTimeCode.objects.filter(pk=row.pk, wrong_tries__lt=rules.CODE_TRIES) if row else None
    if row is None or not left or not left.update(wrong_tries=F("wrong_tries") + 1):
        give_back(tries)
        raise Refused(refuse("R-ACC-01", "code_over"))
    if not secrets.compare_digest(row.digest, _digest(phone, code.strip())):
        raise Refused(refuse("R-ACC-01", "wrong_code"))
    give_back(tries)
    account = Account.objects.filter(phone=phone, is_active=True).first()
    # Whoever holds the right code owns the number: from here on the answer may say what it is.
    if not OneTimeCode.objects.filter(pk=row.pk, used_at=None).update(used_at=at) or account is None:
        raise Refused(refuse("R-ACC-01", "code_over"))
    if account.has_usable_password() and posts_of(account, on=at.date()).exists():
        raise Refused(refuse("R-ACC-01", "staff_use_password"))
    return account


# --- Sessions ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def begin_sign_in(account: Account, *, session_key: str, device: str, way: str, at: datetime) -> SignIn:
    """Keep a session that has just begun, so that its owner can see and end it."""
    Attempt.objects.filter(key=key_of("failed", account.phone)).delete()
    sign_in = SignIn.objects.create(account=account, session_key=session_key, device=device[:120], signed_in_at=at)
    journal.write("people.signed_in", about=account, by=actor_of(account), at=at, way=way, device=device[:120])
    return sign_in


def follow_session(account: Account, *, was: str, becomes: str) -> None:
    """Keep track of a session whose key was changed under way."""
    account.sign_ins.filter(session_key=was).update(session_key=becomes)


@transaction.atomic
def end_sign_in(sign_in: SignIn, *, by: Actor, at: datetime) -> None:
    """End one session: whoever still uses it stands before the door."""
    if not SignIn.objects.filter(pk=sign_in.pk, ended_at=None).update(ended_at=at):
        return
    store = import_module(settings.SESSION_ENGINE).SessionStore
    store(sign_in.session_key).delete()
    journal.write("people.signed_out", about=sign_in.account, by=by, at=at, device=sign_in.device)


@transaction.atomic
def end_other_sign_ins(account: Account, *, besides: str, by: Actor, at: datetime) -> int:
    """End every session of an account but one; return how many."""
    others = list(account.sign_ins.filter(ended_at=None).exclude(session_key=besides))
    for sign_in in others:
        end_sign_in(sign_in, by=by, at=at)
    return len(others)


# --- My account -------------------------------------------------------------------------------------------------------


@transaction.atomic
def rename(account: Account, *, name: str, at: datetime) -> None:
    """Correct one's own name; the journal keeps the old one. :raises Refused: R-ACC-01 for an empty name"""
    name = " ".join(name.split())
    if not name:
        raise Refused(refuse("R-ACC-01", "name_empty"))
    was, account.name = account.name, name[:60]
    account.save(update_fields=["name"])
    journal.write("people.renamed", about=account, by=actor_of(account), at=at, was=was)


def set_elder_mode(account: Account, *, on: bool) -> None:
    """Remember whether pages come in large type with fewer things; a taste, not an act: nothing is journalled."""
    Account.objects.filter(pk=account.pk).update(elder_mode=on)


@jobs.task(retries=1, every=timedelta(days=1), title="清理过期的登录记录")
def clear_traces(report: jobs.Progress) -> dict[str, int]:
    """Drop counted tries and codes of yesterday, and sessions that are over."""
    yesterday = report.at - timedelta(days=1)
    tries, _ = Attempt.objects.filter(at__lt=yesterday).delete()
    codes, _ = OneTimeCode.objects.filter(asked_at__lt=yesterday).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return {"tries": tries, "codes": codes}
